//! A paper as a Word file (OOXML), in the layout of GB/T 9704-2012. The customary fonts are licensed, so the file names
//! them and whoever opens it has them or a substitute; none is embedded.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BorderType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, Run, RunFonts, SpecialIndentType, Table, TableCell, TableLayoutType,
    TableRow, WidthType,
};

use linli_platform::paper::{Figures, Mark, Paper};

/// A paper was not written.
#[derive(Debug, thiserror::Error)]
pub enum WordError {
    /// The parts were not packed.
    #[error("a Word file was not packed: {0}")]
    Pack(String),
}

/// A4 in twips.
const PAGE: (u32, u32) = (11_906, 16_838);
/// Top, right, bottom and left margins in twips: 37, 26, 35 and 28 mm.
const MARGINS: (i32, i32, i32, i32) = (2098, 1474, 1984, 1588);
/// The width of the text, 156 mm, in twips.
const TEXT_WIDTH: u32 = 8_844;
/// Twenty-two lines on a page: 28.99 pt, in whole twips that 225 mm hold twenty-two times.
const LINE_PITCH: i32 = 579;
/// The page number stands 7 mm below the text: so far is its foot from the edge, in twips.
const FOOT_EDGE: i32 = 1_300;
/// One character of the page number, in twips.
const ONE_CHARACTER: i32 = 280;
/// Sizes in half-points: body 16 pt, title and mark 22 and 40 pt, tables 10.5 pt, page numbers 14 pt.
const BODY: usize = 32;
const TITLE: usize = 44;
const MARK: usize = 80;
const SMALL: usize = 21;
const FOOT: usize = 28;
/// The record at the end, 12 pt, and the strength of its rules in eighths of a point.
const RECORD: usize = 24;
const RECORD_RULE: usize = 5;
/// The red of the mark and its rule.
const RED: &str = "D7000F";
/// The rule's strength in eighths of a point, and how far it stands below the number, in points.
const RULE: usize = 10;
const RULE_BELOW: usize = 11;
/// Two lines, in twips.
const TWO_LINES: u32 = 1_160;
/// Two characters of the body, in twips.
const TWO_CHARACTERS: i32 = 640;

fn run(text: &str, font: &str, size: usize) -> Run {
    let fonts = RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia(font);
    Run::new().add_text(text).size(size).fonts(fonts)
}

fn exact() -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(LINE_PITCH)
}

fn body(text: &str) -> Paragraph {
    let indent = Some(SpecialIndentType::FirstLine(TWO_CHARACTERS));
    Paragraph::new()
        .add_run(run(text, "仿宋_GB2312", BODY))
        .align(AlignmentType::Both)
        .indent(None, indent, None, None)
        .line_spacing(exact())
}

fn heading(text: &str) -> Paragraph {
    let indent = Some(SpecialIndentType::FirstLine(TWO_CHARACTERS));
    Paragraph::new()
        .add_run(run(text, "黑体", BODY))
        .indent(None, indent, None, None)
        .line_spacing(exact())
        .keep_next(true)
}

fn centred(text: &str, size: usize, red: bool) -> Paragraph {
    let run = run(text, "方正小标宋简体", size);
    let run = if red { run.color(RED) } else { run };
    let around = LineSpacing::new().before(240).after(240);
    Paragraph::new().add_run(run).align(AlignmentType::Center).line_spacing(around)
}

/// The number, and the red rule four millimetres below it, as wide as the text.
fn number_line(text: &str) -> Paragraph {
    let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom);
    let rule = rule.val(BorderType::Single).size(RULE).space(RULE_BELOW).color(RED);
    let mut line = Paragraph::new().add_run(run(text, "仿宋_GB2312", BODY)).align(AlignmentType::Center);
    line.property = line.property.set_border(rule);
    line.line_spacing(exact().before(TWO_LINES))
}

/// A dash on each side; odd pages have it at the right, even ones at the left, one character in.
fn page_number(side: AlignmentType) -> Paragraph {
    Paragraph::new()
        .add_run(run("— ", "宋体", FOOT))
        .add_page_num(PageNum::new())
        .add_run(run(" —", "宋体", FOOT))
        .indent(Some(ONE_CHARACTER), None, Some(ONE_CHARACTER), None)
        .align(side)
}

fn signed(text: &str) -> Paragraph {
    Paragraph::new().add_run(run(text, "仿宋_GB2312", BODY)).align(AlignmentType::Right).line_spacing(exact())
}

fn table(figures: &Figures) -> Table {
    let whole: u32 = figures.shares.iter().sum::<u32>().max(1);
    let widths: Vec<usize> = figures.shares.iter().map(|s| (TEXT_WIDTH * s / whole) as usize).collect();
    let row = |cells: &[String], font: &str| {
        let cells = cells.iter().zip(&widths).map(|(text, width)| {
            let cell = TableCell::new().width(*width, WidthType::Dxa);
            text.split('\n')
                .fold(cell, |cell, line| cell.add_paragraph(Paragraph::new().add_run(run(line, font, SMALL))))
        });
        TableRow::new(cells.collect())
    };
    let mut rows = vec![row(&figures.head, "黑体")];
    rows.extend(figures.rows.iter().map(|cells| row(cells, "宋体")));
    Table::new(rows).width(TEXT_WIDTH as usize, WidthType::Dxa).layout(TableLayoutType::Fixed).set_grid(widths.clone())
}

/// The paper as a Word file.
///
/// # Errors
/// [`WordError`] where the file could not be put together.
pub fn word(paper: &Paper) -> Result<Vec<u8>, WordError> {
    packed(laid_out(paper))
}

/// The paper as a Word file, with its number, version and check code at the end (版记).
///
/// # Errors
/// As [`word`].
pub fn numbered(paper: &Paper, mark: &Mark) -> Result<Vec<u8>, WordError> {
    let last = mark.lines.len().saturating_sub(1);
    let lines = mark.lines.iter().enumerate().map(|(n, text)| {
        let mut line = Paragraph::new().add_run(run(text, "仿宋_GB2312", RECORD)).line_spacing(exact());
        let rule = |side| ParagraphBorder::new(side).val(BorderType::Single).size(RECORD_RULE).space(1);
        if n == 0 {
            line.property = line.property.set_border(rule(ParagraphBorderPosition::Top));
        }
        if n == last {
            line.property = line.property.set_border(rule(ParagraphBorderPosition::Bottom));
        }
        line
    });
    packed(lines.fold(laid_out(paper).add_paragraph(Paragraph::new()), Docx::add_paragraph))
}

fn packed(file: Docx) -> Result<Vec<u8>, WordError> {
    let mut bytes = Cursor::new(Vec::new());
    file.build().pack(&mut bytes).map_err(|e| WordError::Pack(e.to_string()))?;
    Ok(bytes.into_inner())
}

fn laid_out(paper: &Paper) -> Docx {
    let (top, right, bottom, left) = MARGINS;
    let margins = PageMargin::new().top(top).right(right).bottom(bottom).left(left).footer(FOOT_EDGE);
    let mut file = Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margins)
        .footer(Footer::new().add_paragraph(page_number(AlignmentType::Right)))
        .even_footer(Footer::new().add_paragraph(page_number(AlignmentType::Left)))
        .add_paragraph(centred(&paper.issuer, mark_size(&paper.issuer), true));
    if let Some(number) = &paper.number {
        file = file.add_paragraph(number_line(number));
    }
    file = file.add_paragraph(centred(&paper.title, TITLE, false));
    if let Some(addressee) = &paper.addressee {
        let run = run(&format!("{addressee}："), "仿宋_GB2312", BODY);
        file = file.add_paragraph(Paragraph::new().add_run(run).line_spacing(exact()));
    }
    for text in &paper.lead {
        file = file.add_paragraph(body(text));
    }
    for part in &paper.parts {
        file = file.add_paragraph(heading(&part.heading));
        for text in &part.paragraphs {
            file = file.add_paragraph(body(text));
        }
        if let Some(figures) = &part.table {
            file = file.add_table(table(figures)).add_paragraph(Paragraph::new());
        }
    }
    file.add_paragraph(signed(&paper.issuer)).add_paragraph(signed(&paper.date))
}

/// The mark stands on one line, as large as that allows.
fn mark_size(issuer: &str) -> usize {
    let characters = issuer.chars().count().max(1);
    // 156 mm are 442 pt; a character is as wide as it is high.
    MARK.min(2 * 442 / characters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_platform::paper::Part;

    #[test]
    fn a_paper_becomes_a_package_with_its_words() {
        let figures = Figures {
            head: vec!["甲".into(), "乙".into()],
            rows: vec![vec!["<1>".into(), "&".into()]],
            shares: vec![1, 2],
        };
        let part = Part { heading: "一、总则".into(), paragraphs: vec!["正文。".into()], table: Some(figures) };
        let paper = Paper {
            issuer: "某街道办事处".into(),
            number: Some("某街〔2026〕1号".into()),
            title: "处理活动记录".into(),
            addressee: Some("各村居".into()),
            date: "2026年11月23日".into(),
            lead: Vec::new(),
            parts: vec![part],
        };
        let bytes = word(&paper).unwrap();
        assert_eq!(&bytes[..4], b"PK\x03\x04");
        assert_eq!(mark_size("某街道办事处"), MARK);
        assert!(mark_size(&"字".repeat(20)) < MARK);
    }
}

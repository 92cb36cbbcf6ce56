//! Written addresses.

use std::sync::LazyLock;

use cn_address::{Index, Parser, compare};

use super::{lines, text};

const STANDARD: &str = "\
上海市青浦区香花桥街道外青松公路5800弄12号301室
上海市青浦区香花桥街道外青松公路5800弄12号302室
上海市青浦区香花桥街道大盈村3组15号
上海市青浦区香花桥街道新桥村王家宅8号
上海市青浦区香花桥街道青安路88弄1支弄2号楼3单元401室
上海市青浦区香花桥街道漕盈路3777号1幢2层";

/// Parsing loses nothing, an address is like itself, and resolving takes any text.
pub fn address(data: &[u8]) {
    static PARSER: LazyLock<Parser> = LazyLock::new(Parser::new);
    static INDEX: LazyLock<Index<u32>> = LazyLock::new(|| Index::build((0u32..).zip(STANDARD.lines())));
    let input = &*text(data);
    let address = PARSER.parse(input);
    let mut end = 0;
    for piece in address.pieces() {
        assert!(input.get(piece.span.clone()).is_some(), "a span lies between characters of the input");
        assert!(piece.span.start >= end, "pieces stand in order and do not overlap");
        let between = &input[end..piece.span.start];
        assert!(!between.chars().any(char::is_alphanumeric), "between pieces stand marks alone: {between:?}");
        end = piece.span.end;
    }
    assert!(!input[end..].chars().any(char::is_alphanumeric), "nothing is lost at the end: {:?}", &input[end..]);
    let _ = (compare(&address, &address), address.notes(), address.key());
    assert!(address.expand().len() <= 10_000, "a range does not expand without end");
    let _ = INDEX.resolve(input);
    let (one, other) =
        input.split_at(input.char_indices().nth(input.chars().count() / 2).map_or(0, |(place, _)| place));
    let _ = compare(&PARSER.parse(one), &INDEX.parser().parse(other));
}

/// Addresses in several ways of writing.
pub fn address_seeds() -> Vec<Vec<u8>> {
    let mut seeds = lines(STANDARD);
    seeds.extend(lines(
        "外青松公路５８００弄12號樓２单元301\n青安路88弄1-6号\n大盈村3.4.5组\n新桥村王家宅8号甲\n漕盈路3777号临1幢（东侧）\n外青松公路5800弄12-301\n香花桥街道大盈村十二组一百零五号\n青安路88弄临2号\n5800弄12号、13号、15号\n青浦区香大路1号-1附3",
    ));
    seeds
}

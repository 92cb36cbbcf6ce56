//! Names of people (姓名): a check that refuses nobody's real name, and a key for comparing.
//!
//! No pattern of character ranges is applied: names use the supplementary planes (GB 18030-2022 level 3),
//! the middle dot, Latin letters.

use std::sync::LazyLock;

use crate::NameError;
use crate::clean::{half_width, is_invisible};

/// The most characters (not bytes) that a name may have.
pub const MAX_CHARS: usize = 50;

/// The one middle dot (间隔号, U+00B7) that all others become.
pub const MIDDLE_DOT: char = '·';

/// Trims a name, drops characters without ink and writes every kind of middle dot as [`MIDDLE_DOT`].
///
/// # Errors
/// Empty, longer than [`MAX_CHARS`] characters, or with a control character inside.
///
/// ```
/// use cn_identity::name;
/// assert_eq!(name::check(" 阿依古丽•买买提 ").unwrap(), "阿依古丽·买买提");
/// assert!(name::check("王\t小明").is_err());
/// ```
pub fn check(input: &str) -> Result<String, NameError> {
    let name: String = input
        .trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if is_middle_dot(c) { MIDDLE_DOT } else { c })
        .collect();
    if let Some(place) = name.chars().position(is_control) {
        return Err(NameError::ControlCharacter { position: place + 1 });
    }
    match name.chars().count() {
        0 => Err(NameError::Empty),
        got if got > MAX_CHARS => Err(NameError::TooLong { got }),
        _ => Ok(name),
    }
}

/// A key under which two ways of writing one name are equal: without blanks, middle dots and characters
/// without ink; half width; small letters; common traditional and variant characters as their standard
/// simplified form. It is for comparing only, never for showing; a caller may apply a full conversion first.
///
/// ```
/// use cn_identity::name;
/// assert_eq!(name::key("張　國強"), name::key("张国强"));
/// assert_eq!(name::key("阿依古丽•买买提"), name::key("阿依古丽.买买提"));
/// assert_ne!(name::key("张国强"), name::key("张国庆"));
/// ```
#[must_use]
pub fn key(input: &str) -> String {
    input
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !is_control(*c))
        .filter(|c| !is_middle_dot(*c) && *c != '.')
        .flat_map(char::to_lowercase)
        .map(standard)
        .collect()
}

fn is_middle_dot(c: char) -> bool {
    matches!(
        c,
        '\u{00B7}'
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{30FB}'
            | '\u{FF65}'
            | '\u{FF0E}'
            | '\u{0387}'
            | '\u{25CF}'
    )
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Pairs of (traditional or variant, standard) that are frequent in names, one after the other. Characters
/// that people choose as different ones (喆 and 哲, 堃 and 坤) are not folded.
const VARIANTS: &str = "\
來来偉伟傑杰劉刘動动務务勛勋勝胜勞劳勢势勳勋勵励區区協协參参吳吴員员問问啓启啟启喚唤喬乔單单嘯啸\
嚴严囑嘱國国園园圓圆圖图團团執执堅坚報报場场塊块塵尘壽寿夢梦奧奥奮奋婁娄婦妇媽妈嫻娴嬋婵嬌娇孫孙\
學学實实寧宁審审寬宽寶宝將将專专尋寻對对導导岡冈峯峰島岛峽峡嵐岚嶺岭嶽岳巖岩帥帅師师帶带幫帮幹干\
幾几庫库廣广廬庐廳厅張张強强彊强彌弥彎弯彥彦從从徵征徹彻悅悦愛爱慶庆憲宪應应懷怀戀恋戰战戶户揚扬\
換换撫抚擇择據据敵敌數数斷断時时晉晋暉晖暐𬀩曄晔曆历曉晓書书會会東东條条棟栋楊杨業业極极榮荣構构\
樂乐樓楼標标樞枢樸朴樹树橋桥機机檢检檯台權权歐欧歡欢歲岁歷历歸归殘残氣气決决沒没沖冲況况淚泪淨净\
淵渊湯汤溫温滬沪滿满漢汉漣涟漸渐潔洁潤润澤泽濟济濤涛濱滨瀅滢瀾澜灝灏為为烏乌無无煇辉煒炜煥焕熱热\
燁烨燈灯營营燦灿爐炉爭争爲为爺爷爾尔獨独獻献玨珏現现瑋玮瑤瑶瑩莹璉琏環环瓊琼產产甯宁畢毕畫画當当\
發发盡尽監监盧卢眾众瞭了碩硕確确禎祯禪禅禮礼種种稱称積积穎颖穩稳窮穷竇窦競竞筆笔節节範范築筑簡简\
籃篮糧粮紀纪紅红紋纹純纯級级細细紹绍終终絲丝經经綠绿維维綱纲網网綺绮綿绵緒绪緯纬練练縈萦縉缙縱纵\
總总績绩織织繡绣繼继續续羅罗羣群義义習习聖圣聞闻聯联聰聪聶聂職职肅肃膚肤臨临臺台與与興兴舉举舊旧\
艦舰艷艳莊庄華华萊莱萬万葉叶葦苇蒼苍蓋盖蓮莲蔣蒋蔭荫蕭萧薈荟薩萨藍蓝藝艺藺蔺蘆芦蘇苏蘭兰處处虛虚\
號号蟬蝉衛卫補补複复規规視视親亲覺觉覽览觀观計计訓训記记訪访設设許许評评詞词詠咏試试詩诗詳详誌志\
語语誠诚誼谊調调談谈論论諾诺謙谦謝谢謹谨證证譚谭議议護护讓让讚赞豈岂豐丰豔艳貝贝貞贞負负財财貴贵\
賀贺資资賈贾賓宾賢贤賦赋質质賴赖賽赛贊赞趙赵趨趋躍跃車车軍军軒轩軼轶載载輕轻輝辉輪轮轉转農农連连\
進进運运達达遙遥遜逊遠远適适遲迟遷迁選选邁迈還还邊边鄉乡鄒邹鄔邬鄧邓鄭郑鄰邻鄲郸鄺邝醫医釋释釗钊\
鈞钧銀银銘铭銳锐鋒锋鋪铺鋼钢錚铮錢钱錦锦鍵键鍾钟鎖锁鎮镇鏗铿鏡镜鐘钟鐵铁鑑鉴鑒鉴長长門门閃闪開开\
間间閔闵閣阁閻阎闊阔闖闯關关陣阵陰阴陳陈陸陆陽阳隊队階阶際际隨随隱隐雙双雜杂雞鸡難难雲云電电霧雾\
靈灵靜静韋韦韓韩韻韵頁页頂顶項项順顺頌颂預预頓顿領领頡颉額额顏颜顧顾風风飛飞養养餘余馬马馮冯馳驰\
駕驾駱骆駿骏騰腾驍骁驗验驥骥體体髮发鬆松鬱郁魚鱼魯鲁鮑鲍鮮鲜鯤鲲鳥鸟鳳凤鳴鸣鴻鸿鴿鸽鵑鹃鵬鹏鶯莺\
鶴鹤鷹鹰麗丽麥麦黃黄點点黨党齊齐齋斋齡龄龍龙龐庞龔龚龜龟";

/// [`VARIANTS`] as pairs, sorted for searching.
static SORTED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let chars: Vec<char> = VARIANTS.chars().collect();
    let mut pairs: Vec<(char, char)> = chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs
});

fn standard(c: char) -> char {
    if c < '\u{4E00}' {
        return c;
    }
    match SORTED.binary_search_by_key(&c, |pair| pair.0) {
        Ok(place) => SORTED[place].1,
        Err(_) => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_variants_is_made_of_pairs_and_leads_to_fixed_points() {
        assert_eq!(VARIANTS.chars().count() % 2, 0);
        for plain in VARIANTS.chars().skip(1).step_by(2) {
            assert_eq!(standard(plain), plain, "{plain} is both a variant and a standard form");
        }
    }
}

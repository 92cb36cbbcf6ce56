//! The few names that are known without a table: provinces, and the districts of Shanghai.

use crate::fold::{Ch, at};

/// The characters with which these names begin.
pub(crate) const HEADS: &str =
    "北天上重河山辽吉黑江浙安福湖广海四贵云陕甘青台内西宁新香澳黄徐长静普虹杨闵宝嘉浦金松奉崇";

/// Where the bare name of a province, region or municipality (省级行政区) that stands at `i` ends.
pub(crate) fn province_at(buf: &[Ch], i: usize) -> Option<usize> {
    let next = at(buf, i + 1);
    let two = match at(buf, i) {
        '北' => next == '京',
        '天' => next == '津',
        '上' => next == '海',
        '重' => next == '庆',
        '河' | '湖' => matches!(next, '北' | '南'),
        '山' => matches!(next, '西' | '东'),
        '辽' => next == '宁',
        '宁' => next == '夏',
        '吉' => next == '林',
        '江' => matches!(next, '苏' | '西'),
        '浙' => next == '江',
        '安' => next == '徽',
        '福' => next == '建',
        '广' => matches!(next, '东' | '西'),
        '海' => next == '南',
        '四' => next == '川',
        '贵' => next == '州',
        '云' => next == '南',
        '陕' => next == '西',
        '甘' => next == '肃',
        '青' => next == '海',
        '台' => next == '湾',
        '西' => next == '藏',
        '新' => next == '疆',
        '香' => next == '港',
        '澳' => next == '门',
        '黑' => return (next == '龙' && at(buf, i + 2) == '江').then_some(i + 3),
        '内' => return (next == '蒙' && at(buf, i + 2) == '古').then_some(i + 3),
        _ => false,
    };
    two.then_some(i + 2)
}

/// Where the name of a district of Shanghai that stands at `i` without 区, as it is often written, ends.
pub(crate) fn shanghai_at(buf: &[Ch], i: usize) -> Option<usize> {
    let next = at(buf, i + 1);
    let two = match at(buf, i) {
        '黄' | '杨' | '青' => next == '浦',
        '徐' => next == '汇',
        '长' => next == '宁',
        '静' => next == '安',
        '普' => next == '陀',
        '虹' => next == '口',
        '闵' => next == '行',
        '宝' | '金' => next == '山',
        '嘉' => next == '定',
        '松' => next == '江',
        '奉' => next == '贤',
        '崇' => next == '明',
        '浦' => return (next == '东' && at(buf, i + 2) == '新').then_some(i + 3),
        _ => false,
    };
    two.then_some(i + 2)
}

/// True for a municipality directly under the central government (直辖市), whose 市 is a province.
pub(crate) fn is_municipality(buf: &[Ch], i: usize) -> bool {
    matches!((at(buf, i), at(buf, i + 1)), ('北', '京') | ('天', '津') | ('上', '海') | ('重', '庆'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::{Folder, HEAD};

    const PROVINCES: &str = "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 \
        广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门";
    const SHANGHAI: &str = "黄浦 徐汇 长宁 静安 普陀 虹口 杨浦 闵行 宝山 嘉定 浦东新 金山 松江 青浦 奉贤 崇明";

    #[test]
    fn every_province_and_district_is_known_whole_and_by_its_first_character() {
        let folder = Folder::new();
        let read = |name: &str| name.chars().map(|c| folder.fold(c, 0)).collect::<Vec<_>>();
        let known = |names: &str, at: fn(&[Ch], usize) -> Option<usize>| {
            for name in names.split_whitespace() {
                let buf = read(name);
                assert_eq!(at(&buf, 0), Some(buf.len()), "{name}");
                assert_eq!(at(&buf[..buf.len() - 1], 0), None, "{name}");
                assert!(buf[0].flags & HEAD != 0, "{name}");
            }
            names.split_whitespace().count()
        };
        assert_eq!((known(PROVINCES, province_at), known(SHANGHAI, shanghai_at)), (34, 16));
        assert_eq!((province_at(&read("青浦"), 0), shanghai_at(&read("青海"), 0)), (None, None));
    }
}

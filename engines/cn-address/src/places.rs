//! The few names that are known without a table: provinces, and the districts of Shanghai.

use crate::fold::{Ch, at};

/// A name of two or three characters; the third may be absent.
pub(crate) type Name = [char; 3];

/// Bare names of provinces, regions and municipalities (省级行政区).
pub(crate) const PROVINCES: [Name; 34] = [
    ['北', '京', '\0'],
    ['天', '津', '\0'],
    ['上', '海', '\0'],
    ['重', '庆', '\0'],
    ['河', '北', '\0'],
    ['山', '西', '\0'],
    ['辽', '宁', '\0'],
    ['吉', '林', '\0'],
    ['黑', '龙', '江'],
    ['江', '苏', '\0'],
    ['浙', '江', '\0'],
    ['安', '徽', '\0'],
    ['福', '建', '\0'],
    ['江', '西', '\0'],
    ['山', '东', '\0'],
    ['河', '南', '\0'],
    ['湖', '北', '\0'],
    ['湖', '南', '\0'],
    ['广', '东', '\0'],
    ['海', '南', '\0'],
    ['四', '川', '\0'],
    ['贵', '州', '\0'],
    ['云', '南', '\0'],
    ['陕', '西', '\0'],
    ['甘', '肃', '\0'],
    ['青', '海', '\0'],
    ['台', '湾', '\0'],
    ['内', '蒙', '古'],
    ['广', '西', '\0'],
    ['西', '藏', '\0'],
    ['宁', '夏', '\0'],
    ['新', '疆', '\0'],
    ['香', '港', '\0'],
    ['澳', '门', '\0'],
];

/// Districts of Shanghai without 区, as they are often written.
pub(crate) const SHANGHAI: [Name; 16] = [
    ['黄', '浦', '\0'],
    ['徐', '汇', '\0'],
    ['长', '宁', '\0'],
    ['静', '安', '\0'],
    ['普', '陀', '\0'],
    ['虹', '口', '\0'],
    ['杨', '浦', '\0'],
    ['闵', '行', '\0'],
    ['宝', '山', '\0'],
    ['嘉', '定', '\0'],
    ['浦', '东', '新'],
    ['金', '山', '\0'],
    ['松', '江', '\0'],
    ['青', '浦', '\0'],
    ['奉', '贤', '\0'],
    ['崇', '明', '\0'],
];

/// Where the name of a list that stands at `i` ends.
pub(crate) fn name_at(buf: &[Ch], i: usize, names: &[Name]) -> Option<usize> {
    let first = at(buf, i);
    let same =
        |name: &&Name| name[0] == first && at(buf, i + 1) == name[1] && (name[2] == '\0' || at(buf, i + 2) == name[2]);
    names.iter().find(same).map(|name| if name[2] == '\0' { i + 2 } else { i + 3 })
}

/// True for a municipality directly under the central government (直辖市), whose 市 is a province.
pub(crate) fn is_municipality(buf: &[Ch], i: usize) -> bool {
    matches!((at(buf, i), at(buf, i + 1)), ('北', '京') | ('天', '津') | ('上', '海') | ('重', '庆'))
}

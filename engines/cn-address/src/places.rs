//! The few names that are known without a table: provinces, and the districts of Shanghai.

/// Bare names of provinces, regions and municipalities (省级行政区).
pub(crate) const PROVINCES: [&str; 34] = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
];

/// Municipalities directly under the central government (直辖市), whose 市 is a province.
pub(crate) const MUNICIPALITIES: [&str; 4] = ["北京", "天津", "上海", "重庆"];

/// Districts of Shanghai without 区, as they are often written.
pub(crate) const SHANGHAI: [&str; 16] = [
    "黄浦",
    "徐汇",
    "长宁",
    "静安",
    "普陀",
    "虹口",
    "杨浦",
    "闵行",
    "宝山",
    "嘉定",
    "浦东新",
    "金山",
    "松江",
    "青浦",
    "奉贤",
    "崇明",
];

//! Thousands of sentences that may leave the house, and as many that may not: each of the first with something of a
//! person, or with a door, put into it.

use linli_work::outward::guard::{OutwardFault, check};

/// Invented people.
const NAMES: [&str; 12] = [
    "王小明",
    "欧阳若水",
    "李慕白",
    "张秋实",
    "阿依古丽·买买提",
    "夏立秋",
    "赵一",
    "司徒静",
    "江立冬",
    "白小满",
    "John Smithson",
    "方谷雨",
];

const PLACES: [&str; 6] = ["陈桥村", "民惠一居委", "第三微网格", "友爱社区居委会", "香花居委会", "向阳村"];

fn places() -> Vec<String> {
    PLACES.iter().map(|p| (*p).to_owned()).collect()
}

/// As the directory does it, over the invented people.
fn names(text: &str) -> bool {
    let key = cn_identity::name::key(text);
    NAMES.iter().any(|name| key.contains(&cn_identity::name::key(name)))
}

/// Sentences of the work: when, where, what, how much.
fn sentences() -> Vec<String> {
    let when =
        ["2026-11-23 ", "本周五前", "12月1日前", "今天14:30，", "11月24日至28日，", "每周一上午", "2026年12月", ""];
    let what = [
        "对群租房开展一次集中走访",
        "走访 126 户，新登记 35 人，变更 12 人，注销 9 人，办结任务 27 件",
        "请催报未报的花名册",
        "在新府中路501弄小区门口宣传居住登记",
        "召开周例会，请带上台账",
        "本月覆盖率 98.6%，比上月提高 1.2 个百分点",
        "请检查消防通道和充电设施",
        "发放宣传资料1200份，覆盖3个小区",
        "请补齐公示牌，缺损的3处下周更换",
        "Visit the dormitories along the road once more",
        "整改第一、二、三、四、五、六、七批隐患",
        "错时走访安排在晚上7点到9点",
        "请社区民警带队，协管员、网格员参加",
        "核对新增门牌 18 块，报送变更 6 块",
        "志愿者报告的隐患已经办结 14 件",
        "11.24-11.28 集中走访出租房",
        "9.30-11.30 在广场摆台宣传",
        "感谢各位同志的支持",
        "任何同志不得把台账带出居委会",
        "请许多老师一起参加的示范活动改到下周",
        "规范师傅们的充电行为",
        "5号楼下集合，再去2单元门口",
        "126间出租房已经查完，30户待复查",
        "Visit 120 homes along Lane 501 by 2026-12-01, room 3 is booked",
        "Notice No. 3: 18 of 35 scenes are closed",
        "完成率 35/40，比上周多 3/5",
    ];
    let end = [
        "。",
        "，周五前反馈数量。",
        "，有困难请在例会上提出。",
        "；联系各自的微网格长。",
        "，3号会议室。",
        "，地点：居委会会议室。",
        "",
    ];
    let mut all = Vec::new();
    for place in PLACES {
        for when in when {
            for what in what {
                all.extend(end.map(|end| format!("【{place}】{when}{what}{end}")));
            }
        }
    }
    all
}

#[test]
fn thousands_of_sentences_of_the_work_may_leave_the_house() {
    let (all, places) = (sentences(), places());
    assert!(all.len() > 5_000, "{}", all.len());
    for text in all {
        assert_eq!(check(&text, &places, names), Ok(()), "{text}");
    }
}

/// What must not be in a sentence, and what is found. `900101` stands for areas that were never issued.
fn intruders() -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &'static str)> = Vec::new();
    for name in NAMES {
        all.push((name.to_owned(), "name"));
        all.push((name.chars().map(|c| format!("{c} ")).collect(), "name"));
    }
    for form in ["王先生", "张阿姨", "李老师傅师傅", "陈 女士", "刘某某", "赵大爷", "徐奶奶", "孙老板", "胡老师"]
    {
        all.push((form.to_owned(), "name"));
    }
    for number in
        ["99010119900307002X", "990101199003070020", "９９０１０１１９９００３０７００２０", "990101 19900307 0020"]
    {
        all.push((number.to_owned(), "number"));
    }
    for phone in [
        "13900001111",
        "139 0000 1111",
        "139-0000-1111",
        "１３９００００１１１１",
        "一三九零零零零一一一一",
        "幺三九〇〇〇〇幺幺幺幺",
        "139.0000.1111",
        "+86 139 0000 1111",
        "021-59200000",
        "（021）59200000",
        "59200000",
        "E12345678",
        "139/0000/1111",
        "somebody@example.cn",
        "somebody＠example.cn",
        "qq：123456789",
    ] {
        all.push((phone.to_owned(), "number"));
    }
    for door in [
        "新府中路501弄12号301室",
        "漕盈路88弄3号",
        "大盈村3组12号",
        "天一路900弄12幢402室",
        "12号301室",
        "3幢1203",
        "５０２室",
        "501弄12号",
        "5号楼301",
        "3栋2单元402",
        "1203房",
        "No. 12, Lane 501",
        "Room 301",
    ] {
        all.push((door.to_owned(), "door"));
    }
    all
}

#[test]
fn a_name_a_number_a_telephone_or_a_door_is_found_wherever_it_stands() {
    let (all, places, intruders) = (sentences(), places(), intruders());
    let mut tried = 0;
    // Every intruder in every tenth sentence, at the beginning, after the first clause, and at the end.
    for (n, text) in all.iter().enumerate().step_by(10) {
        let (intruder, what) = &intruders[n / 10 % intruders.len()];
        let clause = text.find('，').map_or(text.len(), |at| at + '，'.len_utf8());
        let with = [
            format!("{intruder}，{text}"),
            format!("{}{intruder}，{}", &text[..clause], &text[clause..]),
            format!("{text}请找{intruder}"),
            format!("{text}（{intruder}）"),
        ];
        for text in with {
            tried += 1;
            let found = check(&text, &places, names).expect_err(&text);
            let fits = match *what {
                "name" => found == OutwardFault::Name,
                "door" => found == OutwardFault::Door,
                _ => matches!(found, OutwardFault::Phone | OutwardFault::Free(_)),
            };
            // What stands beside it may complete another fault: any of them keeps the text in the house.
            assert!(fits || *what != "name", "{text}: {found:?}");
        }
    }
    for (intruder, _) in &intruders {
        for text in all.iter().step_by(97) {
            tried += 1;
            let text = format!("{text} {intruder}");
            assert!(check(&text, &places, names).is_err(), "{text}");
        }
    }
    assert!(tried > 4_000, "{tried}");
}

#[test]
fn a_village_called_like_somebody_may_be_named_and_that_somebody_may_not() {
    let named = |text: &str| text.contains("向阳");
    assert_eq!(check("向阳村本周走访 12 户。", &places(), named), Ok(()));
    assert_eq!(check("请向阳到居委会来。", &places(), named), Err(OutwardFault::Name));
    assert_eq!(check(&"字".repeat(501), &places(), named), Err(OutwardFault::TooLong));
}

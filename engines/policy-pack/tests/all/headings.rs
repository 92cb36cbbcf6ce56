use policy_pack::ForbiddenKind::{Biometrics, CriminalRecord, Ethnicity, Health, Politics, Religion};
use policy_pack::{excluded_word, forbidden_heading};

#[test]
fn every_spelling_of_a_forbidden_heading_is_recognised() {
    let headings = [
        (Ethnicity, ["民族", "民 族", "族别", "种族", "Ethnicity", "ethnic_group", "Race", "minzu"].as_slice()),
        (Religion, &["宗教信仰", "信仰", "宗教", "Religion", "religious belief", "Faith", "zongjiao"]),
        (
            Politics,
            &["政治面貌", "政治面貌（代码）", "是否党员", "黨派", "Political views", "party_member", "PoliticalStatus"],
        ),
        (
            CriminalRecord,
            &["犯罪记录", "有无前科", "刑满释放时间", "吸毒史", "Criminal record", "criminalRecord", "convictions"],
        ),
        (
            Biometrics,
            &["指纹", "人脸照片", "虹膜", "ＤＮＡ", "fingerprint_id", "Face ID", "facial image", "biometrics"],
        ),
        (
            Health,
            &[
                "健康状况",
                "疫苗接种",
                "残疾证号",
                "血型",
                "Health",
                "healthStatus",
                "health-code",
                "Vaccination",
                "Blood type",
            ],
        ),
    ];
    for (kind, spellings) in headings {
        for heading in spellings {
            assert_eq!(forbidden_heading(heading), Some(kind), "{heading}");
        }
    }
}

#[test]
fn headings_that_a_register_needs_pass() {
    let needed = [
        "姓名",
        "性别",
        "出生日期",
        "证件类型",
        "公民身份号码",
        "手机号码",
        "户籍地",
        "现住址",
        "门牌号",
        "工作单位",
        "入住日期",
        "房屋类型",
        "房东姓名",
        "备注",
        "国籍",
        "微网格",
        "登记日期",
        "职务",
        "Name",
        "Mobile",
        "Address",
        "Employer",
        "Surface area",
        "Address trace",
        "Grid",
        "Party A",
        "Employment date",
        "Terrace",
        "Document number",
        "Nationality",
        "Owner",
    ];
    for heading in needed {
        assert_eq!(forbidden_heading(heading), None, "{heading}");
    }
}

#[test]
fn words_for_what_is_left_out_are_found_in_any_spelling() {
    assert_eq!(excluded_word("重 点 人员走访"), Some("重点人"));
    assert_eq!(excluded_word("A Suspicious home"), Some("suspicious"));
    assert_eq!(excluded_word("Ex-Prisoner visit"), Some("ex-prisoner"));
    assert_eq!(excluded_word("空置房"), None);
}

use cn_identity::{NameError, name};

#[test]
fn names_of_every_plane_and_script_pass_with_one_kind_of_middle_dot() {
    let cases = [
        (" 张三 ", "张三"),
        ("𠮷田一", "𠮷田一"),
        ("买买提・阿不都", "买买提·阿不都"),
        ("Anna Müller", "Anna Müller"),
        ("\u{FEFF}李\u{200B}四", "李四"),
        ("王", "王"),
    ];
    for (input, checked) in cases {
        assert_eq!(name::check(input).as_deref(), Ok(checked));
    }
}

#[test]
fn length_is_counted_in_characters_and_control_characters_are_refused() {
    assert!(name::check(&"𠮷".repeat(50)).is_ok());
    assert_eq!(name::check(&"𠮷".repeat(51)), Err(NameError::TooLong { got: 51 }));
    assert_eq!(name::check(" \u{3000}"), Err(NameError::Empty));
    assert_eq!(name::check("张\n三"), Err(NameError::ControlCharacter { position: 2 }));
    assert_eq!(name::check("张\u{202E}三"), Err(NameError::ControlCharacter { position: 2 }));
}

#[test]
fn two_ways_of_writing_one_name_have_one_key() {
    let same = [
        ("張偉", "张伟"),
        ("劉　國慶", "刘国庆"),
        ("ＡＮＮＡ Li", "anna li"),
        ("黃麗華", "黄丽华"),
        ("阿依古丽•买买提", "阿依古丽买买提"),
        ("葉羣峯", "叶群峰"),
    ];
    for (one, other) in same {
        assert_eq!(name::key(one), name::key(other), "{one} {other}");
    }
    for (one, other) in [("张伟", "张玮"), ("李哲", "李喆"), ("王坤", "王堃")] {
        assert_ne!(name::key(one), name::key(other), "{one} {other}");
    }
}

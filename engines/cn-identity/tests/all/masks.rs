use cn_identity::mask;

#[test]
fn masks_show_what_the_screen_rules_allow_and_no_more() {
    let names = [
        ("张三", "张*"),
        ("欧阳小明", "欧***"),
        ("𠮷田一", "𠮷**"),
        ("阿依古丽·买买提", "阿*******"),
        ("𠮷", "*"),
        ("", ""),
    ];
    for (name, shown) in names {
        assert_eq!(mask::name(name), shown);
    }
    assert_eq!(mask::resident_number("99010119900307002X"), "9***************2X");
    assert_eq!(mask::mobile("19900001234"), "199****1234");
    assert_eq!(mask::any_document("H12345678"), "H******78");
}

#[test]
fn short_or_broken_values_are_not_shown_by_their_mask() {
    assert_eq!(mask::mobile("1990000"), "*******");
    assert_eq!(mask::resident_number("990"), "***");
    assert_eq!(mask::any_document("1234"), "****");
    assert_eq!(mask::any_document("123456"), "******");
}

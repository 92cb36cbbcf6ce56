//! A roster of a hundred rows against two thousand people, from a file.

use linli_platform::{reader::Scope, testing, texts::Lang};
use linli_rosters::{Class, run_file};

use super::world::{ADDRESSES, World, mobile, worlds};

fn number(n: u16) -> String {
    let (day, seq) = (n % 28 + 1, n % 997 + 1);
    let year = 1960 + i16::try_from(n % 40).unwrap();
    cn_identity::make::resident_number("990101", (year, 5, u8::try_from(day).unwrap()), seq).as_str().to_owned()
}

/// Names of two characters, all different within a run of 400.
fn name(n: u16) -> String {
    const FAMILY: [char; 20] = [
        '赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈', '褚', '卫', '蒋', '沈', '韩', '杨', '朱', '秦',
        '尤', '许',
    ];
    const GIVEN: [char; 20] = [
        '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '兰',
        '霞', '平',
    ];
    [FAMILY[usize::from(n % 20)], GIVEN[usize::from(n / 20 % 20)], GIVEN[usize::from(n / 400 % 20)]].iter().collect()
}

async fn crowd(world: &World) {
    use cn_identity::DocumentKind;
    use linli_platform::reader::Reader;
    use linli_register::{
        codes::Source,
        residents::{self, Entered, NewResident},
    };
    let people = (0..2_000u16).map(|n| NewResident {
        resident_id: None,
        name: name(n),
        doc_kind: DocumentKind::Resident,
        doc_no: number(n),
        doc_confirmed: false,
        phone: Some(mobile(n)),
        sex: None,
        birth: None,
        local: false,
        home_id: world.homes[usize::from(n % 3)],
        employer_id: (!(90..1_990).contains(&n)).then_some(world.employer),
        since_day: world.store().now().day(),
        source: Source::Import,
        seen_at: None,
        entered_at: None,
    });
    let tx = world.store().begin(&Reader::system()).await.unwrap();
    residents::register_many(&tx, people.collect(), Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_hundred_rows_against_two_thousand_people() {
    for world in worlds().await {
        crowd(&world).await;
        // 80 as registered, 10 at another home, 10 whom the register does not have; the last 10 workers are gone.
        let mut csv = String::from("姓名,身份证号,手机号,现住址\n");
        for n in 0..100u16 {
            let home = if (80..90).contains(&n) { n + 1 } else { n } % 3;
            let (who, no) = if n < 90 { (name(n), n) } else { (format!("新来{}", name(n)), n + 5_000) };
            csv.push_str(&format!("{who},{},{},{}\n", number(no), mobile(no), ADDRESSES[usize::from(home)]));
        }
        let path = world.test.dir.path().join("roster.csv");
        std::fs::write(&path, csv).unwrap();
        let office = testing::reader(
            world.store(),
            &[linli_platform::access::Role::DataSteward, linli_platform::access::Role::Officer],
            Scope::Division,
        );
        let report =
            run_file(&world.app, &office, world.employer, &path, None, true, Lang::Zh, &|_, _, _| {}).await.unwrap();
        let expected = [
            (Class::SameAddress, 80),
            (Class::OtherAddress, 10),
            (Class::NotRegistered, 10),
            (Class::Uncertain, 0),
            (Class::GoneFromRoster, 10),
        ];
        assert_eq!(report.counts, expected, "{}", world.engine());
        assert_eq!((report.rows, report.bad_rows, report.lines.len()), (100, 0, 110));
        let confirmed = report.confirmed.unwrap();
        assert_eq!((confirmed.tasks, confirmed.facts), (30, 0));
    }
}

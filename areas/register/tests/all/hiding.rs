//! What lies outside the scope does not exist: for every page and form of the register with an id in its path, the answer
//! is the same as for what never was: status, headers, body, and the number of statements sent to the database.

use cn_identity::DocumentKind;
use linli_platform::{
    access::Role,
    reader::Purpose,
    testing::{self, Answer, Client},
};
use linli_register::{
    codes::{CancelReason, DoubtCause, Source},
    daily, doubts,
    inward::{self, NewInward},
    merges::{self, Merge},
    outward, residents, rules, transfers,
};
use uuid::Uuid;

use super::world::{World, areas, number, worlds};

/// Something of another grid for each kind of path.
struct Hidden {
    resident: Uuid,
    other: Uuid,
    doubt: Uuid,
    merge: Uuid,
    transfer: Uuid,
    outward: Uuid,
    inward: Uuid,
    daily: Uuid,
}

async fn hidden(w: &World) -> Hidden {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let mut ids = Vec::new();
    for seq in [2u16, 4, 6, 8, 10, 12] {
        ids.push(residents::register(&tx, w.person("欧阳远", seq, 2)).await.unwrap());
    }
    let doubt = doubts::raise(&tx, ids[0], DoubtCause::NotMet, doubts::due_at(&w.app).unwrap()).await.unwrap();
    let due = transfers::due_at(&w.app).unwrap();
    // To a grid that is none of the other coordinator's either.
    let transfer = transfers::offer(&tx, ids[1], tx.new_id(), due).await.unwrap();
    let outward = outward::offer(&tx, ids[2], "华新镇社区事务受理中心", due).await.unwrap();
    let merge = Merge { kept: (ids[3], 1), absorbed: (ids[4], 1), take: Vec::new() };
    let merge = merges::merge(&tx, merge).await.unwrap();
    let written = rules::Written {
        name: "欧阳近",
        doc_kind: DocumentKind::Resident,
        doc_no: &number(20),
        doc_confirmed: false,
        phone: "",
        sex: None,
        birth: None,
    };
    let new = NewInward {
        from_office: "华新镇社区事务受理中心".into(),
        reference: "1".into(),
        person: rules::check(&written, w.today()).0.unwrap(),
        address: w.addresses[2],
        offered_day: w.today(),
    };
    let inward = inward::enter(&tx, new, due).await.unwrap();
    residents::cancel(&tx, ids[5], 1, CancelReason::Left, w.today(), Source::DoorVisit).await.unwrap();
    tx.commit().await.unwrap();
    let tx = w.store().begin(&w.office()).await.unwrap();
    let day = w.today().plus_days(-1);
    let daily = daily::make(&tx, day).await.unwrap();
    tx.commit().await.unwrap();
    Hidden {
        resident: ids[0].0,
        other: ids[3].0,
        doubt: doubt.0,
        merge: merge.0,
        transfer: transfer.0,
        outward: outward.0,
        inward: inward.0,
        daily: daily.0,
    }
}

impl Hidden {
    /// The id that a route's path asks for.
    fn of(&self, w: &World, path: &str) -> Uuid {
        match path.split('/').nth(1).unwrap_or_default() {
            "residents" => self.resident,
            "merges" => self.merge,
            "transfers" => self.transfer,
            "outward-transfers" => self.outward,
            "inward-transfers" => self.inward,
            "daily-files" => self.daily,
            "homes" => w.homes[2].0,
            "addresses" => w.addresses[2].0,
            "employers" => w.employer.0,
            other => panic!("a new kind of path is compared too: {other}"),
        }
    }
}

/// Everything that the forms of the register ask for, so that each gets as far as it can.
const FORM: &[(&str, &str)] = &[
    ("version", "1"),
    ("base", "1"),
    ("purpose", "counter-service"),
    ("reason", "left"),
    ("cause", "not-met"),
    ("outcome", "confirmed"),
    ("day", "2026-01-01"),
    ("label", "crowded"),
    ("address", "新府中路501弄12号301室"),
    ("phone", "13800001111"),
    ("home-places", "3"),
    ("was_home-places", ""),
    ("employer-staff", "3"),
    ("office", "华新镇社区事务受理中心"),
    ("receipt", "1"),
    ("kind", "flat"),
    ("text", "香花桥街道新府中路501弄99号"),
    ("q", "欧阳"),
    ("name", "欧阳新"),
    ("doc_kind", "resident"),
    ("kept", "01932c00-0000-7000-8000-000000000000"),
    ("grid", "01932c00-0000-7000-8000-000000000000"),
];

fn shown(answer: &Answer, id: Uuid) -> (u16, Vec<(String, String)>, String) {
    let id = id.to_string();
    let headers =
        answer.headers.iter().map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().replace(&id, "ID")));
    (answer.status.as_u16(), headers.collect(), answer.text.replace(&id, "ID"))
}

/// The answer and how many statements it took.
async fn asked(w: &World, me: &Client, method: &str, path: &str, form: &[(&str, &str)]) -> (Answer, u64) {
    let before = w.store().statements();
    let answer = if method == "GET" { me.get(path).await } else { me.post(path, form).await };
    (answer, w.store().statements() - before)
}

/// Asks for what is hidden and for what is not there, and says what of the answers or their cost differs.
async fn difference(
    w: &World,
    me: &Client,
    method: &str,
    at: impl Fn(Uuid) -> String,
    there: Uuid,
    form: &[(&str, &str)],
) -> Option<String> {
    let absent: Uuid = "01932c00-0000-7000-8000-000000000000".parse().unwrap();
    // What is kept in memory is read before anything is counted.
    asked(w, me, method, &at(absent), form).await;
    let place = format!("{method} {} on {}", at(absent), w.engine());
    let mut costs = Vec::new();
    // What is kept in memory is looked after now and then: only what costs more each time is a difference.
    for _ in 0..3 {
        let (one, cost) = asked(w, me, method, &at(there), form).await;
        let (other, free) = asked(w, me, method, &at(absent), form).await;
        if !one.status.is_client_error() {
            return Some(format!("{place} gave {}", one.status));
        }
        if shown(&one, there) != shown(&other, absent) {
            return Some(format!("{place}: {} and {}", one.status, other.status));
        }
        if cost == free {
            return None;
        }
        costs.push((cost, free));
    }
    Some(format!("{place}: statements {costs:?}"))
}

#[tokio::test]
async fn what_is_hidden_answers_and_costs_as_what_is_not_there() {
    for w in worlds().await {
        let hidden = hidden(&w).await;
        let account = testing::account(w.store(), "me", &[(Role::Coordinator, &w.grids[0].to_string())]).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let (mut compared, mut wrong) = (0, Vec::new());
        for route in linli_register::area().routes.iter().filter(|r| r.path.contains("{id}")) {
            let at = |id: Uuid| {
                let path = route.path.replace("{id}", &id.to_string());
                path.replace("{other}", &hidden.other.to_string()).replace("{doubt}", &hidden.doubt.to_string())
            };
            for form in [FORM, &[]] {
                wrong.extend(difference(&w, &me, route.method, at, hidden.of(&w, route.path), form).await);
            }
            compared += 1;
        }
        assert!(compared > 40, "{compared}");
        for purpose in Purpose::ALL {
            let at = |id: Uuid| format!("/residents/{id}/reading");
            wrong.extend(difference(&w, &me, "POST", at, hidden.resident, &[("purpose", purpose.code())]).await);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

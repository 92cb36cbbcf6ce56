//! Makes people, household by household.

use crate::calendar::{Day, date_of, day_of};
use crate::config::District;
use crate::dice::{Dice, Stream};
use crate::model::{DocKind, Facts, Sex};
use crate::names::{Names, foreign};
use crate::numbers::Numbers;
use crate::private::Private;

/// What kind of household lives somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stock {
    /// A family in its own home, of one to three generations.
    Owners,
    /// Tenants: a working single, couple or small family.
    Tenants,
    /// One working person.
    Single,
}

/// Where a household lives, and since when at the earliest.
#[derive(Clone, Copy)]
pub(crate) struct Settling {
    pub(crate) home: u32,
    pub(crate) today: Day,
    /// Days before today; 0 for newcomers.
    pub(crate) longest_stay_days: u32,
    pub(crate) local_share: f64,
    pub(crate) employer: Option<u32>,
}

/// An age in years from-to, a sex, and whether the head's surname is borne.
type Member = (i32, i32, Sex, bool);

#[derive(Clone)]
pub(crate) struct People {
    pub(crate) names: Names,
    pub(crate) numbers: Numbers,
    dice: Dice,
    households: u32,
    made: u32,
}

impl People {
    pub(crate) fn new(seed: u64, district: District) -> Self {
        Self {
            names: Names::new(),
            numbers: Numbers::new(district),
            dice: Dice::new(seed, Stream::People),
            households: 0,
            made: 0,
        }
    }

    /// People who do not live in the town; `block` keeps one group of them apart from another.
    pub(crate) fn outside(dice: Dice, block: u32) -> Self {
        Self { names: Names::new(), numbers: Numbers::apart(block), dice, households: 0, made: 0 }
    }

    /// A new household of at most `room` people.
    pub(crate) fn household(&mut self, stock: Stock, settling: Settling, room: usize) -> Vec<Facts> {
        let mut members = self.members(stock);
        members.truncate(room);
        let household = self.new_household();
        let local = self.dice.chance(settling.local_share);
        let since = settling.today - self.dice.below(settling.longest_stay_days + 1) as Day;
        let surname = self.names.surname(&mut self.dice);
        let person = |member: Member| {
            let (youngest, oldest, sex, kin) = member;
            let years = self.dice.between(youngest, oldest);
            let birth = settling.today - years * 365 - self.dice.below(365) as Day;
            let surname = if kin { surname } else { self.names.surname(&mut self.dice) };
            let employer = settling.employer.filter(|_| (18..60).contains(&years));
            let mut facts = self.person(surname, sex, birth, settling.today);
            facts.home = settling.home;
            facts.household = household;
            facts.local = local && facts.doc_kind == DocKind::ResidentId;
            facts.since = date_of(since.max(birth));
            facts.employer = employer;
            facts
        };
        members.into_iter().map(person).collect()
    }

    /// A child of somebody, born today.
    pub(crate) fn newborn(&mut self, parent: &Facts, today: Day) -> Facts {
        let sex = self.any_sex();
        let surname: String = parent.name.as_str().chars().take(1).collect();
        let birth = date_of(today);
        let mut facts = self.person(&surname, sex, today, today);
        facts.home = parent.home;
        facts.household = parent.household;
        facts.local = parent.local && facts.doc_kind == DocKind::ResidentId;
        facts.since = birth;
        facts
    }

    pub(crate) fn new_household(&mut self) -> u32 {
        self.households += 1;
        self.households - 1
    }

    /// A number below `n`, from the stream that the people come from.
    pub(crate) fn some_number(&mut self, n: u32) -> u32 {
        self.dice.below(n)
    }

    fn any_sex(&mut self) -> Sex {
        if self.dice.chance(0.5) { Sex::Male } else { Sex::Female }
    }

    fn members(&mut self, stock: Stock) -> Vec<Member> {
        let sex = self.any_sex();
        let couple = |low, high| [(low, high, Sex::Male, true), (low, high, Sex::Female, false)];
        let pattern = match stock {
            Stock::Single => 0,
            Stock::Tenants => self.dice.weighted(&[35, 30, 30]),
            Stock::Owners => 3 + self.dice.weighted(&[12, 20, 10, 32, 26]),
        };
        match pattern {
            0 => vec![(18, 50, sex, true)],
            1 => couple(20, 48).to_vec(),
            2 => [&couple(24, 42)[..], &[(0, 14, sex, true)]].concat(),
            3 => vec![(60, 88, sex, true)],
            4 => couple(58, 82).to_vec(),
            5 => couple(25, 40).to_vec(),
            6 => [&couple(28, 52)[..], &[(1, 19, sex, true)]].concat(),
            _ => [&couple(32, 48)[..], &[(3, 18, sex, true)], &couple(58, 80)[..]].concat(),
        }
    }

    /// Somebody with a name, a document and a mobile; where the person lives is the caller's to fill in.
    fn person(&mut self, surname: &str, sex: Sex, birth: Day, today: Day) -> Facts {
        self.made += 1;
        let (name, sex, doc_kind, doc_no) = self.identity(surname, sex, birth);
        let years = (today - birth) / 365;
        let has_mobile = self.dice.chance(match years {
            ..=11 => 0.0,
            12..=75 => 0.97,
            _ => 0.6,
        });
        Facts {
            name: Private::from(name),
            doc_kind,
            doc_no,
            mobile: has_mobile.then(|| self.numbers.mobile()),
            birth: date_of(birth),
            sex,
            home: 0,
            household: 0,
            local: false,
            since: date_of(birth),
            employer: None,
        }
    }

    /// Every so-manieth person has a rare name or another document, so that even a small town has some.
    fn identity(&mut self, surname: &str, sex: Sex, birth: Day) -> (String, Sex, DocKind, Private) {
        let dice = &mut self.dice;
        if self.made % 1_500 == 750 {
            let (name, sex) = foreign(dice);
            return (name.to_owned(), sex, DocKind::Passport, self.numbers.passport());
        }
        if self.made % 900 == 450 {
            let (kind, number) = self.numbers.hmt(birth, sex, dice);
            return (self.names.full(surname, sex, dice), sex, kind, number);
        }
        let name =
            if self.made % 700 == 350 { self.names.rare(surname, dice) } else { self.names.full(surname, sex, dice) };
        let number = self.numbers.resident(birth, sex, dice);
        (name, sex, DocKind::ResidentId, number)
    }
}

/// Whether somebody is of working age.
pub(crate) fn works(facts: &Facts, today: Day) -> bool {
    (18..60).contains(&((today - day_of(facts.birth)) / 365))
}

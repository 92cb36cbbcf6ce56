//! The life of orders against a model that knows nothing but states and parents: any sequence of steps, by whoever may
//! take them, has the effect that the model says and no other; a form sent twice has none; nothing closes over open parts.

use std::collections::BTreeMap;

use linli_orders::{
    Feedback, Level, OrderId, OrderKind, PartId, PartState, Raise,
    orders::{self, NewOrder},
    parts, steps,
};
use linli_platform::reader::Reader;
use proptest::{prelude::*, test_runner::TestRunner};

use super::world::{TEAMS, World, committee, worlds};

/// A step, on the part that the number points to.
#[derive(Debug, Clone, Copy)]
enum Act {
    Receive,
    Distribute,
    Answer,
    Close,
    Return,
    Transfer,
    Raise,
    CloseOrder,
    /// The step before once more, with the version of then.
    Again,
}

const ACTS: [Act; 12] = [
    Act::Receive,
    Act::Receive,
    Act::Distribute,
    Act::Distribute,
    Act::Answer,
    Act::Answer,
    Act::Close,
    Act::Close,
    Act::Return,
    Act::Transfer,
    Act::Raise,
    Act::CloseOrder,
];

#[derive(Debug, Clone)]
struct Known {
    level: Level,
    parent: Option<PartId>,
    area: String,
    state: PartState,
    raised: bool,
}

#[derive(Default)]
struct Model {
    parts: BTreeMap<PartId, Known>,
    closed: bool,
}

impl Model {
    fn open_below(&self, id: PartId) -> bool {
        self.parts.values().any(|p| p.parent == Some(id) && p.state.is_open())
    }
    /// Where a step leads; none if it is refused.
    fn next(&self, id: PartId, act: Act) -> Option<PartState> {
        use PartState::*;
        let part = &self.parts[&id];
        let clear = !self.open_below(id);
        match (act, part.state) {
            (Act::Receive, Waiting) => Some(Received),
            (Act::Distribute, Received | Distributed) if part.level != Level::Grid => Some(Distributed),
            (Act::Answer, Received | Distributed) if clear => Some(Answered),
            (Act::Close, Answered) if clear => Some(Closed),
            (Act::Return, Answered) => Some(Received),
            (Act::Transfer, Waiting | Received) if clear => Some(Elsewhere),
            (Act::Raise, Received | Distributed) if !part.raised => Some(part.state),
            _ => None,
        }
    }
}

/// Whoever sees and may do everything, as the rules of the life see it; rights have their own tests.
fn anybody() -> Reader {
    Reader::system()
}

async fn take(world: &World, order: OrderId, id: PartId, version: i64, act: Act) -> linli_platform::Result<()> {
    let app = &world.app;
    let area = world.part(id).await.area;
    let below = match world.part(id).await.level() {
        Level::PoliceTeam => vec![if area == TEAMS[0] { committee(0) } else { committee(4) }],
        Level::Team => vec![world.grids[if area == committee(0) { 0 } else { 4 }].to_string()],
        _ => vec!["none".to_owned()],
    };
    world
        .with(&anybody(), async |tx| match act {
            Act::Receive => steps::receive(tx, id, version).await,
            Act::Distribute => steps::distribute(app, tx, id, version, &below).await.map(|_| ()),
            Act::Answer => steps::answer(tx, id, version, Feedback::Done, "").await,
            Act::Close => steps::close(tx, id, version).await,
            Act::Return => steps::send_back(app, tx, id, version).await,
            Act::Transfer => steps::transfer(app, tx, id, version, None).await.map(|_| ()),
            Act::Raise => steps::raise(tx, id, version, Raise::Means).await,
            Act::CloseOrder | Act::Again => orders::close(tx, order, 2).await,
        })
        .await
}

async fn begin(world: &World) -> (OrderId, Model) {
    let new = NewOrder { kind: OrderKind::Other, text: "开展一次宣传。".into() };
    let id = world.with(&anybody(), async |tx| orders::draft(tx, &new).await).await.unwrap();
    let to = TEAMS.map(str::to_owned);
    world.with(&anybody(), async |tx| orders::issue(&world.app, tx, id, 1, &to).await).await.unwrap();
    let mut model = Model::default();
    learn(world, id, &mut model).await;
    (id, model)
}

/// Parts that are new since: made by a distribution, in the state that they begin in.
async fn learn(world: &World, order: OrderId, model: &mut Model) {
    for part in parts::of(&world.store().reads(), &Reader::system(), order, None).await.unwrap() {
        model.parts.entry(part.part_id).or_insert(Known {
            level: part.level(),
            parent: part.parent_id,
            area: part.area.clone(),
            state: PartState::Waiting,
            raised: false,
        });
    }
}

async fn compare(world: &World, order: OrderId, model: &Model) {
    let there = parts::of(&world.store().reads(), &Reader::system(), order, None).await.unwrap();
    assert_eq!(there.len(), model.parts.len());
    for part in there {
        let known = &model.parts[&part.part_id];
        assert_eq!(part.state(), known.state, "{} {}", known.level, known.area);
    }
    assert_eq!(world.order(order).await.is_issued(), !model.closed);
}

async fn play(world: &World, plan: &[(usize, usize)]) {
    let (order, mut model) = begin(world).await;
    let mut last: Option<(PartId, i64, Act)> = None;
    for (which, act) in plan {
        let act = ACTS.get(*act).copied().unwrap_or(Act::Again);
        let id = *model.parts.keys().nth(which % model.parts.len()).unwrap();
        if matches!(act, Act::Again) {
            let Some((id, version, act)) = last.take() else { continue };
            assert!(take(world, order, id, version, act).await.is_err(), "{act:?} a second time");
        } else if matches!(act, Act::CloseOrder) {
            let clear = !model.closed && model.parts.values().all(|p| !p.state.is_open());
            assert_eq!(take(world, order, id, 0, act).await.is_ok(), clear, "the order closes when nothing is open");
            model.closed |= clear;
        } else {
            let version = world.part(id).await.version;
            let expected = model.next(id, act);
            let done = take(world, order, id, version, act).await;
            assert_eq!(done.is_ok(), expected.is_some(), "{act:?} on {:?}: {done:?}", model.parts[&id]);
            if let Some(next) = expected {
                let part = model.parts.get_mut(&id).unwrap();
                part.state = next;
                part.raised = matches!(act, Act::Raise) || (part.raised && !matches!(act, Act::Answer));
                if matches!(act, Act::Distribute) {
                    // More for a part below that was answered opens it again.
                    let below = model.parts.values_mut().filter(|p| p.parent == Some(id));
                    below.filter(|p| p.state == PartState::Answered).for_each(|p| p.state = PartState::Received);
                    learn(world, order, &mut model).await;
                }
                last = Some((id, version, act));
            }
        }
        compare(world, order, &model).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sequence_of_steps_does_what_the_model_says_and_nothing_ends_over_open_parts() {
    let handle = tokio::runtime::Handle::current();
    for world in worlds().await {
        let cases = if world.engine() == "sqlite" { 48 } else { 12 };
        let mut runner = TestRunner::new(ProptestConfig { cases, max_shrink_iters: 64, ..ProptestConfig::default() });
        let plans = proptest::collection::vec((0usize..12, 0usize..14), 1..40);
        let (world, handle) = (&world, &handle);
        tokio::task::block_in_place(|| {
            runner
                .run(&plans, |plan| {
                    handle.block_on(play(world, &plan));
                    Ok(())
                })
                .unwrap();
        });
    }
}

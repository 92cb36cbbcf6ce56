//! Notices and the channel go when their time is over, and the page tells of it before.

use linli_platform::{clock::Day, store::Tx};
use linli_work::{
    channel::{self, NewPost},
    expire::{KIND, expire},
    notices::{self, Arg, args},
};

use super::wecom::{World, worlds};

impl World {
    async fn due(&self) -> Vec<(&'static str, i64)> {
        let job = self.app.jobs.iter().find(|j| j.kind() == KIND).unwrap();
        job.due(&self.app).await.unwrap().into_iter().map(|d| (d.key, d.rows)).collect()
    }
    fn months_pass(&self, months: i64) {
        self.test.clock.set(self.test.store.now().plus_s(months * 31 * 24 * 3600));
    }
}

fn post(world: &World, day: Day) -> NewPost {
    let mut list: Vec<(&str, Arg)> =
        ["visited", "registered", "changed", "cancelled", "tasks"].map(|name| (name, Arg::Number(1))).to_vec();
    list.push(("day", Arg::Day(day)));
    let (grid, author) = (world.grids[0], world.coordinator);
    NewPost { grid, author, kind: channel::DAY_POST, topic: String::new(), day, args: args(&list) }
}

#[tokio::test]
async fn notices_go_after_half_a_year_and_the_channel_after_a_year_with_who_read_them() {
    for world in worlds().await {
        world.enter_robot().await;
        let id = world.announce("本周集中走访。").await.unwrap();
        let today = world.test.store.now().day();
        let act = async |tx: &Tx| channel::post_many(tx, vec![post(&world, today)]).await;
        world.with(&world.coordinator(), act).await.unwrap();
        assert_eq!(world.after_s(0).await, 2);
        world.with(&world.leader(), async |tx| linli_work::announcements::mark_read(tx, id).await).await.unwrap();
        let told = notices::list(&world.test.store.reads(), &world.leader(), 9).await.unwrap();
        world.with(&world.leader(), async |tx| notices::mark_read(tx, told[0].notice_id).await).await.unwrap();

        let due =
            |n: [i64; 4]| ["notice", "announcement", "channel-post", "outward"].into_iter().zip(n).collect::<Vec<_>>();
        assert_eq!(world.due().await, due([0, 0, 0, 0]), "{}", world.test.engine);
        world.months_pass(7);
        assert_eq!(world.due().await, due([1, 0, 0, 0]), "told before it goes");
        assert_eq!(expire(&world.app).await.unwrap(), 1);
        world.months_pass(6);
        assert_eq!(world.due().await, due([0, 1, 1, 2]));
        assert_eq!(expire(&world.app).await.unwrap(), 4);
        assert_eq!(world.due().await, due([0, 0, 0, 0]));
        for table in ["notice_receipt", "announcement_receipt"] {
            let left = world.number(&format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1")).await;
            assert_eq!(left, 0, "{table}");
        }
    }
}

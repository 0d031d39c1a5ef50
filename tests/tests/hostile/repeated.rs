//! What a member brings again in another envelope after their rights have changed.

use crate::scene::Scene;
use lamplight_tests::harness::{Reach, Template};
use wire::roster::Right;

impl Scene {
    /// The member's person may do this much from now on; envelopes state the roster before it.
    fn member_may(&mut self, right: Right) {
        let home = Template::home();
        self.hostile.is_granted(&mut self.world, home, right, None);
        self.world.pass(2_000);
    }
}

#[test]
fn what_was_written_with_the_right_to_it_stays_although_it_is_repeated_without() {
    let mut scene = Scene::new(81);
    // One tablet hears of nothing until the end, and then of everything in one batch.
    scene.world.set_reach(2, Reach::Nothing);
    scene.world.pass(1_000);
    let run = scene.hostile.run();
    let written = scene.honest(&run, "given at eight");
    scene.send_in(run, 0, &written);
    let before = scene.row(1, "given at eight");
    assert!(before.is_some());
    scene.member_may(Right::Read);
    scene.send_in(run, 1, &written);
    scene.world.set_reach(2, Reach::Relay);
    scene.world.pass(40_000);
    scene.others_go_on("a repetition");
    scene.everybody_shows("given at eight");
    assert_eq!(scene.row(1, "given at eight"), before);
    scene.restart_everybody();
    scene.everybody_shows("given at eight");
    scene.all_agree();
}

#[test]
fn what_was_written_without_the_right_to_it_stays_withheld_although_it_is_repeated_with_it() {
    let mut scene = Scene::new(82);
    scene.world.set_reach(2, Reach::Nothing);
    scene.world.pass(1_000);
    scene.member_may(Right::Read);
    let run = scene.hostile.run();
    let written = scene.honest(&run, "not theirs to write");
    scene.send_in(run, 0, &written);
    scene.member_may(Right::Write);
    scene.hostile.roster_seq = scene.hostile.roster_head();
    scene.send_in(run, 1, &written);
    // What they write anew counts.
    let run = scene.hostile.run();
    let anew = scene.honest(&run, "written anew");
    scene.send_in(run, 0, &anew);
    scene.world.set_reach(2, Reach::Relay);
    scene.world.pass(40_000);
    scene.others_go_on("a repetition");
    scene.nobody_shows("not theirs to write");
    scene.everybody_shows("written anew");
    scene.restart_everybody();
    scene.nobody_shows("not theirs to write");
    scene.all_agree();
}

//! The pages beside the phone's own: its shell, phones and their revocation, entries that wait, the paper form.

mod conflicts;
mod devices;
mod paper;
mod shell;

use linli_platform::{access::Action, area::Route};

use super::api;

/// The routes of the phone page.
pub(crate) fn routes() -> Vec<Route> {
    use Action::*;
    vec![
        // The frame holds nothing of anybody: somebody whose field work has ended opens it to hand in what still waits.
        Route::get("/field", Own, shell::show),
        // Nothing in these four is about anybody; a browser asks for them before anybody is signed in.
        Route::get("/field/sw.js", Public, shell::worker),
        Route::get("/field/manifest.webmanifest", Public, shell::manifest),
        Route::get("/field/texts.json", Public, shell::texts),
        Route::get("/field/assignment", FieldWork, api::assignment),
        Route::post("/field/devices", FieldWork, api::register),
        Route::get("/field/devices/{id}/state", Public, api::state),
        Route::post("/field/entries", Own, api::entries),
        Route::get("/field/entries/{id}", Own, api::entry),
        Route::get("/field/devices", PhoneManage, devices::list),
        Route::post("/field/devices/{id}/revocation", PhoneManage, devices::revoke),
        Route::get("/field/conflicts", FieldWork, conflicts::list),
        Route::get("/field/conflicts/{id}", FieldWork, conflicts::show),
        Route::post("/field/conflicts/{id}/reading", RegisterUnmask, conflicts::read),
        Route::post("/field/conflicts/{id}/decision", RegisterWrite, conflicts::decide),
        Route::post("/field/conflicts/{id}/setting-aside", RegisterWrite, conflicts::set_aside),
        Route::get("/field/paper", FieldWork, paper::show),
    ]
}

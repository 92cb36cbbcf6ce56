//! The area's pages: passkeys of the own account, using one, single sign-on, and linking accounts with identities.

mod passkeys;
mod sso;
mod sso_admin;
mod sso_own;
mod using;

use linli_platform::{
    access::Action,
    area::{Early, Route},
};

pub(crate) fn routes() -> Vec<Route> {
    use Action::{AccountAdmin, Own, Public};
    vec![
        Route::get("/account/passkeys", Own, passkeys::list).early(Early::BeforeEnrolment),
        Route::post("/account/passkeys", Own, passkeys::add).early(Early::BeforeEnrolment),
        Route::post("/account/passkeys/challenge", Own, passkeys::challenge).early(Early::BeforeEnrolment),
        Route::post("/account/passkeys/{id}/removal", Own, passkeys::remove),
        Route::get("/sign-in/passkey", Public, using::sign_in_form),
        Route::post("/sign-in/passkey", Public, using::sign_in),
        Route::post("/sign-in/passkey/challenge", Public, using::sign_in_challenge),
        Route::get("/sign-in/code/passkey", Own, using::code_form).early(Early::BeforeCode),
        Route::post("/sign-in/code/passkey", Own, using::give_code).early(Early::BeforeCode),
        Route::post("/sign-in/code/passkey/challenge", Own, using::code_challenge).early(Early::BeforeCode),
        Route::get("/account/proof/passkey", Own, using::proof_form),
        Route::post("/account/proof/passkey", Own, using::prove),
        Route::post("/account/proof/passkey/challenge", Own, using::proof_challenge),
        Route::get("/sign-in/sso", Public, sso::begin),
        Route::get(crate::sso::CALLBACK, Public, sso::callback),
        Route::get("/sign-in/sso/ended", Public, sso::ended),
        Route::get("/account/proof/sso", Own, sso::begin_proof),
        Route::get("/account/sso", Own, sso_own::show),
        Route::post("/account/sso/link", Own, sso_own::begin),
        Route::post("/account/sso/confirmation", Own, sso_own::confirm),
        Route::post("/account/sso/removal", Own, sso_own::remove),
        Route::get("/admin/accounts/{id}/sso", AccountAdmin, sso_admin::show),
        Route::post("/admin/accounts/{id}/sso", AccountAdmin, sso_admin::link),
        Route::post("/admin/accounts/{id}/sso/removal", AccountAdmin, sso_admin::remove),
    ]
}

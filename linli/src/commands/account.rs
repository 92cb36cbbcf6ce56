//! `linli reset-password`, `linli reset-second-factor`: for administrators, whose passwords no page resets (R38), and for whoever lost the last one.

use linli_platform::{AppError, accounts, reader::Reader, texts::T, ways};

use crate::{failure::Outcome, start::Started};

/// Sets a one-time password and prints it. Whoever runs it already holds the server, its keys and its database.
///
/// # Errors
/// `not-found` for an unknown name.
pub async fn reset_password(started: &Started, name: &str, t: &T) -> Outcome {
    let store = &started.app.store;
    let account = accounts::find_by_name(&store.reads(), name).await?.ok_or_else(AppError::not_found)?;
    let password: String = store.rng().bytes::<9>().iter().map(|b| format!("{b:02x}")).collect();
    let hash = accounts::hash_password(store.rng(), password.clone()).await?;
    let tx = store.begin(&Reader::system()).await?;
    accounts::set_password(&tx, account.account_id, &hash, true).await?;
    tx.commit().await?;
    crate::say!("{}", t.all("cli-password-reset", &[("name", name.to_owned()), ("password", password)]));
    Ok(())
}

/// Takes an account's second factor and passkeys away: for an administrator who lost phone and recovery codes, which no page does.
///
/// # Errors
/// `not-found` for an unknown name; `second-factor-none`.
pub async fn reset_second_factor(started: &Started, name: &str, t: &T) -> Outcome {
    let store = &started.app.store;
    let account = accounts::find_by_name(&store.reads(), name).await?.ok_or_else(AppError::not_found)?;
    let tx = store.begin(&Reader::system()).await?;
    ways::remove_factors(&started.app, &tx, account.account_id).await?;
    tx.commit().await?;
    crate::say!("{}", t.a("cli-factor-removed", "name", name));
    Ok(())
}

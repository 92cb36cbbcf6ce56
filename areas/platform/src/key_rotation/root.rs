//! Exchanging the root key, and moving it between a file, the environment and a token.

use std::fs;

use crate::{
    clock::Rng,
    keys::{
        GivenRoot, KeyError, KeySettings, Secret,
        files::{bound_name, names, old_of, open_file, put},
        root::{ROOT_FILE, Root, TOKEN_FILE},
        token,
    },
};

/// Where the new root key is.
#[derive(Debug, Clone)]
pub enum NewRoot {
    /// A random one in the folder's `root.key`.
    File,
    /// The one that the environment gives from now on.
    Given(GivenRoot),
    /// One that is made in the token that the settings name.
    Token,
}

/// The new root key at hand, and the token's id of it.
struct Next {
    root: Root,
    token_id: Option<Vec<u8>>,
}

/// Exchanges the root key for a new one. How many key files were wrapped anew. A running server goes on with what it
/// has opened. Nothing is lost if it is broken off: until its last step the former root key opens everything, and it is
/// begun again.
///
/// # Errors
/// [`KeyError`].
///
/// A former key in a token stays there: copies of the key folder that were made before need it. Who has replaced them
/// destroys it with the token's own tool.
pub fn rotate_root(settings: &KeySettings, new: &NewRoot, rng: &Rng) -> Result<usize, KeyError> {
    let folder = &settings.folder;
    let old = settings.root()?;
    let next = next(settings, new, rng)?;
    let names = names(folder)?;
    for name in &names {
        let path = folder.join(name);
        let bound = bound_name(name).unwrap_or_default();
        let key = open_file(&path, &old, bound)?;
        // The former form first, by the old root: whatever happens next, one of the two opens.
        put(&old_of(&path), &old.wrap(rng, bound, &key)?)?;
        put(&path, &next.root.wrap(rng, bound, &key)?)?;
    }
    appoint(settings, new, &next)?;
    for name in &names {
        let old = old_of(&folder.join(name));
        fs::remove_file(&old).map_err(|e| KeyError::Io(old.clone(), e))?;
    }
    Ok(names.len())
}

fn next(settings: &KeySettings, new: &NewRoot, rng: &Rng) -> Result<Next, KeyError> {
    Ok(match new {
        NewRoot::File => Next { root: Root::Held(Secret::random(settings.profile, rng)), token_id: None },
        NewRoot::Given(given) => Next { root: Root::Held(given.secret()?), token_id: None },
        NewRoot::Token => {
            let named = settings.token()?;
            let id = token::another_key(named, rng)?;
            Next { root: Root::Token(token::OpenToken::open(named, &id)?), token_id: Some(id) }
        }
    })
}

/// Says which root key counts from now on. `root.token` goes before `root.key`, and that before the environment's: each
/// order below leaves the former in force until the one step that puts the new one there.
fn appoint(settings: &KeySettings, new: &NewRoot, next: &Next) -> Result<(), KeyError> {
    let folder = &settings.folder;
    if let (NewRoot::File, Root::Held(key)) = (new, &next.root) {
        put(&folder.join(ROOT_FILE), &key.clear())?;
    }
    match &next.token_id {
        Some(id) => {
            put(&folder.join(TOKEN_FILE), format!("{}\n", token::hex(id)).as_bytes())?;
            settings.forget(ROOT_FILE)
        }
        None => {
            settings.forget(TOKEN_FILE)?;
            match new {
                NewRoot::Given(_) => settings.forget(ROOT_FILE),
                _ => Ok(()),
            }
        }
    }
}

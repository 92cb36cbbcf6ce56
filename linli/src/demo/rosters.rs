//! Rosters: one waits for its review, another was confirmed and has become tasks; and files to try uploading with.

use std::{fs, path::Path};

use linli_platform::{
    AppError,
    access::Role,
    reader::{Reader, Scope},
    texts::Lang,
};
use linli_rosters::run_file;

use super::{accounts::Workers, build::World};
use crate::failure::{Failure, Outcome};

/// Rosters that were confirmed; each comparison opens the whole register.
const CONFIRMED: usize = 1;

/// Sends the rosters, and leaves every large employer's list of today as a file in the folder.
pub(super) async fn send(world: &World, workers: &Workers, folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let shown = super::accounts::shown_grid(world);
    let grid_of = |employer: u32| {
        let address = world.town.employers()[employer as usize].address;
        world.town.addresses()[address as usize].grid
    };
    let mut employers: Vec<u32> = world.town.roster_employers().collect();
    employers.sort_by_key(|e| (grid_of(*e) != shown, *e));
    for (n, employer) in employers.into_iter().enumerate() {
        let file = folder.join(format!("{}-花名册.csv", world.town.employers()[employer as usize].name));
        write(world, employer, &file)?;
        if n > CONFIRMED {
            continue;
        }
        let Some(reader) = sender(world, workers, employer) else { continue };
        let id = world.employers[employer as usize];
        run_file(&world.app, &reader, id, &file, None, n > 0, Lang::Zh, &|_, _, _| {}).await?;
    }
    Ok(())
}

/// The employer's liaison, who here also confirms: in the months that the demonstration tells of, an officer did.
fn sender(world: &World, workers: &Workers, employer: u32) -> Option<Reader> {
    let liaison = world.town.staff().iter().find(|s| s.employer == Some(employer))?;
    let worker = workers.staff.get(liaison.id as usize)?.as_ref()?;
    Some(Reader {
        account: worker.account,
        name: worker.name.clone(),
        roles: vec![Role::HrLiaison, Role::Officer],
        scope: Scope::Division,
        employers: vec![world.employers[employer as usize].0],
        ..Reader::system()
    })
}

fn write(world: &World, employer: u32, file: &Path) -> Outcome {
    let roster = world.town.roster(employer);
    let mut out = csv::Writer::from_path(file).map_err(AppError::internal)?;
    out.write_record(&roster.header).map_err(AppError::internal)?;
    for row in &roster.rows {
        out.write_record(row).map_err(AppError::internal)?;
    }
    out.flush().map_err(Failure::file(file))
}

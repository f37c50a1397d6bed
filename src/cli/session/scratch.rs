//! Where does a run keep what goes with it: what a rehearsal has in place of `.rollcall/`, a base branch that is laid out?

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::model::hex;
use crate::run::{FileError, create_private};

/// A folder among the temporary files of this machine, for its owner only; gone once it is dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one.
    pub(crate) fn make() -> Result<Self, Failure> {
        let mut dice = [0; 8];
        getrandom::fill(&mut dice).map_err(Failure::error)?;
        let path = Context::temporary().join(format!("rollcall-{}", hex(&dice)));
        create_private(&path).map_err(|source| FileError::new(&path, "made", source))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be deleted is left to whoever tidies the temporary files of the machine.
        let _left = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_its_owners_and_goes_with_what_is_in_it() {
        let scratch = Scratch::make().unwrap();
        let path = scratch.path().to_owned();
        fs::create_dir(path.join(".rollcall")).unwrap();
        fs::write(path.join(".rollcall/note.json"), "{}").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        }
        drop(scratch);
        assert!(!path.exists());
    }
}

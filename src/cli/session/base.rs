//! What does the base branch say? Where it says nothing yet, or nothing that can be read, the default policy stands in for it:
//! the first manifests of a repository can be planned, and so can those that repair a broken base.

use std::path::Path;

use crate::cli::args::Manifests;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::diagnostics;
use crate::cli::session::manifests::whole;
use crate::diag::Code;
use crate::manifest::Loaded;
use crate::model::{Desired, HR_GROUP_TYPE, Phrase, Piece};
use crate::phrase;
use crate::plan::Base;

/// Takes of a base what bounds a plan: all of it where it can be read, and else what can be.
pub(crate) fn read(
    cx: &Context,
    (path, name): (&Path, Option<&str>),
    manifests: &Manifests,
    loaded: Loaded,
) -> Result<Base, Failure> {
    if loaded.desired.is_some() {
        let exports = loaded.bounds.clone();
        let Desired { account, policy, .. } = whole(cx, path, manifests, loaded)?.1;
        let (allow, hr_group_type) = (account.allow, account.hr_group_type);
        return Ok(Base { gap: None, policy, allow, hr_group_type, exports });
    }
    let gap = Some(gap((path, name), &loaded));
    let declares_nobody = says_nothing(path, &loaded);
    let Loaded { account, policy, bounds, .. } = loaded;
    let mut policy = policy.unwrap_or_default();
    if declares_nobody {
        // There is no number of declared users that it could ask for: what the manifests here say of it counts.
        policy.minimum.declared_users.value = 0;
    }
    let (allow, hr_group_type) =
        account.map_or_else(|| (Vec::new(), HR_GROUP_TYPE.into()), |it| (it.allow, it.hr_group_type));
    Ok(Base { gap, policy, allow, hr_group_type, exports: bounds })
}

/// Whether there are no manifests at all.
fn says_nothing(path: &Path, loaded: &Loaded) -> bool {
    !path.exists() || loaded.diagnostics.iter().any(|it| it.code == Code::NoManifests)
}

/// What is missing, and what holds instead.
fn gap((path, name): (&Path, Option<&str>), loaded: &Loaded) -> Phrase {
    let what = if !path.exists() {
        "there is no such folder".to_owned()
    } else if says_nothing(path, loaded) {
        "there are no manifests".to_owned()
    } else {
        format!("{} in its manifests", diagnostics::tally(&loaded.diagnostics))
    };
    let holds = match loaded.policy {
        Some(_) => "what could be read of its policy holds, and the defaults for the rest",
        None => "the default policy holds in place of its own",
    };
    let called = name.map_or_else(|| Piece::plain(&path.display()), |name| Piece::plain(&name));
    phrase![called, format!(": {what}; {holds}, wherever it is stricter than the policy here")]
}

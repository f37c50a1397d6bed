//! How do the users, groups and exclusions of an account read as a table?

use std::borrow::Cow;
use std::io;

use crate::model::{
    Belonging, GroupIx, Login, Observed, ObservedExclusion, Status, Tracking, UserIx, UserLabel,
};
use crate::render::layout::Colour;
use crate::render::table;
use crate::render::view::{Detail, Redaction, View, source_word};

/// Users, a line each.
pub fn users(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[UserIx]),
    view: &View<'_>,
    colour: Colour,
) -> io::Result<()> {
    let belonging = Belonging::of(observed);
    let head = ["RECORD", "NAME", "DISPLAY ID", "STATUS", "TRACKING", "GROUPS", "AGENTS"];
    table::write(out, colour, head, || {
        listed.iter().map(|ix| {
            let user = observed.user(*ix);
            let name = match (&user.display_name, view.redaction()) {
                (None, _) => Cow::Borrowed("-"),
                (Some(name), Redaction::Off) => Cow::Borrowed(name.as_written()),
                (Some(_), Redaction::On) => Cow::Owned(view.user(&UserLabel::of(user), Detail::Name)),
            };
            let id = user.display_id();
            [
                Cow::Owned(user.id.0.to_string()),
                name,
                id.map_or(Cow::Borrowed("-"), |id| Cow::Owned(view.personal(&id).into_owned())),
                Cow::Borrowed(user.status.map_or("-", Status::word)),
                Cow::Borrowed(tracking(user.tracking)),
                Cow::Owned(belonging.groups(*ix).len().to_string()),
                Cow::Owned(user.agents.len().to_string()),
            ]
        })
    })
}

/// Groups, a line each.
pub fn groups(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[GroupIx]),
    colour: Colour,
) -> io::Result<()> {
    table::write(out, colour, ["GROUP", "NAME", "SOURCE", "MEMBERS"], || {
        listed.iter().map(|ix| {
            let group = observed.group(*ix);
            [
                Cow::Owned(group.id.0.to_string()),
                Cow::Borrowed(group.name.as_written()),
                Cow::Borrowed(source_word(&group.source)),
                Cow::Owned(observed.members(*ix).len().to_string()),
            ]
        })
    })
}

/// Do Not Track rules, a line each: global ones by their numbers, then those of untracked users, with whose they are.
pub fn exclusions(
    out: &mut dyn io::Write,
    (global, of_users): (&[ObservedExclusion], &[(UserLabel, Login)]),
    view: &View<'_>,
    colour: Colour,
) -> io::Result<()> {
    table::write(out, colour, ["RULE", "LOGIN", "OF"], || {
        let global = global.iter().map(|rule| {
            let login = Cow::Owned(view.login(&rule.login));
            [Cow::Owned(rule.id.0.to_string()), login, Cow::Borrowed("everybody (global)")]
        });
        let of_users = of_users.iter().map(|(label, login)| {
            let whose = Cow::Owned(view.user(label, Detail::Record));
            [Cow::Borrowed("-"), Cow::Owned(view.login(login)), whose]
        });
        global.chain(of_users)
    })
}

const fn tracking(tracking: Tracking) -> &'static str {
    match tracking {
        Tracking::Tracked => "tracked",
        Tracking::Untracked => "untracked",
    }
}

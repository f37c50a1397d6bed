//! What somebody has to see to, where a file is all that can be sent: whatever it does not carry of users, and all that it would
//! have to take away.

use std::collections::BTreeMap;

use crate::model::{
    Afterwards, Desired, DesiredUser, Identifier, Located, Members, OrderKind, Origin, Phrase, Piece,
    Tracking,
};
use crate::plan::download::file::Named;
use crate::plan::draft::Draft;
use crate::plan::notice::Manual;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::label;

/// The Users page.
const USERS: &str = "Settings > Users & Groups > Users";
/// The most users that one step names; the manifests name the rest.
const NAMED: usize = 20;

/// Users with what they should have, and the first place that asks for it.
#[derive(Default)]
struct Wanted {
    origin: Option<Origin>,
    users: Vec<(Piece, String)>,
}

impl Wanted {
    fn add(&mut self, user: &DesiredUser, origin: Origin, values: &[String]) {
        self.origin.get_or_insert(origin);
        self.users.push((label(user).into(), values.join(", ")));
    }

    fn all<T: ToString>(&mut self, user: &DesiredUser, values: &[Located<T>]) {
        if let Some(first) = values.first() {
            let values: Vec<String> = values.iter().map(|said| said.value.to_string()).collect();
            self.add(user, first.origin, &values);
        }
    }

    /// A list of which the file adds one value at most, and takes none away.
    fn beyond<T: ToString>(&mut self, user: &DesiredUser, said: &Members<T>, sent: &[&str]) {
        let values: Vec<String> = said.listed().iter().map(|said| said.value.to_string()).collect();
        let all_sent = values.iter().all(|value| sent.contains(&value.as_str()));
        let is_whole = matches!(said, Members::Exactly(_));
        if is_whole || !all_sent {
            let origin = said.listed().first().map_or(user.origin, |said| said.origin);
            self.add(user, origin, &if values.is_empty() { vec!["none".to_owned()] } else { values });
        }
    }

    /// `Ada (a@x), Bob (b@x) and 7 more`.
    fn step(mut self, words: &'static str) -> Option<Manual> {
        let origin = self.origin?;
        self.users.sort_unstable();
        let more = self.users.len().saturating_sub(NAMED);
        let mut what = Phrase::words(words);
        for (at, (user, values)) in self.users.into_iter().take(NAMED).enumerate() {
            what = what.then(if at > 0 { ", " } else { "" }).then(user);
            if !values.is_empty() {
                what = what.then(" (").then(Piece::Personal(values.into())).then(")");
            }
        }
        if more > 0 {
            what = what.then(format!(" and {more} more"));
        }
        let why = Phrase::words("the file that is sent does not carry it, and nothing shows users");
        Some(Manual { origin, what, place: USERS.into(), why })
    }
}

/// Asks for everything that manifests say of users and `carried` rows don't.
pub(super) fn draft(
    people: &People<'_>,
    desired: &Desired,
    carried: &BTreeMap<Person, Named>,
    draft: &mut Draft,
) {
    let rows: BTreeMap<u32, &Named> =
        carried.iter().filter_map(|(person, named)| Some((people.entry(*person)?, named))).collect();
    let mut wanted: [(&'static str, Wanted); 12] = [
        "see that display names are these: ",
        "see that UPNs are these and no others: ",
        "see that emails are these and no others, but for what the account adds by itself: ",
        "see that employee IDs are these and no others: ",
        "see that device logins are held: ",
        "see that identifiers are given up: ",
        "see that agents belong to their users: ",
        "see that users are tracked: ",
        "see that users are not tracked: ",
        "see that primary groups are chosen: ",
        "see that all history is erased: ",
        "see that users are removed, with all history: ",
    ]
    .map(|words| (words, Wanted::default()));
    for (at, user) in (0..).zip(&desired.users) {
        one(user, rows.get(&at).copied(), &mut wanted);
    }
    draft.findings.manual.extend(wanted.into_iter().filter_map(|(words, wanted)| wanted.step(words)));
}

fn one(user: &DesiredUser, row: Option<&Named>, wanted: &mut [(&'static str, Wanted); 12]) {
    let [names, upns, emails, ids, logins, released, agents, tracked, untracked, primary, erased, removed] =
        wanted.each_mut().map(|(_, wanted)| wanted);
    match user.order.as_ref().map(|order| (order.kind, order.origin)) {
        Some((OrderKind::Remove(afterwards), origin)) => {
            let afterwards = match afterwards {
                Afterwards::Unblock => vec!["and not blocked afterwards".to_owned()],
                Afterwards::StayBlocked => Vec::new(),
            };
            return removed.add(user, origin, &afterwards);
        }
        Some((OrderKind::Erase, origin)) => erased.add(user, origin, &[]),
        None => {}
    }
    let sent: Vec<&str> = row.map_or_else(Vec::new, |row| {
        let values = [&row.employee_id, &row.email].into_iter().flatten();
        std::iter::once(&row.lookup).chain(values).map(String::as_str).collect()
    });
    if let Some(name) = user.display_name.declared().filter(|_| row.is_none()) {
        names.all(user, std::slice::from_ref(name));
    }
    upns.beyond(user, &user.upns, &sent);
    emails.beyond(user, &user.emails, &sent);
    ids.beyond(user, &user.employee_ids, &sent);
    logins.all(user, &user.device_logins);
    released.all::<Identifier>(user, &user.releases);
    agents.all(user, &user.agents);
    match user.tracking.declared() {
        Some(Located { value: Tracking::Tracked, origin }) => tracked.add(user, *origin, &[]),
        Some(Located { value: Tracking::Untracked, origin }) => untracked.add(user, *origin, &[]),
        None => {}
    }
    if let Some(group) = user.primary_group.declared() {
        primary.all(user, std::slice::from_ref(group));
    }
}

//! What the manifests loosen against the base branch: said before anything else.

use crate::model::{
    AutoEmails, Bounds, Desired, Export, Limit, Located, Missing, Origin, Phrase, Piece, Policy,
};
use crate::phrase;
use crate::plan::context::Base;
use crate::plan::limits::limit;
use crate::plan::notice::Notice;
use crate::plan::violation::LimitKind;

/// Every bound that `desired` sets looser than `base`, in the order of the policy's keys.
pub(super) fn loosened(desired: &Desired, base: &Base) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut say =
        |origin: Origin, message: Phrase| notices.push(Notice { origin, message, about: Vec::new() });
    let (head, old) = (&desired.policy, &base.policy);
    for kind in LimitKind::ALL {
        let (now, before) = (limit(&head.limits, kind), limit(&old.limits, kind));
        if is_wider(now, before) {
            let message = format!("policy.limits.{}: {} → {}", kind.path(), words(before), words(now));
            say(now.origin, phrase![message]);
        }
    }
    unmanaged(head, old, &mut say);
    for kept in &old.protected_users {
        if !head.protected_users.contains(kept) {
            say(Origin::NONE, phrase!["no longer protected: ", Piece::personal(&kept.value)]);
        }
    }
    for kept in &old.protected_groups {
        if !head.protected_groups.contains(kept) {
            say(Origin::NONE, phrase!["no longer protected: ", Piece::plain(&kept.value)]);
        }
    }
    let minimums = [
        ("users", &head.minimum.users, &old.minimum.users),
        ("groups", &head.minimum.groups, &old.minimum.groups),
        ("declaredUsers", &head.minimum.declared_users, &old.minimum.declared_users),
    ];
    for (key, now, before) in minimums {
        if now.value < before.value {
            let message = format!("policy.minimum.{key}: {} → {}", before.value, now.value);
            say(now.origin, phrase![message]);
        }
    }
    let (now, before) = (&head.orders_expire_after, &old.orders_expire_after);
    if now.value > before.value {
        let message = format!("policy.ordersExpireAfter: {}d → {}d", before.value, now.value);
        say(now.origin, phrase![message]);
    }
    for before in &old.require {
        let name = &before.value.name;
        match head.require.iter().find(|now| now.value.name == *name) {
            Some(now) if now == before => {}
            Some(now) => {
                say(now.origin, phrase![format!("policy.require: `{name}` asks for something else")]);
            }
            None => say(Origin::NONE, phrase![format!("policy.require: `{name}` is gone")]),
        }
    }
    exports(desired, base, &mut say);
    let (now, before) = (&desired.account.hr_group_type, &base.hr_group_type);
    if now != before {
        let message = format!("account.hrGroupType: {before} → {now}: other groups count as HR-sourced");
        say(desired.account.origin, phrase![message]);
    }
    for allowed in desired.account.allow.iter().filter(|it| !base.allow.contains(it)) {
        let word = allowed.value.word();
        say(allowed.origin, phrase![format!("account.allow opens one thing more: {word}")]);
    }
    notices
}

/// What is asked of HR exports, each known by its source's name.
fn exports(desired: &Desired, base: &Base, say: &mut impl FnMut(Origin, Phrase)) {
    for (name, before) in &base.exports {
        let Some(Export { origin, bounds: now, .. }) = desired.exports.iter().find(|it| it.name == *name)
        else {
            let message =
                format!("hr.sources: {name} is no longer read: none of its rows says a user or a group");
            say(Origin::NONE, phrase![message]);
            continue;
        };
        let mut looser = |origin: Origin, what: String| say(origin, phrase![format!("hr.sources: {what}")]);
        if is_wider(now.shrink, before.shrink) {
            let origin = if now.shrink.origin == Origin::NONE { *origin } else { now.shrink.origin };
            looser(origin, format!("shrink of {name}: {} → {}", words(before.shrink), words(now.shrink)));
        }
        for (key, now, before) in [("rows", now.rows, before.rows), ("groups", now.groups, before.groups)] {
            if now < before {
                looser(*origin, format!("expect.{key} of {name}: {before} → {now}"));
            }
        }
        match (before.missing, now.missing) {
            (Missing::Block | Missing::List, Missing::Create) => {
                looser(*origin, format!("{name} creates users that the account does not have"));
            }
            (Missing::Block, Missing::List) => {
                looser(*origin, format!("rows of {name} that match nobody are listed, and block no longer"));
            }
            (Missing::Create, _) | (_, Missing::Block) | (Missing::List, Missing::List) => {}
        }
        for key in ["where", "unless", "primary"] {
            let [now, before] =
                [now, before].map(|it| it.only.iter().filter(|it| it.key == key).collect::<Vec<_>>());
            if now != before {
                looser(*origin, format!("other rows of {name} count: its `{key}` is another"));
            }
        }
        for (key, what) in [
            ("untracked", "say that users are not tracked"),
            ("remove", "remove users"),
            ("erase", "erase the history of users"),
        ] {
            let of = |it: &Bounds| it.only.iter().filter(|it| it.key == key).cloned().collect::<Vec<_>>();
            let (now, before) = (of(now), of(before));
            if now != before && !now.is_empty() {
                looser(*origin, format!("other rows of {name} {what}: its `{key}` is another"));
            }
        }
    }
}

fn is_wider(now: Limit, before: Limit) -> bool {
    now.percent > before.percent || now.at_least > before.at_least
}

fn unmanaged(head: &Policy, old: &Policy, say: &mut impl FnMut(Origin, Phrase)) {
    let groups = looser(&head.unmanaged_groups, &old.unmanaged_groups, "groups");
    let hr_groups = looser(&head.unmanaged_hr_groups, &old.unmanaged_hr_groups, "hrGroups");
    for (origin, message) in [groups, hr_groups].into_iter().flatten() {
        say(origin, message);
    }
    if head.auto_emails.value == AutoEmails::Remove && old.auto_emails.value == AutoEmails::Keep {
        say(head.auto_emails.origin, Phrase::words("policy.autoEmails: keep → remove"));
    }
}

/// The kinds of `unmanaged` are ordered from keeping to deleting.
fn looser<T: PartialOrd>(now: &Located<T>, before: &Located<T>, key: &str) -> Option<(Origin, Phrase)> {
    let message = || phrase![format!("policy.unmanaged.{key}")];
    (now.value > before.value).then(|| (now.origin, message()))
}

fn words(limit: Limit) -> String {
    if limit.percent == 0 {
        limit.at_least.to_string()
    } else {
        format!("{} % but at least {}", limit.percent, limit.at_least)
    }
}

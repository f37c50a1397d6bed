//! Redaction: no output of a redacted plan holds a person's name, identifier, login or computer.

use proptest::prelude::*;

use crate::model::{
    Delta, Domain, Field, Folded, Login, Object, Origin, Phrase, Piece, Severity, UserId, UserLabel, Verb,
};
use crate::plan::{Blocker, BlockerCode, Manual, Notice, Plan, Violation, ViolationKind};
use crate::render::tests::sample::{change, fact, plan, sources};
use crate::render::tests::{as_json, as_markdown, as_text};
use crate::render::{Redaction, View, remarks};

/// Letters that none of our own words are made of, so that finding them is a leak.
fn personal() -> impl Strategy<Value = String> {
    "[ЖЩЯЮЭЫ]{3,8}"
}

/// A plan in which every place that can hold a person holds one.
pub(super) fn about(names: &[String; 6]) -> Plan {
    let [name, id, value, login, other, computer] = names;
    let label =
        |record| UserLabel { name: Some(name.as_str().into()), display_id: Some(id.as_str().into()), record };
    let person = || {
        Phrase::words("about ").then(label(None)).then(Piece::personal(other)).then(label(Some(UserId(5))))
    };
    let add = |field, piece| fact(field, Delta::Add(piece), Severity::Safe, Origin::NONE);
    let set = Delta::Set { from: Some(Piece::personal(name)), to: Piece::personal(other) };
    let mut facts = vec![
        fact(Field::Name, set, Severity::Disruptive, Origin::NONE),
        add(Field::Email, Piece::personal(value)),
        add(Field::Member, Piece::User(label(Some(UserId(5))))),
        add(Field::Computer, Piece::personal(computer)),
    ];
    facts[1].remark = Some(person());
    let mut updated = change(Object::User(label(None)), Verb::Update, Origin::NONE, facts);
    updated.notes.push(person().into());
    let rule = Login { domain: Domain::Named(Folded::new(other)), user: Folded::new(login) };
    let gone =
        fact(Field::Existence, Delta::Remove(Piece::personal(&rule)), Severity::Disruptive, Origin::NONE);
    let rule = change(Object::Exclusion { id: None, login: rule }, Verb::Delete, Origin::NONE, vec![gone]);
    let notice = || Notice { origin: Origin::NONE, message: person(), about: person().0 };
    Plan {
        licences: 0,
        loosened: vec![notice()],
        notices: vec![notice()],
        violations: vec![Violation {
            kind: ViolationKind::Protected { object: person(), change: crate::model::ChangeId(0) },
            origin: Origin::NONE,
        }],
        blockers: vec![Blocker {
            origin: Origin::NONE,
            code: BlockerCode::SameUser,
            message: person(),
            candidates: vec![person()],
            ways_out: vec![person()],
        }],
        manual: vec![Manual {
            origin: Origin::NONE,
            what: person(),
            place: "the Users page".into(),
            why: person(),
        }],
        ..plan(vec![updated, rule])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_personal_is_in_a_redacted_output(names in proptest::array::uniform6(personal())) {
        let plan = about(&names);
        for show in [as_text, as_markdown, as_json] {
            let open = show(&plan, &sources(), Redaction::Off);
            let redacted = show(&plan, &sources(), Redaction::On);
            for name in &names {
                prop_assert!(open.contains(name.as_str()), "{} is not shown at all: {}", name, open);
                prop_assert!(!redacted.contains(name.as_str()), "{} leaks: {}", name, redacted);
            }
            prop_assert_eq!(show(&plan, &sources(), Redaction::On), redacted);
        }
        let sources = sources();
        for remark in remarks::of_plan(&plan, &View::new(&sources, Redaction::On)) {
            for name in &names {
                prop_assert!(!remark.message.contains(name.as_str()), "{} leaks: {:?}", name, remark);
            }
        }
    }

    #[test]
    fn no_address_is_in_an_output_that_masks_them(
        names in proptest::array::uniform6(personal()),
        domain in "[ЩЯЮ]{3,8}",
    ) {
        let plan = about(&names.clone().map(|name| format!("{name}@{domain}.example")));
        for show in [as_text, as_markdown, as_json] {
            let masked = show(&plan, &sources(), Redaction::Addresses);
            prop_assert!(masked.contains("***.example"), "{}", masked);
            for part in names.iter().chain([&domain]) {
                prop_assert!(!masked.contains(part.as_str()), "{} leaks: {}", part, masked);
            }
        }
    }
}

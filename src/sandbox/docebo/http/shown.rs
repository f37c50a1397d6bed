//! How users, fields, branches and groups look in answers: names as the vendor's documents have them, texts for numbers, and zeros for
//! no date.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::sandbox::docebo::rules::{Encoding, encode};
use crate::sandbox::docebo::seed::{
    Choice, EnrollmentStatus, Field, FieldValue, Group, Level, Match, Population, RuleSet, User, Uuid,
};
use crate::sandbox::docebo::settings::{Setting, Settings};
use crate::sandbox::docebo::state::Tenant;

/// The language of the tenant: titles are in no other.
pub(crate) const LANGUAGE: &str = "english";

/// A tenant, as it is set up to be shown.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The tenant.
    pub(crate) tenant: &'a Tenant,
    /// How it is set up.
    pub(crate) settings: &'a Settings,
}

/// A moment, in UTC and without saying so; zeros for none.
pub(crate) fn moment(time: Option<Timestamp>) -> String {
    match time {
        Some(time) => time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        None => "0000-00-00 00:00:00".to_owned(),
    }
}

/// The word for how far a user is in a course.
pub(crate) fn enrollment_word(status: EnrollmentStatus, settings: &Settings) -> &'static str {
    match status {
        EnrollmentStatus::Enrolled if settings.has(Setting::Subscribed) => "subscribed",
        _ => status.word(),
    }
}

/// How the conditions of a tenant are written.
pub(crate) fn encoding(settings: &Settings) -> Encoding {
    if settings.has(Setting::OtherRules) { Encoding::Other } else { Encoding::Usual }
}

impl Shown<'_> {
    /// An id: a text, unless the tenant is set up otherwise.
    pub(crate) fn id(self, number: u64) -> Value {
        if self.settings.has(Setting::NumericIds) { number.into() } else { number.to_string().into() }
    }

    /// How far a user is in a course: a word, unless the tenant is set up otherwise.
    pub(crate) fn enrollment_status(self, status: EnrollmentStatus) -> Value {
        if self.settings.has(Setting::StatusNumbers) {
            let number = status.number();
            return if self.settings.has(Setting::NumericIds) {
                number.into()
            } else {
                number.to_string().into()
            };
        }
        enrollment_word(status, self.settings).into()
    }

    fn level(self, level: Level) -> String {
        let (word, path) = match level {
            Level::User => ("user", "user"),
            Level::PowerUser => ("poweruser", "admin"),
            Level::Superadmin => ("superadmin", "godadmin"),
        };
        if self.settings.has(Setting::LevelPaths) {
            format!("/framework/level/{path}")
        } else {
            word.to_owned()
        }
    }

    /// What the platform knows of every user.
    pub(crate) fn user(self, user: &User) -> Map<String, Value> {
        let full_name = format!("{} {}", user.first_name, user.last_name);
        let mut shown = json!({
            "user_id": self.id(user.id.0),
            "username": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "status": if user.active { "1" } else { "0" },
            "level": self.level(user.level),
            "language": LANGUAGE,
            "creation_date": moment(user.created),
            "last_access_date": moment(user.last_access),
            "expiration_date": moment(None),
            "email_validation_status": "1",
        });
        if !self.settings.has(Setting::OldUsers) {
            shown["uuid"] = user.uuid.0.clone().into();
            shown["fullname"] = full_name.trim().into();
        }
        if let Value::Object(members) = shown { members } else { Map::new() }
    }

    /// A user in a list: with a member for each additional field.
    pub(crate) fn listed_user(self, user: &User) -> Value {
        let mut shown = self.user(user);
        for field in self.tenant.fields() {
            let value = user.fields.get(&field.id).map(|value| self.listed_value(field, value));
            shown.insert(format!("field_{}", field.id), value.unwrap_or_default().into());
        }
        Value::Object(shown)
    }

    fn listed_value(self, field: &Field, value: &FieldValue) -> String {
        let chosen = field.options.iter().find(|option| *value == FieldValue::Chosen(option.id.0));
        match chosen.filter(|_| self.settings.has(Setting::FieldLabels)) {
            Some(option) => option.title.clone(),
            None => value.text(),
        }
    }

    /// The additional fields of one user.
    pub(crate) fn additional_fields(self, user: &User) -> Vec<Value> {
        let shown = |field: &Field| {
            let value = user.fields.get(&field.id).map(FieldValue::text).unwrap_or_default();
            json!({
                "id": self.id(field.id.0), "title": field.title, "type": field.kind.word(), "value": value,
                "options": self.options(field),
            })
        };
        self.tenant.fields().iter().map(shown).collect()
    }

    /// What can be chosen in a field, in a list and of a user.
    pub(crate) fn options(self, field: &Field) -> Vec<Value> {
        let shown = |option: &Choice| json!({ "id": self.id(option.id.0), "label": option.title });
        field.options.iter().map(shown).collect()
    }

    /// What can be chosen in a field, where the field alone is shown.
    pub(crate) fn translated_options(self, field: &Field) -> Vec<Value> {
        let shown = |option: &Choice| json!({ "option_id": self.id(option.id.0), "translations": { LANGUAGE: option.title } });
        field.options.iter().map(shown).collect()
    }

    /// The branches that a user is in.
    pub(crate) fn branches_of(self, user: &User) -> Vec<Value> {
        let branches = user.branches.iter().filter_map(|id| self.tenant.branch(*id));
        branches.map(|it| json!({ "id": self.id(it.id.0), "code": it.code, "name": it.title })).collect()
    }

    /// A group in a list.
    pub(crate) fn group(self, group: &Group) -> Value {
        let by = json!({ "idst": self.id(1) });
        json!({
            "uuid": group.uuid, "name": group.name, "description": group.description,
            "type": group.population.word(), "slug": group.slug(), "labels": group.labels,
            "exclude_deactivated_users": group.exclude_deactivated,
            "created_by": by, "updated_by": by, "updated_at": moment(group.updated),
        })
    }

    /// A group with its rules.
    pub(crate) fn whole_group(self, group: &Group) -> Value {
        let mut shown = self.group(group);
        shown["ruleset"] = group.ruleset.as_ref().map_or(Value::Null, |it| self.ruleset(group, it));
        shown
    }

    fn ruleset(self, group: &Group, ruleset: &RuleSet) -> Value {
        let encoding = encoding(self.settings);
        // The ids of sets are made anew whenever the group is written.
        let made = format!("set of {} at {:?}", group.uuid, group.updated);
        let sets: Vec<Value> = (0..)
            .zip(&ruleset.sets)
            .map(|(at, set)| {
                let rules: Vec<Value> = set.iter().map(|condition| encode(condition, encoding)).collect();
                json!({ "id": Uuid::of(&made, at), "rules_operator": "AND", "rules": rules })
            })
            .collect();
        let operator = match ruleset.matching {
            Match::Any => "OR",
            Match::All => "AND",
        };
        let status = if group.computed.is_some() { "READY" } else { "PROCESSING" };
        json!({ "operator": operator, "status": status, "sets": sets })
    }

    /// A user of a group, with how they came into it.
    pub(crate) fn member(self, user: &User, relation: Population) -> Value {
        let mut shown = self.user(user);
        if self.settings.has(Setting::Idst) {
            let id = shown.remove("user_id");
            shown.insert("idst".to_owned(), id.unwrap_or_default());
        }
        let word = match (relation, self.settings.has(Setting::RelationCapitals)) {
            (Population::Manual, true) => "Manual",
            (Population::Automatic, true) => "Automatic",
            (relation, false) => relation.word(),
        };
        shown.insert("relation_type".to_owned(), word.into());
        Value::Object(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_in_utc_and_none_is_zeros() {
        assert_eq!(moment(Some(Timestamp::constant(1_780_000_000, 0))), "2026-05-28 20:26:40");
        assert_eq!(moment(None), "0000-00-00 00:00:00");
    }
}

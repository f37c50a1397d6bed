//! Making, changing and deleting groups (`/audiences/v1/audience`).

use jiff::Timestamp;

use crate::sandbox::docebo::rules::refusal::Refusal;
use crate::sandbox::docebo::seed::{Condition, Group, Population, RuleSet, Uuid};
use crate::sandbox::docebo::state::Tenant;

/// The longest name of a group, in characters: no document has one.
const NAME_LIMIT: usize = 255;

/// What a group is to be: all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupDraft {
    /// What it is called.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: String,
    /// How it gets its users.
    pub(crate) population: Population,
    /// Words that people sort groups by.
    pub(crate) labels: Vec<String>,
    /// Whether its rules pass deactivated users over.
    pub(crate) exclude_deactivated: bool,
    /// Who belongs to it.
    pub(crate) ruleset: Option<RuleSet>,
}

impl Tenant {
    /// Makes a group. Another one may be called the same.
    ///
    /// # Errors
    /// The name is empty or too long, a manual group has rules, or no group may have these rules.
    pub(crate) fn create_group(
        &mut self,
        draft: GroupDraft,
        most_sets: usize,
        now: Timestamp,
    ) -> Result<Uuid, Refusal> {
        let draft = self.checked(draft, most_sets)?;
        let is_automatic = draft.population == Population::Automatic;
        let uuid = self.add_group(|uuid| {
            let GroupDraft { name, description, population, labels, exclude_deactivated, ruleset } = draft;
            let group = Group::new(uuid, name, population);
            Group { description, labels, exclude_deactivated, ruleset, updated: Some(now), ..group }
        });
        if is_automatic {
            self.touch(now);
        }
        Ok(uuid)
    }

    /// Makes a group what a draft says: what it leaves out is gone. Where its conditions are others than before, its rules have
    /// matched nobody until they are looked at again; who was added by hand stays ("Managing groups").
    ///
    /// # Errors
    /// There is no such group, or it is of the other type, or it could not be made.
    pub(crate) fn replace_group(
        &mut self,
        uuid: &Uuid,
        draft: GroupDraft,
        most_sets: usize,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let before = self.known(uuid)?;
        if before.population != draft.population {
            return Err(Refusal::invalid("the type of a group is chosen when it is made"));
        }
        let rules = |group: &Group| (group.ruleset.clone().unwrap_or_default(), group.exclude_deactivated);
        let before = rules(before);
        let GroupDraft { name, description, population: _, labels, exclude_deactivated, ruleset } =
            self.checked(draft, most_sets)?;
        let is_edited = before != (ruleset.clone().unwrap_or_default(), exclude_deactivated);
        self.edit_group(uuid, |group| {
            group.name = name;
            group.description = description;
            group.labels = labels;
            group.exclude_deactivated = exclude_deactivated;
            group.ruleset = ruleset;
            group.updated = Some(now);
            if is_edited {
                group.computed = None;
            }
        });
        if is_edited {
            self.touch(now);
        }
        Ok(())
    }

    /// Deletes a group; its users stay.
    ///
    /// # Errors
    /// There is no such group, or the rules of another one are about it.
    pub(crate) fn delete_group(&mut self, uuid: &Uuid) -> Result<(), Refusal> {
        self.known(uuid)?;
        let is_about = |condition: &Condition| {
            if let Condition::Group { uuids } = condition { uuids.contains(uuid) } else { false }
        };
        let is_used =
            |group: &&Group| group.ruleset.iter().flat_map(|ruleset| &ruleset.sets).flatten().any(is_about);
        if let Some(other) = self.groups().find(is_used) {
            return Err(Refusal::Invalid(format!("the rules of group {} are about this one", other.uuid)));
        }
        self.remove_group(uuid);
        Ok(())
    }

    /// A group that is there.
    ///
    /// # Errors
    /// It is not.
    pub(crate) fn known(&self, uuid: &Uuid) -> Result<&Group, Refusal> {
        self.group(uuid).ok_or_else(|| Refusal::NotFound(format!("group {uuid}")))
    }

    /// Whether any group has a rule of a kind that the sandbox does not know.
    pub(crate) fn has_kind(&self, kind: &str) -> bool {
        let conditions =
            self.groups().filter_map(|group| group.ruleset.as_ref()).flat_map(|it| &it.sets).flatten();
        conditions.into_iter().any(|it| matches!(it, Condition::Raw { kind: known, .. } if known == kind))
    }

    /// The draft as it is kept. An automatic group without rules has some that match nobody.
    fn checked(&self, mut draft: GroupDraft, most_sets: usize) -> Result<GroupDraft, Refusal> {
        if draft.name.trim().is_empty() {
            return Err(Refusal::invalid("a group has a name"));
        }
        if draft.name.chars().count() > NAME_LIMIT {
            return Err(Refusal::Invalid(format!("the name of a group has at most {NAME_LIMIT} characters")));
        }
        if draft.population == Population::Manual {
            return match draft.ruleset.take().filter(|ruleset| !ruleset.sets.is_empty()) {
                Some(_) => Err(Refusal::invalid("a manual group has no rules")),
                None => Ok(draft),
            };
        }
        let ruleset = draft.ruleset.take().unwrap_or_default();
        let ruleset = self.rules_taken(ruleset, most_sets).map_err(Refusal::Invalid)?;
        Ok(GroupDraft { ruleset: Some(ruleset), ..draft })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::docebo::rules::opened;
    use crate::sandbox::docebo::rules::testing::{NOW, tenant};

    const TENANT: &str = r#""users":[{"id":1,"username":"a","email":"a@x"},{"id":2,"username":"b","email":"b@y"}],
        "fields":[{"id":2,"title":"D","type":"dropdown","options":[{"id":11,"title":"x"}]}],
        "groups":[{"uuid":"m","name":"M","members":[2]},
        {"uuid":"g","name":"G","type":"automatic","members":[2],"ruleset":{"sets":[[{"email":{"contains":"@x"}}],
        [{"group":{"uuids":["m"]}}]]}}]"#;

    fn draft(population: Population, sets: &str) -> GroupDraft {
        let ruleset = serde_json::from_str(&format!("{{\"sets\":{sets}}}")).unwrap();
        GroupDraft {
            name: "G".to_owned(),
            description: String::new(),
            population,
            labels: Vec::new(),
            exclude_deactivated: false,
            ruleset: Some(ruleset),
        }
    }

    fn uuid(text: &str) -> Uuid {
        Uuid(text.to_owned())
    }

    #[test]
    fn a_group_that_can_not_be_is_refused() {
        let (manual, automatic) = (Population::Manual, Population::Automatic);
        let named = |name: &str| GroupDraft { name: name.to_owned(), ..draft(manual, "[]") };
        for (draft, message) in [
            (named(" "), "a group has a name"),
            (named(&"é".repeat(256)), "at most 255 characters"),
            (draft(manual, r#"[[{"email":{"contains":"x"}}]]"#), "a manual group has no rules"),
            (draft(automatic, r#"[[{"branch":{"ids":[9]}}]]"#), "there is no branch 9"),
        ] {
            let error = tenant(TENANT).create_group(draft, 50, NOW).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        let mut tenant = tenant(TENANT);
        let first = tenant.create_group(named("M"), 50, NOW).unwrap();
        assert_ne!(first, tenant.create_group(named("M"), 50, NOW).unwrap(), "names are nobody's alone");
    }

    #[test]
    fn a_group_that_is_made_takes_the_place_of_none_that_was_saved() {
        let mut tenant = tenant(TENANT);
        let named = |name: &str| GroupDraft { name: name.to_owned(), ..draft(Population::Manual, "[]") };
        let made = ["A", "B"].map(|name| tenant.create_group(named(name), 50, NOW).unwrap());
        tenant.delete_group(&made[0]).unwrap();
        let mut saved = opened(tenant.snapshot()).unwrap();
        assert_ne!(saved.create_group(named("C"), 50, NOW).unwrap(), made[1]);
        assert_eq!(saved.groups().count(), 4);
    }

    #[test]
    fn other_conditions_fill_a_group_anew_and_the_same_ones_do_not() {
        let mut tenant = tenant(TENANT);
        let same = r#"[[{"email":{"contains":"@x"}}],[{"group":{"uuids":["m"]}}]]"#;
        tenant.replace_group(&uuid("g"), draft(Population::Automatic, same), 50, NOW).unwrap();
        assert!(!tenant.is_due(NOW));
        let other = r#"[[{"email":{"contains":"@y"}}]]"#;
        tenant.replace_group(&uuid("g"), draft(Population::Automatic, other), 50, NOW).unwrap();
        let group = tenant.known(&uuid("g")).unwrap();
        assert_eq!((group.computed.is_some(), group.members.len()), (false, 1));
        tenant.settle(NOW);
        assert_eq!(tenant.known(&uuid("g")).unwrap().everybody().len(), 1);
        let error = tenant.replace_group(&uuid("g"), draft(Population::Manual, "[]"), 50, NOW).unwrap_err();
        assert!(error.to_string().contains("is chosen when it is made"));
    }

    #[test]
    fn what_was_chosen_in_a_condition_is_kept_as_the_field_keeps_it() {
        let mut tenant = tenant(TENANT);
        let sets = r#"[[{"field":{"id":2,"operator":"equals","values":["11"]}}]]"#;
        let uuid = tenant.create_group(draft(Population::Automatic, sets), 50, NOW).unwrap();
        let kept = serde_json::to_string(&tenant.known(&uuid).unwrap().ruleset).unwrap();
        assert!(kept.contains(r#""values":[11]"#), "{kept}");
    }

    #[test]
    fn a_group_that_rules_are_about_is_not_deleted() {
        let mut tenant = tenant(TENANT);
        assert!(tenant.delete_group(&uuid("m")).is_err());
        tenant.delete_group(&uuid("g")).unwrap();
        tenant.delete_group(&uuid("m")).unwrap();
        assert_eq!(tenant.delete_group(&uuid("m")), Err(Refusal::NotFound("group m".to_owned())));
        assert_eq!(tenant.users().count(), 2);
    }
}

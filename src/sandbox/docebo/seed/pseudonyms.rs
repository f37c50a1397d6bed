//! How does a tenant look that can be shown to others? Nobody in it has a name.

use std::collections::BTreeMap;

use crate::sandbox::docebo::seed::records::Seed;

impl Seed {
    /// The same tenant with pseudonyms for everybody and everything that has a name. Numbers, and who is in which group, stay; what
    /// is free text does not, and neither do values of fields and the rules of groups, which may name anybody.
    #[must_use]
    pub fn with_pseudonyms(mut self) -> Seed {
        "tenant".clone_into(&mut self.tenant);
        for (number, user) in (1..).zip(&mut self.users) {
            let is_address = user.username.contains('@');
            user.username =
                if is_address { format!("user{number}@domain1.example") } else { format!("ID{number}") };
            let has_name = !(user.first_name.is_empty() && user.last_name.is_empty());
            user.first_name = if has_name { "Person".to_owned() } else { String::new() };
            user.last_name = if has_name { number.to_string() } else { String::new() };
            user.email.clear();
            user.fields.clear();
        }
        self.fields.clear();
        let titles = self.branches.iter_mut().map(|it| (&mut it.title, &mut it.code, "Branch"));
        let titles = titles.chain(self.courses.iter_mut().map(|it| (&mut it.title, &mut it.code, "Course")));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (title, code, kind) in titles {
            let number = counts.entry(kind).or_default();
            *number += 1;
            *title = format!("{kind} {number}");
            code.clear();
        }
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for group in &mut self.groups {
            // Two groups of one name are two of one pseudonym.
            let next = names.len() + 1;
            let number = *names.entry(group.name.to_lowercase()).or_insert(next);
            group.name = format!("Group {number}");
            group.description.clear();
            group.labels.clear();
            group.members = group.everybody();
            group.computed = None;
            group.ruleset = None;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_and_what_belonged_together_still_does() {
        let text = r#"{"version":1,"platform":"docebo","tenant":"acme","users":[
            {"id":1,"username":"ada@acme.example","firstName":"Ada","lastName":"Lovelace","email":"a@acme.example","fields":{"1":"E1"}},
            {"id":2,"username":"E0002"}],
            "fields":[{"id":1,"title":"Institutional ID"}],
            "branches":[{"id":1,"code":"ACME","title":"Acme"}],
            "groups":[{"uuid":"g-1","name":"Acme staff","description":"of Acme","members":[1]},
            {"uuid":"g-2","name":"Others of Acme","type":"automatic","ruleset":{"sets":[[{"email":{"contains":"@acme"}}]]},"computed":[1,2]}]}"#;
        let seed: Seed = serde_json::from_str(text).unwrap();
        let seed = seed.with_pseudonyms();
        assert!(seed.check().is_ok());
        let members: Vec<usize> = seed.groups.iter().map(|group| group.everybody().len()).collect();
        assert_eq!(members, [1, 2]);
        let text = serde_json::to_string(&seed).unwrap();
        for name in ["acme", "Acme", "Ada", "E1", "E0002", "Institutional"] {
            assert!(!text.contains(name), "{name}: {text}");
        }
        assert!(text.contains("user1@domain1.example") && text.contains("\"ID2\""), "{text}");
    }
}

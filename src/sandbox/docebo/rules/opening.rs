//! How does a tenant begin?

use crate::sandbox::docebo::seed::Seed;
use crate::sandbox::docebo::state::Tenant;
use crate::sandbox::file::SeedError;

/// The most sets of conditions that a group may have; some tenants have less.
const MOST_SETS: usize = 50;

impl Seed {
    /// Whether such a tenant could exist: whether a sandbox would start from it.
    ///
    /// # Errors
    /// Those of a sandbox that starts.
    pub fn check(&self) -> Result<(), SeedError> {
        opened(self.clone()).map(drop)
    }
}

/// Opens a tenant; the users of groups whose rules nobody has looked at yet are computed.
///
/// # Errors
/// No tenant could hold it.
pub(crate) fn opened(seed: Seed) -> Result<Tenant, SeedError> {
    let mut tenant = Tenant::open(seed)?;
    let rules: Vec<_> = tenant
        .groups()
        .filter_map(|group| Some((group.uuid.clone(), group.name.clone(), group.ruleset.clone()?)))
        .collect();
    for (uuid, name, ruleset) in rules {
        let wrong = |why| SeedError::Impossible(format!("group {name:?}: {why}"));
        let ruleset = tenant.rules_taken(ruleset, MOST_SETS).map_err(wrong)?;
        tenant.edit_group(&uuid, |group| group.ruleset = Some(ruleset));
    }
    tenant.compute_new();
    Ok(tenant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(members: &str) -> Result<Tenant, SeedError> {
        let text = format!("{{\"version\":1,\"platform\":\"docebo\",\"tenant\":\"acme\",{members}}}");
        opened(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}")))
    }

    #[track_caller]
    fn refused(rows: &[(&str, &str)]) {
        for (members, message) in rows {
            let error = open(members).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(message), "{members}: {error:?}");
        }
    }

    #[test]
    fn users_that_no_tenant_could_hold_are_refused_by_name() {
        refused(&[
            (
                r#""users":[{"id":1,"username":"a"},{"id":1,"username":"b","uuid":"b"}]"#,
                "user 1 is there twice",
            ),
            (
                r#""users":[{"id":1,"username":"Ada"},{"id":2,"username":"aDA "}]"#,
                "users 1 and 2 both have the username",
            ),
            (r#""users":[{"id":1,"username":" "}]"#, "user 1 has an empty username"),
            (
                r#""users":[{"id":1,"username":"a","uuid":"x"},{"id":2,"username":"b","uuid":"x"}]"#,
                "users 1 and 2 both have the uuid x",
            ),
            (r#""users":[{"id":1,"username":"a","uuid":"x/y"}]"#, "is not letters, digits and hyphens"),
            (r#""users":[{"id":1,"username":"a","fields":{"9":"x"}}]"#, "field 9, which is not in fields"),
            (
                r#""fields":[{"id":2,"title":"D","type":"dropdown"}],"users":[{"id":1,"username":"a","fields":{"2":7}}]"#,
                "user 1: field 2 has no option \"7\"",
            ),
            (r#""users":[{"id":1,"username":"a","branches":[9]}]"#, "branch 9, which is not in branches"),
            (
                r#""users":[{"id":1,"username":"a","enrollments":[{"course":9}]}]"#,
                "course 9, which is not in courses",
            ),
        ]);
    }

    #[test]
    fn fields_branches_and_courses_that_no_tenant_could_hold_are_refused_by_name() {
        refused(&[
            (r#""fields":[{"id":1,"title":"A"},{"id":1,"title":"B"}]"#, "field 1 is there twice"),
            (
                r#""fields":[{"id":1,"title":"A","options":[{"id":1,"title":"x"}]}]"#,
                "field 1 has options and is none to choose from",
            ),
            (
                r#""fields":[{"id":1,"title":"A","type":"dropdown","options":[{"id":1,"title":"x"},{"id":1,"title":"y"}]}]"#,
                "two options of field 1 have one id",
            ),
            (r#""branches":[{"id":0,"title":"A"}]"#, "branch 0 is the root"),
            (r#""branches":[{"id":1,"title":"A"},{"id":1,"title":"B"}]"#, "branch 1 is there twice"),
            (
                r#""branches":[{"id":1,"title":"A","code":"X"},{"id":2,"title":"B","code":"X"}]"#,
                "branches 1 and 2 both have the code \"X\"",
            ),
            (
                r#""branches":[{"id":1,"title":"A","parent":9}]"#,
                "branch 1 is below branch 9, which is not in branches",
            ),
            (
                r#""branches":[{"id":1,"title":"A","parent":2},{"id":2,"title":"B","parent":1}]"#,
                "branch 1 is below itself",
            ),
            (r#""courses":[{"id":1,"title":"A"},{"id":1,"title":"B"}]"#, "course 1 is there twice"),
        ]);
    }

    #[test]
    fn groups_that_no_tenant_could_hold_are_refused_by_name() {
        refused(&[
            (r#""groups":[{"uuid":"g","name":"A"},{"uuid":"g","name":"B"}]"#, "group g is there twice"),
            (r#""groups":[{"uuid":"../x","name":"A"}]"#, "is not letters, digits and hyphens"),
            (r#""groups":[{"name":""}]"#, "has an empty name"),
            (r#""groups":[{"name":"A","members":[4]}]"#, "group \"A\" has user 4, who is not in users"),
            (r#""groups":[{"name":"A","ruleset":{}}]"#, "group \"A\" is manual and has rules"),
            (
                r#""groups":[{"name":"A","type":"automatic","ruleset":{"sets":[[{"branch":{"ids":[9]}}]]}}]"#,
                "group \"A\": there is no branch 9",
            ),
        ]);
    }

    #[test]
    fn two_groups_may_have_one_name_and_two_users_one_address() {
        let tenant = open(
            r#""users":[{"id":1,"username":"a","email":"a@x"},{"id":2,"username":"b","email":"a@x"}],
            "groups":[{"name":"A"},{"name":"A"}]"#,
        )
        .unwrap();
        assert_eq!((tenant.users().count(), tenant.groups().count()), (2, 2));
    }

    #[test]
    fn rules_that_nobody_looked_at_are_looked_at_and_others_are_left() {
        let rules = r#""ruleset":{"sets":[[{"email":{"contains":"@x"}}]]}"#;
        let tenant = open(&format!(
            r#""users":[{{"id":1,"username":"a","email":"a@x"}},{{"id":2,"username":"b"}}],
            "groups":[{{"uuid":"g","name":"A","type":"automatic",{rules}}},
            {{"uuid":"h","name":"B","type":"automatic","computed":[2],{rules}}}]"#
        ))
        .unwrap();
        let everybody: Vec<Vec<u64>> =
            tenant.groups().map(|group| group.everybody().iter().map(|id| id.0).collect()).collect();
        assert_eq!(everybody, [vec![1], vec![2]]);
    }
}

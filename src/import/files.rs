//! Which file holds which entry?

use std::collections::BTreeMap;

use icu_normalizer::DecomposingNormalizer;

use crate::import::imported::Imported;
use crate::import::parts::Parts;
use crate::import::place::{File, Place};
use crate::import::slug::{is_reserved, slug};
use crate::manifest::{EmitError, Entries, emit_entries};
use crate::model::{DeclaredSource, DesiredUser, GroupId, Observed, UserIx};

/// How users are parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Split {
    /// All of them in one file.
    None,
    /// By the first letter of what they are sorted by.
    Letter,
    /// By their primary group.
    Group,
    /// By what an HR export says of them.
    Parts(Parts),
}

/// The files of what was imported, sorted by path; none of them is empty.
pub fn files(imported: &Imported, observed: &Observed, split: &Split) -> Vec<File> {
    let mut files: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let slugs = Slugs::of(observed);
    for (at, (ix, user)) in imported.users.iter().enumerate() {
        let path = match split {
            Split::None => "users.yaml".to_owned(),
            Split::Letter => format!("users/{}.yaml", letter(observed, *ix, user)),
            Split::Group => format!("users/{}.yaml", slugs.of_user(observed, *ix)),
            Split::Parts(parts) => format!("users/{}.yaml", parts.file(*ix)),
        };
        files.entry(path).or_default().push(Place::User(at));
    }
    for (at, (_, group)) in imported.groups.iter().enumerate() {
        let path = match group.source {
            Some(DeclaredSource::Hr) => "hr-groups.yaml",
            Some(DeclaredSource::Scim) => "scim-groups.yaml",
            Some(DeclaredSource::App) | None => "groups.yaml",
        };
        files.entry(path.to_owned()).or_default().push(Place::Group(at));
    }
    let exclusions: Vec<Place> = (0..imported.exclusions.len()).map(Place::Exclusion).collect();
    if !exclusions.is_empty() {
        files.insert("exclusions.yaml".to_owned(), exclusions);
    }
    files.into_iter().map(|(path, entries)| File { path: path.into(), entries }).collect()
}

impl File {
    /// The text of the file.
    ///
    /// # Errors
    /// What the YAML writer refuses.
    pub fn text(&self, imported: &Imported) -> Result<String, EmitError> {
        let mut entries = Entries::default();
        for place in &self.entries {
            match place {
                Place::User(at) => entries.users.push(&imported.users[*at].1),
                Place::Group(at) => entries.groups.push(&imported.groups[*at].1),
                Place::Exclusion(at) => entries.exclusions.push(&imported.exclusions[*at]),
            }
        }
        emit_entries(&entries)
    }
}

/// The first letter of a name, without what stands above or below it; `other` for what begins with none of the Latin ones.
fn letter(observed: &Observed, ix: UserIx, user: &DesiredUser) -> String {
    let record = observed.user(ix);
    let name = user.display_name.declared().map(|name| name.value.key().to_owned());
    let shown = name.or_else(|| record.display_id()).unwrap_or_default();
    let bare = DecomposingNormalizer::new_nfd().normalize(&shown);
    let first = bare.chars().next().map(|first| first.to_ascii_lowercase());
    first.filter(char::is_ascii_lowercase).map_or_else(|| "other".to_owned(), String::from)
}

/// Where those are who are in no group that speaks for them.
const NO_GROUP: &str = "no-group";

/// The file names of groups: the same for the same group as long as it is not renamed.
struct Slugs(BTreeMap<GroupId, String>);

impl Slugs {
    fn of(observed: &Observed) -> Self {
        let mut named: BTreeMap<String, Vec<GroupId>> = BTreeMap::new();
        for group in &observed.groups {
            named.entry(slug(group.name.key())).or_default().push(group.id);
        }
        let mut slugs = BTreeMap::new();
        for (slug, groups) in named {
            let is_alone = groups.len() == 1 && !is_reserved(&slug, &[NO_GROUP]);
            for id in groups {
                let name = if is_alone { slug.clone() } else { format!("{slug}-{}", id.0) };
                slugs.insert(id, name.trim_start_matches('-').to_owned());
            }
        }
        Self(slugs)
    }

    fn of_user(&self, observed: &Observed, ix: UserIx) -> &str {
        let group = observed.user(ix).primary_group;
        group.and_then(|group| self.0.get(&group)).map_or(NO_GROUP, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupName, GroupSource, ObservedGroup};

    fn group(id: u64, name: &str) -> ObservedGroup {
        let name = GroupName::observed(name);
        ObservedGroup::new(GroupId(id), name, GroupSource::App)
    }

    #[test]
    fn a_group_gives_its_file_a_name_that_no_other_group_has() {
        let names = ["R&D London", "Büro Köln", "r d london", "No group", "Отдел", "AUX"];
        let groups = (1..).zip(names).map(|(id, name)| group(id, name)).collect();
        let observed = Observed::new(Vec::new(), groups, &[], Vec::new(), Vec::new());
        let slugs: Vec<String> = Slugs::of(&observed).0.into_values().collect();
        assert_eq!(slugs, ["r-d-london-1", "buro-koln", "r-d-london-3", "no-group-4", "5", "aux-6"]);
    }
}

//! Making and changing many users at once (`POST /manage/v1/user/batch`): each row by itself.

use jiff::Timestamp;

use crate::sandbox::docebo::rules::refusal::Refusal;
use crate::sandbox::docebo::rules::users::{NewUser, Wrong};
use crate::sandbox::docebo::seed::{BranchId, FieldId, FieldValue, Level, UserId};
use crate::sandbox::docebo::state::Tenant;

/// The most rows of one call: what a job of the platform hands over at once.
const MOST_ROWS: usize = 100;

/// A row: what it does not say is left as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// Whose row it is.
    pub(crate) username: String,
    /// The first name.
    pub(crate) first_name: Option<String>,
    /// The last name.
    pub(crate) last_name: Option<String>,
    /// The email address.
    pub(crate) email: Option<String>,
    /// Whether the user is in service.
    pub(crate) active: Option<bool>,
    /// What the user may do.
    pub(crate) level: Option<Level>,
    /// Values of additional fields.
    pub(crate) fields: Vec<(FieldId, FieldValue)>,
    /// The code of a branch that the user is put into.
    pub(crate) branch_code: Option<String>,
    /// The title of one.
    pub(crate) branch_name: Option<String>,
}

/// What holds for all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BatchOptions {
    /// Whether users who are there are changed.
    pub(crate) update: Update,
    /// The branch of users whose row names none.
    pub(crate) destination: Option<BranchId>,
}

/// What becomes of users who are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Update {
    /// They become as their row says.
    Change,
    /// Their row fails.
    Refuse,
}

/// What became of a row: the words are why nothing did.
pub(crate) type RowResult = Result<UserId, String>;

impl Tenant {
    /// Takes rows, one after the other.
    ///
    /// # Errors
    /// There are none, or too many.
    pub(crate) fn take_rows(
        &mut self,
        rows: Vec<Row>,
        options: BatchOptions,
        now: Timestamp,
    ) -> Result<Vec<RowResult>, Refusal> {
        match rows.len() {
            0 => Err(Refusal::invalid("no items given")),
            1..=MOST_ROWS => Ok(rows.into_iter().map(|row| self.take_row(row, options, now)).collect()),
            count => Err(Refusal::Invalid(format!("{count} items given, the maximum is {MOST_ROWS}"))),
        }
    }

    fn take_row(&mut self, row: Row, options: BatchOptions, now: Timestamp) -> RowResult {
        let said = |wrong: Vec<Wrong>| {
            wrong.into_iter().map(|it| format!("{}: {}", it.id, it.message)).collect::<Vec<_>>().join("; ")
        };
        let branch = self.branch_of(&row)?.or(options.destination);
        let Some(id) = self.holder_of(&row.username) else {
            let new = NewUser {
                username: row.username,
                first_name: row.first_name.unwrap_or_default(),
                last_name: row.last_name.unwrap_or_default(),
                email: row.email.unwrap_or_default(),
                active: row.active.unwrap_or(true),
                level: row.level.unwrap_or_default(),
                fields: row.fields,
                branches: branch.into_iter().collect(),
            };
            return self.create_user(new, now).map_err(said);
        };
        if options.update == Update::Refuse {
            return Err("userid: Username already in use".to_owned());
        }
        let fields = self.taken(&row.fields).map_err(said)?;
        self.edit_user(id, |user| {
            let texts = [
                (&mut user.first_name, row.first_name),
                (&mut user.last_name, row.last_name),
                (&mut user.email, row.email),
            ];
            for (held, said) in texts {
                *held = said.unwrap_or_else(|| std::mem::take(held));
            }
            user.active = row.active.unwrap_or(user.active);
            user.level = row.level.unwrap_or(user.level);
            user.fields.extend(fields);
            user.branches.extend(branch.filter(|branch| branch.0 != 0));
        });
        self.touch(now);
        Ok(id)
    }

    /// The branch that a row names, if it does. Names are compared exactly ("CSV users" of the vendor's help).
    fn branch_of(&self, row: &Row) -> Result<Option<BranchId>, String> {
        let named = match (&row.branch_code, &row.branch_name) {
            (None, None) => return Ok(None),
            (Some(code), _) => ("code", code, self.branches().find(|branch| branch.code == *code)),
            (None, Some(title)) => ("name", title, self.branches().find(|branch| branch.title == *title)),
        };
        match named {
            (_, _, Some(branch)) => Ok(Some(branch.id)),
            (what, text, None) => Err(format!("branch_{what}: there is no branch with the {what} {text:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::docebo::rules::testing::{NOW, tenant};

    const TENANT: &str = r#""users":[{"id":7,"username":"Ada","email":"a@x","fields":{"2":1}}],
        "branches":[{"id":1,"code":"HQ","title":"Head office"}],"fields":[{"id":2,"title":"Staff","type":"yesno"},
        {"id":3,"title":"Number"}]"#;

    fn row(username: &str) -> Row {
        Row { username: username.to_owned(), ..Row::default() }
    }

    #[test]
    fn rows_make_or_change_users_and_fail_alone() {
        let mut tenant = tenant(TENANT);
        let options = BatchOptions { update: Update::Change, destination: Some(BranchId(1)) };
        let rows = vec![
            Row {
                email: Some("ada@x".to_owned()),
                fields: vec![(FieldId(3), FieldValue::Text("E1".to_owned()))],
                ..row("ADA")
            },
            Row { branch_code: Some("NO".to_owned()), ..row("bob") },
            Row { fields: vec![(FieldId(2), FieldValue::Chosen(9))], ..row("cy") },
            Row { active: Some(false), ..row("dee") },
        ];
        let told = tenant.take_rows(rows, options, NOW).unwrap();
        assert_eq!(told[0], Ok(UserId(7)));
        assert!(
            told[1].as_ref().is_err_and(|why| why.contains("no branch with the code \"NO\"")),
            "{told:?}"
        );
        assert!(told[2].as_ref().is_err_and(|why| why.contains("field 2 has no option")), "{told:?}");
        assert_eq!(told[3], Ok(UserId(8)));
        let ada = tenant.user(UserId(7)).unwrap();
        assert_eq!((ada.username.as_str(), ada.email.as_str(), ada.fields.len()), ("Ada", "ada@x", 2));
        assert!(
            tenant.user(UserId(8)).is_some_and(|user| !user.active && user.branches.contains(&BranchId(1)))
        );
    }

    #[test]
    fn a_user_who_is_there_is_left_unless_changes_are_asked_for() {
        let mut tenant = tenant(TENANT);
        let options = BatchOptions { update: Update::Refuse, destination: None };
        let rows = vec![Row { email: Some("new@x".to_owned()), ..row("ada") }];
        let told = tenant.take_rows(rows, options, NOW).unwrap();
        assert!(told[0].as_ref().is_err_and(|why| why.contains("already in use")));
        assert!(tenant.user(UserId(7)).is_some_and(|user| user.email == "a@x"));
        assert!(tenant.take_rows(vec![row("x"); 101], options, NOW).is_err());
    }
}

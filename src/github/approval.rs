//! Who approved the violations of a plan? Somebody who may write, has not written the pull request, and names exactly that plan.

use crate::github::api::{Api, Comment};
use crate::github::event::Account;
use crate::http::Error;
use crate::model::unhex;
use crate::plan::Digest;

/// What a comment begins with that approves a plan.
const COMMAND: &str = "/rollcall approve ";

/// The command that approves a plan.
pub fn approval(digest: &Digest) -> String {
    format!("{COMMAND}{digest}")
}

/// Who approved a plan on a pull request, if somebody did who may.
///
/// # Errors
/// It can't be read who may write.
pub async fn approver(
    api: &Api,
    comments: &[Comment],
    digest: Digest,
    author: Option<&Account>,
) -> Result<Option<String>, Error> {
    for comment in comments {
        let Some(user) = candidate(comment, digest, author) else { continue };
        if api.may_write(&user.login).await? {
            return Ok(Some(user.login.clone()));
        }
    }
    Ok(None)
}

/// Who says in a comment that they approve a plan, unless it is one whose word does not count.
fn candidate<'c>(comment: &'c Comment, digest: Digest, author: Option<&Account>) -> Option<&'c Account> {
    let first = comment.body.as_deref()?.lines().next()?;
    let said = first.strip_prefix(COMMAND)?.trim();
    let user = comment.user.as_ref()?;
    // Whoever may write may also edit what another has written.
    let is_as_written = comment.created_at == comment.updated_at;
    let is_somebody = user.kind == "User";
    let is_another = author.is_some_and(|author| author.id != user.id);
    (unhex(said).map(Digest) == Some(digest) && is_as_written && is_somebody && is_another).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Digest = Digest([0xab; 32]);

    fn account(id: u64, kind: &str) -> Account {
        Account { id, login: format!("user-{id}"), kind: kind.into() }
    }

    fn comment(body: &str) -> Comment {
        Comment {
            id: 1,
            url: String::new(),
            user: Some(account(2, "User")),
            created_at: "2026-05-04T09:00:00Z".into(),
            updated_at: "2026-05-04T09:00:00Z".into(),
            body: Some(body.to_owned()),
        }
    }

    fn counts(comment: &Comment) -> bool {
        candidate(comment, PLAN, Some(&account(1, "User"))).is_some()
    }

    #[test]
    fn an_approval_names_the_whole_plan_at_the_beginning_of_a_comment() {
        let command = approval(&PLAN);
        for good in [command.clone(), format!("{command}\r\n\nGo."), command.replace("ab", "AB")] {
            assert!(counts(&comment(&good)), "{good}");
        }
        for bad in [
            format!("> {command}"),
            format!("`{command}`"),
            format!("\n{command}"),
            format!("{command} and more"),
            command[..command.len() - 1].to_owned(),
            command.replacen("ab", "cd", 1),
            "/rollcall approve".to_owned(),
            String::new(),
        ] {
            assert!(!counts(&comment(&bad)), "{bad}");
        }
    }

    #[test]
    fn no_word_counts_of_the_author_a_bot_or_an_edited_comment() {
        let good = comment(&approval(&PLAN));
        for bad in [
            Comment { user: Some(account(1, "User")), ..good.clone() },
            Comment { user: Some(account(2, "Bot")), ..good.clone() },
            Comment { user: None, ..good.clone() },
            Comment { updated_at: "2026-05-04T09:00:01Z".into(), ..good.clone() },
            Comment { body: None, ..good.clone() },
        ] {
            assert!(!counts(&bad), "{bad:?}");
        }
        assert!(candidate(&good, PLAN, None).is_none(), "nobody knows whether it is the author's");
    }
}

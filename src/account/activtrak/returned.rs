//! Is what an answer shows the record that was asked for, whole, or its absence?

use serde_json::Value;

use crate::account::error::{Part, ReadError, Unproved};
use crate::http::{Error, StatusCode};
use crate::model::{ObservedUser, UserId};

/// A record as one answer shows it.
#[derive(Debug, Clone)]
pub(super) struct Returned {
    /// The record; a part that was left out is empty here.
    pub(super) user: ObservedUser,
    /// The parts that the answer left out. That is not to say that there are none.
    pub(super) left_out: Vec<Part>,
}

impl Returned {
    /// The same if it is the record that was asked for.
    pub(super) fn of(self, asked: UserId) -> Result<Self, Unproved> {
        let answered = self.user.id;
        if answered == asked {
            Ok(self)
        } else {
            Err(Unproved::OtherRecord { asked: asked.0, answered: answered.0 })
        }
    }

    /// The record, unless a part was left out of which it had something when it was seen last. What was empty then and is left out
    /// now is taken for empty: accounts write that either way.
    pub(super) fn beside(self, seen: Option<&ObservedUser>) -> Result<ObservedUser, Unproved> {
        let had = |part: &&Part| seen.is_some_and(|seen| part.is_in(seen));
        match self.left_out.iter().find(had) {
            Some(part) => Err(Unproved::PartLeftOut { record: self.user.id.0, part: *part }),
            None => Ok(self.user),
        }
    }
}

/// What an answer shows; nothing where the account itself says that there is no such record or group. A page of a proxy says nothing
/// of it, whatever its status, nor does a gateway that knows no such path.
pub(super) fn unless_gone<T>(answer: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match answer {
        Ok(shown) => Ok(Some(shown)),
        Err(ReadError::Http(Error::Status { status: StatusCode::NOT_FOUND, excerpt, .. }))
            if says_so(excerpt.as_str()) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether a body is the account's own 404: each envelope says of itself that it is one (reference: error envelopes).
fn says_so(body: &str) -> bool {
    let Ok(Value::Object(envelope)) = serde_json::from_str(body) else { return false };
    let is_404 = |status: &Value| *status == 404 || *status == "404";
    ["statusCode", "status"].iter().any(|name| envelope.get(*name).is_some_and(is_404))
        || envelope.get("success") == Some(&Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use super::{Returned, says_so};
    use crate::account::{Part, Unproved};
    use crate::model::{Email, ObservedEmail, ObservedUser, UserId, Writer};

    #[test]
    fn gone_is_what_the_account_calls_gone_and_no_page_on_the_way() {
        for ours in [
            r#"{"message":"entity 5","statusCode":404}"#,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"user 5","status":"404"}"#,
            r#"{"title":"Not Found","status":404}"#,
            r#"{"messages":["no group 5"],"success":false}"#,
        ] {
            assert!(says_so(ours), "{ours}");
        }
        for theirs in [
            "",
            "<html>404 nginx</html>",
            "\"Not Found\"",
            r#"{"message":"no Route matched with those values"}"#,
            "[]",
        ] {
            assert!(!says_so(theirs), "{theirs}");
        }
    }

    #[test]
    fn a_part_that_is_left_out_is_not_empty_where_there_was_something() {
        let empty = ObservedUser::new(UserId(5));
        let shown = || Returned { user: empty.clone(), left_out: vec![Part::Upns, Part::Emails] };
        assert_eq!(shown().beside(None).map(|user| user.id), Ok(UserId(5)));
        assert_eq!(shown().beside(Some(&empty)).map(|user| user.id), Ok(UserId(5)));
        let email = ObservedEmail { email: Email::observed("ada@acme.example"), writer: Writer::Other };
        let seen = ObservedUser { emails: vec![email], ..empty.clone() };
        let wanted = Unproved::PartLeftOut { record: 5, part: Part::Emails };
        assert_eq!(shown().beside(Some(&seen)).err(), Some(wanted));
        let other = Unproved::OtherRecord { asked: 6, answered: 5 };
        assert_eq!(shown().of(UserId(6)).err(), Some(other));
    }
}

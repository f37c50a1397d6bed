//! What an edit of a user asks for (Identity API, `FieldEditsDto`): edits of fields, read into what they mean.

use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::seed::{AgentId, Domain, Login, UserId};

/// A partial change of a user; lists are lists of edits, never whole lists.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct FieldEdits {
    pub(crate) display_name: Option<FieldEdit>,
    pub(crate) upns: Option<Vec<FieldEdit>>,
    pub(crate) emails: Option<Vec<FieldEdit>>,
    pub(crate) employee_ids: Option<Vec<FieldEdit>>,
    pub(crate) device_logons: Option<Vec<LoginEdit>>,
    pub(crate) group_ids: Option<Vec<FieldEdit>>,
    pub(crate) tracking: Option<bool>,
    #[serde(rename = "PrimaryGroupId")]
    pub(crate) primary_group_id: Option<FieldEdit>,
    pub(crate) first_name: Option<FieldEdit>,
    pub(crate) middle_name: Option<FieldEdit>,
    pub(crate) last_name: Option<FieldEdit>,
    // Members the API has and this account does not carry: refused rather than dropped.
    timezone: Option<Value>,
    user_id: Option<FieldEdit>,
    entity: Option<FieldEdit>,
    revision: Option<FieldEdit>,
    delete: Option<Value>,
    source: Option<Value>,
    merges: Option<Value>,
    integration_instance: Option<Value>,
}

/// `{value}` adds, `{id, value}` replaces the value `id`, `{id, value: null}` removes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldEdit {
    #[serde(default)]
    pub(crate) value: Option<String>,
    #[serde(default)]
    pub(crate) id: Option<String>,
}

/// The same for a device login; no domain means any.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct LoginEdit {
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    logon_domain: Option<String>,
    #[serde(default)]
    id: Option<OldLogin>,
    #[serde(default, rename = "source")]
    _source: Option<i32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OldLogin {
    user_id: String,
    #[serde(default)]
    logon_id: Option<String>,
}

/// One edit of a list, as it is meant.
pub(crate) enum Edit<T> {
    /// A value joins the list.
    Add(T),
    /// A value takes the place of another.
    Replace { old: T, new: T },
    /// A value leaves the list.
    Remove(T),
}

impl FieldEdits {
    /// Edits of emails alone.
    pub(crate) fn of_emails(edits: Vec<FieldEdit>) -> FieldEdits {
        FieldEdits { emails: Some(edits), ..FieldEdits::default() }
    }

    /// Edits of UPNs alone.
    pub(crate) fn of_upns(edits: Vec<FieldEdit>) -> FieldEdits {
        FieldEdits { upns: Some(edits), ..FieldEdits::default() }
    }

    /// Edits of employee IDs alone.
    pub(crate) fn of_employee_ids(edits: Vec<FieldEdit>) -> FieldEdits {
        FieldEdits { employee_ids: Some(edits), ..FieldEdits::default() }
    }

    /// An edit of the display name alone.
    pub(crate) fn of_display_name(edit: FieldEdit) -> FieldEdits {
        FieldEdits { display_name: Some(edit), ..FieldEdits::default() }
    }

    /// The removal of one UPN.
    pub(crate) fn without_upn(upn: String) -> FieldEdits {
        FieldEdits::of_upns(vec![FieldEdit { value: None, id: Some(upn) }])
    }

    /// Refuses edits that remove a value by null, as an account may.
    ///
    /// # Errors
    /// One of them does.
    pub(crate) fn refuse_nulls(&self) -> Result<(), Refusal> {
        let one = [
            &self.display_name,
            &self.first_name,
            &self.middle_name,
            &self.last_name,
            &self.primary_group_id,
        ];
        let lists = [&self.upns, &self.emails, &self.employee_ids, &self.group_ids];
        let mut fields = one.into_iter().flatten().chain(lists.into_iter().flatten().flatten());
        let is_null = fields.any(|edit| edit.value.is_none())
            || self.device_logons.iter().flatten().any(|edit| edit.user.is_none());
        if is_null { Err(Refusal::invalid("a value can't be null")) } else { Ok(()) }
    }

    /// These edits, if they are one of tracking and of nothing else.
    ///
    /// # Errors
    /// They are not.
    pub(crate) fn tracking_alone(self) -> Result<FieldEdits, Refusal> {
        match self {
            FieldEdits {
                display_name: None,
                first_name: None,
                middle_name: None,
                last_name: None,
                upns: None,
                emails: None,
                employee_ids: None,
                device_logons: None,
                group_ids: None,
                primary_group_id: None,
                tracking: Some(_),
                ..
            } => Ok(self),
            _ => Err(Refusal::invalid("the body has to hold tracking, and nothing else")),
        }
    }

    /// The agent that the body asks to move: its number, its user and that user's revision (reference, hypothesis H1). The
    /// three stand together and alone.
    ///
    /// # Errors
    /// One of them is missing or no number.
    pub(crate) fn agent_to_take(&self) -> Result<Option<(AgentId, UserId, u64)>, Refusal> {
        let number = |edit: &Option<FieldEdit>, name: &str| {
            let text = edit.as_ref().and_then(|edit| edit.value.as_deref());
            let number = text.and_then(|text| text.parse::<u64>().ok());
            number.ok_or_else(|| Refusal::Invalid(format!("{name} has to be a number beside userId")))
        };
        if self.user_id.is_none() {
            return Ok(None);
        }
        let agent = AgentId(number(&self.user_id, "userId")?);
        let owner = UserId(number(&self.entity, "entity")?);
        Ok(Some((agent, owner, number(&self.revision, "revision")?)))
    }

    /// Refuses members whose effect the sandbox does not have.
    pub(crate) fn refuse_what_is_not_emulated(&self) -> Result<(), Refusal> {
        let members = [
            ("timezone", &self.timezone),
            ("delete", &self.delete),
            ("source", &self.source),
            ("merges", &self.merges),
            ("integrationInstance", &self.integration_instance),
        ];
        let agent = self.user_id.as_ref().or(self.entity.as_ref()).or(self.revision.as_ref());
        let member = members.iter().find(|(_, value)| value.is_some()).map(|(name, _)| *name);
        match member.or(agent.map(|_| "userId beside other members, or on create,")) {
            Some(name) => Err(Refusal::Invalid(format!("{name} is not emulated by the sandbox"))),
            None => Ok(()),
        }
    }
}

/// What edits of a list of texts mean.
///
/// # Errors
/// One is empty, or has neither id nor value.
pub(crate) fn text_edits(edits: Option<Vec<FieldEdit>>, name: &str) -> Result<Vec<Edit<String>>, Refusal> {
    let meant = |edit: FieldEdit| match (edit.id, edit.value) {
        (None, Some(value)) => not_blank(name, &value).map(|()| Edit::Add(value)),
        (Some(old), Some(new)) => not_blank(name, &new).map(|()| Edit::Replace { old, new }),
        (Some(old), None) => Ok(Edit::Remove(old)),
        (None, None) => Err(Refusal::Invalid(format!("an edit of a {name} has neither id nor value"))),
    };
    edits.unwrap_or_default().into_iter().map(meant).collect()
}

/// What edits of device logins mean.
///
/// # Errors
/// As `text_edits`.
pub(crate) fn login_edits(edits: Option<Vec<LoginEdit>>) -> Result<Vec<Edit<Login>>, Refusal> {
    let login = |user: String, domain: Option<String>| Login {
        user,
        domain: domain.map_or(Domain::Any, Domain::Named),
    };
    let meant = |edit: LoginEdit| {
        let old = edit.id.map(|old| login(old.user_id, old.logon_id));
        let new = edit.user.map(|user| login(user, edit.logon_domain));
        if let Some(new) = &new {
            not_blank("device login", &new.user)?;
        }
        match (old, new) {
            (None, Some(value)) => Ok(Edit::Add(value)),
            (Some(old), Some(new)) => Ok(Edit::Replace { old, new }),
            (Some(old), None) => Ok(Edit::Remove(old)),
            (None, None) => Err(Refusal::invalid("an edit of a device login has neither id nor user")),
        }
    };
    edits.unwrap_or_default().into_iter().map(meant).collect()
}

/// Refuses an empty value.
pub(crate) fn not_blank(what: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::Invalid(format!("a {what} can't be empty"))) } else { Ok(()) }
}

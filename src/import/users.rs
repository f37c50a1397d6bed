//! What would manifests say of one record? All that can be said of it, and what can't is listed.

use crate::import::choices::PrimaryGroups;
use crate::import::claims::{Claims, claimed};
use crate::import::exclusions::Standing;
use crate::import::unsaid::{Kind, Made, Unsaid};
use crate::model::{
    Activation, Belonging, DesiredUser, DisplayName, Email, GroupName, Identifier, Key, Located, Login,
    Managed, Members, Observed, ObservedUser, Origin, Phrase, Piece, Sayable, Topic, Tracking, UserIx,
    UserLabel, is_temporary,
};
use crate::phrase;

/// What entries are made of.
pub(super) struct Users<'a> {
    /// The reading.
    pub(super) observed: &'a Observed,
    /// Who else holds a value.
    pub(super) claims: &'a Claims<'a>,
    /// Who is in which group.
    pub(super) belonging: Belonging,
    /// Rules that stand on users.
    pub(super) standing: Standing<'a>,
    /// Whether primary groups are said.
    pub(super) primary: PrimaryGroups,
}

impl Users<'_> {
    /// The entry of a record, and what it does not say; none if nothing finds the record.
    pub(super) fn entry(&self, ix: UserIx) -> Made<DesiredUser> {
        let mut one = One { all: self, ix, record: self.observed.user(ix), unsaid: Vec::new() };
        let entry = one.entry();
        (entry, one.unsaid)
    }
}

/// Of a record in the middle of a run.
const MIDWAY: &str = " holds what a run that was cut off put in the place of a value: let `rollcall apply` finish it, then import";
/// Of a record that nothing finds.
const NAMELESS: &str = " has no identifier that a manifest can say and nobody else has: left as they are";

/// One record on its way to an entry.
struct One<'u, 'a> {
    all: &'u Users<'a>,
    ix: UserIx,
    record: &'a ObservedUser,
    unsaid: Vec<Unsaid>,
}

impl One<'_, '_> {
    fn entry(&mut self) -> Option<DesiredUser> {
        if is_midway(self.record) {
            self.say(Kind::User, phrase![self.label(), MIDWAY]);
            return None;
        }
        let mut user = DesiredUser::new(Origin::NONE);
        user.upns = self.list(self.record.upns.clone(), Identifier::Upn, "UPNs");
        user.emails = self.list(self.lasting_emails(), Identifier::Email, "emails");
        let ids = self.record.employee_ids.clone();
        user.employee_ids = self.list(ids, Identifier::EmployeeId, "employee IDs");
        user.device_logins = self.logins();
        if user.identifiers().next().is_none() {
            let emails = self.record.emails.iter().map(|held| held.email.clone()).collect();
            user.emails = self.list(emails, Identifier::Email, "emails");
        }
        if user.identifiers().next().is_none() {
            self.unsaid.clear();
            self.say(Kind::User, phrase![self.label(), NAMELESS]);
            return None;
        }
        user.display_name = self.name();
        user.tracking = self.tracking();
        user.primary_group = self.primary_group();
        user.status = self.status();
        Some(user)
    }

    fn label(&self) -> UserLabel {
        UserLabel::of(self.record)
    }

    fn say(&mut self, kind: Kind, sentence: Phrase) {
        self.unsaid.push(Unsaid::new(kind, sentence));
    }

    fn name(&mut self) -> Managed<DisplayName> {
        let Some(held) = self.record.display_name.as_ref().filter(|held| !held.as_written().is_empty())
        else {
            return Managed::Leave;
        };
        let Some(why) = self.against(held, held.as_written(), Key::Name(held.key())) else {
            return Managed::Set(Located::unplaced(held.clone()));
        };
        self.say(Kind::Name, phrase!["the display name of ", self.label()].joined(why));
        Managed::Leave
    }

    /// Why a value is not said, if it is not.
    fn against<T: Sayable>(&self, value: &T, text: &str, key: Key<'_>) -> Option<Phrase> {
        if !value.is_sayable() {
            return Some(phrase![": no manifest can say ", Piece::Personal(text.into())]);
        }
        let other = self.all.claims.other(key, self.ix)?;
        let other = UserLabel::of(self.all.observed.user(other));
        Some(phrase![": ", Piece::Personal(text.into()), " is also that of ", other])
    }

    /// A list as a whole, as entries own them: one that can't be said whole is left alone.
    fn list<T: Sayable + Clone>(
        &mut self,
        values: Vec<T>,
        identifier: fn(T) -> Identifier,
        what: &'static str,
    ) -> Members<T> {
        if values.is_empty() {
            return Members::Leave;
        }
        for value in &values {
            let held = identifier(value.clone());
            if let Some(why) = self.against(value, &held.to_string(), claimed(&held)) {
                self.say(Kind::Identifiers, phrase!["the ", what, " of ", self.label()].joined(why));
                return Members::Leave;
            }
        }
        Members::Exactly(said(values))
    }

    /// Emails but for those that the account made up or detected: they count only where they are declared.
    fn lasting_emails(&self) -> Vec<Email> {
        let held = self.record.emails.iter().map(|held| &held.email);
        held.filter(|email| !self.record.is_automatic(email)).cloned().collect()
    }

    /// Device logins one by one: lists of them only add.
    fn logins(&mut self) -> Vec<Located<Login>> {
        let mut logins = Vec::with_capacity(self.record.device_logins.len());
        for login in &self.record.device_logins {
            match self.against(login, &login.to_string(), Key::Login(login)) {
                None => logins.push(login.clone()),
                Some(why) => {
                    self.say(Kind::Identifiers, phrase!["a device login of ", self.label()].joined(why));
                }
            }
        }
        said(logins)
    }

    fn tracking(&mut self) -> Managed<Tracking> {
        if self.all.observed.reach.hidden(Topic::Tracking).is_some() {
            return Managed::Leave;
        }
        let tracking = self.record.tracking;
        let rule = self.all.standing.on(self.record).filter(|_| tracking == Tracking::Tracked);
        if let Some(rule) = rule {
            let why = ", who is tracked although the exclusion ";
            let ask = " stands on an identifier of theirs: say `tracking` once it is decided which of the two holds";
            let rule = Piece::personal(rule);
            self.say(Kind::Tracking, phrase!["the tracking of ", self.label(), why, rule, ask]);
            return Managed::Leave;
        }
        Managed::Set(Located::unplaced(tracking))
    }

    /// That somebody may not log in; that the others may is the rule.
    fn status(&self) -> Managed<Activation> {
        match self.record.activation {
            Some(Activation::Deactivated) => Managed::Set(Located::unplaced(Activation::Deactivated)),
            Some(Activation::Active) | None => Managed::Leave,
        }
    }

    /// The primary group of somebody who is in several: of somebody in one group it is that.
    fn primary_group(&self) -> Managed<GroupName> {
        let Users { observed, belonging, primary, .. } = self.all;
        let named = self.record.primary_group.and_then(|id| observed.group_ix(id));
        let Some(ix) = named.filter(|_| *primary == PrimaryGroups::Write) else { return Managed::Leave };
        let mut groups = belonging.groups(self.ix);
        let name = &observed.group(ix).name;
        let is_one_of_several = groups.len() > 1 && groups.any(|group| group == ix);
        if is_one_of_several && GroupName::existing(name.as_written()).is_ok() {
            Managed::Set(Located::unplaced(name.clone()))
        } else {
            Managed::Leave
        }
    }
}

/// Whether a run was cut off while it changed a record.
fn is_midway(record: &ObservedUser) -> bool {
    let name = record.display_name.as_ref().is_some_and(|name| is_temporary(name.as_written()));
    name || record.identifiers().any(|held| match &held {
        Identifier::DeviceLogin(login) => is_temporary(login.user.as_written()),
        other => is_temporary(&other.to_string()),
    })
}

/// Values that no manifest says yet.
pub(super) fn said<T>(values: impl IntoIterator<Item = T>) -> Vec<Located<T>> {
    values.into_iter().map(Located::unplaced).collect()
}

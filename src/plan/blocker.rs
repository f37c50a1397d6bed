//! What can be unknown or impossible, and what is to be done about it?

use crate::model::{Origin, Phrase};

/// Something unknown or impossible.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blocker {
    /// Where it is asked for.
    pub origin: Origin,
    /// What kind it is.
    pub code: BlockerCode,
    /// What is wrong, in one sentence.
    pub message: Phrase,
    /// The records or groups in question.
    pub candidates: Vec<Phrase>,
    /// What to do about it.
    pub ways_out: Vec<Phrase>,
}

impl Blocker {
    /// A blocker with nothing more to say.
    pub fn new(origin: Origin, code: BlockerCode, message: Phrase) -> Self {
        Self { origin, code, message, candidates: Vec::new(), ways_out: Vec::new() }
    }

    /// With the records or groups in question.
    #[must_use]
    pub fn between(mut self, candidates: impl IntoIterator<Item = Phrase>) -> Self {
        self.candidates.extend(candidates);
        self
    }

    /// With one more thing to do about it.
    #[must_use]
    pub fn way_out(mut self, words: &'static str) -> Self {
        self.ways_out.push(Phrase::words(words));
        self
    }

    /// With one more thing to do about it, that names values.
    #[must_use]
    pub fn way_out_phrase(mut self, phrase: Phrase) -> Self {
        self.ways_out.push(phrase);
        self
    }
}

/// Builds [`BlockerCode`] from the table below.
macro_rules! blockers {
    ($($variant:ident $name:literal $summary:literal $advice:literal)*) => {
        /// The kinds of blockers, by stable names; `docs/diagnostics.md` explains each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum BlockerCode {
            $(#[doc = $summary] $variant,)*
        }

        impl BlockerCode {
            /// Every kind, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What is unknown or impossible, in one line.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary),* }
            }

            /// Why, and the ways out.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice),* }
            }
        }
    };
}

blockers! {
    TwoRecords "two-records" "a declared user matches two or more records"
        "The identifiers of one entry are spread over several records. If these are one human, merge the records on the Users page, then plan again; if not, take the identifier out that is somebody else's, or say under `releases` of their entry that it was handed on."
    OneRecordTwice "one-record-twice" "two declared users match one record"
        "Two entries claim the same record by different identifiers. If they are one human, make them one entry; if an identifier was handed on, put it under `releases` of the one who gave it up."
    SameUser "same-user" "an observed user has the same name or agent as a user to be created"
        "The account may have this user already, under identifiers that the entry does not say. If it is the same, list an identifier of the record in the entry, or say `matchName: true`; if not, give the two different display names, or take the agent out of the entry."
    LooksAlike "looks-alike" "an entry says almost what a record has"
        "Two spellings differ in a way that people overlook, like a letter of another alphabet. Write the one that is meant as the account has it."
    Takeover "takeover" "a match looks like a reused address"
        "The record that the entry finds has another name, other identifiers and a history: a new colleague may have got the address of one who left. For the same human, list the old identifiers under `formerly`; for another, put the address under `releases` of the one who left."
    ValueTaken "value-taken" "an identifier or name is in use by another user"
        "The account refuses what two users would share, and no manifest takes the value from the one who has it. Take it out of that user's entry, or give them an entry that `releases` it."
    ForeignField "foreign-field" "a value that another integration set last would be overwritten without `adopt`"
        "An identity provider or HR system wrote the value, and would write it again. Change it there, or list the field under `adopt` if manifests are to own it."
    AgentHeld "agent-held" "an agent can't leave a user who goes by its name, or who is about to go"
        "The account refuses to move an agent whose username or alias its user still has as a name or identifier. Take that value from the user, or leave the agent where it is."
    NoIdentifier "no-identifier" "a user would be left without an identifier"
        "The account keeps no user without a UPN, an email or an employee ID. Declare another identifier beside the one that goes."
    DeviceLoginOnly "device-login-only" "a user with nothing but a device login would have to be created"
        "No API makes such a user. Add a UPN, an email or an employee ID, or wait until an agent of theirs reports and the account makes the record."
    UnmatchedRow "unmatched-row" "a row of an HR export matches nobody"
        "If the account has the user, declare them in a manifest with identifiers of both, the row's and the record's. If they are yet to come, `create: true` makes one, and `unmatched: list` leaves the row out."
    UnknownReference "unknown-reference" "a reference resolves to nobody"
        "No manifest and no record has what the list names. Correct it, or take it out if the user is gone."
    AmbiguousReference "ambiguous-reference" "a reference resolves to more than one"
        "Several users hold what the list names. Name the user by another identifier."
    UnknownGroup "unknown-group" "a group that is only named is not in the account"
        "Neither entries of users nor `membersOf` make a group. Declare it under `groups`, or correct the name."
    UnknownLabel "unknown-label" "a rule names a field, an option, a branch or a course that is not there"
        "The platform has nothing of that label or code, or nothing that can be compared so, and nobody could match. Write it as the platform has it; what is near, or what there is, is shown."
    AmbiguousLabel "ambiguous-label" "what a rule names is there more than once"
        "Several fields, options, branches or courses have the label or code, and nothing says which is meant. Call one of them otherwise on the platform, then plan again."
    NotInGroup "not-in-group" "a primary group is none of the user's groups"
        "The account takes as a primary group only a group that the user is in. Add the user to it, or name another."
    UnknownComputer "unknown-computer" "a computer is not in the account, or is there twice"
        "Groups take computers that the account has already, each by a name that no other has. Correct the name, or say its domain."
    ReadOnlyGroup "read-only-group" "a group's source does not allow the change"
        "Groups of a directory and of identity providers change where they come from. Change the membership there, and take the group out of the manifests."
    SourceChange "source-change" "a group would change its source"
        "No group can be turned from an app group into an HR group or back. Delete the old one and declare the new one under another name, or correct `source`."
    GroupNameTaken "group-name-taken" "a group's name is in use"
        "Another group has the name, whatever its case. Rename that one, or choose another name."
    AmbiguousGroup "ambiguous-group" "several groups have the name"
        "Nothing says which of them is meant, and the wrong one could be filled, emptied or deleted. Rename or delete all but one of them where they are made, then plan again."
    HrRename "hr-rename" "an HR group would be renamed without `recreate: true`"
        "An upload knows groups by name only: a new name is a new group, and what reports and settings know of the old one is lost. Say `recreate: true` if that is meant."
    UnseenMembers "unseen-members" "a rule would leave a group without members because it doesn't see them"
        "What the rule looks at is not shown to these keys. Use keys that show it, or list the members."
    RulesDisagree "rules-disagree" "two rules of `tracking` set one user to both states"
        "Nothing says which of the two counts. Narrow one of them with `not`, or write `tracking` into the user's entry, which counts more than any rule."
    RequirementBroken "requirement-broken" "a rule of `policy.require` would not hold"
        "Everybody who breaks it is listed, with why. Change what makes them break it. To change the rule itself, do that in a pull request of its own: `--base` says so first, and until it is merged the old rule holds too."
    RequirementUnclear "requirement-unclear" "whether a rule of `policy.require` would hold can't be told"
        "It names a group that nobody has, or looks at what these keys don't show. Correct the name, or use keys that show it."
    EmptyHrGroup "empty-hr-group" "an HR group would be left without members"
        "An HR group lives by the rows that name it: without any, the upload deletes it. Give it members, or declare it with `state: deleted`."
    EmptySet "empty-set" "the HR set would become empty"
        "An upload without rows does not exist. To keep HR groups, give one of them a member; to have none, delete the last where they were made, and take them out of the manifests."
    UnknownSource "unknown-source" "a group names no source, so a snapshot could delete it"
        "Whether the group belongs to the HR set can't be told, and an upload that leaves it out would delete it. Set `account.hrGroupType` to the type that the account gives HR groups."
    UndeclaredHrGroup "undeclared-hr-group" "an HR group that no manifest declares can't be carried over"
        "Its members can't be read with these keys, and an upload without them would delete it. Declare it, or use keys that show its members."
    UnreadMembers "unread-members" "a group keeps members that can't be read"
        "Members whom these keys don't show would be lost. Use keys that show them."
    UnsettledUpload "unsettled-upload" "what became of an earlier upload is not known yet"
        "An upload is processed later, and a second one on top of it could bring back what it replaces. Wait until the account shows it, or make a newer download of the groups and give that to `--observed`."
    NoLookupValue "no-lookup-value" "a member of an HR group has no value that finds them in the account"
        "The upload names people by email, UPN or employee ID. The member has none, or loses it by the same plan. Give them one, or leave the membership out (`hr.leaveOut`)."
    ExclusionHitsTracked "exclusion-hits-tracked" "an exclusion would hit a tracked user"
        "The account refuses a Do Not Track rule that matches somebody who is tracked. Untrack them first, or make the rule narrower (`DOMAIN\\user`)."
    StaysBlocked "stays-blocked" "the block that a removed user leaves stands on an identifier of somebody declared tracked"
        "Removing a user leaves Do Not Track rules on their identifiers. Somebody else who has one of them would not be tracked. Say `unblock` in the order where the block is to go, or leave the identifier to nobody who is tracked."
    UnsureOrder "unsure-order" "an order is not surely about the record that it leads to"
        "The record was made, or got the identifier, after the order was decided: it may be somebody else by now. Check who it is: the message says what to change for either."
    Administrator "administrator" "somebody who may do more than to learn would be deactivated, or activated again"
        "Whoever administers the platform could lock everybody out, this very run among them, or be let in where they should not. What a user may do is read from their level, and one that is not known counts as more. Deactivate or activate them in the app: the plan then finds it done."
    UnseenStatus "unseen-status" "whether a user is active is not shown"
        "The account does not say whether the user is active, or in a word that is not known. Look at the user in the app, and take `status` out of the entry."
    Unseen "unseen" "a bound of the policy is about what these keys may not show"
        "A limit that is counted over a part of the account would pass for the wrong reason. Use keys that show it, or take the bound out."
    UnfitCondition "unfit-condition" "what a rule asks for can't be a condition of a group that fills itself"
        "The platform fills such a group by sets of at most ten conditions, of which all hold, and at most fifty sets, of which one does. What the message names is no condition that is known there. Ask for something else, or write `population: manual`: then Rollcall computes who matches."
    PopulationChange "population-change" "a group fills itself and is declared manual, or the other way round"
        "What fills a group is chosen when it is made, and nothing changes it. Write `population` as the group has it; or make another group of another name, and delete this one by a declaration of its own once nothing needs it any more."
    NotCarriedOut "not-carried-out" "a manifest asks for what this version can't carry out"
        "No open API does it, or not with these keys. The message says what to do in the app."
}

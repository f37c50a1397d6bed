//! Which policies on what no manifest mentions can't be carried out? Those over lists that the keys do not show whole, or do not
//! change.

use crate::model::{Located, Origin, Phrase, Topic, Unmanaged, UnmanagedGroups, UnmanagedHrGroups};
use crate::phrase;
use crate::plan::manual::work::{GROUPS, HR_IMPORT, ManualWork};
use crate::plan::notice::Notice;

impl ManualWork<'_, '_> {
    /// Leaves of these policies what speaks only of what is seen and can be changed.
    pub(super) fn unmanaged(&mut self) {
        self.unmanaged_groups();
        self.unmanaged_hr_groups();
        let Located { value, origin } = self.people.desired.policy.unmanaged_exclusions;
        if value == Unmanaged::Report && self.hidden(Topic::Exclusions).is_some() {
            self.unreported("exclusions", origin);
        }
    }

    fn unmanaged_groups(&mut self) {
        let Located { value, origin } = self.people.desired.policy.unmanaged_groups;
        let instead = match (value, self.hidden(Topic::Groups)) {
            (UnmanagedGroups::Ignore, _) | (UnmanagedGroups::Report, None) => return,
            (UnmanagedGroups::Report, Some(_)) => {
                self.unreported("app groups", origin);
                UnmanagedGroups::Ignore
            }
            (UnmanagedGroups::Delete, Some(family)) => {
                let what = Phrase::words("see that there are no app groups but those that manifests mention");
                self.ask_unseen(origin, what, GROUPS, family);
                UnmanagedGroups::Ignore
            }
            (UnmanagedGroups::Delete, None) => {
                let Some(family) = self.hidden(Topic::Members) else { return };
                self.ask(
                    origin,
                    Phrase::words("delete the app groups that no manifest mentions"),
                    GROUPS,
                    family,
                );
                UnmanagedGroups::Report
            }
        };
        self.desired.policy.unmanaged_groups.value = instead;
    }

    fn unmanaged_hr_groups(&mut self) {
        let Located { value, origin } = self.people.desired.policy.unmanaged_hr_groups;
        let Some(family) = self.unwritten(Topic::HrGroups) else { return };
        match value {
            UnmanagedHrGroups::Carry => {}
            UnmanagedHrGroups::CarryAndReport => self.unreported("HR groups", origin),
            UnmanagedHrGroups::DeleteByAbsence => {
                let what = Phrase::words("see that there are no HR groups but those that manifests mention");
                self.ask_unseen(origin, what, HR_IMPORT, family);
            }
        }
        self.desired.policy.unmanaged_hr_groups.value = UnmanagedHrGroups::Carry;
        self.desired.leave_out.clear();
    }

    fn unreported(&mut self, objects: &str, origin: Origin) {
        let message = phrase![format!("{objects} that no manifest mentions can't be reported")];
        self.notices.push(Notice { origin, message, about: Vec::new() });
    }
}

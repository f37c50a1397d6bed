//! Groups that are to go.

use crate::model::{Cause, DesiredGroup, GroupIx, GroupSource, Origin, Piece};
use crate::phrase;
use crate::plan::blocker::BlockerCode;
use crate::plan::deletion;
use crate::plan::groups::drafting::Groups;
use crate::plan::hr::planned::HrDeclared;
use crate::plan::resolve::groups::{source_of, source_word};

impl<'a> Groups<'_, 'a> {
    /// A group to delete: the only one of its name, or that of the source which the manifest writes.
    pub(super) fn deleted(&mut self, group: &'a DesiredGroup, origin: Origin) {
        let name = &group.name.value;
        let named: Vec<GroupIx> = self.fits.all_named(name).collect();
        let written = group.source.map(source_of);
        let of_source = |ix: &&GroupIx| written.as_ref() == Some(&self.observed(**ix).source);
        let found = named.iter().find(of_source).copied();
        let ix = match (found, named.as_slice(), &written) {
            (_, [], _) => return,
            (Some(ix), ..) => ix,
            (None, [ix], None) => *ix,
            (None, [other, ..], Some(_)) => {
                let source = source_word(&self.observed(*other).source);
                let message =
                    phrase![Piece::plain(name), " comes from ", source, ", not from where `source` says"];
                let way_out = "write the source of the group that is to go";
                return self.block(origin, BlockerCode::SourceChange, message, way_out);
            }
            (None, _, None) => {
                let message = phrase!["the account has several groups called ", Piece::plain(name)];
                let way_out = "say which one is to go: `source: app` or `source: hr`";
                return self.block(origin, BlockerCode::SourceChange, message, way_out);
            }
        };
        let observed = self.observed(ix);
        match &observed.source {
            GroupSource::Automatic if group.fills_itself().is_some() => {
                deletion::app_group(self.people, ix, Cause::Declared, origin, self.draft);
            }
            GroupSource::App => deletion::app_group(self.people, ix, Cause::Declared, origin, self.draft),
            GroupSource::Hr => {
                self.hr.push(HrDeclared { group, here: Some(ix), former: None, wanted: None });
            }
            other => {
                let message = phrase![
                    Piece::plain(&observed.name),
                    " comes from ",
                    source_word(other),
                    " and can't be deleted from here"
                ];
                let way_out = match other {
                    GroupSource::Automatic => {
                        "write `population: automatic` beside it: then it is deleted from here"
                    }
                    _ => "delete it where it comes from",
                };
                self.block(origin, BlockerCode::ReadOnlyGroup, message, way_out);
            }
        }
    }
}

//! HR groups: what is declared of them, for the snapshot that carries it.

use crate::model::{DesiredGroup, GroupSource, Members, Piece};
use crate::phrase;
use crate::plan::blocker::BlockerCode;
use crate::plan::groups::drafting::Groups;
use crate::plan::hr::planned::HrDeclared;
use crate::plan::membership::wanted::Wanted;
use crate::plan::resolve::groups::{GroupFit, source_word};

impl<'a> Groups<'_, 'a> {
    /// An HR group that is to be there.
    pub(super) fn declared_hr(
        &mut self,
        group: &'a DesiredGroup,
        GroupFit { here, former, .. }: GroupFit,
        wanted: Wanted<'a>,
    ) {
        if let Members::Exactly(said) | Members::AtLeast(said) = &group.computers {
            let origin = said.first().map_or(group.origin, |login| login.origin);
            self.block(
                origin,
                BlockerCode::ReadOnlyGroup,
                phrase![
                    "computers of ",
                    Piece::plain(&group.name.value),
                    ": an HR snapshot holds users only"
                ],
                "put the computers into an app group",
            );
        }
        let foreign =
            self.fits.all_named(&group.name.value).find(|ix| self.observed(*ix).source != GroupSource::Hr);
        if let Some(foreign) = foreign {
            let source = source_word(&self.observed(foreign).source);
            let message = phrase![
                "the name ",
                Piece::plain(&group.name.value),
                " is in use by a group from ",
                source,
                ": an HR snapshot would leave that group alone and create none"
            ];
            let way_out = "give the HR group another name, or delete the other group first";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        if let Some(former) =
            former.map(|ix| self.observed(ix)).filter(|former| former.source != GroupSource::Hr)
        {
            let message = phrase![
                Piece::plain(&former.name),
                " comes from ",
                source_word(&former.source),
                ", and a group can't change its source"
            ];
            let way_out = "take it out of `formerly`; delete the old group by a declaration of its own";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        self.hr.push(HrDeclared { group, here, former, wanted: Some(wanted) });
    }
}

//! What became of the last upload that nobody could watch?

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::model::{Download, Earlier, Evidence, GroupName, GroupSource, Origin, Piece};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;

/// After this time a download is believed whatever it shows: nothing is being processed any more.
const PROCESSED: SignedDuration = SignedDuration::from_hours(1);

/// The way out while it may still be processed.
const LATER: &str = "make a newer download; one made an hour after the upload counts whatever it shows";

/// Why an upload may never have come about.
const UNANSWERED: &str = "no answer to it was seen, and the account had the same HR groups before it";

/// What a download says of the last upload.
pub(super) enum Settled<'d> {
    /// There was none, it did not come about, or its groups are there and others are wanted now: what it held says nothing.
    Nothing,
    /// Its HR groups are there, and no others.
    Shown(&'d Earlier),
}

/// Looks for the groups of the last upload in a newer download; says what it finds. None is settled by an older one, and a second
/// file, of `sha256`, is never sent over one that may still be in process.
pub(super) fn settle<'d>(download: &'d Download, sha256: &[u8; 32], draft: &mut Draft) -> Settled<'d> {
    let Some(earlier) = &download.earlier else { return Settled::Nothing };
    let upload = format!("the upload of {}", earlier.sent);
    if download.made <= earlier.sent {
        let message = phrase![upload, " is not settled, and this download was made before it"];
        draft.findings.blockers.push(
            Blocker::new(Origin::NONE, BlockerCode::UnsettledUpload, message)
                .way_out("make a newer download, and give that to --observed"),
        );
        return Settled::Nothing;
    }
    let shown: BTreeSet<&str> = download
        .account
        .groups
        .iter()
        .filter(|group| group.source == GroupSource::Hr)
        .map(|group| group.name.key())
        .collect();
    let sent: BTreeSet<&str> = earlier.groups.iter().map(GroupName::key).collect();
    let believed = earlier.sent + PROCESSED;
    if shown == sent {
        let is_sent_again = earlier.sha256 != *sha256;
        return match earlier.evidence {
            Evidence::Answer if is_sent_again && download.made < believed => {
                same_as_before(upload, "the account had the same HR groups before it", draft);
                Settled::Nothing
            }
            Evidence::Nothing if download.made < believed => {
                same_as_before(upload, UNANSWERED, draft);
                Settled::Nothing
            }
            Evidence::Nothing => {
                // The file is the whole set, so twice is no more than once.
                draft
                    .findings
                    .notice(Origin::NONE, phrase![upload, " may never have come about: ", UNANSWERED]);
                Settled::Nothing
            }
            Evidence::Groups | Evidence::Answer => {
                let words = " is settled: the account has its groups and no other HR group; who is in them is not read";
                draft.findings.notice(Origin::NONE, phrase![upload, words]);
                Settled::Shown(earlier)
            }
        };
    }
    let differing: Vec<Piece> = shown.symmetric_difference(&sent).map(Piece::plain).collect();
    if download.made < believed {
        let message =
            phrase![upload, " is not settled: the download made since does not show what it makes of "];
        let message = message.list(differing);
        draft
            .findings
            .blockers
            .push(Blocker::new(Origin::NONE, BlockerCode::UnsettledUpload, message).way_out(LATER));
    } else {
        let message = phrase![upload, " did not wholly come about: another state than it makes is that of "];
        draft.findings.notice(Origin::NONE, message.list(differing));
    }
    Settled::Nothing
}

/// An upload that makes no other groups than there were: it may still be processed, and nothing shows whether it was.
fn same_as_before(upload: String, why: &'static str, draft: &mut Draft) {
    let message = phrase![upload, " is not settled: ", why];
    draft
        .findings
        .blockers
        .push(Blocker::new(Origin::NONE, BlockerCode::UnsettledUpload, message).way_out(LATER));
}

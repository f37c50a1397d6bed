//! What may become of one request?

use std::fmt;
use std::time::Duration;

use crate::sandbox::chaos::dice::Dice;

/// What becomes of a request instead of an honest answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Misdeed {
    /// Whether the request is carried out.
    pub(crate) when: When,
    /// What is answered.
    pub(crate) how: How,
}

/// When the fault comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The request is not carried out.
    Before,
    /// It is, and only the answer suffers.
    After,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// 429, saying when to come back, or not.
    Busy(Return),
    /// A server error in words: 500 or 503.
    Trouble(u16),
    /// A page for people: 200 or 502.
    Page(u16),
    /// Nothing: the connection is gone.
    Silence,
    /// The whole answer, but late.
    Late(Duration),
    /// Half of the answer.
    Half(Length),
    /// A list that is not the whole list.
    List(Lie),
}

/// How a 429 says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Return {
    /// Not at all.
    Unsaid,
    /// In so many seconds.
    Seconds(u8),
    /// At a time of the answer's own clock, so many seconds away.
    Date(u8),
}

/// Whether half of an answer says how long the whole would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// `Content-Length`.
    Located,
    /// Chunks, of which the last does not come.
    Unsaid,
}

/// What is wrong with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// The total is one more.
    TotalAbove,
    /// The total is one less.
    TotalBelow,
    /// The last element is missing.
    Short,
    /// The last element is the first once more.
    Twice,
    /// A page other than the first is the one before it.
    PageBefore,
    /// No user has groups.
    NoGroups,
    /// One user lacks one group.
    GroupLess,
}

/// Kinds of misdeeds that a seed may leave out.
pub(crate) const KINDS: usize = 8;

impl Misdeed {
    /// One of those kinds, as the dice fall.
    pub(crate) fn thrown(dice: &mut Dice, kind: usize) -> Misdeed {
        let either = dice.pick([When::Before, When::After]);
        let (when, how) = match kind {
            // Who is told that there are too many requests slows down, so that a lot of these would be all that happens.
            0 if !dice.once_in(4) => (When::Before, How::Trouble(500)),
            0 => {
                let seconds = dice.pick([0, 0, 0, 1]);
                let back = dice.pick([Return::Unsaid, Return::Seconds(seconds), Return::Date(seconds)]);
                (When::Before, How::Busy(back))
            }
            1 => (When::Before, How::Trouble(dice.pick([500, 500, 500, 503]))),
            2 => (When::After, How::Trouble(dice.pick([500, 500, 500, 503]))),
            3 => (either, How::Page(dice.pick([200, 502]))),
            4 => (either, How::Silence),
            5 => (When::After, How::Late(Duration::from_millis(dice.pick([20, 100, 400])))),
            6 => (When::After, How::Half(dice.pick([Length::Located, Length::Unsaid]))),
            _ => {
                let lies = [
                    Lie::TotalAbove,
                    Lie::TotalBelow,
                    Lie::Short,
                    Lie::Twice,
                    Lie::PageBefore,
                    Lie::NoGroups,
                    Lie::GroupLess,
                ];
                (When::After, How::List(dice.pick(lies)))
            }
        };
        Misdeed { when, how }
    }
}

impl fmt::Display for Misdeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.how {
            How::Busy(Return::Unsaid) => write!(f, "429")?,
            How::Busy(Return::Seconds(seconds)) => write!(f, "429, back in {seconds} s")?,
            How::Busy(Return::Date(seconds)) => write!(f, "429, back at a time {seconds} s away")?,
            How::Trouble(status) => write!(f, "{status}")?,
            How::Page(status) => write!(f, "a page of HTML with {status}")?,
            How::Silence => write!(f, "the connection is cut")?,
            How::Late(time) => write!(f, "{} ms late", time.as_millis())?,
            How::Half(Length::Located) => write!(f, "half of the answer")?,
            How::Half(Length::Unsaid) => write!(f, "half of the answer in chunks")?,
            How::List(lie) => write!(f, "a wrong list: {lie:?}")?,
        }
        match (self.when, self.how) {
            (When::Before, _) => write!(f, ", not carried out"),
            (When::After, How::Late(_) | How::List(_)) => Ok(()),
            (When::After, _) => write!(f, ", after it was carried out"),
        }
    }
}

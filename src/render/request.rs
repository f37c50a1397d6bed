//! How does a request for a group that fills itself read, as somebody would mail it?

use std::io;

use crate::model::{Phrase, Piece};
use crate::plan::{Known, Request};
use crate::render::count::counted;
use crate::render::escape::visible;
use crate::render::view::{Detail, View};

/// Writes a request for the people who look after an account.
pub fn request(out: &mut dyn io::Write, account: &str, request: &Request, view: &View<'_>) -> io::Result<()> {
    let who = |piece: &Piece| visible(&view.piece(piece, Detail::Full)).into_owned();
    let said = |phrase: &Phrase| visible(&view.phrase(phrase, Detail::Name)).into_owned();
    writeln!(out, "Please set up this automatic group at {}.\n", visible(account))?;
    writeln!(out, "Name: {}", visible(request.group.as_written()))?;
    if let Some(description) = &request.description {
        writeln!(out, "Description: {}", visible(description.as_written()))?;
    }
    writeln!(out, "\nA user belongs to it as long as this holds:")?;
    for condition in &request.conditions {
        let (margin, words) = ("  ".repeat(condition.depth + 1), said(&condition.words));
        let beyond = match condition.known {
            Known::There => "",
            Known::InManifests => " (only manifests say this: the platform does not know it)",
        };
        writeln!(out, "{margin}{words}{beyond}")?;
    }
    match &request.members {
        None => {
            writeln!(out, "\nWho that is today is not known here: what the conditions look at is not seen.")?;
        }
        Some(members) => {
            let users = counted(members.len(), "user", "users");
            let end = if members.is_empty() { "." } else { ":" };
            writeln!(out, "\nToday that is {users}{end}")?;
            for (member, why) in members {
                writeln!(out, "  {}: {}", who(member), said(why))?;
            }
        }
    }
    let lists = [
        ("Members whatever the conditions say", &request.besides),
        ("No members whatever they say", &request.but),
    ];
    for (words, some) in lists.into_iter().filter(|(_, some)| !some.is_empty()) {
        writeln!(out, "\n{words}:")?;
        some.iter().try_for_each(|piece| writeln!(out, "  {}", who(piece)))?;
    }
    Ok(())
}

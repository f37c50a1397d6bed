//! The table: as Markdown and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::Outcome;
use crate::duel::{Duel, Of};
use crate::growth::Growth;
use crate::measure::Cost;

/// What the table stands between in the docs.
const BEGIN: &str = "<!-- begin of `just bench-all` -->\n";
const END: &str = "<!-- end of `just bench-all` -->\n";

/// Everything that was measured in one run.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) duels: Vec<Duel>,
    pub(crate) growth: Vec<Growth>,
}

impl Table {
    /// Writes `table.md` and `table.json`, and shows the former.
    #[expect(clippy::print_stdout, reason = "a bench prints its result")]
    pub(crate) fn save(&self, folder: &Path) -> Outcome<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("table.json"), serde_json::to_vec_pretty(self)?)?;
        let text = self.markdown();
        fs::write(folder.join("table.md"), &text)?;
        println!("{text}");
        Ok(())
    }

    /// Puts the table where the docs have it.
    pub(crate) fn write_into(&self, page: &Path) -> Outcome<()> {
        let text = fs::read_to_string(page)?;
        let (before, rest) = text.split_once(BEGIN).ok_or("the page has no place for the table")?;
        let (_, after) = rest.split_once(END).ok_or("the page has no end of the table")?;
        fs::write(page, format!("{before}{BEGIN}\n{}\n{END}{after}", self.markdown()))?;
        Ok(())
    }

    fn markdown(&self) -> String {
        let mut text = String::from(
            "| what | beside | of | ours | theirs | ratio | limit |\n|---|---|---|---|---|---|---|\n",
        );
        for duel in &self.duels {
            text.push_str(&row(duel));
        }
        text.push_str(
            "\n| users | `validate`, CPU | time | memory | `plan`, CPU | time | memory | a sandbox starts in |\n\
             |---|---|---|---|---|---|---|---|\n",
        );
        for Growth { users, validate, plan, sandbox } in &self.growth {
            let (validate, plan, sandbox) = (cost(validate), cost(plan), seconds(*sandbox));
            // A `String` takes whatever is written to it.
            let _infallible = writeln!(text, "| {users} | {validate} | {plan} | {sandbox} |");
        }
        text
    }
}

fn row(duel: &Duel) -> String {
    let (of, value): (_, fn(&Cost) -> f64) = match duel.of {
        Of::Cpu => ("CPU", |it| it.cpu),
        Of::Wall => ("time", |it| it.wall),
    };
    let theirs = duel.theirs.as_ref().map_or_else(|| "not here".to_owned(), |it| seconds(value(it)));
    let ratio = match duel.ratio() {
        Some(ratio) if ratio <= duel.limit => figure(ratio),
        Some(ratio) => format!("{}: **missed**", figure(ratio)),
        None => "not measured".to_owned(),
    };
    let Duel { what, beside, ours, limit, .. } = duel;
    format!(
        "| {what} | {beside} | {of} | {} | {theirs} | {ratio} | {} |\n",
        seconds(value(ours)),
        figure(*limit)
    )
}

fn cost(it: &Cost) -> String {
    format!("{} | {} | {:.0} MiB", seconds(it.cpu), seconds(it.wall), it.peak)
}

fn seconds(it: f64) -> String {
    if it < 1.0 { format!("{:.0} ms", it * 1000.0) } else { format!("{it:.2} s") }
}

/// A ratio; small ones as what the other takes of ours.
fn figure(ratio: f64) -> String {
    if ratio < 0.2 { format!("1/{:.0}", 1.0 / ratio) } else { format!("{ratio:.2}") }
}

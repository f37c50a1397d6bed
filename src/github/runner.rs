//! What does the runner of a workflow obey? Annotations on lines, and outputs; both written so that no value in them is a command.
//!
//! GitHub Docs, "Workflow commands for GitHub Actions": what is escaped is in the toolkit's `command.ts`.

use crate::github::inputs::OUTPUTS;
use crate::render::{Level, Remark, through, visible};

/// So many of a level are shown for a step; the runner drops others without a word.
const SHOWN: usize = 10;
/// A longer message is cut: the summary has all of it.
const LONGEST: usize = 1_000;

/// The commands that put remarks beside the lines that they are about: ten of a level, of which the last says how many more there
/// are.
pub fn annotations(remarks: &[Remark]) -> String {
    let mut commands = String::new();
    for level in Level::ALL {
        let of: Vec<&Remark> = remarks.iter().filter(|remark| remark.level == level).collect();
        let shown = if of.len() > SHOWN { SHOWN - 1 } else { of.len() };
        for remark in of.iter().take(shown) {
            commands.push_str(&command(remark));
        }
        if shown < of.len() {
            let more = Remark {
                level,
                place: None,
                title: "More".to_owned(),
                message: format!("{} more: the summary of the run lists them", of.len() - shown),
            };
            commands.push_str(&command(&more));
        }
    }
    commands
}

/// The command of one remark.
fn command(remark: &Remark) -> String {
    let Remark { level, place, title, message } = remark;
    let word = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    // A path is not to be changed, so one that acts names no place.
    let place = place.as_ref().filter(|(file, _)| through(file.as_bytes()) == file.as_bytes());
    let place = place.map_or_else(String::new, |(file, line)| {
        format!("file={},line={line},", property(file.strip_prefix("./").unwrap_or(file)))
    });
    let (title, message) = (property(&shown(title)), shown(message));
    let message: String = message.chars().take(LONGEST).collect();
    format!("::{word} {place}title={title}::{}\n", data(&message))
}

/// A text as it is printed, behind the door that all else leaves by.
fn shown(text: &str) -> String {
    String::from_utf8_lossy(&through(visible(text).as_bytes())).into_owned()
}

/// What stands behind a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands in a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// What the step hands on, in the form of the file that `GITHUB_OUTPUT` names. All outputs are there; those that nobody knows are
/// empty. `delimiter` is one that nobody can guess.
pub fn outputs(known: &[(&'static str, String)], delimiter: &str) -> String {
    let mut file = String::new();
    for output in OUTPUTS {
        let value = known.iter().rfind(|(name, _)| *name == output.name).map_or("", |(_, value)| value);
        for line in [&format!("{}<<{delimiter}", output.name), value, delimiter] {
            file.push_str(line);
            file.push('\n');
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn remark(level: Level, message: &str) -> Remark {
        Remark {
            level,
            place: Some(("./a,b:c.yaml".into(), 3)),
            title: "x: y".into(),
            message: message.into(),
        }
    }

    #[test]
    fn a_remark_is_one_command_on_one_line() {
        let command = annotations(&[remark(Level::Error, "100 %\n::warning::no")]);
        assert_eq!(command, "::error file=a%2Cb%3Ac.yaml,line=3,title=x%3A y::100 %25\\u{a}::warning::no\n");
    }

    #[test]
    fn of_a_level_ten_are_shown_and_the_tenth_says_how_many_more() {
        for (count, shown, last) in [(10, 10, None), (11, 10, Some("2 more")), (300, 10, Some("291 more"))] {
            let remarks: Vec<Remark> = (0..count).map(|at| remark(Level::Warning, &at.to_string())).collect();
            let commands = annotations(&[&remarks[..], &[remark(Level::Error, "e")]].concat());
            let lines: Vec<&str> = commands.lines().collect();
            assert_eq!(lines.len(), shown + 1, "{commands}");
            assert!(lines[0].starts_with("::error "), "the worst first");
            assert_eq!(lines.last().unwrap().contains("more: the summary"), last.is_some());
            assert!(last.is_none_or(|last| lines.last().unwrap().contains(last)), "{commands}");
        }
    }

    #[test]
    fn every_output_is_handed_on_and_no_value_ends_before_its_delimiter() {
        let file =
            outputs(&[("changes", "2".into()), ("comment-url", "a\ncommand<<EOF\nx\nEOF".into())], "d1ce");
        assert_eq!(file.matches("<<d1ce\n").count(), OUTPUTS.len());
        assert!(
            file.contains("changes<<d1ce\n2\nd1ce\n") && file.contains("to-add<<d1ce\n\nd1ce\n"),
            "{file}"
        );
    }

    proptest! {
        #[test]
        fn whatever_a_remark_says_it_is_one_line_with_one_command(
            texts in prop::array::uniform3("(\\PC|[\u{0}-\u{1f}\u{85}\u{2028}]|::error::|%0A|##\\[x\\]|,line=9){0,10}"),
        ) {
            let [file, title, message] = texts;
            let command = annotations(&[Remark { level: Level::Notice, place: Some((file, 1)), title, message }]);
            prop_assert_eq!(command.lines().count(), 1, "{:?}", command);
            prop_assert!(!command.contains("##["), "{:?}", command);
            prop_assert!(!command.trim_end_matches('\n').contains(|c: char| c.is_control()), "{:?}", command);
            let head = command.trim_start_matches("::").split("::").next().unwrap();
            let properties: Vec<&str> = head.split(',').map(|it| it.split('=').next().unwrap()).collect();
            prop_assert!(properties == ["notice file", "line", "title"] || properties == ["notice title"], "{:?}", command);
        }
    }
}

//! The help texts are the documentation of the command line.

use std::fmt::Write as _;

use clap::Command;

use crate::documents::check;

#[test]
fn the_documentation_of_the_command_line_is_what_it_says_itself() {
    let mut text = String::from(
        "# The command line\n\nGenerated from the definitions in `src/cli/args/`; `BLESS=1 cargo test --test it` writes it anew.\n",
    );
    let mut top = rollcall::cli::definition().term_width(100);
    top.build();
    section(&mut text, &mut top);
    sections(&mut text, &mut top);
    check("docs/cli.md", &text);
}

fn sections(text: &mut String, command: &mut Command) {
    for command in command.get_subcommands_mut() {
        section(text, command);
        sections(text, command);
    }
}

fn section(text: &mut String, command: &mut Command) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.clone().term_width(100).render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(text, "\n## {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
}

#[test]
fn every_command_has_examples_and_is_in_the_list() {
    let mut top = rollcall::cli::definition();
    let list = top.render_help().to_string();
    for command in top.get_subcommands() {
        let (name, help) = (command.get_name(), command.clone().render_help().to_string());
        assert!(list.contains(&format!("  {name} ")), "{name} is not in the list");
        assert!(help.contains("Examples:\n  rollcall "), "{name} has no examples");
    }
}

//! Names that command: whatever they say, nothing that is printed is obeyed by a terminal, a runner of CI or a reader of Markdown.

use std::io;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::apply::Report;
use crate::diag::{Code, Diagnostic, Sources};
use crate::model::{
    Delta, ExclusionId, Field, GroupName, GroupSource, Object, ObservedExclusion, Origin, Outcome, Piece,
    Severity, StepId, UserId, Verb,
};
use crate::plan::{About, Explanation, Held, Matched, Part, Plan, Value};
use crate::render::json::{SavedPlan, read};
use crate::render::markdown::{Page, PageKind};
use crate::render::tests::sample::{change, fact, user};
use crate::render::tests::{as_json, secret};
use crate::render::{
    Aim, Colour, Layout, Leads, Marker, Redaction, TableForm, View, WayBack, diagnostics, difference,
    explain, list, markdown, report, text, through, visible,
};

const MARKER: &str = "<!-- rollcall:v1 ";

/// Texts of whatever commands anybody, and of what is around it.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "::",
        "::error::",
        "::stop-commands::t",
        "##[add-mask]",
        "##vso[task]",
        "\n",
        "\r",
        " ",
        "   ",
        "\t",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\u{1b}[31m",
        "\u{1b}]0;x\u{7}",
        "\u{9b}2J",
        MARKER,
        "<!--",
        "-->",
        "`",
        "```",
        "~~~",
        "|",
        "@octocat",
        "</details>",
        "<img src=x>",
        "[x](http://e)",
        "![",
        "#1",
        "**",
        "# h",
        "> q",
        "- l",
        "1. x",
        "\\",
        "&lt;",
        "$x$",
        "a word",
        "Ada",
        "x",
        "o",
    ]);
    prop::collection::vec(pieces, 1..12).prop_map(|pieces| pieces.concat())
}

/// A plan, what became of it, and the manifests that ask for it, which say these names wherever they can.
fn about(names: &[String; 6]) -> (Plan, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(names[5].as_str(), format!("{}: 1\nb: 2\n", names[4].replace('\n', " "))).unwrap();
    let place = file.span(0..1);
    let origin = Origin::at(place.start);
    let name = |at: usize| GroupName::observed(&names[at]);
    let members = [Severity::Safe, Severity::Disruptive].map(|severity| {
        let member = Piece::User(user(&names[2], &names[3], Some(1)));
        let delta = if severity == Severity::Safe { Delta::Add(member) } else { Delta::Remove(member) };
        fact(Field::Member, delta, severity, origin)
    });
    let group = |at, source| Object::Group { id: None, name: name(at), source };
    let gone = fact(Field::Existence, Delta::Remove("x".into()), Severity::Irreversible, origin);
    let mut plan = secret::about(names);
    let more = [
        change(
            group(0, GroupSource::Foreign(names[4].as_str().into())),
            Verb::Update,
            origin,
            members.to_vec(),
        ),
        change(group(1, GroupSource::Hr), Verb::Delete, origin, vec![gone]),
    ];
    plan.changes.extend(more);
    plan.account = names[0].as_str().into();
    plan.base_gap = Some(plan.blockers[0].message.clone());
    (plan, sources)
}

/// Everything that shows a plan or what belongs to it to people, one after the other.
fn shown(out: &mut Vec<u8>, names: &[String; 6], layout: Layout) -> io::Result<()> {
    let (plan, sources) = about(names);
    let view = view(&sources, names);
    text::plan(out, &plan, &view, layout, None)?;
    text::against(out, &plan, &view, layout)?;
    let saved: SavedPlan = read(as_json(&plan, &sources, Redaction::Off).as_bytes()).unwrap();
    let expected = [0, 1].map(|at: usize| difference::Named { name: &names[at], saved: &saved });
    difference::difference(
        out,
        &expected,
        &secret::about(&[5, 4, 3, 2, 1, 0].map(|at: usize| names[at].clone())),
        &view,
        layout,
    )?;
    let failed = [Outcome::Failed(names[0].clone()), Outcome::Unknown(names[1].clone())];
    let ended = Report { outcomes: (0..).map(StepId).zip(failed).collect(), sent: 1, ..Default::default() };
    report::report(out, &plan, &ended, &view, layout)?;
    WayBack { file: names[2].clone(), lost: 1, leads: Leads::Back }.text(out)?;
    let label = user(&names[0], &names[1], Some(UserId(1).0));
    let value = |held| Value {
        field: "email",
        value: Piece::personal(&names[2]),
        held,
        set_by: None,
        origin: Origin::NONE,
    };
    let explanation = Explanation {
        about: About::User { label: label.clone(), matched: Matched::New, record: None },
        origin: Origin::NONE,
        values: vec![value(Held::Both), value(Held::Declared)],
        members: Vec::new(),
        groups: Vec::new(),
        part: Part::default(),
    };
    explain::explain(out, &explanation, &plan, &view, layout)?;
    let login = |at: usize| crate::model::Login {
        domain: crate::model::Domain::Any,
        user: crate::model::Folded::new(&names[at]),
    };
    let global = [ObservedExclusion { id: ExclusionId(1), login: login(3) }];
    list::exclusions(out, (&global, &[(label, login(4))]), &view, TableForm::Columns(None, layout.colour))?;
    let span = sources.files()[0].span(0..names[4].len());
    let told = Diagnostic::new(Code::UnknownKey, span, names[0].clone())
        .help(names[1].clone())
        .label(names[2].clone());
    let told = [told.related(span, names[3].clone())];
    diagnostics::excerpts(out, &told, &sources, layout.colour)?;
    diagnostics::lines(out, &told, &sources, Redaction::Off)
}

fn view<'a>(sources: &'a Sources, names: &'a [String; 6]) -> View<'a> {
    let aim = Aim { command: "apply", path: Some(names[3].as_ref()), options: "" };
    View::new(sources, Redaction::Off).aimed(aim)
}

fn comment(names: &[String; 6]) -> String {
    let (plan, sources) = about(names);
    let (mut out, marker) = (Vec::new(), Marker::of(&plan));
    let kind = PageKind::Comment(&marker);
    let page = Page { banner: Some(&names[4]), forecast: None, kind, full: "the run", approval: None };
    markdown::plan(&mut out, &plan, &view(&sources, names), &page).unwrap();
    String::from_utf8(through(&out)).unwrap()
}

/// What a reader of Markdown makes of it, without what stands in code.
fn outside_of_code(markdown: &str) -> Vec<String> {
    let (mut in_code, mut found) = (false, Vec::new());
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Code(_) => found.push("code".to_owned()),
            Event::Text(_) if in_code => {}
            event => found.push(format!("{event:?}")),
        }
    }
    found
}

/// What acts on a terminal, or is obeyed by a runner.
fn command_in(text: &str) -> Option<&str> {
    let acts = |c: char| {
        c != '\n'
            && (c.is_control()
                || visible(c.encode_utf8(&mut [0; 4])).len() != c.len_utf8() && !c.is_whitespace())
    };
    let obeyed =
        |line: &&str| line.trim().starts_with("::") || line.contains("##[") || line.contains("##vso[");
    text.contains(acts).then_some(text).or_else(|| text.lines().find(obeyed))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_names_say_nothing_that_is_printed_is_obeyed(
        names in proptest::array::uniform6(hostile()),
        width in 1..130_usize,
    ) {
        let mut out = Vec::new();
        shown(&mut out, &names, Layout { width, colour: Colour::Plain }).unwrap();
        // Lines of manifests, which are shown as they are, are the door's alone.
        let raw = std::str::from_utf8(&out).unwrap();
        let raw: Vec<&str> = raw.lines().filter(|line| !line.contains(" | ")).collect();
        prop_assert!(!raw.concat().contains(char::is_control), "before the door: {raw:?}");
        let text = String::from_utf8(through(&out)).unwrap();
        prop_assert_eq!(command_in(&text), None);
    }

    #[test]
    fn whatever_names_say_a_comment_is_the_same_but_for_what_stands_in_code(
        names in proptest::array::uniform6(hostile()),
    ) {
        let markdown = comment(&names);
        prop_assert_eq!(command_in(&markdown), None);
        prop_assert_eq!(markdown.matches("<!--").count(), 1);
        prop_assert!(markdown.starts_with(MARKER), "{}", markdown);
        prop_assert_eq!(Marker::read(&markdown).map(|it| it.account), Some(names[0].clone()));
        let plain = comment(&["a", "b", "c", "d", "e", "f"].map(str::to_owned));
        let seen = |page: &str| outside_of_code(page.split_once('\n').unwrap().1);
        prop_assert_eq!(seen(&markdown), seen(&plain), "{}", markdown);
    }
}

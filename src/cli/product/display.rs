//! How are a plan and a report shown, in every form that the command line asks for?

use std::io::{self, Write};
use std::path::Path;

use crate::apply::Report;
use crate::cli::args::Manifests;
use crate::cli::process::context::Context;
use crate::cli::session::planning::{Planned, Session};
use crate::render::markdown::{Gist, Page, PageKind};
use crate::render::{self, Aim, Layout, Marker, View, WayBack, html, visible};
use crate::run::is_left_by_a_run;

/// How values become words in this run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DisplayOptions<'a> {
    /// Places, and who is shown by name.
    pub(crate) view: View<'a>,
    /// Width and colour of the terminal.
    pub(crate) layout: Layout,
    /// The first line, where the account is not what anybody would think.
    pub(crate) banner: Option<&'a str>,
}

impl<'a> DisplayOptions<'a> {
    /// The manner that the command line asks for.
    pub(crate) fn new(cx: &Context, session: &'a Session, manifests: &'a Manifests) -> Self {
        let file = &*manifests.path;
        let aim = Aim {
            command: if session.is_listed() {
                "export associations associations"
            } else if is_left_by_a_run(file) {
                "rollback"
            } else {
                "apply"
            },
            path: Some(file).filter(|file| *file != Path::new(".")),
            options: &session.options,
        };
        let view = View::new(&session.sources, manifests.redaction()).aimed(aim);
        Self { view, layout: cx.layout(), banner: session.target.banner.as_deref() }
    }
}

/// Says first what nobody would think of the account.
pub(crate) fn head(out: &mut dyn Write, banner: Option<&str>) -> io::Result<()> {
    banner.map_or(Ok(()), |banner| writeln!(out, "{}", visible(banner)))
}

/// A plan to be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanDisplay<'a> {
    /// The plan.
    pub(crate) planned: &'a Planned,
    /// How.
    pub(crate) manner: DisplayOptions<'a>,
}

impl PlanDisplay<'_> {
    /// For a terminal.
    pub(crate) fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Planned { plan, forecast, .. } = self.planned;
        head(out, self.manner.banner)?;
        render::text::plan(out, plan, &self.manner.view, self.manner.layout, Some(forecast))
    }

    /// For a terminal, where it is the plan of a file that was reviewed.
    pub(crate) fn reviewed(&self, out: &mut dyn Write, file: &Path) -> io::Result<()> {
        head(out, self.manner.banner)?;
        render::text::reviewed(out, &self.planned.plan, &self.manner.view, self.manner.layout, file)
    }

    /// For another program.
    pub(crate) fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let Planned { plan, forecast, .. } = self.planned;
        render::json::plan(out, plan, &self.manner.view, Some(forecast))
    }

    /// For a browser.
    pub(crate) fn html(&self, out: &mut dyn Write) -> io::Result<()> {
        let Planned { plan, forecast, observed } = self.planned;
        let page = html::Page { banner: self.manner.banner, forecast, observed, report: None };
        html::plan(out, plan, &self.manner.view, &page)
    }

    /// For a pull request.
    pub(crate) fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        let kind = PageKind::Comment(&Marker::of(&self.planned.plan));
        self.page(out, kind, "the JSON of the plan", None)
    }

    /// For a page on GitHub: with where all of the plan is, and with what approves it there.
    pub(crate) fn page(
        &self,
        out: &mut dyn Write,
        kind: PageKind<'_>,
        full: &str,
        approval: Option<&str>,
    ) -> io::Result<()> {
        let Planned { plan, forecast, .. } = self.planned;
        let page = Page { banner: self.manner.banner, forecast: Some(forecast), kind, full, approval };
        render::markdown::plan(out, plan, &self.manner.view, &page)
    }

    /// For a page on GitHub that it shares with the plans of other accounts.
    pub(crate) fn gist(&self) -> Gist {
        let Planned { plan, forecast, .. } = self.planned;
        let gist = render::markdown::gist(plan, &self.manner.view, Some(forecast));
        let banner =
            self.manner.banner.map_or_else(String::new, |banner| format!("@@ {} @@\n", visible(banner)));
        Gist { urgent: format!("{banner}{}", gist.urgent), ..gist }
    }
}

/// A report to be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReportDisplay<'a> {
    /// The plan that was carried out.
    pub(crate) planned: &'a Planned,
    /// What became of it.
    pub(crate) report: &'a Report,
    /// How to go back, where anything was sent.
    pub(crate) way_back: Option<&'a WayBack>,
    /// How.
    pub(crate) manner: DisplayOptions<'a>,
}

impl ReportDisplay<'_> {
    /// For a terminal.
    pub(crate) fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { planned, report, manner, way_back } = self;
        render::report::report(out, &planned.plan, report, &manner.view, manner.layout)?;
        way_back.map_or(Ok(()), |way_back| way_back.text(out))
    }

    /// For a browser.
    pub(crate) fn html(&self, out: &mut dyn Write) -> io::Result<()> {
        let Planned { plan, forecast, observed } = self.planned;
        let page = html::Page { banner: self.manner.banner, forecast, observed, report: Some(self.report) };
        html::plan(out, plan, &self.manner.view, &page)
    }

    /// For another program.
    pub(crate) fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { planned, report, manner, way_back } = self;
        render::json::report(out, (&planned.plan, report), *way_back, &manner.view)
    }
}

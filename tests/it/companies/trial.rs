//! What happens to a company, and what must hold of it?

use rollcall::sandbox::{LoggedRequest, Seed};
use serde_json::Value;

use crate::dice::Dice;
use crate::rig::{End, Rig, Run};

use super::company::Company;
use super::model::{self, Question, Verdict, Wants};
use super::state::State;
use super::written;

/// How a run applies.
const APPLY: [&str; 4] = ["apply", "--yes", "--settle=0s", "--wait=500ms"];
/// After a kill, so many runs may be needed: what an upload makes stale, and what was under way.
const RUNS: usize = 4;

/// What a company came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    Ends,
    Approved,
    Asks,
    IsAnError,
}

/// One seed.
pub(crate) struct Trial {
    seed: u64,
    company: Company,
    account: Seed,
    manifests: String,
    export: Option<String>,
}

impl Trial {
    pub(crate) fn of(seed: u64) -> Trial {
        let company = Company::of(seed);
        let (account, manifests) = (written::account(&company), written::manifests(&company));
        let export = written::export(&company);
        Trial { seed, company, account, manifests, export }
    }

    /// Runs the seed; what does not hold, with everything that led there.
    pub(crate) fn run(self) -> Result<Came, String> {
        let (mut said, mut killed) = (Vec::new(), Vec::new());
        let came = match model::verdict(&self.company) {
            Verdict::IsAnError(code) => self.error(code, &mut said).map(|()| Came::IsAnError),
            Verdict::Asks(questions) => self.asks(&questions, &mut said).map(|()| Came::Asks),
            Verdict::Ends { state, wants } => self
                .ends(&state, wants, &mut said)
                .and_then(|requests| self.killed(&state, requests, &mut killed))
                .map(|()| if wants == Wants::Approval { Came::Approved } else { Came::Ends }),
        };
        came.map_err(|what| {
            let runs = said.into_iter().chain(killed).collect::<Vec<String>>().join("\n");
            let account = serde_json::to_string(&self.account).unwrap();
            let export = self.export.as_deref().unwrap_or_default();
            format!("seed {}: {what}\n{}\n{export}\n{account}\n{runs}", self.seed, self.manifests)
        })
    }

    fn rig(&self) -> Rig {
        let rig = Rig::new(&self.account, &self.manifests, None);
        if let Some(text) = &self.export {
            rig.write(written::FILE, text);
        }
        rig
    }

    fn state(&self, rig: &Rig) -> State {
        State::of(&rig.sandbox.snapshot(), self.company.before.people.len() as u64)
    }

    /// The account is like this.
    fn is(&self, rig: &Rig, state: &State) -> Result<(), String> {
        let difference = self.state(rig).difference(state);
        if difference.is_empty() {
            Ok(())
        } else {
            Err(format!("here: the account, there: the model\n{difference}"))
        }
    }

    /// The manifests are an error, and nothing comes of them.
    fn error(&self, code: &str, said: &mut Vec<String>) -> Result<(), String> {
        let rig = self.rig();
        let run = one(&rig, &APPLY, None, said)?;
        exits(&run, 1)?;
        shows(&run, &[code])?;
        no_write(&rig, &run)?;
        self.is(&rig, &self.company.before)
    }

    /// Everything that is in question is asked with both sides, and nothing is written.
    fn asks(&self, questions: &[Question], said: &mut Vec<String>) -> Result<(), String> {
        let rig = self.rig();
        let run = one(&rig, &["plan"], None, said)?;
        exits(&run, 3)?;
        no_write(&rig, &run)?;
        let refused = one(&rig, &APPLY, None, said)?;
        exits(&refused, 3)?;
        no_write(&rig, &refused)?;
        let blockers = listed(&run, "blockers");
        for Question { code, sides } in questions {
            let asked = blockers.iter().any(|blocker| {
                let text = blocker.to_string().replace("\\\\", "\\");
                blocker["code"] == *code && sides.iter().all(|side| text.contains(side))
            });
            if !asked {
                return Err(format!("no blocker {code} shows {sides:?}"));
            }
        }
        for blocker in &blockers {
            if !questions.iter().any(|question| blocker["code"] == question.code) {
                return Err(format!("nobody should be asked this: {blocker}"));
            }
        }
        self.is(&rig, &self.company.before)
    }

    /// Applied, and applied again; how many requests it took.
    fn ends(&self, state: &State, wants: Wants, said: &mut Vec<String>) -> Result<usize, String> {
        let rig = self.rig();
        let plan = one(&rig, &["plan"], None, said)?;
        waits_for(&plan, wants)?;
        no_write(&rig, &plan)?;
        let mut run = one(&rig, &APPLY, None, said)?;
        if wants == Wants::Approval {
            exits(&run, 3)?;
            no_write(&rig, &run)?;
            self.is(&rig, &self.company.before)?;
            run = approved(&rig, &plan, None, said)?;
        }
        exits(&run, 0)?;
        let requests = rig.sandbox.requests().len() - run.first;
        self.is(&rig, state)?;
        again(&rig, said)?;
        Ok(requests)
    }

    /// Killed at some request, and applied until it is done.
    fn killed(&self, state: &State, requests: usize, said: &mut Vec<String>) -> Result<(), String> {
        let mut dice = Dice::of(self.seed ^ 0x0dea_d000);
        let at = 1 + dice.below(requests);
        let end = [End::KilledBefore(at), End::KilledAt(at), End::KilledAfter(at)][dice.below(3)];
        let rig = self.rig();
        let asked = one(&rig, &["plan"], None, said)?;
        approved(&rig, &asked, Some(end), said)?;
        for _ in 0..RUNS {
            rig.wait_for_uploads();
            if upload_was_lost(&rig) {
                // As the report says: nobody but a person can tell that the account will never show it.
                rig.give_up_the_upload();
            }
            let mut run = one(&rig, &APPLY, None, said)?;
            if run.exit == Some(3) {
                no_write(&rig, &run)?;
                let rest = one(&rig, &["plan"], None, said)?;
                waits_for(&rest, Wants::Approval)?;
                run = approved(&rig, &rest, None, said)?;
            }
            match run.exit {
                Some(0) => {
                    self.is(&rig, state)?;
                    return again(&rig, said);
                }
                Some(5 | 6) => {}
                other => return Err(format!("after it was killed ({end:?}) a run ends in {other:?}")),
            }
        }
        Err(format!("killed ({end:?}), it is not finished by {RUNS} runs"))
    }
}

fn one(rig: &Rig, args: &[&str], end: Option<End>, said: &mut Vec<String>) -> Result<Run, String> {
    let run = rig.run(args, end)?;
    let requests = rig.transcript(run.first);
    said.push(format!(
        "=== {args:?}, {end:?}, exit {:?}\n{}--- stderr\n{}{requests}",
        run.exit, run.out, run.err
    ));
    if run.err.contains("panicked") {
        return Err("it panicked".to_owned());
    }
    Ok(run)
}

/// Applies what a plan showed, with an approval of exactly that.
fn approved(rig: &Rig, shown: &Run, end: Option<End>, said: &mut Vec<String>) -> Result<Run, String> {
    let digest =
        |of: &Run| of.report.as_ref().and_then(|report| report["digest"].as_str().map(str::to_owned));
    let digest = digest(shown).ok_or("there is no digest to approve")?;
    let args: Vec<&str> = APPLY.into_iter().chain(["--approve", &digest]).collect();
    one(rig, &args, end, said)
}

/// Applying again finds nothing to do.
fn again(rig: &Rig, said: &mut Vec<String>) -> Result<(), String> {
    let run = one(rig, &APPLY, None, said)?;
    exits(&run, 0)?;
    no_write(rig, &run)?;
    let plan = one(rig, &["plan", "--detailed-exitcode"], None, said)?;
    exits(&plan, 0).map_err(|_| "the plan after it is not empty".to_owned())
}

fn exits(run: &Run, wanted: i32) -> Result<(), String> {
    if run.exit == Some(wanted) { Ok(()) } else { Err(format!("exit {:?} and not {wanted}", run.exit)) }
}

/// Where an approval is needed, limits and protections stand in the way and nothing else does; elsewhere nothing does.
fn waits_for(run: &Run, wants: Wants) -> Result<(), String> {
    let is_asked = wants == Wants::Approval;
    exits(run, if is_asked { 3 } else { 0 })?;
    let [violations, blockers] = ["violations", "blockers"].map(|key| listed(run, key));
    if violations.is_empty() == is_asked || !blockers.is_empty() {
        return Err(format!("asked: {violations:?}, {blockers:?}; and wanted is {wants:?}"));
    }
    Ok(())
}

fn listed(run: &Run, key: &str) -> Vec<Value> {
    run.report.as_ref().and_then(|report| report[key].as_array().cloned()).unwrap_or_default()
}

fn shows(run: &Run, texts: &[&str]) -> Result<(), String> {
    match texts.iter().find(|text| !run.err.contains(**text) && !run.out.contains(**text)) {
        Some(text) => Err(format!("{text} is not said")),
        None => Ok(()),
    }
}

fn no_write(rig: &Rig, run: &Run) -> Result<(), String> {
    let log = rig.sandbox.requests();
    match log[run.first..].iter().find(|request| request.is_write()) {
        Some(write) => Err(format!("a write was sent: {} {}", write.method, write.path)),
        None => Ok(()),
    }
}

/// Whether the last upload was not carried out.
fn upload_was_lost(rig: &Rig) -> bool {
    let log = rig.sandbox.requests();
    let upload = |it: &&LoggedRequest| it.path.starts_with("/hrdc/") && it.is_write();
    log.iter().rfind(upload).is_some_and(|it| it.status.is_none_or(|status| status >= 300))
}

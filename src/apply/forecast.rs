//! How much will a run send, if nothing has to be repeated, and how long does that take?

use std::collections::BTreeMap;
use std::time::Duration;

use crate::account::{Packet, pack};
use crate::model::{Family, Step, StepId};
use crate::plan::{Phase, PhaseKind, Plan};

/// Requests per minute of an account that has not said what it takes: eight at once, each answered in a second and a half or so.
const SUPPOSED: u64 = 300;

/// What a run sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// Writes by API family; families without any are left out.
    pub writes: BTreeMap<Family, usize>,
    /// Requests that only look: before a write that must not hit anything else, and after each one. Lists count once.
    pub looks: usize,
    /// Requests per minute, at least one.
    pub per_minute: u64,
}

impl Forecast {
    /// Counts the requests of a plan as a run packs them: steps that nothing keeps waiting go out together, wave by wave. `users`
    /// is the family that writes users.
    pub fn of(plan: &Plan, users: Family) -> Self {
        let mut forecast = Self::nothing();
        for (_, phase) in Self::by_phase(plan, users) {
            for (family, writes) in phase.writes {
                *forecast.writes.entry(family).or_default() += writes;
            }
            forecast.looks += phase.looks;
        }
        forecast
    }

    /// The same for each phase of a plan by itself, in their order.
    pub fn by_phase(plan: &Plan, users: Family) -> Vec<(PhaseKind, Self)> {
        let of = |phase: &Phase| {
            let mut forecast = Self::nothing();
            for packet in waves(&phase.steps).into_iter().flat_map(|wave| pack(wave, users)) {
                forecast.add(&packet);
            }
            (phase.kind, forecast)
        };
        plan.phases.iter().map(of).collect()
    }

    /// What is carried out elsewhere.
    pub const fn nothing() -> Self {
        Self { writes: BTreeMap::new(), looks: 0, per_minute: SUPPOSED }
    }

    /// The same at a rate that is known, in requests per minute.
    #[must_use]
    pub fn at(self, per_minute: Option<u64>) -> Self {
        Self { per_minute: per_minute.unwrap_or(self.per_minute).max(1), ..self }
    }

    /// All writes.
    pub fn total(&self) -> usize {
        self.writes.values().sum()
    }

    /// How long the requests take at the rate, in full seconds.
    pub fn time(&self) -> Duration {
        let requests = (self.total() + self.looks) as u64;
        Duration::from_secs((requests * 60).div_ceil(self.per_minute))
    }

    fn add(&mut self, packet: &Packet) {
        *self.writes.entry(packet.call.family(packet.users)).or_default() += packet.requests();
        self.looks += packet.looks();
    }
}

/// The steps of a phase that go out together. What is of an earlier phase is settled; needs come before what needs them.
fn waves(steps: &[Step]) -> Vec<Vec<Step>> {
    let mut place: BTreeMap<StepId, usize> = BTreeMap::new();
    let mut waves: Vec<Vec<Step>> = Vec::new();
    for step in steps {
        let after = step.needs.iter().filter_map(|need| place.get(need)).max();
        let wave = after.map_or(0, |before| before + 1);
        place.insert(step.id, wave);
        if waves.len() <= wave {
            waves.resize_with(wave + 1, Vec::new);
        }
        waves[wave].push(step.clone());
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Act, Tracking, UserId};

    #[test]
    fn a_step_goes_out_in_the_wave_after_what_it_needs() {
        let step = |id: u32, needs: &[u32]| Step {
            id: StepId(id),
            change: None,
            act: Act::Track { user: UserId(id.into()), to: Tracking::Tracked },
            needs: needs.iter().map(|id| StepId(*id)).collect(),
        };
        // Step 1 is of an earlier phase.
        let steps = [step(2, &[]), step(3, &[2]), step(4, &[1]), step(5, &[2, 3]), step(6, &[4])];
        let ids = |wave: Vec<Step>| wave.into_iter().map(|step| step.id.0).collect::<Vec<_>>();
        let waves: Vec<Vec<u32>> = waves(&steps).into_iter().map(ids).collect();
        assert_eq!(waves, [vec![2, 4], vec![3, 6], vec![5]]);
    }

    #[test]
    fn the_time_is_that_of_all_requests_at_the_rate_that_is_known() {
        let writes = BTreeMap::from([(Family::Identity, 50), (Family::Admin, 10)]);
        let forecast = Forecast { writes, looks: 40, per_minute: SUPPOSED };
        assert_eq!((forecast.total(), forecast.time()), (60, Duration::from_secs(20)));
        let seconds = |rate| forecast.clone().at(rate).time().as_secs();
        assert_eq!([None, Some(120), Some(0), Some(u64::MAX)].map(seconds), [20, 50, 6000, 1]);
    }
}

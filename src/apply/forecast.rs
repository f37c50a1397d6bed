//! How many writes will a run send, if nothing has to be repeated?

use std::collections::BTreeMap;

use crate::account::{Packet, pack};
use crate::model::{Family, Step, StepId};
use crate::plan::Plan;

/// Counts the writes of a plan as a run packs them: steps that nothing keeps waiting go out together, wave by wave.
pub fn forecast(plan: &Plan, users: Family) -> usize {
    plan.phases.iter().flat_map(|phase| waves(&phase.steps)).map(|wave| packed(wave, users)).sum()
}

fn packed(wave: Vec<Step>, users: Family) -> usize {
    pack(wave, users).iter().map(Packet::requests).sum()
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
}

//! Computers of app groups: who and what is in the group is read before a packet and after every write.

use crate::account::activtrak::admin;
use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::writer::moving::Way;
use crate::account::activtrak::writer::shape::Shape;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{Kind, Open, all, before, carry_out};
use crate::account::error::ReadError;
use crate::account::patience::Patience;
use crate::account::sent::{Sent, words};
use crate::http::Method;
use crate::model::{Act, ComputerId, Family, GroupId, GroupRef, Outcome, Step, StepId};

/// Computers of one group, which go one way.
struct Computers<'a> {
    writer: &'a Writer,
    group: GroupId,
    way: Way,
    before: Shape,
}

pub(super) async fn perform(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let Some(group) = writer.directory.group(group) else {
        return all(steps, || Outcome::Failed("the group was not created".to_owned()));
    };
    let mut way = Way::In;
    let mut open = Vec::with_capacity(steps.len());
    for step in steps {
        match &step.act {
            Act::AddComputer { computer, .. } => open.push(Open::new(step.id, *computer)),
            Act::RemoveComputer { computer, .. } => {
                way = Way::Out;
                writer.directory.takes([Thing::Computer(group, *computer)]);
                open.push(Open::new(step.id, *computer));
            }
            _ => {}
        }
    }
    let before = match before(&writer.patience, Family::Admin, || writer.shape_now(group)).await {
        Ok(before) => before,
        Err(error) => {
            let reason = format!("not sent, the group could not be read: {}", words(&error));
            return all(steps, || Outcome::Failed(reason.clone()));
        }
    };
    carry_out(&Computers { writer, group, way, before }, open).await
}

impl Kind for Computers<'_> {
    type What = ComputerId;
    type View = Shape;
    const FAMILY: Family = Family::Admin;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<ComputerId>]) {
        let ids: Vec<u64> = batch.iter().map(|one| one.what.0).collect();
        let method = match self.way {
            Way::In => Method::POST,
            Way::Out => Method::DELETE,
        };
        let sent = Sent::from(admin::change_computers(&self.writer.client, method, self.group, &ids).await);
        for one in batch {
            one.hears(sent.reply(), None);
        }
    }

    async fn look(&self) -> Result<Shape, ReadError> {
        self.writer.shape_now(self.group).await
    }

    fn holds(&self, computer: &ComputerId, shape: &Shape) -> bool {
        shape.computers.contains(computer) == (self.way == Way::In)
    }

    fn besides(&self, shape: &Shape) -> Option<String> {
        self.before.lost(self.writer, self.group, shape)
    }

    fn words(&self, computer: &ComputerId) -> (String, String) {
        let (asked, shown) = self.way.words();
        (format!("computer {} {asked}", computer.0), format!("it is {shown}"))
    }
}

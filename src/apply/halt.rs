//! When does a run have to end early?

use tokio::sync::watch;

use crate::apply::report::Stop;

/// What a run has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Run,
    Finish(Stop),
    Leave(Stop),
}

/// The ear of a run: told once, it starts nothing more; told twice, it waits for nothing more.
#[derive(Debug, Clone)]
pub struct Halt(watch::Receiver<Order>);

/// The other end of a [`Halt`]; dropped, it never tells anything.
#[derive(Debug)]
pub struct Halter(watch::Sender<Order>);

impl Halt {
    /// A run's ear and the mouth that speaks to it.
    pub fn new() -> (Halter, Self) {
        let (sender, receiver) = watch::channel(Order::Run);
        (Halter(sender), Self(receiver))
    }

    /// Why nothing more may be started, if so.
    pub(in crate::apply) fn reason(&self) -> Option<Stop> {
        match *self.0.borrow() {
            Order::Run => None,
            Order::Finish(why) | Order::Leave(why) => Some(why),
        }
    }

    /// Waits until nothing more may be started.
    pub(in crate::apply) async fn finish(&mut self) {
        if self.0.wait_for(|order| *order != Order::Run).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until nothing more may be waited for.
    pub(in crate::apply) async fn leave(&mut self) {
        if self.0.wait_for(|order| matches!(order, Order::Leave(_))).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Halter {
    /// Tells the run to end: the first time once all that is under way is done, the second time at once.
    pub fn tell(&self, why: Stop) {
        self.0.send_modify(|order| {
            *order = match *order {
                Order::Run => Order::Finish(why),
                Order::Finish(first) | Order::Leave(first) => Order::Leave(first),
            }
        });
    }
}

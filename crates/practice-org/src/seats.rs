//! Bounds the number of open connections without letting strangers use them up.
//!
//! A full house closes the connection that has waited longest without a whole request, so that thousands of idle or
//! half-open ones never keep out a client that has something to ask.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All seats.
pub(crate) struct Seats {
    most: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    taken: usize,
    next: u64,
    /// Seats without a whole request; who has waited longest comes first.
    waiting: BTreeMap<u64, Arc<Notify>>,
}

/// The seat of one open connection, free again when dropped.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    place: Mutex<u64>,
    leave: Arc<Notify>,
}

/// A seat whose request is being answered; it waits again when this is dropped.
pub(crate) struct Answering<'a>(&'a Seat);

impl Seats {
    pub(crate) fn new(most: usize) -> Arc<Seats> {
        let table = Mutex::default();
        Arc::new(Seats { most, table })
    }

    /// Takes a seat, if need be from whoever has waited longest; `None` while all seats are being answered.
    pub(crate) fn take(self: &Arc<Seats>) -> Option<Seat> {
        let mut table = self.table();
        if table.taken >= self.most {
            let (_, longest) = table.waiting.pop_first()?;
            longest.notify_one();
        }
        table.taken += 1;
        let leave = Arc::new(Notify::new());
        let place = Mutex::new(table.wait(&leave));
        drop(table);
        Some(Seat {
            seats: Arc::clone(self),
            place,
            leave,
        })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn wait(&mut self, leave: &Arc<Notify>) -> u64 {
        self.next += 1;
        self.waiting.insert(self.next, Arc::clone(leave));
        self.next
    }
}

impl Seat {
    /// Waits until someone else needs the seat.
    pub(crate) async fn needed(&self) {
        self.leave.notified().await;
    }

    /// Keeps the seat while a request is answered.
    pub(crate) fn answering(&self) -> Answering<'_> {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        self.seats.table().waiting.remove(&place);
        Answering(self)
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        let seat = self.0;
        let mut place = seat.place.lock().unwrap_or_else(PoisonError::into_inner);
        *place = seat.seats.table().wait(&seat.leave);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = self.seats.table();
        table.waiting.remove(&place);
        table.taken -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn was_asked_to_leave(seat: &Seat) -> bool {
        let leaving = std::pin::pin!(seat.needed());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        leaving.poll(&mut context).is_ready()
    }

    #[test]
    fn a_full_house_asks_the_longest_waiting_to_leave_and_nobody_else() {
        let seats = Seats::new(3);
        let [first, second, third] = [(); 3].map(|()| seats.take().unwrap());
        let answering = first.answering();
        let fourth = seats.take().unwrap();
        assert!(was_asked_to_leave(&second));
        assert!(!was_asked_to_leave(&first), "its request is being answered");
        assert!(!was_asked_to_leave(&third) && !was_asked_to_leave(&fourth));
        drop(second);
        drop(answering);
        let _fifth = seats.take().unwrap();
        assert!(was_asked_to_leave(&third), "it has waited longest now");
        assert!(!was_asked_to_leave(&first), "it asked something since");
    }

    #[test]
    fn while_everyone_is_being_answered_nobody_else_comes_in() {
        let seats = Seats::new(1);
        let only = seats.take().unwrap();
        let answering = only.answering();
        assert!(seats.take().is_none());
        drop(answering);
        drop(only);
        assert!(seats.take().is_some());
    }
}

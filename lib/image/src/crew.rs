//! Threads that help each other: each reads layers while there are any, then does what the others hand over.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The threads that read one archive's layers.
///
/// A layer is read from its first byte to its last by one thread; the search of its contents can be done by any. So one
/// large layer keeps all threads busy. What waits to be done is bounded: when nobody is free, a reader does it itself.
///
/// ```
/// use plimsoll_image::Crew;
///
/// let crew = Crew::new(2);
/// std::thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| {
///             let seat = crew.seat();
///             // Here: `archive.extract_with(&blob, &crew)` for each layer that nobody has taken yet.
///             seat.help();
///         });
///     }
/// });
/// ```
#[derive(Debug)]
pub struct Crew {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    tasks: VecDeque<Task>,
    /// How many threads may still hand over tasks.
    readers: usize,
    /// How many do nothing but tasks.
    helpers: usize,
}

type Task = Box<dyn FnOnce() + Send>;

impl Crew {
    /// A crew of so many threads, each of which must take a [`Crew::seat`].
    pub fn new(threads: usize) -> Self {
        Self { state: Mutex::new(State { readers: threads, ..State::default() }), changed: Condvar::new() }
    }

    /// A crew of the current thread alone, which does everything itself.
    pub fn alone() -> Self {
        Self::new(0)
    }

    /// The seat of the current thread.
    pub fn seat(&self) -> Seat<'_> {
        Seat { crew: self }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, task: Task) {
        task();
        // What the task did may be what somebody waits for; whoever looks does so under the lock.
        drop(self.state());
        self.changed.notify_all();
    }

    /// Hands a task over, or does it here where nobody is free.
    fn submit(&self, task: Task) {
        let mut state = self.state();
        if state.tasks.len() < 2 * state.helpers {
            state.tasks.push_back(task);
            drop(state);
            self.changed.notify_all();
        } else {
            drop(state);
            self.run(task);
        }
    }

    /// Does tasks until `done` gives something.
    fn until<T>(&self, mut done: impl FnMut() -> Option<T>) -> T {
        let mut state = self.state();
        loop {
            if let Some(done) = done() {
                return done;
            }
            state = match state.tasks.pop_front() {
                Some(task) => {
                    drop(state);
                    self.run(task);
                    self.state()
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

/// A thread's place in a crew. Whoever leaves it hands over no more.
#[derive(Debug)]
pub struct Seat<'a> {
    crew: &'a Crew,
}

impl Seat<'_> {
    /// Does what others hand over, until none of them reads any more.
    pub fn help(self) {
        let crew = self.crew;
        let mut state = crew.state();
        state.helpers += 1;
        drop(state);
        drop(self);
        let mut state = crew.state();
        loop {
            state = match state.tasks.pop_front() {
                Some(task) => {
                    drop(state);
                    crew.run(task);
                    crew.state()
                }
                None if state.readers == 0 => return,
                None => crew.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut state = self.crew.state();
        state.readers = state.readers.saturating_sub(1);
        drop(state);
        self.crew.changed.notify_all();
    }
}

/// What one reader has handed over, and what came of it.
pub(crate) struct Errands<'a, T> {
    crew: &'a Crew,
    returned: Arc<Mutex<Vec<Returned<T>>>>,
    /// How many have not come back.
    out: usize,
}

type Returned<T> = Result<T, Box<dyn Any + Send>>;

impl<'a, T: Send + 'static> Errands<'a, T> {
    pub(crate) fn new(crew: &'a Crew) -> Self {
        Self { crew, returned: Arc::default(), out: 0 }
    }

    /// Has something done, here or elsewhere.
    pub(crate) fn send(&mut self, work: impl FnOnce() -> T + Send + 'static) {
        self.out += 1;
        let returned = Arc::clone(&self.returned);
        self.crew.submit(Box::new(move || {
            // A panic belongs to the reader whose input caused it.
            let result = catch_unwind(AssertUnwindSafe(work));
            returned.lock().unwrap_or_else(PoisonError::into_inner).push(result);
        }));
    }

    /// What has come back by now.
    pub(crate) fn returned(&mut self) -> Vec<T> {
        let returned = take(&self.returned);
        self.unpack(returned)
    }

    /// What comes back next; nothing where all have come back.
    pub(crate) fn wait(&mut self) -> Vec<T> {
        if self.out == 0 {
            return Vec::new();
        }
        let returned = &self.returned;
        let returned = self.crew.until(|| Some(take(returned)).filter(|returned| !returned.is_empty()));
        self.unpack(returned)
    }

    fn unpack(&mut self, returned: Vec<Returned<T>>) -> Vec<T> {
        self.out -= returned.len();
        returned.into_iter().map(|result| result.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    }
}

fn take<T>(list: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// The sum of what tasks give that one thread of so many hands over.
    fn sum(threads: usize) -> usize {
        let crew = Crew::new(threads);
        let sum = AtomicUsize::new(0);
        let readers = AtomicUsize::new(0);
        let work = || {
            let seat = crew.seat();
            if readers.fetch_add(1, Ordering::Relaxed) == 0 {
                let mut errands = Errands::new(&crew);
                for number in 0..1000 {
                    errands.send(move || number);
                    sum.fetch_add(errands.returned().iter().sum(), Ordering::Relaxed);
                }
                while errands.out > 0 {
                    sum.fetch_add(errands.wait().iter().sum(), Ordering::Relaxed);
                }
            }
            seat.help();
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        sum.into_inner()
    }

    #[test]
    fn all_is_done_once() {
        for threads in [1, 2, 3, 8] {
            assert_eq!(sum(threads), 499_500, "{threads} threads");
        }
    }

    #[test]
    fn a_panic_comes_back_and_the_others_end() {
        let crew = Crew::new(2);
        let panics = std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let _seat = crew.seat();
                let mut errands: Errands<'_, ()> = Errands::new(&crew);
                errands.send(|| std::panic::panic_any("as asked"));
                while errands.out > 0 {
                    errands.wait();
                }
            });
            let helper = scope.spawn(|| crew.seat().help());
            (reader.join().is_err(), helper.join().is_err())
        });
        assert_eq!(panics, (true, false));
    }
}

//! How far a scan is, for who waits at a terminal: on standard error, from the first second on, gone at the end.

use plimsoll::image::{Folder, ReadAt, Stamp};
use std::io::{self, IsTerminal, Read, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Shorter scans show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written again.
const PACE: Duration = Duration::from_millis(100);

/// The line of one input.
pub(crate) struct Progress {
    name: String,
    /// Bytes in all, where that is known.
    total: Option<u64>,
    done: AtomicU64,
    /// When the line was written last; `None` where nobody sees it.
    line: Option<Mutex<Line>>,
}

struct Line {
    due: Instant,
    is_shown: bool,
}

impl Progress {
    /// Starts with nothing read. The name is made printable by the caller.
    pub(crate) fn new(name: String, total: Option<u64>, is_wanted: bool) -> Self {
        let is_seen = is_wanted && io::stderr().is_terminal();
        let line = is_seen.then(|| Mutex::new(Line { due: Instant::now() + PATIENCE, is_shown: false }));
        Self { name, total, done: AtomicU64::new(0), line }
    }

    fn advance(&self, count: usize) {
        let Some(line) = &self.line else { return };
        let done = self.done.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        // Another thread that is writing it says as much.
        let Ok(mut line) = line.try_lock() else { return };
        let now = Instant::now();
        if now >= line.due {
            *line = Line { due: now + PACE, is_shown: true };
            let _ = write!(io::stderr().lock(), "\r\x1b[2K{}", text(&self.name, done, self.total));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let is_shown = self.line.as_ref().and_then(|line| line.lock().ok()).is_some_and(|line| line.is_shown);
        if is_shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// The line: it fits into 80 columns, and so into most terminals.
fn text(name: &str, done: u64, total: Option<u64>) -> String {
    const WIDTH: u64 = 24;
    const NAME: usize = 32;
    let name: String = name.chars().take(NAME).collect();
    let megabytes = done / 1_000_000;
    match total.filter(|total| *total > 0) {
        Some(total) => {
            // Documents are read more than once.
            let share = |of: u64| (u128::from(done.min(total)) * u128::from(of) / u128::from(total)) as u64;
            let bar = "#".repeat(share(WIDTH) as usize);
            format!("{name} [{bar:<24}] {:>3} % {megabytes} MB", share(100))
        }
        None => format!("{name} {megabytes} MB"),
    }
}

/// A reader that tells how far it is.
pub(crate) struct Told<'p, R> {
    pub(crate) inner: R,
    pub(crate) progress: &'p Progress,
}

impl<R: Read> Read for Told<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.progress.advance(count);
        Ok(count)
    }
}

impl<R: ReadAt> ReadAt for Told<'_, R> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let count = self.inner.read_at(buffer, offset)?;
        self.progress.advance(count);
        Ok(count)
    }

    fn size(&self) -> u64 {
        self.inner.size()
    }

    fn stamp(&self) -> Option<Stamp> {
        self.inner.stamp()
    }
}

impl<F: Folder> Folder for Told<'_, F> {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadAt>>> {
        self.inner.open(path)
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn lines() {
        assert_eq!(
            text("app.tar", 512_000_000, Some(1_024_000_000)),
            "app.tar [############            ]  50 % 512 MB"
        );
        assert_eq!(text("app.tar", 9_000_000, Some(1)), "app.tar [########################] 100 % 9 MB");
        assert_eq!(text("-", 1_500_000, None), "- 1 MB");
        assert!(text(&"x".repeat(100), u64::MAX, Some(u64::MAX)).chars().count() <= 90);
    }
}

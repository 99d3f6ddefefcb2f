/*!
The vocabulary that every Plimsoll crate shares: where something stands in a text.

Offsets are bytes into UTF-8 text and fit in `u32`: inputs over 4 GiB are refused before they get here.
Lines and columns start at 1; columns count Unicode characters, as editors and SARIF do.

```
use plimsoll_base::{LineIndex, Span};

let text = "FROM alpine\nRUN true\n";
let index = LineIndex::new(text);
let run = Span::new(12, 15);
assert_eq!(run.text(text), "RUN");
assert_eq!((index.position(text, run.start).line, index.position(text, run.start).column), (2, 1));
```
*/
#![deny(missing_docs)]

mod line_index;
mod nearest;
mod reference;
mod span;

pub use line_index::{LineIndex, Position};
pub use nearest::nearest;
pub use reference::ImageReference;
pub use span::Span;

/*!
Bytes in, secrets out: tokens, keys and passwords, found by their published forms or by what they are assigned to, with
what can be proved about them offline, and without ever handing their values on.

```
let found = plimsoll_secrets::scan(b"DB=postgres://app:vT9-kq2Lm4@db/app\n");
assert_eq!(found[0].kind.id, "url-password");
assert_eq!((found[0].start, found[0].end, found[0].line), (18, 28, 1));
assert_eq!(found[0].shown, "****");
```

Files of any size go through a [`Scanner`], chunk by chunk, in bounded memory. What is looked for stands in one table,
`kinds.txt`: each kind with its form, the checks that it must pass, examples and texts that are none.
*/
#![deny(missing_docs)]

mod anchored;
mod assign;
mod block;
mod command;
mod connection;
mod django;
mod file;
mod generic;
mod kind;
mod literals;
mod matched;
mod name;
mod proof;
mod runs;
mod scanner;
mod search;
mod shape;
mod stored;
mod tables;
mod value;

pub use kind::Kind;
pub use matched::{Confidence, Encoding, Fingerprint, Match, Note};
pub use name::is_about_a_secret;
pub use scanner::{MAX_MATCH, Scanner, scan, scan_file, scan_unnamed};
pub use stored::VERSION;
pub use tables::kinds;

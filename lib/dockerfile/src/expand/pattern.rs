use super::ExpandError;

/// A pattern of `#`, `%` and `/`: `*` is any text, `?` any character, neither crosses a line break.
pub(super) struct Pattern {
    items: Vec<Item>,
}

#[derive(Clone, Copy, PartialEq)]
enum Item {
    Text,
    Any,
    One(char),
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self, ExpandError> {
        let mut items = Vec::new();
        let mut characters = pattern.chars().peekable();
        while let Some(character) = characters.next() {
            items.push(match character {
                '*' => Item::Text,
                '?' => Item::Any,
                // An escape in front of what ends the substitution is no part of the pattern.
                '\\' if matches!(characters.peek(), Some('}' | '/')) => continue,
                '\\' => match characters.next() {
                    Some(escaped @ ('*' | '?' | '\\')) => Item::One(escaped),
                    _ => return Err(ExpandError::Pattern(pattern.to_owned())),
                },
                other => Item::One(other),
            });
        }
        Ok(Self { items })
    }

    /// The value without the shortest or longest start that matches.
    pub(super) fn without_prefix(&self, value: &str, longest: bool, steps: &mut usize) -> Result<String, ExpandError> {
        let characters: Vec<char> = value.chars().collect();
        let matched = find(&self.items, &characters, longest, steps)?.unwrap_or(0);
        Ok(characters[matched..].iter().collect())
    }

    /// The value without the shortest or longest end that matches.
    pub(super) fn without_suffix(&self, value: &str, longest: bool, steps: &mut usize) -> Result<String, ExpandError> {
        let items: Vec<Item> = self.items.iter().rev().copied().collect();
        let characters: Vec<char> = value.chars().rev().collect();
        let matched = find(&items, &characters, longest, steps)?.unwrap_or(0);
        Ok(characters[matched..].iter().rev().collect())
    }

    /// The value with the first match, or all of them, replaced. Matches are as long as can be.
    pub(super) fn replace(
        &self,
        value: &str,
        replacement: &str,
        all: bool,
        longest_value: usize,
        steps: &mut usize,
    ) -> Result<String, ExpandError> {
        let characters: Vec<char> = value.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        let mut last_end = None;
        while at <= characters.len() {
            let matched = find(&self.items, &characters[at..], true, steps)?;
            // Nothing is matched right behind another match.
            let matched = matched.filter(|&length| length > 0 || last_end != Some(at));
            if let Some(length) = matched {
                out.push_str(replacement);
                at += length;
                last_end = Some(at);
                if out.len() > longest_value {
                    return Err(ExpandError::TooLong);
                }
                if !all {
                    break;
                }
                if length > 0 {
                    continue;
                }
            }
            out.extend(characters.get(at));
            at += 1;
        }
        out.extend(characters.get(at..).unwrap_or_default());
        Ok(out)
    }
}

/// How many characters from the start match: the fewest or the most. Follows every way through the pattern at once,
/// which takes as many steps as text and pattern have characters, multiplied; `steps` is how many are left.
fn find(items: &[Item], text: &[char], longest: bool, steps: &mut usize) -> Result<Option<usize>, ExpandError> {
    let mut active = vec![false; items.len() + 1];
    active[0] = true;
    let mut found = None;
    for at in 0..=text.len() {
        *steps = steps.checked_sub(items.len() + 1).ok_or(ExpandError::TooLong)?;
        for (index, item) in items.iter().enumerate() {
            if *item == Item::Text && active[index] {
                active[index + 1] = true;
            }
        }
        if active[items.len()] {
            found = Some(at);
            if !longest {
                break;
            }
        }
        let Some(&next) = text.get(at) else { break };
        // Each place hands on to the next one, and keeps what `*` may take further.
        let mut carried = false;
        let mut any = false;
        for (index, active) in active.iter_mut().enumerate() {
            let was = std::mem::replace(active, carried);
            carried = match items.get(index) {
                Some(Item::Text) => {
                    *active |= was && next != '\n';
                    false
                }
                Some(Item::Any) => was && next != '\n',
                Some(&Item::One(wanted)) => was && next == wanted,
                None => false,
            };
            any |= *active;
        }
        if !any {
            break;
        }
    }
    Ok(found)
}

//! Blocks of 64 bytes as masks with a bit for each byte, the first byte's lowest: a compiler makes vectors of the loops.

/// How many bytes a block has.
pub(crate) const SIZE: usize = 64;

#[derive(Clone, Copy)]
pub(crate) struct Block<'a>(&'a [u8; SIZE]);

impl<'a> Block<'a> {
    /// The block at a place. Behind the end of the bytes stand spaces, in `spare`.
    pub(crate) fn at(bytes: &'a [u8], at: usize, spare: &'a mut [u8; SIZE]) -> Self {
        let rest = bytes.get(at..).unwrap_or_default();
        Self(rest.first_chunk().unwrap_or_else(|| {
            spare.fill(b' ');
            spare[..rest.len()].copy_from_slice(rest);
            spare
        }))
    }

    /// Of which bytes something holds.
    #[allow(clippy::inline_always, reason = "each use has its own condition, which only inlining turns into vectors")]
    #[inline(always)]
    pub(crate) fn mask(self, holds: impl Fn(u8) -> bool) -> u64 {
        let flags = self.0.map(|byte| u8::from(holds(byte)));
        let mut mask = 0;
        for (at, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
            // Moves the lowest bit of each of eight bytes into the highest byte.
            let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            mask |= bits << (8 * at);
        }
        mask
    }

    /// Whether a byte is zero.
    pub(crate) fn has_zero(self) -> bool {
        self.0.iter().fold(u8::MAX, |least, &byte| least.min(byte)) == 0
    }
}

/// A mask without its first `count` bits.
pub(crate) fn without_first(mask: u64, count: usize) -> u64 {
    if count >= SIZE { 0 } else { mask & (u64::MAX << count) }
}

/// The first `count` bits of a mask.
pub(crate) fn first(mask: u64, count: usize) -> u64 {
    mask ^ without_first(mask, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_have_a_bit_for_each_byte() {
        let mut spare = [0; SIZE];
        for length in 0..=SIZE + 3 {
            let mut bytes = vec![b'x'; length];
            for at in 0..length {
                bytes[at] = 0;
                let block = Block::at(&bytes, 0, &mut spare);
                let expected = if at < SIZE { 1 << at } else { 0 };
                assert_eq!((block.mask(|byte| byte == 0), block.has_zero()), (expected, at < SIZE));
                bytes[at] = b'x';
            }
            let block = Block::at(&bytes, 0, &mut spare);
            assert_eq!(block.mask(|byte| byte == b'x'), first(u64::MAX, length));
        }
        assert_eq!(
            (without_first(u64::MAX, 0), without_first(u64::MAX, 64), first(u64::MAX, 64)),
            (u64::MAX, 0, u64::MAX)
        );
    }
}

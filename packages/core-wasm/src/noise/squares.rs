//! The random words: Squares (Widynski 2020, "Squares: A Fast Counter-Based RNG", arXiv 2004.06278), and keys by its rules.

/// Of the hash of a draw: the first key in the author's file of keys.
pub const HASH_KEY: u64 = 0x548c_9dec_bce6_5297;

/// One squaring: the middle of `x * x`, brought to the low half.
#[inline(always)]
fn round(x: u64, add: u64) -> u64 {
    x.wrapping_mul(x).wrapping_add(add).rotate_left(32)
}

/// Word `counter` of a key, where `y` is `counter * key`.
#[inline(always)]
pub fn word(y: u64, key: u64) -> u32 {
    let z = y.wrapping_add(key);
    let x = round(round(round(y, y), z), y);
    // The low half of the rotated sum is the high half of the sum.
    round(x, z) as u32
}

/// Four rounds: 32 bits.
pub fn squares32(counter: u64, key: u64) -> u32 {
    word(counter.wrapping_mul(key), key)
}

/// Five rounds: 64 bits.
pub fn squares64(counter: u64, key: u64) -> u64 {
    let y = counter.wrapping_mul(key);
    let z = y.wrapping_add(key);
    let x = round(round(round(round(y, y), z), y), z);
    x.rotate_left(32) ^ (x.wrapping_mul(x).wrapping_add(y) >> 32)
}

/// A key by the rules of Squares, its hexadecimal digits drawn by a hash: none is 0, the lowest is odd, the lower eight
/// differ, the upper eight differ, and the ninth differs from the eighth. About 2^55 keys, almost equally likely.
pub fn key_from(hash: u64) -> u64 {
    const NOT_0: u16 = 0xfffe;
    const ODD: u16 = 0xaaaa;
    let (mut key, mut used, mut last) = (0, 0, 0);
    for place in 0..16 {
        let free = match place {
            0 => ODD,
            8 => NOT_0 & !last,
            _ => NOT_0 & !used,
        };
        let random = u64::from(squares32(hash.wrapping_add(place), HASH_KEY));
        let rank = (random * u64::from(free.count_ones())) >> 32;
        let digit = (0..16).filter(|digit| free >> digit & 1 == 1).nth(rank as usize).unwrap_or(1);
        last = 1 << digit;
        used = if place == 8 { last } else { used | last };
        key |= digit << (4 * place);
    }
    key
}

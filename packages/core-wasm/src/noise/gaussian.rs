//! Box-Muller on random words, eight at a time, in f32: the oracle of the SIMD version, and its last block's maker.

use super::squares::squares32;

/// Elements that share four radii and four angles.
pub const BLOCK: usize = 8;

/// `-2 ln(1 + x) / x` for x in [sqrt(1/2) - 1, sqrt(2) - 1], relative error 3.0e-8.
pub const LOG: [f32; 9] = [
    -2.0,
    0.999_999_8,
    -0.666_678_97,
    0.500_035_7,
    -0.399_243_12,
    0.331_400_96,
    -0.298_336_4,
    0.286_193_28,
    -0.174_800_17,
];

/// `sin(2 pi v) / v` in `v^2`, for v in [-1/4, 1/4], relative error 2.8e-8.
pub const SINE: [f32; 5] = [6.283_185_5, -41.341_763, 81.608_23, -76.716_25, 40.775_01];

/// The bits of sqrt(1/2) in f32.
pub const SQRT_HALF_BITS: i32 = 0x3f35_04f3;
/// -2 ln(2)
pub const MINUS_2_LN_2: f32 = -1.386_294_4;
/// 2^-31: takes 31 bits to (0, 1].
pub const UNIT: f32 = 1.0 / 2_147_483_648.0;
/// 2^-33: takes a signed word to a quarter of a turn either way.
pub const QUARTER_TURN: f32 = 1.0 / 8_589_934_592.0;

/// `sqrt(-2 ln u)` for u = (the upper 31 bits of a word + 1/2) / 2^31.
pub fn radius(word: u32) -> f32 {
    let u = ((word >> 1) as f32 + 0.5) * UNIT;
    // u = m * 2^e with m in [sqrt(1/2), sqrt(2)).
    let e = (u.to_bits() as i32 - SQRT_HALF_BITS) >> 23;
    let m = f32::from_bits((u.to_bits() as i32 - (e << 23)) as u32);
    let x = m - 1.0;
    (e as f32 * MINUS_2_LN_2 + x * log_polynomial(x)).sqrt()
}

/// Paired like this, short chains of operations run beside each other.
fn log_polynomial(x: f32) -> f32 {
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8] = LOG;
    let x2 = x * x;
    let x4 = x2 * x2;
    let low = (c1 * x + c0) + (c3 * x + c2) * x2;
    let high = (c5 * x + c4) + (c7 * x + c6) * x2;
    low + (high + c8 * x4) * x4
}

/// `sin(2 pi v)` for v in [-1/4, 1/4].
pub fn sine(v: f32) -> f32 {
    let [c0, c1, c2, c3, c4] = SINE;
    let x = v * v;
    let x2 = x * x;
    v * ((c1 * x + c0) + ((c3 * x + c2) + c4 * x2) * x2)
}

/// A standard normal pair from the radius word and the angle word. Sines of the half circle where the cosine is
/// positive; the radius word's spare bit is the cosine's sign.
fn pair(radius_word: u32, angle_word: u32) -> (f32, f32) {
    let v = angle_word as i32 as f32 * QUARTER_TURN;
    let cosine = sine(0.25 - v.abs());
    let signed = f32::from_bits(cosine.to_bits() ^ radius_word << 31);
    let radius = radius(radius_word);
    (radius * sine(v), radius * signed)
}

/// Block `index` of a key, times sigma: elements e and e + 4 are the pair of words e and e + 4.
fn block(index: usize, key: u64, sigma: f32) -> [f32; BLOCK] {
    let word = |e: usize| squares32((BLOCK * index + e) as u64, key);
    let mut out = [0.0; BLOCK];
    for e in 0..4 {
        let (sine, cosine) = pair(word(e), word(e + 4));
        (out[e], out[e + 4]) = (sigma * sine, sigma * cosine);
    }
    out
}

/// Fills `out` with N(0, sigma^2), from block `first` of a key on; a last block that does not fit gives its first elements.
pub fn fill(out: &mut [f32], first: usize, key: u64, sigma: f32) {
    for (index, values) in out.chunks_mut(BLOCK).enumerate() {
        values.copy_from_slice(&block(first + index, key, sigma)[..values.len()]);
    }
}

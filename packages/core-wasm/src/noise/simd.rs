//! The formula of `gaussian.rs` in SIMD128, bit for bit. Words are made by scalar multiplications (a 64-bit product of
//! SIMD lanes takes three), those of the next block while this one is transformed, so that both units have work.

use super::gaussian::{self, BLOCK, LOG, MINUS_2_LN_2, QUARTER_TURN, SINE, SQRT_HALF_BITS, UNIT};
use super::squares;
use core::arch::wasm32::*;

/// A constant in all lanes.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
struct Splat([f32; 4]);

const fn splats<const N: usize>(values: [f32; N]) -> [Splat; N] {
    let mut all = [Splat([0.0; 4]); N];
    let mut i = 0;
    while i < N {
        all[i] = Splat([values[i]; 4]);
        i += 1;
    }
    all
}

/// In memory, because V8 makes a constant vector anew by three instructions wherever it is used.
struct Constants {
    log: [Splat; 9],
    sine: [Splat; 5],
    /// 1/2, 2^-31, 1, -2 ln 2, 2^-33, 1/4
    others: [Splat; 6],
}

static CONSTANTS: Constants = Constants {
    log: splats(LOG),
    sine: splats(SINE),
    others: splats([0.5, UNIT, 1.0, MINUS_2_LN_2, QUARTER_TURN, 0.25]),
};

#[inline(always)]
fn load(constant: &Splat) -> v128 {
    // SAFETY: a Splat is 16 bytes.
    unsafe { v128_load(constant.0.as_ptr().cast()) }
}

/// `b * x + a`, rounded twice: the relaxed build must not fuse it.
#[inline(always)]
fn line(a: &Splat, b: &Splat, x: v128) -> v128 {
    f32x4_add(f32x4_mul(load(b), x), load(a))
}

#[inline(always)]
fn log_polynomial(x: v128, [c0, c1, c2, c3, c4, c5, c6, c7, c8]: &[Splat; 9]) -> v128 {
    let x2 = f32x4_mul(x, x);
    let x4 = f32x4_mul(x2, x2);
    let low = f32x4_add(line(c0, c1, x), f32x4_mul(line(c2, c3, x), x2));
    let high = f32x4_add(line(c4, c5, x), f32x4_mul(line(c6, c7, x), x2));
    f32x4_add(low, f32x4_mul(f32x4_add(high, f32x4_mul(load(c8), x4)), x4))
}

#[inline(always)]
fn sine(v: v128, [c0, c1, c2, c3, c4]: &[Splat; 5]) -> v128 {
    let x = f32x4_mul(v, v);
    let x2 = f32x4_mul(x, x);
    let high = f32x4_add(line(c2, c3, x), f32x4_mul(load(c4), x2));
    f32x4_mul(v, f32x4_add(line(c0, c1, x), f32x4_mul(high, x2)))
}

#[inline(always)]
fn radius(words: v128, constants: &Constants) -> v128 {
    let [half, unit, one, minus_2_ln_2, ..] = &constants.others;
    let n = f32x4_convert_i32x4(u32x4_shr(words, 1));
    let u = f32x4_mul(f32x4_add(n, load(half)), load(unit));
    let e = i32x4_shr(i32x4_sub(u, i32x4_splat(SQRT_HALF_BITS)), 23);
    let x = f32x4_sub(i32x4_sub(u, i32x4_shl(e, 23)), load(one));
    let whole = f32x4_mul(f32x4_convert_i32x4(e), load(minus_2_ln_2));
    f32x4_sqrt(f32x4_add(whole, f32x4_mul(x, log_polynomial(x, &constants.log))))
}

/// Four pairs: their sines and their cosines.
#[inline(always)]
fn pairs([radius_words, angle_words]: [v128; 2], constants: &Constants) -> [v128; 2] {
    let [.., quarter_turn, quarter] = &constants.others;
    let v = f32x4_mul(f32x4_convert_i32x4(angle_words), load(quarter_turn));
    let cosine = sine(f32x4_sub(load(quarter), f32x4_abs(v)), &constants.sine);
    let signed = v128_xor(cosine, i32x4_shl(radius_words, 31));
    let radius = radius(radius_words, constants);
    [f32x4_mul(radius, sine(v, &constants.sine)), f32x4_mul(radius, signed)]
}

/// Counter times key of the next word.
struct Words {
    y: u64,
    key: u64,
}

impl Words {
    #[inline(always)]
    fn next_block(&mut self, words: &mut [u32; BLOCK]) {
        for word in words {
            let value = squares::word(self.y, self.key);
            // SAFETY: a reference may be written to. Volatile, as LLVM else makes slow SIMD products of these.
            unsafe { (word as *mut u32).write_volatile(value) };
            self.y = self.y.wrapping_add(self.key);
        }
    }
}

/// Fills `out` with N(0, sigma^2); a last block that does not fit gives its first elements.
pub fn fill(out: &mut [f32], key: u64, sigma: f32) {
    // Hidden from LLVM, which else takes the constants out of memory again.
    let constants = core::hint::black_box(&CONSTANTS);
    let sigmas = f32x4_splat(sigma);
    let mut source = Words { y: 0, key };
    let mut words = [0; BLOCK];
    source.next_block(&mut words);
    let (whole, rest) = out.as_chunks_mut::<BLOCK>();
    let last = whole.len();
    for values in whole {
        let from = words.as_ptr().cast::<v128>();
        // SAFETY: `words` is 32 bytes, two vectors.
        let now = unsafe { [v128_load(from), v128_load(from.add(1))] };
        source.next_block(&mut words);
        let [sines, cosines] = pairs(now, constants);
        let to = values.as_mut_ptr().cast::<v128>();
        // SAFETY: `values` is 32 bytes, two vectors.
        unsafe {
            v128_store(to, f32x4_mul(sigmas, sines));
            v128_store(to.add(1), f32x4_mul(sigmas, cosines));
        }
    }
    gaussian::fill(rest, last, key, sigma);
}

//! The gate of a SwiGLU: `silu(gate) * up`.

use super::tile::multiply_add;
use core::arch::wasm32::*;

/// Scale, bounds and coefficients: see `Silu::times`.
static TABLE: [f32; 10] = [
    -core::f32::consts::LOG2_E,
    -126.0,
    126.0,
    12_582_912.0, // 1.5 * 2^23: adding it rounds to the nearest integer, and leaves that in the low bits
    1.327_647_2e-3,
    9.675_541e-3,
    5.550_713e-2,
    2.402_212e-1,
    6.931_469_4e-1,
    1.0,
];

/// What the gate is computed with, read where neither compiler can see that it is constant: V8 builds a constant anew for
/// each use, with three instructions, and so took twice as many for constants as for the gate itself.
pub struct Silu([v128; 10]);

impl Silu {
    #[inline(always)]
    pub fn new() -> Self {
        // SAFETY: a place of a static array.
        Self(core::array::from_fn(|i| f32x4_splat(unsafe { core::ptr::read_volatile(&TABLE[i]) })))
    }

    /// `silu(gate) * up`, with `e^-gate` as a power of two: 2^n by its bits, 2^f on [-1/2, 1/2] by a polynomial of degree 5
    /// whose relative error is below 2.4e-7.
    #[inline(always)]
    pub fn times(&self, gate: v128, up: v128) -> v128 {
        let Self([scale, least, most, magic, coefficients @ .., one]) = *self;
        let power = f32x4_pmin(most, f32x4_pmax(least, f32x4_mul(gate, scale)));
        let shifted = f32x4_add(power, magic);
        let f = f32x4_sub(power, f32x4_sub(shifted, magic));
        let [mut p, rest @ ..] = coefficients;
        for coefficient in rest {
            p = multiply_add(p, f, coefficient);
        }
        let exp = i32x4_add(multiply_add(p, f, one), i32x4_shl(shifted, 23));
        f32x4_div(f32x4_mul(gate, up), f32x4_add(exp, one))
    }
}

//! The gate of a SwiGLU: `silu(gate) * up`.

use super::tile::multiply_add;
use core::arch::wasm32::*;

/// What gates are multiplied by to become powers of two: `e^-gate = 2^(gate * GATE_SCALE)`. Mixes whose weights are packed
/// anyway have it in their weights, and in those of the up maps what undoes it.
pub const GATE_SCALE: f32 = -core::f32::consts::LOG2_E;
pub const UP_SCALE: f32 = -core::f32::consts::LN_2;

/// Bounds, magic number and coefficients of `Silu::divisor`, then the scale.
static TABLE: [f32; 10] = [
    -126.0,
    126.0,
    12_582_912.0, // 1.5 * 2^23: adding it rounds to the nearest integer, and leaves that in the low bits
    1.327_647_2e-3,
    9.675_541e-3,
    5.550_713e-2,
    2.402_212e-1,
    6.931_469_4e-1,
    1.0,
    GATE_SCALE,
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

    /// `silu(gate) * up`.
    #[inline(always)]
    pub fn times(&self, gate: v128, up: v128) -> v128 {
        f32x4_div(f32x4_mul(gate, up), self.divisor(f32x4_mul(gate, self.0[9])))
    }

    /// The same of `power = gate * GATE_SCALE` and `up * UP_SCALE`.
    #[inline(always)]
    pub fn times_scaled(&self, power: v128, up: v128) -> v128 {
        f32x4_div(f32x4_mul(power, up), self.divisor(power))
    }

    /// `1 + 2^power`: 2^n by its bits, 2^f on [-1/2, 1/2] by a polynomial of degree 5 whose relative error is below 3e-7.
    #[inline(always)]
    fn divisor(&self, power: v128) -> v128 {
        let Self([least, most, magic, coefficients @ .., one, _]) = *self;
        let power = f32x4_pmin(most, f32x4_pmax(least, power));
        let shifted = f32x4_add(power, magic);
        let f = f32x4_sub(power, f32x4_sub(shifted, magic));
        let [mut p, rest @ ..] = coefficients;
        for coefficient in rest {
            p = multiply_add(p, f, coefficient);
        }
        f32x4_add(i32x4_add(multiply_add(p, f, one), i32x4_shl(shifted, 23)), one)
    }
}

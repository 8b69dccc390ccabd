//! The Gaussian noise of a rollout, any element of any step without the ones before it, by operations that every machine
//! rounds alike: integers modulo 2^64, and f32 additions, multiplications, conversions and square roots, none of them
//! fused. docs/decisions/0023-noise.md states the formula; `gaussian.rs` is its readable form, `simd.rs` the fast one.

pub mod gaussian;
pub mod simd;
pub mod squares;
#[cfg(test)]
mod tests;

use squares::{key_from, squares64};

/// Which latent a draw is for; part of the key, so that `zL` and `zH` get independent noise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    ZL = 0,
    ZH = 1,
}

/// What names one tensor of noise.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    pub seed: u64,
    pub rollout: u32,
    /// Deep recursion step, counted from 0.
    pub step: u32,
    pub target: Target,
}

impl Draw {
    /// The key of this tensor's words.
    pub fn key(self) -> u64 {
        let place = u64::from(self.rollout) << 32 | u64::from(self.step);
        let mix = |hash: u64, word: u64| squares64(hash.wrapping_add(word), squares::HASH_KEY);
        key_from([self.seed, place, self.target as u64].into_iter().fold(0, mix))
    }
}

/// Fills `out` (a latent, row-major `[T, d]`) with N(0, sigma^2) noise.
pub fn fill(out: &mut [f32], draw: Draw, sigma: f32) {
    simd::fill(out, draw.key(), sigma);
}

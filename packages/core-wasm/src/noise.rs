//! The Gaussian noise of a rollout: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3")
//! and Box-Muller, so that any element of any step of any rollout can be had without the ones before it.

use libm::{cos, log, sin, sqrt};

/// Which latent a draw is for; part of the counter, so that `zL` and `zH` get independent noise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target {
    ZL = 0,
    ZH = 1,
}

/// What names one tensor of noise.
#[derive(Clone, Copy)]
pub struct Draw {
    pub seed: u64,
    pub rollout: u32,
    /// Deep recursion step, counted from 0.
    pub step: u32,
    pub target: Target,
}

/// Ten rounds of Philox4x32.
pub fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let low = u64::from(counter[0]) * 0xD251_1F53;
        let high = u64::from(counter[2]) * 0xCD9E_8D57;
        counter = [
            (high >> 32) as u32 ^ counter[1] ^ key[0],
            high as u32,
            (low >> 32) as u32 ^ counter[3] ^ key[1],
            low as u32,
        ];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// Four standard normal numbers from four random words, in f64 (Box-Muller, u = (x + 0.5) / 2^32).
fn box_muller(words: [u32; 4]) -> [f64; 4] {
    let unit = |word: u32| (f64::from(word) + 0.5) / 4_294_967_296.0;
    let pair = |a: u32, b: u32| {
        let radius = sqrt(-2.0 * log(unit(a)));
        let angle = 2.0 * std::f64::consts::PI * unit(b);
        (radius * cos(angle), radius * sin(angle))
    };
    let (first, second) = pair(words[0], words[1]);
    let (third, fourth) = pair(words[2], words[3]);
    [first, second, third, fourth]
}

/// Fills `out` (a latent, row-major `[T, d]`) with N(0, sigma^2) noise; element block b comes from counter b.
pub fn fill(out: &mut [f32], draw: Draw, sigma: f32) {
    let key = [draw.seed as u32, (draw.seed >> 32) as u32];
    for (block, four) in out.chunks_mut(4).enumerate() {
        let words = philox4x32_10([block as u32, draw.step, draw.rollout, draw.target as u32], key);
        for (value, normal) in four.iter_mut().zip(box_muller(words)) {
            *value = sigma * normal as f32;
        }
    }
}

//! In wasm, each variant's real instructions: the fast noise is the oracle's to the bit.

use super::{Draw, Target, fill, gaussian};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn fast_noise_has_the_bits_of_the_oracle() {
    for size in (0..40).chain([997, 82 * 128, 1 << 16]) {
        for (seed, target) in [(0, Target::ZL), (u64::MAX, Target::ZH), (1 << 32, Target::ZL)] {
            let draw = Draw { seed, rollout: size as u32, step: 3, target };
            let (mut fast, mut slow) = (vec![f32::NAN; size], vec![f32::NAN; size]);
            fill(&mut fast, draw, 0.3);
            gaussian::fill(&mut slow, 0, draw.key(), 0.3);
            assert!(fast.iter().zip(&slow).all(|(a, b)| a.to_bits() == b.to_bits()), "{size} elements");
        }
    }
}

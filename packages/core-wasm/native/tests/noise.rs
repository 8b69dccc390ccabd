//! The noise natively: published words, keys by the rules, the fast path's bits, and how near it is to a true Gaussian.

use proptest::prelude::*;
use ptrm_core_native::noise::gaussian::{self, radius, sine};
use ptrm_core_native::noise::squares::{squares32, squares64};
use ptrm_core_native::noise::{Draw, Target, fill};
use std::f64::consts::PI;

/// A key and its words of four and of five rounds by the author's C code, as in the test data of randomgen
/// (https://github.com/bashtage/randomgen, squares-32-testset-1.csv and squares-testset-1.csv).
const KEY: u64 = 0x3bc8_bca4_d301_945b;
const WORDS_32: [(u64, u32); 6] =
    [(0, 0x5167_ea8b), (1, 0x0e03_102b), (2, 0xe59f_61d7), (3, 0x943a_c4d0), (1998, 0x433f_318a), (1999, 0x6210_044b)];
const WORDS_64: [(u64, u64); 4] =
    [(0, 0x5167_ea8b_7923_d95b), (1, 0x0e03_102b_e2db_8c20), (2, 0xe59f_61d7_beb2_7f5d), (669, 0x0772_5d7e_e732_eb99)];

#[test]
fn words_are_the_published_ones() {
    for (counter, wanted) in WORDS_32 {
        assert_eq!(squares32(counter, KEY), wanted, "word {counter}");
    }
    for (counter, wanted) in WORDS_64 {
        assert_eq!(squares64(counter, KEY), wanted, "long word {counter}");
    }
}

fn draws() -> impl Strategy<Value = Draw> {
    let seed = prop_oneof![any::<u64>(), 0..1000_u64];
    let number = || prop_oneof![any::<u32>(), 0..100_u32];
    (seed, number(), number(), any::<bool>()).prop_map(|(seed, rollout, step, to_z_h)| Draw {
        seed,
        rollout,
        step,
        target: if to_z_h { Target::ZH } else { Target::ZL },
    })
}

fn runs(cases: u32) -> ProptestConfig {
    let rng_seed = proptest::test_runner::RngSeed::Fixed(18);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(runs(100_000))]

    #[test]
    fn keys_obey_the_rules(draw in draws()) {
        let key = draw.key();
        let digits: Vec<u64> = (0..16).map(|place| key >> (4 * place) & 15).collect();
        prop_assert!(digits.iter().all(|&digit| digit != 0) && digits[0] % 2 == 1, "{key:x}");
        for half in digits.chunks(8) {
            let set = half.iter().fold(0_u16, |set, digit| set | 1 << digit);
            prop_assert_eq!(set.count_ones(), 8, "{:x}", key);
        }
        prop_assert_ne!(digits[7], digits[8], "{:x}", key);
    }
}

proptest! {
    #![proptest_config(runs(2_000))]

    #[test]
    fn fast_noise_has_the_bits_of_the_oracle(draw in draws(), size in 0..200_usize, sigma in 0.0..10_f32) {
        let (mut fast, mut slow) = (vec![f32::NAN; size], vec![f32::NAN; size]);
        fill(&mut fast, draw, sigma);
        gaussian::fill(&mut slow, 0, draw.key(), sigma);
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&fast), bits(&slow));
    }
}

#[test]
fn radius_and_sine_are_accurate() {
    let (mut of_radius, mut of_sine) = (0.0_f64, 0.0_f64);
    let words = (0..1_u64 << 32).step_by(997).chain(0..1000).chain((1 << 32) - 1000..1 << 32);
    for word in words.map(|word| word as u32) {
        // What the number itself is rounded to is part of the formula.
        let u = f64::from((word >> 1) as f32 + 0.5) / f64::from(1_u32 << 31);
        let r = (-2.0 * u.ln()).sqrt();
        let found = f64::from(radius(word));
        of_radius = of_radius.max(if r == 0.0 { found } else { (found / r - 1.0).abs() });
        let v = word as i32 as f32 / 8_589_934_592.0;
        of_sine = of_sine.max((f64::from(sine(v)) - (2.0 * PI * f64::from(v)).sin()).abs());
    }
    assert!(of_radius < 2e-7, "relative error of a radius: {of_radius:e}");
    assert!(of_sine < 2e-7, "error of a sine: {of_sine:e}");
}

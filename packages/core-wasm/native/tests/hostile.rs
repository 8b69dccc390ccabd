//! Models of any sizes: each is refused by name, or runs on both paths without a panic and without reading outside.

use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, RngSeed};
use ptrm_core_native::config::{Config, ModelError, Positions};
use ptrm_core_native::noise::{Draw, Target, fill};
use ptrm_core_native::recursion::Path;
use ptrm_core_native::state::Slot;
use ptrm_core_native::weights::{Tensor, Tensors, Weights};
use std::collections::BTreeMap;

/// Sizes that are none, that are odd, and that fit panels and tiles just so.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 1..20_usize, 1 => Just(0), 1 => prop::sample::select(vec![8, 16, 24, 41, 97])]
}

fn config() -> impl Strategy<Value = Config> {
    let sizes = (size(), size(), 0..4_usize, size(), 0..5_usize, 0..3_usize, 0..3_usize, 0..3_usize);
    let positions = prop::sample::select(vec![Positions::None, Positions::Rope, Positions::Learned]);
    let floats = (prop_oneof![Just(1e-5_f32), Just(0.0), any::<f32>()], prop_oneof![Just(10_000.0_f32), any::<f32>()]);
    (sizes, positions, any::<bool>(), floats).prop_map(
        |((vocab, seq_len, prefix, hidden, heads, layers, h_cycles, l_cycles), positions, mlp_t, floats)| {
            let (rms_eps, rope_theta) = floats;
            Config {
                vocab,
                seq_len,
                prefix,
                hidden,
                heads,
                layers,
                h_cycles,
                l_cycles,
                positions,
                mlp_t,
                rms_eps,
                rope_theta,
            }
        },
    )
}

/// What is wrong with one tensor, if anything.
#[derive(Clone, Debug)]
enum Harm {
    None,
    Missing,
    Shape(Vec<usize>),
    /// Fewer numbers than the shape says, or more.
    Length(usize),
    Value(f32),
}

fn harm() -> impl Strategy<Value = Harm> {
    let huge = prop::sample::select(vec![0, 1, 7, 1 << 16, 1 << 31, 1 << 32, usize::MAX]);
    prop_oneof![
        6 => Just(Harm::None),
        1 => Just(Harm::Missing),
        1 => prop::collection::vec(huge, 0..4).prop_map(Harm::Shape),
        1 => (0..300_usize).prop_map(Harm::Length),
        1 => any::<f32>().prop_map(Harm::Value),
    ]
}

fn shapes(config: &Config, inner: usize, ids: usize) -> Vec<(String, Vec<usize>)> {
    let (d, rows) = (config.hidden, config.prefix + config.seq_len);
    let mut shapes = vec![
        ("embed_tokens.embedding_weight".into(), vec![config.vocab, d]),
        ("embed_pos.embedding_weight".into(), vec![rows, d]),
        ("puzzle_emb.weights".into(), vec![ids, config.prefix * d]),
        ("H_init".into(), vec![d]),
        ("L_init".into(), vec![d]),
        ("lm_head.weight".into(), vec![config.vocab, d]),
        ("q_head.weight".into(), vec![2, d]),
        ("q_head.bias".into(), vec![2]),
    ];
    for layer in 0..config.layers {
        let at = format!("L_level.layers.{layer}");
        shapes.extend([
            (format!("{at}.mlp_t.gate_up_proj.weight"), vec![2 * inner, rows]),
            (format!("{at}.mlp_t.down_proj.weight"), vec![rows, inner]),
            (format!("{at}.self_attn.qkv_proj.weight"), vec![3 * d, d]),
            (format!("{at}.self_attn.o_proj.weight"), vec![d, d]),
            (format!("{at}.mlp.gate_up_proj.weight"), vec![2 * inner, d]),
            (format!("{at}.mlp.down_proj.weight"), vec![d, inner]),
        ]);
    }
    shapes
}

fn tensors(config: &Config, inner: usize, ids: usize, (which, harm): &(usize, Harm)) -> Tensors {
    let shapes = shapes(config, inner, ids);
    let harmed = which % shapes.len();
    let mut all = BTreeMap::new();
    for (i, (name, shape)) in shapes.into_iter().enumerate() {
        let mut data = vec![0.0; shape.iter().product()];
        fill(&mut data, Draw { seed: i as u64, rollout: 0, step: 0, target: Target::ZL }, 0.05);
        let mut tensor = Tensor { shape, data };
        if i == harmed {
            match harm {
                Harm::None => {}
                Harm::Missing => continue,
                Harm::Shape(shape) => tensor.shape.clone_from(shape),
                Harm::Length(length) => tensor.data.resize(*length, 0.5),
                Harm::Value(value) => tensor.data.iter_mut().take(1).for_each(|first| *first = *value),
            }
        }
        all.insert(name, tensor);
    }
    Tensors(all)
}

/// A step on one path, as the wasm surface takes it: logits, answer and q.
fn step(config: &Config, weights: &Weights, mut path: Path, answers: &[u8]) -> (Vec<f32>, Vec<u8>, [f32; 2]) {
    let mut slot = Slot::new(config.rows(), config.hidden, config.seq_len, config.vocab);
    let tokens: Vec<u8> = (0..config.seq_len).map(|cell| (cell % config.vocab) as u8).collect();
    let mut rows = vec![0.0; config.rows() * config.hidden];
    weights.embed(config, &tokens, weights.puzzle_ids - 1, &mut rows);
    slot.x.set_rows(&rows);
    fill(&mut rows, Draw { seed: 1, rollout: 1, step: 0, target: Target::ZH }, 0.3);
    slot.z_h.set_rows(&rows);
    slot.z_l.set_rows(&rows);
    slot.z_l.add_rows(&rows);
    path.step(config, weights, answers, &mut slot);
    slot.z_h.write_rows(&mut rows);
    (slot.logits, slot.answer, slot.q)
}

fn runs(cases: u32) -> Runs {
    Runs { cases, rng_seed: RngSeed::Fixed(17), failure_persistence: None, ..Runs::default() }
}

proptest! {
    #![proptest_config(runs(2_000))]

    #[test]
    fn a_model_is_refused_by_name_or_runs(
        config in config(),
        inner in 1..20_usize,
        ids in 1..3_usize,
        harm in (any::<usize>(), harm()),
    ) {
        match Weights::take(&config, &mut tensors(&config, inner, ids, &harm)) {
            Err(ModelError { code, tensor, .. }) => prop_assert!(!code.is_empty() && !tensor.is_empty()),
            Ok(weights) => {
                let answers: Vec<u8> = (0..config.vocab.div_ceil(2)).map(|token| token as u8).collect();
                let fast = step(&config, &weights, Path::simd(&config, &weights), &answers);
                let slow = step(&config, &weights, Path::Scalar, &answers);
                for (_, answer, _) in [&fast, &slow] {
                    prop_assert!(answer.iter().all(|token| answers.contains(token)));
                }
                let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
                if finite(&fast.0) && finite(&slow.0) && config.rms_eps == 1e-5 {
                    for (a, b) in fast.0.iter().zip(&slow.0) {
                        prop_assert!((a - b).abs() <= 1e-2 * b.abs().max(1.0), "{a} on the fast path, {b} by the oracle");
                    }
                }
            }
        }
    }
}

/// So that the test above is not one of refusals alone.
#[test]
fn sound_models_run() {
    for (mlp_t, positions) in [(true, Positions::None), (false, Positions::Rope), (false, Positions::Learned)] {
        let config = Config {
            vocab: 10,
            seq_len: 13,
            prefix: 2,
            hidden: 12,
            heads: 3,
            layers: 2,
            h_cycles: 2,
            l_cycles: 1,
            positions,
            mlp_t,
            rms_eps: 1e-5,
            rope_theta: 10_000.0,
        };
        let weights = Weights::take(&config, &mut tensors(&config, 7, 2, &(0, Harm::None))).expect("a sound model");
        let (logits, _, q) = step(&config, &weights, Path::simd(&config, &weights), &[1, 2, 3]);
        assert!(logits.iter().chain(&q).all(|value| value.is_finite()));
        assert!(logits.iter().any(|value| value.abs() > 1e-3));
    }
}

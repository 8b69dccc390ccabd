//! Models of any sizes: each is refused by name, or runs on both paths without a panic and without reading outside.

use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, RngSeed};
use ptrm_core_native::config::{BoardSizes, Config, Grid, ModelError, Positions, Tie, UnitSizes};
use ptrm_core_native::noise::{Draw, Target, fill};
use ptrm_core_native::recursion::Path;
use ptrm_core_native::state::Slot;
use ptrm_core_native::weights::{Tensor, Tensors, Weights};
use std::collections::BTreeMap;

/// Sizes that are none, that are odd, and that fit panels and tiles just so.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 1..20_usize, 1 => Just(0), 1 => prop::sample::select(vec![8, 16, 24, 41, 97])]
}

/// Sizes of ties, some of which the kernel refuses.
fn tie() -> impl Strategy<Value = Tie> {
    let width = || prop_oneof![8 => prop::sample::select(vec![4_usize, 8, 12]), 1 => 0..7_usize];
    let units = (width(), width(), width(), width(), 0..4_usize, 0..4_usize).prop_map(
        |(plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden)| {
            Tie::Units(UnitSizes { plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden })
        },
    );
    let board = (0..12_usize, 0..4_usize, any::<bool>())
        .prop_map(|(types, board_units, rooms)| Tie::Board(BoardSizes { types, board_units, rooms }));
    prop_oneof![2 => Just(Tie::Dense), 1 => units, 1 => board]
}

/// A model with a tie, of sizes that belong together unless it is meant to be refused.
fn config() -> impl Strategy<Value = Config> {
    (any_config(), tie(), 0..10_u8).prop_map(|(config, tie, luck)| match tie {
        _ if luck == 0 => Config { tie, ..config },
        Tie::Dense => config,
        Tie::Units(UnitSizes { plane, shared, .. }) => {
            Config { tie, hidden: 9 * plane + shared, prefix: 1, seq_len: Some(81), ..config }
        }
        Tie::Board(_) => Config { tie, seq_len: None, ..config },
    })
}

fn any_config() -> impl Strategy<Value = Config> {
    let sizes = (size(), size(), 0..4_usize, size(), 0..5_usize, 0..3_usize, 0..3_usize, 0..3_usize);
    let positions = prop::sample::select(vec![Positions::None, Positions::Rope, Positions::Learned]);
    let floats = (prop_oneof![Just(1e-5_f32), Just(0.0), any::<f32>()], prop_oneof![Just(10_000.0_f32), any::<f32>()]);
    (sizes, positions, any::<bool>(), floats).prop_map(
        |((vocab, seq_len, prefix, hidden, heads, layers, h_cycles, l_cycles), positions, mlp_t, floats)| {
            let (rms_eps, rope_theta) = floats;
            Config {
                vocab,
                seq_len: Some(seq_len),
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
                tie: Tie::Dense,
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
    let (d, rows) = (config.hidden, config.prefix + config.seq_len.unwrap_or(0));
    let mut shapes = vec![
        ("embed_tokens.embedding_weight".into(), vec![config.vocab, d]),
        ("embed_pos.embedding_weight".into(), vec![rows, d]),
        ("puzzle_emb.weights".into(), vec![ids, config.prefix * d]),
        ("H_init".into(), vec![d]),
        ("L_init".into(), vec![d]),
        ("lm_head.weight".into(), vec![config.vocab, d]),
        ("q_head.weight".into(), vec![2, d]),
        ("q_head.bias".into(), vec![2]),
        ("borders".into(), vec![config.vocab, 4]),
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
        shapes.extend(match config.tie {
            Tie::Dense => vec![],
            Tie::Units(sizes) => unit_shapes(&at, sizes),
            Tie::Board(sizes) => board_shapes(&at, config.prefix, sizes),
        });
    }
    shapes
}

fn unit_shapes(at: &str, sizes: UnitSizes) -> Vec<(String, Vec<usize>)> {
    let UnitSizes { plane: m, shared: s, plane_inner: p, shared_inner: r, unit_hidden: c, board_hidden: g } = sizes;
    let units = [
        ("unit_in", vec![2, 2, c]),
        ("all_in", vec![2, 2, c]),
        ("prefix_in", vec![2, 2, c]),
        ("global_in", vec![2, g]),
        ("global_prefix_in", vec![2, g]),
        ("unit_out", vec![2, c]),
        ("all_out", vec![2, c]),
        ("prefix_out", vec![2, c]),
        ("global_out", vec![g]),
        ("global_prefix_out", vec![g]),
    ];
    let map = |name: &str, (m, s): (usize, usize), (p, r): (usize, usize)| {
        [("A", vec![p, m]), ("B", vec![p, m]), ("C", vec![p, s]), ("E", vec![r, m]), ("D", vec![r, s])]
            .map(|(part, shape)| (format!("{at}.planes.{name}.{part}"), shape))
    };
    let units = units.into_iter().map(|(name, shape)| (format!("{at}.units.{name}"), shape));
    let gate_up = ["gate", "up"].into_iter().flat_map(|name| map(name, (m, s), (p, r)));
    units.chain(gate_up).chain(map("down", (p, r), (m, s))).collect()
}

fn board_shapes(at: &str, prefix: usize, sizes: BoardSizes) -> Vec<(String, Vec<usize>)> {
    let BoardSizes { types, board_units, rooms } = sizes;
    let shapes = [
        ("kernels", vec![3, types, if rooms { 22 } else { 13 }]),
        ("prefix_in", vec![2 * types, prefix]),
        ("prefix_out", vec![prefix, types]),
        ("board_in", vec![2 * board_units]),
        ("board_prefix_in", vec![2 * board_units, prefix]),
        ("board_out", vec![board_units]),
        ("board_prefix_out", vec![prefix, board_units]),
    ];
    shapes.into_iter().map(|(name, shape)| (format!("{at}.board.{name}"), shape)).collect()
}

fn tensors(config: &Config, inner: usize, ids: usize, (which, harm): &(usize, Harm)) -> Tensors {
    let shapes = shapes(config, inner, ids);
    let harmed = which % shapes.len();
    let mut all = BTreeMap::new();
    for (i, (name, shape)) in shapes.into_iter().enumerate() {
        let mut data = vec![0.0; shape.iter().product()];
        fill(&mut data, Draw { seed: i as u64, rollout: 0, step: 0, target: Target::ZL }, 0.05);
        if name == "borders" {
            data.iter_mut().for_each(|value| *value = f32::from(u8::from(*value > 0.025)));
        }
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

type Outputs = (Vec<f32>, Vec<u8>, [f32; 2]);

/// Steps on one path, as the wasm surface takes them, on one board after another, in one slot: logits, answer and q of each.
fn steps(config: &Config, weights: &Weights, mut path: Path, grids: &[Grid], answers: &[u8]) -> Vec<Outputs> {
    let mut slot = Slot::new(config);
    let fixed = config.fixed_grid();
    let grids = fixed.as_slice().iter().chain(if fixed.is_some() { &[] } else { grids });
    grids.map(|&grid| step(config, weights, &mut path, &mut slot, grid, answers)).collect()
}

fn step(config: &Config, weights: &Weights, path: &mut Path, slot: &mut Slot, grid: Grid, answers: &[u8]) -> Outputs {
    assert!(config.reads(grid));
    slot.fit(config, grid);
    path.fit(config, grid);
    let tokens: Vec<u8> = (0..grid.cells()).map(|cell| (cell % config.vocab) as u8).collect();
    slot.look_at(weights, &tokens);
    let mut rows = vec![0.0; config.rows(grid) * config.hidden];
    weights.embed(config, &tokens, weights.puzzle_ids - 1, &mut rows);
    slot.x.set_rows(&rows);
    fill(&mut rows, Draw { seed: 1, rollout: 1, step: 0, target: Target::ZH }, 0.3);
    slot.z_h.set_rows(&rows);
    slot.z_l.set_rows(&rows);
    slot.z_l.add_rows(&rows);
    path.step(config, weights, answers, slot);
    slot.z_h.write_rows(&mut rows);
    (slot.logits.clone(), slot.answer.clone(), slot.q)
}

fn grids() -> impl Strategy<Value = Vec<Grid>> {
    prop::collection::vec((1..9_usize, 1..9_usize).prop_map(|(rows, columns)| Grid { rows, columns }), 1..4)
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
        grids in grids(),
    ) {
        match Weights::take(&config, &mut tensors(&config, inner, ids, &harm)) {
            Err(ModelError { code, tensor, .. }) => prop_assert!(!code.is_empty() && !tensor.is_empty()),
            Ok(weights) => {
                let answers: Vec<u8> = (0..config.vocab.div_ceil(2)).map(|token| token as u8).collect();
                let fast = steps(&config, &weights, Path::simd(&config, &weights), &grids, &answers);
                let slow = steps(&config, &weights, Path::Scalar, &grids, &answers);
                for (fast, slow) in fast.iter().zip(&slow) {
                    for (_, answer, _) in [fast, slow] {
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
}

/// So that the test above is not one of refusals alone, nor of numbers too small to differ.
#[test]
fn sound_models_run_and_agree() {
    let units = UnitSizes { plane: 12, shared: 8, plane_inner: 16, shared_inner: 20, unit_hidden: 3, board_hidden: 5 };
    let board = |rooms| Tie::Board(BoardSizes { types: 7, board_units: 3, rooms });
    let dense = (Some(13), 2, 12, Tie::Dense);
    let sizes = [
        (true, Positions::None, dense),
        (false, Positions::Rope, dense),
        (false, Positions::Learned, dense),
        (true, Positions::None, (Some(81), 1, 9 * 12 + 8, Tie::Units(units))),
        (true, Positions::None, (None, 3, 20, board(false))),
        (true, Positions::None, (None, 3, 20, board(true))),
    ];
    let grids = [(4, 6), (9, 5), (1, 1), (1, 7), (2, 1), (10, 10)].map(|(rows, columns)| Grid { rows, columns });
    for (mlp_t, positions, (seq_len, prefix, hidden, tie)) in sizes {
        let config = Config {
            vocab: 10,
            seq_len,
            prefix,
            hidden,
            heads: 3,
            layers: 2,
            h_cycles: 2,
            l_cycles: 1,
            positions,
            mlp_t,
            rms_eps: 1e-5,
            rope_theta: 10_000.0,
            tie,
        };
        let mut all = tensors(&config, 7, 2, &(0, Harm::None));
        let weights = all.0.iter_mut().filter(|(name, _)| *name != "borders");
        weights.for_each(|(_, tensor)| tensor.data.iter_mut().for_each(|value| *value *= 4.0));
        let weights = Weights::take(&config, &mut all).expect("a sound model");
        let run = |path: Path| steps(&config, &weights, path, &grids, &[1, 2, 3]);
        for ((fast, _, q), (slow, _, q2)) in run(Path::simd(&config, &weights)).iter().zip(run(Path::Scalar)) {
            assert!(fast.iter().any(|value| value.abs() > 1e-1));
            for (a, b) in fast.iter().chain(q).zip(slow.iter().chain(&q2)) {
                assert!((a - b).abs() < 1e-3, "{tie:?}: {a} on the fast path, {b} by the oracle");
            }
        }
    }
}

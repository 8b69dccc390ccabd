//! The fast path against the oracle, product by product and mix by mix, on odd shapes.

use crate::blocks::{PackedLayer, Scratch, net};
use crate::config::{BoardSizes, Config, Grid, Positions, Tie, UnitSizes};
use crate::matmul::scalar::matmul;
use crate::matmul::silu::Silu;
use crate::matmul::{PackedColumns, PackedRows, simd128 as fast};
use crate::noise::{Draw, Target, fill};
use crate::oracle::{self, Board, silu};
use crate::rooms::Rooms;
use crate::state::{LANES, Lane8, Panels};
use crate::weights::{Tensor, Tensors, Weights};
use core::arch::wasm32::{f32x4_extract_lane, f32x4_splat};
use std::collections::BTreeMap;
use wasm_bindgen_test::wasm_bindgen_test;

const SIZES: [usize; 9] = [1, 2, 3, 5, 7, 8, 13, 41, 97];

fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut values = vec![0.0; count];
    fill(&mut values, Draw { seed, rollout: 0, step: 0, target: Target::ZL }, 1.0);
    values
}

fn panels(values: &[f32], rows: usize, width: usize) -> Panels {
    let mut panels = Panels::new(rows, width);
    panels.set_rows(values);
    panels
}

fn rows(panels: &Panels) -> Vec<f32> {
    let mut values = vec![0.0; panels.rows * panels.width];
    panels.write_rows(&mut values);
    values
}

fn columns(w: &[f32], n: usize, k: usize) -> PackedColumns {
    PackedColumns::pack(n, k.next_multiple_of(LANES), &|r, c| if c < k { w[r * k + c] } else { 0.0 })
}

/// Compares relative to the largest wanted value: sums that cancel keep the rounding of their terms, on either side.
fn assert_close(found: &[f32], wanted: &[f32], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let most = wanted.iter().fold(1.0_f32, |most, v| most.max(v.abs()));
    for (i, (a, b)) in found.iter().zip(wanted).enumerate() {
        assert!((a - b).abs() <= 5e-6 * most, "{what}: element {i} is {a}, the oracle says {b}, largest {most}");
    }
}

#[wasm_bindgen_test]
fn linear_equals_the_oracle_on_odd_shapes() {
    for m in SIZES {
        for k in SIZES {
            for n in SIZES {
                let (x, w, before) = (random(m * k, 1), random(n * k, 2), random(m * n, 3));
                let product = matmul(&x, &w, m, k, n);
                let mut out = panels(&before, m, n);
                fast::linear(&panels(&x, m, k), &columns(&w, n, k), &mut out, true);
                let sum: Vec<f32> = product.iter().zip(&before).map(|(a, b)| a + b).collect();
                assert_close(&rows(&out), &sum, &format!("accumulate {m}x{k}x{n}"));
                fast::linear(&panels(&x, m, k), &columns(&w, n, k), &mut out, false);
                assert_close(&rows(&out), &product, &format!("plain {m}x{k}x{n}"));
            }
        }
    }
}

#[wasm_bindgen_test]
fn gated_columns_equals_the_oracle_on_odd_shapes() {
    for m in SIZES {
        for k in SIZES {
            for n in SIZES {
                let (x, gate, up) = (random(m * k, 1), random(n * k, 2), random(n * k, 3));
                let mut hidden = Panels::new(m, n);
                fast::gated_columns(&panels(&x, m, k), &columns(&gate, n, k), &columns(&up, n, k), &mut hidden);
                let ups = matmul(&x, &up, m, k, n);
                let wanted: Vec<f32> = matmul(&x, &gate, m, k, n).iter().zip(&ups).map(|(g, u)| silu(*g) * u).collect();
                assert_close(&rows(&hidden), &wanted, &format!("{m}x{k}x{n}"));
            }
        }
    }
}

#[wasm_bindgen_test]
fn token_mix_products_equal_the_oracle_on_odd_shapes() {
    for t in SIZES {
        for inner in SIZES {
            let (h, gate, up, down) =
                (random(t * 8, 1), random(inner * t, 2), random(inner * t, 3), random(t * inner, 4));
            let pack = |w: &[f32], m: usize, k: usize| PackedRows::pack(m, k, &|r, c| w[r * k + c]);
            let mut panel = panels(&h, t, 8).data;
            let mut hidden = vec![Lane8::default(); inner];
            fast::gated_rows(&panel, &pack(&gate, inner, t), &pack(&up, inner, t), &mut hidden);
            fast::add_rows(&hidden, &pack(&down, t, inner), &mut panel);
            let transposed: Vec<f32> =
                (0..8).flat_map(|c| (0..t).map(move |r| (r, c))).map(|(r, c)| h[r * 8 + c]).collect();
            let (gates, ups) = (matmul(&transposed, &gate, 8, t, inner), matmul(&transposed, &up, 8, t, inner));
            let gated: Vec<f32> = gates.iter().zip(&ups).map(|(g, u)| silu(*g) * u).collect();
            let out = matmul(&gated, &down, 8, inner, t);
            let each = || (0..t).flat_map(|row| (0..8).map(move |channel| (row, channel)));
            let found: Vec<f32> = each().map(|(row, channel)| panel[row].0[channel]).collect();
            let wanted: Vec<f32> = each().map(|(row, c)| transposed[c * t + row] + out[c * t + row]).collect();
            assert_close(&found, &wanted, &format!("T {t}, inner {inner}"));
        }
    }
}

#[wasm_bindgen_test]
fn exp_is_within_its_stated_error() {
    for i in -870..=880 {
        let x = i as f32 / 10.0;
        let (found, wanted) = (f64::from(f32x4_extract_lane::<0>(fast::exp(f32x4_splat(x)))), libm::exp(f64::from(x)));
        assert!((found / wanted - 1.0).abs() < 3e-7, "exp({x}) = {found}, wanted {wanted}");
    }
}

#[wasm_bindgen_test]
fn norms_and_softmax_keep_padding_out() {
    for (t, width) in [(1, 1), (5, 3), (7, 9), (13, 16), (3, 23)] {
        let x = random(t * width, 5);
        let mut h = panels(&x, t, width);
        fast::rms_rows(&mut h, 1e-5);
        for (found, row) in rows(&h).chunks(width).zip(x.chunks(width)) {
            let mean = row.iter().map(|v| v * v).sum::<f32>() / width as f32;
            assert_close(found, &row.iter().map(|v| v / (mean + 1e-5).sqrt()).collect::<Vec<_>>(), "rms");
        }
        let mut scores = panels(&x, t, width);
        fast::softmax_rows(&mut scores, 0.7);
        for (found, row) in rows(&scores).chunks(width).zip(x.chunks(width)) {
            let powers: Vec<f32> = row.iter().map(|v| libm::expf(0.7 * v)).collect();
            let sum: f32 = powers.iter().sum();
            assert_close(found, &powers.iter().map(|v| v / sum).collect::<Vec<_>>(), "softmax");
        }
        let padding = scores.panels() * LANES - width;
        let last = &scores.panel(scores.panels() - 1)[0].0;
        assert!(last[LANES - padding..].iter().all(|&v| v == 0.0));
    }
}

#[wasm_bindgen_test]
fn the_gate_is_within_its_stated_error() {
    let silu_times = Silu::new();
    for i in -2000..=2000 {
        let x = i as f32 / 13.0;
        let found = f32x4_extract_lane::<0>(silu_times.times(f32x4_splat(x), f32x4_splat(1.5)));
        let wanted = 1.5 * f64::from(x) / (1.0 + libm::exp(-f64::from(x)));
        let error = (f64::from(found) - wanted).abs();
        // Where e^-x is all there is of the sum, the rounding of x log2 e is in it.
        assert!(error <= 5e-7 * wanted.abs() * (1.0 + f64::from(x).abs()).min(90.0) + 1e-30, "{x}: {found}, {wanted}");
    }
}

/// One layer of a tied model: tensors of its blocks and of its ends, small enough that nothing saturates.
fn tied(tie: Tie, prefix: usize, hidden: usize, shapes: &[(&str, Vec<usize>)]) -> (Config, Weights) {
    let seq_len = matches!(tie, Tie::Units(_)).then_some(81);
    let config = Config {
        vocab: 5,
        seq_len,
        prefix,
        hidden,
        heads: 0,
        layers: 1,
        h_cycles: 1,
        l_cycles: 1,
        positions: Positions::None,
        mlp_t: true,
        rms_eps: 1e-5,
        rope_theta: 10_000.0,
        tie,
    };
    let ends = [
        ("embed_tokens.embedding_weight", vec![5, hidden]),
        ("puzzle_emb.weights", vec![1, prefix * hidden]),
        ("H_init", vec![hidden]),
        ("L_init", vec![hidden]),
        ("lm_head.weight", vec![5, hidden]),
        ("q_head.weight", vec![2, hidden]),
        ("q_head.bias", vec![2]),
        ("borders", vec![5, 4]),
    ];
    let tensor = |(i, (name, shape)): (usize, &(&str, Vec<usize>))| {
        let mut data = random(shape.iter().product(), i as u64);
        let is_flag = *name == "borders";
        data.iter_mut()
            .for_each(|value| *value = if is_flag { f32::from(u8::from(*value > 0.5)) } else { *value * 0.2 });
        let name =
            if ends.iter().any(|end| end.0 == *name) { (*name).into() } else { format!("L_level.layers.0.{name}") };
        (name, Tensor { shape: shape.clone(), data })
    };
    let mut tensors: BTreeMap<_, _> = ends.iter().chain(shapes).enumerate().map(tensor).collect();
    let weights = Weights::take(&config, &mut Tensors(std::mem::take(&mut tensors))).expect("a sound model");
    (config, weights)
}

/// A block's fast path against its oracle, one board after another in the same buffers.
fn assert_block_equals_its_oracle(config: &Config, weights: &Weights, grids: &[(usize, usize)]) {
    let layers: Vec<_> = weights.layers.iter().map(|layer| PackedLayer::pack(config, layer)).collect();
    let mut scratch = Scratch::new(config, &layers);
    for (i, &(rows, columns)) in grids.iter().enumerate() {
        let grid = Grid { rows, columns };
        let height = config.rows(grid);
        let before = random(height * config.hidden, 40 + i as u64);
        let tokens: Vec<u8> =
            random(grid.cells(), 80 + i as u64).iter().map(|value| (value.abs() * 3.0) as u8 % 5).collect();
        let mut rooms = Rooms::default();
        if !weights.borders.is_empty() {
            rooms.find(grid, &tokens, &weights.borders);
            assert!(grid.cells() < 80 || (2..grid.cells() / 2).contains(&rooms.count), "{} rooms", rooms.count);
        }
        let mut h = panels(&before, height, config.hidden);
        scratch.fit(config, grid);
        net(config, &layers, &rooms, &mut h, &mut scratch);
        let wanted = oracle::net(config, weights, Board { grid, rooms: &rooms }, before);
        assert_close(&self::rows(&h), &wanted, &format!("{:?} on {rows}x{columns}", config.tie));
    }
}

#[wasm_bindgen_test]
fn units_and_planes_equal_their_oracles() {
    for (plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden) in
        [(12, 20, 32, 96, 9, 13), (4, 8, 4, 4, 1, 1), (8, 4, 12, 8, 2, 3)]
    {
        let sizes = UnitSizes { plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden };
        let (c, g, m, s, p, r) = (unit_hidden, board_hidden, plane, shared, plane_inner, shared_inner);
        let mut shapes = vec![];
        for name in ["units.unit_in", "units.all_in", "units.prefix_in"] {
            shapes.push((name, vec![2, 2, c]));
        }
        for name in ["units.unit_out", "units.all_out", "units.prefix_out"] {
            shapes.push((name, vec![2, c]));
        }
        shapes.extend([("units.global_in", vec![2, g]), ("units.global_prefix_in", vec![2, g])]);
        shapes.extend([("units.global_out", vec![g]), ("units.global_prefix_out", vec![g])]);
        for [a, b, from_shared, e, d] in [
            ["planes.gate.A", "planes.gate.B", "planes.gate.C", "planes.gate.E", "planes.gate.D"],
            ["planes.up.A", "planes.up.B", "planes.up.C", "planes.up.E", "planes.up.D"],
        ] {
            shapes.extend([
                (a, vec![p, m]),
                (b, vec![p, m]),
                (from_shared, vec![p, s]),
                (e, vec![r, m]),
                (d, vec![r, s]),
            ]);
        }
        shapes.extend([("planes.down.A", vec![m, p]), ("planes.down.B", vec![m, p]), ("planes.down.C", vec![m, r])]);
        shapes.extend([("planes.down.E", vec![s, p]), ("planes.down.D", vec![s, r])]);
        let (config, weights) = tied(Tie::Units(sizes), 1, 9 * plane + shared, &shapes);
        assert_block_equals_its_oracle(&config, &weights, &[(9, 9), (9, 9)]);
    }
}

#[wasm_bindgen_test]
fn board_equals_its_oracle_on_boards_of_any_size() {
    let sizes = [(8, 8, 9, 24, 17), (1, 1, 1, 5, 3), (5, 2, 3, 16, 8)];
    for ((types, board_units, prefix, hidden, inner), rooms) in
        sizes.into_iter().flat_map(|size| [(size, false), (size, true)])
    {
        let shapes = [
            ("board.kernels", vec![3, types, if rooms { 22 } else { 13 }]),
            ("board.prefix_in", vec![2 * types, prefix]),
            ("board.prefix_out", vec![prefix, types]),
            ("board.board_in", vec![2 * board_units]),
            ("board.board_prefix_in", vec![2 * board_units, prefix]),
            ("board.board_out", vec![board_units]),
            ("board.board_prefix_out", vec![prefix, board_units]),
            ("mlp.gate_up_proj.weight", vec![2 * inner, hidden]),
            ("mlp.down_proj.weight", vec![hidden, inner]),
        ];
        let (config, weights) = tied(Tie::Board(BoardSizes { types, board_units, rooms }), prefix, hidden, &shapes);
        let grids = [(10, 10), (1, 1), (1, 8), (7, 1), (6, 5), (2, 2), (24, 24), (3, 17)];
        assert_block_equals_its_oracle(&config, &weights, &grids);
    }
}

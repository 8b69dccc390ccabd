//! The fast path against the oracle, product by product, on odd shapes.

use crate::matmul::scalar::matmul;
use crate::matmul::{PackedColumns, PackedRows, simd128 as fast};
use crate::noise::{Draw, Target, fill};
use crate::state::{LANES, Lane8, Panels};
use core::arch::wasm32::{f32x4_extract_lane, f32x4_splat};
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
    PackedColumns::pack(n, k.next_multiple_of(LANES), |r, c| if c < k { w[r * k + c] } else { 0.0 })
}

/// Compares relative to the largest wanted value: sums that cancel keep the rounding of their terms, on either side.
fn assert_close(found: &[f32], wanted: &[f32], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let most = wanted.iter().fold(1.0_f32, |most, v| most.max(v.abs()));
    for (i, (a, b)) in found.iter().zip(wanted).enumerate() {
        assert!((a - b).abs() <= 5e-6 * most, "{what}: element {i} is {a}, the oracle says {b}, largest {most}");
    }
}

fn silu(x: f32) -> f32 {
    x / (1.0 + libm::expf(-x))
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
            let pack = |w: &[f32], m: usize, k: usize| PackedRows::pack(m, k, |r, c| w[r * k + c]);
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

//! The matrix products that the TRM is made of, as runs of tiles, with what stands between them: gates, norms, softmax.

use super::silu::Silu;
pub use super::tile::multiply_add;
use super::tile::{activation_times_panel, load, store, weights_times_panel};
use super::{PackedColumns, PackedRows, TILE_ROWS, tiles};
use crate::state::{LANES, Lane8, Panels};
use core::arch::wasm32::*;

/// `out = x w^T`, or `out += x w^T`: x is `[T, k]`, w is `[n, k]`, out is `[T, n]`.
pub fn linear(x: &Panels, w: &PackedColumns, out: &mut Panels, accumulate: bool) {
    for panel in 0..w.n.div_ceil(LANES) {
        for tile in tiles(x.rows) {
            let rows = &mut out.panel_mut(panel)[tile.0..tile.0 + tile.1];
            activation_times_panel(x, tile, w.panel(panel), rows, accumulate);
        }
    }
}

/// `hidden = silu(x gate^T) * (x up^T)`, tile by tile, so that neither product ever leaves the first-level cache.
pub fn gated_columns(x: &Panels, gate: &PackedColumns, up: &PackedColumns, hidden: &mut Panels) {
    let (silu, mut tile_out) = (Silu::new(), [[Lane8::default(); TILE_ROWS]; 2]);
    for panel in 0..gate.n.div_ceil(LANES) {
        for tile in tiles(x.rows) {
            let [gates, ups] = &mut tile_out;
            activation_times_panel(x, tile, gate.panel(panel), gates, false);
            activation_times_panel(x, tile, up.panel(panel), ups, false);
            silu_times_all(&silu, gates, ups, &mut hidden.panel_mut(panel)[tile.0..tile.0 + tile.1]);
        }
    }
}

/// `hidden = silu(gate h) * (up h)` for one panel of eight channels: h is `[T][8]`, hidden is `[inner][8]`.
pub fn gated_rows(h: &[Lane8], gate: &PackedRows, up: &PackedRows, hidden: &mut [Lane8]) {
    let (silu, mut tile_out) = (Silu::new(), [[Lane8::default(); TILE_ROWS]; 2]);
    for tile in tiles(gate.m) {
        let [gates, ups] = &mut tile_out;
        weights_times_panel(gate, tile, h, gates, false);
        weights_times_panel(up, tile, h, ups, false);
        silu_times_all(&silu, gates, ups, &mut hidden[tile.0..tile.0 + tile.1]);
    }
}

/// `out = w b` for one panel of eight channels.
pub fn product(w: &PackedRows, b: &[Lane8], out: &mut [Lane8]) {
    for tile in tiles(w.m) {
        weights_times_panel(w, tile, b, &mut out[tile.0..tile.0 + tile.1], false);
    }
}

/// `out += w hidden` for one panel of eight channels.
pub fn add_rows(hidden: &[Lane8], w: &PackedRows, out: &mut [Lane8]) {
    for tile in tiles(w.m) {
        weights_times_panel(w, tile, hidden, &mut out[tile.0..tile.0 + tile.1], true);
    }
}

fn silu_times_all(silu: &Silu, gates: &[Lane8], ups: &[Lane8], out: &mut [Lane8]) {
    for ((out, gate), up) in out.iter_mut().zip(gates).zip(ups) {
        let (gate, up) = (load(gate), load(up));
        store(out, [silu.times(gate[0], up[0]), silu.times(gate[1], up[1])]);
    }
}

/// `e^x` by Cody-Waite reduction and the degree-6 polynomial of Cephes' expf; relative error below 3e-7 on [-87, 88].
#[inline(always)]
pub fn exp(x: v128) -> v128 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to the nearest integer
    let x = f32x4_pmin(f32x4_splat(88.0), f32x4_pmax(f32x4_splat(-87.0), x));
    let shifted = multiply_add(x, f32x4_splat(core::f32::consts::LOG2_E), f32x4_splat(MAGIC));
    let n = f32x4_sub(shifted, f32x4_splat(MAGIC));
    let r = multiply_add(n, f32x4_splat(-0.693_359_4), x);
    let r = multiply_add(n, f32x4_splat(2.121_944_4e-4), r);
    let mut p = f32x4_splat(1.987_569_1e-4);
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5e-1] {
        p = multiply_add(p, r, f32x4_splat(coefficient));
    }
    let p = f32x4_add(multiply_add(p, f32x4_mul(r, r), r), f32x4_splat(1.0));
    // The low bits of `shifted` hold n; moved up by 23 they add n to the exponent.
    i32x4_add(p, i32x4_shl(shifted, 23))
}

/// Divides each lane of one panel by the root mean square of its column: the token mix's norm over the sequence.
pub fn rms_columns(panel: &mut [Lane8], eps: f32) {
    let mut squares = [f32x4_splat(0.0); 2];
    for lane in panel.iter() {
        let value = load(lane);
        squares = [multiply_add(value[0], value[0], squares[0]), multiply_add(value[1], value[1], squares[1])];
    }
    let scale = squares.map(|sum| inverse_root(f32x4_div(sum, f32x4_splat(panel.len() as f32)), eps));
    for lane in panel.iter_mut() {
        let value = load(lane);
        store(lane, [f32x4_mul(value[0], scale[0]), f32x4_mul(value[1], scale[1])]);
    }
}

/// Divides each row by its root mean square over the channels. Several rows at a time, as a panel's neighbouring rows
/// share cache lines.
pub fn rms_rows(h: &mut Panels, eps: f32) {
    for start in (0..h.rows).step_by(GROUP) {
        rms_of_rows(h, (start, GROUP.min(h.rows - start)), eps);
    }
}

/// Rows that are divided at a time.
const GROUP: usize = 8;

/// The same for `height` rows from `start` on, `GROUP` at most.
pub fn rms_of_rows(h: &mut Panels, (start, height): (usize, usize), eps: f32) {
    let (rows, width, end) = (h.rows, f32x4_splat(h.width as f32), start + height);
    let mut sums = [f32x4_splat(0.0); GROUP];
    for panel in h.data.chunks_exact(rows) {
        for (sum, lane) in sums.iter_mut().zip(&panel[start..end]) {
            let value = load(lane);
            *sum = multiply_add(value[0], value[0], multiply_add(value[1], value[1], *sum));
        }
    }
    let scales = sums.map(|sum| inverse_root(f32x4_div(f32x4_splat(sum_lanes(sum)), width), eps));
    for panel in h.data.chunks_exact_mut(rows) {
        for (scale, lane) in scales.iter().zip(&mut panel[start..end]) {
            let value = load(lane);
            store(lane, [f32x4_mul(value[0], *scale), f32x4_mul(value[1], *scale)]);
        }
    }
}

#[inline(always)]
pub fn inverse_root(mean: v128, eps: f32) -> v128 {
    f32x4_div(f32x4_splat(1.0), f32x4_sqrt(f32x4_add(mean, f32x4_splat(eps))))
}

#[inline(always)]
fn sum_lanes(v: v128) -> f32 {
    (f32x4_extract_lane::<0>(v) + f32x4_extract_lane::<2>(v))
        + (f32x4_extract_lane::<1>(v) + f32x4_extract_lane::<3>(v))
}

#[inline(always)]
fn most_lane(v: v128) -> f32 {
    let pair = f32x4_max(v, i32x4_shuffle::<2, 3, 0, 1>(v, v));
    f32x4_extract_lane::<0>(pair).max(f32x4_extract_lane::<1>(pair))
}

/// Softmax of `scale * scores` over each row; lanes past `scores.width` become 0.
pub fn softmax_rows(scores: &mut Panels, scale: f32) {
    let (rows, width, panels) = (scores.rows, scores.width, scores.panels());
    for row in 0..rows {
        let last = &mut scores.data[(panels - 1) * rows + row].0;
        last[width - (panels - 1) * LANES..].fill(f32::NEG_INFINITY);
        let mut most = f32x4_splat(f32::NEG_INFINITY);
        for lane in scores.data[row..].iter().step_by(rows) {
            let value = load(lane);
            most = f32x4_max(most, f32x4_max(value[0], value[1]));
        }
        let (most, scale) = (f32x4_splat(most_lane(most)), f32x4_splat(scale));
        let mut sum = f32x4_splat(0.0);
        for lane in scores.data[row..].iter_mut().step_by(rows) {
            let value = load(lane).map(|v| exp(f32x4_mul(f32x4_sub(v, most), scale)));
            sum = f32x4_add(sum, f32x4_add(value[0], value[1]));
            store(lane, value);
        }
        let share = f32x4_splat(1.0 / sum_lanes(sum));
        for lane in scores.data[row..].iter_mut().step_by(rows) {
            let value = load(lane);
            store(lane, [f32x4_mul(value[0], share), f32x4_mul(value[1], share)]);
        }
        scores.data[(panels - 1) * rows + row].0[width - (panels - 1) * LANES..].fill(0.0);
    }
}

/// `a += b + c`, or `a += b` without c: the inputs of the recursion's two kinds of net call.
pub fn add_latents(a: &mut Panels, b: &Panels, c: Option<&Panels>) {
    for (i, lane) in a.data.iter_mut().enumerate() {
        let (mine, mut other) = (load(lane), load(&b.data[i]));
        if let Some(c) = c {
            let third = load(&c.data[i]);
            other = [f32x4_add(other[0], third[0]), f32x4_add(other[1], third[1])];
        }
        store(lane, [f32x4_add(mine[0], other[0]), f32x4_add(mine[1], other[1])]);
    }
}

//! The channel mix of Sudoku as one would write it down: every map written out from its five parts. The oracle of `planes`.

use crate::config::DIGITS;
use crate::matmul::scalar::matmul;
use crate::oracle::silu;
use crate::weights::{PlaneMap, PlaneWeights};

/// A map written out: `[9 p + r, 9 m + s]`.
fn written_out(map: &PlaneMap, (m, s): (usize, usize), (p, r): (usize, usize)) -> Vec<f32> {
    let mut dense = Vec::with_capacity((DIGITS * p + r) * (DIGITS * m + s));
    for row in 0..DIGITS * p + r {
        for column in 0..DIGITS * m + s {
            let (to_plane, from_plane) = (row < DIGITS * p, column < DIGITS * m);
            dense.push(match (to_plane, from_plane) {
                (true, true) => {
                    let at = row % p * m + column % m;
                    map.planes[at] + if row / p == column / m { map.own[at] } else { 0.0 }
                }
                (true, false) => map.from_shared[row % p * s + column - DIGITS * m],
                (false, true) => map.to_shared[(row - DIGITS * p) * m + column % m],
                (false, false) => map.shared[(row - DIGITS * p) * s + column - DIGITS * m],
            });
        }
    }
    dense
}

/// What the mix adds to h, row-major `[rows, d]`.
pub fn plane_mix(weights: &PlaneWeights, h: &[f32], rows: usize) -> Vec<f32> {
    let sizes = weights.sizes;
    let (outer, inner) = ((sizes.plane, sizes.shared), (sizes.plane_inner, sizes.shared_inner));
    let (d, width) = (DIGITS * outer.0 + outer.1, DIGITS * inner.0 + inner.1);
    let product = |map: &PlaneMap| matmul(h, &written_out(map, outer, inner), rows, d, width);
    let hidden: Vec<f32> = product(&weights.gate).iter().zip(product(&weights.up)).map(|(&g, u)| silu(g) * u).collect();
    matmul(&hidden, &written_out(&weights.down, inner, outer), rows, width, d)
}

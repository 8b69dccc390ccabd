//! Weights packed for the SIMD micro-kernel, and the order in which its tiles run over a matrix.

pub mod scalar;
pub mod silu;
pub mod simd128;
mod tile;
pub mod walk;

use crate::state::{LANES, Lane8};

/// Rows of the largest register tile. V8 has 15 registers on x64: 6 rows x 8 columns are 12 accumulators, 2 vectors and
/// 1 splat. Where multiply and add are not fused, a product needs one more, and a sixth row would spill.
pub const TILE_ROWS: usize = if cfg!(target_feature = "relaxed-simd") { 6 } else { 5 };

/// Splits `rows` into tiles of nearly equal height, so that no tile is a thin remainder: 82 = 12 * 6 + 2 * 5.
pub fn tiles(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = rows.div_ceil(TILE_ROWS).max(1);
    let (height, taller) = (rows / count, rows % count);
    (0..count).map(move |i| (i * height + i.min(taller), height + usize::from(i < taller))).filter(|tile| tile.1 > 0)
}

/// A linear map `[n, k]` as the vector operand: panels `[ceil(n / 8)][k][8]`, zeros past n.
pub struct PackedColumns {
    pub n: usize,
    pub k: usize,
    pub data: Vec<Lane8>,
}

impl PackedColumns {
    /// Packs `weight(row of n, column of k)`.
    #[inline(never)]
    pub fn pack(n: usize, k: usize, weight: &dyn Fn(usize, usize) -> f32) -> Self {
        let mut data = vec![Lane8::default(); n.div_ceil(LANES) * k];
        for row in 0..n {
            for column in 0..k {
                data[row / LANES * k + column].0[row % LANES] = weight(row, column);
            }
        }
        Self { n, k, data }
    }

    pub fn panel(&self, index: usize) -> &[Lane8] {
        self.panels(index, 1)
    }

    /// `count` panels from `first` on, one after another.
    pub fn panels(&self, first: usize, count: usize) -> &[Lane8] {
        &self.data[first * self.k..(first + count) * self.k]
    }
}

/// A linear map `[m, k]` as the splat operand: tiles `[k][tile height]`, one after another.
pub struct PackedRows {
    pub m: usize,
    pub k: usize,
    pub data: Vec<f32>,
}

impl PackedRows {
    /// Packs `weight(row of m, column of k)`.
    #[inline(never)]
    pub fn pack(m: usize, k: usize, weight: &dyn Fn(usize, usize) -> f32) -> Self {
        let mut data = Vec::with_capacity(m * k);
        for (start, height) in tiles(m) {
            for column in 0..k {
                data.extend((start..start + height).map(|row| weight(row, column)));
            }
        }
        Self { m, k, data }
    }

    /// The tile of `height` rows that begins at row `start`: `[k][height]`.
    pub fn tile(&self, start: usize, height: usize) -> &[f32] {
        &self.data[start * self.k..(start + height) * self.k]
    }
}

#[cfg(test)]
mod tests {
    use super::{TILE_ROWS, tiles};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn tiles_cover_all_rows_once() {
        for rows in 0..200 {
            let mut next = 0;
            for (start, height) in tiles(rows) {
                assert_eq!(start, next);
                assert!((1..=TILE_ROWS).contains(&height));
                next += height;
            }
            assert_eq!(next, rows);
        }
    }
}

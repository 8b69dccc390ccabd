//! The free weights of tied blocks, as they are learnt: the scales that belong to them are applied where they are used.

use super::Tensors;
use crate::config::{BoardSizes, ModelError, UnitSizes};
use crate::mixes::board_rooms::ROOM_TAPS;

/// Taps of a hidden unit that sits on a cell: the cell and its eight neighbours, row by row, then the rays to the right,
/// downwards, to the left, upwards. Ties with rooms have `ROOM_TAPS` more behind these.
pub const TAPS: usize = 13;

impl BoardSizes {
    /// Taps of each kernel.
    pub fn taps(self) -> usize {
        if self.rooms { TAPS + ROOM_TAPS } else { TAPS }
    }
}

/// The token mix of Sudoku. Where a tensor has an axis of two shapes, 0 is of rows and columns, 1 of boxes; where it has one
/// of two halves, 0 is the gate's, 1 the up map's.
pub struct UnitWeights {
    pub sizes: UnitSizes,
    /// `[half, shape, unit_hidden]`: from the cells of the unit itself, of the board, of the prefix.
    pub unit_in: Vec<f32>,
    pub all_in: Vec<f32>,
    pub prefix_in: Vec<f32>,
    /// `[half, board_hidden]`
    pub global_in: Vec<f32>,
    pub global_prefix_in: Vec<f32>,
    /// `[shape, unit_hidden]`: to the unit's own cells, to all cells, to the prefix.
    pub unit_out: Vec<f32>,
    pub all_out: Vec<f32>,
    pub prefix_out: Vec<f32>,
    /// `[board_hidden]`: to all cells, to the prefix.
    pub global_out: Vec<f32>,
    pub global_prefix_out: Vec<f32>,
}

impl UnitWeights {
    pub fn take(sizes: UnitSizes, tensors: &mut Tensors, at: &str) -> Result<Self, ModelError> {
        let (c, g) = (sizes.unit_hidden, sizes.board_hidden);
        let at = [at, "units"].join(".");
        let mut take = |name: &str, shape: &[usize]| tensors.take_from(&at, name, shape);
        Ok(Self {
            sizes,
            unit_in: take("unit_in", &[2, 2, c])?,
            all_in: take("all_in", &[2, 2, c])?,
            prefix_in: take("prefix_in", &[2, 2, c])?,
            global_in: take("global_in", &[2, g])?,
            global_prefix_in: take("global_prefix_in", &[2, g])?,
            unit_out: take("unit_out", &[2, c])?,
            all_out: take("all_out", &[2, c])?,
            prefix_out: take("prefix_out", &[2, c])?,
            global_out: take("global_out", &[g])?,
            global_prefix_out: take("global_prefix_out", &[g])?,
        })
    }
}

/// A linear map between 9 planes and shared channels that treats all digits alike. `m` and `s` go in, `p` and `r` come out.
pub struct PlaneMap {
    /// `[p, m]`: a plane to itself.
    pub own: Vec<f32>,
    /// `[p, m]`: the sum of all planes to each.
    pub planes: Vec<f32>,
    /// `[p, s]`: shared channels to each plane.
    pub from_shared: Vec<f32>,
    /// `[r, m]`: the sum of all planes to shared channels.
    pub to_shared: Vec<f32>,
    /// `[r, s]`: shared channels among themselves.
    pub shared: Vec<f32>,
}

impl PlaneMap {
    /// `wide_in` and `wide_out`: channels of a plane and shared ones, on either side.
    #[inline(never)]
    fn take(
        tensors: &mut Tensors,
        at: &str,
        (m, s): (usize, usize),
        (p, r): (usize, usize),
    ) -> Result<Self, ModelError> {
        let mut take = |name: &str, shape: &[usize]| tensors.take_from(at, name, shape);
        Ok(Self {
            own: take("A", &[p, m])?,
            planes: take("B", &[p, m])?,
            from_shared: take("C", &[p, s])?,
            to_shared: take("E", &[r, m])?,
            shared: take("D", &[r, s])?,
        })
    }
}

/// The channel mix of Sudoku: a SwiGLU of maps between planes.
pub struct PlaneWeights {
    pub sizes: UnitSizes,
    pub gate: PlaneMap,
    pub up: PlaneMap,
    pub down: PlaneMap,
}

impl PlaneWeights {
    pub fn take(sizes: UnitSizes, tensors: &mut Tensors, at: &str) -> Result<Self, ModelError> {
        let (outer, inner) = ((sizes.plane, sizes.shared), (sizes.plane_inner, sizes.shared_inner));
        Ok(Self {
            sizes,
            gate: PlaneMap::take(tensors, &format!("{at}.planes.gate"), outer, inner)?,
            up: PlaneMap::take(tensors, &format!("{at}.planes.up"), outer, inner)?,
            down: PlaneMap::take(tensors, &format!("{at}.planes.down"), inner, outer)?,
        })
    }
}

/// The token mix of pencil boards. Halves as in `UnitWeights`.
pub struct BoardWeights {
    pub sizes: BoardSizes,
    pub prefix: usize,
    /// `[3, types, taps]`: gate, up, down of each type, by tap.
    pub kernels: Vec<f32>,
    /// `[half, types, prefix]`: what the prefix adds to a type's gate and up map, everywhere.
    pub prefix_in: Vec<f32>,
    /// `[prefix, types]`: from the sum of a type's hidden units to the prefix.
    pub prefix_out: Vec<f32>,
    /// `[half, board_units]`: from the sum of all cells.
    pub board_in: Vec<f32>,
    /// `[half, board_units, prefix]`
    pub board_prefix_in: Vec<f32>,
    /// `[board_units]`: to all cells.
    pub board_out: Vec<f32>,
    /// `[prefix, board_units]`
    pub board_prefix_out: Vec<f32>,
}

impl BoardWeights {
    pub fn take(sizes: BoardSizes, prefix: usize, tensors: &mut Tensors, at: &str) -> Result<Self, ModelError> {
        let BoardSizes { types, board_units, .. } = sizes;
        let at = [at, "board"].join(".");
        let mut take = |name: &str, shape: &[usize]| tensors.take_from(&at, name, shape);
        Ok(Self {
            sizes,
            prefix,
            kernels: take("kernels", &[3, types, sizes.taps()])?,
            prefix_in: take("prefix_in", &[2 * types, prefix])?,
            prefix_out: take("prefix_out", &[prefix, types])?,
            board_in: take("board_in", &[2 * board_units])?,
            board_prefix_in: take("board_prefix_in", &[2 * board_units, prefix])?,
            board_out: take("board_out", &[board_units])?,
            board_prefix_out: take("board_prefix_out", &[prefix, board_units])?,
        })
    }
}

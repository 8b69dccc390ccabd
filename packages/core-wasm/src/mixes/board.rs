//! The token mix of pencil boards on its free weights: hidden units of a few types on every cell, which look at the cells
//! around and along four rays, and hidden units of the whole board. For every channel alone, so eight go side by side.
//!
//! A board's row is mixed in one pass from left to right. What its cells look at lies in a strip: column by column the cells
//! of the row above, of the row itself and of the row below, so that a cell's nine neighbours stand side by side. What hidden
//! units give to the cells around them is summed in a strip of the same form.

use super::board_rooms::{ROOM_TAPS, share};
use super::board_rows::{BoardScratch, NEAR, NOTHING, RAYS, Vector, ZERO, add, cast_up, scaled_sum};
use crate::config::BoardSizes;
use crate::matmul::PackedRows;
use crate::matmul::silu::{GATE_SCALE, Silu, UP_SCALE};
use crate::matmul::simd128::{add_rows, inverse_root, product};
use crate::matmul::walk::{Seen, TILE_TYPES, hidden_of_strip, weights_times_each};
use crate::rooms::Rooms;
use crate::state::{Lane8, Panels};
use crate::weights::{BoardWeights, TAPS};
use core::arch::wasm32::*;

pub struct BoardMix {
    prefix: usize,
    types: usize,
    /// What a cell's units see through their taps: by type a gate and an up map. `[2 types, taps]`, a few types in each.
    looks: Vec<PackedRows>,
    /// What they see of the prefix. `[2 types, prefix]`
    prefix_looks: PackedRows,
    /// What the units of a cell give to the cells around and to rays. `[9, types]`, `[4, types]`
    to_near: PackedRows,
    to_rays: PackedRows,
    /// What they give through the taps that know rooms, where the tie has them. `[9, types]`
    to_rooms: Option<PackedRows>,
    /// What the board's units see of (sum of the cells, prefix): by unit a gate and an up map. `[2 units, 1 + prefix]`
    board_looks: PackedRows,
    /// What the board's units give to all cells. `[1, units]`
    to_cells: PackedRows,
    /// What (sums of each type's units, units of the board) give to the prefix. `[prefix, types + units]`
    to_prefix: PackedRows,
}

/// The tap that stands at a place of the strip's window, which goes column by column.
fn tap_at(place: usize) -> usize {
    if place < NEAR { place % 3 * 3 + place / 3 } else { place }
}

impl BoardMix {
    pub fn pack(weights: &BoardWeights) -> Self {
        let (prefix, sizes) = (weights.prefix, weights.sizes);
        let (BoardSizes { types, board_units, rooms }, taps) = (sizes, sizes.taps());
        let kernel = |part: usize, kind: usize, tap: usize| {
            let share = if tap < TAPS { 1.0 } else { share(tap - TAPS) };
            share * weights.kernels[(part * types + kind) * taps + tap]
        };
        // Gate and up map of one unit stand side by side, each scaled for `Silu::times_scaled`.
        let half = |row: usize, count: usize| row % 2 * count + row / 2;
        let scale = |row: usize| if row.is_multiple_of(2) { GATE_SCALE } else { UP_SCALE };
        Self {
            prefix,
            types,
            looks: (0..types)
                .step_by(TILE_TYPES)
                .map(|first| {
                    PackedRows::pack(2 * TILE_TYPES.min(types - first), taps, &|row, place| {
                        scale(row) * kernel(row % 2, first + row / 2, tap_at(place))
                    })
                })
                .collect(),
            prefix_looks: PackedRows::pack(2 * types, prefix, &|row, p| {
                scale(row) * weights.prefix_in[half(row, types) * prefix + p]
            }),
            // A cell that sees this one through a tap lies on the tap's other side.
            to_near: PackedRows::pack(NEAR, types, &|place, kind| kernel(2, kind, tap_at(NEAR - 1 - place))),
            to_rays: PackedRows::pack(RAYS, types, &|way, kind| kernel(2, kind, NEAR + way)),
            to_rooms: rooms.then(|| PackedRows::pack(ROOM_TAPS, types, &|tap, kind| kernel(2, kind, TAPS + tap))),
            board_looks: PackedRows::pack(2 * board_units, 1 + prefix, &|row, column| match column {
                0 => scale(row) * weights.board_in[half(row, board_units)],
                _ => scale(row) * weights.board_prefix_in[half(row, board_units) * prefix + column - 1],
            }),
            to_cells: PackedRows::pack(1, board_units, &|_, unit| weights.board_out[unit]),
            to_prefix: PackedRows::pack(prefix, types + board_units, &|p, from| match from.checked_sub(types) {
                None => weights.prefix_out[p * types + from],
                Some(unit) => weights.board_prefix_out[p * board_units + unit],
            }),
        }
    }

    /// `h = rms(h + mix(h))`, the norm over the sequence; h is `[prefix + cells, d]` of the board that `scratch` fits and that
    /// has these rooms.
    pub fn apply(&self, h: &mut Panels, scratch: &mut BoardScratch, rooms: &Rooms, eps: f32) {
        for index in 0..h.panels() {
            let panel = h.panel_mut(index);
            self.look_over_board(panel, scratch, rooms);
            for row in 0..scratch.grid.rows {
                scratch.read_row(&panel[self.prefix..], row, rooms);
                self.mix_row(scratch);
                scratch.cast_out(row, rooms);
                if row > 0 {
                    scratch.add_row(&mut panel[self.prefix..], row - 1);
                }
                scratch.turn_page();
            }
            scratch.add_row(&mut panel[self.prefix..], scratch.grid.rows - 1);
            if let Some(of_rooms) = &scratch.rooms {
                of_rooms.add_last(&mut panel[self.prefix..], rooms);
            }
            self.add_common(panel, scratch, eps);
        }
    }

    /// What all cells have in common: what their units see of the prefix, and the hidden units of the board.
    fn look_over_board(&self, panel: &[Lane8], scratch: &mut BoardScratch, rooms: &Rooms) {
        let (prefix, cells) = panel.split_at(self.prefix);
        scratch.begin(cells, rooms);
        scratch.common[1..].copy_from_slice(prefix);
        product(&self.prefix_looks, prefix, &mut scratch.bias);
        product(&self.board_looks, &scratch.common, &mut scratch.looks);
        let silu = Silu::new();
        for (value, pair) in scratch.given[self.types..].iter_mut().zip(scratch.looks.chunks_exact(2)) {
            value.set(active(&silu, pair));
        }
        scratch.given[..self.types].fill(NOTHING);
    }

    /// The hidden units of a row of cells, and what they give. All cells go through one stage before the next begins, so that
    /// a stage's results are there when they are needed.
    fn mix_row(&self, scratch: &mut BoardScratch) {
        let BoardScratch { grid, bias, hidden, given, strip, rays, out, ray_out, rooms, .. } = scratch;
        let seen = Seen { near: strip, far: rays, rooms: rooms.as_ref().map(|rooms| &rooms.looks[..]) };
        for (i, looks) in self.looks.iter().enumerate() {
            let first = i * TILE_TYPES;
            hidden_of_strip(looks, seen, &bias[2 * first..], (&mut hidden[first..], self.types));
        }
        for (kind, sum) in given[..self.types].iter_mut().enumerate() {
            let of_row = hidden.iter().skip(kind).step_by(self.types);
            sum.set(of_row.fold(sum.get(), |total, value| add(total, value.get())));
        }
        weights_times_each(&self.to_near, grid.columns, hidden, (out, 3), true);
        weights_times_each(&self.to_rays, grid.columns, hidden, (ray_out.as_flattened_mut(), RAYS), false);
        if let (Some(to_rooms), Some(rooms)) = (&self.to_rooms, rooms) {
            let gives = (rooms.gives.as_flattened_mut(), ROOM_TAPS);
            weights_times_each(to_rooms, grid.columns, hidden, gives, false);
        }
    }

    /// What comes from below and from the whole board, then the norm.
    fn add_common(&self, panel: &mut [Lane8], scratch: &mut BoardScratch, eps: f32) {
        let BoardScratch { grid, given, below_out, .. } = scratch;
        let mut everywhere = [NOTHING];
        product(&self.to_cells, &given[self.types..], &mut everywhere);
        let share = f32x4_splat(1.0 / grid.side());
        for sum in &mut given[..self.types] {
            sum.set(sum.get().map(|half| f32x4_mul(half, share)));
        }
        let (prefix, cells) = panel.split_at_mut(self.prefix);
        add_rows(given, &self.to_prefix, prefix);
        cast_up(below_out, grid.columns);
        let mut squares = ZERO;
        for (cell, below) in cells.iter_mut().zip(below_out.iter()) {
            let value = add(add(cell.get(), everywhere[0].get()), below.get());
            cell.set(value);
            squares = scaled_sum(value, value, squares);
        }
        for row in prefix.iter() {
            squares = scaled_sum(row.get(), row.get(), squares);
        }
        let rows = f32x4_splat(panel.len() as f32);
        let scale = squares.map(|sum| inverse_root(f32x4_div(sum, rows), eps));
        for row in panel {
            let value = row.get();
            row.set([f32x4_mul(value[0], scale[0]), f32x4_mul(value[1], scale[1])]);
        }
    }
}

/// `silu(gate) * up` of a pair, as packed weights scale them.
#[inline(always)]
fn active(silu: &Silu, pair: &[Lane8]) -> Vector {
    let (gate, up) = (pair[0].get(), pair[1].get());
    [silu.times_scaled(gate[0], up[0]), silu.times_scaled(gate[1], up[1])]
}

//! The token mix of pencil boards on its free weights: hidden units of a few types on every cell, which look at the cells
//! around and along four rays, and hidden units of the whole board. For every channel alone, so eight go side by side.
//!
//! A board's row is mixed in one pass from left to right. What its cells look at lies in a strip: column by column the cells
//! of the row above, of the row itself and of the row below, so that a cell's nine neighbours stand side by side. What hidden
//! units give to the cells around them is summed in a strip of the same form.

use crate::config::{BoardSizes, Grid};
use crate::matmul::simd128::{inverse_root, multiply_add, silu_times};
use crate::matmul::tile::{two_parts, weights_times_panel};
use crate::matmul::{PackedRows, tiles};
use crate::state::{LANES, Lane8, Panels};
use crate::weights::{BoardWeights, TAPS};
use core::arch::wasm32::*;

/// Taps on the cell itself and its neighbours; the others are rays.
const NEAR: usize = 9;
const RAYS: usize = TAPS - NEAR;
/// Where the rays stand among the four: which way a cell looks.
const RIGHT: usize = 0;
const DOWN: usize = 1;
const LEFT: usize = 2;
const UP: usize = 3;
/// What a ray keeps from one cell to the next.
const DECAY: f32 = 0.5;

type Vector = [v128; 2];
const ZERO: Vector = [f32x4(0.0, 0.0, 0.0, 0.0); 2];
const NOTHING: Lane8 = Lane8([0.0; LANES]);

pub struct BoardMix {
    prefix: usize,
    types: usize,
    /// What a cell's units see through their taps: by type a gate and an up map. `[2 types, 13]`
    looks: PackedRows,
    /// What they see of the prefix. `[2 types, prefix]`
    prefix_looks: PackedRows,
    /// What the units of a cell give to the cells around and to rays. `[9, types]`, `[4, types]`
    to_near: PackedRows,
    to_rays: PackedRows,
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
        let (prefix, BoardSizes { types, board_units }) = (weights.prefix, weights.sizes);
        let kernel = |part: usize, kind: usize, tap: usize| weights.kernels[(part * types + kind) * TAPS + tap];
        // Gate and up map of one unit stand side by side.
        let half = |row: usize, count: usize| row % 2 * count + row / 2;
        Self {
            prefix,
            types,
            looks: PackedRows::pack(2 * types, TAPS, |row, place| kernel(row % 2, row / 2, tap_at(place))),
            prefix_looks: PackedRows::pack(2 * types, prefix, |row, p| weights.prefix_in[half(row, types) * prefix + p]),
            // A cell that sees this one through a tap lies on the tap's other side.
            to_near: PackedRows::pack(NEAR, types, |place, kind| kernel(2, kind, tap_at(NEAR - 1 - place))),
            to_rays: PackedRows::pack(RAYS, types, |way, kind| kernel(2, kind, NEAR + way)),
            board_looks: PackedRows::pack(2 * board_units, 1 + prefix, |row, column| match column {
                0 => weights.board_in[half(row, board_units)],
                _ => weights.board_prefix_in[half(row, board_units) * prefix + column - 1],
            }),
            to_cells: PackedRows::pack(1, board_units, |_, unit| weights.board_out[unit]),
            to_prefix: PackedRows::pack(prefix, types + board_units, |p, from| match from.checked_sub(types) {
                None => weights.prefix_out[p * types + from],
                Some(unit) => weights.board_prefix_out[p * board_units + unit],
            }),
        }
    }

    /// `h = rms(h + mix(h))`, the norm over the sequence; h is `[prefix + cells, d]` of the board that `scratch` fits.
    pub fn apply(&self, h: &mut Panels, scratch: &mut BoardScratch, eps: f32) {
        for index in 0..h.panels() {
            let panel = h.panel_mut(index);
            self.look_over_board(panel, scratch);
            for row in 0..scratch.grid.rows {
                scratch.read_row(&panel[self.prefix..], row);
                self.mix_row(scratch);
                scratch.cast_out(row);
                if row > 0 {
                    scratch.add_row(&mut panel[self.prefix..], row - 1);
                }
                scratch.turn_page();
            }
            scratch.add_row(&mut panel[self.prefix..], scratch.grid.rows - 1);
            self.add_common(panel, scratch, eps);
        }
    }

    /// What all cells have in common: what their units see of the prefix, and the hidden units of the board.
    fn look_over_board(&self, panel: &[Lane8], scratch: &mut BoardScratch) {
        let (prefix, cells) = panel.split_at(self.prefix);
        scratch.begin(cells);
        scratch.common[1..].copy_from_slice(prefix);
        product(&self.prefix_looks, prefix, &mut scratch.bias);
        product(&self.board_looks, &scratch.common, &mut scratch.looks);
        activate(&scratch.looks, &mut scratch.given[self.types..]);
        scratch.given[..self.types].fill(NOTHING);
    }

    /// The hidden units of a row of cells, and what they give.
    fn mix_row(&self, scratch: &mut BoardScratch) {
        let BoardScratch { grid, bias, looks, hidden, given, strip, rays, out, ray_out, .. } = scratch;
        let looks = &mut looks[..2 * self.types];
        for column in 0..grid.columns {
            let near = &strip[3 * column..][..NEAR];
            for tile in tiles(self.looks.m) {
                let to = tile.0..tile.0 + tile.1;
                two_parts(&self.looks, tile, near, &rays[column], &bias[to.clone()], &mut looks[to]);
            }
            activate(looks, hidden);
            for (sum, value) in given.iter_mut().zip(hidden.iter()) {
                sum.add(value.get());
            }
            let around = &mut out[3 * column..][..NEAR];
            for tile in tiles(NEAR) {
                weights_times_panel(&self.to_near, tile, hidden, &mut around[tile.0..tile.0 + tile.1], true);
            }
            product(&self.to_rays, hidden, &mut ray_out[column]);
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
        for tile in tiles(self.prefix) {
            weights_times_panel(&self.to_prefix, tile, given, &mut prefix[tile.0..tile.0 + tile.1], true);
        }
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

/// `out = w b`, all rows of w.
#[inline(always)]
fn product(w: &PackedRows, b: &[Lane8], out: &mut [Lane8]) {
    for tile in tiles(w.m) {
        weights_times_panel(w, tile, b, &mut out[tile.0..tile.0 + tile.1], false);
    }
}

/// `hidden = silu(gate) * up` of pairs that stand side by side.
#[inline(always)]
fn activate(looks: &[Lane8], hidden: &mut [Lane8]) {
    for (value, pair) in hidden.iter_mut().zip(looks.chunks_exact(2)) {
        let (gate, up) = (pair[0].get(), pair[1].get());
        value.set([silu_times(gate[0], up[0]), silu_times(gate[1], up[1])]);
    }
}

#[inline(always)]
fn add(a: Vector, b: Vector) -> Vector {
    [f32x4_add(a[0], b[0]), f32x4_add(a[1], b[1])]
}

#[inline(always)]
fn scaled_sum(a: Vector, b: Vector, sum: Vector) -> Vector {
    [multiply_add(a[0], b[0], sum[0]), multiply_add(a[1], b[1], sum[1])]
}

/// A ray's next value: what stands there, and what the ray brought.
#[inline(always)]
fn ray_on(there: Vector, ray: Vector) -> Vector {
    let decay = f32x4_splat(DECAY);
    scaled_sum(ray, [decay, decay], there)
}

/// In every column from below: what each cell gets through a ray downwards, in place of what each cell gives.
fn cast_up(board: &mut [Lane8], columns: usize) {
    for column in 0..columns {
        let mut ray = ZERO;
        for at in (column..board.len()).step_by(columns).rev() {
            let here = board[at].get();
            board[at].set(ray);
            ray = ray_on(here, ray);
        }
    }
}

/// Buffers of eight channels of a board, the same for all layers.
pub struct BoardScratch {
    grid: Grid,
    /// (Sum of the cells, prefix).
    common: Vec<Lane8>,
    /// What each type's gate and up map see of the prefix.
    bias: Vec<Lane8>,
    /// Gates and up maps, of a cell or of the board.
    looks: Vec<Lane8>,
    /// Hidden units of one cell.
    hidden: Vec<Lane8>,
    /// (Sums of each type's hidden units, hidden units of the board).
    given: Vec<Lane8>,
    /// `[columns + 2][3]`: cells above, of, and below the row, a column of nothing on either side.
    strip: Vec<Lane8>,
    /// What a row's cells see along the four rays.
    rays: Vec<[Lane8; RAYS]>,
    /// `[columns + 2][3]`: what cells above, of, and below the row have got.
    out: Vec<Lane8>,
    /// What a row's units give to rays.
    ray_out: Vec<[Lane8; RAYS]>,
    /// What is seen downwards, and what is got through looking downwards, of the whole board.
    below: Vec<Lane8>,
    below_out: Vec<Lane8>,
    /// The same upwards, of the row at hand.
    above: Vec<Lane8>,
    above_out: Vec<Lane8>,
}

impl BoardScratch {
    pub fn new(BoardSizes { types, board_units }: BoardSizes, prefix: usize) -> Self {
        let lanes = |count: usize| vec![NOTHING; count];
        Self {
            grid: Grid { rows: 0, columns: 0 },
            common: lanes(1 + prefix),
            bias: lanes(2 * types),
            looks: lanes(2 * types.max(board_units)),
            hidden: lanes(types),
            given: lanes(types + board_units),
            strip: vec![],
            rays: vec![],
            out: vec![],
            ray_out: vec![],
            below: vec![],
            below_out: vec![],
            above: vec![],
            above_out: vec![],
        }
    }

    /// Makes room for a board.
    pub fn fit(&mut self, grid: Grid) {
        if self.grid == grid {
            return;
        }
        self.grid = grid;
        for strip in [&mut self.strip, &mut self.out] {
            strip.clear();
            strip.resize(3 * (grid.columns + 2), NOTHING);
        }
        [&mut self.rays, &mut self.ray_out].into_iter().for_each(|rays| rays.resize(grid.columns, [NOTHING; RAYS]));
        [&mut self.above, &mut self.above_out].into_iter().for_each(|row| row.resize(grid.columns, NOTHING));
        [&mut self.below, &mut self.below_out].into_iter().for_each(|board| board.resize(grid.cells(), NOTHING));
    }

    /// Starts on a panel of cells: their sum, and what is seen downwards.
    fn begin(&mut self, cells: &[Lane8]) {
        let share = f32x4_splat(1.0 / self.grid.side());
        let sum = cells.iter().fold(ZERO, |sum, cell| add(sum, cell.get()));
        self.common[0].set(sum.map(|half| f32x4_mul(half, share)));
        self.below.copy_from_slice(cells);
        cast_up(&mut self.below, self.grid.columns);
        [&mut self.out, &mut self.above, &mut self.above_out].into_iter().for_each(|buffer| buffer.fill(NOTHING));
    }

    /// What the cells of a row look at.
    fn read_row(&mut self, cells: &[Lane8], row: usize) {
        let columns = self.grid.columns;
        let line = |row: usize| cells.get(row * columns..(row + 1) * columns);
        let (before, here, after) = (row.checked_sub(1).and_then(line), line(row).unwrap_or_default(), line(row + 1));
        let below = &self.below[row * columns..][..columns];
        let mut left = ZERO;
        for (column, cell) in here.iter().enumerate() {
            let place = &mut self.strip[3 * (column + 1)..][..3];
            place[0] = before.map_or(NOTHING, |line| line[column]);
            place[1] = *cell;
            place[2] = after.map_or(NOTHING, |line| line[column]);
            let above = ray_on(place[0].get(), self.above[column].get());
            self.above[column].set(above);
            let rays = &mut self.rays[column];
            rays[DOWN] = below[column];
            rays[LEFT].set(left);
            rays[UP].set(above);
            left = ray_on(cell.get(), left);
        }
        let mut right = ZERO;
        for (cell, rays) in here.iter().zip(&mut self.rays).rev() {
            rays[RIGHT].set(right);
            right = ray_on(cell.get(), right);
        }
    }

    /// What cells get through rays that end in a row's units: those of the row at once, the others later.
    fn cast_out(&mut self, row: usize) {
        let columns = self.grid.columns;
        let below_out = &mut self.below_out[row * columns..][..columns];
        let mut left = ZERO;
        for (column, given) in self.ray_out.iter().enumerate() {
            let cell = &mut self.out[3 * (column + 1) + 1];
            let above = self.above_out[column].get();
            cell.add(add(left, above));
            left = ray_on(given[LEFT].get(), left);
            self.above_out[column].set(ray_on(given[UP].get(), above));
            below_out[column] = given[DOWN];
        }
        let mut right = ZERO;
        for (column, given) in self.ray_out.iter().enumerate().rev() {
            self.out[3 * (column + 1) + 1].add(right);
            right = ray_on(given[RIGHT].get(), right);
        }
    }

    /// Adds to the row above the one at hand what it has got, which is then all but what comes from below.
    fn add_row(&self, cells: &mut [Lane8], row: usize) {
        let columns = self.grid.columns;
        for (cell, got) in cells[row * columns..][..columns].iter_mut().zip(self.out[3..].chunks_exact(3)) {
            cell.add(got[0].get());
        }
    }

    /// The row below becomes the row at hand.
    fn turn_page(&mut self) {
        for place in self.out.chunks_exact_mut(3) {
            place[0] = place[1];
            place[1] = place[2];
            place[2] = NOTHING;
        }
    }
}

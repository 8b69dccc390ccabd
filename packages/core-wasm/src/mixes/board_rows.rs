//! What the mix of a board looks at row by row, and what it has given so far: strips, rays, and the buffers of both.

use super::board_rooms::RoomScratch;
use crate::config::{BoardSizes, Grid};
use crate::matmul::simd128::multiply_add;
use crate::rooms::{DOWN, LEFT, RIGHT, Rooms, UP, WAYS};
use crate::state::{LANES, Lane8};
use core::arch::wasm32::*;

/// Taps on the cell itself and its neighbours; the others are rays.
pub const NEAR: usize = 9;
pub const RAYS: usize = WAYS;
/// What a ray keeps from one cell to the next.
pub const DECAY: f32 = 0.5;

pub type Vector = [v128; 2];
pub const ZERO: Vector = [f32x4(0.0, 0.0, 0.0, 0.0); 2];
pub const NOTHING: Lane8 = Lane8([0.0; LANES]);

#[inline(always)]
pub fn add(a: Vector, b: Vector) -> Vector {
    [f32x4_add(a[0], b[0]), f32x4_add(a[1], b[1])]
}

#[inline(always)]
pub fn scaled_sum(a: Vector, b: Vector, sum: Vector) -> Vector {
    [multiply_add(a[0], b[0], sum[0]), multiply_add(a[1], b[1], sum[1])]
}

/// A ray's next value: what stands there, and what the ray brought.
#[inline(always)]
fn ray_on(there: Vector, ray: Vector) -> Vector {
    let decay = f32x4_splat(DECAY);
    scaled_sum(ray, [decay, decay], there)
}

/// In every column from below: what each cell gets through a ray downwards, in place of what each cell gives.
pub fn cast_up(board: &mut [Lane8], columns: usize) {
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
    sizes: BoardSizes,
    pub grid: Grid,
    /// (Sum of the cells, prefix).
    pub common: Vec<Lane8>,
    /// What each type's gate and up map see of the prefix.
    pub bias: Vec<Lane8>,
    /// Gates and up maps of the board's units.
    pub looks: Vec<Lane8>,
    /// Hidden units of a row's cells, `[columns][types]`.
    pub hidden: Vec<Lane8>,
    /// (Sums of each type's hidden units, hidden units of the board).
    pub given: Vec<Lane8>,
    /// `[columns + 2][3]`: cells above, of, and below the row, a column of nothing on either side.
    pub strip: Vec<Lane8>,
    /// What a row's cells see along the four rays.
    pub rays: Vec<[Lane8; RAYS]>,
    /// `[columns + 2][3]`: what cells above, of, and below the row have got.
    pub out: Vec<Lane8>,
    /// What a row's units give to rays.
    pub ray_out: Vec<[Lane8; RAYS]>,
    /// What is seen downwards, and what is got through looking downwards, of the whole board.
    below: Vec<Lane8>,
    pub below_out: Vec<Lane8>,
    /// The same upwards, of the row at hand.
    above: Vec<Lane8>,
    above_out: Vec<Lane8>,
    /// What the taps that know rooms have besides, where the tie has them.
    pub rooms: Option<RoomScratch>,
}

impl BoardScratch {
    pub fn new(sizes: BoardSizes, prefix: usize) -> Self {
        let BoardSizes { types, board_units, .. } = sizes;
        let lanes = |count: usize| vec![NOTHING; count];
        Self {
            sizes,
            grid: Grid { rows: 0, columns: 0 },
            common: lanes(1 + prefix),
            bias: lanes(2 * types),
            looks: lanes(2 * board_units),
            hidden: vec![],
            given: lanes(types + board_units),
            strip: vec![],
            rays: vec![],
            out: vec![],
            ray_out: vec![],
            below: vec![],
            below_out: vec![],
            above: vec![],
            above_out: vec![],
            rooms: sizes.rooms.then(RoomScratch::new),
        }
    }

    /// Makes room for a board.
    pub fn fit(&mut self, grid: Grid) {
        if self.grid == grid {
            return;
        }
        self.grid = grid;
        self.hidden.resize(self.sizes.types * grid.columns, NOTHING);
        for strip in [&mut self.strip, &mut self.out] {
            strip.clear();
            strip.resize(3 * (grid.columns + 2), NOTHING);
        }
        [&mut self.rays, &mut self.ray_out].into_iter().for_each(|rays| rays.resize(grid.columns, [NOTHING; RAYS]));
        [&mut self.above, &mut self.above_out].into_iter().for_each(|row| row.resize(grid.columns, NOTHING));
        [&mut self.below, &mut self.below_out].into_iter().for_each(|board| board.resize(grid.cells(), NOTHING));
        if let Some(rooms) = &mut self.rooms {
            rooms.fit(grid);
        }
    }

    /// Starts on a panel of cells: their sum, and what is seen downwards.
    pub fn begin(&mut self, cells: &[Lane8], rooms: &Rooms) {
        let share = f32x4_splat(1.0 / self.grid.side());
        let sum = cells.iter().fold(ZERO, |sum, cell| add(sum, cell.get()));
        self.common[0].set(sum.map(|half| f32x4_mul(half, share)));
        self.below.copy_from_slice(cells);
        cast_up(&mut self.below, self.grid.columns);
        [&mut self.out, &mut self.above, &mut self.above_out].into_iter().for_each(|buffer| buffer.fill(NOTHING));
        if let Some(of_rooms) = &mut self.rooms {
            of_rooms.begin(cells, rooms);
        }
    }

    /// What the cells of a row look at.
    pub fn read_row(&mut self, cells: &[Lane8], row: usize, rooms: &Rooms) {
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
        if let Some(of_rooms) = &mut self.rooms {
            of_rooms.read_row(&self.strip, row, rooms);
        }
    }

    /// What cells get through rays that end in a row's units, and through taps that know rooms: those of the row at once, the
    /// others later.
    pub fn cast_out(&mut self, row: usize, rooms: &Rooms) {
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
        if let Some(of_rooms) = &mut self.rooms {
            of_rooms.cast_out(&mut self.out, row, rooms);
        }
    }

    /// Adds to the row above the one at hand what it has got, which is then all but what comes from below.
    pub fn add_row(&self, cells: &mut [Lane8], row: usize) {
        let columns = self.grid.columns;
        for (cell, got) in cells[row * columns..][..columns].iter_mut().zip(self.out[3..].chunks_exact(3)) {
            cell.add(got[0].get());
        }
    }

    /// The row below becomes the row at hand.
    pub fn turn_page(&mut self) {
        for place in self.out.chunks_exact_mut(3) {
            place[0] = place[1];
            place[1] = place[2];
            place[2] = NOTHING;
        }
    }
}

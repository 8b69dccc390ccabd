//! The taps of the board mix that know rooms: next cells and rays that end at a border, and the room as a whole. Row by row
//! beside `board_rows`, for eight channels at a time; what these see and give goes through the same tiles.

use super::board_rows::{DECAY, NOTHING, Vector, ZERO, add, scaled_sum};
use crate::config::Grid;
use crate::rooms::{DOWN, LEFT, RIGHT, Rooms, UP, WAYS};
use crate::state::Lane8;
use core::arch::wasm32::*;

/// The four next cells, then at `FAR` the four rays, then the room.
pub const ROOM_TAPS: usize = 2 * WAYS + 1;
const FAR: usize = WAYS;
const ROOM: usize = 2 * WAYS;
/// What the room's tap keeps of the sum over its cells, so that it starts no larger than the others.
const ROOM_SHARE: f32 = 0.25;

/// What the weights of one of these taps are multiplied by where they are packed.
pub fn share(tap: usize) -> f32 {
    if tap == ROOM { ROOM_SHARE } else { 1.0 }
}

/// What a cell sees of the next one and along the ray from there on: nothing of either where a border is between.
#[inline(always)]
fn seen_through(same: f32, next: Vector, ray: Vector) -> (Vector, Vector) {
    let (one, half) = (f32x4_splat(same), f32x4_splat(same * DECAY));
    let near = next.map(|value| f32x4_mul(value, one));
    (near, scaled_sum(ray, [half, half], near))
}

/// What the next cell gets of one that gives it `near` and the ray through it `far`: (all, what of it is the ray).
#[inline(always)]
fn given_through(same: f32, near: Vector, far: Vector, ray: Vector) -> (Vector, Vector) {
    let one = f32x4_splat(same);
    let (_, ray) = seen_through(same, far, ray);
    (scaled_sum(near, [one, one], ray), ray)
}

/// Buffers of eight channels of a board, the same for all layers. Its functions stay calls, so that the mix without rooms is
/// compiled as if there were none.
pub struct RoomScratch {
    columns: usize,
    /// What a row's cells see through these taps, and what they give.
    pub looks: Vec<[Lane8; ROOM_TAPS]>,
    pub gives: Vec<[Lane8; ROOM_TAPS]>,
    /// By room: the sum of its cells, and of what they give.
    sums: Vec<Lane8>,
    given: Vec<Lane8>,
    /// What is seen downwards along the rays of the whole board, and what is given to those who look downwards.
    below: Vec<Lane8>,
    below_out: Vec<Lane8>,
    /// The rays upwards of the row at hand, and what that row has got by them.
    above: Vec<Lane8>,
    above_out: Vec<Lane8>,
}

impl RoomScratch {
    pub fn new() -> Self {
        Self {
            columns: 0,
            looks: vec![],
            gives: vec![],
            sums: vec![],
            given: vec![],
            below: vec![],
            below_out: vec![],
            above: vec![],
            above_out: vec![],
        }
    }

    /// Makes room for a board.
    pub fn fit(&mut self, grid: Grid) {
        self.columns = grid.columns;
        [&mut self.looks, &mut self.gives].into_iter().for_each(|taps| taps.resize(grid.columns, [NOTHING; ROOM_TAPS]));
        [&mut self.above, &mut self.above_out].into_iter().for_each(|row| row.resize(grid.columns, NOTHING));
        [&mut self.sums, &mut self.given, &mut self.below, &mut self.below_out]
            .into_iter()
            .for_each(|board| board.resize(grid.cells(), NOTHING));
    }

    /// Starts on a panel of cells: the sums of rooms, and what is seen downwards.
    #[inline(never)]
    pub fn begin(&mut self, cells: &[Lane8], rooms: &Rooms) {
        assert!(rooms.of.len() == cells.len() && self.below.len() == cells.len());
        let Self { sums, given, above, above_out, below, .. } = self;
        let (sums, given) = (&mut sums[..rooms.count], &mut given[..rooms.count]);
        [sums, given, above, above_out].into_iter().for_each(|buffer| buffer.fill(NOTHING));
        for (cell, &room) in cells.iter().zip(&rooms.of) {
            self.sums[room as usize].add(cell.get());
        }
        for (cell, same) in rooms.same.iter().enumerate().rev() {
            below[cell] = NOTHING;
            if let (Some(next), Some(ray)) = (cells.get(cell + self.columns), below.get(cell + self.columns)) {
                let (_, ray) = seen_through(same[DOWN], next.get(), ray.get());
                below[cell].set(ray);
            }
        }
    }

    /// What the cells of a row look at; `strip` as `BoardScratch` has it.
    #[inline(never)]
    pub fn read_row(&mut self, strip: &[Lane8], row: usize, rooms: &Rooms) {
        let first = row * self.columns;
        let same = &rooms.same[first..][..self.columns];
        let (mut left, mut right) = (ZERO, ZERO);
        for (column, same) in same.iter().enumerate() {
            let (before, here) = (&strip[3 * column..][..3], &strip[3 * (column + 1)..][..3]);
            let (looks, above) = (&mut self.looks[column], &mut self.above[column]);
            let near;
            (near, left) = seen_through(same[LEFT], before[1].get(), left);
            looks[LEFT].set(near);
            looks[FAR + LEFT].set(left);
            let (near, ray) = seen_through(same[UP], here[0].get(), above.get());
            above.set(ray);
            looks[UP].set(near);
            looks[FAR + UP].set(ray);
            let (near, _) = seen_through(same[DOWN], here[2].get(), ZERO);
            looks[DOWN].set(near);
            looks[FAR + DOWN] = self.below[first + column];
            looks[ROOM] = self.sums[rooms.of[first + column] as usize];
        }
        for (column, same) in same.iter().enumerate().rev() {
            let (next, looks) = (&strip[3 * (column + 2) + 1], &mut self.looks[column]);
            let near;
            (near, right) = seen_through(same[RIGHT], next.get(), right);
            looks[RIGHT].set(near);
            looks[FAR + RIGHT].set(right);
        }
    }

    /// Gives what a row's units give to the cells of `out`, a strip as `BoardScratch` has it; to rooms and upwards later.
    #[inline(never)]
    pub fn cast_out(&mut self, out: &mut [Lane8], row: usize, rooms: &Rooms) {
        let first = row * self.columns;
        let same = &rooms.same[first..][..self.columns];
        // What a cell gets by looking left, then by looking right; its rays alone.
        let (mut got, mut ray) = (ZERO, ZERO);
        for (column, same) in same.iter().enumerate() {
            let (here, gives) = (&mut out[3 * (column + 1)..][..3], &self.gives[column]);
            let above = &mut self.above_out[column];
            here[1].add(got);
            (got, ray) = given_through(same[RIGHT], gives[LEFT].get(), gives[FAR + LEFT].get(), ray);
            let (got_below, ray_below) = given_through(same[DOWN], gives[UP].get(), gives[FAR + UP].get(), above.get());
            here[2].add(got_below);
            above.set(ray_below);
            let (got_above, _) = seen_through(same[UP], gives[DOWN].get(), ZERO);
            here[0].add(got_above);
            self.below_out[first + column] = gives[FAR + DOWN];
            self.given[rooms.of[first + column] as usize].add(gives[ROOM].get());
        }
        (got, ray) = (ZERO, ZERO);
        for (column, same) in same.iter().enumerate().rev() {
            let gives = &self.gives[column];
            out[3 * (column + 1) + 1].add(got);
            (got, ray) = given_through(same[LEFT], gives[RIGHT].get(), gives[FAR + RIGHT].get(), ray);
        }
    }

    /// Adds to all cells what comes from their rooms and along rays from below.
    #[inline(never)]
    pub fn add_last(&self, cells: &mut [Lane8], rooms: &Rooms) {
        for column in 0..self.columns {
            let mut ray = ZERO;
            for cell in (column..cells.len()).step_by(self.columns).rev() {
                cells[cell].add(add(ray, self.given[rooms.of[cell] as usize].get()));
                (_, ray) = seen_through(rooms.same[cell][UP], self.below_out[cell].get(), ray);
            }
        }
    }
}

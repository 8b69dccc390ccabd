//! The token mix of Sudoku on its free weights: hidden units of rows, columns and boxes, and of the whole board. For every
//! channel alone, so eight channels go side by side, all in the first-level cache.

use crate::config::DIGITS;
use crate::matmul::silu::{GATE_SCALE, Silu, UP_SCALE};
use crate::matmul::simd128::{inverse_root, multiply_add};
use crate::state::{Lane8, Panels};
use crate::weights::UnitWeights;
use core::arch::wasm32::*;

/// Units: nine rows, nine columns, nine boxes.
const UNITS: usize = 3 * DIGITS;
const CELLS: usize = DIGITS * DIGITS;
const ROWS: usize = 1 + CELLS;
/// Cells of a box's row.
const BOX: usize = 3;

/// Of gates and up maps: for `Silu::times_scaled`.
const HALF_SCALES: [f32; 2] = [GATE_SCALE, UP_SCALE];

/// What one hidden unit takes from its own unit, the whole board and the prefix, and what it gives to them; scaled.
struct Hidden {
    /// Gate, up.
    unit_in: [f32; 2],
    board_in: [f32; 2],
    prefix_in: [f32; 2],
    unit_out: f32,
    board_out: f32,
    prefix_out: f32,
}

pub struct UnitMix {
    /// By shape: those of rows and columns, those of boxes.
    of_units: [Vec<Hidden>; 2],
    /// Those of the whole board; they have no unit.
    of_board: Vec<Hidden>,
}

impl UnitMix {
    pub fn pack(weights: &UnitWeights) -> Self {
        let (c, g) = (weights.sizes.unit_hidden, weights.sizes.board_hidden);
        // So that sums over a unit, the board and all units are of the size of one of their terms.
        let (unit, board, units) = (1.0 / 3.0, 1.0 / 9.0, 1.0 / (UNITS as f32).sqrt());
        let of_shape = |shape: usize| {
            let hidden = |i: usize| {
                let both = |values: &[f32], scale: f32| {
                    [0, 1].map(|half| values[(2 * half + shape) * c + i] * scale * HALF_SCALES[half])
                };
                let out = |values: &[f32], scale: f32| values[shape * c + i] * scale;
                Hidden {
                    unit_in: both(&weights.unit_in, unit),
                    board_in: both(&weights.all_in, board),
                    prefix_in: both(&weights.prefix_in, 1.0),
                    unit_out: out(&weights.unit_out, 1.0 / 3.0_f32.sqrt()),
                    board_out: out(&weights.all_out, units),
                    prefix_out: out(&weights.prefix_out, units),
                }
            };
            (0..c).map(hidden).collect()
        };
        let of_board = |j: usize| Hidden {
            unit_in: [0.0; 2],
            board_in: [0, 1].map(|half| weights.global_in[half * g + j] * board * HALF_SCALES[half]),
            prefix_in: [0, 1].map(|half| weights.global_prefix_in[half * g + j] * HALF_SCALES[half]),
            unit_out: 0.0,
            board_out: weights.global_out[j],
            prefix_out: weights.global_prefix_out[j],
        };
        Self { of_units: [of_shape(0), of_shape(1)], of_board: (0..g).map(of_board).collect() }
    }

    /// `h = rms(h + mix(h))`, the norm over the sequence; h is `[1 + 81, d]`.
    pub fn apply(&self, h: &mut Panels, eps: f32) {
        for index in 0..h.panels() {
            let panel: &mut [Lane8; ROWS] = h.panel_mut(index).try_into().expect("a board of 81 behind a prefix of 1");
            for half in 0..2 {
                self.mix(&mut Quads { panel, half }, eps);
            }
        }
    }

    fn mix(&self, h: &mut Quads, eps: f32) {
        let (silu, sums) = (Silu::new(), h.unit_sums());
        let common =
            Common { board: sums[..DIGITS].iter().fold(ZERO, |sum, &row| f32x4_add(sum, row)), prefix: h.get(0) };
        let mut to_units = [ZERO; UNITS];
        let (mut to_board, mut to_prefix) = (ZERO, ZERO);
        let (lines, boxes) = to_units.split_at_mut(2 * DIGITS);
        for (hidden, sums, to_units) in
            [(&self.of_units[0], &sums[..2 * DIGITS], lines), (&self.of_units[1], &sums[2 * DIGITS..], boxes)]
        {
            for unit in hidden {
                let sum = unit.run(&silu, &common, sums, to_units);
                to_board = multiply_add(sum, f32x4_splat(unit.board_out), to_board);
                to_prefix = multiply_add(sum, f32x4_splat(unit.prefix_out), to_prefix);
            }
        }
        for unit in &self.of_board {
            let [gate, up] = common.seen_by(unit);
            let active = silu.times_scaled(gate, up);
            to_board = multiply_add(active, f32x4_splat(unit.board_out), to_board);
            to_prefix = multiply_add(active, f32x4_splat(unit.prefix_out), to_prefix);
        }
        h.spread(&to_units, to_board, to_prefix, eps);
    }
}

const ZERO: v128 = f32x4(0.0, 0.0, 0.0, 0.0);

/// What all units see.
struct Common {
    /// The sum of all cells.
    board: v128,
    prefix: v128,
}

impl Common {
    /// Gate and up map of a hidden unit, but for what its own unit adds.
    #[inline(always)]
    fn seen_by(&self, unit: &Hidden) -> [v128; 2] {
        [0, 1].map(|half| {
            let board = f32x4_mul(self.board, f32x4_splat(unit.board_in[half]));
            multiply_add(self.prefix, f32x4_splat(unit.prefix_in[half]), board)
        })
    }
}

impl Hidden {
    /// Runs this hidden unit of every unit of one shape: adds what it gives to the cells of each, returns the sum of all.
    #[inline(always)]
    fn run(&self, silu: &Silu, common: &Common, sums: &[v128], to_units: &mut [v128]) -> v128 {
        let [gate, up] = common.seen_by(self);
        let [gate_in, up_in] = self.unit_in.map(|weight| f32x4_splat(weight));
        let out = f32x4_splat(self.unit_out);
        let mut total = ZERO;
        for (&sum, to_unit) in sums.iter().zip(to_units) {
            let active = silu.times_scaled(multiply_add(sum, gate_in, gate), multiply_add(sum, up_in, up));
            *to_unit = multiply_add(active, out, *to_unit);
            total = f32x4_add(total, active);
        }
        total
    }
}

/// Four channels of a panel: prefix, then cells.
struct Quads<'a> {
    panel: &'a mut [Lane8; ROWS],
    half: usize,
}

impl Quads<'_> {
    #[inline(always)]
    fn get(&self, row: usize) -> v128 {
        self.panel[row].quad(self.half)
    }

    #[inline(always)]
    fn cell(&self, row: usize, column: usize) -> v128 {
        self.get(1 + row * DIGITS + column)
    }

    /// Sums over the cells of rows, columns, boxes.
    #[inline(always)]
    fn unit_sums(&self) -> [v128; UNITS] {
        let mut sums = [ZERO; UNITS];
        for row in 0..DIGITS {
            for third in 0..BOX {
                let cells = [0, 1, 2].map(|i| self.cell(row, third * BOX + i));
                let sum = f32x4_add(f32x4_add(cells[0], cells[1]), cells[2]);
                sums[row] = f32x4_add(sums[row], sum);
                let of_box = 2 * DIGITS + row / BOX * BOX + third;
                sums[of_box] = f32x4_add(sums[of_box], sum);
                for (i, cell) in cells.into_iter().enumerate() {
                    let column = DIGITS + third * BOX + i;
                    sums[column] = f32x4_add(sums[column], cell);
                }
            }
        }
        sums
    }

    /// Adds to each cell what its units and the board give, to the prefix what it gets, then the norm over the sequence.
    #[inline(always)]
    fn spread(&mut self, to_units: &[v128; UNITS], to_board: v128, to_prefix: v128, eps: f32) {
        let prefix = f32x4_add(self.get(0), to_prefix);
        self.panel[0].set_quad(self.half, prefix);
        let mut squares = f32x4_mul(prefix, prefix);
        for row in 0..DIGITS {
            let to_row = f32x4_add(to_board, to_units[row]);
            for third in 0..BOX {
                let to_box = f32x4_add(to_row, to_units[2 * DIGITS + row / BOX * BOX + third]);
                for column in third * BOX..(third + 1) * BOX {
                    let at = 1 + row * DIGITS + column;
                    let sum = f32x4_add(self.get(at), f32x4_add(to_box, to_units[DIGITS + column]));
                    self.panel[at].set_quad(self.half, sum);
                    squares = multiply_add(sum, sum, squares);
                }
            }
        }
        let scale = inverse_root(f32x4_div(squares, f32x4_splat(ROWS as f32)), eps);
        for lane in self.panel.iter_mut() {
            lane.set_quad(self.half, f32x4_mul(lane.quad(self.half), scale));
        }
    }
}

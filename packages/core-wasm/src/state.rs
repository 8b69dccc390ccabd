//! Latents and scratch in wasm memory, laid out for the SIMD kernel; they grow when a board is larger than any before,
//! and never while a rollout steps.

use crate::config::{Config, Grid};
use crate::rooms::Rooms;
use crate::weights::Weights;
use core::arch::wasm32::{f32x4_add, v128, v128_load, v128_store};

/// Channels a panel holds: two SIMD registers.
pub const LANES: usize = 8;

/// Channels of one SIMD register: half a row of a panel.
pub const QUAD: usize = 4;

/// One row of a panel: eight neighbouring channels of one position.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
#[repr(C, align(32))]
pub struct Lane8(pub [f32; LANES]);

impl Lane8 {
    /// Both halves.
    #[inline(always)]
    pub fn get(&self) -> [v128; 2] {
        [self.quad(0), self.quad(1)]
    }

    #[inline(always)]
    pub fn set(&mut self, value: [v128; 2]) {
        self.set_quad(0, value[0]);
        self.set_quad(1, value[1]);
    }

    #[inline(always)]
    pub fn add(&mut self, value: [v128; 2]) {
        let mine = self.get();
        self.set([f32x4_add(mine[0], value[0]), f32x4_add(mine[1], value[1])]);
    }

    /// One half: four channels.
    #[inline(always)]
    pub fn quad(&self, half: usize) -> v128 {
        let from = self.0[half * QUAD..][..QUAD].as_ptr();
        // SAFETY: four floats from there on.
        unsafe { v128_load(from.cast()) }
    }

    #[inline(always)]
    pub fn set_quad(&mut self, half: usize, value: v128) {
        let to = self.0[half * QUAD..][..QUAD].as_mut_ptr();
        // SAFETY: four floats from there on.
        unsafe { v128_store(to.cast(), value) }
    }
}

/// A `[rows, width]` matrix as channel panels `[ceil(width / 8)][rows][8]`; lanes past `width` hold zeros.
///
/// In this one layout an activation is both operands that the kernel needs: the rows of a panel lie side by side
/// (splat operand of the channel mix), and a panel is a packed block of eight columns (vector operand of the token
/// mix). So no transpose and no packing happens while a rollout runs.
#[derive(Clone)]
pub struct Panels {
    pub rows: usize,
    pub width: usize,
    pub data: Vec<Lane8>,
}

impl Panels {
    pub fn new(rows: usize, width: usize) -> Self {
        Self { rows, width, data: vec![Lane8::default(); width.div_ceil(LANES) * rows] }
    }

    /// Makes room for another number of rows, all zeros: what was in it stood in other places, padding among it.
    pub fn set_height(&mut self, rows: usize) {
        self.rows = rows;
        self.data.clear();
        self.data.resize(self.width.div_ceil(LANES) * rows, Lane8::default());
    }

    pub fn panels(&self) -> usize {
        self.width.div_ceil(LANES)
    }

    pub fn panel(&self, index: usize) -> &[Lane8] {
        &self.data[index * self.rows..(index + 1) * self.rows]
    }

    pub fn panel_mut(&mut self, index: usize) -> &mut [Lane8] {
        &mut self.data[index * self.rows..(index + 1) * self.rows]
    }

    /// Channels `4 index..4 index + 4` of a row.
    #[inline(always)]
    pub fn quad(&self, row: usize, index: usize) -> v128 {
        self.data[index / 2 * self.rows + row].quad(index % 2)
    }

    #[inline(always)]
    pub fn set_quad(&mut self, row: usize, index: usize, value: v128) {
        self.data[index / 2 * self.rows + row].set_quad(index % 2, value);
    }

    #[inline(always)]
    pub fn add_quad(&mut self, row: usize, index: usize, value: v128) {
        let lane = &mut self.data[index / 2 * self.rows + row];
        lane.set_quad(index % 2, f32x4_add(lane.quad(index % 2), value));
    }

    pub fn get(&self, row: usize, channel: usize) -> f32 {
        self.data[channel / LANES * self.rows + row].0[channel % LANES]
    }

    /// Copies in a row-major `[rows, width]` matrix.
    pub fn set_rows(&mut self, source: &[f32]) {
        self.each_row_major(source, |cell, value| *cell = value);
    }

    /// Adds a row-major `[rows, width]` matrix.
    pub fn add_rows(&mut self, source: &[f32]) {
        self.each_row_major(source, |cell, value| *cell += value);
    }

    /// Copies out as a row-major `[rows, width]` matrix.
    pub fn write_rows(&self, target: &mut [f32]) {
        for (row, values) in target.chunks_exact_mut(self.width).enumerate() {
            let (whole, rest) = values.as_chunks_mut::<LANES>();
            let last = whole.len() * self.rows + row;
            for (lanes, panel) in whole.iter_mut().zip(self.data.chunks_exact(self.rows)) {
                *lanes = panel[row].0;
            }
            rest.iter_mut().enumerate().for_each(|(i, value)| *value = self.data[last].0[i]);
        }
    }

    /// Applies to every cell what a row-major matrix holds for it; eight at a time, but where a row ends in fewer.
    fn each_row_major(&mut self, source: &[f32], apply: impl Fn(&mut f32, f32)) {
        for (row, values) in source.chunks_exact(self.width).enumerate() {
            let (whole, rest) = values.as_chunks::<LANES>();
            let last = whole.len() * self.rows + row;
            for (lanes, panel) in whole.iter().zip(self.data.chunks_exact_mut(self.rows)) {
                (0..LANES).for_each(|i| apply(&mut panel[row].0[i], lanes[i]));
            }
            rest.iter().enumerate().for_each(|(i, &value)| apply(&mut self.data[last].0[i], value));
        }
    }
}

/// One rollout's latent state and its last outputs.
pub struct Slot {
    pub started: bool,
    /// The board's size; None before a model of any size is first given one.
    pub grid: Option<Grid>,
    /// The board's rooms, where the tie knows them.
    pub rooms: Rooms,
    /// The embedded question, `[T, d]`.
    pub x: Panels,
    /// The answer state (the paper's y), `[T, d]`.
    pub z_h: Panels,
    /// The reasoning state (the paper's z), `[T, d]`.
    pub z_l: Panels,
    /// Row-major `[L, vocab]`.
    pub logits: Vec<f32>,
    /// `[L]`: the best answer token of each cell.
    pub answer: Vec<u8>,
    /// Halt logit, continue logit.
    pub q: [f32; 2],
}

impl Slot {
    /// A slot without a board.
    pub fn new(config: &Config) -> Self {
        let latent = || Panels::new(0, config.hidden);
        Self {
            started: false,
            grid: None,
            rooms: Rooms::default(),
            x: latent(),
            z_h: latent(),
            z_l: latent(),
            logits: vec![],
            answer: vec![],
            q: [0.0; 2],
        }
    }

    /// Makes room for a board.
    pub fn fit(&mut self, config: &Config, grid: Grid) {
        if self.grid == Some(grid) {
            return;
        }
        let rows = config.rows(grid);
        [&mut self.x, &mut self.z_h, &mut self.z_l].into_iter().for_each(|latent| latent.set_height(rows));
        self.logits.resize(grid.cells() * config.vocab, 0.0);
        self.answer.resize(grid.cells(), 0);
        self.grid = Some(grid);
    }

    /// What the mix must know of a board's tokens, which are all of the vocabulary; `fit` comes before.
    pub fn look_at(&mut self, weights: &Weights, tokens: &[u8]) {
        if let (Some(grid), false) = (self.grid, weights.borders.is_empty()) {
            self.rooms.find(grid, tokens, &weights.borders);
        }
    }
}

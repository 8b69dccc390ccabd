//! Latents and scratch in wasm memory, laid out for the SIMD kernel; nothing here is allocated after loading.

/// Channels a panel holds: two SIMD registers.
pub const LANES: usize = 8;

/// One row of a panel: eight neighbouring channels of one position.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
#[repr(C, align(32))]
pub struct Lane8(pub [f32; LANES]);

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

    pub fn panels(&self) -> usize {
        self.width.div_ceil(LANES)
    }

    pub fn panel(&self, index: usize) -> &[Lane8] {
        &self.data[index * self.rows..(index + 1) * self.rows]
    }

    pub fn panel_mut(&mut self, index: usize) -> &mut [Lane8] {
        &mut self.data[index * self.rows..(index + 1) * self.rows]
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
            for (lanes, panel) in values.chunks_mut(LANES).zip(self.data.chunks_exact(self.rows)) {
                let source = &panel[row].0;
                match <&mut [f32; LANES]>::try_from(&mut *lanes) {
                    Ok(whole) => *whole = *source,
                    Err(_) => lanes.copy_from_slice(&source[..lanes.len()]),
                }
            }
        }
    }

    /// Applies to every cell what a row-major matrix holds for it; eight at a time, but where a row ends in fewer.
    fn each_row_major(&mut self, source: &[f32], apply: impl Fn(&mut f32, f32)) {
        for (row, values) in source.chunks_exact(self.width).enumerate() {
            for (lanes, panel) in values.chunks(LANES).zip(self.data.chunks_exact_mut(self.rows)) {
                let cells = &mut panel[row].0;
                match <&[f32; LANES]>::try_from(lanes) {
                    Ok(whole) => (0..LANES).for_each(|i| apply(&mut cells[i], whole[i])),
                    Err(_) => cells.iter_mut().zip(lanes).for_each(|(cell, &value)| apply(cell, value)),
                }
            }
        }
    }
}

/// One rollout's latent state and its last outputs.
pub struct Slot {
    pub started: bool,
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
    pub fn new(rows: usize, hidden: usize, seq_len: usize, vocab: usize) -> Self {
        let latent = || Panels::new(rows, hidden);
        Self {
            started: false,
            x: latent(),
            z_h: latent(),
            z_l: latent(),
            logits: vec![0.0; seq_len * vocab],
            answer: vec![0; seq_len],
            q: [0.0; 2],
        }
    }
}

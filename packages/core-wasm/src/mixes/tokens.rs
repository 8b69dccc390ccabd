//! The dense token mix: a SwiGLU over the sequence, for one board length.

use crate::matmul::{PackedRows, simd128 as fast};
use crate::state::{Lane8, Panels};
use crate::weights::SwiGlu;

/// The SwiGLU over the sequence: gate and up `[inner, T]`, down `[T, inner]`.
pub struct TokenMix {
    gate: PackedRows,
    up: PackedRows,
    down: PackedRows,
}

impl TokenMix {
    pub fn pack(mix: &SwiGlu) -> Self {
        let (rows, inner) = (mix.width, mix.inner);
        Self {
            gate: PackedRows::pack(inner, rows, &|row, column| mix.gate_up[row * rows + column]),
            up: PackedRows::pack(inner, rows, &|row, column| mix.gate_up[(inner + row) * rows + column]),
            down: PackedRows::pack(rows, inner, &|row, column| mix.down[row * inner + column]),
        }
    }

    pub fn inner(&self) -> usize {
        self.gate.m
    }

    /// `t = h^T; t = rms(t + swiglu_t(t)); h = t^T`, eight channels at a time, all in the first-level cache. `hidden` has
    /// room for the inner width.
    pub fn apply(&self, h: &mut Panels, hidden: &mut [Lane8], eps: f32) {
        let hidden = &mut hidden[..self.inner()];
        for index in 0..h.panels() {
            let panel = h.panel_mut(index);
            fast::gated_rows(panel, &self.gate, &self.up, hidden);
            fast::add_rows(hidden, &self.down, panel);
            fast::rms_columns(panel, eps);
        }
    }
}

//! The dense channel mix: a SwiGLU over the channels, the same for every row.

use crate::matmul::{PackedColumns, simd128 as fast};
use crate::state::{LANES, Panels};
use crate::weights::SwiGlu;

/// The SwiGLU over channels: gate and up `[inner, d]`, down `[d, inner]`.
pub struct ChannelMix {
    gate: PackedColumns,
    up: PackedColumns,
    down: PackedColumns,
}

impl ChannelMix {
    pub fn pack(mlp: &SwiGlu) -> Self {
        let (d, inner) = (mlp.width, mlp.inner);
        let depth = d.next_multiple_of(LANES);
        let weight = |row: usize, column: usize| if column < d { mlp.gate_up[row * d + column] } else { 0.0 };
        Self {
            gate: PackedColumns::pack(inner, depth, &weight),
            up: PackedColumns::pack(inner, depth, &|row, column| weight(inner + row, column)),
            down: PackedColumns::pack(d, inner.next_multiple_of(LANES), &|row, column| {
                if column < inner { mlp.down[row * inner + column] } else { 0.0 }
            }),
        }
    }

    pub fn inner(&self) -> usize {
        self.gate.n
    }

    /// `h = rms(h + swiglu(h))`; `hidden` is `[T, inner]`.
    pub fn apply(&self, h: &mut Panels, hidden: &mut Panels, eps: f32) {
        fast::gated_columns(h, &self.gate, &self.up, hidden);
        fast::linear(hidden, &self.down, h, true);
        fast::rms_rows(h, eps);
    }
}

//! The TRM's block on packed weights: token mix or attention, then channel mix, each with residual and RMS norm.

use crate::config::{Config, Positions};
use crate::matmul::simd128 as fast;
use crate::matmul::{PackedColumns, PackedRows};
use crate::oracle::rope_angle;
use crate::state::{LANES, Lane8, Panels};
use crate::weights::{Layer, Mix, SwiGlu};

/// The SwiGLU over channels: gate and up `[inner, d]`, down `[d, inner]`.
pub struct ChannelMix {
    gate: PackedColumns,
    up: PackedColumns,
    down: PackedColumns,
}

/// The SwiGLU over the sequence: gate and up `[inner, T]`, down `[T, inner]`.
pub struct TokenMix {
    gate: PackedRows,
    up: PackedRows,
    down: PackedRows,
}

/// Attention with every head widened to whole panels, so that a head never shares a panel with its neighbour.
pub struct Attention {
    qkv: PackedColumns,
    out: PackedColumns,
}

pub enum PackedMix {
    Tokens(TokenMix),
    Attention(Attention),
}

pub struct PackedLayer {
    mix: PackedMix,
    channels: ChannelMix,
}

/// Channels of one head, rounded up to whole panels.
fn head_stride(config: &Config) -> usize {
    config.head_dim().next_multiple_of(LANES)
}

impl PackedLayer {
    pub fn pack(config: &Config, layer: &Layer) -> Self {
        let mix = match &layer.mix {
            Mix::Tokens(mix) => PackedMix::Tokens(TokenMix::pack(mix)),
            Mix::Attention { qkv, out } => PackedMix::Attention(Attention::pack(config, qkv, out)),
        };
        Self { mix, channels: ChannelMix::pack(&layer.mlp) }
    }

    pub fn is_attention(&self) -> bool {
        matches!(self.mix, PackedMix::Attention(_))
    }
}

impl ChannelMix {
    fn pack(mlp: &SwiGlu) -> Self {
        let (d, inner) = (mlp.width, mlp.inner);
        let depth = d.next_multiple_of(LANES);
        let weight = |row: usize, column: usize| if column < d { mlp.gate_up[row * d + column] } else { 0.0 };
        Self {
            gate: PackedColumns::pack(inner, depth, weight),
            up: PackedColumns::pack(inner, depth, |row, column| weight(inner + row, column)),
            down: PackedColumns::pack(d, inner.next_multiple_of(LANES), |row, column| {
                if column < inner { mlp.down[row * inner + column] } else { 0.0 }
            }),
        }
    }
}

impl TokenMix {
    fn pack(mix: &SwiGlu) -> Self {
        let (rows, inner) = (mix.width, mix.inner);
        Self {
            gate: PackedRows::pack(inner, rows, |row, column| mix.gate_up[row * rows + column]),
            up: PackedRows::pack(inner, rows, |row, column| mix.gate_up[(inner + row) * rows + column]),
            down: PackedRows::pack(rows, inner, |row, column| mix.down[row * inner + column]),
        }
    }
}

impl Attention {
    fn pack(config: &Config, qkv: &[f32], out: &[f32]) -> Self {
        let (d, width, stride) = (config.hidden, config.head_dim(), head_stride(config));
        // A widened channel's place in the checkpoint, or None where it is padding.
        let source = |channel: usize| {
            let (head, lane) = (channel / stride, channel % stride);
            (lane < width).then_some(head * width + lane)
        };
        let widened = config.heads * stride;
        Self {
            qkv: PackedColumns::pack(3 * widened, d.next_multiple_of(LANES), |row, column| {
                match source(row % widened) {
                    Some(channel) if column < d => qkv[(row / widened * d + channel) * d + column],
                    _ => 0.0,
                }
            }),
            out: PackedColumns::pack(d, widened, |row, column| source(column).map_or(0.0, |c| out[row * d + c])),
        }
    }
}

/// Buffers of one net call, sized once for the widest layer.
pub struct Scratch {
    hidden: Vec<Panels>,
    token_hidden: Vec<Lane8>,
    attention: Option<AttentionScratch>,
}

struct AttentionScratch {
    heads: usize,
    /// Panels of one head.
    stride: usize,
    qkv: Panels,
    /// One head's queries `[T, width]`.
    query: Panels,
    /// One head's keys, as the vector operand of the scores.
    keys: PackedColumns,
    scores: Panels,
    /// One head's values, padded to whole panels of rows.
    values: PackedColumns,
    one_head: Panels,
    mixed: Panels,
    /// `[T][width / 2]` sines and cosines; empty without RoPE.
    angles: Vec<(f32, f32)>,
    scale: f32,
}

impl Scratch {
    pub fn new(config: &Config, layers: &[PackedLayer]) -> Self {
        let token_inner = |layer: &PackedLayer| match &layer.mix {
            PackedMix::Tokens(mix) => mix.gate.m,
            PackedMix::Attention(_) => 0,
        };
        Self {
            hidden: layers.iter().map(|layer| Panels::new(config.rows(), layer.channels.gate.n)).collect(),
            token_hidden: vec![Lane8::default(); layers.iter().map(token_inner).max().unwrap_or(0)],
            attention: layers.iter().any(PackedLayer::is_attention).then(|| AttentionScratch::new(config)),
        }
    }
}

impl AttentionScratch {
    fn new(config: &Config) -> Self {
        let (rows, width, stride) = (config.rows(), config.head_dim(), head_stride(config));
        let angles = (0..rows).flat_map(|row| (0..width / 2).map(move |i| (row, i)));
        Self {
            heads: config.heads,
            stride: stride / LANES,
            qkv: Panels::new(rows, 3 * config.heads * stride),
            query: Panels::new(rows, stride),
            keys: PackedColumns::pack(rows, stride, |_, _| 0.0),
            scores: Panels::new(rows, rows),
            values: PackedColumns::pack(stride, rows.next_multiple_of(LANES), |_, _| 0.0),
            one_head: Panels::new(rows, stride),
            mixed: Panels::new(rows, config.heads * stride),
            angles: match config.positions {
                Positions::Rope => angles.map(|(row, i)| rope_angle(row, i, width, config.rope_theta)).collect(),
                _ => vec![],
            },
            scale: 1.0 / (width as f32).sqrt(),
        }
    }

    /// Turns the head whose panels start at `first` of `qkv` by RoPE, rotate-half form.
    fn turn(&mut self, first: usize, half: usize) {
        let rows = self.qkv.rows;
        for (at, &(sin, cos)) in self.angles.iter().enumerate() {
            let (row, i) = (at / half, at % half);
            let place = |channel: usize| ((first + channel / LANES) * rows + row, channel % LANES);
            let ((p, lane), (p2, lane2)) = (place(i), place(i + half));
            let (a, b) = (self.qkv.data[p].0[lane], self.qkv.data[p2].0[lane2]);
            self.qkv.data[p].0[lane] = a * cos - b * sin;
            self.qkv.data[p2].0[lane2] = b * cos + a * sin;
        }
    }

    /// Copies one head's queries, keys and values out of `qkv` into operand form.
    fn gather(&mut self, head: usize) {
        let (rows, stride) = (self.qkv.rows, self.stride);
        let part = |index: usize| (index * self.heads + head) * stride;
        let (q, k, v) = (part(0), part(1), part(2));
        self.query.data.copy_from_slice(&self.qkv.data[q * rows..(q + stride) * rows]);
        for channel in 0..stride * LANES {
            let source = self.qkv.panel(k + channel / LANES);
            for (row, lanes) in source.iter().enumerate() {
                self.keys.data[row / LANES * self.keys.k + channel].0[row % LANES] = lanes.0[channel % LANES];
            }
        }
        for panel in 0..stride {
            let depth = self.values.k;
            self.values.data[panel * depth..][..rows].copy_from_slice(self.qkv.panel(v + panel));
        }
    }

    fn attend(&mut self, head: usize) {
        fast::linear(&self.query, &self.keys, &mut self.scores, false);
        fast::softmax_rows(&mut self.scores, self.scale);
        fast::linear(&self.scores, &self.values, &mut self.one_head, false);
        let size = self.one_head.data.len();
        self.mixed.data[head * size..][..size].copy_from_slice(&self.one_head.data);
    }
}

/// `h = rms(h + o_proj(attention(qkv_proj(h))))`
fn attention(h: &mut Panels, weights: &Attention, scratch: &mut AttentionScratch, head_dim: usize, eps: f32) {
    fast::linear(h, &weights.qkv, &mut scratch.qkv, false);
    if !scratch.angles.is_empty() {
        for head in 0..2 * scratch.heads {
            scratch.turn(head * scratch.stride, head_dim / 2);
        }
    }
    for head in 0..scratch.heads {
        scratch.gather(head);
        scratch.attend(head);
    }
    fast::linear(&scratch.mixed, &weights.out, h, true);
    fast::rms_rows(h, eps);
}

/// `t = h^T; t = rms(t + swiglu_t(t)); h = t^T`, eight channels at a time, all in the first-level cache.
fn mix_tokens(h: &mut Panels, mix: &TokenMix, hidden: &mut [Lane8], eps: f32) {
    for index in 0..h.panels() {
        let panel = h.panel_mut(index);
        fast::gated_rows(panel, &mix.gate, &mix.up, hidden);
        fast::add_rows(hidden, &mix.down, panel);
        fast::rms_columns(panel, eps);
    }
}

/// `h = rms(h + swiglu(h))`
fn mix_channels(h: &mut Panels, mix: &ChannelMix, hidden: &mut Panels, eps: f32) {
    fast::gated_columns(h, &mix.gate, &mix.up, hidden);
    fast::linear(hidden, &mix.down, h, true);
    fast::rms_rows(h, eps);
}

/// `h = net(h)`, in place.
pub fn net(config: &Config, layers: &[PackedLayer], h: &mut Panels, scratch: &mut Scratch) {
    let eps = config.rms_eps;
    for (layer, hidden) in layers.iter().zip(&mut scratch.hidden) {
        match (&layer.mix, &mut scratch.attention) {
            (PackedMix::Tokens(mix), _) => mix_tokens(h, mix, &mut scratch.token_hidden[..mix.gate.m], eps),
            (PackedMix::Attention(weights), Some(buffers)) => attention(h, weights, buffers, config.head_dim(), eps),
            (PackedMix::Attention(_), None) => unreachable!("Scratch::new makes buffers for attention layers"),
        }
        mix_channels(h, &layer.channels, hidden, eps);
    }
}

//! Attention between all rows, not causal, for one board length.

use crate::config::{Config, Positions};
use crate::matmul::{PackedColumns, simd128 as fast};
use crate::oracle::rope_angle;
use crate::state::{LANES, Panels};

/// Attention with every head widened to whole panels, so that a head never shares a panel with its neighbour.
pub struct Attention {
    qkv: PackedColumns,
    out: PackedColumns,
}

/// Channels of one head, rounded up to whole panels.
fn head_stride(config: &Config) -> usize {
    config.head_dim().next_multiple_of(LANES)
}

impl Attention {
    pub fn pack(config: &Config, qkv: &[f32], out: &[f32]) -> Self {
        let (d, width, stride) = (config.hidden, config.head_dim(), head_stride(config));
        // A widened channel's place in the checkpoint, or None where it is padding.
        let source = |channel: usize| {
            let (head, lane) = (channel / stride, channel % stride);
            (lane < width).then_some(head * width + lane)
        };
        let widened = config.heads * stride;
        Self {
            qkv: PackedColumns::pack(
                3 * widened,
                d.next_multiple_of(LANES),
                &|row, column| match source(row % widened) {
                    Some(channel) if column < d => qkv[(row / widened * d + channel) * d + column],
                    _ => 0.0,
                },
            ),
            out: PackedColumns::pack(d, widened, &|row, column| source(column).map_or(0.0, |c| out[row * d + c])),
        }
    }
}

/// Buffers of one call, the same for all layers.
pub struct AttentionScratch {
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

impl AttentionScratch {
    /// `rows`: T of the boards that the model reads.
    pub fn new(config: &Config, rows: usize) -> Self {
        let (width, stride) = (config.head_dim(), head_stride(config));
        let angles = (0..rows).flat_map(|row| (0..width / 2).map(move |i| (row, i)));
        Self {
            heads: config.heads,
            stride: stride / LANES,
            qkv: Panels::new(rows, 3 * config.heads * stride),
            query: Panels::new(rows, stride),
            keys: PackedColumns::pack(rows, stride, &|_, _| 0.0),
            scores: Panels::new(rows, rows),
            values: PackedColumns::pack(stride, rows.next_multiple_of(LANES), &|_, _| 0.0),
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
pub fn attention(h: &mut Panels, weights: &Attention, scratch: &mut AttentionScratch, head_dim: usize, eps: f32) {
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

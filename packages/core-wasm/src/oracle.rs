//! The slow, readable TRM: plain loops over row-major matrices, straight from the paper. The fast path is tested against it.

use crate::config::{Config, Grid, Positions};
use crate::matmul::scalar::matmul;
use crate::mixes::board_oracle::board_mix;
use crate::mixes::planes_oracle::plane_mix;
use crate::mixes::units_oracle::unit_mix;
use crate::rooms::Rooms;
use crate::weights::{Channels, Mix, SwiGlu, Weights};

/// What a mix may know of a board.
#[derive(Clone, Copy)]
pub struct Board<'a> {
    pub grid: Grid,
    /// Empty unless the tie knows rooms.
    pub rooms: &'a Rooms,
}

/// One deep recursion step on row-major `[T, d]` latents of a board.
pub fn deep_step(config: &Config, weights: &Weights, board: Board, x: &[f32], z_h: &mut Vec<f32>, z_l: &mut Vec<f32>) {
    for _ in 0..config.h_cycles {
        for _ in 0..config.l_cycles {
            let input = z_l.iter().zip(z_h.iter().zip(x)).map(|(l, (h, x))| l + (h + x)).collect();
            *z_l = net(config, weights, board, input);
        }
        let input = z_h.iter().zip(z_l.iter()).map(|(h, l)| h + l).collect();
        *z_h = net(config, weights, board, input);
    }
}

/// Logits, row-major `[L, vocab]`, and both q outputs.
pub fn heads(config: &Config, weights: &Weights, z_h: &[f32]) -> (Vec<f32>, [f32; 2]) {
    let d = config.hidden;
    let cells = z_h.len() / d - config.prefix;
    let logits = matmul(&z_h[config.prefix * d..], &weights.lm_head, cells, d, config.vocab);
    let q = matmul(&z_h[..d], &weights.q_weight, 1, d, 2);
    (logits, [q[0] + weights.q_bias[0], q[1] + weights.q_bias[1]])
}

/// One call of the network on a board's latent, row-major `[T, d]`.
pub fn net(config: &Config, weights: &Weights, board: Board, mut h: Vec<f32>) -> Vec<f32> {
    let (rows, d, eps) = (config.rows(board.grid), config.hidden, config.rms_eps);
    for layer in &weights.layers {
        h = match &layer.mix {
            Mix::Tokens(mix) => {
                let t = transpose(&h, rows, d);
                transpose(&rms(add(&t, &swiglu(mix, &t, d)), rows, eps), d, rows)
            }
            Mix::Attention { qkv, out } => rms(add(&h, &attention(config, qkv, out, &h)), d, eps),
            Mix::Units(mix) => rms_over_rows(add(&h, &unit_mix(mix, &h, d)), rows, d, eps),
            Mix::Board(mix) => rms_over_rows(add(&h, &board_mix(mix, board, &h, d)), rows, d, eps),
        };
        let mixed = match &layer.channels {
            Channels::Dense(mlp) => swiglu(mlp, &h, rows),
            Channels::Planes(mix) => plane_mix(mix, &h, rows),
        };
        h = rms(add(&h, &mixed), d, eps);
    }
    h
}

/// The norm of a token mix: over the sequence.
fn rms_over_rows(h: Vec<f32>, rows: usize, d: usize, eps: f32) -> Vec<f32> {
    transpose(&rms(transpose(&h, rows, d), rows, eps), d, rows)
}

pub fn silu(x: f32) -> f32 {
    x / (1.0 + libm::expf(-x))
}

fn add(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn transpose(a: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|c| (0..rows).map(move |r| a[r * columns + c])).collect()
}

/// Divides each row of `width` values by its root mean square.
fn rms(mut h: Vec<f32>, width: usize, eps: f32) -> Vec<f32> {
    for row in h.chunks_exact_mut(width) {
        let mean = row.iter().map(|v| v * v).sum::<f32>() / width as f32;
        let scale = 1.0 / (mean + eps).sqrt();
        row.iter_mut().for_each(|v| *v *= scale);
    }
    h
}

/// `down(silu(gate) * up)` on `[m, width]`.
fn swiglu(weights: &SwiGlu, h: &[f32], m: usize) -> Vec<f32> {
    let (width, inner) = (weights.width, weights.inner);
    let gate_up = matmul(h, &weights.gate_up, m, width, 2 * inner);
    let mut hidden = Vec::with_capacity(m * inner);
    for row in gate_up.chunks_exact(2 * inner) {
        let (gate, up) = row.split_at(inner);
        hidden.extend(gate.iter().zip(up).map(|(&g, u)| silu(g) * u));
    }
    matmul(&hidden, &weights.down, m, inner, width)
}

/// Attention over all rows, not causal; `[T, d]` in and out.
fn attention(config: &Config, qkv: &[f32], out: &[f32], h: &[f32]) -> Vec<f32> {
    let (rows, d, width) = (h.len() / config.hidden, config.hidden, config.head_dim());
    let qkv = matmul(h, qkv, rows, d, 3 * d);
    let head_rows = |part: usize, head: usize| -> Vec<f32> {
        let start = part * d + head * width;
        qkv.chunks_exact(3 * d).flat_map(|row| row[start..start + width].to_vec()).collect()
    };
    let mut mixed = vec![0.0; rows * d];
    for head in 0..config.heads {
        let (mut q, mut k, v) = (head_rows(0, head), head_rows(1, head), head_rows(2, head));
        if config.positions == Positions::Rope {
            rope(&mut q, width, config.rope_theta);
            rope(&mut k, width, config.rope_theta);
        }
        let mut scores = matmul(&q, &k, rows, width, rows);
        softmax(&mut scores, rows, 1.0 / (width as f32).sqrt());
        let values = matmul(&scores, &transpose(&v, rows, width), rows, rows, width);
        for (row, value) in values.chunks_exact(width).enumerate() {
            mixed[row * d + head * width..][..width].copy_from_slice(value);
        }
    }
    matmul(&mixed, out, rows, d, d)
}

/// Rotary positions, rotate-half form: channel i turns with channel i + width/2 by `row / theta^(2i/width)`.
fn rope(h: &mut [f32], width: usize, theta: f32) {
    let half = width / 2;
    for (row, values) in h.chunks_exact_mut(width).enumerate() {
        for i in 0..half {
            let (sin, cos) = rope_angle(row, i, width, theta);
            let (a, b) = (values[i], values[i + half]);
            values[i] = a * cos - b * sin;
            values[i + half] = b * cos + a * sin;
        }
    }
}

/// Sine and cosine of RoPE's angle for a row and a channel of the first half.
pub fn rope_angle(row: usize, i: usize, width: usize, theta: f32) -> (f32, f32) {
    let frequency = 1.0 / libm::powf(theta, (2 * i) as f32 / width as f32);
    let angle = row as f32 * frequency;
    (libm::sinf(angle), libm::cosf(angle))
}

fn softmax(scores: &mut [f32], width: usize, scale: f32) {
    for row in scores.chunks_exact_mut(width) {
        let most = row.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
        row.iter_mut().for_each(|v| *v = libm::expf((*v - most) * scale));
        let sum: f32 = row.iter().sum();
        row.iter_mut().for_each(|v| *v /= sum);
    }
}

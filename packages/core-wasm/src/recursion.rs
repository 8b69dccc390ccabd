//! One deep recursion step of one rollout: noise, the cycles of net calls, then the two heads.

use crate::blocks::{PackedLayer, Scratch, net};
use crate::config::{Config, Grid};
use crate::matmul::{PackedColumns, simd128 as fast};
use crate::oracle::{self, Board};
use crate::state::{LANES, Panels, Slot};
use crate::weights::Weights;

/// How the recursion is computed. Both ways give the same results up to rounding.
// One a model, and never moved: a box would only add a hop to every step.
#[expect(clippy::large_enum_variant)]
pub enum Path {
    /// Packed weights, SIMD, no allocation.
    Simd { layers: Vec<PackedLayer>, lm_head: PackedColumns, scratch: Scratch, logits: Panels },
    /// The readable oracle; allocates and is slow.
    Scalar,
}

impl Path {
    pub fn simd(config: &Config, weights: &Weights) -> Self {
        let layers: Vec<_> = weights.layers.iter().map(|layer| PackedLayer::pack(config, layer)).collect();
        let d = config.hidden;
        let lm_head = PackedColumns::pack(config.vocab, d.next_multiple_of(LANES), &|row, column| {
            if column < d { weights.lm_head[row * d + column] } else { 0.0 }
        });
        let scratch = Scratch::new(config, &layers);
        Self::Simd { layers, lm_head, scratch, logits: Panels::new(0, config.vocab) }
    }

    /// Makes room for a board. Allocates for a larger one than any before alone, so a step after it never does.
    pub fn fit(&mut self, config: &Config, grid: Grid) {
        if let Self::Simd { scratch, logits, .. } = self {
            scratch.fit(config, grid);
            if logits.rows != config.rows(grid) {
                logits.set_height(config.rows(grid));
            }
        }
    }

    /// Advances `slot` by one deep recursion step and refreshes its logits, answer and q. Noise is added before.
    pub fn step(&mut self, config: &Config, weights: &Weights, answers: &[u8], slot: &mut Slot) {
        let Some(grid) = slot.grid else { return };
        self.fit(config, grid);
        match self {
            Self::Simd { layers, lm_head, scratch, logits } => {
                deep_step(config, layers, scratch, slot);
                fast::linear(&slot.z_h, lm_head, logits, false);
                for (cell, row) in slot.logits.chunks_exact_mut(config.vocab).enumerate() {
                    row.iter_mut().enumerate().for_each(|(token, v)| *v = logits.get(config.prefix + cell, token));
                }
                let dot = |output: usize| {
                    let row = &weights.q_weight[output * config.hidden..][..config.hidden];
                    row.iter().enumerate().map(|(channel, w)| w * slot.z_h.get(0, channel)).sum::<f32>()
                };
                slot.q = [dot(0) + weights.q_bias[0], dot(1) + weights.q_bias[1]];
            }
            Self::Scalar => scalar_step(config, weights, grid, slot),
        }
        for (answer, row) in slot.answer.iter_mut().zip(slot.logits.chunks_exact(config.vocab)) {
            *answer = best_token(row, answers);
        }
    }
}

fn deep_step(config: &Config, layers: &[PackedLayer], scratch: &mut Scratch, slot: &mut Slot) {
    for _ in 0..config.h_cycles {
        for _ in 0..config.l_cycles {
            fast::add_latents(&mut slot.z_l, &slot.z_h, Some(&slot.x));
            net(config, layers, &slot.rooms, &mut slot.z_l, scratch);
        }
        fast::add_latents(&mut slot.z_h, &slot.z_l, None);
        net(config, layers, &slot.rooms, &mut slot.z_h, scratch);
    }
}

fn scalar_step(config: &Config, weights: &Weights, grid: Grid, slot: &mut Slot) {
    let [x, mut z_h, mut z_l] = [&slot.x, &slot.z_h, &slot.z_l].map(|panels| {
        let mut rows = vec![0.0; panels.rows * panels.width];
        panels.write_rows(&mut rows);
        rows
    });
    oracle::deep_step(config, weights, Board { grid, rooms: &slot.rooms }, &x, &mut z_h, &mut z_l);
    (slot.logits, slot.q) = oracle::heads(config, weights, &z_h);
    slot.z_h.set_rows(&z_h);
    slot.z_l.set_rows(&z_l);
}

/// The token of `answers` with the largest logit; the first of equals, as PyTorch's argmax.
fn best_token(logits: &[f32], answers: &[u8]) -> u8 {
    let mut best = answers[0];
    for &token in &answers[1..] {
        if logits[token as usize] > logits[best as usize] {
            best = token;
        }
    }
    best
}

//! The wasm surface of the TRM kernel, and nothing else. It knows tensors and rollout numbers, no puzzle.
//!
//! Pointers handed out are byte offsets into wasm memory; they stay valid until the next `place` or `start`, or, where the
//! scalar path steps, `step`: these allocate.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
compile_error!("ptrm-core is built for wasm32 with simd128; see .cargo/config.toml");

mod alloc;
mod blocks;
mod config;
mod matmul;
mod mixes;
mod noise;
mod oracle;
mod recursion;
mod rooms;
mod state;
#[cfg(test)]
mod tests;
mod weights;

use config::{BoardSizes, Config, Grid, ModelError, Positions, Tie, UnitSizes};
use noise::{Draw, Target};
use recursion::Path;
use state::Slot;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use weights::{Tensor, Tensors, Weights};

/// The error as JSON, for the TypeScript side to make a named error of.
fn thrown(error: ModelError) -> JsValue {
    let ModelError { code, tensor, reason, wanted, found } = error;
    let json =
        format!(r#"{{"code":"{code}","tensor":{tensor:?},"reason":{reason:?},"wanted":{wanted:?},"found":{found:?}}}"#);
    JsValue::from_str(&json)
}

/// Collects a model's tensors, then builds it.
#[wasm_bindgen]
pub struct ModelBuilder {
    config: Config,
    tensors: Tensors,
}

#[wasm_bindgen]
impl ModelBuilder {
    /// `seq_len`: 0 where boards may have any size. `positions`: 0 none, 1 RoPE, 2 learned. `tie`: empty for dense weights;
    /// the six sizes of `units`; the two of `board`, then 1 where it knows rooms, else 0.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        vocab: usize,
        seq_len: usize,
        prefix: usize,
        hidden: usize,
        heads: usize,
        layers: usize,
        h_cycles: usize,
        l_cycles: usize,
        positions: u8,
        mlp_t: bool,
        rms_eps: f32,
        rope_theta: f32,
        tie: &[u32],
    ) -> ModelBuilder {
        let sizes: Vec<usize> = tie.iter().map(|&size| size as usize).collect();
        let tie = match sizes[..] {
            [plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden] => {
                Tie::Units(UnitSizes { plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden })
            }
            [types, board_units, rooms] => Tie::Board(BoardSizes { types, board_units, rooms: rooms != 0 }),
            _ => Tie::Dense,
        };
        let positions = [Positions::None, Positions::Rope, Positions::Learned][usize::from(positions.min(2))];
        let config = Config {
            vocab,
            seq_len: (seq_len > 0).then_some(seq_len),
            prefix,
            hidden,
            heads,
            layers,
            h_cycles,
            l_cycles,
            positions,
            mlp_t,
            rms_eps,
            rope_theta,
            tie,
        };
        ModelBuilder { config, tensors: Tensors(BTreeMap::new()) }
    }

    pub fn tensor(&mut self, name: &str, shape: &[u32], data: Vec<f32>) {
        let shape = shape.iter().map(|&size| size as usize).collect();
        self.tensors.0.insert(name.into(), Tensor { shape, data });
    }

    /// Checks every weight and lays the model out. `answers` are the tokens that an answer may hold.
    /// Throws the JSON of a `ModelError`.
    pub fn build(mut self, scalar: bool, slots: usize, answers: &[u8]) -> Result<Model, JsValue> {
        let weights = Weights::take(&self.config, &mut self.tensors).map_err(thrown)?;
        let config = self.config;
        let answers = if answers.is_empty() { (0..=(config.vocab - 1) as u8).collect() } else { answers.to_vec() };
        if let Some(token) = answers.iter().find(|&&token| usize::from(token) >= config.vocab) {
            return Err(thrown(ModelError::config("answer_tokens", &format!("{token} is outside the vocabulary"))));
        }
        let mut model = Model {
            path: if scalar { Path::Scalar } else { Path::simd(&config, &weights) },
            slots: (0..slots.max(1)).map(|_| Slot::new(&config)).collect(),
            grid: Grid { rows: 0, columns: 0 },
            tokens: vec![],
            rows: vec![],
            config,
            weights,
            answers,
        };
        if let Some(grid) = model.config.fixed_grid() {
            model.grow(grid);
            model.slots.iter_mut().for_each(|slot| slot.fit(&model.config, grid));
        }
        Ok(model)
    }
}

/// A loaded model with its rollout slots.
#[wasm_bindgen]
pub struct Model {
    config: Config,
    weights: Weights,
    path: Path,
    answers: Vec<u8>,
    slots: Vec<Slot>,
    /// The size of the board in `tokens`.
    grid: Grid,
    /// Where the caller writes a board before `start`.
    tokens: Vec<u8>,
    /// One latent row-major `[T, d]`: noise on its way in, states on their way out.
    rows: Vec<f32>,
}

#[wasm_bindgen]
impl Model {
    /// Makes room for a board of this size in `tokens` and in all buffers; the caller writes it there, then calls `start`.
    /// Throws a string for a size that the model does not read.
    pub fn place(&mut self, rows: usize, columns: usize) -> Result<(), JsValue> {
        let grid = Grid { rows, columns };
        if !self.config.reads(grid) {
            return Err(JsValue::from_str(&format!(
                "the model does not read boards of {rows} rows x {columns} columns"
            )));
        }
        self.grow(grid);
        Ok(())
    }

    fn grow(&mut self, grid: Grid) {
        self.grid = grid;
        self.tokens.resize(grid.cells(), 0);
        self.rows.resize(self.config.rows(grid) * self.config.hidden, 0.0);
        self.path.fit(&self.config, grid);
    }

    /// Puts the board in `tokens` into a slot, with fresh latents. Throws a string for values out of range.
    pub fn start(&mut self, slot: usize, puzzle_id: usize) -> Result<(), JsValue> {
        if let Some(cell) = self.tokens.iter().position(|&token| usize::from(token) >= self.config.vocab) {
            let token = self.tokens[cell];
            let reason = format!("token {token} of cell {cell} is outside the vocabulary of {}", self.config.vocab);
            return Err(JsValue::from_str(&reason));
        }
        if puzzle_id >= self.weights.puzzle_ids {
            return Err(JsValue::from_str(&format!(
                "puzzle id {puzzle_id}: the model has {}",
                self.weights.puzzle_ids
            )));
        }
        let d = self.config.hidden;
        let slot = Self::slot_mut(&mut self.slots, slot)?;
        slot.fit(&self.config, self.grid);
        slot.look_at(&self.weights, &self.tokens);
        self.rows.resize(self.config.rows(self.grid) * d, 0.0);
        self.weights.embed(&self.config, &self.tokens, puzzle_id, &mut self.rows);
        slot.x.set_rows(&self.rows);
        for (latent, init) in [(&mut slot.z_h, &self.weights.h_init), (&mut slot.z_l, &self.weights.l_init)] {
            self.rows.chunks_exact_mut(d).for_each(|row| row.copy_from_slice(init));
            latent.set_rows(&self.rows);
        }
        slot.started = true;
        Ok(())
    }

    /// Gives `rows` the size of a slot's latent; it never allocates, as a larger board has been placed before.
    pub fn fit_rows(&mut self, slot: usize) -> Result<(), JsValue> {
        let latent = &Self::slot_mut(&mut self.slots, slot)?.z_h;
        self.rows.resize(latent.rows * latent.width, 0.0);
        Ok(())
    }

    /// Adds noise to the targets (bit 0: z_L, bit 1: z_H; none where sigma is 0), then runs one deep recursion step.
    #[allow(clippy::too_many_arguments)]
    pub fn step(
        &mut self,
        slot: usize,
        seed_low: u32,
        seed_high: u32,
        rollout: u32,
        step: u32,
        sigma: f32,
        targets: u8,
    ) -> Result<(), JsValue> {
        let seed = u64::from(seed_high) << 32 | u64::from(seed_low);
        self.fit_rows(slot)?;
        for (bit, target) in [(1, Target::ZL), (2, Target::ZH)] {
            if sigma != 0.0 && targets & bit != 0 {
                noise::fill(&mut self.rows, Draw { seed, rollout, step, target }, sigma);
                self.add_rows(slot, target == Target::ZH)?;
            }
        }
        let slot = Self::slot_mut(&mut self.slots, slot)?;
        if !slot.started {
            return Err(JsValue::from_str("step before start"));
        }
        self.path.step(&self.config, &self.weights, &self.answers, slot);
        Ok(())
    }

    /// Adds the latent in `rows` to z_L or z_H: noise of the caller's own.
    pub fn add_rows(&mut self, slot: usize, to_z_h: bool) -> Result<(), JsValue> {
        let slot = Self::slot_mut(&mut self.slots, slot)?;
        let latent = if to_z_h { &mut slot.z_h } else { &mut slot.z_l };
        latent.add_rows(&self.rows);
        Ok(())
    }

    /// Replaces z_L or z_H by the latent in `rows`.
    pub fn set_rows(&mut self, slot: usize, of_z_h: bool) -> Result<(), JsValue> {
        let slot = Self::slot_mut(&mut self.slots, slot)?;
        let latent = if of_z_h { &mut slot.z_h } else { &mut slot.z_l };
        latent.set_rows(&self.rows);
        Ok(())
    }

    /// Writes z_L or z_H row-major into `rows`.
    pub fn read_rows(&mut self, slot: usize, of_z_h: bool) -> Result<(), JsValue> {
        let slot = Self::slot_mut(&mut self.slots, slot)?;
        let latent = if of_z_h { &slot.z_h } else { &slot.z_l };
        self.rows.resize(latent.rows * latent.width, 0.0);
        latent.write_rows(&mut self.rows);
        Ok(())
    }

    pub fn tokens_ptr(&self) -> *const u8 {
        self.tokens.as_ptr()
    }

    pub fn rows_ptr(&self) -> *const f32 {
        self.rows.as_ptr()
    }

    pub fn answer_ptr(&self, slot: usize) -> *const u8 {
        self.slots[slot].answer.as_ptr()
    }

    pub fn logits_ptr(&self, slot: usize) -> *const f32 {
        self.slots[slot].logits.as_ptr()
    }

    pub fn q_ptr(&self, slot: usize) -> *const f32 {
        self.slots[slot].q.as_ptr()
    }

    /// z_L or z_H in panel order `[ceil(d / 8)][T][8]`.
    pub fn latent_ptr(&self, slot: usize, of_z_h: bool) -> *const f32 {
        let slot = &self.slots[slot];
        let latent = if of_z_h { &slot.z_h } else { &slot.z_l };
        latent.data.as_ptr().cast()
    }

    fn slot_mut(slots: &mut [Slot], slot: usize) -> Result<&mut Slot, JsValue> {
        let count = slots.len();
        slots.get_mut(slot).ok_or_else(|| JsValue::from_str(&format!("slot {slot}: the model has {count}")))
    }
}

/// Fills `out` with N(0, sigma^2): the noise of one latent (row-major `[T, d]`), step and rollout. For other engines.
#[wasm_bindgen]
pub fn fill_noise(out: &mut [f32], seed_low: u32, seed_high: u32, rollout: u32, step: u32, to_z_h: bool, sigma: f32) {
    noise::fill(out, draw(seed_low, seed_high, rollout, step, to_z_h), sigma);
}

/// The key of one latent's noise, for graphs that make the noise themselves.
#[wasm_bindgen]
pub fn noise_key(seed_low: u32, seed_high: u32, rollout: u32, step: u32, to_z_h: bool) -> u64 {
    draw(seed_low, seed_high, rollout, step, to_z_h).key()
}

fn draw(seed_low: u32, seed_high: u32, rollout: u32, step: u32, to_z_h: bool) -> Draw {
    let target = if to_z_h { Target::ZH } else { Target::ZL };
    Draw { seed: u64::from(seed_high) << 32 | u64::from(seed_low), rollout, step, target }
}

/// How often memory was allocated so far; a test holds `step` to not raising it.
#[wasm_bindgen]
pub fn allocations() -> usize {
    alloc::count()
}

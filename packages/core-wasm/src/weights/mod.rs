//! The weights of a TRM as they stand in a checkpoint: row-major, checked, not yet packed for speed.

mod tied;

use crate::config::{BoardSizes, Config, ModelError, Positions, Tie};
use crate::rooms::WAYS;
use std::collections::BTreeMap;
pub use tied::{BoardWeights, PlaneMap, PlaneWeights, TAPS, UnitWeights};

/// A named tensor on its way in.
pub struct Tensor {
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}

/// `down(silu(gate) * up)` with `[gate; up] = gate_up`.
pub struct SwiGlu {
    /// Width that goes in and comes out: d, or T for the token mix.
    pub width: usize,
    /// Inner width I.
    pub inner: usize,
    /// `[2 * inner, width]`: first the gate's rows, then the up map's.
    pub gate_up: Vec<f32>,
    /// `[width, inner]`
    pub down: Vec<f32>,
}

/// The first half of a block: how rows (cells) see each other.
pub enum Mix {
    Tokens(SwiGlu),
    Attention {
        /// `[3 * d, d]`: queries, keys, values, each head after head.
        qkv: Vec<f32>,
        /// `[d, d]`
        out: Vec<f32>,
    },
    Units(UnitWeights),
    Board(BoardWeights),
}

/// The second half of a block: a SwiGLU over the channels.
pub enum Channels {
    Dense(SwiGlu),
    Planes(PlaneWeights),
}

pub struct Layer {
    pub mix: Mix,
    pub channels: Channels,
}

pub struct Weights {
    /// `[vocab, d]`
    pub embed_tokens: Vec<f32>,
    /// `[T, d]`, empty unless positions are learned.
    pub embed_pos: Vec<f32>,
    /// `[ids, puzzle_width]`, empty when prefix = 0.
    pub puzzle_emb: Vec<f32>,
    pub puzzle_width: usize,
    pub puzzle_ids: usize,
    /// `[d]`
    pub h_init: Vec<f32>,
    /// `[d]`
    pub l_init: Vec<f32>,
    pub layers: Vec<Layer>,
    /// `[vocab, d]`
    pub lm_head: Vec<f32>,
    /// `[2, d]`
    pub q_weight: Vec<f32>,
    /// `[2]`
    pub q_bias: Vec<f32>,
    /// By token whether it says a border at the right, below, at the left, above; empty unless the tie knows rooms.
    pub borders: Vec<[bool; WAYS]>,
}

/// The tensors of a checkpoint by name; each is taken once, checked for shape and finite values.
pub struct Tensors(pub BTreeMap<String, Tensor>);

impl Tensors {
    fn shape(&self, name: &str) -> Result<&[usize], ModelError> {
        self.0.get(name).map(|t| t.shape.as_slice()).ok_or_else(|| ModelError::missing(name))
    }

    /// Takes `<at>.<name>`.
    #[inline(never)]
    fn take_from(&mut self, at: &str, name: &str, wanted: &[usize]) -> Result<Vec<f32>, ModelError> {
        self.take(&[at, name].join("."), wanted)
    }

    #[inline(never)]
    fn take(&mut self, name: &str, wanted: &[usize]) -> Result<Vec<f32>, ModelError> {
        let tensor = self.0.remove(name).ok_or_else(|| ModelError::missing(name))?;
        let count: usize = wanted.iter().product();
        if tensor.shape != wanted || tensor.data.len() != count {
            return Err(ModelError::shape(name, wanted, &tensor.shape));
        }
        match tensor.data.iter().position(|x| !x.is_finite()) {
            Some(index) => Err(ModelError::not_finite(name, index)),
            None => Ok(tensor.data),
        }
    }

    /// Takes `<name>.gate_up_proj.weight` and `<name>.down_proj.weight`; the inner width is read off the former.
    fn swiglu(&mut self, name: &str, width: usize) -> Result<SwiGlu, ModelError> {
        let gate_up_name = format!("{name}.gate_up_proj.weight");
        let shape = self.shape(&gate_up_name)?;
        let rows = shape.first().copied().unwrap_or(0);
        if rows == 0 || rows % 2 != 0 {
            return Err(ModelError::shape(&gate_up_name, &[(rows + 1).max(2) / 2 * 2, width], shape));
        }
        let inner = rows / 2;
        Ok(SwiGlu {
            width,
            inner,
            gate_up: self.take(&gate_up_name, &[2 * inner, width])?,
            down: self.take_from(name, "down_proj.weight", &[width, inner])?,
        })
    }
}

impl Layer {
    fn take(config: &Config, tensors: &mut Tensors, at: &str) -> Result<Self, ModelError> {
        let d = config.hidden;
        let mix = match config.tie {
            Tie::Units(sizes) => Mix::Units(UnitWeights::take(sizes, tensors, at)?),
            Tie::Board(sizes) => Mix::Board(BoardWeights::take(sizes, config.prefix, tensors, at)?),
            Tie::Dense if config.mlp_t => {
                let rows = config.prefix + config.seq_len.unwrap_or(0);
                Mix::Tokens(tensors.swiglu(&format!("{at}.mlp_t"), rows)?)
            }
            Tie::Dense => Mix::Attention {
                qkv: tensors.take_from(at, "self_attn.qkv_proj.weight", &[3 * d, d])?,
                out: tensors.take_from(at, "self_attn.o_proj.weight", &[d, d])?,
            },
        };
        let channels = match config.tie {
            Tie::Units(sizes) => Channels::Planes(PlaneWeights::take(sizes, tensors, at)?),
            _ => Channels::Dense(tensors.swiglu(&format!("{at}.mlp"), d)?),
        };
        Ok(Self { mix, channels })
    }
}

impl Weights {
    /// Takes what `config` asks for out of `tensors`. Other tensors are left there and do not matter.
    pub fn take(config: &Config, tensors: &mut Tensors) -> Result<Self, ModelError> {
        config.check()?;
        let d = config.hidden;
        // Learned positions are of dense models alone, and those have a fixed length.
        let rows = config.prefix + config.seq_len.unwrap_or(0);
        let mut layers = Vec::with_capacity(config.layers);
        for i in 0..config.layers {
            layers.push(Layer::take(config, tensors, &format!("L_level.layers.{i}"))?);
        }
        let (puzzle_emb, puzzle_ids, puzzle_width) = Self::take_puzzle_emb(config, tensors)?;
        let learned = config.positions == Positions::Learned;
        Ok(Self {
            embed_tokens: tensors.take("embed_tokens.embedding_weight", &[config.vocab, d])?,
            embed_pos: if learned { tensors.take("embed_pos.embedding_weight", &[rows, d])? } else { vec![] },
            puzzle_emb,
            puzzle_width,
            puzzle_ids,
            h_init: tensors.take("H_init", &[d])?,
            l_init: tensors.take("L_init", &[d])?,
            layers,
            lm_head: tensors.take("lm_head.weight", &[config.vocab, d])?,
            q_weight: tensors.take("q_head.weight", &[2, d])?,
            q_bias: tensors.take("q_head.bias", &[2])?,
            borders: Self::take_borders(config, tensors)?,
        })
    }

    fn take_borders(config: &Config, tensors: &mut Tensors) -> Result<Vec<[bool; WAYS]>, ModelError> {
        let Tie::Board(BoardSizes { rooms: true, .. }) = config.tie else { return Ok(vec![]) };
        let name = "borders";
        let values = tensors.take(name, &[config.vocab, WAYS])?;
        if let Some(index) = values.iter().position(|&value| value != 0.0 && value != 1.0) {
            return Err(ModelError::no_flag(name, index));
        }
        let (of_tokens, _) = values.as_chunks::<WAYS>();
        Ok(of_tokens.iter().map(|token| token.map(|value| value == 1.0)).collect())
    }

    fn take_puzzle_emb(config: &Config, tensors: &mut Tensors) -> Result<(Vec<f32>, usize, usize), ModelError> {
        if config.prefix == 0 {
            return Ok((vec![], 1, 0));
        }
        let name = "puzzle_emb.weights";
        let most = config.prefix * config.hidden;
        let (ids, width) = match *tensors.shape(name)? {
            [ids, width] if ids > 0 && width <= most => (ids, width),
            ref found => return Err(ModelError::shape(name, &[1, most], found)),
        };
        Ok((tensors.take(name, &[ids, width])?, ids, width))
    }

    /// The embedded question `x`, row-major `[T, d]`, as in the official `_input_embeddings`.
    pub fn embed(&self, config: &Config, tokens: &[u8], puzzle_id: usize, x: &mut [f32]) {
        let d = config.hidden;
        let (front, board) = x.split_at_mut(config.prefix * d);
        front.fill(0.0);
        let start = puzzle_id * self.puzzle_width;
        front[..self.puzzle_width].copy_from_slice(&self.puzzle_emb[start..start + self.puzzle_width]);
        for (row, &token) in board.chunks_exact_mut(d).zip(tokens) {
            row.copy_from_slice(&self.embed_tokens[token as usize * d..][..d]);
        }
        let mut scale = (d as f32).sqrt();
        if !self.embed_pos.is_empty() {
            x.iter_mut().zip(&self.embed_pos).for_each(|(v, p)| *v += p);
            // 1/sqrt(2): the variance of a sum of two embeddings, brought back to one.
            scale *= 0.707_106_77;
        }
        x.iter_mut().for_each(|v| *v *= scale);
    }
}

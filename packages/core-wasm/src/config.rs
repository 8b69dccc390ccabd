//! The sizes of one Tiny Recursive Model, and the errors of weights that do not fit them.

/// Where a model's positions come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Positions {
    None,
    Rope,
    Learned,
}

/// Everything about a TRM that is not a weight. Inner widths are not here: they are read from the weights' shapes.
#[derive(Clone, Debug)]
pub struct Config {
    pub vocab: usize,
    /// Board length L, in tokens.
    pub seq_len: usize,
    /// Rows in front of the board that hold the puzzle embedding.
    pub prefix: usize,
    /// Channels d.
    pub hidden: usize,
    /// Attention heads; unused by the MLP variant.
    pub heads: usize,
    pub layers: usize,
    pub h_cycles: usize,
    pub l_cycles: usize,
    pub positions: Positions,
    /// True for the MLP variant, whose first half of a block mixes tokens by a SwiGLU over the sequence.
    pub mlp_t: bool,
    pub rms_eps: f32,
    pub rope_theta: f32,
}

impl Config {
    /// Rows T of the latent state: prefix, then board.
    pub fn rows(&self) -> usize {
        self.prefix + self.seq_len
    }

    pub fn head_dim(&self) -> usize {
        self.hidden / self.heads
    }

    pub fn check(&self) -> Result<(), ModelError> {
        let named = [
            ("vocab_size", self.vocab),
            ("seq_len", self.seq_len),
            ("hidden_size", self.hidden),
            ("L_layers", self.layers),
            ("H_cycles", self.h_cycles),
            ("L_cycles", self.l_cycles),
        ];
        for (name, value) in named {
            if value == 0 {
                return Err(ModelError::config(name, "must be at least 1"));
            }
        }
        if self.vocab > 256 {
            return Err(ModelError::config("vocab_size", "must be at most 256: tokens are bytes"));
        }
        if !self.mlp_t && (self.heads == 0 || !self.hidden.is_multiple_of(self.heads)) {
            return Err(ModelError::config("num_heads", "must divide hidden_size"));
        }
        if !self.mlp_t && self.positions == Positions::Rope && !self.head_dim().is_multiple_of(2) {
            return Err(ModelError::config("num_heads", "must leave an even head width for RoPE"));
        }
        Ok(())
    }
}

/// Why a model was refused. `code` is stable; `tensor` names the tensor or config field.
#[derive(Debug)]
pub struct ModelError {
    pub code: &'static str,
    pub tensor: String,
    pub reason: String,
    pub wanted: Vec<usize>,
    pub found: Vec<usize>,
}

impl ModelError {
    pub fn config(field: &str, reason: &str) -> Self {
        Self::new("config", field, reason)
    }

    pub fn missing(tensor: &str) -> Self {
        Self::new("missing-tensor", tensor, "is missing")
    }

    pub fn shape(tensor: &str, wanted: &[usize], found: &[usize]) -> Self {
        Self {
            wanted: wanted.to_vec(),
            found: found.to_vec(),
            ..Self::new("wrong-shape", tensor, "has the wrong shape")
        }
    }

    pub fn not_finite(tensor: &str, index: usize) -> Self {
        Self::new("not-finite", tensor, &format!("holds NaN or infinity at element {index}"))
    }

    fn new(code: &'static str, tensor: &str, reason: &str) -> Self {
        Self { code, tensor: tensor.into(), reason: reason.into(), wanted: vec![], found: vec![] }
    }
}

//! The sizes of one Tiny Recursive Model, and the errors of weights that do not fit them.

use crate::state::QUAD;

/// Where a model's positions come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Positions {
    None,
    Rope,
    Learned,
}

/// Why many weights of the network are one, and the sizes of the free ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tie {
    /// None are: a TRM as the paper has it, for one board length.
    Dense,
    /// Sudoku: 9 channel planes, one a digit, and shared channels; hidden units of rows, columns, boxes and the board.
    Units(UnitSizes),
    /// Pencil boards of any size: hidden units of a few types on every cell, and units of the whole board.
    Board(BoardSizes),
}

/// Sizes of the tie `units`. Channels d = 9 `plane` + `shared`; inner channels are 9 `plane_inner` + `shared_inner`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnitSizes {
    pub plane: usize,
    pub shared: usize,
    pub plane_inner: usize,
    pub shared_inner: usize,
    /// Hidden units of each row, column and box.
    pub unit_hidden: usize,
    /// Hidden units of the whole board.
    pub board_hidden: usize,
}

/// Sizes of the tie `board`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BoardSizes {
    /// Types of hidden units that sit on a cell.
    pub types: usize,
    /// Hidden units of the whole board.
    pub board_units: usize,
    /// Whether units also look through taps that know the board's rooms.
    pub rooms: bool,
}

/// Digits, and the side of the board, of the tie `units`.
pub const DIGITS: usize = 9;

/// Everything about a TRM that is not a weight. Inner widths are not here: they are read from the weights' shapes.
#[derive(Clone, Debug)]
pub struct Config {
    pub vocab: usize,
    /// Board length L, in tokens; None where boards may have any size (tie `board`).
    pub seq_len: Option<usize>,
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
    pub tie: Tie,
}

impl Config {
    /// Rows T of the latent state on a board: prefix, then cells.
    pub fn rows(&self, grid: Grid) -> usize {
        self.prefix + grid.cells()
    }

    /// Whether the model reads boards of this size.
    pub fn reads(&self, grid: Grid) -> bool {
        match self.tie {
            Tie::Units(_) => grid == Grid { rows: DIGITS, columns: DIGITS },
            Tie::Board(_) => grid.cells() > 0,
            Tie::Dense => self.seq_len == Some(grid.cells()),
        }
    }

    /// What a model of a fixed board length reads, as one row: all that a dense model knows of it.
    pub fn fixed_grid(&self) -> Option<Grid> {
        self.seq_len.map(|cells| match self.tie {
            Tie::Units(_) => Grid { rows: DIGITS, columns: DIGITS },
            _ => Grid { rows: 1, columns: cells },
        })
    }

    pub fn head_dim(&self) -> usize {
        self.hidden / self.heads
    }

    pub fn check(&self) -> Result<(), ModelError> {
        let named = [
            ("vocab_size", self.vocab),
            ("seq_len", self.seq_len.unwrap_or(1)),
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
        self.check_tie()
    }

    fn check_tie(&self) -> Result<(), ModelError> {
        match self.tie {
            Tie::Dense if self.seq_len.is_none() => {
                Err(ModelError::config("seq_len", "must be told for dense weights"))
            }
            Tie::Dense => Ok(()),
            Tie::Units(sizes) => self.check_units(sizes),
            Tie::Board(_) if self.prefix == 0 => Err(ModelError::config("puzzle_emb_len", "must be at least 1")),
            Tie::Board(_) if self.seq_len.is_some() => {
                Err(ModelError::config("seq_len", "must not be told: the tie `board` reads boards of any size"))
            }
            Tie::Board(sizes) => match sizes.types.min(sizes.board_units) {
                0 => Err(ModelError::config("tie", "needs at least one type and one board unit")),
                _ => Ok(()),
            },
        }
    }

    fn check_units(&self, sizes: UnitSizes) -> Result<(), ModelError> {
        let UnitSizes { plane, shared, plane_inner, shared_inner, unit_hidden, board_hidden } = sizes;
        let widths = [plane, shared, plane_inner, shared_inner];
        if widths.iter().any(|&width| width == 0 || !width.is_multiple_of(QUAD)) {
            return Err(ModelError::config("tie", "channels of planes, shared and inner ones, must be multiples of 4"));
        }
        if unit_hidden == 0 || board_hidden == 0 {
            return Err(ModelError::config("tie", "needs at least one hidden unit of units and of the board"));
        }
        if self.hidden != DIGITS * plane + shared {
            return Err(ModelError::config("hidden_size", "must be 9 planes and the shared channels"));
        }
        if self.prefix != 1 || self.seq_len != Some(DIGITS * DIGITS) {
            return Err(ModelError::config("seq_len", "must be 81, behind a prefix of 1"));
        }
        Ok(())
    }
}

/// Rows and columns of a puzzle's board.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grid {
    pub rows: usize,
    pub columns: usize,
}

impl Grid {
    pub fn cells(self) -> usize {
        self.rows * self.columns
    }

    /// The side of a square of as many cells: what a tied mix over the whole board is scaled by.
    pub fn side(self) -> f32 {
        (self.cells() as f32).sqrt()
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

    /// Without the value: writing floats out takes 20 kB of code.
    pub fn no_flag(tensor: &str, index: usize) -> Self {
        Self::new("wrong-value", tensor, &format!("holds neither 0 nor 1 at element {index}"))
    }

    fn new(code: &'static str, tensor: &str, reason: &str) -> Self {
        Self { code, tensor: tensor.into(), reason: reason.into(), wanted: vec![], found: vec![] }
    }
}

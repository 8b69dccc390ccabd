//! The TRM's block on packed weights: rows mixed, then channels, each with residual and RMS norm.

use crate::config::{Config, Grid, Tie};
use crate::mixes::attention::{Attention, AttentionScratch, attention};
use crate::mixes::board::BoardMix;
use crate::mixes::board_rows::BoardScratch;
use crate::mixes::channels::ChannelMix;
use crate::mixes::planes::{PlaneMix, PlaneScratch};
use crate::mixes::tokens::TokenMix;
use crate::mixes::units::UnitMix;
use crate::rooms::Rooms;
use crate::state::{Lane8, Panels};
use crate::weights::{Channels, Layer, Mix};

/// The first half of a block: how rows (cells) see each other.
pub enum PackedMix {
    Tokens(TokenMix),
    Attention(Attention),
    Units(UnitMix),
    Board(BoardMix),
}

/// The second half: a SwiGLU over the channels.
pub enum PackedChannels {
    Dense(ChannelMix),
    Planes(PlaneMix),
}

pub struct PackedLayer {
    mix: PackedMix,
    channels: PackedChannels,
}

impl PackedLayer {
    #[inline(never)]
    pub fn pack(config: &Config, layer: &Layer) -> Self {
        let mix = match &layer.mix {
            Mix::Tokens(mix) => PackedMix::Tokens(TokenMix::pack(mix)),
            Mix::Attention { qkv, out } => PackedMix::Attention(Attention::pack(config, qkv, out)),
            Mix::Units(weights) => PackedMix::Units(UnitMix::pack(weights)),
            Mix::Board(weights) => PackedMix::Board(BoardMix::pack(weights)),
        };
        let channels = match &layer.channels {
            Channels::Dense(mlp) => PackedChannels::Dense(ChannelMix::pack(mlp)),
            Channels::Planes(weights) => PackedChannels::Planes(PlaneMix::pack(weights)),
        };
        Self { mix, channels }
    }
}

/// Buffers of one net call, shared by all layers and slots.
pub struct Scratch {
    /// `[T, inner]` of each layer whose channel mix is dense.
    hidden: Vec<Panels>,
    token_hidden: Vec<Lane8>,
    attention: Option<AttentionScratch>,
    planes: Option<PlaneScratch>,
    board: Option<BoardScratch>,
}

impl Scratch {
    /// Buffers without room for a board yet, but for those of a dense mix, whose boards have one size.
    pub fn new(config: &Config, layers: &[PackedLayer]) -> Self {
        let hidden = layers.iter().filter_map(|layer| match &layer.channels {
            PackedChannels::Dense(mix) => Some(Panels::new(0, mix.inner())),
            PackedChannels::Planes(_) => None,
        });
        let token_inner = layers.iter().map(|layer| match &layer.mix {
            PackedMix::Tokens(mix) => mix.inner(),
            _ => 0,
        });
        let attends = layers.iter().any(|layer| matches!(layer.mix, PackedMix::Attention(_)));
        let rows = config.prefix + config.seq_len.unwrap_or(0);
        Self {
            hidden: hidden.collect(),
            token_hidden: vec![Lane8::default(); token_inner.max().unwrap_or(0)],
            attention: attends.then(|| AttentionScratch::new(config, rows)),
            planes: match config.tie {
                Tie::Units(sizes) => Some(PlaneScratch::new(sizes)),
                _ => None,
            },
            board: match config.tie {
                Tie::Board(sizes) => Some(BoardScratch::new(sizes, config.prefix)),
                _ => None,
            },
        }
    }

    /// Makes room for a board. Allocates for a larger one than any before alone.
    pub fn fit(&mut self, config: &Config, grid: Grid) {
        let rows = config.rows(grid);
        self.hidden.iter_mut().filter(|hidden| hidden.rows != rows).for_each(|hidden| hidden.set_height(rows));
        if let Some(board) = &mut self.board {
            board.fit(grid);
        }
    }
}

/// `h = net(h)`, in place: h is `[T, d]` of the board that `scratch` was fitted to, and that has these rooms.
#[inline(never)] // called twice a cycle, and most of the kernel's code
pub fn net(config: &Config, layers: &[PackedLayer], rooms: &Rooms, h: &mut Panels, scratch: &mut Scratch) {
    let eps = config.rms_eps;
    let Scratch { hidden, token_hidden, attention: attention_scratch, planes, board } = scratch;
    for (i, layer) in layers.iter().enumerate() {
        match (&layer.mix, &mut *attention_scratch, &mut *board) {
            (PackedMix::Tokens(mix), ..) => mix.apply(h, token_hidden, eps),
            (PackedMix::Attention(weights), Some(buffers), _) => attention(h, weights, buffers, config.head_dim(), eps),
            (PackedMix::Units(mix), ..) => mix.apply(h, eps),
            (PackedMix::Board(mix), _, Some(buffers)) => mix.apply(h, buffers, rooms, eps),
            _ => unreachable!("Scratch::new makes the buffers of every mix"),
        }
        match (&layer.channels, &mut *planes) {
            (PackedChannels::Dense(mix), _) => mix.apply(h, &mut hidden[i], eps),
            (PackedChannels::Planes(mix), Some(buffers)) => mix.apply(h, buffers, eps),
            _ => unreachable!("Scratch::new makes the buffers of every mix"),
        }
    }
}

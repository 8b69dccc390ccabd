//! Sets of a board's cells as bits, and the board itself. A row has one bit more than columns, which is in no set: so that
//! nothing runs from the end of a row into the next one.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

/// A set of cells in `W` words of 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bits<const W: usize>([u64; W]);

impl<const W: usize> Bits<W> {
    pub const NONE: Self = Bits([0; W]);

    pub fn of(cell: usize) -> Self {
        let mut one = Self::NONE;
        one.0[cell / 64] = 1 << (cell % 64);
        one
    }

    pub fn has(&self, cell: usize) -> bool {
        cell < 64 * W && self.0[cell / 64] >> (cell % 64) & 1 == 1
    }

    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn any(&self) -> bool {
        self.0.iter().any(|&word| word != 0)
    }

    pub fn first(&self) -> Option<usize> {
        self.0.iter().enumerate().find(|(_, &word)| word != 0).map(|(k, word)| 64 * k + word.trailing_zeros() as usize)
    }

    pub fn cells(self) -> impl Iterator<Item = usize> {
        (0..W).flat_map(move |k| {
            let mut word = self.0[k];
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros() as usize;
                    word &= word - 1;
                    64 * k + bit
                })
            })
        })
    }

    pub fn without(&self, other: Self) -> Self {
        *self & !other
    }

    /// Every cell moved on by so many places, 1 to 63.
    pub fn up(&self, places: usize) -> Self {
        let carried = |k: usize| if k > 0 { self.0[k - 1] >> (64 - places) } else { 0 };
        Bits(std::array::from_fn(|k| self.0[k] << places | carried(k)))
    }

    /// The same backwards.
    pub fn down(&self, places: usize) -> Self {
        let carried = |k: usize| if k + 1 < W { self.0[k + 1] << (64 - places) } else { 0 };
        Bits(std::array::from_fn(|k| self.0[k] >> places | carried(k)))
    }

    fn zip(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        Bits(std::array::from_fn(|k| of(self.0[k], other.0[k])))
    }
}

impl<const W: usize> BitAnd for Bits<W> {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }
}

impl<const W: usize> BitOr for Bits<W> {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }
}

impl<const W: usize> BitAndAssign for Bits<W> {
    fn bitand_assign(&mut self, other: Self) {
        *self = *self & other;
    }
}

impl<const W: usize> BitOrAssign for Bits<W> {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl<const W: usize> Not for Bits<W> {
    type Output = Self;
    fn not(self) -> Self {
        Bits(self.0.map(|word| !word))
    }
}

/// Cell (r, c) is number r * stride + c.
pub struct Board<const W: usize> {
    pub rows: usize,
    pub cols: usize,
    pub stride: usize,
    pub all: Bits<W>,
}

impl<const W: usize> Board<W> {
    pub fn new(rows: usize, cols: usize) -> Self {
        let stride = cols + 1;
        let mut all = Bits::NONE;
        (0..rows).for_each(|r| (0..cols).for_each(|c| all |= Bits::of(r * stride + c)));
        Board { rows, cols, stride, all }
    }

    pub fn cell(&self, row: usize, col: usize) -> usize {
        row * self.stride + col
    }

    pub fn place(&self, cell: usize) -> (usize, usize) {
        (cell / self.stride, cell % self.stride)
    }

    /// The cells beside any of these, some of these among them.
    pub fn near(&self, cells: Bits<W>) -> Bits<W> {
        (cells.up(1) | cells.down(1) | cells.up(self.stride) | cells.down(self.stride)) & self.all
    }

    /// The cells of `within` that hang together with `from`.
    pub fn flood(&self, from: Bits<W>, within: Bits<W>) -> Bits<W> {
        let mut reached = from;
        loop {
            let next = reached | (self.near(reached) & within);
            if next == reached {
                return reached;
            }
            reached = next;
        }
    }

    /// The cells of `within` that are at most so many steps from `from`.
    pub fn grow(&self, from: Bits<W>, within: Bits<W>, steps: usize) -> Bits<W> {
        let mut reached = from;
        for _ in 0..steps {
            let next = reached | (self.near(reached) & within);
            if next == reached {
                break;
            }
            reached = next;
        }
        reached
    }

    /// The first cells of all 2x2 squares inside.
    pub fn squares(&self, inside: Bits<W>) -> Bits<W> {
        inside & inside.down(1) & inside.down(self.stride) & inside.down(self.stride + 1)
    }

    /// How many loops a connected set without 2x2 squares has: its borders inside, less its cells, plus one.
    pub fn loops(&self, inside: Bits<W>) -> usize {
        let joined = (inside & inside.down(1)).count() + (inside & inside.down(self.stride)).count();
        (joined + 1).saturating_sub(inside.count())
    }
}

//! The rooms of a board, for ties that know them: found from the borders that its tokens say, once, when a slot gets a board.

use crate::config::Grid;

/// Where a cell's next cells stand in `Rooms::same` and among a token's borders: as the rays among the taps.
pub const RIGHT: usize = 0;
pub const DOWN: usize = 1;
pub const LEFT: usize = 2;
pub const UP: usize = 3;
pub const WAYS: usize = 4;

/// A cell without a number yet.
const NONE: u32 = u32::MAX;

/// All empty for models without rooms.
#[derive(Default)]
pub struct Rooms {
    /// By cell: the number of its room, from 0 on.
    pub of: Vec<u32>,
    pub count: usize,
    /// By cell: 1 for each next cell of the same room, else 0, as the mix multiplies by it.
    pub same: Vec<[f32; WAYS]>,
    /// Cells whose next cells are still to be looked at.
    open: Vec<u32>,
}

impl Rooms {
    /// Finds the rooms of a board: the parts that hang together without a border. `borders` has an entry for each token that
    /// there is; a border is one that either of the two cells says.
    pub fn find(&mut self, grid: Grid, tokens: &[u8], borders: &[[bool; WAYS]]) {
        let cells = grid.cells();
        self.of.clear();
        self.of.resize(cells, NONE);
        self.open.clear();
        self.open.reserve(cells);
        self.count = 0;
        let says_border = |cell: usize, way: usize| borders[usize::from(tokens[cell])][way];
        for first in 0..cells {
            if self.of[first] != NONE {
                continue;
            }
            self.of[first] = self.count as u32;
            self.open.push(first as u32);
            while let Some(cell) = self.open.pop() {
                for way in 0..WAYS {
                    let Some(next) = grid.next(cell as usize, way) else { continue };
                    if self.of[next] == NONE && !says_border(cell as usize, way) && !says_border(next, opposite(way)) {
                        self.of[next] = self.count as u32;
                        self.open.push(next as u32);
                    }
                }
            }
            self.count += 1;
        }
        let Self { of, same, .. } = self;
        let is_same = |cell: usize, way: usize| grid.next(cell, way).is_some_and(|next| of[next] == of[cell]);
        same.clear();
        same.extend((0..cells).map(|cell| core::array::from_fn(|way| f32::from(u8::from(is_same(cell, way))))));
    }
}

fn opposite(way: usize) -> usize {
    (way + WAYS / 2) % WAYS
}

impl Grid {
    /// The cell next to a cell, None outside the board.
    fn next(self, cell: usize, way: usize) -> Option<usize> {
        let (row, column) = (cell / self.columns, cell % self.columns);
        match way {
            RIGHT => (column + 1 < self.columns).then_some(cell + 1),
            DOWN => (row + 1 < self.rows).then_some(cell + self.columns),
            LEFT => (column > 0).then(|| cell - 1),
            _ => (row > 0).then(|| cell - self.columns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Borders as bits 1, 2, 4, 8 of a token: at the right, below, at the left, above.
    fn borders() -> Vec<[bool; WAYS]> {
        (0..16).map(|token| core::array::from_fn(|way| token >> way & 1 == 1)).collect()
    }

    fn rooms(columns: usize, tokens: &[u8]) -> Rooms {
        let mut rooms = Rooms::default();
        rooms.find(Grid { rows: tokens.len() / columns, columns }, tokens, &borders());
        rooms
    }

    #[wasm_bindgen_test]
    fn are_parts_that_hang_together() {
        // A ring around a cell, and a wall that does not close: both its sides are one room.
        let found = rooms(3, &[0, 2, 0, 1, 15, 4, 0, 8, 0]);
        assert_eq!((found.count, &found.of[..]), (2, &[0, 0, 0, 0, 1, 0, 0, 0, 0][..]));
        let found = rooms(2, &[1, 4, 0, 0]);
        assert_eq!((found.count, &found.of[..]), (1, &[0, 0, 0, 0][..]));
        assert_eq!(found.same[0], [1.0, 1.0, 0.0, 0.0]);
        // A row does not go on in the next one.
        let found = rooms(2, &[2, 2, 0, 0]);
        assert_eq!((found.count, &found.of[..]), (2, &[0, 0, 1, 1][..]));
    }

    #[wasm_bindgen_test]
    fn end_where_either_cell_says_a_border() {
        for (tokens, way) in [([1, 0], RIGHT), ([0, 4], RIGHT), ([1, 4], RIGHT)] {
            let found = rooms(2, &tokens);
            assert_eq!((found.count, found.same[0][way], found.same[1][opposite(way)]), (2, 0.0, 0.0), "{tokens:?}");
            assert_eq!(rooms(2, &[tokens[1], tokens[0]]).count, 1, "{tokens:?} turned around");
        }
        assert_eq!(rooms(1, &[2, 0]).count, 2);
        assert_eq!(rooms(1, &[0, 8]).count, 2);
        assert_eq!(rooms(1, &[5, 5]).count, 1);
    }
}

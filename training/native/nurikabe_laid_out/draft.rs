//! A Nurikabe in the making: clue cells are laid out first, then islands grow around them until the sea is thin enough.

use crate::bits::{Bits, Board};
use crate::random::Random;
use crate::solve::Clues;

/// What a board shall be like; drawn anew for each.
pub struct Style {
    pub symmetry: Symmetry,
    pub clues: f64,            // share of the cells
    pub fewest_clues: f64,     // share of the cells to which clues go from a puzzle
    pub by_a_corner: f64,      // how often a clue that happens to touch another by a corner stays
    pub at_the_edge: f64,      // how often a clue is put at the edge
    pub sea: (f64, f64),       // share of the cells, least and most
    pub ones: f64,             // share of the islands that stay single cells, as far as they can
    pub unevenness: f64,       // of the islands' sizes
    pub loops: (usize, usize), // of the sea, least and most
    pub blocks: f64,           // 2x2 squares of island, beyond which none is added
    pub easy_cells: f64,       // share of the cells that the rules must find without trying
}

#[derive(Clone, Copy, PartialEq)]
pub enum Symmetry {
    None,
    Point,
    Mirror,
    Diagonal,
}

impl Symmetry {
    /// Where a cell's clue has its twin.
    pub fn twin<const W: usize>(self, board: &Board<W>, cell: usize) -> usize {
        let (r, c) = board.place(cell);
        match self {
            Symmetry::None => cell,
            Symmetry::Point => board.cell(board.rows - 1 - r, board.cols - 1 - c),
            Symmetry::Mirror => board.cell(r, board.cols - 1 - c),
            Symmetry::Diagonal => board.cell(c, r),
        }
    }
}

/// A sea in one piece without 2x2 squares, and islands with one clue each.
#[derive(Clone)]
pub struct Draft<const W: usize> {
    pub land: Bits<W>,
    pub clues: Clues<W>,
}

/// Cells for the clues, none beside another, with the twin of each.
pub fn layout<const W: usize>(board: &Board<W>, style: &Style, random: &mut Random) -> Option<Bits<W>> {
    let at_edge = |&cell: &usize| board.near(Bits::of(cell)).count() < 4;
    let (edge, inner): (Vec<usize>, Vec<usize>) = board.all.cells().partition(at_edge);
    let wanted = (style.clues * board.all.count() as f64).max(2.0) as usize;
    let mut chosen = Bits::NONE;
    for _ in 0..40 * wanted {
        if chosen.count() >= wanted {
            return Some(chosen);
        }
        let from = if random.share() < style.at_the_edge { &edge } else { &inner };
        let cell = random.choice(from);
        if corners(board, chosen).has(cell) && random.share() >= style.by_a_corner {
            continue;
        }
        let pair = Bits::of(cell) | Bits::of(style.symmetry.twin(board, cell));
        let more = chosen | pair;
        let apart = !(board.near(more) & more).any();
        if apart && !(pair & chosen).any() && is_whole(board, board.all.without(more)) {
            chosen = more;
        }
    }
    None
}

/// The cells that touch any of these by a corner.
fn corners<const W: usize>(board: &Board<W>, cells: Bits<W>) -> Bits<W> {
    let rows = cells.up(board.stride) | cells.down(board.stride);
    (rows.up(1) | rows.down(1)) & board.all
}

/// Whether cells hang together; none do not.
pub fn is_whole<const W: usize>(board: &Board<W>, cells: Bits<W>) -> bool {
    cells.first().is_some_and(|cell| board.flood(Bits::of(cell), cells) == cells)
}

/// Lets islands grow around the clues until no 2x2 square of sea is left and there is little enough of it; None if they can't.
pub fn grow<const W: usize>(board: &Board<W>, clues: Bits<W>, style: &Style, random: &mut Random) -> Option<Draft<W>> {
    let mut islands: Vec<Bits<W>> = clues.cells().map(Bits::of).collect();
    let appetites: Vec<f64> = islands.iter().map(|_| appetite(style, random)).collect();
    let size = board.all.count() as f64;
    let goal = ((style.sea.0 + random.share() * (style.sea.1 - style.sea.0)) * size) as usize;
    let least = (style.sea.0 * size) as usize;
    let mut sea = board.all.without(clues);
    loop {
        let squares = board.squares(sea);
        let too_many_loops = board.loops(sea) > style.loops.1 + squares.count();
        if !squares.any() && (sea.count() <= least || (sea.count() <= goal && !too_many_loops)) {
            break;
        }
        let Some((island, cell)) = next_cell(board, style, &islands, &appetites, sea, random) else {
            if squares.any() {
                return None;
            }
            break;
        };
        islands[island] |= Bits::of(cell);
        sea = sea.without(Bits::of(cell));
    }
    let sizes = islands.iter().map(|island| island.count()).collect();
    Some(Draft { land: board.all.without(sea), clues: Clues::new(clues.cells().collect(), sizes) })
}

/// How eagerly an island grows; 1 on average, more or less.
fn appetite(style: &Style, random: &mut Random) -> f64 {
    if random.share() < style.ones {
        return 0.01;
    }
    let bell = (0..6).map(|_| random.share()).sum::<f64>() - 3.0;
    (style.unevenness * 1.4 * bell).exp()
}

/// An island and a cell of sea that it may take without touching another or parting the sea; in a square if there are any.
fn next_cell<const W: usize>(
    board: &Board<W>,
    style: &Style,
    islands: &[Bits<W>],
    appetites: &[f64],
    sea: Bits<W>,
    random: &mut Random,
) -> Option<(usize, usize)> {
    let halos: Vec<Bits<W>> = islands.iter().map(|&island| board.near(island) & sea).collect();
    let (mut once, mut twice) = (Bits::NONE, Bits::NONE);
    for &halo in &halos {
        twice |= once & halo;
        once |= halo;
    }
    let free = once.without(twice);
    let squares = board.squares(sea);
    let in_squares = squares | squares.up(1) | squares.up(board.stride) | squares.up(board.stride + 1);
    let mut wanted = free;
    if squares.any() {
        wanted = free & in_squares;
        if !wanted.any() {
            wanted = free & board.grow(in_squares, board.all, 2);
        }
    }
    let least_loops = style.loops.0.min(holes(board, sea));
    let mut weighted = vec![];
    for (k, &halo) in halos.iter().enumerate() {
        for cell in (halo & wanted).cells() {
            let sea_beside = (board.near(Bits::of(cell)) & sea).count();
            let breaks_loop = if sea_beside > 1 { 3.0 } else { 1.0 };
            let small = [1.0, 8.0, 3.0][islands[k].count() * usize::from(islands[k].count() < 3)];
            let blocks = board.squares(board.all.without(sea.without(Bits::of(cell)))).count();
            let blocky = if blocks as f64 > style.blocks { 0.05 } else { 1.0 };
            let parted = if holes(board, sea.without(Bits::of(cell))) < least_loops { 0.003 } else { 1.0 };
            weighted.push((k, cell, appetites[k] * breaks_loop * small * blocky * parted));
        }
    }
    while !weighted.is_empty() {
        let (k, cell, _) = weighted.swap_remove(place(&weighted, random));
        if is_whole(board, sea.without(Bits::of(cell))) {
            return Some((k, cell));
        }
    }
    None
}

/// Loops of a connected sea that are no 2x2 squares.
fn holes<const W: usize>(board: &Board<W>, sea: Bits<W>) -> usize {
    board.loops(sea) - board.squares(sea).count()
}

/// A place among the cells that may be taken, more often where the weight is larger.
fn place(weighted: &[(usize, usize, f64)], random: &mut Random) -> usize {
    let mut left = random.share() * weighted.iter().map(|w| w.2).sum::<f64>();
    let mut place = 0;
    while place + 1 < weighted.len() && left > weighted[place].2 {
        left -= weighted[place].2;
        place += 1;
    }
    place
}

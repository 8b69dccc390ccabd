//! From a draft to a puzzle with one solution: walls and clues move near cells that the rules leave open, until none is.

use crate::bits::{Bits, Board};
use crate::draft::{grow, is_whole, layout, Draft, Style, Symmetry};
use crate::random::Random;
use crate::solve::{Clues, Solver};

// Most climbs fail, and those that fall behind are given up: three times faster than to see them through.
const TRIES_OF_A_STYLE: usize = 120;
const STEPS: usize = 300;
const PROMISING: (f64, f64) = (0.5, 0.3); // share of the cells that may be open at the beginning and at the end
const HOT: f64 = 2.5; // open cells more that are often accepted at the beginning
const COLD: f64 = 0.3;
const MOVES_OF_CLUES: f64 = 0.4;
const CLEARLY_FEWER: f64 = 0.9;
const TRIES: usize = 40; // that the search for a second solution may make
const MOST_NUMBER: usize = 59; // models have no token for a larger one

/// A puzzle with one solution.
pub fn make<const W: usize>(board: &Board<W>, random: &mut Random) -> Draft<W> {
    loop {
        // One style for many tries: otherwise styles in which most tries fail would be rare among the puzzles.
        let style = style(board, random);
        for _ in 0..TRIES_OF_A_STYLE {
            if let Some(draft) = climb(board, &style, random) {
                return draft;
            }
        }
    }
}

/// None if this try led nowhere.
fn climb<const W: usize>(board: &Board<W>, style: &Style, random: &mut Random) -> Option<Draft<W>> {
    let clues = layout(board, style, random)?;
    let mut draft = grow(board, clues, style, random)?;
    let mut open = open_cells(board, &draft)?;
    let size = board.all.count() as f64;
    let may_stay_open = (1.0 - style.easy_cells) * size;
    let mut temperature = HOT;
    let cooling = (COLD / HOT).powf(1.0 / STEPS as f64);
    let mut tried = size; // in vain, with so many open cells
    for step in 0..STEPS {
        let count = open.count() as f64;
        if count == 0.0 || (count <= may_stay_open && count < CLEARLY_FEWER * tried) {
            if is_unique(board, &draft) {
                return (*draft.clues.sizes.iter().max()? <= MOST_NUMBER).then_some(draft);
            }
            tried = count;
        }
        let done = step as f64 / STEPS as f64;
        if step % 50 == 49 && count > (PROMISING.0 + (PROMISING.1 - PROMISING.0) * done) * size {
            return None;
        }
        temperature *= cooling;
        let focus = focus(board, open, random);
        let next = if random.share() < MOVES_OF_CLUES {
            move_clue(board, style, &draft, focus, random)
        } else {
            move_walls(board, style, &draft, focus, random)
        };
        let Some(next) = next else { continue };
        let Some(left) = open_cells(board, &next) else { continue };
        if (left.count() as f64) <= count - temperature * random.share().ln() {
            (draft, open) = (next, left);
        }
    }
    None
}

/// What the rules alone leave open.
fn open_cells<const W: usize>(board: &Board<W>, draft: &Draft<W>) -> Option<Bits<W>> {
    let mut solver = Solver::new(board, &draft.clues);
    solver.run().ok()?;
    Some(solver.open())
}

fn is_unique<const W: usize>(board: &Board<W>, draft: &Draft<W>) -> bool {
    Solver::new(board, &draft.clues).is_unique(draft.land, &mut TRIES.clone()) == Some(true)
}

/// An open cell or one beside it.
fn focus<const W: usize>(board: &Board<W>, open: Bits<W>, random: &mut Random) -> usize {
    let cells: Vec<usize> = open.cells().collect();
    let cell = random.choice(&cells);
    if random.share() < 0.6 {
        cell
    } else {
        beside(board, cell, random)
    }
}

fn beside<const W: usize>(board: &Board<W>, cell: usize, random: &mut Random) -> usize {
    let near: Vec<usize> = board.near(Bits::of(cell)).cells().collect();
    random.choice(&near)
}

/// Another place for the clue of an island near the focus, and for its twin.
fn move_clue<const W: usize>(
    board: &Board<W>,
    style: &Style,
    draft: &Draft<W>,
    focus: usize,
    random: &mut Random,
) -> Option<Draft<W>> {
    let close = board.grow(Bits::of(focus), board.all, 3);
    let island = |k: usize| board.flood(Bits::of(draft.clues.cells[k]), draft.land);
    let places: Vec<usize> =
        (0..draft.clues.cells.len()).filter(|&k| draft.clues.sizes[k] > 1 && (island(k) & close).any()).collect();
    if places.is_empty() {
        return None;
    }
    let k = random.choice(&places);
    let cells: Vec<usize> = island(k).without(draft.clues.mask).cells().collect();
    let cell = random.choice(&cells);
    let mut moved = draft.clues.cells.clone();
    let twin_clue = style.symmetry.twin(board, moved[k]);
    moved[k] = cell;
    if style.symmetry != Symmetry::None {
        let other = draft.clues.cells.iter().position(|&c| c == twin_clue)?;
        let twin = style.symmetry.twin(board, cell);
        if (other == k && twin != cell) || !island(other).has(twin) {
            return None;
        }
        moved[other] = twin;
    }
    Some(Draft { land: draft.land, clues: Clues::new(moved, draft.clues.sizes.clone()) })
}

/// One to three cells on a path from the focus change sides.
fn move_walls<const W: usize>(
    board: &Board<W>,
    style: &Style,
    draft: &Draft<W>,
    focus: usize,
    random: &mut Random,
) -> Option<Draft<W>> {
    let mut changed = Bits::NONE;
    let mut cell = focus;
    for step in 0..1 + random.below(3) {
        if step > 0 {
            cell = beside(board, cell, random);
        }
        changed |= Bits::of(cell);
    }
    let land = (draft.land | changed).without(draft.land & changed);
    let sea = board.all.without(land);
    if board.squares(sea).any() || !is_whole(board, sea) {
        return None;
    }
    let before = board.all.without(draft.land);
    let share = |sea: Bits<W>| sea.count() as f64 / board.all.count() as f64;
    let too_wet = share(sea) > style.sea.1 && sea.count() > before.count();
    let too_dry = share(sea) < style.sea.0 && sea.count() < before.count();
    let loops = board.loops(sea);
    if too_wet || too_dry || (loops > style.loops && loops > board.loops(before)) {
        return None;
    }
    let clues = clues_of(board, land, &draft.clues, style.symmetry != Symmetry::None, random)?;
    let ones = |clues: &Clues<W>| clues.sizes.iter().filter(|&&size| size == 1).count();
    let crumbs = ones(&clues) as f64 > style.ones * clues.sizes.len() as f64 && ones(&clues) > ones(&draft.clues);
    (!crumbs).then_some(Draft { land, clues })
}

/// The clues on changed land: as many as before, each where it stood if it can; `fixed`: they must.
fn clues_of<const W: usize>(
    board: &Board<W>,
    land: Bits<W>,
    old: &Clues<W>,
    fixed: bool,
    random: &mut Random,
) -> Option<Clues<W>> {
    let (mut cells, mut sizes) = (vec![], vec![]);
    let mut left = land;
    while let Some(first) = left.first() {
        let island = board.flood(Bits::of(first), land);
        left = left.without(island);
        let inside: Vec<usize> = (island & old.mask).cells().collect();
        if fixed && inside.len() != 1 {
            return None;
        }
        let places = if inside.is_empty() { island.cells().collect() } else { inside };
        cells.push(random.choice(&places));
        sizes.push(island.count());
    }
    (cells.len() == old.cells.len()).then(|| Clues::new(cells, sizes))
}

/// Shares as people's boards have them (DATA.md).
fn style<const W: usize>(board: &Board<W>, random: &mut Random) -> Style {
    let size = board.all.count();
    let symmetric = if size <= 110 { 0.36 } else { 0.12 };
    let symmetry = match random.share() / symmetric {
        s if s < 0.75 => Symmetry::Point,
        s if s < 0.9 || (s < 1.0 && board.rows != board.cols) => Symmetry::Mirror,
        s if s < 1.0 => Symmetry::Diagonal,
        _ => Symmetry::None,
    };
    let between = |random: &mut Random, least: f64, most: f64| least + random.share() * (most - least);
    let sea = between(random, 0.45, 0.56);
    Style {
        symmetry,
        clues: (between(random, 0.08, 0.17) + between(random, 0.08, 0.17)) / 2.0,
        by_a_corner: between(random, 0.0, 0.8),
        at_the_edge: between(random, 0.25, 0.65),
        sea: (sea, sea + 0.04),
        ones: between(random, 0.0, 0.2),
        unevenness: between(random, 0.1, 0.9),
        loops: random.choice(&[0, 0, 0, 1, 2]),
        easy_cells: between(random, 0.3, 1.0),
    }
}

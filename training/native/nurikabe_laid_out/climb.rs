//! From a draft to a puzzle with one solution: walls and clues move near cells that the rules leave open, until few enough are
//! and the solution is the only one. Then from puzzle to puzzle, to fewer clues and to as many open cells as people leave.

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
const MAY_STAY_OPEN: f64 = 0.62; // of a puzzle that loses clues
const MERGERS: usize = 1000; // cells tried to make two islands one
const HARDER: usize = 120; // moves from a puzzle to harder ones
const ENOUGH: f64 = 0.85; // of what may stay open
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
    if board.squares(draft.land).count() as f64 > style.blocks {
        return None;
    }
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
                let draft = harder(board, style, merged(board, style, draft, random), random);
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
        let Some(next) = moved(board, style, &draft, focus, random) else { continue };
        let Some(left) = open_cells(board, &next) else { continue };
        if (left.count() as f64) <= count - temperature * random.share().ln() {
            (draft, open) = (next, left);
        }
    }
    None
}

/// A puzzle with fewer clues and larger islands: cells of sea between two islands become land, and one of their clues goes.
fn merged<const W: usize>(board: &Board<W>, style: &Style, puzzle: Draft<W>, random: &mut Random) -> Draft<W> {
    let mut draft = puzzle;
    if style.symmetry != Symmetry::None {
        return draft; // the twin of a clue that goes would be left alone
    }
    let size = board.all.count() as f64;
    let cells: Vec<usize> = board.all.cells().collect();
    for _ in 0..MERGERS {
        if draft.clues.cells.len() as f64 <= style.fewest_clues * size {
            break;
        }
        let cell = random.choice(&cells);
        let merges = random.share() < 0.5;
        let next = if merges { merger(board, &draft, cell, random) } else { moved(board, style, &draft, cell, random) };
        let Some(next) = next else { continue };
        let Some(left) = open_cells(board, &next) else { continue };
        if left.count() as f64 <= MAY_STAY_OPEN * size && is_unique(board, &next) {
            draft = next;
        }
    }
    draft
}

/// A puzzle as many moves from this one as it takes, or as there are tries, until rules leave as much open as the style
/// allows: climbs end at easier ones.
fn harder<const W: usize>(board: &Board<W>, style: &Style, puzzle: Draft<W>, random: &mut Random) -> Draft<W> {
    let may_stay_open = ((1.0 - style.easy_cells) * board.all.count() as f64) as usize;
    let cells: Vec<usize> = board.all.cells().collect();
    let mut open = open_cells(board, &puzzle).map_or(0, |open| open.count());
    let mut draft = puzzle;
    for _ in 0..HARDER {
        if open as f64 > ENOUGH * may_stay_open as f64 {
            break;
        }
        let Some(next) = moved(board, style, &draft, random.choice(&cells), random) else { continue };
        let Some(left) = open_cells(board, &next) else { continue };
        let left = left.count();
        if left > open && left <= may_stay_open && is_unique(board, &next) {
            (draft, open) = (next, left);
        }
    }
    draft
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

/// A clue or walls moved near the focus.
fn moved<const W: usize>(
    board: &Board<W>,
    style: &Style,
    draft: &Draft<W>,
    focus: usize,
    random: &mut Random,
) -> Option<Draft<W>> {
    let of_a_clue = random.share() < MOVES_OF_CLUES;
    let by = if of_a_clue { move_clue } else { move_walls };
    by(board, style, draft, focus, random)
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

/// The two islands beside a cell of sea made one by it.
fn merger<const W: usize>(board: &Board<W>, draft: &Draft<W>, cell: usize, random: &mut Random) -> Option<Draft<W>> {
    let land = draft.land | Bits::of(cell);
    let joined = board.flood(Bits::of(cell), land);
    let inside: Vec<usize> = (joined & draft.clues.mask).cells().collect();
    let squares = |land: Bits<W>| board.squares(land).count();
    if inside.len() != 2 || squares(land) > squares(draft.land) || !is_whole(board, board.all.without(land)) {
        return None;
    }
    let gone = random.choice(&inside);
    let cells: Vec<usize> = draft.clues.cells.iter().copied().filter(|&clue| clue != gone).collect();
    let sizes = cells.iter().map(|&clue| board.flood(Bits::of(clue), land).count()).collect();
    Some(Draft { land, clues: Clues::new(cells, sizes) })
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
    let (loops, loops_before) = (board.loops(sea), board.loops(before));
    let wrong_loops =
        (loops > style.loops.1 && loops > loops_before) || (loops < style.loops.0 && loops < loops_before);
    let blocks = board.squares(land).count();
    let too_blocky = blocks as f64 > style.blocks && blocks > board.squares(draft.land).count();
    if too_wet || too_dry || too_blocky || wrong_loops {
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
    let size = board.all.count() as f64;
    let large = size > 110.0;
    let symmetric = if large { 0.12 } else { 0.36 };
    let symmetry = match random.share() / symmetric {
        s if s < 0.75 => Symmetry::Point,
        s if s < 0.9 || (s < 1.0 && board.rows != board.cols) => Symmetry::Mirror,
        s if s < 1.0 => Symmetry::Diagonal,
        _ => Symmetry::None,
    };
    let between = |random: &mut Random, least: f64, most: f64| least + random.share() * (most - least);
    let easy = random.share() < if large { 0.04 } else { 0.32 };
    let many_clues = easy || random.share() < if large { 0.75 } else { 0.2 };
    let sea = if large { between(random, 0.48, 0.57) } else { between(random, 0.42, 0.55) };
    let loops = if large { (between(random, -0.03, 0.05) * size).max(0.0) as usize } else { 0 };
    Style {
        symmetry,
        clues: (between(random, 0.08, 0.165) + between(random, 0.08, 0.165)) / 2.0,
        fewest_clues: if many_clues { 1.0 } else { between(random, 0.05, 0.13) },
        by_a_corner: between(random, 0.0, 0.7),
        at_the_edge: if large { between(random, 0.35, 0.8) } else { between(random, 0.3, 0.85) },
        sea: (sea, sea + 0.04),
        ones: if large { between(random, 0.0, 0.2) } else { between(random, -0.05, 0.12).max(0.0) },
        unevenness: between(random, 0.1, 1.1),
        loops: (loops, loops + random.choice(&[0, 0, 0, 1, 2])),
        blocks: between(random, 0.0, 0.05) * size,
        easy_cells: if easy { 1.0 } else { between(random, 0.2, 0.93) },
    }
}

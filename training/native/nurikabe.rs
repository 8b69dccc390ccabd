//! Generates Nurikabe: `nurikabe ROWS COLS SEED FIRST COUNT` prints `clues,...;solution` for puzzles FIRST..FIRST+COUNT-1.
//!
//! Puzzle i of a seed depends on the size, the seed and i alone. A random solution and clue cells are changed near the cells
//! that the deductions leave open, until none is (hill climbing); so each printed puzzle is proved to have one solution.

#[path = "nurikabe/board.rs"]
mod board;
#[path = "nurikabe/deduce.rs"]
mod deduce;
#[path = "nurikabe/random.rs"]
mod random;

use board::{Board, Cells, Clues, ISLAND, MOST, SEA};
use deduce::Deduction;
use random::Random;

const LEAST_STEPS: usize = 400;
const STEPS_PER_CELL: usize = 4; // with 400 steps alone hardly any board of 15x15 comes to an end
const COOLED_BY: f64 = 0.985; // each of 400 steps; a longer climb cools as much in all
const MOST_SEA_PERCENT: usize = 62; // people leave 50-60 % of the board to the sea
const CELLS_PER_ISLAND_OF_ONE: usize = 40;

#[derive(Clone)]
struct Draft {
    cells: Cells,
    clues: Clues,
    open: Vec<usize>,
}

/// A connected sea without 2x2 squares: islands are started and grown where squares are.
fn random_solution(board: &Board, random: &mut Random, largest: usize, growth: f64) -> Option<Cells> {
    let mut cells = [SEA; MOST];
    for _ in 0..4 * board.len {
        let mut in_square = [false; MOST];
        for square in board.squares.iter().filter(|s| s.iter().all(|&i| cells[i] == SEA)) {
            square.iter().for_each(|&i| in_square[i] = true);
        }
        if !in_square.contains(&true) {
            return Some(cells);
        }
        let islands = board.groups(&cells, ISLAND);
        let mut weights = vec![];
        for i in (0..board.len).filter(|&i| in_square[i]) {
            let joined: Vec<_> = islands.iter().filter(|g| g.iter().any(|j| board.near[i].contains(j))).collect();
            let size = 1 + joined.iter().map(|g| g.len()).sum::<usize>();
            let refused = size > largest || (joined.len() > 1 && random.share() < 0.8);
            if !refused {
                weights.push((i, if joined.is_empty() { 0.2 } else { growth }));
            }
        }
        place_island(board, &mut cells, weights, random)?;
    }
    None
}

/// Turns one of the weighted cells into island, such that the sea stays whole.
fn place_island(board: &Board, cells: &mut Cells, mut weights: Vec<(usize, f64)>, random: &mut Random) -> Option<()> {
    while !weights.is_empty() {
        let mut left = random.share() * weights.iter().map(|w| w.1).sum::<f64>();
        let mut chosen = 0;
        while chosen + 1 < weights.len() && left > weights[chosen].1 {
            left -= weights[chosen].1;
            chosen += 1;
        }
        let cell = weights.swap_remove(chosen).0;
        cells[cell] = ISLAND;
        if board.groups(cells, SEA).len() == 1 {
            return Some(());
        }
        cells[cell] = SEA;
    }
    None
}

/// Lets islands grow until the sea has a share that people give it.
fn grow(board: &Board, cells: &mut Cells, random: &mut Random, largest: usize) {
    let goal = ((0.50 + 0.10 * random.share()) * board.len as f64) as usize;
    for _ in 0..6 * board.len {
        if board.count(cells, SEA) <= goal {
            return;
        }
        let cell = random.below(board.len);
        if cells[cell] == ISLAND || !board.near[cell].iter().any(|&b| cells[b] == ISLAND) {
            continue;
        }
        let before = board.groups(cells, ISLAND).len();
        cells[cell] = ISLAND;
        let joined = board.groups(cells, ISLAND).len() < before;
        if !board.is_valid(cells, largest) || (joined && random.share() < 0.7) {
            cells[cell] = SEA;
        }
    }
}

/// One clue an island: where one stands already, or anywhere in it.
fn place_clues(board: &Board, cells: &Cells, old: &Clues, random: &mut Random) -> Clues {
    let mut clues = [0; MOST];
    for island in board.groups(cells, ISLAND) {
        let mut places: Vec<usize> = island.iter().copied().filter(|&i| old[i] > 0).collect();
        if places.is_empty() {
            places.push(random.choice(&island));
        }
        clues[random.choice(&places)] = island.len() as u8;
    }
    clues
}

/// Another place for the clue of an island near the focus.
fn move_clue(board: &Board, draft: &Draft, focus: usize, random: &mut Random) -> Option<(Cells, Clues)> {
    let mut islands = board.groups(&draft.cells, ISLAND);
    islands.retain(|g| g.len() > 1 && g.iter().any(|&i| board.distance(i, focus) <= 3));
    if islands.is_empty() {
        return None;
    }
    let island = &islands[random.below(islands.len())];
    let mut clues = draft.clues;
    island.iter().for_each(|&i| clues[i] = 0);
    clues[random.choice(island)] = island.len() as u8;
    Some((draft.cells, clues))
}

/// One to three cells on a path from the focus change their colour.
fn change_cells(
    board: &Board,
    draft: &Draft,
    focus: usize,
    largest: usize,
    random: &mut Random,
) -> Option<(Cells, Clues)> {
    let mut cells = draft.cells;
    let mut cell = focus;
    for step in 0..1 + random.below(3) {
        if step > 0 {
            cell = random.choice(&board.near[cell]);
        }
        cells[cell] = SEA + ISLAND - cells[cell];
    }
    if cells == draft.cells || !board.is_valid(&cells, largest) {
        return None;
    }
    let clues = place_clues(board, &cells, &draft.clues, random);
    let sea = board.count(&cells, SEA);
    let ones = |clues: &Clues| clues.iter().filter(|&&n| n == 1).count();
    let wet = sea * 100 > board.len * MOST_SEA_PERCENT && sea > board.count(&draft.cells, SEA);
    let crumbs = ones(&clues) > board.len / CELLS_PER_ISLAND_OF_ONE && ones(&clues) > ones(&draft.clues);
    if wet || crumbs {
        None
    } else {
        Some((cells, clues))
    }
}

fn draft_of(board: &Board, cells: Cells, clues: Clues) -> Option<Draft> {
    let open = Deduction::new(board, &clues).probe(&cells).ok()?;
    Some(Draft { cells, clues, open })
}

/// A puzzle whose every cell is proved, or None if this try led nowhere.
fn make(board: &Board, random: &mut Random) -> Option<Draft> {
    let largest = random.choice(&[6, 7, 8, 10, 13]);
    let growth = 3.0 + random.share() * 9.0;
    let mut cells = random_solution(board, random, largest, growth)?;
    grow(board, &mut cells, random, largest);
    let clues = place_clues(board, &cells, &[0; MOST], random);
    let mut draft = draft_of(board, cells, clues)?;
    let mut temperature = 1.5;
    let steps = LEAST_STEPS.max(STEPS_PER_CELL * board.len);
    let cooling = COOLED_BY.powf(LEAST_STEPS as f64 / steps as f64);
    for _ in 0..steps {
        if draft.open.is_empty() {
            return Some(draft);
        }
        temperature *= cooling;
        let open = random.choice(&draft.open);
        let focus = if random.share() < 0.6 { open } else { random.choice(&board.near[open]) };
        let changed = if random.share() < 0.45 {
            move_clue(board, &draft, focus, random)
        } else {
            change_cells(board, &draft, focus, largest.max(9), random)
        };
        let Some((cells, clues)) = changed.filter(|(_, clues)| *clues != draft.clues) else { continue };
        let Some(next) = draft_of(board, cells, clues) else { continue };
        let worse = next.open.len() as f64 - draft.open.len() as f64;
        if worse <= 0.0 || random.share() < (-worse / (temperature * 2.0)).exp() {
            draft = next;
        }
    }
    draft.open.is_empty().then_some(draft)
}

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let &[rows, cols, seed, first, count] = &numbers[..] else {
        eprintln!("usage: nurikabe ROWS COLS SEED FIRST COUNT");
        std::process::exit(2);
    };
    if rows < 2 || cols < 2 || rows * cols > MOST as u64 {
        eprintln!("nurikabe: boards have at least 2 rows and columns and at most {MOST} cells, not {rows}x{cols}");
        std::process::exit(2);
    }
    let board = Board::new(rows as usize, cols as usize);
    for index in first..first + count {
        let mut random = Random(Random(seed.wrapping_mul(0xD1B54A32D192ED03).wrapping_add(index)).next());
        let draft = loop {
            if let Some(draft) = make(&board, &mut random) {
                break draft;
            }
        };
        let clues: Vec<String> = draft.clues[..board.len].iter().map(|n| n.to_string()).collect();
        let solution: String = draft.cells[..board.len].iter().map(|c| c.to_string()).collect();
        println!("{};{}", clues.join(","), solution);
    }
}

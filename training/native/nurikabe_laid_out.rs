//! Generates Nurikabe as people lay it out: `nurikabe_laid_out ROWS COLS SEED FIRST COUNT` prints `clues,...;solution` for
//! puzzles FIRST..FIRST+COUNT-1. Puzzle i of a seed depends on the size, the seed and i alone, and each is proved to have one
//! solution.
//!
//! `nurikabe_laid_out ROWS COLS CLUES SOLUTION` says of a puzzle, -1 for "?", how many cells the rules of its solver leave open,
//! how many are left when each has been tried, 1 if the solution is the only one (0 if not, -1 if the search was given up), and
//! how many numbers could be "?".

#[path = "nurikabe_laid_out/bits.rs"]
mod bits;
#[path = "nurikabe_laid_out/climb.rs"]
mod climb;
#[path = "nurikabe_laid_out/draft.rs"]
mod draft;
#[path = "nurikabe/random.rs"]
mod random;
#[path = "nurikabe_laid_out/solve.rs"]
mod solve;

use bits::{Bits, Board};
use climb::make;
use draft::Draft;
use random::Random;
use solve::{Clues, Solver, UNKNOWN};

const MOST_TRIES: usize = 20_000; // of a search for a second solution

enum Job {
    Generate { seed: u64, first: u64, count: u64 },
    Measure { clues: Vec<i64>, solution: Vec<u8> },
}

fn run<const W: usize>(rows: usize, cols: usize, job: Job) {
    let board = Board::<W>::new(rows, cols);
    match job {
        Job::Generate { seed, first, count } => {
            for index in first..first + count {
                let mut random = Random(Random(seed.wrapping_mul(0xD1B54A32D192ED03).wrapping_add(index)).next());
                print(&board, &make(&board, &mut random));
            }
        }
        Job::Measure { clues, solution } => measure(&board, &clues, &solution),
    }
}

fn print<const W: usize>(board: &Board<W>, draft: &Draft<W>) {
    let number = |cell| draft.clues.cells.iter().position(|&c| c == cell).map_or(0, |k| draft.clues.sizes[k]);
    let clues: Vec<String> = board.all.cells().map(|cell| number(cell).to_string()).collect();
    let solution: String = board.all.cells().map(|cell| if draft.land.has(cell) { '0' } else { '1' }).collect();
    println!("{};{}", clues.join(","), solution);
}

fn measure<const W: usize>(board: &Board<W>, numbers: &[i64], solution: &[u8]) {
    let size = |number: i64| usize::try_from(number).unwrap_or(UNKNOWN);
    let clued: Vec<(usize, usize)> =
        board.all.cells().zip(numbers).filter(|(_, &n)| n != 0).map(|(cell, &n)| (cell, size(n))).collect();
    let land =
        board.all.cells().zip(solution).filter(|(_, &s)| s == b'0').fold(Bits::NONE, |l, (c, _)| l | Bits::of(c));
    let clues = Clues::new(clued.iter().map(|c| c.0).collect(), clued.iter().map(|c| c.1).collect());
    let unique = |clues: &Clues<W>| Solver::new(board, clues).is_unique(land, &mut MOST_TRIES.clone());
    let mut solver = Solver::new(board, &clues);
    let by_rules = solver.run().map_or(usize::MAX, |()| solver.open().count());
    let by_trying = solver.probe(land).map_or(usize::MAX, |_| solver.open().count());
    let spare = (0..clued.len()).filter(|&k| clued[k].1 != UNKNOWN).filter(|&k| {
        let mut poorer = clues.clone();
        poorer.sizes[k] = UNKNOWN;
        unique(&poorer) == Some(true)
    });
    println!("{} {} {} {}", by_rules, by_trying, unique(&clues).map_or(-1, i32::from), spare.count());
}

fn job(words: &[String]) -> Option<(usize, usize, Job)> {
    let number = |k: usize| words.get(k)?.parse::<u64>().ok();
    let (rows, cols) = (number(0)? as usize, number(1)? as usize);
    let job = if words.len() == 4 {
        let clues: Vec<i64> = words[2].split(',').filter_map(|n| n.parse().ok()).collect();
        let solution = words[3].bytes().collect();
        Job::Measure { clues, solution }
    } else {
        Job::Generate { seed: number(2)?, first: number(3)?, count: number(4)? }
    };
    Some((rows, cols, job))
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((rows, cols, job)) = job(&words) else {
        eprintln!("usage: nurikabe_laid_out ROWS COLS SEED FIRST COUNT, or ROWS COLS CLUES SOLUTION");
        std::process::exit(2);
    };
    match (rows * (cols + 1)).div_ceil(64) {
        _ if rows < 3 || cols < 3 => {
            eprintln!("nurikabe_laid_out: boards have at least 3 rows and columns, not {rows}x{cols}");
            std::process::exit(2);
        }
        0..=2 => run::<2>(rows, cols, job),
        3..=4 => run::<4>(rows, cols, job),
        5..=7 => run::<7>(rows, cols, job),
        _ => {
            eprintln!("nurikabe_laid_out: {rows}x{cols} is too large: rows times (columns + 1) is at most 448");
            std::process::exit(2);
        }
    }
}

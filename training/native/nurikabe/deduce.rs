//! What follows for sure from clues and known cells. No rule guesses, so cells that are all proved are the only solution.

use crate::board::{Board, Cells, Clues, ISLAND, MOST, OPEN, SEA};

/// No solution agrees with what is known.
pub struct Contradiction;
/// Whether a rule told something new.
type Told = Result<bool, Contradiction>;

const NO_PART: u16 = u16::MAX;
const TWO_PARTS: u16 = NO_PART - 1;
const UNSEEN: u8 = 255;
/// A cell that an island can't do without is looked for only so near it, and for islands that lack no more cells than this.
const NEEDED_WITHIN: u8 = 2;
const NEEDED_BY_LACK: u8 = 12;

/// A connected group of known island cells.
#[derive(Clone, Copy, Default)]
struct Part {
    /// Its cells are `members[first..first + size]`.
    first: usize,
    size: usize,
    clue: usize,
    clues: usize,
    exits: usize,
    last_exit: usize,
}

/// How far a part can grow: cells in order of their distance, on the stack, as it is asked for most often of all.
struct Reach {
    distance: [u8; MOST],
    queue: [u16; MOST],
    len: usize,
}

impl Reach {
    const NOWHERE: Reach = Reach { distance: [UNSEEN; MOST], queue: [0; MOST], len: 0 };

    fn restart(&mut self, part: &[u16]) {
        (0..self.len).for_each(|k| self.distance[self.queue[k] as usize] = UNSEEN);
        self.len = 0;
        part.iter().for_each(|&i| self.push(i as usize, 0));
    }

    fn push(&mut self, cell: usize, distance: u8) {
        self.distance[cell] = distance;
        self.queue[self.len] = cell as u16;
        self.len += 1;
    }

    fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        self.queue[..self.len].iter().map(|&i| i as usize)
    }
}

pub struct Deduction<'a> {
    board: &'a Board,
    clues: &'a Clues,
    sea: usize,
    part_of: [u16; MOST],
    parts: Vec<Part>,
    members: Vec<u16>,
    /// The part with a clue that a cell is of or, if it is open, touches; `NO_PART` if there is none, `TWO_PARTS` if two.
    claimed: [u16; MOST],
    pub cells: Cells,
}

impl<'a> Deduction<'a> {
    pub fn new(board: &'a Board, clues: &'a Clues) -> Deduction<'a> {
        let mut cells = [OPEN; MOST];
        for i in 0..board.len {
            if clues[i] > 0 {
                cells[i] = ISLAND;
            }
        }
        let sea = board.len - clues[..board.len].iter().map(|&n| n as usize).sum::<usize>();
        Deduction {
            board,
            clues,
            sea,
            part_of: [NO_PART; MOST],
            parts: vec![],
            members: vec![],
            claimed: [NO_PART; MOST],
            cells,
        }
    }

    /// Applies all rules until none tells anything new, cheap ones first.
    pub fn run(&mut self) -> Result<(), Contradiction> {
        while self.squares()? || self.islands()? || self.joins() || self.reaches()? || self.sea()? || self.needs() {}
        Ok(())
    }

    /// The cells left open when each has also been tried the wrong way (`solution` says which that is).
    pub fn probe(&mut self, solution: &Cells) -> Result<Vec<usize>, Contradiction> {
        self.run()?;
        loop {
            let mut told = false;
            // What follows from a wrong cell without a contradiction gives none by itself either.
            let mut harmless = [false; MOST];
            for (i, &right) in solution.iter().enumerate().take(self.board.len) {
                if self.cells[i] != OPEN || harmless[i] {
                    continue;
                }
                let known = self.cells;
                self.cells[i] = SEA + ISLAND - right;
                let wrong = self.run().is_err();
                let tried = std::mem::replace(&mut self.cells, known);
                if wrong {
                    self.cells[i] = right;
                    self.run()?;
                    told = true;
                    harmless = [false; MOST];
                } else {
                    (i..self.board.len).for_each(|j| harmless[j] |= tried[j] == SEA + ISLAND - solution[j]);
                }
            }
            if !told {
                break;
            }
        }
        Ok((0..self.board.len).filter(|&i| self.cells[i] == OPEN).collect())
    }

    /// No 2x2 square of sea.
    fn squares(&mut self) -> Told {
        let mut told = false;
        for square in &self.board.squares {
            let sea = square.iter().filter(|&&i| self.cells[i] == SEA).count();
            if sea == 4 {
                return Err(Contradiction);
            }
            if let (3, Some(&open)) = (sea, square.iter().find(|&&i| self.cells[i] == OPEN)) {
                self.cells[open] = ISLAND;
                told = true;
            }
        }
        Ok(told)
    }

    /// Finds the parts; a full island is walled in, one that isn't grows through its only exit.
    fn islands(&mut self) -> Told {
        self.part_of = [NO_PART; MOST];
        self.parts.clear();
        self.members.clear();
        let mut walled = false;
        for start in 0..self.board.len {
            if self.cells[start] != ISLAND || self.part_of[start] != NO_PART {
                continue;
            }
            let part = self.flood(start);
            let full = part.clues == 1 && part.size == part.clue;
            let too_much = part.clues > 1 || (part.clues == 1 && part.size > part.clue);
            if too_much || (part.exits == 0 && !full) {
                return Err(Contradiction);
            }
            self.parts.push(part);
            if part.exits > 0 && full {
                self.wall_in(part);
                walled = true;
            } else if part.exits == 1 {
                self.cells[part.last_exit] = ISLAND;
                return Ok(true);
            }
        }
        Ok(walled)
    }

    fn wall_in(&mut self, part: Part) {
        for &cell in &self.members[part.first..part.first + part.size] {
            for &b in &self.board.near[cell as usize] {
                if self.cells[b] == OPEN {
                    self.cells[b] = SEA;
                }
            }
        }
    }

    /// The part that `start` belongs to, and how many open cells touch it (two stand for more).
    fn flood(&mut self, start: usize) -> Part {
        let mut part = Part { first: self.members.len(), ..Part::default() };
        let id = self.parts.len() as u16;
        self.part_of[start] = id;
        self.members.push(start as u16);
        let mut next = part.first;
        while next < self.members.len() {
            let cell = self.members[next] as usize;
            next += 1;
            if self.clues[cell] > 0 {
                part.clue = self.clues[cell] as usize;
                part.clues += 1;
            }
            for &b in &self.board.near[cell] {
                if self.cells[b] == ISLAND && self.part_of[b] == NO_PART {
                    self.part_of[b] = id;
                    self.members.push(b as u16);
                } else if self.cells[b] == OPEN && (part.exits == 0 || part.last_exit != b) {
                    part.exits = (part.exits + 1).min(2);
                    part.last_exit = b;
                }
            }
        }
        part.size = self.members.len() - part.first;
        part
    }

    /// A cell that would join two clues, or make an island too large, is sea.
    fn joins(&mut self) -> bool {
        let mut told = false;
        for i in 0..self.board.len {
            if self.cells[i] != OPEN {
                continue;
            }
            let mut met = [NO_PART; 4];
            let (mut size, mut clues, mut clue) = (1, 0, 0);
            for (k, &b) in self.board.near[i].iter().enumerate() {
                let id = self.part_of[b];
                if self.cells[b] != ISLAND || met.contains(&id) {
                    continue;
                }
                met[k] = id;
                let part = self.parts[id as usize];
                size += part.size;
                clues += part.clues;
                clue = clue.max(part.clue);
            }
            if clues > 1 || (clues == 1 && size > clue) {
                self.cells[i] = SEA;
                told = true;
            }
        }
        told
    }

    /// Fills `claimed`.
    fn claim(&mut self) {
        self.claimed[..self.board.len].fill(NO_PART);
        for (id, part) in self.parts.iter().enumerate().filter(|(_, part)| part.clues > 0) {
            for &cell in &self.members[part.first..part.first + part.size] {
                self.claimed[cell as usize] = id as u16;
                for &b in self.board.near[cell as usize].iter().filter(|&&b| self.cells[b] == OPEN) {
                    let first = self.claimed[b] == NO_PART || self.claimed[b] == id as u16;
                    self.claimed[b] = if first { id as u16 } else { TWO_PARTS };
                }
            }
        }
    }

    /// Each clue's island must find room in its reach; a cell that no clue reaches is sea.
    fn reaches(&mut self) -> Told {
        self.claim();
        let mut reached = [false; MOST];
        let mut reach = Reach::NOWHERE;
        for id in 0..self.parts.len() {
            let part = self.parts[id];
            if part.clues == 0 {
                continue;
            }
            let lack = (part.clue - part.size) as u8;
            if lack == 0 {
                self.members[part.first..part.first + part.size].iter().for_each(|&i| reached[i as usize] = true);
                continue;
            }
            self.spread(&mut reach, id as u16, lack);
            if reach.len < part.clue {
                return Err(Contradiction);
            }
            if reach.len == part.clue {
                // At least one of them is open, as the island lacks cells.
                reach.cells().for_each(|i| self.cells[i] = ISLAND);
                return Ok(true);
            }
            reach.cells().for_each(|i| reached[i] = true);
        }
        let mut told = false;
        for i in (0..self.board.len).filter(|&i| !reached[i]) {
            match self.cells[i] {
                ISLAND => return Err(Contradiction),
                OPEN => (self.cells[i], told) = (SEA, true),
                _ => {}
            }
        }
        Ok(told)
    }

    /// Fills `reach`: cells that a part may take in `lack` steps without touching another clue's part.
    fn spread(&self, reach: &mut Reach, id: u16, lack: u8) {
        let part = self.parts[id as usize];
        reach.restart(&self.members[part.first..part.first + part.size]);
        let mut next = 0;
        while next < reach.len {
            let cell = reach.queue[next] as usize;
            next += 1;
            let distance = reach.distance[cell];
            if distance == lack {
                break; // those behind it in the queue are no nearer
            }
            for &b in &self.board.near[cell] {
                let foreign = self.claimed[b] != NO_PART && self.claimed[b] != id;
                if reach.distance[b] == UNSEEN && self.cells[b] != SEA && !foreign {
                    reach.push(b, distance + 1);
                }
            }
        }
    }

    /// A cell near a part without which its island can't reach its size is island. The dearest rule, so the last.
    fn needs(&mut self) -> bool {
        let (mut reach, mut without) = (Reach::NOWHERE, Reach::NOWHERE);
        for id in 0..self.parts.len() {
            let part = self.parts[id];
            let lack = part.clue.saturating_sub(part.size) as u8;
            if lack == 0 || lack > NEEDED_BY_LACK {
                continue;
            }
            self.spread(&mut reach, id as u16, lack);
            let mut candidates = reach.cells().take_while(|&i| reach.distance[i] <= NEEDED_WITHIN);
            let needed = |i: usize, without: &mut Reach| {
                self.cells[i] == OPEN && !self.does_without(without, &reach, part, lack, i)
            };
            if let Some(needed) = candidates.find(|&i| needed(i, &mut without)) {
                self.cells[needed] = ISLAND;
                return true;
            }
        }
        false
    }

    /// The part can reach its size without this cell of its reach; `smaller` is filled with what it then reaches.
    fn does_without(&self, smaller: &mut Reach, reach: &Reach, part: Part, lack: u8, without: usize) -> bool {
        smaller.restart(&self.members[part.first..part.first + part.size]);
        let mut next = 0;
        while next < smaller.len && smaller.len < part.clue {
            let cell = smaller.queue[next] as usize;
            next += 1;
            let distance = smaller.distance[cell];
            if distance == lack {
                break;
            }
            for &b in &self.board.near[cell] {
                if b != without && smaller.distance[b] == UNSEEN && reach.distance[b] != UNSEEN {
                    smaller.push(b, distance + 1);
                }
            }
        }
        smaller.len >= part.clue
    }

    /// The sea has as many cells as the clues leave, and hangs together.
    fn sea(&mut self) -> Told {
        let sea = self.board.count(&self.cells, SEA);
        let open = self.board.count(&self.cells, OPEN);
        if sea > self.sea || sea + open < self.sea {
            return Err(Contradiction);
        }
        let rest = if sea == self.sea {
            Some(ISLAND)
        } else if sea + open == self.sea {
            Some(SEA)
        } else {
            None
        };
        if let (Some(colour), true) = (rest, open > 0) {
            (0..self.board.len)
                .filter(|&i| self.cells[i] == OPEN)
                .collect::<Vec<_>>()
                .iter()
                .for_each(|&i| self.cells[i] = colour);
            return Ok(true);
        }
        let Some(root) = (0..self.board.len).find(|&i| self.cells[i] == SEA) else { return Ok(false) };
        let mut walk =
            Walk { board: self.board, cells: &self.cells, order: [0; MOST], needed: [false; MOST], clock: 0 };
        if walk.visit(root, root).1 < sea {
            return Err(Contradiction);
        }
        let (order, needed) = (walk.order, walk.needed);
        let mut told = false;
        for i in (0..self.board.len).filter(|&i| order[i] == 0 || needed[i]) {
            if self.cells[i] == OPEN {
                self.cells[i] = if needed[i] { SEA } else { ISLAND };
                told = true;
            }
        }
        Ok(told)
    }
}

/// Depth-first over all cells that are not island (Tarjan), to find those that the sea can't do without.
struct Walk<'a> {
    board: &'a Board,
    cells: &'a Cells,
    order: [u16; MOST],
    needed: [bool; MOST],
    clock: u16,
}

impl Walk<'_> {
    /// The earliest cell that the subtree touches, and its cells of sea.
    fn visit(&mut self, cell: usize, parent: usize) -> (u16, usize) {
        self.clock += 1;
        self.order[cell] = self.clock;
        let (mut low, mut sea) = (self.clock, (self.cells[cell] == SEA) as usize);
        let board = self.board;
        for &b in &board.near[cell] {
            if self.cells[b] == ISLAND || b == parent {
                continue;
            }
            if self.order[b] > 0 {
                low = low.min(self.order[b]);
                continue;
            }
            let (below, within) = self.visit(b, cell);
            if below >= self.order[cell] && within > 0 {
                self.needed[cell] = true;
            }
            low = low.min(below);
            sea += within;
        }
        (low, sea)
    }
}

//! What follows for sure from clues and known cells. No rule guesses, so cells that are all proved are the only solution.

use crate::board::{Board, Cells, Clues, ISLAND, MOST, OPEN, SEA};

/// No solution agrees with what is known.
pub struct Contradiction;
/// Whether a rule told something new.
type Told = Result<bool, Contradiction>;

const NO_PART: u8 = 255;
const UNSEEN: u8 = 255;
/// A cell that an island can't do without is looked for only so near it, and for islands that lack no more cells than this.
const NEEDED_WITHIN: u8 = 2;
const NEEDED_BY_LACK: u8 = 12;

/// A connected group of known island cells.
#[derive(Clone, Copy, Default)]
struct Part {
    size: usize,
    clue: usize,
    clues: usize,
    exits: usize,
    last_exit: usize,
}

/// How far a part can grow: cells in order of their distance.
struct Reach {
    distance: [u8; MOST],
    queue: Vec<usize>,
}

pub struct Deduction<'a> {
    board: &'a Board,
    clues: &'a Clues,
    sea: usize,
    part_of: [u8; MOST],
    parts: Vec<Part>,
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
        Deduction { board, clues, sea, part_of: [NO_PART; MOST], parts: vec![], cells }
    }

    /// Applies all rules until none tells anything new, cheap ones first.
    pub fn run(&mut self) -> Result<(), Contradiction> {
        while self.squares()? || self.islands()? || self.joins() || self.reaches()? || self.sea()? {}
        Ok(())
    }

    /// The cells left open when each has also been tried the wrong way (`solution` says which that is).
    pub fn probe(&mut self, solution: &Cells) -> Result<Vec<usize>, Contradiction> {
        self.run()?;
        loop {
            let mut told = false;
            for (i, &right) in solution.iter().enumerate().take(self.board.len) {
                if self.cells[i] != OPEN {
                    continue;
                }
                let known = self.cells;
                self.cells[i] = SEA + ISLAND - right;
                let wrong = self.run().is_err();
                self.cells = known;
                if wrong {
                    self.cells[i] = right;
                    self.run()?;
                    told = true;
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
        for start in 0..self.board.len {
            if self.cells[start] != ISLAND || self.part_of[start] != NO_PART {
                continue;
            }
            let mut exit = [false; MOST];
            let part = self.flood(start, &mut exit);
            let full = part.clues == 1 && part.size == part.clue;
            let too_much = part.clues > 1 || (part.clues == 1 && part.size > part.clue);
            if too_much || (part.exits == 0 && !full) {
                return Err(Contradiction);
            }
            self.parts.push(part);
            if part.exits > 0 && full {
                (0..self.board.len).filter(|&i| exit[i]).for_each(|i| self.cells[i] = SEA);
                return Ok(true);
            }
            if part.exits == 1 {
                self.cells[part.last_exit] = ISLAND;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn flood(&mut self, start: usize, exit: &mut [bool; MOST]) -> Part {
        let mut part = Part::default();
        let mut stack = [0usize; MOST];
        let mut height = 1;
        stack[0] = start;
        self.part_of[start] = self.parts.len() as u8;
        while height > 0 {
            height -= 1;
            let cell = stack[height];
            part.size += 1;
            if self.clues[cell] > 0 {
                part.clue = self.clues[cell] as usize;
                part.clues += 1;
            }
            for &b in &self.board.near[cell] {
                if self.cells[b] == ISLAND && self.part_of[b] == NO_PART {
                    self.part_of[b] = self.parts.len() as u8;
                    stack[height] = b;
                    height += 1;
                } else if self.cells[b] == OPEN && !exit[b] {
                    exit[b] = true;
                    part.exits += 1;
                    part.last_exit = b;
                }
            }
        }
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

    /// Each clue's island must find room in its reach; a cell that no clue reaches is sea.
    fn reaches(&mut self) -> Told {
        let mut reached = [false; MOST];
        for id in 0..self.parts.len() {
            let part = self.parts[id];
            if part.clues == 0 {
                continue;
            }
            let lack = (part.clue - part.size) as u8;
            let reach = self.reach(id as u8, lack);
            if reach.queue.len() < part.clue {
                return Err(Contradiction);
            }
            let needed: Vec<usize> = if reach.queue.len() == part.clue {
                reach.queue.iter().copied().filter(|&i| self.cells[i] == OPEN).collect()
            } else {
                self.needed(&reach, part.clue, lack).into_iter().collect()
            };
            if !needed.is_empty() {
                needed.iter().for_each(|&i| self.cells[i] = ISLAND);
                return Ok(true);
            }
            reach.queue.iter().for_each(|&i| reached[i] = true);
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

    /// Cells that a part may take in `lack` steps without touching another clue's part.
    fn reach(&self, id: u8, lack: u8) -> Reach {
        let foreign = |i: usize| {
            self.cells[i] == ISLAND && self.part_of[i] != id && self.parts[self.part_of[i] as usize].clues > 0
        };
        let mut distance = [UNSEEN; MOST];
        let mut queue: Vec<usize> =
            (0..self.board.len).filter(|&i| self.cells[i] == ISLAND && self.part_of[i] == id).collect();
        queue.iter().for_each(|&i| distance[i] = 0);
        let mut next = 0;
        while next < queue.len() {
            let cell = queue[next];
            next += 1;
            if distance[cell] == lack {
                break; // those behind it in the queue are no nearer
            }
            for &b in &self.board.near[cell] {
                let touches = foreign(b) || (self.cells[b] == OPEN && self.board.near[b].iter().any(|&w| foreign(w)));
                if distance[b] == UNSEEN && self.cells[b] != SEA && !touches {
                    distance[b] = distance[cell] + 1;
                    queue.push(b);
                }
            }
        }
        Reach { distance, queue }
    }

    /// An open cell near the part without which its island can't reach its size.
    fn needed(&self, reach: &Reach, clue: usize, lack: u8) -> Option<usize> {
        if lack == 0 || lack > NEEDED_BY_LACK {
            return None;
        }
        let candidates = reach.queue.iter().copied().take_while(|&i| reach.distance[i] <= NEEDED_WITHIN);
        candidates.filter(|&i| self.cells[i] == OPEN).find(|&without| {
            let mut distance = [UNSEEN; MOST];
            let mut queue: Vec<usize> = reach.queue.iter().copied().take_while(|&i| reach.distance[i] == 0).collect();
            queue.iter().for_each(|&i| distance[i] = 0);
            let mut next = 0;
            while next < queue.len() && queue.len() < clue && distance[queue[next]] < lack {
                for &b in &self.board.near[queue[next]] {
                    if b != without && distance[b] == UNSEEN && reach.distance[b] != UNSEEN {
                        distance[b] = distance[queue[next]] + 1;
                        queue.push(b);
                    }
                }
                next += 1;
            }
            queue.len() < clue
        })
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

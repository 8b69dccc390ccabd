//! What follows for sure from the clues of a Nurikabe, and whether it has one solution. No rule guesses, so what all rules
//! leave no choice for is the only solution.

use crate::bits::{Bits, Board};

/// No solution agrees with what is known.
pub struct Contradiction;

/// The size of an island that may have any.
pub const UNKNOWN: usize = 0;
/// A cell that an island can't do without is looked for only so near it, and for islands that lack no more cells than this.
const NEEDED_WITHIN: usize = 2;
const NEEDED_BY_LACK: usize = 12;

/// Where the clues stand and what they say.
#[derive(Clone)]
pub struct Clues<const W: usize> {
    pub cells: Vec<usize>,
    pub sizes: Vec<usize>,
    pub mask: Bits<W>,
}

impl<const W: usize> Clues<W> {
    pub fn new(cells: Vec<usize>, sizes: Vec<usize>) -> Self {
        let mask = cells.iter().fold(Bits::NONE, |mask, &cell| mask | Bits::of(cell));
        Clues { cells, sizes, mask }
    }
}

/// An island that lacks cells: those that it has, those that it may take, and how many steps it may go.
struct Unfinished<const W: usize> {
    part: Bits<W>,
    allowed: Bits<W>,
    size: usize,
    lack: usize,
}

pub struct Solver<'a, const W: usize> {
    board: &'a Board<W>,
    clues: &'a Clues<W>,
    sea_cells: Option<usize>, // known unless a clue is "?"
    pub sea: Bits<W>,
    pub land: Bits<W>,
    parts: Vec<(Bits<W>, Bits<W>)>, // of each clue: its known cells, and these with all around
    unfinished: Vec<Unfinished<W>>,
}

impl<'a, const W: usize> Solver<'a, W> {
    pub fn new(board: &'a Board<W>, clues: &'a Clues<W>) -> Self {
        let known = !clues.sizes.contains(&UNKNOWN);
        let sea_cells = known.then(|| board.all.count().saturating_sub(clues.sizes.iter().sum()));
        let (parts, unfinished) = (vec![], vec![]);
        Solver { board, clues, sea_cells, sea: Bits::NONE, land: clues.mask, parts, unfinished }
    }

    pub fn open(&self) -> Bits<W> {
        self.board.all.without(self.sea | self.land)
    }

    /// Applies all rules until none tells anything new, cheap ones first.
    pub fn run(&mut self) -> Result<(), Contradiction> {
        loop {
            let known = (self.sea, self.land);
            self.squares()?;
            self.islands()?;
            if known != (self.sea, self.land) {
                continue;
            }
            self.count()?;
            self.connect()?;
            if known != (self.sea, self.land) {
                continue;
            }
            self.needs();
            if known == (self.sea, self.land) {
                return Ok(());
            }
        }
    }

    /// Runs the rules, then tries for every open cell what the solution doesn't have there. True if all cells get known.
    pub fn probe(&mut self, land: Bits<W>) -> Result<bool, Contradiction> {
        self.run()?;
        loop {
            let mut told = false;
            // What follows from a wrong cell without a contradiction gives none by itself either.
            let mut harmless = Bits::NONE;
            for cell in self.open().cells() {
                let one = Bits::of(cell);
                if !(self.open().without(harmless) & one).any() {
                    continue;
                }
                let known = (self.sea, self.land);
                self.put(one, !land.has(cell));
                let wrong = self.run().is_err();
                let tried = (self.sea, self.land);
                (self.sea, self.land) = known;
                if wrong {
                    self.put(one, land.has(cell));
                    self.run()?;
                    told = true;
                    harmless = Bits::NONE;
                } else {
                    harmless |= (tried.1.without(land) | (tried.0 & land)) & self.open();
                }
            }
            if !told {
                return Ok(!self.open().any());
            }
        }
    }

    /// Whether `land` is the only solution, by trying both values of cells where rules end; None after `budget` tries.
    pub fn is_unique(&mut self, land: Bits<W>, budget: &mut usize) -> Option<bool> {
        match self.probe(land) {
            Err(_) => return Some(false), // what is asked for is no solution itself
            Ok(true) => return Some(true),
            Ok(false) => {}
        }
        while let Some(cell) = self.open().first() {
            let known = (self.sea, self.land);
            self.put(Bits::of(cell), !land.has(cell));
            let other = self.has_solution(budget)?;
            (self.sea, self.land) = known;
            if other {
                return Some(false);
            }
            self.put(Bits::of(cell), land.has(cell));
            if self.run().is_err() {
                return Some(false);
            }
        }
        Some(true)
    }

    fn has_solution(&mut self, budget: &mut usize) -> Option<bool> {
        if self.run().is_err() {
            return Some(false);
        }
        let Some(cell) = self.open().first() else { return Some(true) };
        if *budget == 0 {
            return None;
        }
        *budget -= 1;
        let known = (self.sea, self.land);
        for is_land in [true, false] {
            self.put(Bits::of(cell), is_land);
            if self.has_solution(budget)? {
                return Some(true);
            }
            (self.sea, self.land) = known;
        }
        Some(false)
    }

    fn put(&mut self, cells: Bits<W>, is_land: bool) {
        if is_land {
            self.land |= cells;
        } else {
            self.sea |= cells;
        }
    }

    /// No 2x2 square of sea: the fourth cell of one is land.
    fn squares(&mut self) -> Result<(), Contradiction> {
        let stride = self.board.stride;
        let (a, b, c, d) = (self.sea, self.sea.down(1), self.sea.down(stride), self.sea.down(stride + 1));
        if (a & b & c & d).any() {
            return Err(Contradiction);
        }
        self.land |= (b & c & d) | (a & c & d).up(1) | (a & b & d).up(stride) | (a & b & c).up(stride + 1);
        Ok(())
    }

    /// Islands hold one clue each and as many cells as it says; what no clue can reach is sea.
    fn islands(&mut self) -> Result<(), Contradiction> {
        let twice = self.find_parts()?;
        self.sea |= twice & self.open();
        let once = self.parts.iter().fold(Bits::NONE, |all, part| all | part.1);
        let clued = self.parts.iter().fold(Bits::NONE, |all, part| all | part.0);
        let mut reached = Bits::NONE;
        self.unfinished.clear();
        for k in 0..self.parts.len() {
            let ((part, halo), size) = (self.parts[k], self.clues.sizes[k]);
            let foreign = twice | once.without(halo);
            let allowed = self.board.all.without(self.sea | foreign);
            if size == UNKNOWN {
                reached |= self.board.flood(part, allowed);
                continue;
            }
            let lack = size - part.count();
            if lack == 0 {
                self.sea |= halo.without(part);
                reached |= part;
                continue;
            }
            let reach = self.board.grow(part, allowed, lack);
            let exits = halo.without(part) & allowed;
            if reach.count() < size {
                return Err(Contradiction);
            }
            if reach.count() == size {
                self.land |= reach;
            } else if exits.count() == 1 {
                self.land |= exits;
            }
            reached |= reach;
            self.unfinished.push(Unfinished { part, allowed, size, lack });
        }
        if self.land.without(reached).any() || (self.sea & self.land).any() {
            return Err(Contradiction);
        }
        self.sea |= self.board.all.without(reached);
        self.strays(clued)
    }

    /// Fills `parts`; the cells that two of them touch.
    fn find_parts(&mut self) -> Result<Bits<W>, Contradiction> {
        let (mut once, mut twice) = (Bits::NONE, Bits::NONE);
        self.parts.clear();
        for (&cell, &size) in self.clues.cells.iter().zip(&self.clues.sizes) {
            let part = self.board.flood(Bits::of(cell), self.land);
            if (part & self.clues.mask).count() > 1 || (size != UNKNOWN && part.count() > size) {
                return Err(Contradiction);
            }
            let halo = part | self.board.near(part);
            twice |= once & halo;
            once |= halo;
            self.parts.push((part, halo));
        }
        Ok(twice)
    }

    /// Known land without a clue goes on through its only exit, and joins no island that it would make too large.
    fn strays(&mut self, clued: Bits<W>) -> Result<(), Contradiction> {
        let mut left = self.land.without(clued);
        while let Some(cell) = left.first() {
            let stray = self.board.flood(Bits::of(cell), self.land);
            left = left.without(stray);
            if (stray & clued).any() {
                continue; // joined to an island since the parts were found
            }
            let exits = self.board.near(stray).without(self.sea | self.land);
            for k in 0..self.parts.len() {
                let ((part, halo), size) = (self.parts[k], self.clues.sizes[k]);
                if size != UNKNOWN && part.count() + 1 + stray.count() > size {
                    self.sea |= exits & halo;
                }
            }
            let exits = exits.without(self.sea);
            match exits.count() {
                0 => return Err(Contradiction),
                1 => self.land |= exits,
                _ => {}
            }
        }
        Ok(())
    }

    /// The sea has as many cells as the clues leave.
    fn count(&mut self) -> Result<(), Contradiction> {
        let Some(wanted) = self.sea_cells else { return Ok(()) };
        let (sea, open) = (self.sea.count(), self.open());
        if sea > wanted || sea + open.count() < wanted {
            return Err(Contradiction);
        }
        if sea == wanted {
            self.land |= open;
        } else if sea + open.count() == wanted {
            self.sea |= open;
        }
        Ok(())
    }

    /// The sea hangs together: what it can't reach is land, and what alone joins two parts of it is sea.
    fn connect(&mut self) -> Result<(), Contradiction> {
        let Some(root) = self.sea.first() else { return Ok(()) };
        let within = self.board.all.without(self.land);
        let reached = self.board.flood(Bits::of(root), within);
        if self.sea.without(reached).any() {
            return Err(Contradiction);
        }
        self.land |= within.without(reached);
        let mut walk =
            Walk { within, sea: self.sea, stride: self.board.stride, order: [0; 1024], needed: Bits::NONE, clock: 0 };
        walk.visit(root, root);
        self.sea |= walk.needed;
        Ok(())
    }

    /// A cell near an island without which that can't reach its size is land. The dearest rule, so the last.
    fn needs(&mut self) {
        let board = self.board;
        for k in 0..self.unfinished.len() {
            let Unfinished { part, allowed, size, lack } = self.unfinished[k];
            if lack > NEEDED_BY_LACK {
                continue;
            }
            let candidates = board.grow(part, allowed, NEEDED_WITHIN.min(lack)) & self.open();
            for cell in candidates.cells() {
                if board.grow(part, allowed.without(Bits::of(cell)), lack).count() < size {
                    self.land |= Bits::of(cell);
                }
            }
        }
    }
}

/// Depth-first over all cells that are not land (Tarjan), to find those that the sea can't do without.
struct Walk<const W: usize> {
    within: Bits<W>,
    sea: Bits<W>,
    stride: usize,
    order: [u16; 1024],
    needed: Bits<W>,
    clock: u16,
}

impl<const W: usize> Walk<W> {
    /// The earliest cell that the subtree touches, and whether it holds sea.
    fn visit(&mut self, cell: usize, parent: usize) -> (u16, bool) {
        self.clock += 1;
        self.order[cell] = self.clock;
        let (mut low, mut wet) = (self.clock, self.sea.has(cell));
        let (back, up) = (cell.wrapping_sub(1), cell.wrapping_sub(self.stride));
        for near in [back, cell + 1, up, cell + self.stride] {
            if near == parent || !self.within.has(near) {
                continue;
            }
            if self.order[near] > 0 {
                low = low.min(self.order[near]);
                continue;
            }
            let (below, wet_below) = self.visit(near, cell);
            if below >= self.order[cell] && wet_below && cell != parent {
                self.needed |= Bits::of(cell);
            }
            low = low.min(below);
            wet |= wet_below;
        }
        (low, wet)
    }
}

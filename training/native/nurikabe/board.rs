//! The board of a Nurikabe: neighbours, 2x2 squares, groups of one colour.

pub const MOST: usize = 576;
pub const OPEN: i8 = -1;
pub const ISLAND: i8 = 0;
pub const SEA: i8 = 1;
pub type Cells = [i8; MOST];
/// 0: no clue; n: the size of the island that the cell belongs to.
pub type Clues = [u8; MOST];

pub struct Board {
    pub cols: usize,
    pub len: usize,
    pub near: Vec<Vec<usize>>,
    pub squares: Vec<[usize; 4]>,
}

impl Board {
    pub fn new(rows: usize, cols: usize) -> Board {
        let len = rows * cols;
        let at = |i: usize| (i / cols, i % cols);
        let apart = |a: usize, b: usize| at(a).0.abs_diff(at(b).0) + at(a).1.abs_diff(at(b).1);
        let near = (0..len).map(|i| (0..len).filter(|&j| apart(i, j) == 1).collect()).collect();
        let squares = (0..len)
            .filter(|&i| at(i).0 + 1 < rows && at(i).1 + 1 < cols)
            .map(|i| [i, i + 1, i + cols, i + cols + 1])
            .collect();
        Board { cols, len, near, squares }
    }

    /// Steps from one cell to another, along rows and columns.
    pub fn distance(&self, a: usize, b: usize) -> usize {
        (a / self.cols).abs_diff(b / self.cols) + (a % self.cols).abs_diff(b % self.cols)
    }

    pub fn count(&self, cells: &Cells, colour: i8) -> usize {
        cells[..self.len].iter().filter(|&&c| c == colour).count()
    }

    /// The connected groups of a colour.
    pub fn groups(&self, cells: &Cells, colour: i8) -> Vec<Vec<usize>> {
        let mut seen = [false; MOST];
        let mut found = vec![];
        for start in 0..self.len {
            if cells[start] != colour || seen[start] {
                continue;
            }
            seen[start] = true;
            let mut group = vec![start];
            let mut next = 0;
            while next < group.len() {
                for &b in &self.near[group[next]] {
                    if cells[b] == colour && !seen[b] {
                        seen[b] = true;
                        group.push(b);
                    }
                }
                next += 1;
            }
            found.push(group);
        }
        found
    }

    /// One sea without a 2x2 square, and no island larger than `largest`.
    pub fn is_valid(&self, cells: &Cells, largest: usize) -> bool {
        self.squares.iter().all(|square| square.iter().any(|&i| cells[i] == ISLAND))
            && self.groups(cells, SEA).len() == 1
            && self.groups(cells, ISLAND).iter().all(|island| island.len() <= largest)
    }
}

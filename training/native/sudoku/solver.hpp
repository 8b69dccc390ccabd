// Sudokus as sets of candidates: singles, a search that counts solutions, and a census of all of them.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using Candidates = std::uint16_t;  // bit d: digit d + 1 is possible
using Grid = std::array<Candidates, 81>;
constexpr Candidates ALL = 0x1ff;
// splitmix64: small, and every seed gives a stream of its own.
struct Random {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  template <class Items>
  void shuffle(Items& items) {
    for (int i = static_cast<int>(items.size()) - 1; i > 0; i--) std::swap(items[i], items[below(i + 1)]);
  }
};

struct Board {
  std::array<std::array<int, 9>, 27> units;
  std::array<std::array<int, 20>, 81> peers;
  Board() {
    for (int cell = 0; cell < 81; cell++) {
      int row = cell / 9, column = cell % 9;
      units[row][column] = cell;
      units[9 + column][row] = cell;
      units[18 + row / 3 * 3 + column / 3][row % 3 * 3 + column % 3] = cell;
      for (int other = 0, n = 0; other < 81; other++) {
        int r = other / 9, c = other % 9;
        if (other != cell && (r == row || c == column || (r / 3 == row / 3 && c / 3 == column / 3))) peers[cell][n++] = other;
      }
    }
  }
};
const Board board;

bool is_single(Candidates c) { return std::has_single_bit(c); }

// A stack of cells without allocation: a cell becomes single once, so 81 places are enough.
struct Cells {
  std::array<std::uint8_t, 81> items;
  int size = 0;
  void push(int cell) { items[size++] = static_cast<std::uint8_t>(cell); }
  int pop() { return items[--size]; }
};

// Naked and hidden singles until nothing moves; `queue` holds cells that have just become single. False: contradiction.
bool propagate(Grid& grid, Cells queue) {
  for (;;) {
    while (queue.size > 0) {
      int cell = queue.pop();
      if (!is_single(grid[cell])) return false;
      for (int peer : board.peers[cell]) {
        if (!(grid[peer] & grid[cell])) continue;
        grid[peer] ^= grid[cell];
        if (grid[peer] == 0) return false;
        if (is_single(grid[peer])) queue.push(peer);
      }
    }
    for (const auto& unit : board.units) {
      Candidates once = 0, twice = 0, settled = 0;
      for (int cell : unit) {
        twice |= once & grid[cell];
        once |= grid[cell];
        if (is_single(grid[cell])) settled |= grid[cell];
      }
      if (once != ALL) return false;
      Candidates places = once & ~twice & ~settled;  // digits with one place left, not yet set there
      if (places == 0) continue;
      for (int cell : unit) {
        Candidates hidden = grid[cell] & places;
        if (hidden == 0) continue;
        if (!is_single(hidden)) return false;
        grid[cell] = hidden;
        queue.push(cell);
      }
      if (queue.size > 0) break;
    }
    if (queue.size == 0) return true;
  }
}

// The first unsettled cell from `offset` on with the fewest candidates; -1: all are settled.
int emptiest(const Grid& grid, int offset = 0) {
  int best = -1, fewest = 10;
  for (int i = 0; i < 81 && fewest > 2; i++) {
    int cell = (i + offset) % 81, n = std::popcount(grid[cell]);
    if (n > 1 && n < fewest) best = cell, fewest = n;
  }
  return best;
}

struct Search {
  Random* order = nullptr;  // nullptr: fixed order
  int guesses = 0;
  Grid solution{};

  // Counts solutions up to `limit`, branching on a cell with the fewest candidates.
  int count(const Grid& grid, int limit) {
    int best = emptiest(grid, order ? order->below(81) : 0);
    if (best < 0) {
      solution = grid;
      return 1;
    }
    std::vector<Candidates> digits;
    for (Candidates rest = grid[best]; rest != 0; rest &= rest - 1) digits.push_back(rest & -rest);
    if (order) order->shuffle(digits);
    int found = 0;
    for (Candidates digit : digits) {
      Grid next = grid;
      next[best] = digit;
      guesses++;
      Cells set;
      set.push(best);
      if (propagate(next, set)) found += count(next, limit - found);
      if (found >= limit) break;
    }
    return found;
  }
};

// The grid that a puzzle's singles lead to; false: they contradict each other.
bool filled(const std::string& puzzle, Grid& grid) {
  grid.fill(ALL);
  Cells queue;
  for (int cell = 0; cell < 81; cell++) {
    if (puzzle[cell] == '.') continue;
    grid[cell] = static_cast<Candidates>(1 << (puzzle[cell] - '1'));
    queue.push(cell);
  }
  return propagate(grid, queue);
}

int solve(const std::string& puzzle, int limit, Search& search) {
  Grid grid;
  return filled(puzzle, grid) ? search.count(grid, limit) : 0;
}

std::string to_text(const Grid& grid) {
  std::string text;
  for (Candidates c : grid) text += static_cast<char>('1' + std::countr_zero(c));
  return text;
}

// How many solutions give each cell each digit, over all solutions of a puzzle.
struct Census {
  std::array<std::array<int, 9>, 81> having{};
  int solutions = 0;

  // False: there are more than `limit`, and `having` is of no use.
  bool take(const Grid& grid, int limit) {
    int cell = emptiest(grid);
    if (cell < 0) {
      for (int i = 0; i < 81; i++) having[i][std::countr_zero(grid[i])]++;
      return ++solutions <= limit;
    }
    for (Candidates rest = grid[cell]; rest != 0; rest &= rest - 1) {
      Grid next = grid;
      next[cell] = rest & -rest;
      Cells set;
      set.push(cell);
      if (propagate(next, set) && !take(next, limit)) return false;
    }
    return true;
  }
};

std::string solution_of(const std::string& puzzle) {
  Search search;
  solve(puzzle, 1, search);
  return to_text(search.solution);
}

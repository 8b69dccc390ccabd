// Generates minimal Sudokus: sudoku SEED FIRST COUNT MIN_GUESSES prints puzzle,solution,guesses for puzzles FIRST..FIRST+COUNT-1.
//
// Puzzle i of a seed depends on seed, i and MIN_GUESSES alone. A random full grid loses its digits in random order as long as
// its solution stays the only one. Guesses: how often a solver with singles alone has to try a digit, mean of three orders.

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
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
  std::array<std::vector<int>, 81> peers;
  Board() {
    for (int cell = 0; cell < 81; cell++) {
      int row = cell / 9, column = cell % 9;
      units[row][column] = cell;
      units[9 + column][row] = cell;
      units[18 + row / 3 * 3 + column / 3][row % 3 * 3 + column % 3] = cell;
      for (int other = 0; other < 81; other++) {
        int r = other / 9, c = other % 9;
        if (other != cell && (r == row || c == column || (r / 3 == row / 3 && c / 3 == column / 3))) peers[cell].push_back(other);
      }
    }
  }
};
const Board board;

bool is_single(Candidates c) { return std::has_single_bit(c); }

// Naked and hidden singles until nothing moves; `queue` holds cells that have just become single. False: contradiction.
bool propagate(Grid& grid, std::vector<int> queue) {
  for (;;) {
    while (!queue.empty()) {
      int cell = queue.back();
      queue.pop_back();
      if (!is_single(grid[cell])) return false;
      for (int peer : board.peers[cell]) {
        if (!(grid[peer] & grid[cell])) continue;
        grid[peer] ^= grid[cell];
        if (grid[peer] == 0) return false;
        if (is_single(grid[peer])) queue.push_back(peer);
      }
    }
    for (const auto& unit : board.units) {
      Candidates once = 0, twice = 0;
      for (int cell : unit) {
        twice |= once & grid[cell];
        once |= grid[cell];
      }
      if (once != ALL) return false;
      for (int cell : unit) {
        Candidates hidden = grid[cell] & once & ~twice;
        if (hidden == 0 || is_single(grid[cell])) continue;
        if (!is_single(hidden)) return false;
        grid[cell] = hidden;
        queue.push_back(cell);
      }
      if (!queue.empty()) break;
    }
    if (queue.empty()) return true;
  }
}

struct Search {
  Random* order = nullptr;  // nullptr: fixed order
  int guesses = 0;
  Grid solution{};

  // Counts solutions up to `limit`, branching on a cell with the fewest candidates.
  int count(const Grid& grid, int limit) {
    int best = -1, fewest = 10, offset = order ? order->below(81) : 0;
    for (int i = 0; i < 81 && fewest > 2; i++) {
      int cell = (i + offset) % 81, n = std::popcount(grid[cell]);
      if (n > 1 && n < fewest) best = cell, fewest = n;
    }
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
      if (propagate(next, {best})) found += count(next, limit - found);
      if (found >= limit) break;
    }
    return found;
  }
};

int solve(const std::string& puzzle, int limit, Search& search) {
  Grid grid;
  grid.fill(ALL);
  std::vector<int> queue;
  for (int cell = 0; cell < 81; cell++) {
    if (puzzle[cell] == '.') continue;
    grid[cell] = static_cast<Candidates>(1 << (puzzle[cell] - '1'));
    queue.push_back(cell);
  }
  return propagate(grid, queue) ? search.count(grid, limit) : 0;
}

std::string to_text(const Grid& grid) {
  std::string text;
  for (Candidates c : grid) text += static_cast<char>('1' + std::countr_zero(c));
  return text;
}

std::string random_solution(Random& random) {
  std::string first_row = "123456789";
  random.shuffle(first_row);
  Search search{&random};
  solve(first_row + std::string(72, '.'), 1, search);
  return to_text(search.solution);
}

std::string minimal_puzzle(std::string puzzle, Random& random) {
  std::array<int, 81> order;
  std::iota(order.begin(), order.end(), 0);
  random.shuffle(order);
  for (int cell : order) {
    char digit = std::exchange(puzzle[cell], '.');
    Search search;
    if (solve(puzzle, 2, search) != 1) puzzle[cell] = digit;
  }
  return puzzle;
}

int mean_guesses(const std::string& puzzle, Random& random) {
  int total = 0;
  for (int i = 0; i < 3; i++) {
    Search search{&random};
    solve(puzzle, 2, search);
    total += search.guesses;
  }
  return total / 3;
}

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: sudoku SEED FIRST COUNT MIN_GUESSES\n");
    return 2;
  }
  auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  std::uint64_t seed = number(1), first = number(2), count = number(3);
  int least = static_cast<int>(number(4));
  for (std::uint64_t index = first; index < first + count; index++) {
    Random random{Random{seed * 0xD1B54A32D192ED03ull + index}.next()};
    for (;;) {
      std::string solution = random_solution(random);
      std::string puzzle = minimal_puzzle(solution, random);
      int guesses = mean_guesses(puzzle, random);
      if (guesses < least) continue;
      std::printf("%s,%s,%d\n", puzzle.c_str(), solution.c_str(), guesses);
      std::fflush(stdout);
      break;
    }
  }
}

// Generates minimal Sudokus: sudoku SEED FIRST COUNT MIN_GUESSES MAX_CLUES prints puzzle,solution,guesses for puzzles
// FIRST..FIRST+COUNT-1.
//
// Puzzle i of a seed depends on seed, i, MIN_GUESSES and MAX_CLUES alone. A random full grid loses its digits in random order as
// long as its solution stays the only one; if too many clues are left, a walk by exchanges of clues looks for fewer. Guesses: how
// often a solver with singles alone has to try a digit, mean of three orders.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "sudoku/solver.hpp"

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

// The walk to few clues; of the values tried these give the most puzzles of 20 clues a second.
constexpr int MOST_SOLUTIONS = 100;  // an exchange that leaves more open is given up
constexpr int MOST_PAIRS = 5;        // exchanges of two clues for one that are tried between two of one for one
constexpr int MOST_SIDEWAYS = 300;   // exchanges of one for one before another grid is taken

// Takes the clues of the cells `gone` off and adds one that a single solution of the rest has, which is then the puzzle's
// solution. False: there is no such clue, or too many solutions to look through.
bool exchange(std::string& puzzle, const std::vector<int>& gone, Random& random) {
  std::string fewer = puzzle;
  for (int cell : gone) fewer[cell] = '.';
  Grid grid;
  Census census;
  if (!filled(fewer, grid) || !census.take(grid, MOST_SOLUTIONS)) return false;
  std::vector<std::pair<int, char>> clues;
  for (int cell = 0; cell < 81; cell++) {
    for (int digit = 0; digit < 9; digit++) {
      char clue = static_cast<char>('1' + digit);
      if (census.having[cell][digit] == 1 && puzzle[cell] != clue) clues.emplace_back(cell, clue);
    }
  }
  if (clues.empty()) return false;
  auto [cell, clue] = clues[random.below(static_cast<int>(clues.size()))];
  fewer[cell] = clue;
  puzzle = minimal_puzzle(fewer, random);
  return true;
}

bool two_for_one(std::string& puzzle, const std::vector<int>& given, Random& random) {
  for (int tries = 0; tries < MOST_PAIRS; tries++) {
    int first = random.below(static_cast<int>(given.size())), second = random.below(static_cast<int>(given.size()) - 1);
    if (second >= first) second++;
    if (exchange(puzzle, {given[first], given[second]}, random)) return true;
  }
  return false;
}

bool one_for_one(std::string& puzzle, std::vector<int> given, Random& random) {
  random.shuffle(given);
  return std::any_of(given.begin(), given.end(), [&](int cell) { return exchange(puzzle, {cell}, random); });
}

// Walks from a minimal puzzle to one of at most `most` clues, mostly of another solution; false: it did not get there.
bool reduce(std::string& puzzle, int most, Random& random) {
  for (int sideways = 0; sideways <= MOST_SIDEWAYS;) {
    std::vector<int> given;
    for (int cell = 0; cell < 81; cell++) {
      if (puzzle[cell] != '.') given.push_back(cell);
    }
    if (static_cast<int>(given.size()) <= most) return true;
    if (two_for_one(puzzle, given, random)) continue;
    if (!one_for_one(puzzle, given, random)) return false;
    sideways++;
  }
  return false;
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

void print_puzzle(Random random, int least_guesses, int most_clues) {
  for (;;) {
    std::string puzzle = minimal_puzzle(random_solution(random), random);
    if (!reduce(puzzle, most_clues, random)) continue;
    int guesses = mean_guesses(puzzle, random);
    if (guesses < least_guesses) continue;
    std::printf("%s,%s,%d\n", puzzle.c_str(), solution_of(puzzle).c_str(), guesses);
    std::fflush(stdout);
    return;
  }
}

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: sudoku SEED FIRST COUNT MIN_GUESSES MAX_CLUES\n");
    return 2;
  }
  auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  std::uint64_t seed = number(1), first = number(2), count = number(3);
  int least_guesses = static_cast<int>(number(4)), most_clues = static_cast<int>(number(5));
  for (std::uint64_t index = first; index < first + count; index++) {
    Random random{Random{seed * 0xD1B54A32D192ED03ull + index}.next()};
    print_puzzle(random, least_guesses, most_clues);
  }
}

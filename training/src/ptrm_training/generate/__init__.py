"""Puzzle generators: each makes a solution first, then clues that leave it the only one."""

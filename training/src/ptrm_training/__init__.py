"""Trains small Tiny Recursive Models whose weights are tied by their puzzle's symmetries."""

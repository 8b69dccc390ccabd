"""Trains small Tiny Recursive Models whose weights are tied by their puzzle's symmetries."""

import os

# Before PyTorch is loaded: its threads, and other programs', lose half of a busy machine to threads that wait in a loop.
os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')

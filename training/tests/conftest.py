"""Fixtures that several files of tests take."""

import pytest

from toy_boards import write_toy


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / 'toy.npz'
    write_toy(path)
    return path

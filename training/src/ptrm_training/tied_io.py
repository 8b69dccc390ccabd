"""Tied TRMs to and from model files (`ptrm-model/2`): the free weights as they were learnt, with the tie and its sizes.

The ends are dense: they are small, and so every reader finds them where it always did.
"""

from pathlib import Path

import torch

from .dense_io import read_dense
from .kinds import kind_named, make_model
from .layers import DenseTrm
from .model_file import TIED, ends_from_file, ends_to_file, read_file, write_file
from .tied_trm import TiedTrm


def write_tied(path: Path | str, model: TiedTrm, config: dict, dtype: torch.dtype = torch.float16) -> int:
    """Returns how many weights the file has."""
    with torch.no_grad():
        return write_file(path, ends_to_file(model.ends()) | model.free_weights() | model.tables(), config, dtype)


def free_model(path: Path | str) -> tuple[TiedTrm, dict]:
    """The tied model of a file of either format, and the config. ValueError where free weights can't be read off dense ones."""
    if read_file(path)[1].get('format') == TIED:
        model, _, config = read_tied(path)
        return model, config
    trm, config = read_dense(path)
    model = make_model(config['kind'])
    try:
        model.load_dense(trm)
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from error
    return model, config


def read_tied(path: Path | str) -> tuple[TiedTrm, DenseTrm, dict]:
    """The tied model of a file, its ends as the file has them, and the config. ValueError for a file that holds none.

    What only training has (how revealed answers are shown) is as in a fresh model.
    """
    w, config = read_file(path)
    if config.get('format') != TIED:
        raise ValueError(f'{path}: holds the dense weights of a TRM, no free ones')
    found, made = config['tie'], kind_named(config['kind']).model({})
    if found['name'] != made.tie_name:
        raise ValueError(f'{path}: tie: found {found["name"]!r}; a model of {config["kind"]} has {made.tie_name!r}')
    model = make_model(config['kind'], made.sizes_of(config, w))
    ends = ends_from_file(w)
    with torch.no_grad():
        model.load_ends(ends)
        for name, weight in model.free_weights().items():
            weight.copy_(w[name])
    return model, ends, config

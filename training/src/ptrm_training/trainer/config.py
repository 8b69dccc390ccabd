"""A run's configuration: its fields with their types and bounds. Reading it from files is `read_config.py`."""

from dataclasses import field
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from ..kinds import kind_named
from ..tied_trm import check_sizes

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]


def _known_kind(name: str) -> str:
    return kind_named(name).name


def _side(text: str) -> str:
    if not (text.isdecimal() and int(text) > 0):
        raise ValueError(f'found {text!r} as a key, wanted sides, as in {{ 6 = 0.25, 10 = 0.75 }}')
    return text


def _share_of_the_run(text: str) -> str:
    try:
        right = 0 <= float(text) <= 1
    except ValueError:
        right = False
    if not right:
        raise ValueError(f'found {text!r} as a key, wanted shares of the run from 0 to 1, as in {{ "0.5" = 8 }}')
    return text


# strict: no true for 1, no "5" for 5, no 64.0 where a whole number is asked for; 1 for 1.0 is fine.
@dataclass(frozen=True, config=ConfigDict(strict=True, extra='forbid', allow_inf_nan=False))
class Config:
    """What a run trains, on what, and how; two runs of one configuration are the same bit for bit on one machine.

    But for runs of so many minutes, whose rate falls with the time that they have had.
    """

    kind: Annotated[str, AfterValidator(_known_kind)]
    data: Annotated[list[str], Field(min_length=1)]  # npz files; {kind} stands for the kind, here and in `init`
    weights: list[NotNegative] = field(default_factory=list)  # how often each file is drawn from; default: equally
    # How often boards of a side are drawn; default: as they lie in the file.
    sides: dict[Annotated[str, AfterValidator(_side)], NotNegative] = field(default_factory=dict)
    sizes: dict[str, Any] = field(default_factory=dict)  # of the model; default: the kind's own. With `heads`: attention
    side: Annotated[int, Field(ge=0)] = 0  # boards whose longer side is at most this; 0: all of the data
    init: str = ''  # a checkpoint or model file to start from
    updates: Count = 5000
    minutes: NotNegative = 0.0  # of training: the run's length in place of `updates`; 0: as many updates as it says
    batch: Count = 128
    lr: Positive = 5e-3
    lr_end: Share = 0.03  # share of lr at the end
    decay_from: Share = 0.4  # the share of the run after which lr falls linearly
    warm_up: Count = 100
    muon: bool = False  # matrices of the channel mix and of attention by Muon, the rest by AdamW
    weight_decay: NotNegative = 0.01
    clip: Positive = 1.0
    ema: Share = 0.997
    h_cycles: Count = 1
    l_cycles: Count = 3
    max_steps: Count = 16
    # max_steps from a share of the run on.
    later_steps: dict[Annotated[str, AfterValidator(_share_of_the_run)], Count] = field(default_factory=dict)
    explore: Share = 0.1  # share of samples whose halting is put off
    reveal: Share = 0.3
    q_weight: NotNegative = 0.5
    noisy: Share = 0.0  # share of samples that get noise on z_L, as the rollouts will
    most_sigma: NotNegative = 0.3
    seed: Annotated[int, Field(ge=0)] = 0
    threads: Count = 1
    compile: bool = True
    dtype: Literal['bfloat16', 'float16', 'float32', 'float64'] = 'bfloat16'

    @model_validator(mode='after')
    def _fields_fit_each_other(self) -> Self:
        kind = kind_named(self.kind)
        check_sizes(kind.model(self.sizes), self.sizes)
        if self.weights and len(self.weights) != len(self.data):
            raise ValueError(f'weights: found {len(self.weights)} numbers, wanted {len(self.data)}, one for each file of data')
        for name, weights in (('weights', self.weights), ('sides', self.sides.values())):
            if weights and not sum(weights) > 0:
                raise ValueError(f'{name}: found nothing but 0, wanted one above 0')
        if self.side not in (0, kind.side) and not kind.smaller_boards:
            raise ValueError(f'side: found {self.side}, wanted {kind.side} (or 0): the boards of {self.kind}')
        return self

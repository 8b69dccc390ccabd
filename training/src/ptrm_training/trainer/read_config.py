"""Reads a run's configuration from a TOML file and KEY=VALUE, and says in one line what is wrong with them, and where."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..command import nearest
from ..kinds import NAMES
from .config import Config

FIELDS = [field.name for field in fields(Config)]
# Pydantic's errors in words of TOML, with what it says of the bound; for others its own words do.
WANTED = {
    'int_type': 'a whole number',
    'float_type': 'a number',
    'bool_type': 'true or false',
    'string_type': 'text in quotes',
    'list_type': 'a list in [ ]',
    'dict_type': 'a table in {{ }}',
    'finite_number': 'a finite number',
    'greater_than_equal': 'at least {ge:g}',
    'greater_than': 'more than {gt:g}',
    'less_than_equal': 'at most {le:g}',
    'too_short': 'at least {min_length} in it',
}


def read_config(path: Path, overrides: list[str]) -> Config:
    """A TOML file, then KEY=VALUE overrides (VALUE as TOML). ValueError names what is wrong and where."""
    values = _toml(path.read_bytes(), str(path))
    sources = dict.fromkeys(values, str(path))
    for override in overrides:
        key, _, value = override.partition('=')
        found = _toml(override.encode(), f'{override!r} (KEY=VALUE, text in quotes: {key}="{value}")')
        values |= found
        sources |= dict.fromkeys(found, repr(override))
    _check_names(values, sources, path)
    try:
        config = Config(**values)
    except ValidationError as error:
        raise ValueError('; '.join(_said(e, sources, path) for e in error.errors())) from error
    named = [text.replace('{kind}', config.kind) for text in (*config.data, config.init)]
    return replace(config, data=named[:-1], init=named[-1])


def _toml(text: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f'{where}: {error}') from error


def _check_names(values: Mapping[str, Any], sources: Mapping[str, str], path: Path) -> None:
    for name in sorted(set(values) - set(FIELDS)):
        known = ', '.join(FIELDS)
        raise ValueError(f'{sources[name]}: no such field: {name}{nearest(name, FIELDS)}; there are {known}')
    if missing := [name for name in ('kind', 'data') if name not in values]:
        raise ValueError(f'{path}: says no {" and no ".join(missing)}; give it on the command line, as kind="{NAMES[0]}"')


def _said(error: ErrorDetails, sources: Mapping[str, str], path: Path) -> str:
    """`FILE: FIELD: found X, wanted Y` of one of pydantic's errors."""
    name, *rest = error['loc'] or ('',)
    field = str(name) + ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in rest if part != '[key]')
    if error['type'] == 'value_error':  # our own, which says what it found
        said = str(error['ctx']['error'])
    else:
        wanted = WANTED.get(error['type'], '').format(**error.get('ctx', {})) or error['msg'].removeprefix('Input should be ')
        said = f'found {json.dumps(error["input"], default=str)}, wanted {wanted}'
    where = sources.get(str(name), str(path))
    return f'{where}: {field}: {said}' if field else f'{where}: {said}'

"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Gives `unfinished-NAME` beside a file to write to, which takes the file's place at the end; an error leaves both."""
    unfinished = path.with_name(f'unfinished-{path.name}')
    yield unfinished
    os.replace(unfinished, path)

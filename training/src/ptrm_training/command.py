"""How the commands end on bad input: one line that names it, exit code 2, no traceback."""

import argparse
import difflib
import math
import sys
from collections.abc import Callable, Iterable


def run_command(main: Callable[[], None]) -> None:
    """Runs a command's main. Errors of values, files and missing tools are the user's; others keep their traceback."""
    try:
        main()
    except (ValueError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        sys.exit(2)


def count(text: str) -> int:
    """An option's whole number from 1 on. Less makes figures of nothing, and no error."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'found {text}, wanted a whole number from 1 on')
    return int(text)


def not_negative(text: str) -> float:
    """An option's finite number from 0 on."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise argparse.ArgumentTypeError(f'found {text}, wanted a number from 0 on')
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """` (did you mean NAME?)` for the known name that is most like this one, nothing where none is."""
    found = difflib.get_close_matches(name, known, n=1)
    return f' (did you mean {found[0]}?)' if found else ''

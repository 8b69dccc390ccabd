"""How the commands end on bad input: one line that names it, exit code 2, no traceback."""

import difflib
import sys
from collections.abc import Callable, Iterable


def run_command(main: Callable[[], None]) -> None:
    """Runs a command's main. Errors of values, files and missing tools are the user's; others keep their traceback."""
    try:
        main()
    except (ValueError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        sys.exit(2)


def nearest(name: str, known: Iterable[str]) -> str:
    """` (did you mean NAME?)` for the known name that is most like this one, nothing where none is."""
    found = difflib.get_close_matches(name, known, n=1)
    return f' (did you mean {found[0]}?)' if found else ''

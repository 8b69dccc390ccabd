"""How the commands end on bad input: one line that names it, exit code 2, no traceback."""

import sys
from collections.abc import Callable


def run_command(main: Callable[[], None]) -> None:
    """Runs a command's main. Errors of values, files and missing tools are the user's to mend; all others keep their traceback."""
    try:
        main()
    except (ValueError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        sys.exit(2)

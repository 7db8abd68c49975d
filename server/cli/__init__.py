"""The `inlay` command: the admin's and the tester's way in, one file per noun."""

import sys

from server import memory

try:
    with memory.loading():
        from server.cli.main import load, main
except KeyboardInterrupt:  # Importing takes a second: Ctrl-C ends it as it ends a command.
    sys.exit(130)

__all__ = ["main", "run"]


def run() -> None:
    """Be the command in a process of its own: what it loads stays until it ends."""
    try:
        with memory.loading():
            load(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    memory.keep()
    main()

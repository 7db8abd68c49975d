"""The `inlay` command: the admin's and the tester's way in, one file per noun."""

import sys

from server import memory

try:
    with memory.loading():
        from server.cli.main import main
except KeyboardInterrupt:  # Importing takes a second: Ctrl-C ends it as it ends a command.
    sys.exit(130)

__all__ = ["main"]

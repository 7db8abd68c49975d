"""The `inlay` command: the admin's and the tester's way in, one file per noun."""

from server.cli.main import main

__all__ = ["main"]

"""A reader that some letters end: it dies of them, eats all memory, or comes to no end.

`poison(b"X-Poison")` lets this process die of every letter with these bytes, and whoever tries one
apart as well.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from sync import reading, trial
from sync.errors import UnreadableMessageError


def poison(poison: bytes) -> None:
    """Let reading end this process, and any that tries a letter apart."""
    trial.COMMAND = [sys.executable, "-m", "tests.sync.deadly", poison.decode("ascii")]
    read = reading.read

    def deadly(raw: bytes, **more: Any) -> Any:
        if poison + b": spins" in raw:
            while True:
                pass
        if poison + b": eats" in raw:
            return b"x" * 4 * trial.MEMORY
        if poison + b": garbled" in raw:
            raise UnreadableMessageError("garbled beyond reading")
        if poison in raw:
            os._exit(137)
        return read(raw, **more)

    reading.read = deadly  # type: ignore[assignment]


if __name__ == "__main__":
    poison(sys.argv[1].encode("ascii"))
    trial.CPU = int(os.environ.get("TRIAL_CPU", trial.CPU))
    trial.main(sys.stdin.buffer, sys.stdout.buffer)

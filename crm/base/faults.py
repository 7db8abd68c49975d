"""Say of a fault what it is and where it happened, and not one word of what somebody wrote.

The words of an exception may quote a letter, a name or a key of the database: no log has them.
"""

from __future__ import annotations

import traceback
from pathlib import Path

_FRAMES = 12
#: Where the code of others lies.
_OTHERS = ("site-packages", "dist-packages")


def place(error: BaseException) -> str:
    """Name an error, the constraint that it met, and the way to it, innermost first, in a line.

    Of the way through other people's code the innermost step alone is named.
    """
    frames = list(reversed(traceback.extract_tb(error.__traceback__)))
    ours = [frame for frame in frames[1:] if not any(name in frame.filename for name in _OTHERS)]
    frames = [*frames[:1], *ours[:_FRAMES]]
    way = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{_name(error)} at {way}" if way else _name(error)


def _name(error: BaseException) -> str:
    """Name an error by its class; one of the database's by its own and what it was about."""
    cause = getattr(error, "orig", None) or error
    about = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return f"{type(cause).__name__} ({about})" if about else type(cause).__name__


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-2:])

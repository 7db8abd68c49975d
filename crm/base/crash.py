"""Named points at which a test lets the process die, as a power cut would.

`CRASH_AT=after filing:3` ends it without any clean-up at the third passing of that point. Unset,
as everywhere but in tests, a point costs one look at a constant.
"""

from __future__ import annotations

import os

#: The points of the road by which mail comes in, in their order.
POINTS = (
    "after claim",
    "after fetch",
    "after reading",
    "before filing",
    "after people",
    "after messages",
    "after copies",
    "after links",
    "after filing",
    "after cursor",
    "before commit",
    "after commit",
    "after plan",
    "before release",
    "after compare",
)
#: The points of the way by which a message leaves.
SENDING = (
    "after outgoing claim",
    "before leaving",
    "after leaving",
    "after departure",
    "after own letter",
    "before copy",
    "after copy",
)
#: What lies between these over Gmail, in their order: before "before leaving".
DRAFTING = ("before draft", "after draft", "after draft id")
#: The points of a plan that is written in pieces, as of a mailbox with a history.
PLANNING = ("after piece",)

_NAME, _, _COUNT = os.environ.get("CRASH_AT", "").partition(":")
_left = int(_COUNT or 1)


def point(name: str) -> None:
    """Die here, if the environment says so."""
    global _left  # noqa: PLW0603 - one counter a process
    if name != _NAME:
        return
    _left -= 1
    if _left <= 0:
        os._exit(137)

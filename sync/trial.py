"""Try a letter in a process of its own, to see whether reading it ends whoever reads it.

A worker may be killed by anything, and twice beside the same letter. Before that letter is kept
unread, a child reads it: what the child survives, it is not. The child gets the letter by its
standard input, says nothing, and ends with 0 when it has read it, or found that it cannot be read.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.mail.letter import LeftPart
from sync import reading
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from typing import BinaryIO

    from sync.source import RawMessage

#: How a child is started.
COMMAND = [sys.executable, "-m", "sync.trial"]
#: Seconds of CPU time and bytes of address space that a child may use, and seconds that it may
#: last. No letter needs a tenth of any.
CPU, MEMORY, LONGEST = 20, 1_000_000_000, 120


def survived(message: RawMessage) -> bool:
    """Tell whether a child lives through reading a letter. Raises OSError where none starts."""
    left = [asdict(part) for part in message.left]
    head = json.dumps({"left": left, "size": message.place.size}).encode() + b"\n"
    try:
        child = subprocess.run(  # noqa: S603 - our own command; the letter is its input
            COMMAND,
            input=head + message.raw,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def main(given: BinaryIO) -> None:
    """Read the letter that came by standard input, within narrow limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = json.loads(given.readline())
    left = tuple(LeftPart(**part) for part in told["left"])
    try:
        reading.read(given.read(), left=left, size=told["size"] if left else None)
    except UnreadableMessageError:
        return  # It can be said in words, by whoever reads it next.


if __name__ == "__main__":
    main(sys.stdin.buffer)

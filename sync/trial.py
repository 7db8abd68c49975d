"""Try a letter in a process of its own, to see whether reading it ends whoever reads it.

A worker may be killed by anything, and twice beside the same letter. So a child reads such a letter
first. It gets it by its standard input, says "begun" once it is about to read, and then ends in
order, with the error's words where it cannot be read, or does not: then the letter is at fault.
A child that ended before it had begun, was told to stop, or did not end in time shows nothing.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.base.i18n import lazy
from crm.mail.letter import LeftPart
from sync import reading
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from typing import BinaryIO

    from sync.source import RawMessage

#: The error of a letter that ended every worker which read or filed it.
DEADLY = lazy("reading or filing it ended the worker")
#: How a child is started.
COMMAND = [sys.executable, "-m", "sync.trial"]
#: Seconds of CPU time and bytes of address space that a child may use: no letter needs a half.
CPU, MEMORY = 12, 1_000_000_000
#: Seconds that it may last: less than a lease, which nobody renews meanwhile.
LONGEST = 20
_BEGUN = b"begun\n"
#: By these a whole group of processes is told to stop, and its children with it.
_STOPPED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def fault_of(message: RawMessage) -> str:
    """Say why a letter has to be kept unread, in the words of its error; "" where it can be read.

    "" too where a child could not be had, was told to stop, or did not end in time: then nothing
    was shown.
    """
    left = [asdict(part) for part in message.left]
    head = json.dumps({"left": left, "size": message.place.size}).encode() + b"\n"
    try:
        child = subprocess.run(  # noqa: S603 - our own command; the letter is its input
            COMMAND,
            input=head + message.raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if not child.stdout.startswith(_BEGUN) or -child.returncode in _STOPPED:
        return ""
    if child.returncode:
        return DEADLY
    return child.stdout.removeprefix(_BEGUN).decode()


def main(given: BinaryIO, told: BinaryIO) -> None:
    """Read the letter that came by standard input, within narrow limits."""
    head = json.loads(given.readline())
    left = tuple(LeftPart(**part) for part in head["left"])
    raw = given.read()
    _limit(resource.RLIMIT_CPU, CPU)
    _limit(resource.RLIMIT_AS, MEMORY)
    told.write(_BEGUN)
    told.flush()
    try:
        reading.read(raw, left=left, size=head["size"] if left else None)
    except UnreadableMessageError as error:
        told.write(str(error).encode())


def _limit(what: int, most: int) -> None:
    """Allow so much of something, or less where less is allowed already."""
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)

"""Tie a process to whoever starts it: when the starter dies, however it dies, it is told to end.

`python -m server.tether PID COMMAND…` asks the kernel for SIGTERM at the starter's death, and
becomes the command. The wish outlives execve (prctl(2), PR_SET_PDEATHSIG), and nothing of ours has
to run between fork and exec. It is Linux's; elsewhere the command runs untied.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tied(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command that runs another and ends with this process."""
    return (sys.executable, "-m", "server.tether", str(os.getpid()), *command)


def main() -> None:
    """Become the command, tied to the process of this id; not at all where it is gone already."""
    starter, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == starter:
        os.execv(command[0], command)  # noqa: S606 - a command of the supervisor's


if __name__ == "__main__":
    main()

"""The dialogue on one connection that waits: IDLE (RFC 2177), or NOOP where a server has no IDLE.

    asked ──"+"──> idling ──renew──> ending ──tagged──> asked
      └──NO, BAD──> resting ──rest──> nooped ──tagged──> resting

An IDLE that a server ends at once is as good as refused; one that it ends later is asked for anew.

Bytes and moments come in, bytes to be sent come out; there is no socket here and no clock. A
server may say what it likes at any time (RFC 3501, section 7). Only what changes INBOX is news.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sync.watch.pace import Pace

#: What a server says unasked is short. A line of FETCH with many keywords has some hundred bytes.
LONGEST_LINE: Final = 16_384
#: What it may say between two questions: the flags of some 50,000 messages.
MOST: Final = 4_000_000
#: An IDLE that the server ended within so many seconds was none.
AT_ONCE: Final = 1.0
#: RFC 3501, sections 7.3 and 7.4; VANISHED for EXPUNGE (RFC 7162, section 3.2.10).
_CHANGE: Final = re.compile(rb"\* (?:(\d{1,10}) (EXISTS|EXPUNGE|FETCH)\b|VANISHED )", re.IGNORECASE)


class BrokenError(Exception):
    """The dialogue cannot go on: the server says goodbye, no, too much, or nothing."""


class _State(Enum):
    ASKED = "asked"
    IDLING = "idling"
    ENDING = "ending"
    RESTING = "resting"
    NOOPED = "nooped"


class Line:
    """One connection, logged in, with INBOX open. `news` says that INBOX has changed."""

    __slots__ = (
        "_asked_at",
        "_count",
        "_held",
        "_idles",
        "_pace",
        "_said",
        "_state",
        "_tag",
        "_until",
        "news",
    )

    def __init__(self, pace: Pace, *, idles: bool, count: int | None) -> None:
        self._pace = pace
        self._idles = idles
        self._count = count  # of messages, as far as the server has told
        self._state = _State.RESTING
        self._until = 0.0
        self._asked_at = 0.0
        self._tag = 0
        self._held = b""
        self._said = 0
        self.news = False

    def begin(self, now: float) -> bytes:
        """Return what is to be sent first."""
        if self._idles:
            return self._ask(b"IDLE", _State.ASKED, now)
        self._rest(now)
        return b""

    def hear(self, piece: bytes, now: float) -> bytes:
        """Take what the server has said; return what is to be sent. Raises BrokenError."""
        self._said += len(piece)
        if self._said > MOST:
            raise BrokenError("it says too much")
        *lines, self._held = (self._held + piece).split(b"\n")
        if len(self._held) > LONGEST_LINE:
            raise BrokenError("a line without an end")
        return b"".join([self._hear_line(line, now) for line in lines])

    def look(self, now: float) -> bytes:
        """Return what is to be sent because it is time to. Raises BrokenError."""
        if now < self._until:
            return b""
        if self._state is _State.IDLING:
            self._turn(_State.ENDING, now + self._pace.answer)
            return b"DONE\r\n"
        if self._state is _State.RESTING:
            return self._ask(b"NOOP", _State.NOOPED, now)
        raise BrokenError("it does not answer")

    def _hear_line(self, line: bytes, now: float) -> bytes:
        if line.startswith(b"* "):
            if line[2:5].upper() == b"BYE":
                raise BrokenError("it says goodbye")
            self._note(line)
        elif line.startswith(b"+"):
            if self._state is _State.ASKED:
                self._turn(_State.IDLING, now + self._pace.renew)
        elif line.startswith(b"W%d " % self._tag):
            return self._answered(line, now)
        return b""

    def _answered(self, line: bytes, now: float) -> bytes:
        refused = line.split(b" ", 2)[1].strip().upper() != b"OK"
        if self._state is not _State.ASKED and refused:
            raise BrokenError("it refuses what it had begun" if self._idles else "it refuses NOOP")
        began = self._state is _State.IDLING
        if self._state is _State.ASKED or (began and now - self._asked_at < AT_ONCE):
            # It announced IDLE and refuses it, or ends it at once: there are servers that do.
            self._idles = False
        return self.begin(now)

    def _note(self, line: bytes) -> None:
        found = _CHANGE.match(line)
        if found is None:
            return
        number, what = found[1], (found[2] or b"").upper()
        if what == b"EXISTS":
            self.news = self.news or int(number) != self._count
            self._count = int(number)
            return
        if what == b"EXPUNGE" and self._count:
            self._count -= 1  # Without an EXISTS of its own (RFC 3501, section 7.4.1).
        self.news = True

    def _ask(self, words: bytes, state: _State, now: float) -> bytes:
        self._tag += 1
        self._said = 0
        self._asked_at = now
        self._turn(state, now + self._pace.answer)
        return b"W%d %b\r\n" % (self._tag, words)

    def _rest(self, now: float) -> None:
        self._turn(_State.RESTING, now + self._pace.rest)

    def _turn(self, state: _State, until: float) -> None:
        self._state, self._until = state, until

"""Ways by which a letter leaves. Each is a dialogue of steps, with a row committed between them.

    row           SMTP                              Gmail
    ───────────   ───────────────────────────────   ─────────────────────────────────
    waiting       connect, TLS, AUTH                drafts.create, unless remembered or found
                  MAIL, RCPT of each                steps.remember({"draft": id})
    ── steps.leave() ── committed: sending ── from here on it may leave ─────────────
    sending       DATA, the letter, "."             drafts.send
    ── returned: Departure ── committed: sent ───────────────────────────────────────
    sent          keep: looked for in Sent,         nothing is left to do
                  appended where it is not
    taken back    nothing lies anywhere             withdraw: the draft is deleted

A transport holds no session and commits nothing: it is given `Steps`, which do. Before `leave` it
may do whatever a later try can find again or do once more; what it needs for that, it remembers.
Between `leave` and the server's answer lies one step alone, which makes the letter leave or not.

What it raises says what is certain:

    LaterError       it has not left; the server, or the way there, lets it through later
    RefusedError     it has not left, and never will like this
    anything else    of `sync.errors`: before `leave`, as LaterError; after it, nobody can tell

A row that nobody can tell of is `unknown`, and `look` is asked where the letter is. Gmail knows
for certain that it never left (its draft is still there); SMTP can say at best that it did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from crm.mail.models import OutgoingTrouble
from sync.errors import SyncError, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.mail.draft import Draft


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter on its way: what it says, its bytes, and what was remembered of earlier tries."""

    draft: Draft
    raw: bytes
    remote: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Departure:
    """That a letter has left: whom the server refused, and which Message-ID it gave it."""

    refused: Mapping[str, str] = field(default_factory=dict)  # address, and the server's words
    rfc_id: str = ""  # "" where it left ours as it was


class Verdict(Enum):
    """Where a letter is of which nobody could tell whether it left."""

    LEFT = "left"
    NEVER_LEFT = "never_left"
    CANNOT_TELL = "cannot_tell"


class Steps(Protocol):
    """What is committed between a transport's steps. Raises LostClaimError when another has it."""

    def remember(self, remote: Mapping[str, Any]) -> None:
        """Commit what must be known again after a crash."""

    def leave(self) -> None:
        """Commit that the letter may leave from now on. Once, and right before it does."""


class Transport(Protocol):
    """A way by which letters of one mailbox leave.

    `place` is where it sends, for the mailbox to keep once that has worked; None where there is
    nothing to keep.
    """

    @property
    def place(self) -> Mapping[str, Any] | None:
        """Return where it sends, as a mailbox keeps it."""

    def send(self, parcel: Parcel, steps: Steps) -> Departure:
        """Let a letter leave, once. Raises what the package's docstring says."""

    def look(self, parcel: Parcel) -> Verdict:
        """Find out whether a letter has left. Raises the errors of `sync.errors`."""

    def keep(self, parcel: Parcel) -> bool:
        """See that the mailbox has its copy, once; False where it cannot be yet. Sends nothing.

        Raises the errors of `sync.errors`.
        """

    def withdraw(self, parcel: Parcel) -> None:
        """Take away what `send` has begun of a letter that is not to be sent. Safe to repeat.

        What its owner has changed since is theirs, and stays. Raises the errors of `sync.errors`.
        """


class NotSentError(SyncError):
    """The letter has not left, for certain; `trouble` says why, and `refused` whom it concerns.

    `wait` is how long it would be in vain to try it again.
    """

    def __init__(
        self,
        trouble: OutgoingTrouble,
        words: str,
        *,
        why: Why = Why.OTHER,
        said: str = "",
        refused: Mapping[str, str] | None = None,
        wait: timedelta = timedelta(0),
    ) -> None:
        super().__init__(words, why=why, said=said)
        self.trouble = trouble
        self.wait = wait
        self.refused = dict(refused or {})


class LaterError(NotSentError):
    """Not now. Passing: it is tried again."""


class RefusedError(NotSentError):
    """Not like this. Settled: its author is told."""


class LostClaimError(Exception):
    """Another worker has this message now, or its author has decided: do nothing more."""

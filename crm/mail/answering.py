"""Whom an answer goes to, and what it is called: pure functions over who stands in a message.

The one who asked for answers elsewhere gets them there; who answers what is their own goes on to
those whom they wrote to. Nobody gets an answer from themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.base.addresses import Address
from crm.mail import subjects
from crm.mail.letter import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crm.mail.models import Participant

_LONGEST: Final = 900
MOST_REFERENCES: Final = 100


def subject(answered: str) -> str:
    """Return the subject of an answer: what it was, behind one Re."""
    rest = " ".join(answered.split())
    for _prefix in range(subjects.MOST):
        prefix, behind = subjects.parted(rest)
        if prefix not in subjects.ANSWERED:
            break
        rest = behind
    return f"Re: {rest}"[:_LONGEST].rstrip()


def recipients(
    people: Sequence[Participant], ours: Collection[str], *, everybody: bool
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """Return to whom an answer goes, and who has a copy of it."""
    author = _of(people, Role.FROM)
    to = _of(people, Role.REPLY_TO) or author
    own = bool(author) and author[0].email in ours
    if own:
        to = _of(people, Role.TO)
    cc = [*(() if own else _of(people, Role.TO)), *_of(people, Role.CC)] if everybody else []
    first = [one for one in dict.fromkeys(to) if own or one.email not in ours] or list(to[:1])
    second = [one for one in dict.fromkeys(cc) if one.email not in ours and one not in first]
    return tuple(first), tuple(second)


def references(before: Sequence[str], own: str) -> list[str]:
    """Return what an answer refers to: the first of the thread, the newest, and what it answers.

    At most MOST_REFERENCES: what names them all has been too long for servers on the way.
    """
    found = [one for one in dict.fromkeys(before) if one != own]
    if len(found) >= MOST_REFERENCES:
        found = [found[0], *found[-(MOST_REFERENCES - 2) :]]
    return [*found, *([own] if own else [])]


def quote(text: str, line: str) -> str:
    """Return a text as it is quoted below an answer, under a line that says whose it is."""
    quoted = "\n".join(f">{' ' if one and one[0] != '>' else ''}{one}" for one in text.split("\n"))
    return f"{line}\n{quoted}"


def _of(people: Sequence[Participant], role: Role) -> list[Address]:
    return [Address(p.email, p.name) for p in people if p.role == role and "@" in p.email]

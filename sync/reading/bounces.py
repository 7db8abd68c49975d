"""Letters that a mail server gives back: to whom they did not go, and whether they ever will."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.mail.meaning import Bounce
from sync.reading.clues import POSTMASTERS
from sync.reading.headers import parameter
from sync.reading.mime import ReaderError

if TYPE_CHECKING:
    from sync.reading.clues import Clues
    from sync.reading.mime import Leaf

#: Words in subjects of mail servers that give a letter back.
FAILURE_SUBJECTS = (
    "undelivered mail returned to sender",  # Postfix
    "mail delivery failed",  # Exim
    "delivery status notification (failure)",  # Gmail, Exchange
    "delivery status notification (delay)",
    "failure notice",  # qmail, Yahoo
    "undeliverable",  # Exchange
    "returned mail",  # Sendmail
    "delivery failure",  # Domino
    "mail system error",
    "message not delivered",
    "nedoručitelné", "nedoručitelná zpráva",
    "niedostarczalne", "niedostarczona",
    "unzustellbar", "недоставленное сообщение", "не удалось доставить", "non remis",
)  # fmt: skip


class Found(NamedTuple):
    """A bounce with the sign that told it."""

    bounce: Bounce
    reason: str


def find(clues: Clues) -> Found | None:
    """Return what a bounce tells, or None where the letter is none."""
    reason = _reason(clues)
    return Found(Bounce((), "", permanent=None), reason) if reason else None


def _reason(clues: Clues) -> str:
    if clues.type_field.startswith("multipart/report") and _is_failed(clues):
        return "multipart/report"
    if "x-failed-recipients" in clues.fields.values:  # Exim, Gmail
        return "X-Failed-Recipients"
    if clues.subject.lower().startswith(FAILURE_SUBJECTS) and (
        clues.local.startswith(POSTMASTERS) or clues.cannot_bounce
    ):
        return "returned mail"
    return ""


def _is_failed(clues: Clues) -> bool:
    for leaf in clues.leaves:
        if leaf.content_type in ("message/delivery-status", "message/global-delivery-status"):
            return _says_failed(leaf)
    return parameter(clues.type_field, "report-type") == "delivery-status"


def _says_failed(leaf: Leaf) -> bool:
    """RFC 3464, section 2.3.3: failed and delayed are bad news, delivered and relayed are not."""
    try:
        status = leaf.content()[:65_536].lower()
    except ReaderError:
        return True
    good = b"action: delivered", b"action: relayed", b"action: expanded"
    if b"action: failed" in status or b"action: delayed" in status:
        return True
    return not any(word in status for word in good)

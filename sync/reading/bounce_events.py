"""Bounces that a sending service tells as JSON: Amazon SES by way of Amazon SNS.

Source: "Amazon SNS notification contents for Amazon SES" in Amazon's developer guide.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sync.reading import bounce_status, ids
from sync.reading.bounce_addresses import addresses
from sync.reading.bounce_reports import MOST_RECIPIENTS, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1 << 18
#: Who sends it.
DOMAIN = "amazonaws.com"

_KINDS = ("notificationType", "eventType")


class Event(NamedTuple):
    """What a service tells of a letter that it could not deliver."""

    told: tuple[Told, ...]
    returned_id: str


def find(text: str) -> Event | None:
    """Return what an event tells, or None where the text is none of a bounce."""
    if not text.startswith("{"):
        return None
    try:
        event, _ = json.JSONDecoder(strict=False).raw_decode(text[:LONGEST])
    except (ValueError, RecursionError):
        return None
    if not any(event.get(kind) == "Bounce" for kind in _KINDS):
        return None
    bounce = _object(event.get("bounce"))
    late = bounce.get("bounceType") == "Transient"
    mail = _object(event.get("mail"))
    return Event(
        tuple(_told(bounce.get("bouncedRecipients"), late=late))[:MOST_RECIPIENTS],
        ids.normal(str(_object(mail.get("commonHeaders")).get("messageId") or "")),
    )


def _told(recipients: object, *, late: bool) -> Iterator[Told]:
    for each in recipients if isinstance(recipients, list) else ():
        recipient = _object(each)
        said = str(recipient.get("diagnosticCode") or "").removeprefix("smtp;").strip()
        status = bounce_status.first(str(recipient.get("status") or ""))
        for address in addresses(str(recipient.get("emailAddress") or ""))[:1]:
            yield Told(
                address,
                "delayed" if late else "failed",
                bounce_status.best(bounce_status.in_reply(said), status),
                said,
            )


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

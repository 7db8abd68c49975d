"""What a message passes on, in one line: whose it was, of when, and about what."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from addon.widgets import isolate
from crm.base import showing
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from datetime import date

    from crm.mail.models import ForwardRow

_MOST = 120


def line(row: ForwardRow, today: date) -> str:
    """Say whose the message was that is passed on; "" where nothing is known of it."""
    said = (_who(row.name, row.email), _day(row.date_text, today), row.subject)
    shown = [isolate(" ".join(showing.straight(words).split())[:_MOST]) for words in said if words]
    return _("Forwarded: {what}").format(what=showing.listing(shown)) if shown else ""


def _who(name: str, email: str) -> str:
    return f"{name} <{email}>" if name and email and name != email else name or email


def _day(text: str, today: date) -> str:
    """Say the day, where the other program wrote it as a header has it; else what it wrote."""
    try:
        return showing.day_within(parsedate_to_datetime(text).date(), today)
    except (ValueError, TypeError, OverflowError, IndexError):
        return text

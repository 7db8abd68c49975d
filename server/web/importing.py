"""The two ways of a first import of Gmail: what each needs, how long it takes, and what came of it.

Reading over the API is the way unless somebody chooses the other: it needs the least consent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.base.showing import number
from crm.mail import importing
from crm.mail.importing import Over, Why
from crm.mail.models import MailboxKind
from sync.connecting import lasting
from sync.google import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.base.settings import Settings
    from crm.mail.models import Mailbox
    from server.web.connecting import Typed
    from sync.connecting.previewing import Preview


@dataclass(frozen=True, slots=True)
class WayView:
    """One way of a first import: it can be chosen, or there is a consent to ask for first."""

    value: str
    name: str
    lasts: str
    needs: str
    chosen: bool
    consent_href: str = ""


def ways(found: Preview, typed: Typed, over: Over, settings: Settings) -> tuple[WayView, ...]:
    """Return both ways, with what each needs, and how long what was found takes by it."""
    lasts = lasting.of(found, settings)
    covered = _covered(typed)
    return (
        WayView(
            value=Over.API.value,
            name=_("Over Gmail’s API"),
            lasts=_about(lasts[Over.API]),
            needs=_("Needs leave to read your mail, which you have given."),
            chosen=not covered or over is Over.API,
        ),
        WayView(
            value=Over.IMAP.value,
            name=_("Over IMAP"),
            lasts=_about(lasts[Over.IMAP]),
            needs=_(
                "Needs leave for full access to your mail, for Google has no smaller one for IMAP,"
                " and IMAP turned on in Gmail. Inlay reads by it, and sends what you write here;"
                " what comes later comes over the API."
            ),
            chosen=covered and over is Over.IMAP,
            consent_href="" if covered else url_for("gmail.widen"),
        ),
    )


def chosen(typed: Typed, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what of the choice stands in a mailbox's place. Raises InvalidError."""
    if typed.kind is not MailboxKind.GMAIL:
        return {}
    over = over_of(form)
    if over is Over.IMAP and not _covered(typed):
        raise InvalidError(_("The consent does not cover IMAP. Nothing was stored."))
    return importing.choice(over)


def over_of(form: Mapping[str, str]) -> Over:
    """Return the way that was chosen. Raises InvalidError."""
    try:
        return Over(form.get("over", Over.API))
    except ValueError as error:
        raise InvalidError(_("There is no such choice. Nothing was stored.")) from error


def words(box: Mailbox) -> str:
    """Say why a first import does not go over IMAP, as was chosen; "" where it does, or is over."""
    ended = importing.left(box)
    if ended is None or box.synced_at is not None:
        return ""
    match ended.why:
        case Why.REFUSED:
            return _(
                "Gmail lets nobody in over IMAP here: it is turned off in Gmail’s settings or by"
                " the admin, or the consent does not cover it. The first import goes on over"
                " Gmail’s API."
            )
        case Why.HIDDEN:
            return _(
                "Gmail does not show “All Mail” over IMAP here, as Gmail’s settings say under"
                " Labels. The first import goes on over Gmail’s API."
            )
        case Why.LIMIT:
            return _(
                "Gmail’s limit for IMAP is used up for now. The first import goes on over Gmail’s"
                " API, and over IMAP again later."
            )
        case Why.BROKEN:
            return _(
                "Gmail’s IMAP does not answer just now. The first import goes on over Gmail’s API,"
                " and over IMAP again later."
            )


def _covered(typed: Typed) -> bool:
    """Tell whether the consent that was given covers IMAP."""
    return set(EVERYTHING) <= set((typed.gmail or {}).get("scopes", ()))


def _about(seconds: float) -> str:
    """Say about how long something takes."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 90:
        return ngettext("about {n} minute", "about {n} minutes", minutes).format(n=number(minutes))
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("about {n} hour", "about {n} hours", hours).format(n=number(hours))
    days = round(hours / 24)
    return ngettext("about {n} day", "about {n} days", days).format(n=number(days))

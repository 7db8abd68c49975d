"""What a consent of Google's does not allow, in words, and the one click that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail import importing
from crm.mail.importing import Over
from crm.mail.models import MailboxKind, OutgoingTrouble
from server.web.views import Action
from sync import google

if TYPE_CHECKING:
    from crm.mail.models import Mailbox

_LABELS = {
    OutgoingTrouble.CONSENT: lazy("Connect again"),
    OutgoingTrouble.SCOPE_MISSING: lazy("Allow sending"),
}


def missing(box: Mailbox) -> str:
    """Say that a mailbox may be read alone; "" where it may send."""
    if _sends(box):
        return ""
    return _("Its consent is for reading alone: nothing can be sent from it.")


def actions(box: Mailbox) -> tuple[Action, ...]:
    """Return the way to the consent that a mailbox lacks for sending, where it lacks one."""
    return () if _sends(box) else mending(box, OutgoingTrouble.SCOPE_MISSING)


def mending(box: Mailbox, trouble: OutgoingTrouble) -> tuple[Action, ...]:
    """Return the way to Google's page, where its user's consent there is what mends a trouble."""
    if trouble not in _LABELS or box.place.get("grant") != google.CONSENT:
        return ()  # What a domain's admin has let us do, they alone change.
    there = url_for("gmail.again", mailbox_id=box.id)
    return (Action(_(_LABELS[trouble]), there, "key-round"),)


def faster(box: Mailbox) -> tuple[Action, ...]:
    """Return the way to the wider consent by which the rest of a first import goes over IMAP."""
    over_api = importing.chosen(box) is Over.API and box.synced_at is None
    if box.kind != MailboxKind.GMAIL or box.place.get("grant") != google.CONSENT or not over_api:
        return ()
    there = url_for("gmail.again", mailbox_id=box.id, over=Over.IMAP.value)
    return (Action(_("Go on over IMAP, which is faster"), there, "key-round"),)


def _sends(box: Mailbox) -> bool:
    return box.kind != MailboxKind.GMAIL or google.may_send(box.place)

"""What became of messages that were written here, beside the thread in which they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, url_for

from addon.widgets import isolate
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail import drafts, mailboxes, outgoing, parting, written
from crm.mail.models import MailboxState, OutgoingState, OutgoingTrouble
from server.web import allowing
from server.web.mailboxes import taking_up
from server.web.views import Action, OutgoingView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from crm.mail.models import Mailbox, Outgoing
    from crm.mail.visibility import Viewer

#: What was in the way, and what to do next.
_WORDS = {
    OutgoingTrouble.UNREACHABLE: lazy("The server for sending cannot be reached just now."),
    OutgoingTrouble.DEFERRED: lazy("The server does not take it just now."),
    OutgoingTrouble.LOGIN: lazy(
        "The server for sending refuses the login. Give the mailbox a new password, then try again."
    ),
    OutgoingTrouble.RECIPIENTS: lazy(
        "The server takes none of the addresses. Check how they are written."
    ),
    OutgoingTrouble.REFUSED: lazy("The server does not take this message."),
    OutgoingTrouble.TOO_LARGE: lazy("It is too large for the server. Leave an attachment out."),
    OutgoingTrouble.ALPHABET: lazy("The server cannot write an address with such letters."),
    OutgoingTrouble.UNSAFE: lazy(
        "The connection to the server for sending would not be safe. Nothing was sent. An admin"
        " checks where the mailbox sends."
    ),
    OutgoingTrouble.FAULT: lazy(
        "Something broke in Inlay before it could leave. An admin finds why in the server’s output."
    ),
    OutgoingTrouble.QUOTA: lazy("Gmail’s limit is used up for now."),
    OutgoingTrouble.CONSENT: lazy(
        "Google’s consent for this mailbox has ended. Connect it again, then try again."
    ),
    OutgoingTrouble.SCOPE_MISSING: lazy(
        "The consent for this mailbox is for reading alone. Allow sending at Google, then try"
        " again."
    ),
    OutgoingTrouble.NOT_ADMITTED: lazy(
        "Google does not let Inlay into this mailbox: an admin’s setting keeps it out."
    ),
    OutgoingTrouble.KEY_MISSING: lazy(
        "No key in VAULT_KEYS opens the password of this mailbox. An admin puts it back."
    ),
    OutgoingTrouble.NO_WAY: lazy(
        "Nothing can be sent from this mailbox: it is read from files. Choose another one."
    ),
    OutgoingTrouble.DISCONNECTED: lazy(
        "Its mailbox was disconnected. Connect it again, then try again."
    ),
    OutgoingTrouble.NOT_ALLOWED: lazy(
        "Whoever wrote it may not send from this mailbox any more, or not under this address."
        " Nothing was sent."
    ),
}
#: Of these our words say all there is: what is noted beside them says the same, in English.
_SAID_WHOLE = frozenset(
    {OutgoingTrouble.DISCONNECTED, OutgoingTrouble.NOT_ALLOWED, OutgoingTrouble.NO_WAY}
)
_STATES = (
    *(OutgoingState.WAITING, OutgoingState.SENDING),
    *(OutgoingState.FAILED, OutgoingState.UNKNOWN),
)


def waiting(viewer: Viewer, thread_id: UUID, now: datetime) -> tuple[OutgoingView, ...]:
    """Return what was written in a thread and has not left, or of which nobody can tell."""
    found = written.of_thread(g.session, viewer, thread_id)
    return tuple(_view(viewer, one, now) for one in found if _is_shown(one))


def notes(viewer: Viewer, message_ids: list[UUID]) -> dict[UUID, str]:
    """Return what is to be said of messages that their viewer may see, beside what they say."""
    found = written.of_messages(g.session, viewer, message_ids)
    said = {message_id: _note(one) for message_id, one in found.items()}
    return {message_id: words for message_id, words in said.items() if words}


def decisions(outgoing_id: UUID, state: OutgoingState) -> tuple[Action, ...]:
    """Return what its author may decide of a message that failed, or that is in doubt."""
    leave = _("Leave it at that")
    if state == OutgoingState.FAILED:
        return (_to("again", outgoing_id, _("Try again")), _to("undo", outgoing_id, leave))
    return (
        _to("arrived", outgoing_id, _("It arrived")),
        _to("again", outgoing_id, _("Send again")),
        _to("drop", outgoing_id, leave),
    )


def _note(one: Outgoing) -> str:
    if marked := written.mark(one):
        return marked
    if one.trouble == OutgoingTrouble.KEPT_HERE:
        return _("Kept here (demo): nothing leaves this workspace.")
    return ""


def _is_shown(one: Outgoing) -> bool:
    return one.state in _STATES or bool(one.state == OutgoingState.SENT and one.refused)


def _view(viewer: Viewer, one: Outgoing, now: datetime) -> OutgoingView:
    mine, filed = one.author_id == viewer.user.id, one.message_id is not None
    people = [p for p in one.recipients if mine or p["role"] != "bcc"]  # Its author alone is told.
    hidden = {p["email"] for p in one.recipients} - {p["email"] for p in people}
    box = mailboxes.get(g.session, viewer.workspace_id, one.mailbox_id)
    text, kind, icon = _state(viewer, one, box, now)
    return OutgoingView(
        id=str(one.id),
        text=text,
        kind=kind,
        icon=icon,
        snippet="" if filed else showing.straight(_own_words(one.text)),
        to="" if filed else ", ".join(isolate(_person(p)) for p in people),
        files=() if filed else tuple(isolate(f.filename) for f in drafts.files(g.session, one)),
        said=one.said if _needs_more_words(one) and not hidden else "",  # It may name one of them.
        refused=tuple((e, words) for e, words in one.refused.items() if e not in hidden),
        actions=(*_mending(viewer, one, box), *_actions(one)) if mine else (),
    )


def _person(said: Mapping[str, str]) -> str:
    """Name somebody by their address too: their name is whatever somebody has written."""
    name, email = said["name"], said["email"]
    return f"{name} <{email}>" if name and name != email else email


def _needs_more_words(one: Outgoing) -> bool:
    """Tell whether somebody has to do something about it, and so what exactly was said."""
    kept_out = one.state == OutgoingState.WAITING and one.trouble == OutgoingTrouble.NOT_ADMITTED
    failed = one.state == OutgoingState.FAILED and one.trouble not in _SAID_WHOLE
    return failed or kept_out


def _own_words(text: str) -> str:
    """Return the beginning of what was written, without what it quotes."""
    new = text.partition("\n>")[0]
    return (new.rpartition("\n\n")[0] if new != text else new)[:200]


def _state(viewer: Viewer, one: Outgoing, box: Mailbox, now: datetime) -> tuple[str, str, str]:
    """Say how far it has come, how bad that is, and by which sign."""
    if one.state == OutgoingState.FAILED:
        why = _(_WORDS.get(OutgoingTrouble(one.trouble), _WORDS[OutgoingTrouble.REFUSED]))
        return _("Not sent. {why}").format(why=why), "bad", "circle-alert"
    if one.state == OutgoingState.UNKNOWN:
        if one.due_at is not None:
            return _("We are looking whether this left. Wait a moment."), "warn", "hourglass"
        return _("We cannot tell whether this left."), "warn", "triangle-alert"
    if one.state == OutgoingState.SENDING:
        return _("On its way."), "", "send"
    if one.state == OutgoingState.SENT:
        return _("Sent, but not to everybody."), "warn", "triangle-alert"
    return _while_waiting(one, box, now, showing.zone(viewer.user.time_zone))


def _while_waiting(
    one: Outgoing, box: Mailbox, now: datetime, zone: ZoneInfo
) -> tuple[str, str, str]:
    """Say of what waits what it waits for: its time, its server, or its mailbox."""
    if box.state == MailboxState.DISCONNECTED:
        said = _("It is not sent before {address} is connected again.")
        return said.format(address=isolate(box.address)), "warn", "unlink"
    if one.tries and one.due_at is not None:
        why = _(_WORDS.get(OutgoingTrouble(one.trouble), _WORDS[OutgoingTrouble.DEFERRED]))
        when = showing.moment(one.due_at, now, zone)
        said = _("{why} It is tried again by itself: {when}.").format(why=why, when=when)
        return said, "warn", "clock"
    if one.due_at is not None and one.due_at - now > 2 * outgoing.UNDO:
        day = showing.day_within(one.due_at.astimezone(zone).date(), now.astimezone(zone).date())
        when = _("{day}, {time}").format(day=day, time=showing.clock_time(one.due_at, zone))
        return _("Will be sent: {when}.").format(when=when), "", "clock"
    return _("Will be sent in a moment."), "", "clock"


def _actions(one: Outgoing) -> tuple[Action, ...]:
    if one.state == OutgoingState.WAITING:
        return (_to("undo", one.id, _("Undo")),)
    if one.state == OutgoingState.FAILED:
        return (_to("again", one.id, _("Try again")), _to("undo", one.id, _("Change it")))
    if one.state == OutgoingState.UNKNOWN and one.due_at is None:
        return decisions(one.id, OutgoingState.UNKNOWN)
    return ()


def _to(verb: str, outgoing_id: UUID, label: str) -> Action:
    return Action(label, url_for(f"sending.{verb}", outgoing_id=outgoing_id), method="post")


def _mending(viewer: Viewer, one: Outgoing, box: Mailbox) -> tuple[Action, ...]:
    """Return the way to a login, or to Google's page, where the lack of one is in the way."""
    if one.state not in (OutgoingState.FAILED, OutgoingState.WAITING):
        return ()
    if parting.is_taken_up_by(box, viewer.user):
        return taking_up(box)
    if one.state != OutgoingState.FAILED or not mailboxes.is_changed_by(box, viewer.user):
        return ()
    return allowing.mending(box, OutgoingTrouble(one.trouble))

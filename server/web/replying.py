"""The form of an answer below a message, and what became of answers that were written here."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from flask import g, url_for

from addon.widgets import isolate
from crm.base import addresses, ids, showing
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail import answering, drafts, mailboxes, messages, outgoing, senders
from crm.mail.models import OutgoingState, OutgoingTrouble
from server.web import allowing
from server.web.views import Action, Kept, OutgoingView, ReplyView, Sender

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.mail.draft import File
    from crm.mail.messages import Seen
    from crm.mail.models import Mailbox, Outgoing
    from crm.mail.visibility import Viewer

_MOST_QUOTED = 100_000
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
    OutgoingTrouble.KEY_MISSING: lazy(
        "No key in VAULT_KEYS opens the password of this mailbox. An admin puts it back."
    ),
    OutgoingTrouble.NO_WAY: lazy(
        "Nothing can be sent from this mailbox: it is read from files. Choose another one."
    ),
    OutgoingTrouble.NOT_ALLOWED: lazy(
        "Whoever wrote it may not send from this mailbox any more. Nothing was sent."
    ),
}
_STATES = (
    *(OutgoingState.WAITING, OutgoingState.SENDING),
    *(OutgoingState.FAILED, OutgoingState.UNKNOWN),
)


def form(
    viewer: Viewer,
    seen: Seen,
    *,
    everybody: bool,
    typed: dict[str, str] | None = None,
    error: str = "",
) -> ReplyView | None:
    """Return the form of an answer; None where its reader may not send, or not read it.

    `typed` is what somebody wrote before it was refused, or undone.
    """
    boxes = senders.mailboxes(g.session, viewer.user)
    body = messages.body(g.session, seen)
    if not boxes or body is None:
        return None
    people = messages.participants_of(g.session, viewer, seen)
    choices = [(box, email) for box in boxes for email in senders.addresses(box)]
    ours = {email for _box, email in choices}
    to, cc = answering.recipients(people, ours, everybody=everybody)
    chosen = _sender(choices, {p.email for p in people}, typed)
    given = {
        "to": written(to),
        "cc": written(cc),
        "bcc": "",
        "subject": answering.subject(seen.subject),
        "text": "",
        "later": "",
        **(typed or {}),
    }
    return ReplyView(
        message_id=str(seen.message.id),
        action=url_for("sending.reply", message_id=seen.message.id),
        cancel_href=url_for("inbox.thread", thread_id=seen.message.thread_id),
        nonce=given.get("nonce") or str(uuid4()),
        senders=tuple(Sender(_from(*one), one[1], one == chosen) for one in choices),
        to=given["to"],
        cc=given["cc"],
        bcc=given["bcc"],
        subject=given["subject"],
        text=given["text"],
        later=given["later"],
        quoted=quoted(viewer, seen, body.text),
        quotes=typed is None or bool(typed.get("quote")),
        draft=given.get("draft", ""),
        kept=_kept(viewer, given),
        error=error,
    )


def quoted(viewer: Viewer, seen: Seen, text: str) -> str:
    """Return what is quoted below an answer."""
    m = seen.message
    zone = showing.zone(viewer.user.time_zone)
    day = showing.day(seen.at.astimezone(zone).date(), date.min)  # Whoever reads it, whenever.
    when = f"{day}, {showing.clock_time(seen.at, zone)}"
    line = _("On {when}, {name} wrote:").format(when=when, name=m.from_name or m.from_email)
    return answering.quote(text.strip()[:_MOST_QUOTED], line)


def written(people: tuple[Address, ...]) -> str:
    """Write addresses into a field, each with its name."""
    return ", ".join(
        f"{_name(one.name)} <{one.email}>" if one.name else one.email for one in people
    )


def _kept(viewer: Viewer, typed: dict[str, str]) -> tuple[Kept, ...]:
    one = _taken_back(viewer, typed)
    if one is None:
        return ()
    chosen = _positions(typed)
    return tuple(
        Kept(file.position, showing.straight(file.filename), file.position in chosen)
        for file in drafts.files(g.session, one)
    )


def _taken_back(viewer: Viewer, typed: dict[str, str]) -> Outgoing | None:
    draft = ids.parse(typed.get("draft", ""))
    return outgoing.get(g.session, viewer.user, draft) if draft is not None else None


def _positions(typed: dict[str, str]) -> set[int]:
    """Read which attachments stay: their places, of one or two digits each."""
    return {int(one) for one in re.findall(r"\b[0-9]{1,2}\b", typed.get("kept", ""), re.ASCII)}


def _name(name: str) -> str:
    plain = name.replace('"', "'")
    return f'"{plain}"' if any(sign in plain for sign in ",;،<>") else plain


def typed(viewer: Viewer, one: Outgoing) -> dict[str, str]:
    """Return what a form held that was taken back: its words as they are, quote and all."""
    people: dict[str, list[str]] = {"to": [], "cc": [], "bcc": []}
    for p in one.recipients:
        address = addresses.Address(p["email"], p["name"])
        people[p["role"]].append(written((address,)))
    later = ""
    if one.dated_at - one.written_at > 2 * outgoing.UNDO:
        there = one.dated_at.astimezone(showing.zone(viewer.user.time_zone))
        later = there.strftime("%Y-%m-%dT%H:%M")
    return {
        "from": f"{one.mailbox_id} {one.alias}".rstrip(),
        "to": ", ".join(people["to"]),
        "cc": ", ".join(people["cc"]),
        "bcc": ", ".join(people["bcc"]),
        "subject": one.subject,
        "text": one.text.strip(),
        "later": later,
        "quote": "",
        "draft": str(one.id),
        "kept": " ".join(str(file.position) for file in drafts.files(g.session, one)),
    }


def kept_files(viewer: Viewer, typed: dict[str, str]) -> tuple[File, ...]:
    """Return the attachments of what was taken back that go on with it. Raises NotFoundError."""
    one = _taken_back(viewer, typed)
    return drafts.files_at(g.session, one, _positions(typed)) if one is not None else ()


def read_people(text: str) -> tuple[Address, ...]:
    """Read a field of addresses. Raises InvalidError, with what of it is none."""
    found = []
    for piece in addresses.split(text):
        address = addresses.parse_named(piece)
        if address is None:
            problem = _("“{text}” is not an address. Nothing was sent.")
            raise InvalidError(problem.format(text=piece[:100]))
        found.append(address)
    return tuple(found)


def read_moment(text: str, zone: str) -> datetime | None:
    """Read when to send something, in its author's time zone. Raises InvalidError."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=showing.zone(zone))
    except ValueError:
        raise InvalidError(_("That is no time to send it at. Nothing was sent.")) from None


def waiting(viewer: Viewer, thread_id: UUID, now: datetime) -> tuple[OutgoingView, ...]:
    """Return what was written in a thread and has not left, or of which nobody can tell."""
    found = outgoing.of_thread(g.session, viewer, thread_id)
    return tuple(_view(viewer, one, now) for one in found if _is_shown(one))


def notes(viewer: Viewer, message_ids: list[UUID]) -> dict[UUID, str]:
    """Return what is to be said of messages that were written here, beside what they say."""
    found = outgoing.of_messages(g.session, viewer, message_ids)
    said = {message_id: _note(one) for message_id, one in found.items()}
    return {message_id: words for message_id, words in said.items() if words}


def _note(one: Outgoing) -> str:
    if one.state == OutgoingState.UNKNOWN:
        return _("We cannot tell whether this left.")
    if one.state == OutgoingState.CANCELLED:
        return _("Taken back before it left.")
    if one.trouble == OutgoingTrouble.KEPT_HERE:
        return _("Kept here (demo): nothing leaves this workspace.")
    return ""


def _is_shown(one: Outgoing) -> bool:
    return one.state in _STATES or bool(one.state == OutgoingState.SENT and one.refused)


def _view(viewer: Viewer, one: Outgoing, now: datetime) -> OutgoingView:
    mine, filed = one.author_id == viewer.user.id, one.message_id is not None
    people = [p for p in one.recipients if mine or p["role"] != "bcc"]  # Its author alone is told.
    hidden = {p["email"] for p in one.recipients} - {p["email"] for p in people}
    text, kind, icon = _state(viewer, one, now)
    return OutgoingView(
        id=str(one.id),
        text=text,
        kind=kind,
        icon=icon,
        snippet="" if filed else showing.straight(_own_words(one.text)),
        to="" if filed else ", ".join(isolate(p["name"] or p["email"]) for p in people),
        files=() if filed else tuple(isolate(f.filename) for f in drafts.files(g.session, one)),
        said=one.said if one.state == OutgoingState.FAILED else "",
        refused=tuple((e, words) for e, words in one.refused.items() if e not in hidden),
        actions=(*_mending(viewer, one), *_actions(one)) if mine else (),
    )


def _own_words(text: str) -> str:
    """Return the beginning of what was written, without what it quotes."""
    new = text.partition("\n>")[0]
    return (new.rpartition("\n\n")[0] if new != text else new)[:200]


def _state(viewer: Viewer, one: Outgoing, now: datetime) -> tuple[str, str, str]:
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
    if one.tries and one.due_at is not None:
        why = _(_WORDS.get(OutgoingTrouble(one.trouble), _WORDS[OutgoingTrouble.DEFERRED]))
        when = showing.moment(one.due_at, now, showing.zone(viewer.user.time_zone))
        said = _("{why} It is tried again by itself: {when}.").format(why=why, when=when)
        return said, "warn", "clock"
    if one.due_at is not None and one.due_at - now > 2 * outgoing.UNDO:
        when = showing.exact(one.due_at, showing.zone(viewer.user.time_zone))
        return _("Will be sent: {when}.").format(when=when), "", "clock"
    return _("Will be sent in a moment."), "", "clock"


def _actions(one: Outgoing) -> tuple[Action, ...]:
    def to(verb: str, label: str) -> Action:
        return Action(label, url_for(f"sending.{verb}", outgoing_id=one.id), method="post")

    if one.state == OutgoingState.WAITING:
        return (to("undo", _("Undo")),)
    if one.state == OutgoingState.FAILED:
        return (to("again", _("Try again")), to("undo", _("Change it")))
    if one.state == OutgoingState.UNKNOWN and one.due_at is None:
        return (to("arrived", _("It arrived")), to("again", _("Send again")))
    return ()


def _mending(viewer: Viewer, one: Outgoing) -> tuple[Action, ...]:
    """Return the way to Google's page, where it is a consent that is in the way."""
    if one.state != OutgoingState.FAILED:
        return ()
    box = mailboxes.get(g.session, viewer.workspace_id, one.mailbox_id)
    changes = mailboxes.is_changed_by(box, viewer.user)
    return allowing.mending(box, OutgoingTrouble(one.trouble)) if changes else ()


def _sender(
    choices: list[tuple[Mailbox, str]], named: set[str], typed: dict[str, str] | None
) -> tuple[Mailbox, str]:
    """Choose as whom an answer goes: as it was chosen, or as it was written to."""
    chosen = (typed or {}).get("from", "")
    return next(
        (one for one in choices if _from(*one) == chosen),
        next((one for one in choices if one[1] in named), choices[0]),
    )


def _from(box: Mailbox, email: str) -> str:
    """Return how a form says from which mailbox a message goes, and under which alias of it."""
    return str(box.id) if email == box.address else f"{box.id} {email}"

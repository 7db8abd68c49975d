"""The form of an answer below a message: what it offers, and how what it holds is read."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from flask import g, url_for

from addon import diverting
from addon.widgets import isolate
from crm.base import addresses, ids, showing
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import answering, drafts, messages, outgoing, sendable, senders
from crm.mail.letter import Kind
from server.web.views import Kept, ReplyView, Sender

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.mail.draft import File
    from crm.mail.messages import Seen
    from crm.mail.models import Mailbox, Outgoing, Participant
    from crm.mail.visibility import Viewer

_MOST_QUOTED = 100_000


def form(
    viewer: Viewer,
    seen: Seen,
    *,
    everybody: bool,
    nonce: UUID | None = None,
    typed: dict[str, str] | None = None,
    error: InvalidError | None = None,
    files_lost: bool = False,
) -> ReplyView | None:
    """Return the form of an answer; None where its reader may not send, or not read it.

    `nonce` is by which the form is known again. `typed` is what somebody wrote before it was
    refused, or undone.
    """
    boxes = senders.mailboxes(g.session, viewer.user)
    body = messages.body(g.session, seen)
    if not boxes or body is None:
        return None
    people = messages.participants_of(g.session, viewer, seen)
    choices = [(box, email) for box in boxes for email in senders.addresses(box)]
    ours = senders.ever(g.session, viewer.user)
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
        nonce=given.get("nonce") or str(nonce or uuid4()),
        senders=tuple(Sender(_from(*one), one[1], one == chosen) for one in choices),
        sender_gone=bool(given.get("from")) and given["from"] != _from(*chosen),
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
        warning=_warning(viewer, seen, people, given["to"]),
        most_bytes=sendable.MOST_BYTES,
        too_large=sendable.too_large(),
        error=str(error or ""),
        wrong=error.role if isinstance(error, sendable.RecipientError) else "",
        files_lost=files_lost,
    )


def _warning(viewer: Viewer, seen: Seen, people: Sequence[Participant], to: str) -> str:
    """Say that an answer goes elsewhere than to whom wrote the message, as long as it does."""
    _author, other = diverting.diverted(people, viewer.user.email)
    if other is None or other.email not in to.lower() or seen.message.kind != Kind.PERSON:
        return ""
    words = _("The answer goes to {there}, though it was written from {here}.")
    asked = _("If this surprises you, ask them by another way before you send anything.")
    both = {"there": isolate(other.email), "here": isolate(seen.message.from_email)}
    return f"{words.format(**both)} {asked}"


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
        "nonce": str(one.id),  # However often it is opened to be changed, it is sent once.
        "draft": str(one.id),
        "kept": " ".join(str(file.position) for file in drafts.files(g.session, one)),
    }


def kept_files(viewer: Viewer, typed: dict[str, str]) -> tuple[File, ...]:
    """Return the attachments of what was taken back that go on with it. Raises NotFoundError."""
    one = _taken_back(viewer, typed)
    return drafts.files_at(g.session, one, _positions(typed)) if one is not None else ()


def read_people(typed: dict[str, str], role: str) -> tuple[Address, ...]:
    """Read a field of addresses. Raises RecipientError, with what of it is none."""
    found = []
    for piece in addresses.split(typed.get(role, "")):
        address = addresses.parse_named(piece)
        if address is None:
            raise sendable.no_address(role, piece)
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

"""The thread that is open, and the card beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import g, url_for
from markupsafe import Markup

from addon import authorship, diverting, panel
from addon import event as events
from addon.dispatch import dispatch
from addon.response import Answer
from addon.widgets import isolate
from crm.base import clock, showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail import messages, senders
from crm.mail.letter import Role
from crm.mail.meaning import Named
from crm.mail.models import Shares
from crm.work import reasons
from server.auth import csrf
from server.web import flow, leaving, letter_html, meant, quotes, segments
from server.web.views import File, MessageView, Peek, Reading, ThreadView, initials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from addon.panel import Refusal
    from crm.mail.letter import Letter
    from crm.mail.messages import Seen
    from crm.mail.models import MessageBody, Participant
    from crm.mail.visibility import Viewer
    from server.web.letter_html import Extent
    from server.web.meant import Meant
    from server.web.segments import Segment
    from server.web.views import ReplyView

#: A long thread opens with its first message and its last ones.
_SHOWN_LAST = 6
#: So many files are named in the place of a text.
_NAMED = 3
#: What parts of a message are, where nobody has named them.
_PARTS = {
    "message/rfc822": lazy("Attached message"),
    "message/delivery-status": lazy("Delivery report"),
    "message/disposition-notification": lazy("Read receipt"),
    "text/calendar": lazy("Invitation"),
    "text/rfc822-headers": lazy("Head of the message"),
    "image": lazy("Image"),
    "audio": lazy("Sound"),
    "video": lazy("Video"),
    "text": lazy("Text"),
}
_FILE = lazy("File")


def of_thread(
    viewer: Viewer,
    thread_id: UUID,
    kept: Mapping[str, Any],
    *,
    message_id: UUID | None = None,
    person: str = "",
    everything: bool = False,
    reply: ReplyView | None = None,
) -> Reading | None:
    """Return a thread with the card of one message, the last where none is asked for.

    None where the viewer may see nothing of it. `person` is whom the card is about, by the place
    in the message. `kept` goes on in its links: see `room.kept`. `reply` is the form of an answer
    that stands below its message.
    """
    found = messages.of_thread(g.session, viewer, thread_id)
    if not found:
        return None
    now = clock.now()
    last = next((seen for seen in found if seen.message.id == message_id), found[-1])
    everything = everything or last is not found[-1]
    hidden = 0 if everything else max(0, len(found) - _SHOWN_LAST - 1)
    shown = found if not hidden else [found[0], *found[1 + hidden :]]
    people: dict[UUID, list[Participant]] = {}
    ids = [seen.message.id for seen in shown]
    for p in messages.participants(g.session, viewer, ids):
        people.setdefault(p.message_id, []).append(p)
    answers = _Answers(
        bool(senders.mailboxes(g.session, viewer.user)),
        reply,
        kept,
        leaving.notes(viewer, [seen.message.id for seen in shown if seen.level >= Shares.HEADERS]),
        meant.of(viewer, found),
    )
    thread = ThreadView(
        id=str(thread_id),
        href=url_for("inbox.thread", thread_id=thread_id, **kept),
        list_href=url_for("inbox.threads", **kept, pane="list"),
        subject=showing.straight(found[0].subject or last.subject) or _("No subject"),
        messages=tuple(
            _message(
                viewer, seen, people.get(seen.message.id, []), now, answers, is_open=seen is last
            )
            for seen in shown
        ),
        outgoing=leaving.waiting(viewer, thread_id, now),
        held=" ".join(f"{seen.message.id}:{answers.level(seen)}" for seen in found),
        earlier_hidden=hidden,
        earlier_at=1 if hidden else 0,
        earlier_href=url_for("inbox.thread", thread_id=thread_id, **kept, earlier=1),
    )
    card = card_of(viewer, last.message.id, person)
    peek = Peek(
        url_for("inbox.thread", thread_id=thread_id, **kept, pane="card"),
        initials(card.card.title.strip("\u2068\u2069")) if card.card else "",
        card.card.title if card.card else "",
        card.card.subtitle if card.card else "",
    )
    return Reading(thread, draw(card, last.message.id, person=person), peek)


def card_of(viewer: Viewer, message_id: UUID, person: str = "") -> Answer:
    """Return the answer that Gmail would get for an open message, or about a person in it."""
    common = {"hostApp": "PANEL", "parameters": {"person": person}}
    beside = {"messageId": str(message_id)}
    opened = events.parse({"commonEventObject": common, "gmail": beside}, function="message")
    answer = dispatch(g.session, opened, user=viewer.user, look=look, at=clock.now())
    assert isinstance(answer, Answer)
    return answer


def draw(
    answer: Answer, message_id: UUID, refusal: Refusal | None = None, *, person: str = ""
) -> Markup:
    """Draw an answer's card as HTML; a form that was refused says why.

    Its address says which person was chosen, so that the same card can be asked for again.
    """
    if answer.card is None:
        return Markup()
    action_url = url_for("panel.act", message_id=message_id, person=person or None)
    drawn = panel.render(
        answer.card,
        action_url=action_url,
        csrf=csrf.token(),
        refusal=refusal,
        with_message=True,
    )
    return Markup(drawn)  # noqa: S704 - The panel escapes whatever it is given.


def look(_message_id: str) -> Letter | None:
    """Look at no host: beside the web app every message is stored."""
    return None


@dataclass(frozen=True, slots=True)
class _Answers:
    """Whether messages can be answered here, and the form that is open."""

    allowed: bool
    form: ReplyView | None
    kept: Mapping[str, Any]
    notes: Mapping[UUID, str]
    meant: Meant

    def level(self, seen: Seen) -> str:
        """Return how far a message is read, and whether more is said of it."""
        back = "r" if seen.message.id in self.meant.returned else ""
        return f"{int(seen.level)}{'n' if seen.message.id in self.notes else ''}{back}"

    def ways(self, seen: Seen, people: Sequence[Participant]) -> dict[str, Any]:
        """Return the ways to answer a message, and its form where it is open."""
        if not self.allowed or seen.level < Shares.EVERYTHING:
            return {}
        m = seen.message
        # The browser's Back asks for a page anew, so that its address has to say which form it was.
        here = {"thread_id": m.thread_id, "reply": m.id, "form": uuid4(), **self.kept}
        several = sum(1 for p in people if p.role in (Role.TO, Role.CC)) > 1
        own_form = self.form is not None and self.form.message_id == str(m.id)
        return {
            "reply_href": url_for("inbox.thread", **here),
            "reply_all_href": url_for("inbox.thread", everybody=1, **here) if several else "",
            "reply": self.form if own_form else None,
        }


def _message(
    viewer: Viewer,
    seen: Seen,
    people: Sequence[Participant],
    now: datetime,
    answers: _Answers,
    *,
    is_open: bool,
) -> MessageView:
    m, zone = seen.message, showing.zone(viewer.user.time_zone)
    body = messages.body(g.session, seen)
    notes = [answers.notes.get(m.id, ""), authorship.passed_on(m)]
    if seen.level is not Shares.EVERYTHING:
        notes.append(_("Its owner shows people and time only."))
    extent, blocked = _frame(body, is_open=is_open)
    files = _files(seen) if m.parts else ()
    empty = _without_text(files) if _is_empty(body) else ""
    return MessageView(
        id=str(m.id),
        open=is_open,
        level=answers.level(seen),
        author_name=authorship.words(m, authorship.sent_by(m.kind, people)) or _("Nobody"),
        author_email=m.from_email,
        initials=initials(authorship.called(Named(m.from_name, m.from_email))),
        to_text=_to(people, viewer),
        when_text=showing.moment(m.at, now, zone),
        when_iso=m.at.isoformat(),
        when_full=showing.exact(m.at, zone),
        when_long=_when(m.at, now, zone),
        snippet=showing.straight(seen.snippet) or empty,
        empty_text=empty,
        state_notes=tuple(filter(None, notes)),
        warning=diverting.warning(g.session, viewer, m, people),
        told=meant.told(answers.meant, seen, now, zone),
        meetings=meant.meetings_of(answers.meant, seen, now, zone),
        attachments=files,
        kind_text=reasons.of_kind(seen.kind, m.kind_reason),
        segments=_segments(body),
        frame_src=url_for("message.frame", message_id=m.id) if extent else "",
        frame_extent=extent,
        remote_images_blocked=blocked,
        card_href=url_for("panel.show", message_id=m.id),
        alone_href=url_for("inbox.thread", thread_id=m.thread_id, message=m.id, pane="card"),
        **answers.ways(seen, people),
    )


def _when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say the day and the time: of an open message one wants both, and a finger cannot hover."""
    short = showing.moment(at, now, zone)
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return short
    time = showing.moment(at, at, zone)  # Seen from its own day, a moment is its time.
    return _("{day}, {time}").format(day=short, time=time)


def _frame(body: MessageBody | None, *, is_open: bool) -> tuple[Extent | None, int]:
    """Tell how tall a letter's frame begins, and how many images are left out of it.

    Only the letter that is open is cleaned for it; of the others, and they may be hundreds, what
    is stored says it well enough.
    """
    if body is None or not body.html or _is_empty(body):
        return None, 0
    if not is_open:
        return letter_html.Extent(
            body.new_text.count("\n"), len(body.new_text)
        ), letter_html.remote_images(body.html)
    shown = letter_html.harmless(body.html, lambda _cid: "")
    if shown is None:
        return None, 0
    return letter_html.extent(quotes.fold(shown.html).open), shown.blocked


def _is_empty(body: MessageBody | None) -> bool:
    """Tell whether a letter has nothing to read or to look at; of one that is hidden, never."""
    return body is not None and not body.text.strip() and "<img" not in body.html.lower()


def _without_text(files: Sequence[File]) -> str:
    if not files:
        return _("This message has no text.")
    names = showing.listing([isolate(file.name) for file in files[:_NAMED]])
    more = " …" if len(files) > _NAMED else ""
    return _("This message has no text, only {files}").format(files=names + more)


def _segments(body: MessageBody | None) -> tuple[Segment, ...]:
    """Part what was written now from what it quotes and from its signature."""
    if body is None:
        return ()
    return tuple(
        replace(segment, text=flow.joined(showing.straight(segment.text)))
        for segment in segments.of(body.text.strip(), body.new_text.strip(), body.signature)
    )


def _to(people: Sequence[Participant], viewer: Viewer) -> str:
    own = viewer.user.email
    names = [
        _("you") if p.email == own else isolate(p.name or p.email)
        for p in people
        if p.role in (Role.TO, Role.CC, Role.BCC)
    ]
    if not names:
        return ""
    shown = showing.listing(names[:4]) + (" …" if len(names) > 4 else "")
    return _("to {names}").format(names=shown)


def _files(seen: Seen) -> tuple[File, ...]:
    return tuple(
        File(
            part.filename or _unnamed(part.content_type),
            showing.size(part.size),
            url_for("message.attachment", message_id=seen.message.id, position=part.position),
            part.content_type,
        )
        for part in messages.attachments(g.session, seen)
        if not part.inline
    )


def _unnamed(content_type: str) -> str:
    """Name what came without a name by what it is."""
    if content_type in _PARTS:
        return _(_PARTS[content_type])
    kind = content_type.partition("/")[0]
    return _(_PARTS.get(kind, _FILE))

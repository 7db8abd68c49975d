"""The messages of a stored database: threads, copies, who stands in them, and their lines."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.made_mailbox.languages import LANGUAGES
from benchmarks.stored.rows import key
from benchmarks.stored.workspaces import BEGIN, SPAN
from crm.base.ids import EVERYONE
from crm.mail import identity
from crm.mail.letter import Kind, Role
from crm.mail.models import CopyState, Direction, Turn
from crm.people.models import DetailKind, DetailSource
from crm.work.models import ActivityKind, LinkRule, Record

if TYPE_CHECKING:
    from random import Random

    from benchmarks.stored.rows import Rows
    from benchmarks.stored.workspaces import Box, Known, Peopled


#: Of the letters in a mailbox that say the same, so many are kept.
_EVIDENCE = 3


@dataclass(slots=True)
class Thread:
    """A thread while it is written."""

    id: UUID
    subject: str
    boxes: list[Box]
    shares: int
    deal_id: UUID | None


@dataclass(frozen=True, slots=True)
class Line:
    """Where one message stands: its id, its moment, whose mailbox it is about."""

    id: UUID
    at: datetime
    stamp: float
    way: Direction


class MailWriter:
    """Writes the mail of one workspace."""

    def __init__(self, rows: Rows, rnd: Random, workspace: Peopled) -> None:
        self._rows, self._rnd, self._workspace = rows, rnd, workspace
        self._written = 0
        self._uid = 0
        self._quoted = ""
        self._told: Counter[tuple[str, UUID]] = Counter()

    def write(self, count: int) -> None:
        """Write so many messages, in the order of time."""
        while self._written < count:
            stamp = BEGIN + SPAN * self._written / count
            if self._rnd.random() < 0.45:
                self._notice(stamp)  # A fifth of all messages, for a thread has more than one.
            else:
                self._thread(stamp, count - self._written)

    def _thread(self, stamp: float, most: int) -> None:
        rnd, workspace = self._rnd, self._workspace
        contact = workspace.likely(rnd)
        keeper = contact.keeper if rnd.random() < 0.8 else rnd.randrange(len(workspace.boxes))
        box = workspace.boxes[keeper]
        boxes = [box]
        other = rnd.choice(workspace.boxes)
        if rnd.random() < 0.2 and other is not box:
            boxes.append(other)
        private = rnd.random() < 0.2
        linked = contact.deals[0] if contact.deals and rnd.random() < 0.3 else None
        words = LANGUAGES[contact.lang]
        subject = rnd.choice(words.subjects).format(k=rnd.randint(10, 9999), c="X", q=1)
        shares = 0 if private else max(b.shares for b in boxes)
        thread = Thread(key(rnd.getrandbits(74), stamp), subject, boxes, shares, linked)
        second = workspace.likely(rnd) if rnd.random() < 0.2 else None
        copied = second if second is not contact else None
        length = min(12, most, 1 + int(rnd.expovariate(1 / 2.3)))
        way = Direction.OUT if rnd.random() < 0.5 else Direction.IN
        last = None
        self._quoted = ""
        for number in range(length):
            last = self._message(thread, contact, copied, stamp, way, number)
            stamp += rnd.expovariate(1 / 90000) + 120
            way = Direction.IN if way is Direction.OUT else Direction.OUT
        if last is None:
            return
        turn = Turn.OURS if last.way is Direction.IN else Turn.THEIRS
        self._finish(thread, last, length, turn)
        if linked is not None:
            values = (linked, thread.id, LinkRule.MANUAL, last.at)
            self._rows.add("deal_thread", workspace.id, *values)
        if rnd.random() < 0.03:
            task_id = key(rnd.getrandbits(74), last.stamp)
            self._rows.add(
                *("task", workspace.id, task_id, "Call back", last.at.date(), 2, box.user_id),
                *(box.user_id, contact.id, None, thread.id, last.at, None),
            )

    def _finish(self, thread: Thread, last: Line, length: int, turn: Turn) -> None:
        workspace_id, rows = self._workspace.id, self._rows
        rows.add("thread", workspace_id, thread.id, thread.subject, last.at, length, None)
        chosen = 0 if thread.shares == 0 else None
        for box in thread.boxes:
            values = (box.id, thread.id, last.at, last.id, length, 0, turn, chosen)
            rows.add("inbox_thread", workspace_id, *values)

    def _message(
        self,
        thread: Thread,
        contact: Known,
        copied: Known | None,
        stamp: float,
        way: Direction,
        number: int,
    ) -> Line:
        rnd, box = self._rnd, thread.boxes[0]
        line = Line(key(rnd.getrandbits(74), stamp), _moment(stamp), stamp, way)
        theirs = (contact.email, contact.name, contact.id)
        ours = (box.address, "", None)
        by, to = (theirs, ours) if way is Direction.IN else (ours, theirs)
        parties = [(Role.FROM, *by), (Role.TO, *to)]
        parties += [(Role.CC, b.address, "", None) for b in thread.boxes[1:]]
        people = [contact]
        if copied is not None:
            parties.append((Role.CC, copied.email, copied.name, copied.id))
            people.append(copied)
        subject = thread.subject if number == 0 else f"Re: {thread.subject}"
        new, text = self._text(contact)
        self._store(thread, line, parties, subject, new, text, Kind.PERSON, "")
        self._lines(thread, line, people)
        if way is Direction.IN:
            self._suggest(thread, line, contact)
        return line

    def _suggest(self, thread: Thread, line: Line, contact: Known) -> None:
        """Note what a signature says, in as many letters of a mailbox as are kept."""
        for box in thread.boxes:
            self._told[contact.email, box.id] += 1
            if self._told[contact.email, box.id] > _EVIDENCE:
                continue
            number = sum(contact.email.encode())
            for kind, value in (
                (DetailKind.NAME, contact.name),
                (DetailKind.TITLE, "Head of Purchasing"),
                (DetailKind.PHONE, f"+420 777 {number:06}"),
                (DetailKind.LINK, f"https://{contact.email.partition('@')[2]}"),
            ):
                values = (contact.email, kind, value, box.id, line.id, DetailSource.SIGNATURE)
                self._rows.add("suggestion", self._workspace.id, *values, line.at)

    def _notice(self, stamp: float) -> None:
        rnd = self._rnd
        box = rnd.choice(self._workspace.boxes)
        line = Line(key(rnd.getrandbits(74), stamp), _moment(stamp), stamp, Direction.IN)
        sender = f"noreply{rnd.randint(1, 500)}@machine{rnd.randint(1, 50)}.test"
        subject = f"Your receipt {rnd.randint(1, 10**6)}"
        thread = Thread(key(rnd.getrandbits(74), stamp), subject, [box], box.shares, None)
        parties: list[tuple[Role, str, str, UUID | None]] = [
            (Role.FROM, sender, "Machine", None),
            (Role.TO, box.address, "", None),
        ]
        text = "\n".join(f"Order: {rnd.randint(1, 10**6)}" for _ in range(rnd.randint(5, 40)))
        reason = "Auto-Submitted"
        self._store(thread, line, parties, subject, text, text, Kind.NOTIFICATION, reason)
        activity = (line.id, ActivityKind.MESSAGE, line.at, "", line.id, thread.id, None)
        self._rows.add("activity", self._workspace.id, *activity)
        self._finish(thread, line, 1, Turn.NOBODY)

    def _store(
        self,
        thread: Thread,
        line: Line,
        parties: list[tuple[Role, str, str, UUID | None]],
        subject: str,
        new: str,
        text: str,
        kind: Kind,
        reason: str,
    ) -> None:
        rows, rnd, workspace_id = self._rows, self._rnd, self._workspace.id
        self._written += 1
        rfc_id = f"{rnd.getrandbits(64):016x}.{self._written}@mail.test"
        ref, mark = UUID(bytes=identity.ref(rfc_id)), hashlib.sha256(rfc_id.encode()).digest()
        _, sender, name, _ = parties[0]
        names = " ".join(f"{named} {email}" for _, email, named, _ in parties)
        files = 1 if rnd.random() < 0.12 else 0
        unfiled = "machine" if kind is Kind.NOTIFICATION else ""
        size = len(text) * 3
        rows.add(
            *("staged", workspace_id, line.id, ref, mark, rfc_id, thread.id, line.at, line.at),
            *(line.way, kind, reason, unfiled, thread.shares, sender, name, subject),
            *(" ".join(new[:400].split())[:200], size, files, True, None),
            f"{subject}\n{names}\n{new}",
        )
        rows.add("message_body", workspace_id, line.id, text, new, "", "")
        rows.add("mention", workspace_id, ref, thread.id)
        for box in thread.boxes:
            self._uid += 1
            folder_id = box.sent if line.way is Direction.OUT else box.inbox
            rows.add(
                *("copy", workspace_id, folder_id, 1, self._uid, box.id, CopyState.STORED, ""),
                *(line.id, mark, mark, size, line.at, "seen", False, "", 0),
            )
        for position, (role, email, named, contact_id) in enumerate(parties):
            stands = (line.id, position, role, email, named, contact_id)
            rows.add("participant", workspace_id, *stands)
        if files:
            file = (line.id, 0, "2", "quote.pdf", "application/pdf", 90_000, "", False)
            rows.add("attachment", workspace_id, *file)

    def _lines(self, thread: Thread, line: Line, people: list[Known]) -> None:
        rows, workspace_id = self._rows, self._workspace.id
        activity = (line.id, ActivityKind.MESSAGE, line.at, "", line.id, thread.id, None)
        rows.add("activity", workspace_id, *activity)
        audiences = [EVERYONE] if thread.shares else [box.id for box in thread.boxes]
        on: list[tuple[UUID, Record, LinkRule]] = [
            (p.id, Record.CONTACT, LinkRule.ADDRESS) for p in people
        ]
        companies = dict.fromkeys(p.company_id for p in people)
        on += [(company, Record.COMPANY, LinkRule.COMPANY) for company in companies]
        if thread.deal_id is not None:
            on.append((thread.deal_id, Record.DEAL, LinkRule.THREAD))
        for record_id, record, rule in on:
            for audience in audiences:
                values = (record_id, audience, line.at, line.id, record, rule, line.at)
                rows.add("activity_link", workspace_id, *values)

    def _text(self, contact: Known) -> tuple[str, str]:
        rnd, words = self._rnd, LANGUAGES[contact.lang]
        sentences = [
            rnd.choice(words.sentences).format(k=rnd.randint(3, 9999), c="X")
            for _ in range(rnd.choice((2, 4, 6, 9)))
        ]
        new = "\n\n".join((words.greetings[0].format(n=contact.name), " ".join(sentences)))
        text = f"{new}\n\n> {self._quoted}" if self._quoted else new
        self._quoted = new[:600].replace("\n", "\n> ")
        return new, text


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(round(stamp), UTC)

"""The rig of sending: a mailbox that Dovecot serves and an SMTP server sends for, and who counts.

post = sending.connect(town, dovecot, smtp)     or sending.connect_gmail(town, google)
sent = post.write("Hello")
post.work(sent)
assert post.state(sent) == "sent"
"""

from __future__ import annotations

import importlib
import os
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from crm.base import clock, crash, db
from crm.base.addresses import Address
from crm.base.db import transaction
from crm.mail import mailboxes, messages, outgoing, visibility
from crm.mail.draft import Draft, File
from crm.mail.models import Outgoing
from crm.workspace.models import User
from sync import outbox
from sync.google import READING, SENDING
from tests import make
from tests.sync import rig
from tests.sync.rig import Box

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkServerProcess

    from crm.base.settings import Settings
    from server.demo.gmail import GmailServer
    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp import Smtp

_NAMED = re.compile(rb"(?im)^Message-ID:\s*<([^>]+)>")
_OURS = re.compile(rb"(?im)^X-Google-Original-Message-ID:\s*<([^>]+)>")
JANA = Address("jana@severka.test", "Jana Nováková")


def draft(text: str = "Good morning.", **values: Any) -> Draft:
    """Write a draft, of which only what a test is about has to be said."""
    given: dict[str, Any] = {
        "rfc_id": "1@halden.test",
        "author": Address("ana@halden.test", "Ana"),
        "to": (JANA,),
        "subject": "Hello",
        "text": text,
        "at": make.NOW,
    }
    return Draft(**(given | values))


@dataclass(frozen=True, slots=True)
class Post:
    """A mailbox that sends."""

    box: Box
    login: str

    def write(
        self, text: str = "Good morning.", *, due_at: datetime | None = None, **values: Any
    ) -> UUID:
        """Write a message to be sent, now unless it says otherwise."""
        answers = values.pop("answers", None)
        files = tuple(File(*one) for one in values.pop("files", ()))
        with transaction(self.box.workspace_id) as session:
            mailbox = mailboxes.get(session, self.box.workspace_id, self.box.id)
            author = session.get_one(User, (self.box.workspace_id, mailbox.user_id))
            seen = None
            if answers is not None:
                viewer = visibility.viewer(session, author)
                [seen] = messages.named(session, viewer, answers)
            made = outgoing.write(
                session,
                mailbox,
                draft(text, files=files, **values),
                answers=seen,
                by=author,
                at=clock.now(),
                due_at=due_at,
            )
            return made.id

    def work(self, outgoing_id: UUID) -> bool:
        """Do what is due with it, as a worker does."""
        return outbox.work(self.box.workspace_id, outgoing_id, self.box.settings, self.box.vault)

    def row(self, outgoing_id: UUID) -> Outgoing:
        """Return it as it stands now."""
        with transaction(self.box.workspace_id) as session:
            return session.get_one(Outgoing, (self.box.workspace_id, outgoing_id))

    def state(self, outgoing_id: UUID) -> str:
        """Return how far it has come."""
        return self.row(outgoing_id).state

    def author(self) -> User:
        """Return whose mailbox it is."""
        with transaction(self.box.workspace_id) as session:
            mailbox = mailboxes.get(session, self.box.workspace_id, self.box.id)
            return session.get_one(User, (self.box.workspace_id, mailbox.user_id))

    def send_again(self, outgoing_id: UUID) -> None:
        """Decide, as its author, that it is to be sent once more."""
        author = self.author()
        with transaction(self.box.workspace_id) as session:
            one = outgoing.get(session, author, outgoing_id)
            outgoing.send_again(session, one, by=author, at=clock.now())

    def undo(self, outgoing_id: UUID) -> None:
        """Take it back, as its author."""
        author = self.author()
        with transaction(self.box.workspace_id) as session:
            one = outgoing.get(session, author, outgoing_id)
            outgoing.cancel(session, one, by=author, at=clock.now())

    def hurry(self) -> None:
        """Let everything be due and free, as the clock would in time."""
        self.box.ask(
            "update outgoing set leased_until = now() - interval '1 second',"
            " due_at = case when due_at is not null then now() - interval '1 second' end"
        )

    def ids(self) -> dict[str, str]:
        """Return the state of every message by its Message-ID."""
        return dict(self.box.ask("select rfc_id, state from outgoing"))  # type: ignore[arg-type]

    def time_passes(self) -> None:
        """Let what is unknown have been looked for, for as long as it is."""
        self.box.ask("update outgoing set doubted_at = doubted_at - interval '11 minutes'")

    def start(self, crash_at: str = "") -> ForkServerProcess:
        """Start a worker that does what is due until nothing is, in a process of its own."""
        return rig.run(partial(_work, crash_at), self.box)

    def settle(self) -> None:
        """Do what is due, in this process, until somebody has to decide or nothing is left."""
        for _ in range(50):
            due = [one for (one,) in self.box.ask("select id from outgoing where due_at <= now()")]
            if not due:
                return
            for outgoing_id in due:
                self.work(outgoing_id)
            self.time_passes()
            self.hurry()
        raise AssertionError("it comes to no end")

    def lines(self) -> int:
        """Count the lines of timelines that tell of a message."""
        return int(self.box.ask("select count(*) from activity where kind = 1")[0][0])


def connect(settings: Settings, dovecot: Dovecot, smtp: Smtp, login: str = "ana") -> Post:
    """Connect a mailbox that sends, in a workspace of its own, and bring it up to date."""
    box = rig.connect(settings, dovecot.port, login)
    place = {"host": "127.0.0.1", "port": smtp.port, "security": "none"}
    with transaction(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.workspace_id, box.id)
        mailbox.place = {**mailbox.place, "smtp": place}
    dovecot.maildir(login)
    rig.bring(box)
    return Post(box, login)


def connect_gmail(
    settings: Settings, google: GmailServer, scopes: Sequence[str] = (*READING, *SENDING)
) -> Post:
    """Connect a mailbox of Gmail that sends, in a workspace of its own, and bring it up to date."""
    for address in ("ana@halden.test", JANA.email):
        google.add(address)
    box = rig.connect_gmail(settings, google, scopes=scopes)
    rig.bring(box)
    return Post(box, "ana")


@dataclass(frozen=True, slots=True)
class Received:
    """What Jana has received at a Gmail on this machine: who counts after the senders."""

    google: GmailServer

    @property
    def letters(self) -> list[bytes]:
        """Return her letters, the oldest first."""
        return [copy.raw for copy in self.google.add(JANA.email).copies]

    @property
    def ids(self) -> Counter[str]:
        """Count her letters by the Message-IDs that we gave them."""
        return Counter(our_id(raw) for raw in self.letters)


def our_id(raw: bytes) -> str:
    """Return the Message-ID that we gave a letter, whatever Gmail has made of it."""
    found = _OURS.search(raw) or _NAMED.search(raw)
    assert found is not None
    return found[1].decode()


def gmail(google: GmailServer) -> Any:
    """Return Gmail as Ana has it on her phone: past the code under test."""
    held = Credentials(google.token("ana@halden.test"))  # type: ignore[no-untyped-call]
    return build_from_document(google.document(), credentials=held)


def in_gmail(google: GmailServer, label: str = "SENT") -> list[bytes]:
    """Return the letters that Ana has with a label."""
    return [copy.raw for copy in google.add("ana@halden.test").copies if label in copy.labels]


def in_sent(dovecot: Dovecot, login: str = "ana") -> list[str]:
    """Return the Message-IDs that lie in Sent on the server."""
    found = []
    for (folder, _uid), raw in rig.served(dovecot, login).items():
        named = _NAMED.search(raw)
        if folder == "Sent" and named is not None:
            found.append(named[1].decode())
    return found


def assert_honest(post: Post, smtp: Smtp | Received, *, at_rest: bool = True) -> None:
    """Hold what the server has received against what the rows say: the promise of sending.

    Nothing was received twice; what was received is sent, or its author is asked; and what was
    not is still to be sent, or its author is asked. Whom nobody holds in `sending` is not at rest.
    """
    received, states = smtp.ids, post.ids()
    assert set(received.values()) <= {1}, "a message was received twice"
    assert set(received) <= set(states)
    for rfc_id, state in states.items():
        allowed = {"sent" if rfc_id in received else "waiting", "unknown"}
        allowed |= set() if at_rest else {"sending"}
        assert state in allowed, (rfc_id in received, state)


def _work(crash_at: str, box: Box) -> None:
    os.environ["CRASH_AT"] = crash_at
    importlib.reload(crash)
    engine = db.open_engine(box.settings.database_url)
    db.bind(engine)
    due = "select id from outgoing where due_at <= now()"
    while found := box.ask(f"{due} and (leased_until is null or leased_until < now())"):
        for (outgoing_id,) in found:
            outbox.work(box.workspace_id, outgoing_id, box.settings, box.vault)
    engine.dispose()
    os._exit(0)

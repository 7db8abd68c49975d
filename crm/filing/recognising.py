"""Which letters of a batch are copies of a message that is stored, or stands in the batch.

A copy lets its mailbox's owner see the message, so nobody may make one who does not have the
letter: beside an equal fingerprint only a banner is borne with, on a letter of the same author,
Date and attachments, and never one that is longer than what the two have in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.filing import known
from crm.mail import identity, senders
from crm.mail.letter import Role
from crm.people import domains

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.known import KnownAlike, KnownLeaving, KnownMessage, KnownText
    from crm.mail.letter import Letter
    from crm.mail.models import Mailbox

#: Letters that share one Message-ID are compared with so many; any further one is a message.
CANDIDATES = 5
#: Texts beyond this size are one only where their fingerprints agree.
LONGEST = 100_000


def recognise(session: Session, workspace_id: UUID, placed: Sequence[Placed]) -> None:
    """Say of every letter which message it is, and of whose Message-ID it is the second."""
    stored = known.messages(session, workspace_id, {p.ref for p in placed})
    suspects = {
        message.id
        for p in placed
        for message in stored.get(p.ref, ())[:CANDIDATES]
        if message.fingerprint != p.letter.fingerprint
        and _could_be(p.letter, message.author, message.sent_at)
    }
    texts = known.texts(session, workspace_id, suspects, longest=LONGEST)
    seen: dict[UUID, list[Placed]] = {}
    for p in placed:
        before = seen.setdefault(p.ref, [])
        original = _original(p.letter, stored.get(p.ref, ()), texts)
        twin = None if original is not None else _twin(p.letter, before)
        if original is not None:
            p.new, p.message_id, p.thread_id = False, original.id, original.thread_id
            p.differs = original.fingerprint != p.letter.fingerprint
        elif twin is not None:
            p.new, p.message_id = False, twin.message_id
            p.differs = twin.letter.fingerprint != p.letter.fingerprint
        else:
            others = [m.id for m in stored.get(p.ref, ())] + [q.message_id for q in before]
            p.same_id_as = others[0] if others else None
            before.append(p)


def recognise_renamed(session: Session, mailbox: Mailbox, placed: Sequence[Placed]) -> None:
    """Recognise what we have sent where a server has put a Message-ID of its own into it.

    With our id in its place the letter has the fingerprint of the message, and it goes openly to
    the same people: that alone counts, for the same words may go to two of them in one second. A
    colleague's copy may come before the sender's own. In the mailbox that sent it the server's word
    holds: from then on the message bears the id by which all others know it. Answers to either come
    into its thread.
    """
    dated = [p for p in placed if p.new and p.letter.message_id and p.letter.sent_at is not None]
    authors = {p.letter.author.email for p in dated if p.letter.author is not None}
    moments = {p.letter.sent_at for p in dated if p.letter.sent_at is not None}
    if not authors:
        return
    for sent in known.sent_at(session, mailbox.workspace_id, authors, moments):
        found = next((p for p in dated if p.new and _is_alike(p.letter, sent)), None)
        if found is None:
            continue
        as_new = found.message_id
        for p in placed:  # What is twice in the batch is so under the same id.
            if p.message_id == as_new:
                p.new, p.message_id, p.thread_id = False, sent.id, sent.thread_id
                p.same_id_as, p.named = None, True  # Its other id may have been named before.
        known.mention(session, mailbox.workspace_id, sent.thread_id, found.letter)
        if sent.mailbox_id == mailbox.id:
            known.rename(session, mailbox, sent, found.letter)


def recognise_quicker(session: Session, workspace_id: UUID, placed: Sequence[Placed]) -> None:
    """Recognise what we have sent where a colleague's copy was quicker, under the server's own id.

    With that id in its place our letter has the fingerprint of the message, as above.
    """
    for p in placed:
        author, sent_at = p.letter.author, p.letter.sent_at
        if not p.new or author is None or sent_at is None:
            continue
        for message in known.said_at(session, workspace_id, author.email, sent_at):
            if _is_alike(p.letter, message):
                p.new, p.message_id, p.thread_id = False, message.id, message.thread_id
                p.same_id_as = None
                known.mention(session, workspace_id, message.thread_id, p.letter)
                break


def recognise_leaving(session: Session, mailbox: Mailbox, placed: Sequence[Placed]) -> None:
    """Recognise what we have sent whose copy is quicker than we are: nothing stands for it yet.

    It is known by all that it says, for its server may have given it another Message-ID. From now
    on the copy's message is the one that was sent, and no second one is made.
    """
    ours = senders.addresses(mailbox)
    own = [
        p
        for p in placed
        if p.new
        and p.letter.message_id
        and p.letter.author is not None
        and p.letter.author.email in ours
    ]
    moments = {p.letter.sent_at for p in own if p.letter.sent_at is not None}
    if not moments:
        return
    for sent in known.leaving(session, mailbox, moments):
        found = next((p for p in own if p.new and _says(p.letter, sent)), None)
        if found is not None:
            own.remove(found)
            known.note_left(session, mailbox, sent, found.message_id, found.letter.message_id)


def _says(letter: Letter, sent: KnownLeaving) -> bool:
    return (
        letter.sent_at == sent.dated_at
        and letter.subject.split() == sent.subject.split()
        and identity.squash(letter.text) == identity.squash(sent.text)
        and _sizes(letter) == sent.sizes
        and _openly(letter) == {domains.spelt(email) for email in sent.people}
    )


def _is_alike(letter: Letter, message: KnownAlike) -> bool:
    """Tell whether a letter is a message but for its Message-ID."""
    same = _renamed(letter, message.rfc_id) == message.print
    return same and _openly(letter) == {domains.spelt(email) for email in message.people}


def _openly(letter: Letter) -> set[str]:
    """Return to whom a letter goes before all eyes."""
    parties = (p for p in letter.parties if p.role in (Role.TO, Role.CC))
    return {domains.spelt(p.address.email) for p in parties}


def _renamed(letter: Letter, message_id: str) -> bytes:
    """Return the fingerprint that a letter would have under another Message-ID."""
    author = letter.author.email if letter.author is not None else ""
    head = (author, letter.sent_at, letter.date_text, letter.subject, message_id)
    return identity.fingerprint(*head, letter.text + letter.text_digest, _sizes(letter))


def _could_be(letter: Letter, author: str, sent_at: datetime | None) -> bool:
    """Tell whether a letter may be a copy of one by this author, of this Date."""
    return (
        letter.sent_at is not None
        and letter.sent_at == sent_at
        and letter.author is not None
        and letter.author.email == author
        and len(letter.text) <= LONGEST
    )


def _is_copy(letter: Letter, text: str, sizes: list[int]) -> bool:
    """Tell whether a letter says the same but for a banner, and brings the same attachments."""
    return sizes == _sizes(letter) and identity.differ_by_banner(text, letter.text)


def _original(
    letter: Letter, stored: Sequence[KnownMessage], texts: dict[UUID, KnownText]
) -> KnownMessage | None:
    for message in stored:
        if message.fingerprint == letter.fingerprint:
            return message
    for message in stored[:CANDIDATES]:
        text = texts.get(message.id)
        if (
            text is not None
            and _could_be(letter, message.author, message.sent_at)
            and _is_copy(letter, text.text, text.sizes)
        ):
            return message
    return None


def _twin(letter: Letter, before: Sequence[Placed]) -> Placed | None:
    """Return the letter of the same batch that this one is a copy of."""
    for other in before:
        if other.letter.fingerprint == letter.fingerprint:
            return other
    for other in before[:CANDIDATES]:
        one = other.letter
        if (
            one.author is not None
            and len(one.text) <= LONGEST
            and _could_be(letter, one.author.email, one.sent_at)
            and _is_copy(letter, one.text, _sizes(one))
        ):
            return other
    return None


def _sizes(letter: Letter) -> list[int]:
    return [part.size for part in letter.parts]

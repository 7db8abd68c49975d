"""What reading makes of a message's bytes, and a letter together with its place.

`Letter` is the hand-over between `sync.reading`, which makes it, and `crm.filing`, which gives it
a place. Every text in it is free of NUL and of lone surrogates, so that the database takes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from crm.base.addresses import Address
from crm.base.words import WordEnum
from crm.mail.meaning import Meaning, Named, Suspicion

#: Gmail's label of what was sent through it.
SENT = "SENT"
#: Of most letters.
NOTHING = Meaning()


class Role(IntEnum):
    """In which header an address stood, or what else it is to a message."""

    FROM = 1
    SENDER = 2
    REPLY_TO = 3
    TO = 4
    CC = 5
    BCC = 6
    ORIGINAL = 7  # wrote what is passed on inside; in no header
    RETURNED = 8  # did not get what a bounce gives back; in no header
    INTRODUCED = 9  # whose calling card somebody else sends; in no header


class Kind(WordEnum):
    """What sort of message this is; stored as a number, spoken of by its word."""

    PERSON = 1
    BULK = 2
    LIST = 3
    AUTO_REPLY = 4
    BOUNCE = 5
    NOTIFICATION = 6
    REPORT = 7
    INVITATION = 8


class Flag(StrEnum):
    """What a mailbox says of a copy, whatever its server calls it."""

    SEEN = "seen"
    ANSWERED = "answered"
    FLAGGED = "flagged"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Party:
    """An address in a role, as one message's header has it."""

    role: Role
    address: Address


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment or inline image: where it is and what it says of itself, without its bytes.

    `section` is the IMAP section number (RFC 3501, section 6.4.5), such as "2" or "2.1.3".
    `size` is in bytes after decoding, or an estimate where the part was not fetched.
    `content_id` has no angle brackets.
    """

    section: str
    filename: str
    content_type: str
    size: int
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class LeftPart:
    """A leaf of BODYSTRUCTURE (RFC 3501, section 7.4.2) that was not fetched with its letter."""

    section: str
    content_type: str
    filename: str
    size: int  # encoded octets
    encoding: str
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as we understand it. Made from bytes alone, the same for the same bytes."""

    digest: bytes  # SHA-256 of the bytes as served
    size: int  # of the bytes as served; RFC822.SIZE where the letter was taken by its parts
    headprint: bytes  # see crm.mail.identity
    fingerprint: bytes
    message_id: str  # without brackets and white space; "" where there is none
    references: tuple[str, ...]  # References, then In-Reply-To; no repeats; at most 100, the newest
    sent_at: datetime | None  # Date in UTC; None where missing or outside 1970 to 2100
    date_text: str  # Date as it was written, at most 200 characters
    subject: str
    parties: tuple[Party, ...]  # at most 500, in the order of the headers, From first
    more_parties: int  # how many addresses stood beyond these
    kind: Kind
    kind_reason: str  # the header or rule that says so, as "List-Unsubscribe"; "" for a person
    text: str  # everything visible, as plain text, at most 1 MB
    new_text: str  # what was written now: no quote; the signature still in it
    html: str  # as sent, never shown unsanitised; "" where there is none; at most 1 MB
    parts: tuple[Part, ...] = ()
    more_parts: int = 0
    whole: bool = True  # False where text or parts were cut or left on the server
    text_digest: str = ""  # what stands for all of the text in the fingerprint, where it was cut
    signature: str = ""  # a part of new_text, or of quoted where it stands below the quote
    quoted: str = ""  # what was taken out of text to make new_text
    meaning: Meaning = NOTHING
    without_domain: tuple[tuple[Role, Named], ...] = ()  # as MAILER-DAEMON: users of a machine
    reader: str = "fast"  # fast, second, standard
    notes: tuple[str, ...] = field(default=())  # what was odd, in fixed words

    @property
    def author(self) -> Address | None:
        """Return who wrote it: From, as the first mailbox in it."""
        return next((p.address for p in self.parties if p.role is Role.FROM), None)

    @property
    def disowned(self) -> bool:
        """Tell whether a server on the way says that it is not from whom it names."""
        return Suspicion.DISOWNED in self.meaning.suspicions

    @property
    def automatic(self) -> bool:
        """Tell whether a machine, not a person, sent it."""
        return self.kind not in (Kind.PERSON, Kind.INVITATION)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Bytes that could not become a Letter: kept whole, with the error in fixed words."""

    digest: bytes
    raw: bytes  # empty where the server gives none
    error: str
    size: int
    left: tuple[LeftPart, ...] = ()  # what stayed on the server, where it came by its parts


@dataclass(frozen=True, slots=True)
class Arrival:
    """A letter with its place in a mailbox."""

    uid: int
    letter: Letter | Unreadable | None  # None where a rule skips it; then `skipped` says which
    received_at: datetime  # the server's INTERNALDATE, in UTC; the sort date of last resort
    flags: frozenset[Flag] = frozenset()
    labels: tuple[str, ...] = ()
    skipped: str = ""  # a skip rule of docs/vocabulary.md, or ""
    headprint: bytes = b""  # of a skipped letter whose head was read, for recognising it later
    thread: str = ""  # as the provider calls it, where it has threads

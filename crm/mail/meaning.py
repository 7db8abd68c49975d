"""What a letter turned out to be, beyond its words: a forward, a bounce, a meeting, a calling card.

Hand-over types, made by `sync.reading` from bytes alone and kept by `crm.filing`. Every text in
them is free of NUL and of lone surrogates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crm.base.words import WordEnum


class Suspicion(StrEnum):
    """Why a sender may not be who they seem; each is said on the card in the reader's words."""

    NAME_SHOWS_ADDRESS = "name_shows_address"  # the name holds another address than the sender's
    LOOK_ALIKE = "look_alike"  # the domain mixes alphabets
    HIDDEN_SIGNS = "hidden_signs"  # NUL, line ends or direction marks in the sender (Mailsploit)
    SEVERAL_SENDERS = "several_senders"  # two From headers, or several addresses in one
    RESEMBLES = "resembles"  # the address is almost one that we know; the database tells
    DISOWNED = "disowned"  # a server on the way says that it is not from there (RFC 8601)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as another program wrote them down: a name, an address, or both."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """The person behind a letter that a list sends in its own name. Shown, and never believed."""

    who: Named
    list_name: str  # as the list calls itself
    reason: str  # the header that tells, as "X-Original-From"


@dataclass(frozen=True, slots=True)
class Forward:
    """A message that was passed on inside of another."""

    message: str  # what was written above it, "" where nothing was
    author: Named | None
    to: tuple[Named, ...]
    cc: tuple[Named, ...]
    subject: str
    date_text: str  # as the forwarding program wrote it
    body: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server gives a letter back, or says that it could not be delivered yet."""

    recipients: tuple[str, ...]  # bare addresses, lower case; none where it does not tell
    status: str  # RFC 3463, as "5.1.1"; "" where it does not tell
    permanent: bool | None  # None where it does not tell
    diagnostic: str = ""  # what the other server said, at most 500 characters
    returned_id: str = ""  # the Message-ID of the letter that came back, as in Letter.message_id


class Method(WordEnum):
    """What a calendar letter asks for or tells (RFC 5546, section 1.4)."""

    REQUEST = 1
    REPLY = 2
    CANCEL = 3
    PUBLISH = 4
    COUNTER = 5


class Answer(WordEnum):
    """What somebody said to an invitation (RFC 5545, section 3.2.12)."""

    NONE = 0
    ACCEPTED = 1
    DECLINED = 2
    TENTATIVE = 3


class Rhythm(WordEnum):
    """How often a meeting repeats (RFC 5545, section 3.3.10), as far as few words say it."""

    NONE = 0
    DAY = 1
    WEEK = 2
    MONTH = 3
    YEAR = 4


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is invited, and what they said."""

    who: Named
    answer: Answer = Answer.NONE


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the iCalendar part of a letter says of one meeting."""

    method: Method
    uid: str  # at most 500 characters; a longer one keeps its beginning and a hash
    sequence: int
    recurrence: str  # RECURRENCE-ID as written, of one meeting in a row of them; else ""
    summary: str
    place: str
    starts_at: datetime | None  # in UTC; a whole day begins at midnight UTC
    ends_at: datetime | None
    whole_day: bool
    repeats: bool
    organizer: Named | None
    attendees: tuple[Attendee, ...]  # at most 200
    cancelled: bool = False  # by its status, which should mean for everybody
    rhythm: Rhythm = Rhythm.NONE  # of what repeats otherwise too
    every: int = 1  # so many days, weeks, months or years


@dataclass(frozen=True, slots=True)
class Details:
    """What a signature or a vCard says of a person. Empty where it does not tell."""

    name: str = ""
    title: str = ""
    company: str = ""
    phones: tuple[str, ...] = ()  # E.164 where the country is known, else as written
    emails: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    address: str = ""
    profiles: tuple[str, ...] = ()  # pages on social networks


@dataclass(frozen=True, slots=True)
class Voucher:
    """A server's word, the topmost in a letter, that the domain in From is behind it (RFC 8601).

    Anybody may write it into a letter of their own: whoever believes it has to know the server, or
    that it is the last one on the way.
    """

    server: str  # as it calls itself, lower case
    last: bool  # no server that took the letter over has left its trace above it


@dataclass(frozen=True, slots=True)
class Meaning:
    """Everything that a letter turned out to be beside its words."""

    forward: Forward | None = None
    bounce: Bounce | None = None
    meetings: tuple[Meeting, ...] = ()  # at most 20
    returns_on: date | None = None  # the day of return that an out-of-office names
    details: Details | None = None  # out of the signature
    cards: tuple[Details, ...] = ()  # out of attached vCards, at most 20
    suspicions: tuple[Suspicion, ...] = ()
    writer: Writer | None = None  # where From is a list's own address
    passed_on_by: Named | None = None  # who has sent it on as it was (Resent-From)
    voucher: Voucher | None = None  # asked for beside meetings alone
    relayed: bool = False  # a list sent it on, which makes DMARC fail of itself (RFC 7960)

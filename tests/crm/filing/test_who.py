"""Who is who in a letter: a table of senders, recipients, ways and whom we meet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base.addresses import Address
from crm.filing.who import circle, direction, sent_from, to_meet, unfiled_because
from crm.mail.letter import Kind, Letter, Party, Role
from crm.mail.meaning import Meaning, Suspicion
from crm.mail.models import Direction, Mailbox, MailboxKind, Meets
from sync import reading
from tests import make

OURS = circle(["ana@halden.test", "sales@halden.test", "boss@gmail.com"])

#: From; To, Cc and Bcc; the way it went; whom it lets us meet by DIRECT, and by WRITTEN.
TABLE = """
jana@s.test          | to:ana@halden.test               | IN       | jana@s.test | -
jana@s.test          | cc:ana@halden.test               | IN       | jana@s.test | -
jana@s.test          | bcc:ana@halden.test              | IN       | - | -
jana@s.test          | to:list@lists.test               | IN       | - | -
jana@s.test          |                                  | IN       | - | -
jana@s.test          | to:boss@gmail.com                | IN       | jana@s.test | -
f@gmail.com     | to:ana@halden.test               | IN       | f@gmail.com | -
no-reply@shop.test   | to:ana@halden.test               | IN       | - | -
                     | to:ana@halden.test               | IN       | - | -
ana@halden.test      | to:jana@s.test                   | OUT      | jana@s.test | jana@s.test
ana@halden.test      | to:jana@s.test cc:bo@halden.test | OUT      | jana@s.test | jana@s.test
ana@halden.test      | to:bo@halden.test bcc:eva@x.test | OUT      | eva@x.test | eva@x.test
boss@gmail.com       | to:f@gmail.com              | OUT      | f@gmail.com | f@gmail.com
new@halden.test      | to:jana@s.test                   | OUT      | jana@s.test | jana@s.test
ana@mail.halden.test | to:jana@s.test                   | OUT      | jana@s.test | jana@s.test
ana@halden.test      | to:no-reply@shop.test            | OUT      | - | -
ana@halden.test      | to:bo@halden.test                | INTERNAL | - | -
ana@halden.test      |                                  | INTERNAL | - | -
ana@halden.test      | reply_to:jana@s.test             | INTERNAL | - | -
a@evilhalden.test    | to:ana@halden.test               | IN       | a@evilhalden.test | -
a@halden.test.x.test | to:ana@halden.test               | IN       | a@halden.test.x.test | -
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


def letter(author: str, others: str, kind: Kind = Kind.PERSON) -> Letter:
    parties = [Party(Role.FROM, Address(author))] if author else []
    for other in others.split():
        role, _, email = other.partition(":")
        parties.append(Party(Role[role.upper()], Address(email)))
    return replace(reading.read(make.raw()), parties=tuple(parties), kind=kind)


def met(found: list[Address]) -> str:
    return " ".join(a.email for a in found) or "-"


@pytest.mark.parametrize(("author", "others", "way", "direct", "written"), ROWS)
def test_the_way_of_a_letter_and_whom_it_lets_us_meet(
    author: str, others: str, way: str, direct: str, written: str
) -> None:
    one = letter(author, others)

    went = direction(one, OURS)

    assert went.name == way
    assert met(to_meet(one, went, OURS, Meets.DIRECT)) == direct
    assert met(to_meet(one, went, OURS, Meets.WRITTEN)) == written
    assert to_meet(one, went, OURS, Meets.NOBODY) == []


def test_who_only_bears_a_colleague_s_name_speaks_for_nobody() -> None:
    forged = replace(
        letter("ana@halden.test", "to:jana@s.test cc:sales@halden.test"),
        meaning=Meaning(suspicions=(Suspicion.DISOWNED,)),
    )

    way = direction(forged, OURS)

    assert way is Direction.IN
    assert to_meet(forged, way, OURS, Meets.DIRECT) == []


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.PERSON, Kind.INVITATION)])
@pytest.mark.parametrize(("author", "others", "way", "direct", "written"), ROWS)
def test_an_automatic_letter_lets_us_meet_nobody(
    kind: Kind, author: str, others: str, way: str, direct: str, written: str
) -> None:
    one = letter(author, others, kind)

    assert direction(one, OURS).name == way
    assert to_meet(one, Direction[way], OURS, Meets.DIRECT) == []


def test_an_invitation_comes_from_a_person() -> None:
    one = letter("jana@severka.test", "to:ana@halden.test", Kind.INVITATION)

    assert met(to_meet(one, Direction.IN, OURS, Meets.DIRECT)) == "jana@severka.test"


@pytest.mark.parametrize(
    ("kind", "way", "doubted", "rule"),
    [
        (Kind.LIST, Direction.IN, False, "machine"),
        (Kind.LIST, Direction.IN, True, "machine"),
        (Kind.BOUNCE, Direction.INTERNAL, False, "machine"),
        (Kind.PERSON, Direction.INTERNAL, False, "colleague_only"),
        (Kind.PERSON, Direction.IN, False, "no_contact_by_policy"),
        (Kind.PERSON, Direction.IN, True, "in_doubt"),
        (Kind.PERSON, Direction.OUT, False, "no_contact_by_policy"),
    ],
)
def test_what_is_linked_to_nobody_says_by_which_rule(
    kind: Kind, way: Direction, doubted: bool, rule: str
) -> None:
    one = letter("jana@severka.test", "", kind)

    assert unfiled_because(way, automatic=one.automatic, doubted=doubted) == rule


@pytest.mark.parametrize("suspicion", Suspicion)
def test_who_is_in_doubt_is_met_by_nothing_but_our_own_letters(suspicion: Suspicion) -> None:
    doubted = Meaning(suspicions=(suspicion,))
    came = replace(letter("jana@s.test", "to:ana@halden.test"), meaning=doubted)
    went = replace(letter("ana@halden.test", "to:jana@s.test"), meaning=doubted)

    assert to_meet(came, Direction.IN, OURS, Meets.DIRECT) == []
    assert met(to_meet(went, Direction.OUT, OURS, Meets.DIRECT)) == "jana@s.test"


def test_free_mail_has_no_colleagues() -> None:
    assert circle(["boss@gmail.com"]).domains == frozenset()
    assert circle(["boss@gmail.com"]).holds("boss@gmail.com")
    assert not circle(["boss@gmail.com"]).holds("f@gmail.com")
    assert not circle([]).holds("ana@halden.test")
    assert not circle(["ana@[192.0.2.1]"]).holds("bo@[192.0.2.1]")


#: From; Gmail's labels; the way of what went to somebody outside.
SENT_TABLE = [
    ("ana@halden.test", ["SENT"], Direction.OUT),
    ("ana@halden.test", ["SENT", "INBOX"], Direction.OUT),
    ("ana@brand.test", ["SENT"], Direction.OUT),  # an alias that nobody has told us of
    ("ana@halden.test", ["INBOX"], Direction.IN),  # anybody may put that into From
    ("ana@known.test", ["INBOX"], Direction.IN),
    ("bo@halden.test", ["INBOX"], Direction.OUT),  # a colleague's, who sent it elsewhere
    ("jana@s.test", ["INBOX"], Direction.IN),
]


@pytest.mark.parametrize(("author", "labels", "way"), SENT_TABLE)
def test_gmail_knows_what_was_sent_through_it(
    author: str, labels: list[str], way: Direction
) -> None:
    box = Mailbox(
        kind=MailboxKind.GMAIL, address="ana@halden.test", place={"aliases": ["ana@known.test"]}
    )
    ours = circle(["ana@halden.test"], ["ana@known.test"])
    written = letter(author, "to:jana@s.test")

    assert direction(written, ours, sent=sent_from(box, labels, written)) is way


def test_other_servers_do_not_tell_what_was_sent_through_them() -> None:
    box = Mailbox(kind=MailboxKind.IMAP, address="ana@halden.test", place={})
    written = letter("ana@halden.test", "to:jana@s.test")

    assert sent_from(box, ["SENT"], written) is None

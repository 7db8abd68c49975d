"""Signs of a forged sender: each is told, and an ordinary sender has none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.mail.letter import Letter, Role
from crm.mail.meaning import Suspicion
from sync import reading
from tests.sync.reading.samples import letter, sample

NAME, ALIKE, HIDDEN, SEVERAL = (
    Suspicion.NAME_SHOWS_ADDRESS,
    Suspicion.LOOK_ALIKE,
    Suspicion.HIDDEN_SIGNS,
    Suspicion.SEVERAL_SENDERS,
)


def read(*from_values: str, more: tuple[str, ...] = ()) -> Letter:
    return reading.read(letter(*(f"From: {value}" for value in from_values), *more))


@pytest.mark.parametrize(
    "value",
    [
        "Ann Novak <ann@acme.test>",
        "ann@acme.test",
        "ann@acme.test (Ann Novak)",
        '"ann@acme.test" <ann@acme.test>',
        '"Ann (ann@acme.test)" <a.novak@mail.acme.test>',
        '"Ann@Acme" <ann@acme.test>',
        '"Sales @ Acme" <sales@acme.test>',
        '"ann@gmail.com" <ann@googlemail.com>',
        '"ann@acme.test [via Relay]" <x7q2k@mozmail.com>',
        "=?utf-8?Q?J=C3=A1na_Nov=C3=A1?= <jana@acme.test>",
        "=?utf-8?Q?J=C3=A1na?=<jana@acme.test>",
        "=?utf-8?B?Sm8gPGpvQGFjbWUudGVzdD4=?=",  # a slip: all of it in one word
        "=?utf-8?B?QW5uCg==?= <ann@acme.test>",  # a slip: the line's end in the word
        '"=?utf-8?B?QW5uDQo=?=" <ann@acme.test>',
        "=?iso-2022-jp?B?GyRCOzNFREJATzobKEI=?= <taro@acme.test>",
        "\x1b$B;3ED\x1b(B <taro@acme.test>",
        "=?utf-8?B?2LnZhNuM4oCM2LHYttin?= <ali@acme.test>",  # with the non-joiner of Persian
        "=?utf-8?B?4oCrINeT158g4oCs?= <dan@acme.test>",  # Hebrew in an embedding
        "příliš žluťoučký <kun@acme.test>",
        "info@müller.test",
        "почта <info@почта.test>",
        "Ann <ann@acme.test>, Bo <bo@mail.acme.test>",
        "ann@acme.test <ann@acme.test>",
        "ann@acme.test<ann@acme.test>",
        "<mailto:ann@acme.test>",
        "ann@acme.test,ann@mail.acme.test",
        "Crew: ann@acme.test;",
        "<@relay.test,@gate.test:ann@acme.test>",
        "gate!ann@host@acme.test",
        "Undisclosed:;",
        "",
    ],
)
def test_an_ordinary_sender_is_not_suspected(value: str) -> None:
    assert read(value).meaning.suspicions == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ('"chief@acme.test" <x@elsewhere.test>', NAME),
        ("chief@acme.test <x@elsewhere.test>", NAME),
        ("=?utf-8?Q?Chief_=3Cchief=40acme.test=3E?= <x@elsewhere.test>", NAME),
        ('"=?utf-8?Q?chief=40acme.test?=" <x@elsewhere.test>', NAME),
        ('"chief＠acme．test" <x@elsewhere.test>', NAME),
        ("x@elsewhere.test (chief@acme.test)", NAME),
        ('"chief@acme.test": x@elsewhere.test;', NAME),
        ("=?utf-8?Q?chief=40acme.test?=: x@elsewhere.test;", NAME),
        (f'"chief@acme.test{" " * 400}" <x@elsewhere.test>', NAME),
        ('"chief@gmail.com" <x@gmail.com>', NAME),
        ("Ann <ann@\u0430cme.test>", ALIKE),
        ("Ann <ann@xn--cme-7cd.test>", ALIKE),
        ("Ann <ann@acme.test⁄login.elsewhere.test>", ALIKE),
        ("Ann <ann@ａcme.test>", ALIKE),
        ("=?utf-8?Q?chief=40acme.test=00?= <x@elsewhere.test>", HIDDEN),
        ("=?utf-8?Q?Chief=0D=0ABcc:_all?= <x@elsewhere.test>", HIDDEN),
        ("=?utf-8?Q?chief=40acme.test?=@elsewhere.test", HIDDEN),
        ("=?utf-8?Q?chief=40acme.test=28?==?utf-8?Q?=00?=@elsewhere.test", HIDDEN),
        ("<=?utf-8?Q?chief=40acme.test=0A?=@elsewhere.test>", HIDDEN),
        ("<=?utf-8?Q?=00?=@elsewhere.test>", HIDDEN),
        ("Ann\x00 <ann@acme.test>", HIDDEN),
        ("=?utf-8?B?UGF54oCLRmFzdA==?= <x@elsewhere.test>", HIDDEN),  # PayFast, in two
        ("=?utf-8?Q?chief@acme.test?=@elsewhere.test", HIDDEN),
        ("=?utf-8?Q?chief@acme.test x?=@elsewhere.test", HIDDEN),
        ('"chief@acme.test"@elsewhere.test', HIDDEN),
        ("chief@acme.test@elsewhere.test", HIDDEN),
        ("<chief@acme.test@elsewhere.test>", HIDDEN),
        ("=?utf-8?B?QW5uIOKArmV0?= <ann@acme.test>", HIDDEN),  # RIGHT-TO-LEFT OVERRIDE
        ("=?utf-8?B?QW5uIOKAq2V0?= <ann@acme.test>", HIDDEN),  # an embedding among Latin letters
        ("Ann <ann@acme.test>, Bo <bo@elsewhere.test>", SEVERAL),
        ("chief@acme.test, x@elsewhere.test", SEVERAL),
    ],
)
def test_a_forged_sender_is_suspected_of_what_was_done(value: str, why: Suspicion) -> None:
    assert why in read(value).meaning.suspicions


def test_two_from_headers_that_differ_are_several_senders() -> None:
    both = read("Ann <ann@acme.test>", "Chief <chief@acme.test>")

    assert both.meaning.suspicions == (SEVERAL,)
    assert both.author is not None
    assert both.author.email == "ann@acme.test"


def test_one_from_header_twice_is_a_slip() -> None:
    assert read("Ann <ann@acme.test>", "ann@acme.test").meaning.suspicions == ()


def test_of_a_sender_with_a_nul_no_part_is_believed() -> None:
    forged = reading.read(sample("sender-with-nul-in-encoded-words"))

    assert forged.meaning.suspicions == (HIDDEN,)
    assert forged.author is not None
    assert forged.author.domain == "elsewhere.test"
    assert "chief@acme.test" not in {p.address.email for p in forged.parties}


def test_a_list_that_shows_whom_it_sends_for_is_not_suspected() -> None:
    value = "\"'ann@acme.test' via crew\" <crew@lists.test>"
    own = ("List-Id: <crew.lists.test>", "Reply-To: ann@acme.test")

    assert read(value, more=own).meaning.suspicions == ()
    assert read(value).meaning.suspicions == (NAME,)
    assert read(value, more=("List-Id: <crew.other.test>", own[1])).meaning.suspicions == (NAME,)


def test_a_list_does_not_cover_a_name_that_hides_it() -> None:
    own = ("List-Id: <crew.lists.test>", "Reply-To: chief@acme.test")

    assert read('"chief@acme.test" <crew@lists.test>', more=own).meaning.suspicions == (NAME,)


def test_what_a_server_disowns_is_one_of_the_signs() -> None:
    disowned = read("ann@acme.test", more=("Authentication-Results: mx.test; dmarc=fail",))

    assert disowned.meaning.suspicions == (Suspicion.DISOWNED,)
    assert disowned.disowned


def test_headers_of_other_programs_that_speak_to_themselves_say_nothing() -> None:
    """What other systems let their own headers decide, a letter may not decide here."""
    plain = read("ann@acme.test")
    forged = read(
        "ann@acme.test",
        more=(
            "X-Zammad-Customer-Login: chief@acme.test",
            "X-Zammad-Ticket-Owner: chief@acme.test",
            "X-Inlay-Author: chief@acme.test",
            "X-Inlay-Kind: person",
            "RT-Originator: chief@acme.test",
            "X-Gm-Labels: SENT",
            "X-GM-THRID: 17",
        ),
    )

    assert (forged.parties, forged.kind, forged.meaning, forged.notes, forged.references) == (
        plain.parties,
        plain.kind,
        plain.meaning,
        plain.notes,
        plain.references,
    )


PIECES = st.sampled_from(
    ["=?utf-8?Q?", "=?utf-8?B?", "?=", "=00", "=40", "=0A", "\x00", "@", "<", ">", '"', "(", ",",
     "a@b.test", "xn--", "\u202e", "＠", "\u0430", "Ann", " ", ".test", ":", ";"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=20))
def test_no_sender_breaks_the_reader(value: str, other: str) -> None:
    found = read(value + other.replace("\n", " ").replace("\r", " "))

    assert len(set(found.meaning.suspicions)) == len(found.meaning.suspicions)
    assert all("\x00" not in p.address.name + p.address.email for p in found.parties)
    assert all(p.role is Role.FROM for p in found.parties)


@pytest.mark.parametrize(
    "value",
    [
        "=?utf-8?Q?=00?=" * 60_000,
        "a@b.test," * 100_000,
        "<" * 900_000,
        "=?" * 450_000,
        "@" * 900_000,
    ],
)
def test_a_sender_of_any_length_is_judged_in_no_time(value: str) -> None:
    began = time.process_time()
    read(value)

    assert time.process_time() - began < 1

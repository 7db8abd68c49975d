"""What a server on the way says of the author: doubt is believed, and who vouches is named."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import addresses
from crm.mail.meaning import Voucher
from sync import reading
from sync.reading import authentic, headers
from tests import make
from tests.sync.reading.samples import sample


@pytest.mark.parametrize(
    ("said", "disowned"),
    [
        ("", False),
        ("mx.halden.test; dkim=pass header.d=severka.test; spf=pass; dmarc=pass", False),
        ("mx.halden.test; dkim=fail; spf=pass; dmarc=fail (p=REJECT) header.from=x.test", True),
        ("mx.halden.test;\r\n  spf=fail smtp.mailfrom=x.test;\r\n  DMARC = Fail", True),
        ("mx.halden.test; spf=fail smtp.mailfrom=x.test; dkim=none", True),
        ("mx.halden.test; spf=fail; dkim=pass header.d=severka.test", False),
        ("mx.halden.test; spf=fail; dkim=fail; dmarc=bestguesspass", False),
        ("mx.halden.test; spf=softfail; dkim=none", False),
        ("mx.halden.test; x-dmarc=fail", False),
        ("dmarc=fail", False),
        ("mx.halden.test 1; none", False),
    ],
)
def test_a_letter_is_disowned_where_its_author_s_domain_is_not_behind_it(
    said: str, disowned: bool
) -> None:
    headers = {"Authentication_Results": said} if said else {}

    assert reading.read(make.raw(**headers)).disowned is disowned


def test_a_pass_above_a_fail_takes_no_doubt_away() -> None:
    raw = make.raw(Authentication_Results="mx.halden.test; dmarc=fail")
    forged = b"Authentication-Results: mx.halden.test; dmarc=pass\r\n" + raw

    assert reading.read(forged).disowned


def test_a_field_of_any_length_is_read_in_no_time() -> None:
    raw = make.raw(Authentication_Results="mx.test" + "; spf=fail " * 50_000)
    began = time.process_time()
    reading.read(raw)

    assert time.process_time() - began < 0.5


def test_a_pass_gives_a_letter_nothing_that_it_would_not_have_without() -> None:
    plain = reading.read(make.raw(message_id="1@severka.test"))
    said = "mx.google.com; dkim=pass header.d=halden.test; spf=pass; dmarc=pass"
    forged = reading.read(make.raw(message_id="1@severka.test", Authentication_Results=said))

    assert replace(forged, digest=plain.digest, size=plain.size) == plain


ANN = addresses.Address("ann@severka.test", "")


def vouched(said: str, more: str = "", author: addresses.Address | None = ANN) -> Voucher | None:
    head = f"Authentication-Results: {said}\r\n{more}From: {ANN.email}\r\n\r\n"
    return authentic.voucher(headers.scan(head.encode()), author)


@pytest.mark.parametrize(
    "said",
    [
        "mx.halden.test; dmarc=pass header.from=severka.test",
        "MX.halden.test 1; spf=pass; DMARC = Pass (p=NONE sp=NONE) header.from=Severka.TEST",
        "mx.halden.test; dkim=pass header.d=severka.test",
        "mx.halden.test; dkim=fail header.d=x.test; dkim=pass header.i=@mail.severka.test",
        'mx.halden.test;\r\n dkim=pass header.i=@severka.test header.s=s1 header.b="aB+/=";'
        "\r\n spf=pass (mx: domain of ann@severka.test designates 192.0.2.1 as permitted)"
        " smtp.mailfrom=ann@severka.test;\r\n dmarc=none header.from=severka.test",
    ],
)
def test_a_server_vouches_for_the_domain_of_the_author(said: str) -> None:
    assert vouched(said) == Voucher("mx.halden.test", last=False)
    assert vouched(said, "Received: by mx.halden.test\r\n") == Voucher("mx.halden.test", last=True)


@pytest.mark.parametrize(
    "said",
    [
        "",
        ";",
        "mx.halden.test; none",
        "mx.halden.test; spf=pass smtp.mailfrom=ann@severka.test",
        "mx.halden.test; dmarc=pass header.from=elsewhere.test",
        "mx.halden.test; dmarc=pass",
        "mx.halden.test; dmarc=fail header.from=severka.test; dkim=pass header.d=severka.test",
        "mx.halden.test; dkim=pass header.d=elsewhere.test",
        "mx.halden.test; dkim=pass header.d=notseverka.test",
        "mx.halden.test; dkim=pass",
        "mx.halden.test; spf=none (of x; dmarc=pass header.from=severka.test)",
        "mx.halden.test; spf=none (of x); dmarc=pass header.from=severka.test; (@evil.test)"
        "; dmarc=fail header.from=severka.test",
        'mx.halden.test; spf=none (of "x) ; dmarc=pass header.from=severka.test ; ("@evil.test)',
        "mx.halden.test; spf=none (of \\) ; dmarc=pass header.from=severka.test",
        "mx.halden.test; spf=none (of x)) ; dmarc=pass header.from=severka.test",
        "mx.halden.test; dmarc=pass header.from=severka.test" + " " * 5_000,
    ],
)
def test_what_is_said_of_another_or_may_be_a_strangers_words_vouches_for_nobody(said: str) -> None:
    assert vouched(said) is None


def test_the_topmost_word_counts_and_it_stands_below_the_traces_of_later_servers() -> None:
    own = b"Authentication-Results: mx.halden.test; dmarc=none\r\n"
    forged = b"Authentication-Results: mx.halden.test; dmarc=pass header.from=severka.test\r\n"
    trace = b"Received: by mx.halden.test\r\n"

    assert authentic.voucher(headers.scan(own + forged + b"\r\n"), ANN) is None
    below = authentic.voucher(headers.scan(trace + forged + trace + b"\r\n"), ANN)
    assert below == Voucher("mx.halden.test", last=False)
    assert vouched("mx.halden.test; dmarc=pass header.from=severka.test", author=None) is None


def test_who_vouches_is_asked_of_letters_about_meetings_alone() -> None:
    said = b"Authentication-Results: mx.halden.test; dmarc=pass header.from=%s\r\n"
    invitation = sample("invitation-in-an-alternative-outlook")
    author = reading.read(invitation).author
    assert author is not None

    asked = reading.read(said % author.domain.encode() + invitation)
    plain = reading.read(said % b"severka.test" + make.raw())

    assert asked.meaning.voucher == Voucher("mx.halden.test", last=False)
    assert plain.meaning.voucher is None


@given(st.text(alphabet='() ;="\\apsmdkrchefv.@\t', max_size=300))
def test_no_field_is_too_odd_to_be_read(said: str) -> None:
    vouched(said.replace("\r", ""))


LIST = {"List_Id": "Printers <printers.lists.test>"}
FAILS = "mx.halden.test; dkim=fail header.d=severka.test; dmarc=fail header.from=severka.test"


@pytest.mark.parametrize(
    ("said", "relayed"),
    [
        (f"{FAILS}; spf=pass smtp.mailfrom=printers-bounces@lists.test", True),  # Mailman
        (f"{FAILS}; spf=pass (a;b) smtp.mailfrom=printers+bnc9@mail.lists.test", True),  # Google
        (f"{FAILS}; dkim=pass header.i=@lists.test header.s=k", True),
        (f"{FAILS}; dkim=pass header.d=lists.test", True),
        (f'{FAILS}; spf=pass smtp.mailfrom="owner@lists.test"', True),
        (FAILS, False),
        (f"{FAILS}; spf=pass smtp.mailfrom=x@evil.test", False),
        (f"{FAILS}; dkim=pass header.d=evil-lists.test", False),
        (f"{FAILS}; spf=fail smtp.mailfrom=x@lists.test", False),
        (f"{FAILS} (spf=pass smtp.mailfrom=x@lists.test)", False),
        (f"{FAILS}; spf=pass smtp.mailfrom=test", False),
    ],
)
def test_what_a_list_sends_on_is_disowned_for_the_list_s_sake(said: str, relayed: bool) -> None:
    letter = reading.read(make.raw(**LIST, Authentication_Results=said))

    assert letter.disowned
    assert letter.meaning.relayed is relayed


def test_a_server_may_say_it_in_two_fields() -> None:
    passes = b"Authentication-Results: mx.halden.test; dkim=pass header.d=lists.test\r\n"
    raw = make.raw(**LIST, Authentication_Results=FAILS)

    assert reading.read(passes + raw).meaning.relayed


def test_what_another_server_says_of_the_list_counts_for_nothing() -> None:
    forged = b"Authentication-Results: mx.evil.test; dmarc=fail; dkim=pass header.d=lists.test\r\n"
    raw = make.raw(**LIST, Authentication_Results=FAILS)

    assert not reading.read(raw + b"").meaning.relayed
    assert not reading.read(forged + raw).meaning.relayed


def test_without_a_list_nothing_is_relayed() -> None:
    said = f"{FAILS}; spf=pass smtp.mailfrom=x@lists.test"

    assert not reading.read(make.raw(Authentication_Results=said)).meaning.relayed
    assert not reading.read(make.raw(**LIST)).meaning.relayed


def test_of_a_list_a_field_of_any_length_is_read_in_no_time() -> None:
    for endless in ("(" * 900_000, "; dkim=pass header.d=" + "a@" * 400_000, "; spf=pass" * 90_000):
        raw = make.raw(**LIST, Authentication_Results=FAILS + endless)
        began = time.process_time()
        reading.read(raw)

        assert time.process_time() - began < 0.5

"""Nobody is taken for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.mail.letter import Role
from sync import reading
from sync.reading import parties
from sync.reading.headers import scan
from tests.sync.reading.samples import letter


def read(value: str) -> list[tuple[str, str]]:
    return [(address.name, address.email) for address in parties.mailboxes(value)]


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("ann@acme.test", [("", "ann@acme.test")]),
        ("Ann Novak <Ann@Acme.TEST>", [("Ann Novak", "ann@acme.test")]),
        ('"Novak, Ann" <ann@acme.test>', [("Novak, Ann", "ann@acme.test")]),
        (
            "a@x.test, B <b@x.test>,c@x.test",
            [("", "a@x.test"), ("B", "b@x.test"), ("", "c@x.test")],
        ),
        ("ann@acme.test (Ann (the boss) Novak)", [("Ann (the boss) Novak", "ann@acme.test")]),
        ("=?utf-8?Q?Nov=C3=A1k=2C_Ann?= <ann@acme.test>", [("Novák, Ann", "ann@acme.test")]),
        ('"=?utf-8?Q?Ann?=" <ann@acme.test>', [("Ann", "ann@acme.test")]),
        (
            "team: a@x.test, B <b@x.test>;, c@x.test",
            [("", "a@x.test"), ("B", "b@x.test"), ("", "c@x.test")],
        ),
        # As it is written: who is shown is called otherwise.
        ("\"'Ann Novak'\" <ann@acme.test>", [("'Ann Novak'", "ann@acme.test")]),
        ("undisclosed-recipients:;", []),
        ("a@x.test; b@x.test", [("", "a@x.test"), ("", "b@x.test")]),
        ("<@relay.test,@other.test:ann@acme.test>", [("", "ann@acme.test")]),
        ("Ann <mailto:ann@acme.test>", [("Ann", "ann@acme.test")]),
        ("Ann [mailto:ann@acme.test]", [("", "ann@acme.test")]),
        ("Ann Novak <ann@acme.test", [("Ann Novak", "ann@acme.test")]),
        ("Bo <bo@x.test>, Ann <ann@acme.test", [("Bo", "bo@x.test"), ("Ann", "ann@acme.test")]),
        ("Ann <<ann@acme.test>>", [("Ann", "ann@acme.test")]),
        ("Ann [ann@acme.test]", [("", "ann@acme.test")]),
        ("a@x.test, c <c, d@x.test", [("", "a@x.test"), ("", "d@x.test")]),
        (
            "a@x.test, Ann <b@x.test>, c@x.test <-- new",
            [("", "a@x.test"), ("Ann", "b@x.test"), ("", "c@x.test")],
        ),
        ("Ann <ann@a.test, bob@b.test", [("", "ann@a.test"), ("", "bob@b.test")]),
        ("evil@x.test (hi <ceo@acme.test", [("", "evil@x.test"), ("", "ceo@acme.test")]),
        ("evil@x.test <ceo@acme.test", [("", "evil@x.test"), ("", "ceo@acme.test")]),
        ("Ann", []),
        ("<>", []),
        # CVE-2023-27043: what stands in brackets is the address.
        ("alice@example.org<bob@x.test>", [("alice@example.org", "bob@x.test")]),
        ("alice@example.org <bob@x.test>", [("alice@example.org", "bob@x.test")]),
        ('"alice@example.org" <bob@x.test>', [("alice@example.org", "bob@x.test")]),
        ('"Alice <alice@example.org>" <bob@x.test>', [("Alice <alice@example.org>", "bob@x.test")]),
        ("(alice@example.org) bob@x.test", [("alice@example.org", "bob@x.test")]),
        ('"alice@example.org" bob@x.test', [("", "bob@x.test")]),
        ('"alice@example.org"', []),
        ('"bob"@x.test', [("", "bob@x.test")]),
        # CVE-2019-16056: two signs are no address.
        ("alice@example.org@bob.test", []),
        # An encoded word is never an address.
        ("=?utf-8?Q?alice=40example.org?= <bob@x.test>", [("alice@example.org", "bob@x.test")]),
        ("=?utf-8?Q?a=40x.test=2C?= <bob@x.test>", [("a@x.test,", "bob@x.test")]),
        ("<a@x.test> <b@x.test>", [("", "a@x.test"), ("", "b@x.test")]),
        # What is not closed swallows nobody.
        ('"Ann <ann@acme.test>, bo@acme.test', [("Ann", "ann@acme.test"), ("", "bo@acme.test")]),
        ("Ann (the boss <ann@acme.test>", [("Ann the boss", "ann@acme.test")]),
        ("Ann <ann@acme.test\u202e>", []),
        ("Ann\u202e <ann@acme.test>", [("Ann", "ann@acme.test")]),
    ],
)
def test_addresses_are_read(value, people):
    assert read(value) == people


@given(st.text(alphabet='ab@x.<>"(),:;\\ =?\t', max_size=60))
def test_any_value_is_read_and_every_address_stands_in_it(value):
    for _, email in read(value):
        assert email in value.lower().replace('"', "")  # "bob"@x.test is bob@x.test


def test_roles_come_in_their_order_and_from_first():
    raw = letter(
        "Cc: c@x.test",
        "To: b@x.test, b@x.test",
        "Reply-To: r@x.test",
        "From: a@x.test",
        "Bcc: d@x.test",
        "Sender: s@x.test",
        "To: b2@x.test",
    )

    found = parties.of(scan(raw))

    assert [(p.role, p.address.email) for p in found.parties] == [
        (Role.FROM, "a@x.test"),
        (Role.SENDER, "s@x.test"),
        (Role.REPLY_TO, "r@x.test"),
        (Role.TO, "b@x.test"),
        (Role.TO, "b2@x.test"),
        (Role.CC, "c@x.test"),
        (Role.BCC, "d@x.test"),
    ]


def test_all_authors_of_one_from_are_kept_and_a_second_from_is_not():
    found = parties.of(scan(letter("From: a@x.test, b@x.test", "From: c@x.test")))

    assert [p.address.email for p in found.parties] == ["a@x.test", "b@x.test"]
    assert found.notes == ("two From headers",)


def test_beyond_five_hundred_addresses_are_counted():
    crowd = ",".join(f"u{n}@x.test" for n in range(40_000))

    found = parties.of(scan(letter("From: a@x.test", f"To: {crowd}", "Cc: c@x.test, d@x.test")))

    assert len(found.parties) == parties.MOST
    assert found.more == 40_000 - 499 + 2


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("root (Cron Daemon)", ("Cron Daemon", "root")),
        ("MAILER-DAEMON (Mail Delivery System)", ("Mail Delivery System", "mailer-daemon")),
        ("Ann Novak <ann>", ("Ann Novak", "ann")),
        ('"Ann" <ann>', ("Ann", "ann")),
        ("msgs", ("", "msgs")),
        ("Somebody", ("Somebody", "")),
    ],
)
def test_a_user_of_a_machine_is_kept_beside_the_parties(value, named):
    found = reading.read(letter(f"From: {value}"))

    assert found.author is None
    assert [(role, one.name, one.email) for role, one in found.without_domain] == [
        (Role.FROM, *named)
    ]


@pytest.mark.parametrize(
    "value", ["Novak, Ann <ann@acme.test>", "ann@acme.test", "undisclosed-recipients:;", "", "a b"]
)
def test_half_a_name_is_nobody(value):
    assert reading.read(letter("From: a@acme.test", f"To: {value}")).without_domain == ()

"""Addresses in a server's words."""

import pytest

from sync.reading.bounce_addresses import addresses, verp


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("no address", []),
        ("<Eva@Acme.test>: host said", ["eva@acme.test"]),
        ("'eva@acme.test'", ["eva@acme.test"]),
        ("[SMTP:eva@acme.test]", ["eva@acme.test"]),
        ("c=CZ;dda:SMTP=eva@acme.test; on Tue", ["eva@acme.test"]),
        ("a@x.test, b@y.test and a@x.test", ["a@x.test", "b@y.test"]),
        ("eva+offers@acme.test.", ["eva+offers@acme.test"]),
        ("jörg@müller.test", ["jörg@müller.test"]),
        ("@acme.test", []),
        ("eva@", []),
        ("eva@192.0.2.1", []),
    ],
)
def test_addresses_are_found_bare_and_small(text, found):
    assert addresses(text) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("list-bounces+eva=acme.test@inlay.test", "eva@acme.test"),
        ("list-return-7-eva=acme.test@inlay.test", "eva@acme.test"),
        ("eva=acme.test@inlay.test", "eva@acme.test"),
        ("bo@inlay.test", ""),
        ("a=b@inlay.test", ""),
    ],
)
def test_a_return_path_may_name_its_one_recipient(address, found):
    assert verp(address) == found

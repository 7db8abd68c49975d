"""PGP's armour in a text."""

import pytest

from sync.reading import openpgp, read
from tests.sync.reading.samples import letter, sample


def test_what_is_signed_in_the_text_is_shown_without_its_armour():
    found = read(sample("signed-in-the-text-pgp"))

    assert found.text == "I agree to the price.\n\n-- \nAnn"


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "> -----BEGIN PGP SIGNED MESSAGE-----\n> a: b\n>\n> x\n> -----BEGIN PGP SIGNATURE-----",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nwithout an end",
        "-----BEGIN PGP SIGNED MESSAGE-----\nno field\n\nx\n-----BEGIN PGP SIGNATURE-----\n",
    ],
)
def test_what_is_no_whole_armour_stays(text):
    assert openpgp.bare(text) == text


def test_what_stands_around_the_armour_stays():
    armour = "-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n\ny\n"
    text = f"before\n{armour}-----END PGP SIGNATURE-----\nfooter"

    assert openpgp.bare(text) == "before\nx\nfooter"


def test_an_encrypted_text_is_noted_and_a_quoted_one_is_not():
    text = "-----BEGIN PGP MESSAGE-----\n\nhQEMAw==\n-----END PGP MESSAGE-----"

    assert "encrypted" in read(letter("From: a@acme.test", body=text)).notes
    assert "encrypted" not in read(letter("From: a@acme.test", body=f"> {text}")).notes


def test_a_letter_that_is_encrypted_as_a_whole_is_noted():
    found = read(sample("encrypted-with-pgp-mime"))

    assert (found.text, "encrypted" in found.notes) == ("", True)


def test_a_letter_that_is_signed_as_a_whole_is_noted():
    found = read(sample("signed-with-pgp-mime"))

    assert (found.text, "signed" in found.notes) == ("I signed this.", True)
    assert [part.filename for part in found.parts] == ["signature.asc"]


def test_the_armour_of_pgp_ends():
    signed = ["-----BEGIN PGP SIGNED MESSAGE-----", "Hash: SHA256", "", "New."]
    signature = ["-----BEGIN PGP SIGNATURE-----", "iQ==", "-----END PGP SIGNATURE-----", "x"]

    assert openpgp.armour_end(signed, 0) == 2
    assert openpgp.armour_end(signature, 0) == 3
    assert openpgp.armour_end(signature[:2], 0) == 1

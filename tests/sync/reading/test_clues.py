"""How a letter is held against the tables of headers and of mail servers."""

import pytest

from crm.base.addresses import Address
from sync.reading import headers, machines
from sync.reading.clues import Clues
from tests.sync.reading.samples import letter

ANN = Address("ann@acme.test")


def clues(*lines: str, author: Address = ANN) -> Clues:
    fields = headers.scan(letter(*lines))
    return Clues(fields, author, "", "", (), "")


def test_the_first_header_of_a_table_is_named_as_it_is_spelled():
    both = clues("x-beenthere: talk@x.test", "list-id: <talk.x.test>")

    assert both.first_of(machines.LISTS) == "List-Id"
    assert both.first_of(machines.BULK) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [("no", False), ("No ; x=y", False), ("", False), ("auto-generated", True), ("yes", True)],
)
def test_a_program_says_that_it_sent_a_letter(value, said):
    assert clues(f"Auto-Submitted: {value}").by_itself is said


@pytest.mark.parametrize(
    ("author", "by_server"),
    [
        (Address("mailer-daemon@acme.test"), True),
        (Address("microsoftexchange329e71ec@acme.test"), True),
        (Address("postmaster@acme.test", "Mail Delivery System"), True),
        (Address("postmaster@acme.test", "Ann Novak"), False),
        (ANN, False),
    ],
)
def test_a_mail_server_is_told_from_a_person_who_writes_as_the_postmaster(author, by_server):
    assert clues(author=author).by_server is by_server

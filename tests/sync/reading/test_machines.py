"""The tables of headers, and how a letter is held against them."""

import pytest

from crm.base.addresses import Address
from sync.reading import headers, machines
from sync.reading.clues import Clues
from tests.sync.reading.samples import letter


def clues(*lines: str) -> Clues:
    fields = headers.scan(letter(*lines))
    return Clues(fields, Address("ann@acme.test"), "", "", (), "")


def test_the_first_header_of_a_table_is_named_as_it_is_spelled():
    both = clues("x-beenthere: talk@x.test", "list-id: <talk.x.test>")

    assert machines.first_of(machines.LISTS, both) == "List-Id"
    assert machines.first_of(machines.BULK, both) == ""


def test_no_header_stands_in_two_tables():
    tables = machines.ANSWERING, machines.NOTIFYING, machines.LISTS, machines.BULK

    assert len(set().union(*tables)) == sum(map(len, tables))


@pytest.mark.parametrize(
    ("value", "said"),
    [("no", False), ("No ; x=y", False), ("", False), ("auto-generated", True), ("yes", True)],
)
def test_a_program_says_that_it_sent_a_letter(value, said):
    assert machines.says_so(clues(f"Auto-Submitted: {value}")) is said

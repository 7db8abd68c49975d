"""The tables of headers."""

from sync.reading import machines


def test_no_header_stands_in_two_tables():
    tables = machines.ANSWERING, machines.NOTIFYING, machines.LISTS, machines.BULK

    assert len(set().union(*tables)) == sum(map(len, tables))

"""Lists: by what they can be sorted."""

from __future__ import annotations

from server.web.listing import Column, ListView


def test_a_list_is_sorted_by_the_columns_that_lead_somewhere():
    name, company = Column("Name", sort_href="?sort=name"), Column("Company")
    view = ListView("Contacts", "contacts", (name, company), ())

    assert view.sorts == (name,)

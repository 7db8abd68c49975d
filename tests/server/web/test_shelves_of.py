"""Each sort of record has its shelf, and its endpoints are there."""

from __future__ import annotations

import pytest

from crm.base.errors import NotFoundError
from crm.workspace import object_types
from server.web import shelves_of
from tests import make


@pytest.mark.parametrize(
    "shelf", [shelves_of.CONTACTS, shelves_of.COMPANIES], ids=lambda s: s.subject
)
def test_the_endpoints_of_a_shelf_are_routes(app, shelf):
    known = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}

    for endpoint in (shelf.listed, shelf.one, shelf.new, shelf.edited, shelf.done):
        assert endpoint in known
    assert known[shelf.one] == {shelf.id_name}
    assert known[shelf.edited] == {shelf.id_name, "key"}


def test_a_workspaces_own_sort_has_a_shelf_by_its_key(app, session, workspace):
    boss = make.user(session, workspace, "boss@halden.test", role="admin")
    machines = object_types.make(session, "Machine", "Machines", by=boss, at=make.NOW)
    session.flush()

    with app.test_request_context():
        shelf = shelves_of.of_objects(machines)
        assert shelf.href(shelf.listed) == "/o/machine"
        assert shelf.href_of(shelf.one, machines.id) == f"/o/machine/{machines.id}"
        assert shelves_of.listed_href(session, boss, "machine", view="x") == "/o/machine?view=x"
        assert shelves_of.listed_href(session, boss, "company") == "/companies"
        for subject in ("deal", "moon"):
            with pytest.raises(NotFoundError):
                shelves_of.listed_href(session, boss, subject)

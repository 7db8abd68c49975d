"""Whether records are there: each in its own table, and in one's own workspace."""

from __future__ import annotations

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import NotFoundError
from crm.people import companies
from crm.work import objects, records
from crm.work.models import Record
from crm.workspace import object_types
from crm.workspace.models import Workspace
from tests import make


def test_what_is_there_is_let_through(session: Session, workspace: Workspace) -> None:
    ana = make.user(session, workspace, role="admin")
    severka = companies.make(session, "Severka", by=ana, at=make.NOW)
    machines = object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)

    records.check(session, workspace.id, [(Record.COMPANY, severka.id), (Record.OBJECT, press.id)])
    records.check(session, workspace.id, [])

    for missing in (
        (Record.COMPANY, ids.new()),
        (Record.CONTACT, severka.id),
        (Record.TICKET, severka.id),
    ):
        with pytest.raises(NotFoundError, match="Nothing was saved"):
            records.check(session, workspace.id, [(Record.COMPANY, severka.id), missing])


def test_what_is_another_workspaces_is_not_there(session: Session) -> None:
    there = make.user(session, make.workspace(session, "There"), role="admin")
    theirs = companies.make(session, "Severka", by=there, at=make.NOW)
    session.flush()
    here = make.workspace(session, "Here")

    with pytest.raises(NotFoundError):
        records.check(session, here.id, [(Record.COMPANY, theirs.id)])

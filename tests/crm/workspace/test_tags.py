"""Tags: put on records, taken off, renamed everywhere at once."""

from __future__ import annotations

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.workspace import audit, tags
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, role="admin")


def names(session: Session, ana: User, *records: object) -> list[list[str]]:
    found = tags.of_records(session, ana.workspace_id, list(records))  # type: ignore[arg-type]
    return [[tag.name for tag in found.get(record, [])] for record in records]  # type: ignore[call-overload]


def test_a_tag_is_one_whatever_its_case(session: Session, ana: User) -> None:
    one, two = ids.new(), ids.new()

    tags.put(session, "contact", [one], "Expo  2026", by=ana, at=make.NOW)
    act = tags.put(session, "contact", [one, two], "EXPO 2026", by=ana, at=make.NOW)

    assert names(session, ana, one, two) == [["Expo 2026"], ["Expo 2026"]]
    assert len(tags.everything(session, ana.workspace_id)) == 1
    told = audit.of_act(session, ana.workspace_id, act)
    assert [(e.record_id, e.field, e.after) for e in told] == [(two, "tags", "Expo 2026")]


def test_a_tag_on_nothing_is_no_change(session: Session, ana: User) -> None:
    act = tags.put(session, "contact", [], "Expo", by=ana, at=make.NOW)

    assert audit.of_act(session, ana.workspace_id, act) == []


def test_a_tag_that_is_taken_off_stays_elsewhere(session: Session, ana: User) -> None:
    one, two = ids.new(), ids.new()
    tags.put(session, "deal", [one, two], "Expo", by=ana, at=make.NOW)
    tag = tags.resolve(session, ana.workspace_id, "expo")

    tags.take_off(session, "deal", [one], tag, by=ana, at=make.NOW)
    act = tags.take_off(session, "deal", [one], tag, by=ana, at=make.NOW)

    assert names(session, ana, one, two) == [[], ["Expo"]]
    assert audit.of_act(session, ana.workspace_id, act) == []


def test_a_renamed_tag_is_renamed_everywhere(session: Session, ana: User) -> None:
    one = ids.new()
    tags.put(session, "deal", [one], "Expo", by=ana, at=make.NOW)
    tags.resolve(session, ana.workspace_id, "Fair")
    tag = tags.resolve(session, ana.workspace_id, "Expo")

    tags.rename(session, tag, "EXPO", by=ana, at=make.NOW)
    with pytest.raises(ConflictError, match="Fair"):
        tags.rename(session, tag, "fair", by=ana, at=make.NOW)

    assert names(session, ana, one) == [["EXPO"]]


def test_a_deleted_tag_is_gone_from_everything_and_told_of(session: Session, ana: User) -> None:
    one = ids.new()
    tags.put(session, "deal", [one], "Expo", by=ana, at=make.NOW)
    tag = tags.resolve(session, ana.workspace_id, "Expo")

    tags.remove(session, tag, by=ana, at=make.NOW)

    assert names(session, ana, one) == [[]]
    with pytest.raises(NotFoundError):
        tags.get(session, ana.workspace_id, tag.id)
    [last, first] = audit.of_record(session, ana.workspace_id, one).entries
    assert (last.before, first.after) == ("Expo", "Expo")


@pytest.mark.parametrize("name", ["", " , ", "x" * 51])
def test_what_cannot_be_a_tag_is_refused(session: Session, ana: User, name: str) -> None:
    with pytest.raises(InvalidError, match="between 1 and 50"):
        tags.put(session, "contact", [ids.new()], name, by=ana, at=make.NOW)


def test_there_are_so_many_tags_and_no_more(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "MOST", 1)
    tags.resolve(session, ana.workspace_id, "Expo")
    tags.resolve(session, ana.workspace_id, "expo")

    with pytest.raises(ConflictError, match="Use one of them"):
        tags.resolve(session, ana.workspace_id, "Fair")


def test_only_those_who_manage_rename_and_delete(session: Session, workspace: Workspace) -> None:
    rep = make.user(session, workspace, role="rep")
    tag = tags.resolve(session, workspace.id, "Expo")

    with pytest.raises(ForbiddenError):
        tags.rename(session, tag, "Fair", by=rep, at=make.NOW)
    with pytest.raises(ForbiddenError):
        tags.remove(session, tag, by=rep, at=make.NOW)

"""Subjects: one at Google leads to one user, here or nowhere."""

from __future__ import annotations

import pytest

from crm.base import db, directory
from crm.base.db import Session
from crm.workspace import subjects
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def ben(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, "ben@halden.test")


def test_a_subject_that_is_bound_leads_to_its_user(session: Session, ana: User, ben: User) -> None:
    subjects.bind(session, ana, "1", "Ana@gmail.com")
    subjects.bind(session, ben, "2", "ben@gmail.com")

    assert subjects.find(session, "1") is ana
    assert subjects.find(session, "2") is ben
    assert subjects.find(session, "3") is None
    assert ana.google_email == "Ana@gmail.com"


def test_another_subject_takes_the_place_of_the_first(session: Session, ana: User) -> None:
    subjects.bind(session, ana, "1", "ana@gmail.com")
    subjects.bind(session, ana, "2", "other@gmail.com")

    assert subjects.find(session, "1") is None
    assert subjects.find(session, "2") is ana


def test_a_subject_leads_to_whoever_was_bound_last_in_whatever_workspace(
    session: Session, ana: User
) -> None:
    subjects.bind(session, ana, "1", "ana@gmail.com")
    elsewhere = make.workspace(session, "Elsewhere")
    eva = make.user(session, elsewhere, "eva@halden.test")

    subjects.bind(session, eva, "1", "ana@gmail.com")

    assert subjects.find(session, "1") is eva
    db.enter(session, ana.workspace_id)
    session.refresh(ana)
    subjects.unbind(session, ana)
    assert subjects.find(session, "1") is not None


def test_a_subject_that_is_unbound_leads_nowhere(session: Session, ana: User) -> None:
    subjects.bind(session, ana, "1", "ana@gmail.com")

    subjects.unbind(session, ana)
    subjects.unbind(session, ana)

    assert subjects.find(session, "1") is None
    assert ana.google_email == ""
    assert directory.find(session, directory.Key.GOOGLE, "1") == []


def test_who_is_deactivated_is_nobody(session: Session, ana: User) -> None:
    subjects.bind(session, ana, "1", "ana@gmail.com")
    ana.active = False
    session.flush()

    assert subjects.find(session, "1") is None

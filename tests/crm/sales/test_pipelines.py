"""Pipelines: what a new workspace starts with, and the stages in their order."""

from __future__ import annotations

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import NotFoundError
from crm.sales import pipelines
from crm.sales.models import Outcome, Pipeline, Stage
from crm.workspace import workspaces
from crm.workspace.models import Workspace
from tests import make


def test_a_new_workspace_has_one_way_from_new_to_won_or_lost(
    session: Session, workspace: Workspace
) -> None:
    stages = pipelines.stages(session, workspace.id)

    assert [stage.name for stage in stages][:1] == ["New"]
    assert [stage.outcome for stage in stages].count(Outcome.WON) == 1
    assert [stage.outcome for stage in stages].count(Outcome.LOST) == 1
    assert all(0 <= stage.probability <= 100 for stage in stages)
    opened = [stage.probability for stage in stages if stage.outcome == Outcome.OPEN]
    assert opened == sorted(opened)
    assert len({stage.pipeline_id for stage in stages}) == 1


def test_the_first_pipeline_is_meant_unless_one_is_named(
    session: Session, workspace: Workspace
) -> None:
    second = Pipeline(workspace_id=workspace.id, id=ids.new(), name="Partners", position=1)
    session.add(second)
    stage = Stage(
        workspace_id=workspace.id,
        id=ids.new(),
        pipeline_id=second.id,
        name="Talk",
        position=0,
        probability=50,
        outcome=Outcome.OPEN,
    )
    session.add(stage)
    session.flush()

    assert stage not in pipelines.stages(session, workspace.id)
    assert pipelines.stages(session, workspace.id, second.id) == [stage]
    assert pipelines.stages(session, workspace.id, ids.new()) == []


def test_a_workspace_without_a_pipeline_has_nowhere_to_begin(
    session: Session, workspace: Workspace
) -> None:
    first = pipelines.stages(session, workspace.id)[0]
    assert pipelines.first_stage(session, workspace.id) == first

    bare = workspaces.found(session, "Bare", at=make.NOW)

    with pytest.raises(NotFoundError, match="no pipeline"):
        pipelines.first_stage(session, bare.id)


def test_a_stage_is_found_in_its_workspace_alone(session: Session, workspace: Workspace) -> None:
    stage = pipelines.stages(session, workspace.id)[0]
    other = make.workspace(session, "Other")

    with pytest.raises(NotFoundError):
        pipelines.get_stage(session, other.id, stage.id)
    with pytest.raises(NotFoundError):
        pipelines.get_stage(session, workspace.id, ids.new())

"""Pipelines and their stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from crm.base import ids
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.sales.models import Outcome, Pipeline, Stage

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session

#: What a new workspace starts with: name, chance in percent, outcome.
FIRST = (
    # Translators: the names of stages, as an adjective of the deal that stands there or as a noun.
    (lazy("New"), 10, Outcome.OPEN),
    (lazy("Qualified"), 20, Outcome.OPEN),
    # Translators: the stage in which the product is shown.
    (lazy("Demo"), 35, Outcome.OPEN),
    (lazy("Proposal"), 55, Outcome.OPEN),
    (lazy("Negotiation"), 75, Outcome.OPEN),
    (lazy("Won"), 100, Outcome.WON),
    (lazy("Lost"), 0, Outcome.LOST),
)
_FIRST_NAMES = frozenset(name for name, _chance, _outcome in FIRST)
_STAGES = (
    select(Stage)
    .join(
        Pipeline,
        (Pipeline.workspace_id == Stage.workspace_id) & (Pipeline.id == Stage.pipeline_id),
    )
    .where(Stage.workspace_id == bindparam("workspace_id"))
    .order_by(Pipeline.position, Stage.position)
)


def add_first(session: Session, workspace_id: UUID) -> Pipeline:
    """Give a new workspace its sales pipeline."""
    pipeline = Pipeline(workspace_id=workspace_id, id=ids.new(), name="Sales", position=0)
    session.add(pipeline)
    for position, (name, probability, outcome) in enumerate(FIRST):
        session.add(
            Stage(
                workspace_id=workspace_id,
                id=ids.new(),
                pipeline_id=pipeline.id,
                name=name,
                position=position,
                probability=probability,
                outcome=outcome,
            )
        )
    session.flush()
    return pipeline


def name_of(stage: Stage) -> str:
    """Return a stage's name; one that came with the workspace is said in the reader's language."""
    return _(stage.name) if stage.name in _FIRST_NAMES else stage.name


def stages(session: Session, workspace_id: UUID, pipeline_id: UUID | None = None) -> list[Stage]:
    """List the stages of a pipeline, or of the first one, in their order."""
    found = list(session.scalars(_STAGES, {"workspace_id": workspace_id}))
    wanted = pipeline_id or (found[0].pipeline_id if found else None)
    return [stage for stage in found if stage.pipeline_id == wanted]


def names(session: Session, workspace_id: UUID) -> dict[UUID, str]:
    """Return the name of each stage of every pipeline, in the reader's language."""
    found = session.scalars(_STAGES, {"workspace_id": workspace_id})
    return {stage.id: name_of(stage) for stage in found}


def first_stage(session: Session, workspace_id: UUID) -> Stage:
    """Return where a deal begins that names no stage. Raises NotFoundError."""
    found = stages(session, workspace_id)
    if not found:
        raise NotFoundError(_("There is no pipeline yet. Nothing was saved."))
    return found[0]


def get_stage(session: Session, workspace_id: UUID, stage_id: UUID) -> Stage:
    """Return a stage. Raises NotFoundError."""
    stage = session.scalar(
        select(Stage).where(Stage.workspace_id == workspace_id, Stage.id == stage_id)
    )
    if stage is None:
        raise NotFoundError(_("There is no such stage."))
    return stage

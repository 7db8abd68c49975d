"""Deals, tasks and notes of a stored database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.stored.rows import key
from benchmarks.stored.workspaces import BEGIN, SPAN
from crm.base.ids import EVERYONE
from crm.work.models import ActivityKind, LinkRule, Priority, Record

if TYPE_CHECKING:
    from random import Random
    from uuid import UUID

    from benchmarks.stored.rows import Rows
    from benchmarks.stored.workspaces import Known, Peopled


def deals(rows: Rows, rnd: Random, workspace: Peopled) -> None:
    """Give a fifth of the contacts a deal, with its history and what is promised next."""
    for contact in workspace.contacts:
        if rnd.random() < 0.2:
            _deal(rows, rnd, workspace, contact)


def _deal(rows: Rows, rnd: Random, workspace: Peopled, contact: Known) -> None:
    stamp = BEGIN + SPAN * rnd.random()
    at = datetime.fromtimestamp(stamp, UTC)
    user_id = workspace.boxes[contact.keeper].user_id
    deal_id = key(rnd.getrandbits(74), stamp)
    pipeline_id, stage_id, outcome = rnd.choice(workspace.stages)
    name = f"{contact.name}: {rnd.randint(5, 500)} licences"
    contact.deals.append(deal_id)
    rows.add(
        *("deal", workspace.id, deal_id, name, pipeline_id, stage_id, outcome),
        *(rnd.randint(1, 10**7), "EUR", user_id, contact.company_id, at, at),
    )
    rows.add("deal_contact", workspace.id, deal_id, contact.id, "")
    second = rnd.choice(workspace.contacts)
    if second is not contact and len(second.deals) < 3:
        rows.add("deal_contact", workspace.id, deal_id, second.id, "advises")
    move_id = key(rnd.getrandbits(74), stamp)
    rows.add("deal_move", workspace.id, move_id, deal_id, None, stage_id, user_id, at)
    made = key(rnd.getrandbits(74), stamp)
    _line(rows, workspace.id, ActivityKind.DEAL_MADE, made, at, name, user_id)
    _link(rows, workspace.id, Record.DEAL, deal_id, made, at)
    done = at + timedelta(days=3) if rnd.random() < 0.6 else None
    task_id = key(rnd.getrandbits(74), stamp)
    rows.add(
        *("task", workspace.id, task_id, "Send the quote", at.date() + timedelta(days=14)),
        *(Priority.NORMAL, user_id, user_id, contact.id, deal_id, None, at, done),
    )
    if done is not None:
        finished = key(rnd.getrandbits(74), stamp + 3 * 86400)
        _line(rows, workspace.id, ActivityKind.TASK_DONE, finished, done, "Send the quote", user_id)
        _link(rows, workspace.id, Record.DEAL, deal_id, finished, done)
        _link(rows, workspace.id, Record.CONTACT, contact.id, finished, done)


def notes(rows: Rows, rnd: Random, workspace: Peopled) -> None:
    """Write a note on every fourth contact, and more on those who are better known."""
    for _ in range(len(workspace.contacts) // 4):
        contact = workspace.likely(rnd) if rnd.random() < 0.3 else rnd.choice(workspace.contacts)
        stamp = BEGIN + SPAN * rnd.random()
        at = datetime.fromtimestamp(stamp, UTC)
        user_id = workspace.boxes[contact.keeper].user_id
        note_id = key(rnd.getrandbits(74), stamp)
        text = f"Called {contact.name}: they want a second quote."
        rows.add("note", workspace.id, note_id, text, user_id, at)
        _line(rows, workspace.id, ActivityKind.NOTE, note_id, at, text, user_id)
        _link(rows, workspace.id, Record.CONTACT, contact.id, note_id, at)


def _line(
    rows: Rows,
    workspace_id: UUID,
    kind: ActivityKind,
    activity_id: UUID,
    at: datetime,
    summary: str,
    user_id: UUID,
) -> None:
    rows.add("activity", workspace_id, activity_id, kind, at, summary, None, None, user_id)


def _link(
    rows: Rows, workspace_id: UUID, record: Record, record_id: UUID, line: UUID, at: datetime
) -> None:
    values = (record_id, EVERYONE, at, line, record, LinkRule.MANUAL, at)
    rows.add("activity_link", workspace_id, *values)

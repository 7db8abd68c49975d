"""What workers do with messages to be sent: claim one, and note each step before it is taken.

Whoever claims a row takes its next epoch and a lease; every note checks the epoch, so that who
slept through a lease changes nothing any more. The states are drawn in `crm.mail.models.outgoing`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from crm.base import bulk
from crm.mail.models import IN_DOUBT, TAKEN_BACK, Outgoing, OutgoingState, OutgoingTrouble

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: How long a claim holds without a sign of life; the database's clock counts.
LEASE: Final = "60 seconds"
#: How long to wait before the second try; doubled with each further one.
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
#: So many tries take about a day.
MOST_TRIES: Final = 28
#: How long what is unknown is looked for before its author is asked, and how often.
LOOKED_FOR: Final = timedelta(minutes=10)
LOOKS: Final = timedelta(seconds=20)
#: What has waited for so long after its time may have left already.
STALE: Final = "1 hour"
#: Nothing of these is to be sent, whatever is still to be done.
_SETTLED: Final = (OutgoingState.SENT, *TAKEN_BACK)
_DOUBTED: Final = (
    "(state = 'sending' or state = 'waiting'"
    f" and due_at < %(at)s::timestamptz - interval '{STALE}')"
)
#: Whoever had it did not come back, though it may be taken up again: a fault of ours, mostly.
_FELL: Final = "(leased_until is not null and state <> 'sending')"
_CLAIM: Final = f"""
update outgoing set epoch = epoch + 1,
  leased_until = now() + interval '{LEASE}',
  doubted_at = case when {_DOUBTED} then %(at)s::timestamptz else doubted_at end,
  tries = case when {_DOUBTED} then 0 else tries + {_FELL}::int end,
  trouble = case when {_FELL} and state = 'waiting' then 'fault' else trouble end,
  due_at = case when not {_FELL} or {_DOUBTED} then due_at
    when state = 'unknown' and doubted_at < %(at)s::timestamptz - %(looked)s then null
    when state <> 'unknown' and tries + 1 >= {MOST_TRIES} then null
    else %(at)s::timestamptz + least(interval '1 hour', interval '1 minute' * 2 ^ least(tries, 12))
    end,
  state = case when {_DOUBTED} then 'unknown'
    when {_FELL} and state = 'waiting' and tries + 1 >= {MOST_TRIES} then 'failed'
    else state end
 where workspace_id = %(ws)s and id = %(id)s and due_at <= %(at)s::timestamptz
   and (leased_until is null or leased_until < now())
 returning workspace_id, id, mailbox_id, state, epoch, tries, doubted_at
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A message to be sent in the hands of one worker."""

    workspace_id: UUID
    id: UUID
    mailbox_id: UUID
    state: OutgoingState
    epoch: int
    tries: int
    doubted_at: datetime | None


def due(session: Session, at: datetime) -> list[tuple[UUID, UUID]]:
    """List what is to be done now, in all workspaces: for the scheduler's role alone."""
    rows = session.execute(
        select(Outgoing.workspace_id, Outgoing.id)
        .where(
            Outgoing.due_at <= at,
            or_(Outgoing.leased_until.is_(None), Outgoing.leased_until < func.now()),
        )
        .order_by(Outgoing.due_at)
    )
    return [(workspace_id, outgoing_id) for workspace_id, outgoing_id in rows]


def claim(session: Session, workspace_id: UUID, outgoing_id: UUID, *, at: datetime) -> Claim | None:
    """Take a message that is due and that nobody holds; None where there is none.

    One that is found in `sending` was in the hands of somebody who did not come back: from now on
    it is unknown whether it left. So it is of one that waits for longer than STALE: a database that
    was restored does not know what left since it was dumped. Whatever else nobody came back with
    counts as a try, and is taken up again later and later, lest a fault of ours go on for ever.
    """
    values = {"ws": workspace_id, "id": outgoing_id, "at": at, "looked": LOOKED_FOR}
    row = bulk.run(session, _CLAIM, values).one_or_none()
    if row is None:
        return None
    workspace, id_, mailbox, state, epoch, tries, doubted_at = row
    return Claim(workspace, id_, mailbox, OutgoingState(state), epoch, tries, doubted_at)


def renew(session: Session, claim: Claim) -> bool:
    """Hold a message for longer. False when the claim is lost."""
    return _note(session, claim, f"leased_until = now() + interval '{LEASE}'", {})


def remember(session: Session, claim: Claim, remote: Mapping[str, Any]) -> bool:
    """Keep what a transport must know again after a crash. False when the claim is lost."""
    return _note(session, claim, "remote = %(remote)s::jsonb", {"remote": json.dumps(remote)})


def leave(session: Session, claim: Claim) -> bool:
    """Note that it may leave from now on: once this is committed, it may. False when lost.

    Who did not hear that it was committed says it once more: under one epoch one alone is at it.
    """
    return _note(
        session,
        claim,
        "state = 'sending', due_at = least(due_at, now()),"
        f" leased_until = now() + interval '{LEASE}'",
        {},
        (OutgoingState.WAITING, OutgoingState.SENDING),
    )


def note_sent(
    session: Session,
    claim: Claim,
    *,
    rfc_id: str = "",
    refused: Mapping[str, str] | None = None,
    trouble: OutgoingTrouble = OutgoingTrouble.NONE,
    at: datetime,
) -> bool:
    """Note that it left, whom the server refused, and which id it gave it. False when lost.

    Whoever was believed dead and knows better is believed again, as long as nobody has decided
    otherwise.
    """
    return _note(
        session,
        claim,
        "state = 'sent', sent_at = %(at)s::timestamptz,"
        " sent_rfc_id = coalesce(nullif(%(rfc_id)s, ''), sent_rfc_id),"  # Its copy may have told.
        " refused = %(refused)s::jsonb, trouble = %(trouble)s, said = '', tries = 0,"
        " due_at = %(at)s::timestamptz",
        {
            "at": at,
            "rfc_id": rfc_id,
            "refused": json.dumps(dict(refused or {})),
            "trouble": trouble,
        },
        (OutgoingState.WAITING, OutgoingState.SENDING, *IN_DOUBT),
        or_else="state in ('unknown', 'dropped')",
    )


def note_doubt(session: Session, claim: Claim, words: str, *, at: datetime) -> bool:
    """Note that nobody can tell whether it left. False when the claim is lost."""
    return _note(
        session,
        claim,
        "state = 'unknown', doubted_at = %(at)s::timestamptz, due_at = %(at)s::timestamptz,"
        " said = %(words)s, tries = 0",
        {"at": at, "words": words},
        (OutgoingState.SENDING,),
    )


def note_later(
    session: Session,
    claim: Claim,
    trouble: OutgoingTrouble,
    words: str,
    *,
    refused: Mapping[str, str] | None = None,
    at: datetime,
    jitter: float,
    least: timedelta = timedelta(0),
) -> bool:
    """Note that it was not taken, and that it is tried again later; after some tries, no more.

    `jitter` lies between 0 and 1 and spreads those that failed together; `least` is how long to
    wait in any case.
    """
    if claim.tries + 1 >= MOST_TRIES:
        return note_failed(session, claim, trouble, words, refused=refused)
    return _note(
        session,
        claim,
        "state = 'waiting', tries = %(tries)s, trouble = %(trouble)s, said = %(words)s,"
        " refused = %(refused)s::jsonb, leased_until = null, due_at = %(due)s::timestamptz",
        {
            "tries": claim.tries + 1,
            "trouble": trouble,
            "words": words,
            "refused": json.dumps(dict(refused or {})),
            "due": at + max(least, wait_after(claim.tries, jitter)),
        },
        (OutgoingState.WAITING, OutgoingState.SENDING),
    )


def note_never_left(
    session: Session, claim: Claim, *, doubts: int, at: datetime, jitter: float
) -> bool:
    """Note that what was unknown is known not to have left: it is to be sent, after a pause.

    That there was a doubt is remembered: what was begun then may still be going on over there. So
    is how many there were before: each is a try, and the pause grows as between other tries.
    """
    over = doubts + 1 >= MOST_TRIES
    what = (
        "state = %(state)s, trouble = %(trouble)s, tries = %(doubts)s, leased_until = null,"
        " due_at = %(due)s::timestamptz, doubted_at = null, remote = remote || %(remote)s::jsonb"
    )
    pause = wait_after(doubts - 1, jitter) if doubts else LOOKS
    values = {
        "state": OutgoingState.FAILED if over else OutgoingState.WAITING,
        "trouble": OutgoingTrouble.DEFERRED,
        "doubts": doubts,
        "due": None if over else at + pause,
        "remote": json.dumps({"doubted": True, "doubts": doubts + 1}),
    }
    return _note(session, claim, what, values, (OutgoingState.UNKNOWN,))


def note_failed(
    session: Session,
    claim: Claim,
    trouble: OutgoingTrouble,
    words: str,
    *,
    refused: Mapping[str, str] | None = None,
) -> bool:
    """Note that it was turned down for good: its author is told, and decides."""
    return _note(
        session,
        claim,
        "state = 'failed', trouble = %(trouble)s, said = %(words)s, due_at = null,"
        " refused = %(refused)s::jsonb, leased_until = null",
        {"trouble": trouble, "words": words, "refused": json.dumps(dict(refused or {}))},
        (OutgoingState.WAITING, OutgoingState.SENDING),
    )


def note_looked(session: Session, claim: Claim, *, at: datetime, over: bool = False) -> bool:
    """Note that it was looked for in vain: once more soon, or its author is asked."""
    ends = over or claim.doubted_at is None or at - claim.doubted_at >= LOOKED_FOR
    values = {"due": None if ends else at + LOOKS}
    what = "due_at = %(due)s::timestamptz, leased_until = null"
    return _note(session, claim, what, values, (OutgoingState.UNKNOWN,))


def note_done(session: Session, claim: Claim) -> bool:
    """Note that there is no more to do: its copy is kept, what was begun is taken away, or never.

    Nothing is sent by what is done then.
    """
    return _note(session, claim, "due_at = null, leased_until = null", {}, _SETTLED)


def note_not_done(session: Session, claim: Claim, *, at: datetime, jitter: float) -> bool:
    """Note that this could not be done yet; it is tried again, and nothing is sent by that."""
    if claim.tries + 1 >= MOST_TRIES:
        return note_done(session, claim)
    return _note(
        session,
        claim,
        "tries = %(tries)s, due_at = %(due)s::timestamptz, leased_until = null",
        {"tries": claim.tries + 1, "due": at + wait_after(claim.tries, jitter)},
        _SETTLED,
    )


def note_message(session: Session, claim: Claim, message_id: UUID) -> bool:
    """Note which message it is in its thread."""
    return _note(session, claim, "message_id = %(message)s", {"message": message_id})


def wait_after(tries: int, jitter: float) -> timedelta:
    """Return how long to wait after so many tries: longer each time, and never all at once."""
    doubled: int = 2 ** min(tries, 12)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled) * (0.5 + jitter / 2)


def _note(
    session: Session,
    claim: Claim,
    what: str,
    values: Mapping[str, Any],
    states: Collection[OutgoingState] = tuple(OutgoingState),
    *,
    or_else: str = "false",
) -> bool:
    result = bulk.run(
        session,
        f"update outgoing set {what} where workspace_id = %(ws)s and id = %(id)s"
        f" and (epoch = %(epoch)s or {or_else}) and state = any(%(states)s::text[])",
        {
            "ws": claim.workspace_id,
            "id": claim.id,
            "epoch": claim.epoch,
            "states": list(states),
            **values,
        },
    )
    return bool(result.rowcount)

"""A mailbox in words: how it is doing, what is safe, what can be done; and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import g, url_for

from addon.widgets import isolate
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy, ngettext
from crm.base.showing import number
from crm.mail import copies, mailboxes, overseen
from crm.mail.models import MailboxKind, MailboxState
from crm.workspace import users
from server.web import allowing, conditions, ledgers
from server.web.views import Action

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm.mail.copies import FolderLedger
    from crm.mail.models import Mailbox
    from crm.workspace.models import User
    from server.web.ledgers import LedgerView

#: A page that is left open stops asking after so many looks, two seconds apart.
LOOKS = 900
_KINDS = {
    MailboxKind.IMAP: "IMAP",
    MailboxKind.GMAIL: lazy("Gmail"),
    MailboxKind.FILES: lazy("Files"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailbox has come in: the number, the rate, the time left."""

    id: str
    done: int
    total: int
    words: str
    rate: str
    again_href: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class MailboxView:
    """A mailbox as the list and its own page show it."""

    id: str
    href: str
    address: str
    state: str
    icon: str
    tone: str
    tag: str
    facts: str
    what: str
    advice: str
    said: str
    ledger: LedgerView
    progress: Progress | None
    actions: tuple[Action, ...]
    owner: bool
    changes: bool
    parts: str  # what comes of it to disconnect it; "" where that is not to be chosen
    asks_login: bool
    shares: int
    suggests: bool


def listing(user: User, now: datetime) -> tuple[MailboxView, ...]:
    """Return the mailboxes that a user may see, those first that need somebody."""
    found = [view(box, user, now) for box in overseen.everyone(g.session, user)]
    order = ("bad", "warn")
    return tuple(
        sorted(found, key=lambda one: (*(one.tone != word for word in order), one.address))
    )


def summary(rows: Sequence[MailboxView]) -> str:
    """Say how many there are, and how many need somebody."""
    if not rows:
        return ""
    needing = sum(one.tone == "bad" for one in rows)
    connected = sum(one.state != MailboxState.DISCONNECTED for one in rows)
    said = [ngettext("{n} connected", "{n} connected", connected).format(n=number(connected))]
    if needing:
        said.append(ngettext("{n} needs you", "{n} need you", needing).format(n=number(needing)))
    return " · ".join(said)


def view(box: Mailbox, user: User, now: datetime) -> MailboxView:
    """Say how a mailbox is doing, to somebody who may see its ledger."""
    folders = copies.ledger(g.session, box)
    failures = copies.failures(g.session, box) if any(a.failed for a in folders) else {}
    changes = mailboxes.is_changed_by(box, user)
    asks_login, parted = conditions.asks_login(box), box.state == MailboxState.DISCONNECTED
    icon, tone, tag, what = conditions.state(box)
    return MailboxView(
        id=str(box.id),
        href=url_for("mailboxes.one", mailbox_id=box.id),
        address=box.address,
        state=box.state,
        icon=icon,
        tone=tone,
        tag=tag,
        facts=_facts(box, user, now),
        what=what or allowing.missing(box),
        advice=conditions.advice(box),
        said="" if parted or conditions.is_consent(box) else box.last_error,
        ledger=ledgers.of_mailbox(folders, failures),
        progress=progress(box, folders, now) if box.state == MailboxState.CONNECTING else None,
        actions=_actions(box, asks_login=asks_login) if changes else (),
        owner=box.user_id == user.id,
        changes=changes,
        parts="" if parted or not changes else conditions.parting(box),
        asks_login=asks_login and box.kind == MailboxKind.IMAP,
        shares=box.shares,
        suggests=box.suggests,
    )


def progress(
    box: Mailbox,
    folders: list[FolderLedger],
    now: datetime,
    *,
    since: float = 0.0,
    had: int = 0,
    looks: int = 0,
) -> Progress:
    """Say how far a mailbox has come, and how fast since the page was opened.

    `since` and `had` are when that was and how many were here; the page carries them from look to
    look, for nobody else needs them.
    """
    kept = [a for a in folders if not a.folder.skips]
    done = sum(a.stored + a.failed + sum(a.skipped.values()) for a in kept)
    total = max(done, sum(a.folder.server for a in kept))
    if not since or had > done:
        since, had = now.timestamp(), done
    seconds = now.timestamp() - since
    words = _("{n} of {total} messages").format(n=number(done), total=number(total))
    return Progress(
        id=str(box.id),
        done=done,
        total=total,
        words=words if folders else _("Looking what the server has"),
        rate=_rate(done - had, seconds, total - done),
        again_href=url_for(
            "mailboxes.progress",
            mailbox_id=box.id,
            since=f"{since:.3f}",
            had=had,
            looks=looks + 1,
        ),
        stopped=looks >= LOOKS,
    )


def taking_up(box: Mailbox) -> tuple[Action, ...]:
    """Return the way to go on with a mailbox that was disconnected."""
    if box.kind == MailboxKind.FILES:
        there = url_for("mailboxes.resume", mailbox_id=box.id)
        return (Action(_("Connect again"), there, "refresh-cw", "post"),)
    if box.kind == MailboxKind.GMAIL:
        there = url_for("gmail.again", mailbox_id=box.id)
    else:
        there = url_for("mailboxes.one", mailbox_id=box.id, _anchor="sign-in")
    return (Action(_("Connect again"), there, "key-round"),)


def _rate(came: int, seconds: float, left: int) -> str:
    """Say how many come in a second, and about how long the rest will take."""
    if came <= 0 or seconds < 1:
        return ""
    speed = came / seconds
    rate = _("{n} a second").format(n=number(max(1, round(speed))))
    if left <= 0:
        return rate
    wait = left / speed
    minutes = round(wait / 60)
    if wait < 90:
        n = max(1, round(wait))
        rest = ngettext("about {n} second left", "about {n} seconds left", n)
    elif minutes < 90:
        n = minutes
        rest = ngettext("about {n} minute left", "about {n} minutes left", n)
    else:
        n = round(minutes / 60)
        rest = ngettext("about {n} hour left", "about {n} hours left", n)
    return f"{rate} · {rest.format(n=number(n))}"


def _facts(box: Mailbox, user: User, now: datetime) -> str:
    """Say what kind it is, whose, and when it was last brought up to date."""
    if box.user_id == user.id:
        whose = _("yours")
    else:
        whose = isolate(users.get(g.session, box.workspace_id, box.user_id).name)
    facts = [_(_KINDS[MailboxKind(box.kind)]), whose]
    if box.synced_at is not None:
        at = showing.moment(box.synced_at, now, showing.zone(user.time_zone))
        facts.append(_("up to date at {time}").format(time=isolate(at)))
    return " · ".join(facts)


def _actions(box: Mailbox, *, asks_login: bool) -> tuple[Action, ...]:
    """Return what can be done with it: the first is the one that helps."""

    def post(label: str, name: str, icon: str) -> Action:
        return Action(label, url_for(f"mailboxes.{name}", mailbox_id=box.id), icon, "post")

    pause = post(_("Pause"), "pause", "pause")
    look = post(_("Look now"), "look", "refresh-cw")
    if box.state == MailboxState.DISCONNECTED:
        return taking_up(box)
    if asks_login and box.kind == MailboxKind.GMAIL:
        if box.place.get("grant") != "consent":  # Its admin mends that, at Google.
            return (look, pause)
        there = url_for("gmail.again", mailbox_id=box.id)
        return (Action(_("Connect again"), there, "key-round"), pause)
    if asks_login:
        there = url_for("mailboxes.one", mailbox_id=box.id, _anchor="sign-in")
        again = Action(_("Sign in again"), there, "key-round")
        # Looking is no knock at the server while the key is missing.
        return (again, look, pause) if conditions.lacks_key(box) else (again, pause)
    if box.state == MailboxState.PAUSED:
        return (post(_("Resume"), "resume", "refresh-cw"),)
    if box.state == MailboxState.CONNECTING:
        return (pause, *allowing.faster(box))
    return (look, *allowing.actions(box), pause)

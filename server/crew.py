"""Several processes that bring in one mailbox together."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

from crm.base import db
from crm.base.i18n import gettext as _
from crm.base.vault import Vault
from server import memory
from sync import leases, running

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import SimpleQueue
    from uuid import UUID

    from crm.base.settings import Settings
    from crm.mail.models import Mailbox
    from server.database import House
    from sync.running import Brought


def bring_up_to_date(
    house: House,
    mailbox: Mailbox,
    workers: int,
    *,
    progress: Callable[[int], None] | None = None,
) -> Brought:
    """Bring a mailbox up to date, by one process or several; each has its own connections.

    The first plans and, when no stretch is left, compares; the others take stretches. Nothing
    depends on any of them: what a dead one had in hand is free again when its lease ends. Meanwhile
    no worker begins to look, whose look would overtake this one; one that has begun goes on.
    """
    memory.give_back_large_blocks()
    settings, workspace_id = house.settings, mailbox.workspace_id
    several = workers > 1
    with leases.held(workspace_id, mailbox.id):
        return running.bring_up_to_date(
            workspace_id,
            mailbox.id,
            settings,
            house.vault,
            progress=progress,
            crew=(lambda: _Crew(settings, workspace_id, mailbox.id, workers - 1))
            if several
            else None,
        )


class _Crew:
    """Child processes, started afresh so that they share no connection with us."""

    def __init__(self, settings: Settings, workspace_id: UUID, mailbox_id: UUID, count: int):
        spawn = multiprocessing.get_context("spawn")
        self._answers: SimpleQueue[Brought] = spawn.SimpleQueue()
        args = (settings, workspace_id, mailbox_id, self._answers)
        self._processes = [
            spawn.Process(target=_help, args=args, daemon=True) for _other in range(count)
        ]
        for process in self._processes:
            process.start()

    def join(self, brought: Brought) -> None:
        """Wait for the others, count what they brought, and note aside what ended them early."""
        for process in self._processes:
            process.join()
            if process.exitcode:
                ended = _("One that helped ended with {code}.")
                brought.aside.append(ended.format(code=process.exitcode))
        while not self._answers.empty():
            helped = self._answers.get()
            brought.stored += helped.stored
            brought.skipped += helped.skipped
            brought.failed += helped.failed
            if helped.trouble:
                brought.aside.append(f"{helped.trouble}: {helped.words}")


def _help(
    settings: Settings, workspace_id: UUID, mailbox_id: UUID, answers: SimpleQueue[Brought]
) -> None:
    """Take stretches in a process of its own."""
    memory.give_back_large_blocks()
    engine = db.open_engine(settings.database_url)
    db.bind(engine)
    vault = Vault(settings.vault_keys)
    answers.put(running.help_out(workspace_id, mailbox_id, settings, vault))
    engine.dispose()

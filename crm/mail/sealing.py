"""The mailboxes' secrets under the vault's first key, so that the others may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.base.vault import KeyMissingError
from crm.mail.models import Mailbox

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session
    from crm.base.vault import Vault


@dataclass(frozen=True, slots=True)
class Sealed:
    """What became of a workspace's secrets: how many there are, which are new, which are shut."""

    count: int
    renewed: int
    key_missing: tuple[str, ...]  # the addresses of mailboxes that no key opens


def key_missing(session: Session, workspace_id: UUID, vault: Vault) -> list[str]:
    """Name the mailboxes of a workspace whose password no key opens."""
    rows = session.execute(
        select(Mailbox.address, Mailbox.secret)
        .where(Mailbox.workspace_id == workspace_id, Mailbox.secret.is_not(None))
        .order_by(Mailbox.id)
    )
    return [address for address, secret in rows if not _opens(vault, secret or b"")]


def _opens(vault: Vault, sealed: bytes) -> bool:
    try:
        vault.open(sealed)
    except KeyMissingError:
        return False
    return True


def renew(session: Session, workspace_id: UUID, vault: Vault) -> Sealed:
    """Seal every secret of a workspace by the first key. Safe to repeat.

    Each row is held meanwhile: a login that is changed at the same moment is not overwritten. What
    no key opens stays as it is.
    """
    held = session.scalars(
        select(Mailbox)
        .where(Mailbox.workspace_id == workspace_id, Mailbox.secret.is_not(None))
        .order_by(Mailbox.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    renewed, missing = 0, []
    for mailbox in held:
        sealed = mailbox.secret or b""
        if vault.is_newest(sealed):
            continue
        try:
            mailbox.secret = vault.renew(sealed)
        except KeyMissingError:
            missing.append(mailbox.address)
        else:
            renewed += 1
    session.flush()
    return Sealed(len(held), renewed, tuple(missing))

"""What travels through a page between a look and the decision, sealed by the vault.

Nobody reads it there, only whoever was shown it may use it, for one thing and within the hour, and
nothing of it can be changed.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.vault import KeyMissingError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.vault import Vault

#: What was looked at may be decided on for so long.
LASTS = timedelta(hours=1)


class TooOldError(InvalidError):
    """What was looked at cannot be decided on any more."""


def seal(said: dict[str, Any], about: str, user_id: UUID, vault: Vault, at: datetime) -> str:
    """Seal what was looked at, for one user and for an hour."""
    ends = (at + LASTS).timestamp()
    return vault.seal(json.dumps([about, str(user_id), ends, said])).decode()


def unseal(offer: str, about: str, user_id: UUID, vault: Vault, at: datetime) -> dict[str, Any]:
    """Return what a page carried. Raises TooOldError where it is not theirs."""
    try:
        what, whose, ends, said = json.loads(vault.open(offer.encode()))
    except (KeyMissingError, ValueError, TypeError):
        what, whose, ends, said = "", "", 0, {}
    if what != about or whose != str(user_id) or ends <= at.timestamp():
        raise TooOldError(_("This preview is too old. Nothing was stored. Begin again."))
    found: dict[str, Any] = said
    return found

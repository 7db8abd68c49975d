"""What an owner chooses for a mailbox that is about to be connected: who reads, and who is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail.models import Meets, Shares

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Choices:
    """What colleagues may read of a mailbox, and of whom it makes contacts."""

    shares: int = Shares.HAPPENED
    meets: str = Meets.DIRECT


def read(form: Mapping[str, str]) -> Choices:
    """Return what was chosen, or what a mailbox begins with. Raises InvalidError."""
    try:
        shares = Shares(int(form.get("shares", Shares.HAPPENED)))
        return Choices(shares, Meets(form.get("meets", Meets.DIRECT)))
    except ValueError as error:
        raise InvalidError(_("There is no such choice. Nothing was stored.")) from error

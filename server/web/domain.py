"""What the page of a domain's mailboxes is given: what was typed, and what came of each address.

The key and what was found travel through the page sealed, so that a look is not asked for twice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy, ngettext
from crm.base.showing import number
from crm.mail.importing import Over
from server.web import ledgers, offers
from sync.connecting import domain
from sync.connecting.domain import Found, Key, What
from sync.google import ASKED, EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.vault import Vault
    from server.web.ledgers import Part

_ABOUT = "domain"
#: So many addresses are asked for on one page; the command takes more.
MOST = 300
#: How each is shown: the sign, its tone, and the word of the sum. What needs somebody comes first.
_SIGNS = {
    What.REFUSED: ("circle-alert", "bad", lazy("cannot be read")),
    What.NO_ADDRESS: ("circle-alert", "bad", lazy("name no address")),
    What.NO_USER: ("user", "warn", lazy("are nobody’s here")),
    What.READY: ("circle-check", "good", lazy("can be connected")),
    What.THERE: ("check", "", lazy("are connected already")),
    What.UNASKED: ("clock", "", lazy("are not asked for yet")),
}
_PARTS = {
    What.READY: "new",
    What.REFUSED: "failed",
    What.NO_ADDRESS: "pending",
    What.NO_USER: "skipped",
    What.THERE: "stored",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What is carried from look to look: the key, the way, and what came of each address."""

    key: Key
    over: Over
    found: tuple[Found, ...] = ()

    @property
    def unasked(self) -> int:
        """Return how many are to be asked for."""
        return sum(one.what is What.UNASKED for one in self.found)

    @property
    def ready(self) -> int:
        """Return how many can be connected."""
        return sum(one.what is What.READY for one in self.found)


@dataclass(frozen=True, slots=True)
class RowView:
    """One address, with its sign and its sentence."""

    address: str
    icon: str
    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class LookView:
    """What came of a look, and what can be done with it."""

    offer: str
    robot: str
    client_id: str
    scopes: str
    rows: tuple[RowView, ...]
    parts: tuple[Part, ...]
    asked: int
    total: int
    refused: bool
    button: str


@dataclass(frozen=True, slots=True)
class FormView:
    """The form as it was typed, and what is the matter with it."""

    listed: str = ""
    over: Over = Over.API
    robot: str = ""  # whose key the page carries already
    offer: str = ""
    wrong_key: str = ""
    wrong_list: str = ""


def listed(text: str) -> list[str]:
    """Return the addresses of a list. Raises InvalidError where there is none, or too many."""
    found = domain.listed(text.splitlines())
    if not found:
        raise InvalidError(_("The list names no address. Nothing was stored."))
    if len(found) > MOST:
        problem = _("{n} addresses are too many for one page: at most {most}, or the command.")
        raise InvalidError(problem.format(n=number(len(found)), most=number(MOST)))
    return found


def seal(offer: Offer, user_id: UUID, vault: Vault, at: datetime) -> str:
    """Seal a look, for one user and for an hour."""
    return offers.seal(asdict(offer), _ABOUT, user_id, vault, at)


def unseal(text: str, user_id: UUID, vault: Vault, at: datetime) -> Offer:
    """Return the look that a page carried. Raises InvalidError where it is not this user's."""
    said = offers.unseal(text, _ABOUT, user_id, vault, at)
    found = (Found(**{**one, "what": What(one["what"])}) for one in said["found"])
    return Offer(Key(**said["key"]), Over(said["over"]), tuple(found))


def looked(offer: Offer, sealed: str) -> LookView:
    """Say what came of each address, and of all."""
    order = list(_SIGNS)
    rows = sorted(offer.found, key=lambda one: (order.index(one.what), one.address))
    counts = {what: sum(one.what is what for one in rows) for what in _SIGNS}
    parts = ledgers.parts(*((kind, counts[what]) for what, kind in _PARTS.items()))
    words = {kind: _(_SIGNS[what][2]) for what, kind in _PARTS.items()}
    return LookView(
        offer=sealed,
        robot=offer.key.email,
        client_id=offer.key.client_id,
        scopes=",".join((*ASKED, *EVERYTHING) if offer.over is Over.IMAP else ASKED),
        rows=tuple(_row(one) for one in rows),
        parts=tuple(replace(part, words=words[part.kind]) for part in parts if part.count),
        asked=len(rows) - offer.unasked,
        total=len(rows),
        refused=bool(counts[What.REFUSED]),
        button=_button(offer.ready),
    )


def done(found: Sequence[Found]) -> str:
    """Say how many were connected."""
    count = sum(one.what is What.CONNECTED for one in found)
    said = ngettext("{n} mailbox connected.", "{n} mailboxes connected.", count)
    newest = _("The newest messages come first.")
    return f"{said.format(n=number(count))} {newest}"


def _row(found: Found) -> RowView:
    icon, tone, _word = _SIGNS[found.what]
    return RowView(found.address, icon, tone, found.said)


def _button(ready: int) -> str:
    """Name the button; "" where there is nothing to connect."""
    said = ngettext("Connect {n} mailbox", "Connect {n} mailboxes", ready)
    return said.format(n=number(ready)) if ready else ""

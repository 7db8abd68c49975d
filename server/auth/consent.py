"""The way to Google's consent page and back: who went there, from which browser, and what for.

What travels as `state` is sealed: nobody reads the verifier of the code in it (RFC 7636), and it
serves once, within ten minutes, the browser that set out, and the user who was signed in there.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm.base import directory, ids
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.vault import KeyMissingError
from crm.mail.importing import Over
from server.auth import sessions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crm.base.db import Session
    from crm.base.vault import Vault
    from crm.workspace.models import User

#: How long somebody may take on Google's page.
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody went to Google for: a new mailbox, or one of theirs that is to go on."""

    user: str
    browser: str
    mailbox: str
    address: str  # what is proposed at Google, as it was typed
    verifier: str = field(repr=False)
    number: str
    until: float
    over: str = Over.API.value  # which way its first import is to go
    chosen: Mapping[str, Any] = field(default_factory=dict)  # in a preview, to be shown again

    @property
    def mailbox_id(self) -> UUID | None:
        """Return which mailbox is to go on; None for a new one."""
        return ids.parse(self.mailbox)

    @property
    def challenge(self) -> str:
        """Return what Google is shown of the verifier (RFC 7636, section 4.2: S256)."""
        hashed = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(hashed).rstrip(b"=").decode()


def begin(
    user: User,
    address: str,
    at: datetime,
    *,
    mailbox_id: UUID | None = None,
    over: Over = Over.API,
    chosen: Mapping[str, Any] | None = None,
) -> Errand:
    """Set out."""
    return Errand(
        user=str(user.id),
        browser=_browser(),
        mailbox=str(mailbox_id or ""),
        address=address,
        verifier=secrets.token_urlsafe(48),
        number=secrets.token_urlsafe(16),
        until=(at + LONGEST).timestamp(),
        over=over.value,
        chosen=chosen or {},
    )


def seal(errand: Errand, vault: Vault) -> str:
    """Return the state that travels to Google and back."""
    return vault.seal(json.dumps(asdict(errand))).decode()


def come_back(session: Session, state: str, user: User, vault: Vault, at: datetime) -> Errand:
    """Return what somebody set out for, once. Raises InvalidError for others, and who is late."""
    try:
        errand = Errand(**json.loads(vault.open(state.encode())))
    except (KeyMissingError, ValueError, TypeError):
        raise InvalidError(_over()) from None
    ours = (errand.user, errand.browser) == (str(user.id), _browser())
    if not ours or errand.until < at.timestamp() or not directory.spend(session, errand.number):
        raise InvalidError(_over())
    return errand


def _browser() -> str:
    """Return what tells one signed-in browser from another, and not its cookie."""
    return hashlib.sha256(b"consent\0" + sessions.token().encode()).hexdigest()


def _over() -> str:
    return _(
        "This way back from Google is over: it lasts ten minutes, works once, and in the browser"
        " that set out. Nothing was stored. Begin again."
    )

"""Many mailboxes of a Google Workspace domain at once, by the service account its admin lets in.

Each is asked for before it is connected, so that one that the admin has not let in, or that has no
Gmail, holds up no other. The list may be the Admin console's own.
"""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from crm.base import addresses, i18n
from crm.base.errors import ConflictError, InvalidError
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.base.showing import number
from crm.mail import importing, mailboxes
from crm.mail.importing import Over
from crm.mail.models import MailboxKind, MailboxState
from crm.workspace import permissions, users
from crm.workspace.permissions import May
from sync import google, granting
from sync.connecting import obstacles
from sync.errors import (
    ConsentRevokedError,
    QuotaError,
    ScopeMissingError,
    SourceUnavailableError,
    SyncError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox
    from crm.workspace.models import User

#: So many mailboxes are asked for at a time, which is far below what Google allows a project.
_AT_ONCE: Final = 8
#: No more of them are begun after so many seconds, where somebody waits before a page.
_WITHIN: Final = 6.0
#: So much of a line that names no address is shown.
_LONGEST_LINE: Final = 100
_SEPARATORS: Final = re.compile(r"[\s,;\"<>]+")


class What(StrEnum):
    """What came of one address."""

    UNASKED = "unasked"
    READY = "ready"
    CONNECTED = "connected"
    THERE = "there"
    NO_USER = "no_user"
    NO_ADDRESS = "no_address"
    REFUSED = "refused"


#: What needs nothing more.
WELL: Final = frozenset({What.CONNECTED, What.READY, What.THERE})


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one address: a word for programs, and what a person is told beside it."""

    address: str
    what: What
    messages: int = 0
    why: str = ""

    @property
    def said(self) -> str:
        """Return it as a sentence, in the language spoken here."""
        match self.what:
            case What.READY:
                return _("{messages}. It would be connected.").format(messages=self._messages)
            case What.CONNECTED:
                return _("{messages}. It is connected.").format(messages=self._messages)
            case What.THERE:
                return _("It is connected already.")
            case What.NO_USER:
                return _("Nobody here has this address, or they are deactivated. Invite them.")
            case What.NO_ADDRESS:
                return _("This line names no address. Correct it, or leave it out.")
            case What.UNASKED:
                return _("Not asked for yet.")
            case What.REFUSED:
                return self.why

    @property
    def _messages(self) -> str:
        counted = ngettext("{n} message", "{n} messages", self.messages)
        return counted.format(n=number(self.messages))


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a service account, as Google gives it out in JSON."""

    text: str
    email: str
    client_id: str

    def __repr__(self) -> str:
        """Name the account; what it signs with stays inside."""
        return f"Key({self.email!r})"


def read_key(text: str, settings: Settings) -> Key:
    """Read a key. Raises InvalidError on what is none."""
    try:
        google.credentials("", place(Over.API), settings, text)
    except SyncError as error:
        problem = _("This is no key of a service account, as Google gives it out in JSON.")
        raise InvalidError(problem) from error
    said = json.loads(text)
    return Key(text, str(said["client_email"]), str(said.get("client_id", "")))


def place(over: Over) -> dict[str, Any]:
    """Return where each of the mailboxes is."""
    return {"grant": google.DELEGATION, **importing.choice(over)}


def listed(lines: Iterable[str]) -> list[str]:
    """Return the address of each line, once, or the line itself where it names none.

    Beside an address may stand what a table has in its row; a row of addresses alone is as many.
    A table's first row may be its heading. Empty where no line names an address.
    """
    given = [line.strip() for line in lines if line.strip()]
    if given and "@" not in given[0] and "," in given[0]:
        del given[0]
    found = list(dict.fromkeys(word for line in given for word in _named(line)))
    return found if any(_read(word) is not None for word in found) else []


def _named(line: str) -> list[str]:
    words = [word for word in _SEPARATORS.split(line) if word]
    named = [parsed.email for parsed in map(_read, words) if parsed is not None]
    return (named if len(named) == len(words) else named[:1]) or [line[:_LONGEST_LINE]]


def _read(word: str) -> Address | None:
    """Read an address that mail can come to: its domain has a dot."""
    parsed = addresses.parse(word)
    return parsed if parsed is not None and "." in parsed.domain.strip(".") else None


def known(session: Session, workspace_id: UUID, address: str) -> Found:
    """Tell what is known of an address before Google is asked."""
    if _read(address) is None:
        return Found(address, What.NO_ADDRESS)
    box = mailboxes.find_by_address(session, workspace_id, address)
    if box is not None and not _was_parted(box):
        return Found(address, What.THERE)
    user = users.find_by_email(session, workspace_id, address)
    if user is None or not user.active:
        return Found(address, What.NO_USER)
    if not permissions.allowed(user, May.CONNECT):
        return Found(address, What.REFUSED, why=_("Their role has no mailbox. Change it first."))
    return Found(address, What.UNASKED)


def _was_parted(box: Mailbox) -> bool:
    """Tell whether a mailbox of Gmail was disconnected, so that it can go on with a key."""
    return box.kind == MailboxKind.GMAIL and box.state == MailboxState.DISCONNECTED


def ask(settings: Settings, found: Found, key: Key, over: Over) -> Found:
    """Ask Google for one mailbox. No transaction is open then."""
    try:
        count = granting.count(settings, found.address, place(over), key.text)
    except SyncError as error:
        return Found(found.address, What.REFUSED, why=_refusal(error))
    return Found(found.address, What.READY, count)


def ask_more(
    settings: Settings, all_found: Sequence[Found], key: Key, over: Over, within: float = _WITHIN
) -> tuple[Found, ...]:
    """Ask for those not asked for yet, some at a time, and begin no more when the time is up."""
    until, language = time.monotonic() + within, i18n.language()

    def one(found: Found) -> Found:
        if found.what is not What.UNASKED or time.monotonic() >= until:
            return found
        with i18n.speaking(language):  # Each thread has a language of its own.
            return ask(settings, found, key, over)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(one, all_found))


def connect(
    session: Session,
    found: Found,
    key: Key,
    over: Over,
    *,
    vault: Vault,
    workspace_id: UUID,
    by: User | None = None,
    at: datetime,
) -> Found:
    """Connect one that is ready, for the user with its address; in nobody's name but theirs.

    One that was disconnected goes on where it was; one that was connected meanwhile is told as
    there. Raises what `mailboxes.connect` does.
    """
    user = users.get_named(session, workspace_id, found.address)
    box = mailboxes.find_by_address(session, workspace_id, found.address)
    if box is not None and _was_parted(box):
        anew = {**place(over), "scopes": None, "consent_ends": None}
        secret = vault.seal(key.text)
        mailboxes.resume(session, box, secret=secret, place=anew, by=by or user, at=at)
        return Found(found.address, What.CONNECTED, found.messages)
    try:
        mailboxes.connect(
            session,
            user,
            found.address,
            kind=MailboxKind.GMAIL,
            place=place(over),
            secret=vault.seal(key.text),
            by=by or user,
            at=at,
        )
    except ConflictError:
        return Found(found.address, What.THERE)
    return Found(found.address, What.CONNECTED, found.messages)


def _refusal(error: SyncError) -> str:
    """Say why a mailbox cannot be read by delegation, and who mends it."""
    match error:
        case ScopeMissingError():
            return _("The domain’s admin has not let this service account in for these scopes.")
        case ConsentRevokedError():
            return _(
                "Google knows no such mailbox in the domain, or the key was deleted. Check the"
                " address, and the key in Google’s console."
            )
        case QuotaError():
            return _("Google’s limit is used up for now. Ask again in a minute.")
        case _ if error.why in obstacles.BY_ADMIN:
            found = obstacles.explain(error)
            return f"{found.what} {found.next}"
        case SourceUnavailableError():
            return _("Google did not answer for it. Ask again.")
    return str(error)

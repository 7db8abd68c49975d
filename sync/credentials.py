"""Open a mailbox's source: its place, and its secret out of the vault."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm.base.vault import KeyMissingError
from crm.mail.models import Mailbox, MailboxKind
from sync.errors import MailboxKeyMissingError, SyncError, Why
from sync.sources.imap import ImapLogin, ImapSource

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from sync.source import MailSource

#: What stands in the place of a mailbox, as its "reach", that was connected from the web.
PUBLIC: Final = "public"


def open_source(
    mailbox: Mailbox,
    settings: Settings,
    vault: Vault,
    *,
    timeout: float = 30,
    within: float = math.inf,
    first: bool = False,
) -> MailSource:
    """Return the source of a mailbox; it connects when it is asked for something.

    A server may take `timeout` seconds without a word, and `within` seconds for all together.
    What somebody waits for goes `first`, where the server counts what it is asked.
    """
    place = mailbox.place
    if mailbox.kind == MailboxKind.FILES:
        from sync.sources.files import FilesSource  # Who never opens one has nothing of it.

        return FilesSource(Path(place["path"]), letter_limit=settings.letter_limit)
    if mailbox.secret is None:
        raise SyncError("Nothing is kept that would let us into this mailbox. Connect it again.")
    if mailbox.kind == MailboxKind.IMAP:
        return ImapSource(
            imap_login(mailbox, settings, vault),
            letter_limit=settings.letter_limit,
            timeout=timeout,
            within=within,
            allow_plain=settings.allow_plain_imap,
        )
    from sync import google, importing  # Google's libraries take a quarter of a second.
    from sync.sources.gmail import GmailSource

    secret = secret_of(mailbox, vault)
    login = google.login(mailbox, settings, vault, secret, first=first)
    # One letter that somebody waits for is there over the API before IMAP has let us in.
    bulk = None if first else importing.bulk_login(mailbox, settings, login, secret)
    limit = settings.letter_limit
    return GmailSource(login, letter_limit=limit, timeout=timeout, bulk=bulk)


def imap_login(
    mailbox: Mailbox, settings: Settings, vault: Vault, password: str | None = None
) -> ImapLogin:
    """Return where an IMAP mailbox is and how to get in. Raises MailboxKeyMissingError.

    With a password the one in the vault is left alone. One that was connected from the web is read
    from the public internet alone, unless an admin allows otherwise for all.
    """
    place = mailbox.place
    return ImapLogin(
        host=place["host"],
        port=place["port"],
        security=place["security"],
        login=place["login"],
        password=secret_of(mailbox, vault) if password is None else password,
        guarded=place.get("reach") == PUBLIC and not settings.allow_private_imap,
    )


def secret_of(mailbox: Mailbox, vault: Vault) -> str:
    """Open what lets us into a mailbox. Raises MailboxKeyMissingError.

    The server knows nothing of our keys, and has refused nothing.
    """
    try:
        return vault.open(mailbox.secret or b"")
    except KeyMissingError as error:
        raise MailboxKeyMissingError(str(error), why=Why.KEY_MISSING) from error

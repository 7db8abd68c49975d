"""Open the way by which a mailbox's letters leave, with its password out of the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.mail.models import Mailbox, MailboxKind, OutgoingTrouble
from sync.connecting import submitting
from sync.credentials import PUBLIC, imap_login, secret_of
from sync.transports import RefusedError
from sync.transports.dialogue import SmtpLogin
from sync.transports.smtp import SmtpTransport

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from sync.transports import Transport


def open_transport(mailbox: Mailbox, settings: Settings, vault: Vault) -> Transport:
    """Return the transport of a mailbox; it connects when it is asked for something.

    Raises RefusedError where nothing is sent through such a mailbox, and MailboxKeyMissingError.
    """
    if mailbox.kind == MailboxKind.GMAIL and mailbox.secret is not None:
        from sync import google  # Google's libraries take a quarter of a second.
        from sync.transports.gmail import GmailTransport

        login = google.login(mailbox, settings, vault, secret_of(mailbox, vault), sending=True)
        return GmailTransport(login, may_send=google.may_send(mailbox.place))
    if mailbox.kind != MailboxKind.IMAP or mailbox.secret is None:
        words = f"Nothing is sent through a mailbox of kind {mailbox.kind}."
        raise RefusedError(OutgoingTrouble.NO_WAY, words)
    imap = imap_login(mailbox, settings, vault)
    place = smtp_place(mailbox)
    smtp = SmtpLogin(
        host=place["host"],
        port=place["port"],
        security=place["security"],
        login=place.get("login") or imap.login,
        password=imap.password,
        guarded=mailbox.place.get("reach") == PUBLIC and not settings.allow_private_imap,
    )
    return SmtpTransport(
        smtp,
        imap,
        allow_plain=settings.allow_plain_imap,
        keeps_sent=submitting.keeps_sent(smtp.host),
    )


def smtp_place(mailbox: Mailbox) -> dict[str, Any]:
    """Return where a mailbox sends: as its owner said, or as it is proposed."""
    known: dict[str, Any] | None = mailbox.place.get("smtp")
    return known or submitting.propose(mailbox.address, mailbox.place["host"]).place()

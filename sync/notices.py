"""Tell a mailbox's owner by mail that it is read no more, over the server of NOTICES_SMTP_URL.

Without that setting nobody is told by mail: it stands beside the mailbox in any case.
"""

from __future__ import annotations

import logging
import smtplib
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from crm.base import clock, i18n, ids
from crm.base.addresses import Address
from crm.base.i18n import gettext as _
from crm.mail import telling
from crm.mail.draft import Draft
from sync.errors import SyncError
from sync.patience import transact
from sync.transports.dialogue import SmtpLogin, close, open_line
from sync.writing import compose

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.settings import Settings
    from crm.mail.telling import Notice
    from sync.sources.imap.login import Security

_log = logging.getLogger(__name__)

_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"smtps": 465, "smtp": 587}
#: RFC 3834, section 5: nobody's holiday answers it.
_AUTOMATIC: Final = b"Auto-Submitted: auto-generated\r\n"


def tell(workspace_id: UUID, mailbox_id: UUID, settings: Settings) -> bool:
    """Tell the owner of a mailbox, if that is still to be done; return whether a mail left."""
    at = clock.now()
    notice = transact(workspace_id, lambda s: telling.claim(s, workspace_id, mailbox_id, at=at))
    if notice is None or not settings.tells:
        return False
    raw = _AUTOMATIC + compose(draft(notice, mailbox_id, settings, at))
    try:
        _send(login(settings.notices_smtp_url), settings.notices_from, notice.email, raw)
    except (smtplib.SMTPServerDisconnected, OSError) as error:  # It may have left: never again.
        kind = type(error).__name__
        _log.warning("The owner of mailbox %s may not have been told: %s", mailbox_id, kind)
        return False
    except (SyncError, smtplib.SMTPException) as error:  # It has not left, for certain.
        _log.warning("The owner of mailbox %s is not told by mail: %s", mailbox_id, error)
        put_back = partial(telling.put_back, at=clock.now())
        transact(workspace_id, lambda s: put_back(s, workspace_id, mailbox_id))
        return False
    return True


def _send(server: SmtpLogin, sender: str, to: str, raw: bytes) -> None:
    line, done = open_line(server, allow_plain=False), False
    try:
        line.sendmail(sender, [to], raw)
        done = True
    finally:
        close(line, politely=done)


def draft(notice: Notice, mailbox_id: UUID, settings: Settings, at: datetime) -> Draft:
    """Write what the owner is told, in their language."""
    author = Address(settings.notices_from, "Inlay")
    with i18n.speaking(notice.language):
        subject = _("Inlay cannot read {address} any more").format(address=notice.address)
        text = _(
            "The server has refused our login to {address} several times, so we have stopped"
            " asking. Nothing is lost: as soon as you connect it again, it goes on where it was."
        ).format(address=notice.address)
        there = _("Connect it again: {url}").format(
            url=f"{settings.base_url}/mailboxes/{mailbox_id}"
        )
        once = _("You are told of it this one time.")
    return Draft(
        rfc_id=f"{ids.new()}@{author.domain}",
        author=author,
        to=(Address(notice.email, notice.name),),
        subject=subject,
        text=f"{text}\n\n{there}\n\n{once}\n",
        at=at,
    )


def login(url: str) -> SmtpLogin:
    """Return where notices are sent: with TLS or STARTTLS, and without on this machine alone."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    plain: Security = "none" if host in _HERE else "starttls"
    return SmtpLogin(
        host=host,
        port=parts.port or _PORTS[parts.scheme],
        security="tls" if parts.scheme == "smtps" else plain,
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )

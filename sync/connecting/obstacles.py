"""What stands between a login and its mailbox, and what to do about it: as typed, and at work.

The error says where it stopped; where the login was refused, the server's own words say more. What
servers say there is known here, as data.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from sync.errors import Why

if TYPE_CHECKING:
    from sync.errors import SyncError


class Hint(StrEnum):
    """What a server means by refusing a login, where its words give it away."""

    IMAP_OFF = "imap_off"  # the mailbox may not be read by IMAP, until its owner says so
    APP_LOGIN = "app_login"  # another password than the usual one is wanted
    NO_PASSWORDS = "no_passwords"  # no password at all lets anybody in
    IN_A_BROWSER = "in_a_browser"  # its owner has to sign in there first
    CLOSED_FOR_A_WHILE = "closed_for_a_while"  # the provider lets nobody in until then
    IMAP_OFF_OR_WRONG = "imap_off_or_wrong"  # the server does not say which of the two


#: Words of a refusal, in capitals; what they mean; and who says so. The first that fits counts.
SAID: Final = (
    ("NOT ENABLED FOR IMAP USE", Hint.IMAP_OFF, "Gmail"),
    ("IMAP ACCESS IS DISABLED", Hint.IMAP_OFF, "Gmail, of a whole domain"),
    ("YET TO ENABLE IMAP", Hint.IMAP_OFF, "Zoho"),
    ("IMAP IS DISABLED FOR YOUR", Hint.IMAP_OFF, "Zoho, Zimbra"),
    ("INVALID CREDENTIALS OR IMAP IS DISABLED", Hint.IMAP_OFF_OR_WRONG, "Yandex"),
    ("APPLICATION-SPECIFIC PASSWORD REQUIRED", Hint.APP_LOGIN, "Gmail"),
    ("APPLICATION PASSWORD IS REQUIRED", Hint.APP_LOGIN, "Mail.ru"),
    ("APP-SPECIFIC PASSWORD", Hint.APP_LOGIN, "iCloud, Zoho"),
    ("APP PASSWORD", Hint.APP_LOGIN, "Yahoo, Fastmail, Yandex"),
    ("PARAMETERS MISSING", Hint.APP_LOGIN, "AOL, Yahoo"),
    ("BASICAUTHBLOCKED", Hint.NO_PASSWORDS, "Microsoft 365"),
    ("BASIC AUTHENTICATION IS DISABLED", Hint.NO_PASSWORDS, "Outlook.com"),
    ("LOG IN VIA YOUR WEB BROWSER", Hint.IN_A_BROWSER, "Gmail"),
    ("WEB LOGIN REQUIRED", Hint.IN_A_BROWSER, "Gmail"),
    ("WEBLOGINREQUIRED", Hint.IN_A_BROWSER, "Gmail, as a code of its own"),
    ("ACCOUNT IS BLOCKED", Hint.CLOSED_FOR_A_WHILE, "Mail.ru, Yandex"),
    ("TEMPORARILY LOCKED", Hint.CLOSED_FOR_A_WHILE, "iCloud, Dovecot's neighbours"),
    ("RATE LIMIT", Hint.CLOSED_FOR_A_WHILE, "Yahoo"),
)
_LOGIN: Final = {
    Hint.IMAP_OFF: (
        "",
        lazy("The provider has IMAP switched off for this mailbox."),
        lazy("Switch it on in the mailbox’s settings on the provider’s page, then try again."),
    ),
    Hint.APP_LOGIN: (
        "password",
        lazy("The provider wants an app password here, not the one you sign in with."),
        lazy("Make one on the provider’s page, under security, and put it here."),
    ),
    Hint.NO_PASSWORDS: (
        "",
        lazy("This provider lets nobody in by a password any more."),
        lazy("No password will do. Such a mailbox needs the provider’s own sign-in."),
    ),
    Hint.IN_A_BROWSER: (
        "login",
        lazy("The provider wants to see you in a browser first."),
        lazy("Sign in on its page, confirm that it was you, then try again."),
    ),
    Hint.CLOSED_FOR_A_WHILE: (
        "login",
        lazy("The provider has closed this mailbox for a while."),
        lazy("Wait for an hour, or look on the provider’s page what it asks for."),
    ),
    Hint.IMAP_OFF_OR_WRONG: (
        "password",
        lazy("The login is wrong, or IMAP is switched off: the server does not say which."),
        lazy("Switch IMAP on in the mailbox’s settings, and make an app password there."),
    ),
}
_REFUSED: Final = (
    "password",
    lazy("The server does not take this login with this password."),
    lazy("Check both. Where you sign in with a second step, the provider gives app passwords."),
)
_BY_WHY: Final = {
    Why.NAME: (
        "host",
        lazy("There is no server by this name."),
        lazy("Check how it is written; the provider’s page about mail programs names it."),
    ),
    Why.CLOSED: (
        "port",
        lazy("The server does not answer on this port."),
        lazy("Usual are 993 with TLS, and 143 with STARTTLS."),
    ),
    Why.SILENT: (
        "port",
        lazy("The server did not answer in time."),
        lazy("A firewall may be between us, or it is the wrong port: usual are 993 and 143."),
    ),
    Why.CERTIFICATE: (
        "host",
        lazy("The server’s certificate is not right, so it may be another server."),
        lazy("Nothing was sent, the password neither. Check the name against the provider’s page."),
    ),
    Why.NO_TLS: (
        "security",
        lazy("This port does not begin with TLS."),
        lazy("Choose STARTTLS for port 143, or port 993."),
    ),
    Why.NO_STARTTLS: (
        "security",
        lazy("The server does not switch to an encrypted connection here."),
        lazy("The password was not sent. Choose TLS and port 993."),
    ),
    Why.WANTS_TLS: (
        "security",
        lazy("The password would travel unencrypted."),
        lazy("It was not sent. Choose TLS, or STARTTLS."),
    ),
    Why.NO_IMAP: (
        "port",
        lazy("Something answers there, and it is no IMAP server."),
        lazy("Usual are port 993 with TLS, and 143 with STARTTLS. Sending has other ports."),
    ),
    Why.PRIVATE: (
        "host",
        lazy("This server is not on the public internet."),
        lazy("An admin can allow servers in the private network: ALLOW_PRIVATE_IMAP."),
    ),
    Why.PORT: (
        "port",
        lazy("From here, only ports 993 and 143 are asked."),
        lazy("An admin can allow others: ALLOW_PRIVATE_IMAP."),
    ),
    Why.BUSY: (
        "",
        lazy("The server lets nobody in just now: too many connections, or it is being mended."),
        lazy("Close other mail programs, or wait for some minutes; then try again."),
    ),
    Why.KEY_MISSING: (
        "",
        lazy("No key in VAULT_KEYS opens the password of this mailbox."),
        lazy(
            "An admin puts the key that sealed it back, behind the others; or its owner gives the"
            " password anew."
        ),
    ),
    Why.DOMAIN: (
        "",
        lazy("The domain’s admin does not let this program read mail."),
        lazy("They allow it in the Admin console: Security, API controls, App access control."),
    ),
    Why.API_OFF: (
        "",
        lazy("The Gmail API is switched off in the project of this program."),
        lazy("Whoever runs it switches it on in Google’s console, under APIs & Services."),
    ),
    Why.CLIENT: (
        "",
        lazy("Google does not know this program by its id and secret."),
        lazy("Whoever runs it compares both with Google’s console, under Credentials."),
    ),
    Why.NO_MAIL: (
        "",
        lazy("Google keeps no mail under this address."),
        lazy("The domain’s admin switches Gmail on for it in the Admin console."),
    ),
    Why.OTHER: (
        "",
        lazy("The server broke off, or said something that makes no sense."),
        lazy("Try again. Should it stay so, check host and port against the provider’s page."),
    ),
}
#: What an admin mends, wherever the mailbox is.
BY_ADMIN: Final = frozenset({Why.DOMAIN, Why.API_OFF, Why.CLIENT, Why.NO_MAIL})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way, beside which field it is told, and what to do next.

    `field` is one of host, port, security, login and password, or "" where no field is at fault.
    `said` are the server's own words.
    """

    field: str
    what: str
    next: str
    said: str = ""


def explain(error: SyncError) -> Obstacle:
    """Say in plain words what an error of a mail server means for whoever typed the login."""
    return _obstacle(error.why, error.said)


def advice(why: str, said: str) -> str:
    """Say what is in the way of a mailbox at work, by what was noted with its trouble.

    `said` are words that hold the server's. What to do is told where a refused login gives it away,
    or where it is ours: host and port were right once. "" where it is known only that it failed.
    """
    try:
        known = Why(why)
    except ValueError:  # It was noted by another version, or is no server's trouble.
        return ""
    if known is Why.OTHER:
        return ""
    obstacle = _obstacle(known, said)
    if known is Why.LOGIN and hint_of(said) is None:
        return ""
    helps = known in (Why.LOGIN, Why.KEY_MISSING) or known in BY_ADMIN
    return f"{obstacle.what} {obstacle.next}" if helps else obstacle.what


def _obstacle(why: Why, said: str) -> Obstacle:
    if why is Why.LOGIN:
        hint = hint_of(said)
        field, what, after = _LOGIN[hint] if hint is not None else _REFUSED
    else:
        field, what, after = _BY_WHY[why]
    return Obstacle(field, _(what), _(after), said)


def hint_of(said: str) -> Hint | None:
    """Tell what a server means by its words, or None where they say no more than "no"."""
    loud = said.upper()
    return next((hint for words, hint, _who in SAID if words in loud), None)

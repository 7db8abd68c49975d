"""What can go wrong between us and a mail server: passing, or settled."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What exactly stood between us and the server, for whoever types a login, or misses mail."""

    NAME = "name"  # there is no server by that name
    CLOSED = "closed"  # nobody listens on that port, or the network does not lead there
    SILENT = "silent"  # it does not answer in time
    CERTIFICATE = "certificate"  # it may be another server
    NO_TLS = "no_tls"  # this port does not speak TLS
    NO_STARTTLS = "no_starttls"  # it does not switch to TLS
    WANTS_TLS = "wants_tls"  # it takes, or would get, a password in the clear
    NO_IMAP = "no_imap"  # whatever answers is no IMAP server
    PRIVATE = "private"  # it is not on the public internet, and only such servers are allowed
    PORT = "port"  # another port than those of IMAP, and only these are allowed
    BUSY = "busy"  # it lets nobody in just now
    LOGIN = "login"  # it refuses the login
    KEY_MISSING = "key_missing"  # it was not asked: no key of ours opens the mailbox's password
    DOMAIN = "domain"  # the domain's admin lets this program read nobody's mail
    API_OFF = "api_off"  # the project in which this program is known may not ask for mail
    CLIENT = "client"  # this program is not known by the id and secret that it has
    NO_MAIL = "no_mail"  # there is no mail under this address
    OTHER = "other"


class SyncError(Exception):
    """Something between us and the mailbox failed. `code` is a word of `docs/vocabulary.md`.

    `why` says it more exactly, and `said` is what the server said, where it said something.
    """

    code = "unreachable"

    def __init__(self, words: str = "", *, why: Why = Why.OTHER, said: str = "") -> None:
        super().__init__(words)
        self.why, self.said = why, said


class SourceUnavailableError(SyncError):
    """The server cannot be reached or does not make sense just now. Passing: try again later."""


class AuthorizationRevokedError(SyncError):
    """The server refuses the login. Settled: stop knocking and ask the user."""

    code = "login_refused"


class ConsentRevokedError(AuthorizationRevokedError):
    """Whose mailbox it is, or their admin, has taken the consent back. Settled: ask them."""

    code = "consent_revoked"


class ConsentExpiredError(AuthorizationRevokedError):
    """The consent was for some days, for Google takes the project for a trial. Settled."""

    code = "consent_expired"


class ScopeMissingError(AuthorizationRevokedError):
    """The consent does not cover what we need. Settled: ask for all of it."""

    code = "scope_missing"


class NotAdmittedError(SyncError):
    """An admin's settings keep us out, and no login helps. Settled by them: look once an hour."""

    code = "not_admitted"


class QuotaError(SourceUnavailableError):
    """The server's limit is used up. Passing: it says, or time tells, when it goes on."""

    code = "quota"


class MailboxKeyMissingError(SyncError):
    """No key in VAULT_KEYS opens the mailbox's password. Passing: an admin puts the key back."""

    code = "key_missing"


class UnsafeConnectionError(SyncError):
    """The connection would not be private: no TLS, or a certificate that does not fit."""

    code = "unreachable"


class OutOfReachError(SyncError):
    """The server is not where one may be that is named from the web. Settled by an admin."""


class CursorExpiredError(SyncError):
    """The server no longer knows the place where we stopped, as after a new UIDVALIDITY."""


class FolderUnavailableError(SyncError):
    """One folder cannot be opened. The others go on."""


class MessageGoneError(SyncError):
    """The server no longer has this message."""


class UnreadableMessageError(SyncError):
    """The bytes of one message cannot be read, or the server does not give them. Keep them raw."""

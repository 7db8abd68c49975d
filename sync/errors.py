"""What can go wrong between us and a mail server: passing, or settled."""


class SyncError(Exception):
    """Something between us and the mailbox failed. `code` is a word of `docs/vocabulary.md`."""

    code = "unreachable"


class SourceUnavailableError(SyncError):
    """The server cannot be reached or does not make sense just now. Passing: try again later."""


class AuthorizationRevokedError(SyncError):
    """The server refuses the login. Settled: stop knocking and ask the user."""

    code = "login_refused"


class UnsafeConnectionError(SyncError):
    """The connection would not be private: no TLS, or a certificate that does not fit."""

    code = "unreachable"


class CursorExpiredError(SyncError):
    """The server no longer knows the place where we stopped, as after a new UIDVALIDITY."""


class FolderUnavailableError(SyncError):
    """One folder cannot be opened. The others go on."""


class MessageGoneError(SyncError):
    """The server no longer has this message."""


class UnreadableMessageError(SyncError):
    """The bytes of one message cannot be read, or the server does not give them. Keep them raw."""

"""May this caller do that? By token, scopes, and the message that an add-on has open.

https://developers.google.com/workspace/gmail/api/auth/scopes
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.demo.gmail.errors import (
    ApiError,
    forbidden,
    not_found,
    scope_missing,
    unauthenticated,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from server.demo.gmail.routes import Method
    from server.demo.gmail.tokens import Access, Tokens

_AUTH = "https://www.googleapis.com/auth/"
METADATA = f"{_AUTH}gmail.metadata"
_ADDONS = f"{_AUTH}gmail.addons."
_ADDON_METADATA = f"{_ADDONS}current.message.metadata"
#: What a token that knows headers only may not ask for.
_WHOLE = ("full", "raw")


def admit(
    tokens: Tokens, method: Method, headers: Mapping[str, str], values: Mapping[str, Any]
) -> Access:
    """Return what the caller's token is good for. Raises ApiError where it does not reach."""
    access = tokens.get_access(_bearer(headers, values))
    reaching = access.scopes & method.scopes
    if not reaching:
        raise scope_missing(method.name)
    if METADATA in access.scopes and METADATA in method.scopes:
        _check_metadata(method, values)
    if all(scope.startswith(_ADDONS) for scope in reaching):
        _check_open_message(tokens, access, method, headers, values)
        if reaching == {_ADDON_METADATA} and values.get("format", "full") in _WHOLE:
            raise scope_missing(method.name)
    user = values["userId"]
    mailbox = access.consent.mailbox
    if user not in ("me", mailbox.address) and str(user).lower() != mailbox.address:
        raise forbidden(f"Delegation denied for {mailbox.address}")
    if not mailbox.enabled:
        raise ApiError(400, "failedPrecondition", "Mail service not enabled")
    return access


def _bearer(headers: Mapping[str, str], values: Mapping[str, Any]) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    if "access_token" in values:
        return str(values["access_token"])
    raise unauthenticated()


def _check_metadata(method: Method, values: Mapping[str, Any]) -> None:
    """Refuse what `gmail.metadata` forbids, also beside a scope that reaches further."""
    if "q" in values:
        raise forbidden("Metadata scope does not support 'q' parameter")
    form = values.get("format", "full") if "format" in method.parameters else ""
    if form in _WHOLE:
        raise forbidden(f"Metadata scope doesn't allow format {form.upper()}")


def _check_open_message(
    tokens: Tokens,
    access: Access,
    method: Method,
    headers: Mapping[str, str],
    values: Mapping[str, Any],
) -> None:
    """Refuse an add-on that shows no token of the message that is open, or that of another."""
    if not method.name.startswith(("users.messages", "users.threads")):
        return
    shown = headers.get("x-goog-gmail-access-token", "")
    if not shown:
        raise forbidden("Missing access token for per message authorization", "forbidden")
    opened = tokens.get_access(shown)
    box = access.consent.mailbox
    copy = box.copies.find(opened.message) if opened.consent.mailbox is box else None
    wanted = box.copies.id_of(str(values.get("messageId") or values.get("id", "")))
    if opened.message and opened.consent.mailbox is box and wanted == opened.message and not copy:
        raise not_found()  # It was deleted since it was opened.
    if copy is None or wanted not in (copy.id, copy.thread):
        raise forbidden("Access token does not match the message", "forbidden")

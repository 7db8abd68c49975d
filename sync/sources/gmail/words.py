"""What Gmail's answers mean: try again, and when, or an error of `sync.errors` in plain words.

This is the one place that knows the errors of google-api-python-client, google-auth and httplib2
(developers.google.com/workspace/gmail/api/guides/handle-errors).
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.errors import Error as GoogleError
from googleapiclient.errors import HttpError
from httplib2 import HttpLib2Error

from crm.base import clock
from sync.errors import (
    ConsentExpiredError,
    ConsentRevokedError,
    MessageGoneError,
    NotAdmittedError,
    QuotaError,
    ScopeMissingError,
    SourceUnavailableError,
    SyncError,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How much of Gmail's own words is repeated.
QUOTED_MOST: Final = 200
#: What a limit that was reached is called; the rest of 403 is settled.
_RATE: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_DAILY: Final = frozenset({"dailyLimitExceeded", "quotaExceeded"})
_SCOPE: Final = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
#: What an admin has settled, by Google's words for it, and theirs of a token that is not given.
_KEPT_OUT: Final = {
    "domainPolicy": Why.DOMAIN,
    "accessNotConfigured": Why.API_OFF,
    "SERVICE_DISABLED": Why.API_OFF,
    "failedPrecondition": Why.NO_MAIL,
}
_NO_TOKEN: Final = {
    "admin_policy_enforced": Why.DOMAIN,
    "access_denied": Why.DOMAIN,
    "org_internal": Why.DOMAIN,
    "invalid_client": Why.CLIENT,
    "deleted_client": Why.CLIENT,
    "disabled_client": Why.CLIENT,
}
_WORDS: Final = {
    Why.DOMAIN: (
        "The admin of this domain does not let this program read {address}. They allow it in the"
        " Admin console, under Security, API controls, App access control."
    ),
    Why.API_OFF: (
        "The Gmail API is switched off in the project of this program, so that {address} cannot be"
        " read. Switch it on in Google's console, under APIs & Services."
    ),
    Why.CLIENT: (
        "Google does not know this program by GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, so that"
        " {address} cannot be read. Compare both with Google's console, under Credentials."
    ),
    Why.NO_MAIL: (
        "Google keeps no mail for {address}: Gmail is switched off there, or it is no mailbox. The"
        " domain's admin switches it on in the Admin console, under Apps, Google Workspace, Gmail."
    ),
}
_UNTIL: Final = re.compile(r"Retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)")
#: What a connection that breaks off, an answer that is cut and one that is no JSON are raised as.
PASSING: Final = (
    OSError,
    HTTPException,
    HttpLib2Error,
    GoogleAuthError,
    GoogleError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
)


def passes(error: BaseException) -> bool:
    """Tell whether the same question may well be answered a little later."""
    if isinstance(error, HttpError):
        status = int(error.status_code)
        return status >= 500 or status == 429 or (status == 403 and bool(reasons(error) & _RATE))
    if isinstance(error, RefreshError):
        return bool(error.retryable)
    return isinstance(error, PASSING)


def refused(error: BaseException) -> bool:
    """Tell whether it is the token that is refused."""
    return isinstance(error, HttpError) and int(error.status_code) == 401


def too_narrow(error: BaseException) -> bool:
    """Tell whether a token does not reach so far: it may be older than the consent of now."""
    return (
        isinstance(error, HttpError) and error.status_code == 403 and bool(reasons(error) & _SCOPE)
    )


def wait_of(error: BaseException) -> float:
    """Return the seconds that Gmail asks us to wait; 0 where it says nothing.

    The time stands in the message of a 429, as RFC 3339, and seldom in a Retry-After header.
    """
    if not isinstance(error, HttpError):
        return 0.0
    told = str(error.resp.get("retry-after", ""))
    if told.isdecimal():
        return float(told)
    found = _UNTIL.search(_message(error))
    if found is None:
        return 0.0
    return max(0.0, (datetime.fromisoformat(found[1]) - clock.now()).total_seconds())


def answer_of(error: SyncError) -> tuple[int, str]:
    """Return the status and the words of the answer that an error tells of; 0 of no answer."""
    cause = error.__cause__
    if not isinstance(cause, HttpError):
        return 0, ""
    return int(cause.status_code), _message(cause)[:QUOTED_MOST]


def wait_told(error: SyncError) -> float:
    """Return the seconds that the answer asks us to wait that an error tells of; 0 of none."""
    return wait_of(error.__cause__) if error.__cause__ is not None else 0.0


def rest_of(error: BaseException, attempt: int, share: float, *, longest: float) -> float | None:
    """Return the seconds before a question is repeated; None where that is in vain, or too long.

    They grow with each attempt, and are as many as Gmail says where it does. `share`, from 0 to 1,
    spreads those who failed together.
    """
    told = wait_of(error)
    if not passes(error) or told > longest:
        return None
    grown: float = min(0.25 * 2**attempt, longest / 2)
    return max(told, grown * share)


def reasons(error: HttpError) -> frozenset[str]:
    """Return the words by which Google names a refusal: the reasons of each of its errors."""
    said = _said(error)
    listed = [one.get("reason", "") for one in said.get("errors", ()) if isinstance(one, dict)]
    listed += [one.get("reason", "") for one in said.get("details", ()) if isinstance(one, dict)]
    return frozenset(str(reason) for reason in listed if reason)


@contextmanager
def plain_words(address: str, ends: datetime | None = None) -> Iterator[None]:
    """Raise the errors of `sync.errors` alone. `ends` is when the consent does, if ever."""
    try:
        yield
    except SyncError:
        raise
    except PASSING as error:
        said = translate(address, error)
        if isinstance(said, ConsentRevokedError) and ends is not None and clock.now() >= ends:
            said = ConsentExpiredError(
                f"The consent to read {address} was for some days, for Google takes this project"
                " for a trial. Connect it again; it goes on where it was. In Google's console the"
                " project can be made internal, or published, and a consent lasts.",
                said=said.said,
            )
        raise said from error


def translate(address: str, error: BaseException) -> SyncError:
    """Return the error that says in plain words what happened."""
    match error:
        case HttpError():
            return _answered(address, error)
        case RefreshError():
            return _not_refreshed(address, error)
        case TimeoutError():
            return SourceUnavailableError("Gmail did not answer in time.", why=Why.SILENT)
        case _:
            return SourceUnavailableError(
                f"Gmail cannot be reached just now, or broke off ({type(error).__name__})."
            )


def _answered(address: str, error: HttpError) -> SyncError:
    status, why = int(error.status_code), reasons(error)
    said = f"{status}: {_message(error)[:QUOTED_MOST]}"
    if status == 401:
        return ConsentRevokedError(
            f"Google no longer lets us read {address}. Connect it again; it goes on where it was.",
            said=said,
        )
    if status == 403 and why & _SCOPE:
        return ScopeMissingError(
            f"The consent for {address} does not cover reading mail. Connect it again and leave"
            " all boxes ticked; it goes on where it was.",
            said=said,
        )
    for reason, kept_out in _KEPT_OUT.items():
        if reason in why and status in (400, 403):
            return _not_admitted(address, kept_out, said)
    if status == 429 or (status == 403 and why & (_RATE | _DAILY)):
        return QuotaError(f"Gmail's limit for {address} is used up for now.", said=said)
    if status == 404:
        return MessageGoneError("Gmail no longer has this message.", said=said)
    if status < 500:
        return SourceUnavailableError(f"Gmail refuses this just now: {said}", said=said)
    return SourceUnavailableError(f"Gmail is out of order just now: {status}.", said=said)


def _not_refreshed(address: str, error: RefreshError) -> SyncError:
    said = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    match said.get("error"):
        case "invalid_grant":
            return ConsentRevokedError(
                f"The consent to read {address} has ended: it was taken back, or its password was"
                " changed. Connect it again; it goes on where it was.",
                said=str(said.get("error_description", ""))[:QUOTED_MOST],
            )
        case "unauthorized_client":
            return ScopeMissingError(
                "The domain's admin has not allowed this service account to read mail. Add its"
                " client id with the scopes of docs/connecting-gmail.md in the Admin console.",
                said=str(said.get("error_description", ""))[:QUOTED_MOST],
            )
    kept_out = _NO_TOKEN.get(str(said.get("error", "")))
    if kept_out is not None:
        return _not_admitted(address, kept_out, str(said.get("error_description", "")))
    return SourceUnavailableError(
        f"Google does not give us a token just now ({said.get('error', type(error).__name__)})."
    )


def _not_admitted(address: str, why: Why, said: str) -> NotAdmittedError:
    return NotAdmittedError(_WORDS[why].format(address=address), why=why, said=said[:QUOTED_MOST])


def expired(error: SyncError) -> bool:
    """Tell whether what was named, as a point of the history, is known no more: 404, or 400."""
    refused = type(error) is SourceUnavailableError and error.said.startswith("400:")
    return refused or isinstance(error, MessageGoneError)


def _message(error: HttpError) -> str:
    return str(_said(error).get("message", ""))


def _said(error: HttpError) -> dict[str, Any]:
    """Return the error that an answer tells of; it may be HTML of a proxy on the way."""
    try:
        body = json.loads(error.content)
    except (ValueError, TypeError):
        return {}
    said = body.get("error", {}) if isinstance(body, dict) else {}
    return said if isinstance(said, dict) else {"message": str(said)}

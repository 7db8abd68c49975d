"""What Google says when it refuses: one error, in the shape that its clients read.

The shape, the reasons and the statuses are those of
https://developers.google.com/workspace/gmail/api/guides/handle-errors.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """A call that is refused: with which status, for which reason, in which words."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        headers: tuple[tuple[str, str], ...] = (),
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.domain = domain
        self.headers = headers
        self.more = more

    def shape(self) -> dict[str, Any]:
        """Return the JSON that Google sends."""
        status = _STATUS[self.code]
        if self.reason == "failedPrecondition":
            status = "FAILED_PRECONDITION"
        first = {"domain": self.domain, "reason": self.reason, "message": self.message}
        if self.code == 401:
            first |= {"location": "Authorization", "locationType": "header"}
        told = {"code": self.code, "message": self.message, "errors": [first], "status": status}
        return {"error": {**told, **self.more}}


def invalid(message: str, reason: str = "invalidArgument") -> ApiError:
    """Make the refusal of a call that asks wrongly."""
    return ApiError(400, reason, message)


def not_found() -> ApiError:
    """Make the refusal of an id that is not there."""
    return ApiError(404, "notFound", "Requested entity was not found.")


def unauthenticated() -> ApiError:
    """Make the refusal of a token that is unknown, revoked or too old."""
    return ApiError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential.",
        headers=(("WWW-Authenticate", 'Bearer realm="https://accounts.google.com/"'),),
    )


def scope_missing(method: str) -> ApiError:
    """Make the refusal of a token whose scopes do not reach that far."""
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": "gmail.googleapis.com", "method": f"gmail.{method}"},
            }
        ],
    )


def forbidden(message: str, reason: str = "forbidden") -> ApiError:
    """Make the refusal of what this token may not do."""
    return ApiError(403, reason, message)


def too_fast(until: float, *, code: int = 429, header: bool = False, now: float = 0) -> ApiError:
    """Make the refusal of somebody who asks too fast, and name the moment to come back.

    Google writes the moment into the message; a header beside it is rare.
    """
    back = datetime.fromtimestamp(until, UTC).isoformat(timespec="milliseconds")
    seconds = max(1, round(until - now))
    return ApiError(
        code,
        "rateLimitExceeded" if code == 429 else "userRateLimitExceeded",
        f"User-rate limit exceeded.  Retry after {back.replace('+00:00', 'Z')}",
        domain="usageLimits",
        headers=(("Retry-After", str(seconds)),) if header else (),
    )


def too_many_at_once() -> ApiError:
    """Make the refusal of one call too many at the same time."""
    return ApiError(
        429,
        "rateLimitExceeded",
        "Too many concurrent requests for user",
        domain="usageLimits",
    )

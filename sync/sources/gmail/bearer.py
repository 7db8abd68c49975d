"""A connection that shows the token which we have, and asks for none.

With credentials of its own the library would ask for one in the midst of a batch, without any
time-out, on a connection that it does not close, and follow whoever redirects it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httplib2
    from google.auth.credentials import Credentials


class Bearer:
    """Shows a token with whatever goes over a connection, which follows nobody elsewhere."""

    def __init__(self, held: Credentials, http: httplib2.Http) -> None:
        self._held = held
        self._http = http
        http.follow_redirects = False

    def request(
        self, uri: str, method: str = "GET", body: Any = None, *given: Any, **more: Any
    ) -> Any:
        """Ask, with the token in the header."""
        headers = dict(more.pop("headers", None) or {})
        self._held.apply(headers)  # type: ignore[no-untyped-call]
        return self._http.request(uri, method, body, headers, *given, **more)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

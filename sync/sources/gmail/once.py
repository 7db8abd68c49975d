"""HTTP for what must not be done twice: a request goes out once, on a connection of its own.

httplib2 sends a request again by itself where the connection closes without an answer, a POST too:
it takes it for one that had gone stale. What the server did before it closed, it does twice then.
Here each request has a fresh connection, which cannot be stale, and which takes no second one.
"""

from __future__ import annotations

from typing import Any

import httplib2


class OnceHttp(httplib2.Http):  # type: ignore[misc]  # It has no types.
    """Sends each request once, and follows nobody elsewhere."""

    def __init__(self, *, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.follow_redirects = False

    def request(self, uri: str, *given: Any, **more: Any) -> Any:
        """Send a request. Raises OSError where the connection closes without an answer."""
        self.close()
        more["connection_type"] = _Tls if uri.startswith("https:") else _Plain
        return super().request(uri, *given, **more)


class _Plain(httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    _asked = False

    def request(self, *given: Any, **more: Any) -> None:
        self._asked = _first(asked=self._asked)
        super().request(*given, **more)


class _Tls(httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    _asked = False

    def request(self, *given: Any, **more: Any) -> None:
        self._asked = _first(asked=self._asked)
        super().request(*given, **more)


def _first(*, asked: bool) -> bool:
    if asked:
        raise ConnectionAbortedError("the connection closed without an answer")
    return True

"""An answer in time: what takes too long is given up, and what it did is not kept.

Google shows an error of its own after thirty seconds, and a person has gone long before. Nothing
inside a call can promise a time for the whole of it: a lock, a connection or a certificate may be
waited for. So calls run in threads of their own, and whoever waits for one goes at the deadline.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from enum import Enum
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

#: Seconds after which nobody waits any more, and what is added where the commit has begun.
WITHIN, AND_TO_COMMIT = 4.0, 0.5
#: Calls that run at once in a process; the next ones wait, within the same time.
AT_ONCE = 16

_KEY = "inlay.call"


class Ending(Enum):
    """How a call ends: nobody has said yet, kept by itself, or given up by whoever waited."""

    OPEN = "open"
    KEPT = "kept"
    GIVEN_UP = "given up"


class Call:
    """A call that somebody waits for. Of keeping and giving up, the first that is said holds."""

    def __init__(self, function: str) -> None:
        self.function = function
        self._lock = Lock()
        self._ending = Ending.OPEN
        #: Set once it is known who calls: then a late answer may say something.
        self.trusted = False
        self.language = "en"

    @property
    def kept(self) -> bool:
        """Tell whether a commit has begun; what became of it is not known before it ends."""
        return self._ending is Ending.KEPT

    def keep(self) -> bool:
        """Say that what was done is kept now; False where nobody waits for it any more."""
        return self._end(Ending.KEPT)

    def give_up(self) -> bool:
        """Say that nobody waits any more; False where what was done is being kept already."""
        return self._end(Ending.GIVEN_UP)

    def _end(self, ending: Ending) -> bool:
        with self._lock:
            if self._ending is Ending.OPEN:
                self._ending = ending
            return self._ending is ending


def call_of(environ: WSGIEnvironment) -> Call | None:
    """Return the call that a request is, where its answer has a time."""
    return environ.get(_KEY)


class Punctual:
    """Answers calls of these paths in time; passes everything else through.

    Whoever calls must have shown who they are before their body is read: who sends it slowly holds
    a thread. `late` says what is answered instead.
    """

    def __init__(
        self, app: WSGIApplication, calls: Mapping[str, str], late: Callable[[Call], Response]
    ) -> None:
        self._app, self._calls, self._late = app, calls, late
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="call")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as a WSGI application does (PEP 3333)."""
        function = self._calls.get(environ["PATH_INFO"])
        if function is None or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        call = environ[_KEY] = Call(function)
        answer = self._in_time(call, environ) or self._late(call)
        return answer(environ, start_response)

    def _in_time(self, call: Call, environ: WSGIEnvironment) -> Response | None:
        run = copy_context().run  # What one call speaks is nothing to the next in its thread.
        whole = partial(Response.from_app, buffered=True)
        made = self._threads.submit(run, whole, self._app, environ)
        if wait((made,), WITHIN).done:
            return made.result()
        if not call.give_up() and wait((made,), AND_TO_COMMIT).done:
            return made.result()
        made.cancel()
        _log.error("A call was not answered in time: %s", call.function)
        return None

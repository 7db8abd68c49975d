"""The Gmail API for one mailbox: one connection, its token, and how often a question is repeated.

The API's addresses come from the settings. The description of the API is the one that comes with
google-api-python-client, with these addresses put in: its batches would go to Google otherwise
(github.com/googleapis/google-api-python-client/issues/1107).
"""

from __future__ import annotations

import json
import random
import time
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import googleapiclient
import httplib2
from google.auth.credentials import Credentials
from google_auth_httplib2 import Request
from googleapiclient.discovery import build_from_document

from sync.sources.gmail.answers import Answers
from sync.sources.gmail.batching import Batch
from sync.sources.gmail.bearer import Bearer
from sync.sources.gmail.once import OnceHttp
from sync.sources.gmail.words import (
    PASSING,
    passes,
    plain_words,
    refused,
    rest_of,
    too_narrow,
    wait_of,
)
from sync.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from sync.tokens import Tokens

#: How often a question is asked, and the longest that we wait before it is asked again: together
#: less than a lease, which whoever asks may hold.
TRIES: Final = 5
LONGEST: Final = 6.0
#: Seconds for the answer to what is asked once: who gives up early knows nothing.
LAST_WORD: Final = 90.0
_DESCRIBED: Final = "discovery_cache/documents/gmail.v1.json"
#: An id that no message has.
_ANY: Final = "0000-any-message"


def _at_once(_units: float) -> None:
    """Let a question be asked at once: nobody counts."""


def _nothing() -> None:
    """Do nothing before a question."""


@dataclass(frozen=True, slots=True)
class GmailLogin:
    """A mailbox of Gmail, what gets us in, and where the API is.

    `spend` is called before each question with the units that it costs, and may wait; `hold`, with
    the seconds for which Gmail wants nobody to ask for this mailbox. A consent for some days, as of
    a project on trial, says when it ends.
    """

    address: str
    credentials: Credentials = field(repr=False)
    api_url: str
    spend: Callable[[int], None] = _at_once
    hold: Callable[[float], None] = _at_once
    consent_ends: datetime | None = None
    letter_units: int = 20
    tokens: Tokens | None = None


class Client:
    """Asks Gmail, and says what goes wrong in the words of `sync.errors`. For one thread."""

    def __init__(self, login: GmailLogin, *, timeout: float = 30) -> None:
        self._login = login
        # To redirect would be to take our secret elsewhere.
        self._plain = httplib2.Http(timeout=timeout)
        self._plain.follow_redirects = False
        self._http = Bearer(login.credentials, httplib2.Http(timeout=timeout))
        described = copy(_description(login.api_url))
        self._batches_at = described["rootUrl"] + described["batchPath"]
        # Each is made anew from its description when it is asked for, at a millisecond.
        self.users = build_from_document(described, http=self._http, model=Answers()).users()
        self.messages = self.users.messages()
        self._alike: dict[str, Any] = {}

    def message(self, name: str, form: str) -> Any:
        """Return the question for a message in a form.

        One of each form is made by the library, which takes half a millisecond for it, and the
        others are like it.
        """
        if form not in self._alike:
            self._alike[form] = self.messages.get(userId="me", id=_ANY, format=form)
        made = copy(self._alike[form])
        made.uri, made.headers = made.uri.replace(_ANY, name), dict(made.headers)
        return made

    @property
    def letter_units(self) -> int:
        """What a message costs, and an attachment, a draft too."""
        return self._login.letter_units

    def ask(self, request: Any, units: int) -> dict[str, Any]:
        """Return what Gmail answers. What may pass is asked again, with a pause that grows."""
        found: dict[str, Any] = self._asked(lambda: _whole(request.execute()), units)
        return found

    def tell(self, request: Any, units: int) -> None:
        """Let Gmail do what it has no answer to, repeated as a question is."""
        self._asked(request.execute, units)

    def ask_together(self, requests: dict[str, Any], units: int) -> dict[str, Any | Exception]:
        """Ask questions in one call; return the answer to each, or the error that it met.

        Each costs so many units. That the call itself was answered says nothing about its parts.
        """
        found: dict[str, Any | Exception] = {}

        def keep(name: str, answer: Any, error: Exception | None) -> None:
            found[name] = answer if error is None else error

        with self.plain_words():
            attempt = 1
            while True:
                batch = Batch(callback=keep, batch_uri=self._batches_at)
                left = requests.keys() - found.keys()
                self._login.spend(units * len(left))
                for name in left:
                    batch.add(requests[name], request_id=name)
                try:
                    self._enter()
                    batch.execute(http=self._http)
                except PASSING as error:
                    if attempt == TRIES or not self.pause({"": error}, attempt):
                        raise
                else:
                    if not self._drop_refused(found, attempt):
                        return found
                attempt += 1

    def ask_once(
        self, request: Any, units: int, *, ready: Callable[[], None] = _nothing
    ) -> dict[str, Any]:
        """Return what Gmail answers to what must not be done twice: nothing repeats it.

        `ready` is called when nothing more is to be waited for, right before it is asked. Where a
        token is refused, or is older than a wider consent, nothing was done: another one is taken.
        """
        with self.plain_words():
            self._login.spend(units)
            self._enter()
        ready()
        http = Bearer(self._login.credentials, OnceHttp(timeout=LAST_WORD))
        with closing(http), self.plain_words():
            try:
                return _whole(request.execute(http=http))
            except PASSING as error:
                if not (refused(error) or too_narrow(error)) or not self.forget():
                    raise
            self._enter()
            return _whole(request.execute(http=http))

    def token(self) -> str:
        """Return a token that is good for a while: for another door of Google's than the API."""
        with self.plain_words():
            self._enter()
            return str(self._login.credentials.token)

    def forget(self) -> bool:
        """Let go of a token that Google refuses before its time; tell whether there was one."""
        held = self._login.credentials
        if self._login.tokens is not None and held.token:
            self._login.tokens.forget(held.token)
        found, held.token = bool(held.token), None
        return found

    def plain_words(self) -> AbstractContextManager[None]:
        """Say what goes wrong, in an answer too, in the words of `sync.errors`."""
        return plain_words(self._login.address, self._login.consent_ends)

    def pause(self, failed: Mapping[str, Exception], attempt: int) -> frozenset[str]:
        """Wait once before questions are repeated that failed together; return which are to be.

        Left out is where that would be in vain, or the wait too long.
        """
        again = [name for name, error in failed.items() if refused(error)]
        if attempt > 1 or not again or not self.forget():
            again = []
        passing = {name: error for name, error in failed.items() if passes(error)}
        if told := max(map(wait_of, passing.values()), default=0.0):
            self._login.hold(told)
        share = random.uniform(0.5, 1.0)  # noqa: S311 - it spreads those who failed together
        rests = {
            name: rest
            for name, error in passing.items()
            if (rest := rest_of(error, attempt, share, longest=LONGEST)) is not None
        }
        if rests:
            time.sleep(max(rests.values()))
        return frozenset((*again, *rests))

    def _drop_refused(self, found: dict[str, Any | Exception], attempt: int) -> bool:
        """Drop the answers to a token that is refused; tell whether to ask with another one.

        All parts were asked with the same: it is let go of once, and not for each of them.
        """
        again = [name for name, said in found.items() if isinstance(said, Exception)]
        again = [name for name in again if refused(found[name])]
        if not again or attempt > 1 or not self.forget():
            return False
        for name in again:
            del found[name]
        return True

    def _asked(self, ask: Callable[[], Any], units: int) -> Any:
        with self.plain_words():
            attempt = 1
            while True:
                self._login.spend(units)
                try:
                    self._enter()
                    return ask()
                except PASSING as error:
                    if attempt == TRIES or not self.pause({"": error}, attempt):
                        raise
                attempt += 1

    def _enter(self) -> None:
        """Have a token that holds: that of the others, or one of our own for them too."""
        held, tokens = self._login.credentials, self._login.tokens
        if held.valid:
            return
        if tokens is None:
            held.refresh(Request(self._plain))  # type: ignore[no-untyped-call]
            return
        if held.token:
            tokens.forget(held.token)
        if not self._take(tokens.find()):
            with tokens.asking():
                if not self._take(tokens.find()):
                    held.refresh(Request(self._plain))  # type: ignore[no-untyped-call]
                    if held.token and held.expiry:
                        tokens.keep(Token(held.token, held.expiry.replace(tzinfo=UTC)))

    def _take(self, token: Token | None) -> bool:
        if token is not None:
            held = self._login.credentials
            held.token, held.expiry = token.text, token.ends.replace(tzinfo=None)
        return token is not None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
        self._plain.close()


def _whole(answer: Any) -> dict[str, Any]:
    """Return an answer. What is no JSON, for it breaks off, the library hands on as it came."""
    if not isinstance(answer, dict):
        raise TypeError("no JSON")
    return answer


@cache
def _description(api_url: str) -> dict[str, Any]:
    path = Path(googleapiclient.__file__).parent / _DESCRIBED
    described: dict[str, Any] = json.loads(path.read_text("utf-8"))
    root = api_url.rstrip("/") + "/"
    described.update(rootUrl=root, baseUrl=root, batchPath="batch/gmail/v1")
    described.pop("mtlsRootUrl", None)
    return described

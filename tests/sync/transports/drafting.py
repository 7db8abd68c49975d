"""One letter and its steps, for tests of what happens at Gmail."""

from __future__ import annotations

from collections.abc import Sequence

from google.oauth2.credentials import Credentials

from server.demo.gmail import GmailServer
from sync.google import READING, SENDING
from sync.sources.gmail import GmailLogin
from sync.transports import NotSentError, Parcel
from sync.transports.gmail import GmailTransport
from sync.writing import compose
from tests.sync import rig
from tests.sync.sending import draft

ADDRESS = "ana@halden.test"


class Steps:
    """Notes what a transport does."""

    def __init__(self) -> None:
        self.left = False
        self.remote: dict[str, object] = {}

    def remember(self, remote) -> None:
        """Keep what must be known again."""
        assert not self.left
        self.remote = dict(remote)

    def leave(self) -> None:
        """Let the letter leave from now on."""
        assert not self.left
        self.left = True


def parcel(remote=None, **values) -> Parcel:
    made = draft(**values)
    return Parcel(made, compose(made), remote or {})


def send(login: GmailLogin, given: Parcel | None = None):
    steps = Steps()
    try:
        return GmailTransport(login).send(given or parcel(), steps), steps
    except NotSentError as error:
        return error, steps


def named(google: GmailServer, method: str) -> int:
    """Count the calls of a method, as the server saw them."""
    return sum(call.method == f"users.{method}" for call in google.calls)


def invited(google: GmailServer, scopes: Sequence[str] = (*READING, *SENDING)) -> GmailLogin:
    """Return a login by Ana's consent to these scopes."""
    google.register(rig.APP)
    held = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=google.refresh_token(ADDRESS, rig.APP.client_id, scopes),
        token_uri=google.token_url,
        client_id=rig.APP.client_id,
        client_secret=rig.APP.client_secret,
    )
    return GmailLogin(ADDRESS, held, google.url)

"""The server as a program uses it: open it, fill mailboxes, plan faults, read what was asked."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any, Self

from server.demo.gmail import api_mailbox, post_office, routes
from server.demo.gmail.dispatch import Dispatch
from server.demo.gmail.faults import Faults
from server.demo.gmail.imap.listener import Listener
from server.demo.gmail.keeping import Keeper
from server.demo.gmail.oauth import OAuth
from server.demo.gmail.post_office import PostOffice
from server.demo.gmail.pushing import Pushes
from server.demo.gmail.quota import Meter
from server.demo.gmail.tokens import Tokens
from server.demo.gmail.wire import Wire
from server.demo.gmail.world import World

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from server.demo.gmail.exchange import Answer, Request
    from server.demo.gmail.faults import Fault
    from server.demo.gmail.mailbox import Mailbox
    from server.demo.gmail.oauth import App
    from server.demo.gmail.pushing import Pushed, Subscription
    from server.demo.gmail.quota import Quota
    from server.demo.gmail.world import Call

EVERYTHING = ("https://mail.google.com/",)


class GmailServer:
    """A Gmail on this machine, and the Google that gives out its tokens."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        quota: Quota | None = None,
        token_seconds: float = 3600.0,
        seed: int = 0,
        now: Callable[[], float] = time.time,
        keep: Path | None = None,
        imap_port: int = 0,
        imap_tls: ssl.SSLContext | None = None,
    ) -> None:
        tokens = Tokens(now, token_seconds)
        self._world = World(now, seed, tokens, Faults(), Meter(quota))
        self._keeper = Keeper(keep, self._world) if keep is not None else None
        self._dispatch = Dispatch(self._world)
        self._oauth = OAuth(self._world)
        self._post = PostOffice(self._world)
        self._wire = Wire(self._answer, self._world.closing, host=host, port=port)
        self._imap = Listener(self._world, host=host, port=imap_port, tls=imap_tls)
        self._oauth.url = self.url
        self._pushes = Pushes(self._world)
        self._world.push = self._pushes.tell

    def __enter__(self) -> Self:
        self._wire.open()
        self._imap.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()
        self._imap.close()
        self._pushes.close()
        self.save()

    @property
    def url(self) -> str:
        """The root of the API, without a slash at its end."""
        return self._wire.url

    @property
    def imap_url(self) -> str:
        """The address of the same mailboxes over IMAP."""
        return self._imap.url

    @property
    def auth_url(self) -> str:
        """Where a browser is sent to ask for consent."""
        return f"{self.url}/o/oauth2/v2/auth"

    @property
    def token_url(self) -> str:
        """Where codes, refresh tokens and assertions become access tokens."""
        return f"{self.url}/token"

    @property
    def revoke_url(self) -> str:
        """Where a token is given back."""
        return f"{self.url}/revoke"

    @property
    def certs_url(self) -> str:
        """Where the certificates lie that ID tokens are verified with."""
        return f"{self.url}/oauth2/v1/certs"

    @property
    def post_office_url(self) -> str:
        """Where somebody writes a letter that then arrives."""
        return f"{self.url}{post_office.PATH}"

    @property
    def calls(self) -> list[Call]:
        """What was asked, in order; a batch is as many calls as it has parts."""
        return self._world.calls

    def document(self) -> dict[str, Any]:
        """Return the discovery document of Gmail, with this server in Google's place."""
        described = copy.deepcopy(routes.document())  # Clients write into theirs.
        described["rootUrl"] = described["baseUrl"] = f"{self.url}/"
        return described

    def add(self, address: str) -> Mailbox:
        """Open a mailbox, or return the one that is there."""
        return self._world.add(address)

    def token(self, address: str, scopes: Iterable[str] = EVERYTHING) -> str:
        """Return an access token of an owner, as if they had consented."""
        tokens = self._world.tokens
        return tokens.give_access(tokens.consent(self.add(address), "", scopes))

    def refresh_token(
        self, address: str, client_id: str, scopes: Iterable[str] = EVERYTHING
    ) -> str:
        """Return a refresh token of an owner for an app, as if they had consented."""
        tokens = self._world.tokens
        return tokens.give_refresh(tokens.consent(self.add(address), client_id, scopes))

    def addon_token(self, address: str, message: str) -> str:
        """Return the token with which Gmail's add-on host opens one message."""
        tokens = self._world.tokens
        box = self.add(address)
        opened = box.copies.get(message).id
        return tokens.give_access(tokens.consent(box, "", ()), message=opened)

    def register(self, app: App) -> App:
        """Let an app ask for consent here."""
        return self._oauth.register(app)

    def delegate(
        self, email: str, scopes: Iterable[str], public_key: str | None = None
    ) -> dict[str, str]:
        """Let a robot act for every owner, with these scopes; return its key file.

        With a public key given as PEM, the file holds no private one: its owner has it.
        """
        return self._oauth.delegate(email, scopes, public_key)

    def sign(self, claims: dict[str, Any]) -> str:
        """Return a token signed with Google's key: an ID token, of a person or a robot."""
        return self._world.signer.sign(claims)

    def expire_tokens(self) -> None:
        """Let every access token run out now; who holds a refresh token gets another."""
        self._world.tokens.expire_access()

    def revoke(self, address: str) -> None:
        """Let an owner take back every consent."""
        self.add(address).revoke()

    def plan(self, *faults: Fault) -> None:
        """Say what shall go wrong from now on; what was planned before is forgotten."""
        self._world.faults.plan(*faults)

    def chaos(self, *, seed: int, fail: float = 0.0, cut: float = 0.0) -> None:
        """Let calls fail or be cut by chance, each part of a batch by itself."""
        self._world.faults.chaos(seed=seed, fail=fail, cut=cut)

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self._world.faults.heal()

    def limit(self, quota: Quota | None) -> None:
        """Hold callers to a quota from now on, or to none."""
        self._world.meter.hold_to(quota)

    def units(self, address: str, since: float = 0.0) -> int:
        """Return how many units of quota an owner's calls cost since a moment."""
        bare = address.lower()
        return sum(call.units for call in self.calls if call.address == bare and call.at >= since)

    def push_body(self, address: str, *, text: bool = False) -> dict[str, Any]:
        """Return what Pub/Sub would post of a mailbox now. Raises LookupError without a watch."""
        return api_mailbox.push_body(self.add(address), text=text)

    @property
    def pushed(self) -> list[Pushed]:
        """What was posted to the subscription, in order, and how it was answered."""
        return self._pushes.posted

    def idle(self, address: str) -> bool:
        """Tell whether a second has passed since the last event of an owner: the next is pushed."""
        return self._pushes.is_idle(address.lower())

    def add_topic(self, name: str, *, granted: bool = True) -> None:
        """Let there be a topic, and Gmail publish to it or not; watches of others are refused."""
        self._world.topics[name] = granted

    def subscribe(self, to: Subscription) -> None:
        """Post what happens in watched mailboxes there from now on."""
        self._pushes.subscribe(to)

    def save(self) -> None:
        """Keep what has changed, where there is a folder for it."""
        if self._keeper is not None:
            self._keeper.save()

    def _answer(self, request: Request) -> Answer:
        answer = (
            self._oauth.find_answer(request)
            or self._post.find_answer(request)
            or self._dispatch.answer(request)
        )
        self.save()  # What was answered is not forgotten.
        return answer

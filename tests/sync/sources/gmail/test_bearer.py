"""A token is shown with each question, as it is at that moment, and nobody leads it elsewhere."""

from __future__ import annotations

import httplib2
from google.oauth2.credentials import Credentials

from server.demo.gmail import GmailServer, Mailbox
from sync.sources.gmail.bearer import Bearer
from tests.sync.sources.gmail.elsewhere import redirecting

ADDRESS = "ana@halden.test"


def bearer(token: str) -> tuple[Bearer, Credentials]:
    held = Credentials(token)  # type: ignore[no-untyped-call]
    return Bearer(held, httplib2.Http(timeout=5)), held


def test_the_token_of_the_moment_is_shown(google: GmailServer, account: Mailbox) -> None:
    http, held = bearer("nobody's")
    url = f"{google.url}/gmail/v1/users/me/profile"
    assert http.request(url)[0].status == 401

    held.token = google.token(ADDRESS)
    response, _body = http.request(url, headers={"accept": "application/json"})
    http.close()

    assert response.status == 200


def test_who_redirects_gets_no_token() -> None:
    with redirecting(302) as (url, got):
        http, _held = bearer("secret")
        response, _body = http.request(url)
        http.close()

    assert (response.status, got) == (302, [])

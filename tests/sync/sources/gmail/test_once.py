"""What must not be done twice goes out once, whatever httplib2 would make of a silence."""

from __future__ import annotations

import httplib2
import pytest

from server.demo.gmail import Fault, GmailServer, Mailbox
from sync.sources.gmail.once import OnceHttp

ADDRESS = "ana@halden.test"
LETTER = '{"raw": "VG86IGphbmFAc2V2ZXJrYS50ZXN0DQpTdWJqZWN0OiBIaQ0KDQpIaQ=="}'


def post(http: httplib2.Http, google: GmailServer) -> None:
    """Send a letter whose answer never comes."""
    google.plan(Fault("cut_after", method="users.messages.send", times=None))
    headers = {"authorization": f"Bearer {google.token(ADDRESS)}"}
    url = f"{google.url}/gmail/v1/users/me/messages/send"
    try:
        http.request(url, "POST", body=LETTER, headers=headers)
    finally:
        http.close()


def test_a_connection_that_closes_without_an_answer_is_not_asked_again(
    google: GmailServer, account: Mailbox
) -> None:
    with pytest.raises(OSError, match="without an answer"):
        post(OnceHttp(timeout=5), google)

    assert len(google.calls) == len(account) == 1


def test_httplib2_by_itself_would_send_it_twice(google: GmailServer, account: Mailbox) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - whichever: it is not ours
        post(httplib2.Http(timeout=5), google)

    assert len(google.calls) == len(account) == 2


def test_each_request_has_a_connection_of_its_own(google: GmailServer, account: Mailbox) -> None:
    http = OnceHttp(timeout=5)
    headers = {"authorization": f"Bearer {google.token(ADDRESS)}"}
    seen = set()
    for _ in range(2):
        response, _body = http.request(f"{google.url}/gmail/v1/users/me/profile", headers=headers)
        assert response.status == 200
        [held] = http.connections.values()
        seen.add(held.sock.getsockname())
    http.close()

    assert len(seen) == 2
    assert http.follow_redirects is False

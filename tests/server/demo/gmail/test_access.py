"""What a token reaches: by its age, its scopes, its owner, and the message that is open."""

from __future__ import annotations

import http.client
import json

import pytest
from google.auth.exceptions import RefreshError

from server.demo.gmail import GmailServer
from tests.server.demo.gmail.asking import ANA, AUTH, BO, letter, refused
from tests.server.demo.gmail.test_payload import with_attachment

OPEN = f"{AUTH}gmail.addons.current.message"


def got(google, path, token, **headers):
    """Get a path with a token; return the status and what was said."""
    connection = http.client.HTTPConnection(google.url.removeprefix("http://"))
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}", **headers})
    answer = connection.getresponse()
    said = json.loads(answer.read())
    connection.close()
    return answer.status, said


def test_without_a_token_nothing_is_told(google, ana):
    status, said = got(google, "/gmail/v1/users/me/profile", "guessed")

    error = said["error"]
    assert status == error["code"] == 401
    assert error["status"] == "UNAUTHENTICATED"
    assert error["errors"][0]["reason"] == "authError"


def test_a_token_runs_out(clock):
    with GmailServer(now=lambda: clock[0], token_seconds=60) as google:
        token = google.token(ANA)
        path = "/gmail/v1/users/me/profile"
        assert got(google, path, token)[0] == 200
        clock[0] += 60
        assert got(google, path, token)[0] == 401


def test_a_token_that_is_taken_back_is_refused_and_others_are_not(client, google, ana):
    ours, theirs = client(ANA).users(), client(BO).users()

    ana.revoke()

    with pytest.raises(RefreshError):  # The client takes a 401 as a call to refresh.
        ours.getProfile(userId="me").execute()
    assert theirs.getProfile(userId="me").execute()["emailAddress"] == BO


def test_a_scope_that_is_missing_is_named(google, ana):
    token = google.token(ANA, [f"{AUTH}gmail.send"])

    status, said = got(google, "/gmail/v1/users/me/profile", token)

    error = said["error"]
    assert (status, error["status"]) == (403, "PERMISSION_DENIED")
    assert error["errors"][0]["reason"] == "insufficientPermissions"
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_readonly_reads_and_changes_nothing(client, ana):
    id_ = ana.deliver(letter())
    gmail = client(ANA, f"{AUTH}gmail.readonly").users()

    assert gmail.messages().get(userId="me", id=id_, format="raw").execute()["raw"]
    assert refused(gmail.messages().trash(userId="me", id=id_))[0] == 403
    assert refused(gmail.messages().send(userId="me", body={"raw": "x"}))[0] == 403


def test_the_metadata_scope_forbids_searches_and_letters_also_beside_another(client, ana):
    id_ = ana.deliver(letter())
    gmail = client(ANA, f"{AUTH}gmail.metadata", f"{AUTH}gmail.readonly").users()

    assert refused(gmail.messages().list(userId="me", q=""))[0] == 403
    assert refused(gmail.messages().get(userId="me", id=id_, format="raw"))[0] == 403
    assert refused(gmail.messages().get(userId="me", id=id_))[0] == 403
    assert gmail.messages().list(userId="me").execute()["messages"]
    assert gmail.messages().get(userId="me", id=id_, format="metadata").execute()["payload"]


def test_somebody_elses_mailbox_is_not_to_be_had(client, google, ana):
    google.add(BO)

    assert client().users().getProfile(userId=ANA).execute()["emailAddress"] == ANA
    assert refused(client().users().getProfile(userId=BO))[0] == 403


def test_an_address_without_gmail_has_no_mail(client, ana):
    ana.enabled = False

    assert refused(client().users().getProfile(userId="me")) == (400, "failedPrecondition")


def test_the_addon_reads_the_message_that_is_open_and_no_other(google, ana):
    opened, other = ana.deliver(letter("One")), ana.deliver(letter("Two"))
    token = google.token(ANA, [f"{OPEN}.readonly"])
    key = {"X-Goog-Gmail-Access-Token": google.addon_token(ANA, f"msg-f:{int(opened, 16)}")}
    path = "/gmail/v1/users/me/messages"

    assert got(google, f"{path}/msg-f:{int(opened, 16)}?format=raw", token, **key)[0] == 200
    assert got(google, f"{path}/{opened}", token, **key)[1]["id"] == opened
    assert got(google, f"/gmail/v1/users/me/threads/{opened}", token, **key)[0] == 200
    assert got(google, f"{path}/{opened}", token)[0] == 403
    assert got(google, f"{path}/{other}", token, **key)[0] == 403
    assert got(google, "/gmail/v1/users/me/profile", token, **key)[0] == 403


def test_the_addons_metadata_scope_tells_headers_alone(google, ana):
    id_ = ana.deliver(with_attachment())
    token = google.token(ANA, [f"{OPEN}.metadata"])
    key = {"X-Goog-Gmail-Access-Token": google.addon_token(ANA, id_)}
    path = f"/gmail/v1/users/me/messages/{id_}"

    assert got(google, f"{path}?format=metadata", token, **key)[0] == 200
    assert got(google, path, token, **key)[0] == 403
    assert got(google, f"{path}/attachments/x", token, **key)[0] == 403


def test_a_message_that_was_deleted_since_it_was_opened_is_not_found(google, ana):
    id_ = ana.deliver(letter())
    token = google.token(ANA, [f"{OPEN}.metadata"])
    key = {"X-Goog-Gmail-Access-Token": google.addon_token(ANA, id_)}
    ana.delete(id_)

    path = f"/gmail/v1/users/me/messages/{id_}?format=metadata"

    assert got(google, path, token, **key)[0] == 404


def test_one_that_was_sent_from_the_web_is_opened_by_the_word_of_the_event(google, ana):
    id_ = ana.send_from_phone(letter(sender=ANA))
    name = ana.copies.sent_name(id_)
    token = google.token(ANA, [f"{OPEN}.metadata"])
    key = {"X-Goog-Gmail-Access-Token": google.addon_token(ANA, name)}
    path = "/gmail/v1/users/me/messages"

    status, said = got(google, f"{path}/{name}?format=metadata", token, **key)

    assert name.startswith("msg-a:r")
    assert (status, said["id"]) == (200, id_)
    assert got(google, f"{path}/msg-a:r1?format=metadata", token, **key)[0] == 400

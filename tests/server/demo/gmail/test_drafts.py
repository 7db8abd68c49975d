"""A draft's id stays, and the message behind it does not."""

from __future__ import annotations

import pytest

from tests.server.demo.gmail.asking import ANA, BO, letter, packed, refused
from tests.server.demo.gmail.test_history import told

FIRST = "1@acme.example"


def body(text="Offer", thread=None, **headers):
    raw = packed(letter(text, id_="draft@halden.example", From=ANA, To=BO, **headers))
    return {"message": {"raw": raw, **({"threadId": thread} if thread else {})}}


@pytest.fixture
def draft(gmail, ana):
    return gmail.drafts().create(userId="me", body=body()).execute()


def test_a_change_puts_another_message_behind_the_same_draft(gmail, ana, draft):
    start = str(ana.history.now)

    changed = gmail.drafts().update(userId="me", id=draft["id"], body=body("Better")).execute()

    old, new = draft["message"], changed["message"]
    assert changed["id"] == draft["id"]
    assert (new["labelIds"], new["threadId"]) == (["DRAFT"], old["threadId"])
    assert new["id"] != old["id"]
    assert told(gmail, start) == [
        ("messagesAdded", new["id"], None),
        ("messagesDeleted", old["id"], None),
    ]
    assert refused(gmail.messages().get(userId="me", id=old["id"])) == (404, "notFound")


def test_a_draft_that_is_sent_is_another_message_in_the_same_thread(gmail, ana, draft):
    start = str(ana.history.now)

    sent = gmail.drafts().send(userId="me", body={"id": draft["id"]}).execute()

    assert sent["labelIds"] == ["SENT"]
    assert sent["threadId"] == draft["message"]["threadId"]
    assert sent["id"] != draft["message"]["id"]
    assert told(gmail, start) == [
        ("messagesDeleted", draft["message"]["id"], None),
        ("messagesAdded", sent["id"], None),
    ]
    assert refused(gmail.drafts().get(userId="me", id=draft["id"])) == (404, "notFound")
    raw = ana.copies.get(sent["id"]).raw
    assert b"X-Google-Original-Message-ID: <draft@halden.example>" in raw


def test_a_draft_may_be_changed_while_it_is_sent(gmail, ana, draft):
    sent = gmail.drafts().send(userId="me", body={"id": draft["id"], **body("Last")}).execute()

    assert ana.copies.get(sent["id"]).head.subject == "Last"
    assert len(ana) == 1


def test_a_draft_is_written_into_the_thread_that_it_answers(gmail, ana):
    first = ana.copies.get(ana.deliver(letter("Offer", id_=FIRST)))
    answer = body("Re: Offer", first.thread, In_Reply_To=f"<{FIRST}>")

    made = gmail.drafts().create(userId="me", body=answer).execute()
    sent = gmail.drafts().send(userId="me", body={"id": made["id"]}).execute()

    assert made["message"]["threadId"] == sent["threadId"] == first.thread


def test_drafts_are_listed_and_read(gmail, ana, draft):
    ana.deliver(letter())

    (line,) = gmail.drafts().list(userId="me").execute()["drafts"]
    read = gmail.drafts().get(userId="me", id=draft["id"], format="raw").execute()

    message = draft["message"]
    expected = {"id": message["id"], "threadId": message["threadId"]}
    assert line == {"id": draft["id"], "message": expected}
    assert read["message"]["raw"]


def test_a_draft_that_is_deleted_is_gone_with_its_message(gmail, ana, draft):
    gmail.drafts().delete(userId="me", id=draft["id"]).execute()

    assert "drafts" not in gmail.drafts().list(userId="me").execute()
    assert len(ana) == 0


def test_a_draft_goes_when_its_message_is_deleted(gmail, ana, draft):
    ana.delete(draft["message"]["id"])

    assert refused(gmail.drafts().get(userId="me", id=draft["id"])) == (404, "notFound")


def test_a_draft_to_nobody_stays(gmail, ana):
    raw = packed(b"Subject: Nobody yet\r\n\r\nHello.")
    made = gmail.drafts().create(userId="me", body={"message": {"raw": raw}}).execute()

    assert refused(gmail.drafts().send(userId="me", body={"id": made["id"]}))[0] == 400
    assert gmail.drafts().get(userId="me", id=made["id"]).execute()["id"] == made["id"]


@pytest.mark.parametrize("renames", [True, False])
def test_what_is_sent_has_an_id_of_google_s_or_its_own(gmail, ana, draft, renames):
    ana.renames = renames

    sent = gmail.drafts().send(userId="me", body={"id": draft["id"]}).execute()

    raw = ana.copies.get(sent["id"]).raw
    assert (b"\r\nMessage-ID: <draft@halden.example>" not in raw) is renames
    assert (b"X-Google-Original-Message-ID" in raw) is renames
    assert raw.count(b"\r\nMessage-ID:") == 1

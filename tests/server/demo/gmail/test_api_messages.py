"""users.messages: what Google's own client is told, and what it may change."""

from __future__ import annotations

import io

import pytest
from googleapiclient.http import MediaIoBaseUpload

from server.demo.gmail import Fault
from tests.server.demo.gmail.asking import ANA, BO, letter, listed, packed, refused, unpacked

LETTER = (
    b"Received: by one\nReceived: by two\nFrom: Bo <bo@acme.example>\nTo: ana@halden.example\n"
    b"Message-ID: <1@acme.example>\nSubject: =?utf-8?q?P=C5=99=C3=ADstav?=\n\n"
    b"Tom & Ann said <hello> & 'bye'.\n"
)


def test_raw_is_the_letter_with_crlf_and_has_no_payload(gmail, ana):
    id_ = ana.deliver(LETTER)

    message = gmail.messages().get(userId="me", id=id_, format="raw").execute()

    assert unpacked(message["raw"]) == LETTER.replace(b"\n", b"\r\n")
    assert "payload" not in message
    assert int(message["internalDate"]) > 1_700_000_000_000
    assert message["historyId"] == str(ana.history.now)


def test_full_keeps_the_order_of_headers_and_those_that_repeat(gmail, ana):
    message = gmail.messages().get(userId="me", id=ana.deliver(LETTER)).execute()

    headers = [(line["name"], line["value"]) for line in message["payload"]["headers"]]
    assert headers[:3] == [
        ("Received", "by one"),
        ("Received", "by two"),
        ("From", "Bo <bo@acme.example>"),
    ]
    assert unpacked(message["payload"]["body"]["data"]).startswith(b"Tom & Ann")


def test_metadata_tells_the_headers_that_are_asked_for(gmail, ana):
    asked = gmail.messages().get(
        userId="me", id=ana.deliver(LETTER), format="metadata", metadataHeaders=["message-id"]
    )

    message = asked.execute()

    headers = [(line["name"], line["value"]) for line in message["payload"]["headers"]]
    assert headers == [("Message-ID", "<1@acme.example>")]
    assert "body" not in message["payload"]


def test_minimal_tells_neither_headers_nor_letter(gmail, ana):
    id_ = ana.deliver(LETTER)

    message = gmail.messages().get(userId="me", id=id_, format="minimal").execute()

    assert not {"raw", "payload"} & set(message)
    assert message["labelIds"] == ["INBOX", "UNREAD"]


def test_a_snippet_is_escaped_for_html(gmail, ana):
    id_ = ana.deliver(LETTER)

    message = gmail.messages().get(userId="me", id=id_, format="minimal").execute()

    assert message["snippet"] == "Tom &amp; Ann said &lt;hello&gt; &amp; &#39;bye&#39;."


def test_a_list_is_paged_the_newest_first(gmail, ana, clock):
    ids = []
    for _ in range(7):
        clock[0] += 1
        ids.append(ana.deliver(LETTER))

    first = gmail.messages().list(userId="me", maxResults=4).execute()
    clock[0] += 1
    ana.deliver(LETTER)
    token = first["nextPageToken"]
    second = gmail.messages().list(userId="me", maxResults=4, pageToken=token).execute()

    told = [line["id"] for page in (first, second) for line in page["messages"]]
    assert told == ids[::-1]
    assert "nextPageToken" not in second


def test_a_page_has_a_hundred_lines_and_never_more_than_five_hundred(gmail, ana):
    for _ in range(502):
        ana.deliver(LETTER)

    assert len(listed(gmail)) == 100
    assert len(listed(gmail, maxResults=9999)) == 500


def test_an_empty_list_has_no_messages(gmail):
    assert gmail.messages().list(userId="me").execute() == {"resultSizeEstimate": 0}


def test_spam_and_trash_are_left_out_unless_they_are_asked_for(gmail, ana):
    inbox, spam = ana.deliver(LETTER), ana.deliver(LETTER, labels=["SPAM"])
    trash = ana.deliver(LETTER)
    ana.trash(trash)

    assert listed(gmail) == [inbox]
    assert set(listed(gmail, includeSpamTrash=True)) == {inbox, spam, trash}
    assert listed(gmail, labelIds=["SPAM"]) == [spam]


def test_all_labels_of_a_list_must_be_there(gmail, ana):
    ana.deliver(LETTER)
    both = ana.deliver(LETTER, labels=["INBOX", "STARRED"])

    assert listed(gmail, labelIds=["INBOX", "STARRED"]) == [both]


def test_a_page_token_may_expire_or_be_of_another_list(gmail, ana, google):
    for _ in range(3):
        ana.deliver(LETTER)
    asked = {"userId": "me", "maxResults": 2}
    token = gmail.messages().list(**asked).execute()["nextPageToken"]

    assert refused(gmail.messages().list(**asked, pageToken=token, q="larger:1")) == (
        400,
        "invalidArgument",
    )
    google.plan(Fault("page_token_expired"))
    assert refused(gmail.messages().list(**asked, pageToken=token))[0] == 400
    assert gmail.messages().list(**asked, pageToken=token).execute()["messages"]
    ana.expire_page_tokens()
    assert refused(gmail.messages().list(**asked, pageToken=token))[0] == 400
    assert refused(gmail.messages().list(**asked, pageToken="nonsense"))[0] == 400


def test_labels_are_put_on_and_taken_off(gmail, ana):
    id_ = ana.deliver(LETTER)
    body = {"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}

    told = gmail.messages().modify(userId="me", id=id_, body=body).execute()

    assert told["labelIds"] == ["INBOX", "STARRED"]


@pytest.mark.parametrize("label", ["SENT", "DRAFT", "Label_404"])
def test_some_labels_nobody_may_put_on(gmail, ana, label):
    id_ = ana.deliver(LETTER)

    call = gmail.messages().modify(userId="me", id=id_, body={"addLabelIds": [label]})

    assert refused(call) == (400, "invalidArgument")


def test_many_messages_are_changed_at_once(gmail, ana):
    ids = [ana.deliver(LETTER) for _ in range(3)]
    body = {"ids": [*ids, "0123456789abcdef"], "removeLabelIds": ["UNREAD"]}

    gmail.messages().batchModify(userId="me", body=body).execute()

    assert listed(gmail, labelIds=["UNREAD"]) == []


def test_the_trash_takes_a_message_out_of_the_inbox_and_back_it_is_in_neither(gmail, ana):
    id_ = ana.deliver(LETTER)

    trashed = gmail.messages().trash(userId="me", id=id_).execute()
    back = gmail.messages().untrash(userId="me", id=id_).execute()

    assert trashed["labelIds"] == ["TRASH", "UNREAD"]
    assert back["labelIds"] == ["UNREAD"]


def test_what_is_deleted_is_gone_for_good(gmail, ana):
    id_ = ana.deliver(LETTER)

    assert gmail.messages().delete(userId="me", id=id_).execute() == ""

    assert refused(gmail.messages().get(userId="me", id=id_)) == (404, "notFound")


def test_an_id_as_the_addon_names_it_is_answered_with_the_hexadecimal_one(gmail, ana):
    id_ = ana.deliver(LETTER)

    message = gmail.messages().get(userId="me", id=f"msg-f:{int(id_, 16)}").execute()

    assert message["id"] == id_
    assert refused(gmail.messages().get(userId="me", id="msg-a:r1")) == (400, "invalidArgument")


def test_ids_are_sixteen_digits_below_2_63_and_ascend_with_arrival(ana, clock):
    ids = []
    for _ in range(20):
        clock[0] += 1
        ids.append(ana.deliver(LETTER))

    assert ids == sorted(ids)
    assert all(len(id_) == 16 and int(id_, 16) < 2**63 for id_ in ids)


def test_what_is_inserted_has_no_label_and_the_date_of_now(gmail, clock):
    raw = letter(Date="Mon, 2 Mar 2020 10:00:00 +0000")

    told = gmail.messages().insert(userId="me", body={"raw": packed(raw)}).execute()

    message = gmail.messages().get(userId="me", id=told["id"], format="minimal").execute()
    assert message["labelIds"] == []
    assert message["internalDate"] == str(int(clock[0] * 1000))


def test_what_is_imported_has_the_date_of_its_header(gmail):
    raw = letter(Date="Mon, 2 Mar 2020 10:00:00 +0000")
    body = {"raw": packed(raw), "labelIds": ["INBOX"]}

    told = gmail.messages().import_(userId="me", body=body).execute()

    message = gmail.messages().get(userId="me", id=told["id"], format="minimal").execute()
    assert message["internalDate"] == "1583143200000"
    assert message["labelIds"] == ["INBOX"]


def test_sent_may_be_inserted_where_the_owner_stands_in_from(gmail):
    ours, theirs = letter(From=ANA), letter()
    body = {"labelIds": ["SENT"]}

    gmail.messages().insert(userId="me", body={**body, "raw": packed(ours)}).execute()

    assert refused(gmail.messages().insert(userId="me", body={**body, "raw": packed(theirs)}))


def test_a_letter_goes_out_under_a_message_id_of_googles(gmail, ana):
    body = {"raw": packed(letter(From=ANA, To=BO, id_="mine@halden.example"))}

    told = gmail.messages().send(userId="me", body=body).execute()

    sent = ana.copies.get(told["id"])
    assert told["labelIds"] == ["SENT"]
    assert sent.head.message_id.endswith("@mail.gmail.com>")
    assert b"X-Google-Original-Message-ID: <mine@halden.example>\r\n" in sent.raw


def test_what_is_sent_arrives_in_other_mailboxes_without_its_blind_copies(gmail, google):
    bo, eva = google.add(BO), google.add("eva@acme.example")
    raw = letter(From=ANA, To=BO, Bcc="eva@acme.example")

    gmail.messages().send(userId="me", body={"raw": packed(raw)}).execute()

    (with_bo,), (with_eva,) = bo.copies, eva.copies
    assert with_bo.labels == {"INBOX", "UNREAD"}
    assert b"Bcc" not in with_bo.raw
    assert with_eva.head.message_id == with_bo.head.message_id


def test_a_note_to_oneself_is_sent_and_in_the_inbox(gmail):
    body = {"raw": packed(letter(From=ANA, To=ANA))}

    told = gmail.messages().send(userId="me", body=body).execute()

    assert told["labelIds"] == ["INBOX", "SENT", "UNREAD"]


def test_a_letter_to_nobody_is_refused(gmail):
    body = {"raw": packed(b"Subject: Nobody\r\n\r\nHello.")}

    assert refused(gmail.messages().send(userId="me", body=body)) == (400, "invalidArgument")


def test_a_subject_that_is_not_encoded_is_spoilt(gmail, ana):
    body = {"raw": packed(letter("Přístav", From=ANA, To=BO))}

    told = gmail.messages().send(userId="me", body=body).execute()

    assert b"Subject: =?utf-8?" in ana.copies.get(told["id"]).raw


@pytest.mark.parametrize("piecewise", [False, True])
@pytest.mark.parametrize("body", [None, {}])
def test_a_letter_may_be_uploaded(gmail, ana, piecewise, body):
    raw = letter(From=ANA, To=BO) + b"x" * 300_000
    media = MediaIoBaseUpload(
        io.BytesIO(raw), "message/rfc822", chunksize=256 * 1024, resumable=piecewise
    )

    told = gmail.messages().send(userId="me", body=body, media_body=media).execute()

    assert ana.copies.get(told["id"]).raw.endswith(b"Hello.\r\n" + b"x" * 300_000)


def test_a_part_of_an_answer_may_be_asked_for(gmail, ana):
    for _ in range(3):
        ana.deliver(LETTER)
    asked = gmail.messages().list(userId="me", maxResults=2, fields="nextPageToken,messages/id")

    told = asked.execute()

    assert [set(line) for line in told["messages"]] == [{"id"}, {"id"}]
    assert set(told) == {"messages", "nextPageToken"}
    assert refused(gmail.messages().list(userId="me", fields="messages(id"))[0] == 400


def test_an_address_too_long_comes_as_a_post_and_is_a_list_all_the_same(gmail, ana):
    id_ = ana.deliver(LETTER)

    assert listed(gmail, q="larger:1 " * 400) == [id_]


def test_twenty_thousand_letters_cost_no_memory_until_they_are_asked_for(gmail, ana):
    made = []

    def write() -> bytes:
        made.append(1)
        return LETTER

    id_ = ana.deliver(write)
    gmail.messages().get(userId="me", id=id_, format="raw").execute()
    gmail.messages().get(userId="me", id=id_, format="raw").execute()

    assert len(made) >= 3
    assert not isinstance(ana.copies.get(id_).letter, bytes)

"""Which messages stand together, and what is asked of them together."""

from __future__ import annotations

import pytest

from tests.server.demo.gmail.asking import ANA, BO, letter, packed, refused

FIRST = "1@acme.example"


@pytest.fixture
def first(ana):
    return ana.copies.get(ana.deliver(letter("Offer", id_=FIRST)))


def sent(gmail, thread, raw):
    body = {"raw": packed(raw), "threadId": thread}
    return gmail.messages().send(userId="me", body=body).execute()["threadId"]


def test_an_arriving_answer_joins_by_its_references(ana, first):
    answer = letter("Re: Offer", id_="2@x", References=f"<0@elsewhere> <{FIRST}>")

    assert ana.copies.get(ana.deliver(answer)).thread == first.thread


def test_an_arriving_answer_without_references_joins_by_its_subject(ana, first):
    joined = ana.copies.get(ana.deliver(letter("AW: offer", id_="2@x")))
    alone = ana.copies.get(ana.deliver(letter("Offer", id_="3@x")))

    assert joined.thread == first.thread
    assert alone.thread == alone.id


def test_an_arriving_answer_with_another_subject_stands_alone(ana, first):
    answer = letter("Holiday", id_="2@x", In_Reply_To=f"<{FIRST}>")

    assert ana.copies.get(ana.deliver(answer)).thread != first.thread


def test_a_thread_may_be_given_on_delivery(ana, first):
    assert ana.copies.get(ana.deliver(letter("Holiday"), thread=first.thread)).thread == first.id


@pytest.mark.parametrize(
    ("subject", "references", "joins"),
    [
        ("Re: Offer", f"<{FIRST}>", True),
        ("=?utf-8?q?Re=3A_Offer?=", f"<{FIRST}>", True),
        ("Re: Offer", "<another@x>", False),
        ("Re: Invoice", f"<{FIRST}>", False),
    ],
)
def test_by_the_api_a_letter_joins_where_all_three_fit(gmail, first, subject, references, joins):
    raw = letter(subject, id_="2@x", From=ANA, To=BO, References=references)

    assert (sent(gmail, first.thread, raw) == first.thread) is joins


def test_by_the_api_a_letter_does_not_join_without_a_thread(gmail, first):
    raw = letter("Re: Offer", id_="2@x", From=ANA, To=BO, References=f"<{FIRST}>")

    assert gmail.messages().send(userId="me", body={"raw": packed(raw)}).execute()["threadId"] != (
        first.thread
    )


def test_a_thread_that_is_not_there_is_refused(gmail, ana):
    body = {"raw": packed(letter(To=BO)), "threadId": "0123456789abcdef"}

    assert refused(gmail.messages().send(userId="me", body=body)) == (404, "notFound")


def test_a_phone_sends_into_the_thread_and_the_message_id_stays(gmail, ana, first):
    raw = letter("Re: Offer", id_="phone@x", From=ANA, To=BO, References=f"<{FIRST}>")

    copy = ana.copies.get(ana.send_from_phone(raw))

    assert (copy.thread, copy.labels) == (first.thread, {"SENT"})
    assert copy.head.message_id == "<phone@x>"


def test_a_thread_tells_its_messages_the_oldest_first(gmail, ana, first, clock):
    clock[0] += 60
    second = ana.deliver(letter("Re: Offer", id_="2@x"))

    thread = gmail.threads().get(userId="me", id=first.thread, format="minimal").execute()

    assert [message["id"] for message in thread["messages"]] == [first.id, second]
    assert thread["historyId"] == str(ana.history.now)
    assert gmail.threads().get(userId="me", id=f"thread-f:{int(first.thread, 16)}").execute()


def test_threads_are_listed_once_each_the_newest_first_over_pages(gmail, ana, clock):
    threads = []
    for number in range(4):
        clock[0] += 60
        threads.append(ana.deliver(letter(f"Offer {number}", id_=f"{number}@x")))
        ana.deliver(letter(f"Re: Offer {number}", id_=f"{number}-2@x"))

    pages, token = [], None
    while True:
        asked = {"userId": "me", "maxResults": 3, **({"pageToken": token} if token else {})}
        page = gmail.threads().list(**asked).execute()
        pages.append([line["id"] for line in page["threads"]])
        token = page.get("nextPageToken")
        if token is None:
            break

    assert [len(page) for page in pages] == [3, 1]
    assert [id_ for page in pages for id_ in page] == threads[::-1]


def test_what_is_done_to_a_thread_is_done_to_all_its_messages(gmail, ana, first):
    ana.deliver(letter("Re: Offer", id_="2@x"))
    threads, asked = gmail.threads(), {"userId": "me", "id": first.thread}

    threads.modify(**asked, body={"addLabelIds": ["STARRED"]}).execute()
    threads.trash(**asked).execute()
    labels = [copy.labels for copy in ana.copies]
    threads.untrash(**asked).execute()
    threads.delete(**asked).execute()

    assert labels == [{"STARRED", "TRASH", "UNREAD"}] * 2
    assert len(ana) == 0
    assert refused(threads.get(**asked)) == (404, "notFound")

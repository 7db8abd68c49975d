"""Many calls in one request: each for itself, in any order, and not too many."""

from __future__ import annotations

import re
from http.client import HTTPConnection

import pytest
from googleapiclient.errors import BatchError, HttpError

from server.demo.gmail import Fault, GmailServer, Quota
from tests.server.demo.gmail.asking import letter


def fetched(service, ids):
    """Fetch letters in one batch; return answers and errors by id."""
    found = {}
    batch = service.new_batch_http_request(
        callback=lambda name, answer, error: found.update({name: error or answer})
    )
    for id_ in ids:
        asked = service.users().messages().get(userId="me", id=id_, format="raw")
        batch.add(asked, request_id=id_)
    batch.execute()
    return found


def statuses(found):
    return [one.status_code if isinstance(one, HttpError) else 200 for one in found.values()]


def posted(google, parts, path="/batch/gmail/v1"):
    """Post a batch by hand; return the status and the text of the answer."""
    said = "".join(
        f"--b\r\nContent-Type: application/http\r\nContent-ID: <{name}>\r\n\r\n{line}\r\n\r\n"
        for name, line in parts
    )
    connection = HTTPConnection(google.url.removeprefix("http://"))
    head = {
        "Content-Type": "multipart/mixed; boundary=b",
        "Authorization": f"Bearer {google.token('ana@halden.example')}",
    }
    connection.request("POST", path, f"{said}--b--", head)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_each_part_has_a_status_of_its_own(client, ana):
    ids = [ana.deliver(letter()) for _ in range(3)]

    found = fetched(client(), [*ids, "0123456789abcdef"])

    assert [found[id_]["id"] for id_ in ids] == ids
    assert found["0123456789abcdef"].status_code == 404


def test_answers_come_in_another_order_that_is_the_same_for_the_same_seed():
    parts = [(f"n{n}", "GET /gmail/v1/users/me/profile") for n in range(9)]

    orders = []
    for seed in (1, 1, 2):
        with GmailServer(seed=seed) as other:
            status, text = posted(other, parts)
        assert status == 200
        orders.append(re.findall(r"Content-ID: <response-(n\d)>", text))

    names = [name for name, _ in parts]
    assert all(sorted(order) == names != order for order in orders)
    assert orders[0] == orders[1] != orders[2]


def test_both_addresses_of_a_batch_are_served(google, ana):
    parts = [("one", "GET /gmail/v1/users/me/labels")]

    assert [posted(google, parts, path)[0] for path in ("/batch", "/batch/gmail/v1")] == [200, 200]


def test_a_hundred_parts_are_taken_and_one_more_is_refused(client, ana):
    ids = [ana.deliver(letter()) for _ in range(101)]

    assert statuses(fetched(client(), ids[:100])) == [200] * 100
    with pytest.raises((BatchError, HttpError)) as caught:
        fetched(client(), ids)
    assert b"Inner request count exceeds the limit" in caught.value.content


def test_a_fault_hits_one_part_alone(client, ana, google):
    ids = [ana.deliver(letter()) for _ in range(4)]
    google.plan(Fault("503", id=ids[1]), Fault("502_html", id=ids[2]))

    found = fetched(client(), ids)

    assert statuses({id_: found[id_] for id_ in ids}) == [200, 503, 502, 200]
    assert statuses(fetched(client(), ids)) == [200] * 4


def test_parts_beyond_what_a_user_may_have_under_way_are_refused(client, ana, google):
    ids = [ana.deliver(letter()) for _ in range(9)]
    google.limit(Quota(at_once=5))

    found = fetched(client(), ids)

    assert sorted(statuses(found)) == [200] * 5 + [429] * 4
    worst = next(one for one in found.values() if isinstance(one, HttpError))
    assert "Too many concurrent requests for user" in str(worst)
    assert statuses(fetched(client(), ids[:5])) == [200] * 5


def test_the_batch_itself_may_fail(client, ana, google):
    ids = [ana.deliver(letter())]
    google.plan(Fault("503", method="batch"))

    with pytest.raises((BatchError, HttpError)):
        fetched(client(), ids)

    assert statuses(fetched(client(), ids)) == [200]
    assert [call.method for call in google.calls] == ["users.messages.get"]

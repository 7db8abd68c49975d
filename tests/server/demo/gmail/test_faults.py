"""What goes wrong as it was planned, and by chance as the seed has it."""

from __future__ import annotations

import http.client
import json
import re
from datetime import datetime

import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from server.demo.gmail import Fault, GmailServer
from tests.server.demo.gmail.asking import ANA, BO, letter, packed, refused
from tests.soon import LONG, soon


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("429", (429, "rateLimitExceeded")),
        ("403_rate", (403, "userRateLimitExceeded")),
        ("403_daily", (403, "dailyLimitExceeded")),
        ("500", (500, "backendError")),
        ("503", (503, "backendError")),
        ("404_once", (404, "notFound")),
    ],
)
def test_a_fault_happens_as_often_as_it_is_planned(gmail, ana, google, kind, said):
    id_ = ana.deliver(letter())
    google.plan(Fault(kind, method="users.messages.get", times=2))
    call = gmail.messages().get(userId="me", id=id_)

    assert [refused(call), refused(call)] == [said, said]
    assert call.execute()["id"] == id_
    assert [one.fault for one in google.calls] == [kind, kind, ""]


def test_a_429_names_the_moment_to_come_back(gmail, ana, google, clock):
    google.plan(Fault("429", retry_after=30, retry_header=True))

    with pytest.raises(HttpError) as caught:
        gmail.getProfile(userId="me").execute()

    said = json.loads(caught.value.content)["error"]["message"]
    found = re.fullmatch(r"User-rate limit exceeded\.  Retry after (\S+Z)", said)
    assert datetime.fromisoformat(found[1]).timestamp() == clock[0] + 30
    assert caught.value.resp["retry-after"] == "30"


def test_a_fault_may_be_for_one_method_one_address_one_id_or_a_later_time(gmail, ana, google):
    first, second = ana.deliver(letter()), ana.deliver(letter())
    google.plan(
        Fault("500", method="users.labels.list"),
        Fault("503", address=BO),
        Fault("404_once", id=second, nth=2),
    )

    gets = [gmail.messages().get(userId="me", id=id_) for id_ in (first, second)]
    assert [get.execute()["id"] for get in gets] == [first, second]
    assert refused(gets[1])[0] == 404
    assert refused(gmail.labels().list(userId="me"))[0] == 500


def test_a_page_in_html_is_no_json(gmail, ana, google):
    google.plan(Fault("502_html"))

    with pytest.raises(HttpError) as caught:
        gmail.getProfile(userId="me").execute()

    assert caught.value.status_code == 502
    assert caught.value.content.startswith(b"<!DOCTYPE html>")


def test_json_may_be_truncated_which_googles_client_hands_over_as_a_text(gmail, ana, google):
    google.plan(Fault("truncated_json"))

    answer = gmail.getProfile(userId="me").execute()

    assert isinstance(answer, str)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(answer)


def test_an_answer_may_be_cut_in_its_middle(gmail, ana, google):
    google.plan(Fault("cut", times=9))

    with pytest.raises((http.client.HTTPException, OSError)):
        gmail.getProfile(userId="me").execute()

    google.heal()
    assert gmail.getProfile(userId="me").execute()["emailAddress"] == ANA


def test_a_refusal_may_be_cut_as_any_answer(gmail, ana, google):
    google.plan(Fault("cut", times=9))

    with pytest.raises((http.client.HTTPException, OSError)):
        gmail.messages().get(userId="me", id="0123456789abcdef").execute()


def test_a_letter_is_sent_and_the_answer_is_lost(google, ana):
    """httplib2 asks again by itself where an answer never came, so this speaks HTTP by hand."""
    google.plan(Fault("cut_after", method="users.messages.send"))
    connection = http.client.HTTPConnection(google.url.removeprefix("http://"))
    body = json.dumps({"raw": packed(letter(From=ANA, To=BO))})
    head = {"Authorization": f"Bearer {google.token(ANA)}"}

    connection.request("POST", "/gmail/v1/users/me/messages/send", body, head)
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()

    assert [copy.labels for copy in ana.copies] == [{"SENT"}]


def test_googles_own_client_sends_twice_where_the_answer_is_lost(gmail, google, ana):
    """This is httplib2: a connection that ends without an answer is tried again, even a POST."""
    google.plan(Fault("cut_after", method="users.messages.send"))

    gmail.messages().send(userId="me", body={"raw": packed(letter(From=ANA, To=BO))}).execute()

    assert len(ana) == 2


def test_a_call_that_is_cut_before_is_not_carried_out(gmail, google, ana):
    google.plan(Fault("cut_before", method="users.messages.send", times=9))

    with pytest.raises((http.client.HTTPException, OSError)):
        gmail.messages().send(userId="me", body={"raw": packed(letter(From=ANA))}).execute()

    assert len(ana) == 0


@pytest.mark.parametrize("fault", [Fault("hang"), Fault("slow", seconds=LONG)])
def test_who_does_not_wait_is_free_again(google, ana, fault):
    google.plan(fault)
    impatient = httplib2.Http(timeout=0.2)
    head = {"Authorization": f"Bearer {google.token(ANA)}"}
    url = f"{google.url}/gmail/v1/users/me/profile"

    with soon():
        with pytest.raises(TimeoutError):
            impatient.request(url, headers=head)
        assert impatient.request(url, headers=head)[0].status == 200
    impatient.close()


def test_a_listed_message_may_be_gone_before_it_is_fetched(gmail, ana, google):
    id_ = ana.deliver(letter())
    google.plan(Fault("gone_between"))

    assert refused(gmail.messages().get(userId="me", id=id_)) == (404, "notFound")
    assert len(ana) == 0


def outcomes(gmail, ids):
    found = []
    for id_ in ids:
        try:
            gmail.messages().get(userId="me", id=id_).execute()
            found.append(200)
        except HttpError as error:
            found.append(error.status_code)
        except (http.client.HTTPException, OSError):
            found.append(0)
    return found


def test_chance_is_the_same_for_the_same_seed_whatever_the_order(gmail, ana, google):
    ids = [ana.deliver(letter()) for _ in range(60)]

    google.chaos(seed=7, fail=0.3)
    forwards = outcomes(gmail, ids)
    google.chaos(seed=7, fail=0.3)
    backwards = outcomes(gmail, ids[::-1])[::-1]
    google.chaos(seed=8, fail=0.3)
    others = outcomes(gmail, ids)

    assert forwards == backwards != others
    assert 5 < sum(status != 200 for status in forwards) < 40
    assert len(set(forwards)) > 3


def test_chance_is_the_same_another_day():
    found = []
    for moment in (1_790_000_000.0, 1_795_000_000.0):
        with GmailServer(now=lambda moment=moment: moment) as google:
            ids = [google.add(ANA).deliver(letter()) for _ in range(40)]
            google.chaos(seed=7, fail=0.3)
            gmail = build_from_document(
                google.document(), credentials=Credentials(google.token(ANA))
            )
            found.append(outcomes(gmail.users(), ids))
            gmail.close()

    assert found[0] == found[1]
    assert len(set(found[0])) > 2


def test_chance_fails_nobody_for_ever(gmail, ana, google):
    id_ = ana.deliver(letter())
    google.chaos(seed=1, fail=0.5)

    assert 200 in outcomes(gmail, [id_] * 20)


def test_chance_cuts_answers(gmail, ana, google):
    ids = [ana.deliver(letter()) for _ in range(30)]
    google.chaos(seed=3, cut=0.5)

    assert 0 in outcomes(gmail, ids)


def test_a_kind_that_there_is_not_cannot_be_planned():
    with pytest.raises(ValueError, match="no kind of fault"):
        Fault("earthquake")

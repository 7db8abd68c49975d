"""What Gmail gets for an answer."""

from __future__ import annotations

import pytest

from addon import response
from addon.response import Draft, Response
from addon.widgets import Card, Line, Links, OpenLink, Section, UnsafeLinkError
from tests.house.cards import check_answer

LINKS = Links(addon="https://crm.example.com/addon", app="https://crm.example.com")
CARD = Card(title="Ann", name="ann", sections=(Section("", (Line("ann@acme.test"),)),))
JSON = CARD.to_json(LINKS)
SCOPE = "https://www.googleapis.com/auth/userinfo.email"


@pytest.mark.parametrize(
    "answer",
    [
        response.push(CARD, notice="Saved"),
        response.update(CARD),
        response.update(CARD, changed=True),
        response.go_back(CARD, notice="Saved", changed=True),
        response.notify("Saved"),
        response.notify("Saved", changed=True),
        response.open_link("/deals/7", overlay=True, reload=True),
        response.insert_into_draft(Draft(text="Hello"), notice="Inserted"),
        response.insert_into_draft(
            Draft("a", "<b>b</b>", "c", ("a@b.test",), ("c@d.test",), ("e@f.test",))
        ),
        response.ask_for_scopes(),
        response.ask_for_scopes(SCOPE),
        response.ask_to_sign_in(CARD),
    ],
)
def test_the_checker_has_nothing_to_say(answer: Response):
    assert check_answer(answer.to_json(LINKS)) == []


def test_a_card_is_pushed():
    answer = response.push(CARD)

    assert answer.to_json(LINKS) == {"action": {"navigations": [{"pushCard": JSON}]}}


def test_a_card_takes_the_place_of_another():
    answer = response.update(CARD, notice="Moved")

    assert answer.to_json(LINKS) == {
        "action": {"navigations": [{"updateCard": JSON}], "notification": {"text": "Moved"}}
    }


def test_back_is_to_the_card_of_that_name_whatever_stands_below_it():
    answer = response.go_back(CARD, changed=True)

    assert answer.to_json(LINKS) == {
        "renderActions": {"action": {"navigations": [{"popToCard": "ann"}, {"updateCard": JSON}]}},
        "stateChanged": True,
    }


def test_a_word_alone_leaves_the_card():
    answer = response.notify("Saved")

    assert answer.to_json(LINKS) == {"action": {"notification": {"text": "Saved"}}}


def test_a_page_opens():
    answer = response.open_link("/connect", overlay=True, reload=True)

    assert answer.to_json(LINKS)["action"]["link"] == {
        "url": "https://crm.example.com/connect",
        "openAs": "OVERLAY",
        "onClose": "RELOAD",
    }
    with pytest.raises(UnsafeLinkError):
        response.open_link("javascript:alert(1)")


def test_text_goes_into_the_draft_as_text():
    answer = response.insert_into_draft(Draft(text="Tom & <Ann>", to=("ann@acme.test",)))

    assert answer.to_json(LINKS)["renderActions"]["hostAppAction"]["gmailAction"] == {
        "updateDraftActionMarkup": {
            "updateBody": {
                "insertContents": [{"content": "Tom & <Ann>", "contentType": "TEXT"}],
                "type": "IN_PLACE_INSERT",
            },
            "updateToRecipients": {"toRecipients": [{"email": "ann@acme.test"}]},
        }
    }


def test_the_panel_sees_what_gmail_is_told():
    answer = response.push(CARD, notice="Saved")
    page = response.open_link("/deals/7")

    assert (answer.card, answer.notice) == (CARD, "Saved")
    assert page.link == OpenLink("/deals/7")


def test_google_is_asked_for_scopes():
    some, every = response.ask_for_scopes(SCOPE), response.ask_for_scopes()

    assert some.to_json(LINKS) == {"requesting_google_scopes": {"scopes": [SCOPE]}}
    assert every.to_json(LINKS) == {"requesting_google_scopes": {"all_scopes": True}}


def test_a_stranger_sees_the_card_that_leads_to_our_sign_in():
    answer = response.ask_to_sign_in(CARD)

    prompt = answer.to_json(LINKS)["custom_authorization_prompt"]

    assert prompt == {"action": {"navigations": [{"pushCard": JSON}]}}

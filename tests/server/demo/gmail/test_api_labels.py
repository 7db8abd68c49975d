"""Labels are known by their ids, and their names are the owner's."""

from __future__ import annotations

import pytest

from tests.server.demo.gmail.asking import letter, refused


def names(gmail):
    labels = gmail.labels().list(userId="me").execute()["labels"]
    return {label["id"]: (label["name"], label["type"]) for label in labels}


def test_gmails_own_labels_are_there(gmail):
    found = names(gmail)

    assert {"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "CATEGORY_UPDATES"} <= set(found)
    assert found["INBOX"] == ("INBOX", "system")


def test_a_label_is_made_renamed_and_deleted_and_its_id_stays(gmail, ana):
    made = gmail.labels().create(userId="me", body={"name": "Work"}).execute()
    id_ = ana.deliver(letter(), labels=["INBOX", made["id"]])

    gmail.labels().patch(userId="me", id=made["id"], body={"name": "Play"}).execute()

    assert names(gmail)[made["id"]] == ("Play", "user")
    gmail.labels().delete(userId="me", id=made["id"]).execute()
    assert made["id"] not in names(gmail)
    assert ana.copies.get(id_).labels == {"INBOX"}


def test_a_label_tells_how_much_bears_it(gmail, ana):
    ana.deliver(letter("Offer", id_="1@x"))
    ana.deliver(letter("Re: Offer", id_="2@x"), labels=["INBOX"])

    label = gmail.labels().get(userId="me", id="INBOX").execute()

    assert (label["messagesTotal"], label["messagesUnread"]) == (2, 1)
    assert (label["threadsTotal"], label["threadsUnread"]) == (1, 1)


@pytest.mark.parametrize(("name", "status"), [("inbox", 409), ("Work", 409), ("", 400)])
def test_a_name_that_is_taken_or_none_is_refused(gmail, name, status):
    gmail.labels().create(userId="me", body={"name": "Work"}).execute()

    assert refused(gmail.labels().create(userId="me", body={"name": name}))[0] == status


def test_gmails_own_labels_stay_as_they_are(gmail):
    assert refused(gmail.labels().delete(userId="me", id="INBOX"))[0] == 400
    assert refused(gmail.labels().get(userId="me", id="Label_404")) == (404, "notFound")

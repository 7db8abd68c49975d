"""`inlay doctor` of Gmail: each usual mistake in a sentence, with what mends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from crm.base.settings import Settings
from crm.mail.models import Mailbox
from server.auth import refusals
from server.auth.refusals import Refusal
from server.cli import doctor_gmail
from tests import make
from tests.commands import Inlay

NOW, DAY = make.NOW, timedelta(days=1)
WELL = Settings(
    data_dir=Path("/nowhere"),
    base_url="https://crm.halden.example",
    google_client_id="1.apps.googleusercontent.com",
    google_client_secret="secret",
    google_pubsub_topic="projects/halden/topics/gmail",
    google_pubsub_subscription="projects/halden/subscriptions/gmail",
    google_pubsub_service_account="pushes@halden.iam.gserviceaccount.com",
)


def of_settings(**values):
    return {f.what: f for f in doctor_gmail.of_settings(replace(WELL, **values))}


def test_settings_in_order_are_well():
    (found,) = of_settings().values()

    assert (found.well, found.hint) == (True, "")
    assert found.words == "Gmail may push to https://crm.halden.example/push/gmail"


def test_without_a_topic_nothing_is_said_of_pushes():
    assert of_settings(google_pubsub_topic="", google_pubsub_subscription="") == {}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"google_client_id": ""}, "GOOGLE_CLIENT_SECRET is set, and GOOGLE_CLIENT_ID is not."),
        ({"google_client_secret": ""}, "GOOGLE_CLIENT_ID is set, and GOOGLE_CLIENT_SECRET is not."),
        ({"google_client_id": "halden"}, "GOOGLE_CLIENT_ID is no client id"),
    ],
)
def test_half_a_client_is_told(values, words):
    found = of_settings(**values)["gmail"]

    assert not found.well
    assert found.words.startswith(words)
    assert "docs/connecting-gmail.md" in found.hint


def test_an_add_on_by_itself_needs_no_secret():
    alone = {"google_pubsub_topic": "", "google_pubsub_subscription": ""}

    assert of_settings(google_client_secret="", addon_service_account="a@b", **alone) == {}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"google_pubsub_topic": ""}, "not asked to push: GOOGLE_PUBSUB_TOPIC is not set"),
        (
            {"google_pubsub_subscription": "", "google_pubsub_service_account": ""},
            "GOOGLE_PUBSUB_SUBSCRIPTION, GOOGLE_PUBSUB_SERVICE_ACCOUNT is not set",
        ),
        ({"google_pubsub_topic": "gmail"}, "it looks like projects/PROJECT/topics/NAME"),
        (
            {"google_pubsub_subscription": "projects/halden/topics/gmail"},
            "it looks like projects/PROJECT/subscriptions/NAME",
        ),
        (
            {"google_pubsub_service_account": "pushes"},
            "GOOGLE_PUBSUB_SERVICE_ACCOUNT is no address",
        ),
    ],
)
def test_a_setting_that_cannot_be_one_is_told(values, words):
    found = of_settings(**values)["gmail push"]

    assert not found.well
    assert words in found.words
    assert "docs/connecting-gmail.md" in found.hint


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.halden.example",
        "https://localhost",
        "https://crm",
        "https://crm.halden.local",
        "https://127.0.0.1:8025",
        "https://169.254.0.1",
        "https://[fd00::1]",
    ],
)
def test_an_address_that_google_does_not_reach_is_told(url):
    found = of_settings(base_url=url)["gmail push"]

    assert found.words.startswith(f"Google cannot push to {url}/push/gmail")
    assert "BASE_URL" in found.hint


def test_an_address_on_the_internet_is_well():
    assert of_settings(base_url="https://8.8.8.8")["gmail push"].well


def box(**values):
    usual = {"id": uuid4(), "address": "ana@halden.test", "kind": "gmail", "state": "live"}
    watched = {"watched_until": NOW + 6 * DAY, "watch_at": NOW, "pushed_at": NOW}
    place = {"place": {"grant": "consent"}, "watch_trouble": "", "watch_said": ""}
    return Mailbox(**{**usual, **watched, **place, **values})


def of_mailbox(made):
    return next(doctor_gmail.of_mailbox(WELL, made, NOW), None)


def test_a_mailbox_whose_pushes_come_is_well():
    found = of_mailbox(box())

    assert (found.what, found.well) == ("push ana@halden.test", True)


@pytest.mark.parametrize("values", [{"kind": "imap"}, {"state": "paused"}])
def test_of_a_mailbox_that_nobody_watches_nothing_is_said(values):
    assert of_mailbox(box(**values)) is None


def test_a_mailbox_that_was_asked_for_a_moment_ago_is_well():
    assert of_mailbox(box(pushed_at=None, watch_at=NOW + DAY)).well
    assert of_mailbox(box(pushed_at=None, watch_at=None, watched_until=None)).well
    assert of_mailbox(box(watch_trouble="passing")).well


@pytest.mark.parametrize(
    ("values", "words", "hint"),
    [
        (
            {"watch_trouble": "not_granted"},
            "Gmail may not publish to projects/halden/topics/gmail.",
            "roles/pubsub.publisher on the topic to gmail-api-push@system.gserviceaccount.com",
        ),
        ({"watch_trouble": "no_topic"}, "no topic projects/halden/topics/gmail", "Make it"),
        ({"watch_trouble": "other_project"}, "not in the project", "GOOGLE_CLIENT_ID"),
        ({"watch_trouble": "no_consent"}, "not let in", "/mailboxes/gmail/"),
        ({"watch_trouble": "refused", "watch_said": "400: no"}, "400: no", "connecting-gmail.md"),
        ({"watched_until": NOW - DAY}, "pushed nothing since 2026-11-19", "scheduler"),
        ({"pushed_at": None}, "no push comes in", f"{WELL.base_url}/push/gmail"),
    ],
)
def test_what_keeps_pushes_away_is_told_with_what_mends_it(values, words, hint):
    found = of_mailbox(box(**values))

    assert not found.well
    assert words in found.words
    assert hint in found.hint


def test_who_is_refused_is_told_how_to_get_in_again():
    consent, admin = box(), box(place={"grant": "delegation"})

    assert doctor_gmail.way_in(WELL, consent).endswith(f"/mailboxes/gmail/{consent.id}")
    assert "Admin console" in doctor_gmail.way_in(WELL, admin)
    assert doctor_gmail.way_in(WELL, box(kind="imap")).startswith("inlay mailbox resume")


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal("audience", "https://old.example/push"), "made out to https://old.example/push"),
        (Refusal("robot"), "another service account had signed"),
        (Refusal("subscription", "projects/a/subscriptions/b"), "from projects/a/subscriptions/b"),
    ],
)
def test_a_push_that_was_refused_is_told_by_the_command(house, monkeypatch, refusal, words):
    settings = replace(WELL, redis_url=house.redis_url)
    monkeypatch.setattr(refusals, "_noted_at", float("-inf"))
    refusals.note(settings, refusal)
    env = {
        "BASE_URL": WELL.base_url,
        "GOOGLE_CLIENT_ID": WELL.google_client_id,
        "GOOGLE_CLIENT_SECRET": WELL.google_client_secret,
        "GOOGLE_PUBSUB_TOPIC": WELL.google_pubsub_topic,
        "GOOGLE_PUBSUB_SUBSCRIPTION": WELL.google_pubsub_subscription,
        "GOOGLE_PUBSUB_SERVICE_ACCOUNT": WELL.google_pubsub_service_account,
    }

    ended = Inlay(house, env)("doctor", "--json")

    found = {one["what"]: one for one in ended.json["findings"]}
    assert ended.code == 1
    assert words in found["gmail push refused"]["words"]
    assert found["gmail push"]["well"]
    with refusals._connect(settings) as kept:
        kept.delete(refusals._KEPT)
    assert list(doctor_gmail.of_refusals(settings)) == []

"""Reasons: a sentence for every rule by which a message stands somewhere, or nowhere."""

from __future__ import annotations

import pytest

from crm.base import i18n
from crm.mail.letter import Kind
from crm.work import reasons
from crm.work.models import LinkRule

UNFILED = ("machine", "colleague_only", "no_contact_by_policy", "in_doubt", "taken_off", "junk")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_rule_of_a_link_has_a_sentence_of_its_own(language: str) -> None:
    with i18n.speaking(language):
        said = {rule: reasons.of_link(rule) for rule in LinkRule}

    assert all(said.values())
    assert len(set(said.values())) == len(LinkRule)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_rule_of_the_vocabulary_says_why_a_message_stands_nowhere(language: str) -> None:
    with i18n.speaking(language):
        said = {rule: reasons.of_unfiled(rule) for rule in UNFILED}

    assert all(said.values())
    assert len(set(said.values())) == len(UNFILED)


def test_the_header_that_gave_a_machine_away_stands_behind() -> None:
    assert reasons.of_unfiled("machine", "List-Unsubscribe").endswith("(List-Unsubscribe)")
    assert "List" not in reasons.of_unfiled("taken_off", "List-Unsubscribe")
    assert "(" not in reasons.of_unfiled("machine")
    said = reasons.of_unfiled("machine", "List-Unsubscribe", Kind.BULK)
    assert said == "Not logged: newsletter (List-Unsubscribe)"


def test_a_rule_that_nobody_knows_is_no_reason() -> None:
    with pytest.raises(ValueError, match="99"):
        reasons.of_link(99)


def test_machine_mail_says_what_it_is_and_what_gave_it_away():
    assert reasons.of_kind(Kind.BULK, "List-Unsubscribe") == "Newsletter (List-Unsubscribe)"
    assert reasons.of_kind(Kind.AUTO_REPLY) == "Automatic reply"


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.INVITATION])
def test_of_what_a_person_writes_nothing_is_said(kind):
    assert reasons.of_kind(kind, "x") == ""


def test_a_sign_that_is_no_headers_name_is_said_in_the_readers_language(monkeypatch):
    said = {"no-reply address": "adresa, kterou nikdo nečte", "Notification": "Oznámení"}
    monkeypatch.setattr(reasons, "_", lambda words: said.get(words, words))

    assert reasons.of_kind(Kind.NOTIFICATION, "no-reply address") == (
        "Oznámení (adresa, kterou nikdo nečte)"
    )
    assert reasons.of_kind(Kind.NOTIFICATION, "Auto-Submitted") == "Oznámení (Auto-Submitted)"


@pytest.mark.parametrize("sign", ["", "X-Mailer", "text/calendar"])
def test_any_other_sign_stays_as_it_is(sign):
    assert reasons.of_sign(sign) == sign

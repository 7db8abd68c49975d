"""The pipeline as a list: each stage, how many deals stand in it, and what they come to."""

from __future__ import annotations

import pytest

from crm.base import clock
from crm.base.money import Money
from crm.sales import deals, pipelines
from tests import make
from tests.visiting import said


def test_each_stage_has_its_deals_their_number_and_their_sums(reader, session, workspace, ana):
    new, qualified, *_ = pipelines.stages(session, workspace.id)
    for name, minor, code in (("A", 100_00, "EUR"), ("B", 50_00, "EUR"), ("C", 7_000_00, "CZK")):
        deals.make(session, name, Money(minor, code), by=ana, at=make.NOW, stage_id=new.id)
    deals.make(session, "D", Money(1_00, "EUR"), by=ana, at=make.NOW, stage_id=qualified.id)
    session.commit()

    words = said(reader.get("/pipeline"))

    assert "New\n3 deals\nCZK 7,000 + €150" in words.replace("CZK\xa0", "CZK ")
    assert "Qualified\n1 deal\n€1" in words
    assert words.index("\nC\n") < words.index("\nA\n") < words.index("\nB\n")
    assert "\nWon\n" not in words


def test_a_deal_of_today_is_said_to_be_here_since_today(reader, session, ana):
    deals.make(session, "Fresh", Money(1_00, "EUR"), by=ana, at=clock.now())
    session.commit()

    assert "here since today" in said(reader.get("/pipeline"))


@pytest.mark.parametrize(
    ("language", "count", "heading"),
    [
        ("cs", 1, "Nový\n1 obchod\n"),
        ("cs", 2, "Nový\n2 obchody\n"),
        ("cs", 5, "Nový\n5 obchodů\n"),
        ("fa", 1, "تازه\n۱ معامله\n"),
        ("fa", 5, "تازه\n۵ معامله\n"),
    ],
)
def test_a_stage_is_named_and_counted_in_the_readers_language(
    reader, session, workspace, ana, language, count, heading
):
    ana.language = language
    for n in range(count):
        deals.make(session, f"D{n}", Money(100, "EUR"), by=ana, at=make.NOW)
    session.commit()

    answer = reader.get("/pipeline")

    assert heading in said(answer)
    assert f'<html lang="{language}"' in answer.text


def test_a_stage_that_somebody_named_keeps_its_name(reader, session, workspace, ana):
    ana.language = "cs"
    first = pipelines.stages(session, workspace.id)[0]
    first.name = "Neu"
    deals.make(session, "D", Money(100, "EUR"), by=ana, at=make.NOW, stage_id=first.id)
    session.commit()

    assert "Neu\n1 obchod" in said(reader.get("/pipeline"))


def test_what_is_won_stands_in_it_no_more(reader, session, workspace, ana):
    won = next(s for s in pipelines.stages(session, workspace.id) if s.name == "Won")
    deals.make(session, "Old", Money(100, "EUR"), by=ana, at=make.NOW, stage_id=won.id)
    session.commit()

    assert "No deals yet" in said(reader.get("/pipeline"))


def test_another_workspaces_deals_are_not_there(reader, elsewhere):
    assert "Brno rollout" not in reader.get("/pipeline").text

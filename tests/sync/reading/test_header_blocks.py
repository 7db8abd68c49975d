"""Blocks of labelled lines."""

import pytest

from sync.reading import header_blocks


def fields_of(text, **options):
    block = header_blocks.read(text.split("\n"), 0, **options)
    return dict(block.fields), block.end


@pytest.mark.parametrize(
    "line",
    ["*From:* Cy", "**From:** Cy", "*From: *Cy", "> From: Cy", "| From : Cy", "\ufeffFROM: Cy"],
)
def test_a_label_is_known_however_it_is_set_off(line):
    hit = header_blocks.labelled(line)
    assert (hit.field, hit.value) == ("from", "Cy")


def test_the_wide_colon_of_chinese_ends_a_label_before_the_hour():
    assert header_blocks.labelled("日期：2025-05-05 16:02") == ("date", "2025-05-05 16:02", "日期")


def test_the_stars_of_a_value_stay():
    assert header_blocks.labelled("Subject: ***URGENT*** x").value == "***URGENT*** x"
    assert header_blocks.labelled("*Subject:* ***URGENT*** x").value == "***URGENT*** x"


@pytest.mark.parametrize("line", ["Hello: there", "From Cy", "", ":", "Phone: 1", "x" * 50 + ":"])
def test_other_lines_have_no_label(line):
    assert header_blocks.labelled(line) is None
    assert header_blocks.read([line], 0) is None


def test_people_go_on_over_several_lines():
    fields, end = fields_of("From: Cy\nTo: a@x.test,\n  b@x.test,\nc@x.test\nText\n")
    assert fields["to"] == "a@x.test, b@x.test, c@x.test"
    assert end == 4


def test_names_are_folded_where_another_label_follows():
    fields, end = fields_of("To: Ann\nNovak/ACME, Bo\ncc: Cy\n\nSubject: Offer\n\nText")
    assert fields == {"to": "Ann Novak/ACME, Bo", "cc": "Cy", "subject": "Offer"}
    assert end == 5


def test_a_long_subject_is_folded_below_a_separator_alone():
    text = f"From: Cy\nSubject: {'long ' * 13}\nenough\n\nText"
    assert fields_of(text, below_separator=True)[0]["subject"].endswith("enough")
    assert not fields_of(text)[0]["subject"].endswith("enough")


def test_empty_lines_between_all_labels_are_passed():
    fields, end = fields_of("From: Cy\n\nDate: today\n\nTo: Ann\n\nSubject: Offer\n\nHi")
    assert fields == {"from": "Cy", "date": "today", "to": "Ann", "subject": "Offer"}
    assert end == 7


def test_the_text_may_begin_with_a_label_of_its_own():
    fields, end = fields_of("From: Cy\nTo: Ann\nSubject: Offer\n\nDate: to be told")
    assert "date" not in fields
    assert end == 3


def test_what_programs_write_for_each_other_belongs_to_the_block():
    fields, end = fields_of("From: Cy\nX-Origin-Host: here\nContent-Location: x\nTo: Ann\n\nHi")
    assert (fields["from"], fields["to"], end) == ("Cy", "Ann", 4)


def test_a_label_twice_ends_the_block():
    fields, end = fields_of("From: Cy\nTo: Ann\nFrom: Bo\nTo: Dee")
    assert fields == {"from": "Cy", "to": "Ann"}
    assert end == 2


def test_labels_on_one_line_are_parted():
    line = "Von: Cy <c@x.test>An: Ann <a@x.test>Gesendet: heute 10:00 MEZBetreff: Re: Angebot"
    assert header_blocks.run_together(line) == {
        "from": "Cy <c@x.test>",
        "to": "Ann <a@x.test>",
        "date": "heute 10:00 MEZ",
        "subject": "Re: Angebot",
    }
    assert fields_of(line + "\nText") == (header_blocks.run_together(line), 1)


def test_labels_that_lost_their_colon_are_found():
    line = "De: Cy <c@x.test>Para: Ann <a@x.test>Enviado: hoje, 10:00 CETAssunto Oferta"
    assert header_blocks.run_together(line)["subject"] == "Oferta"
    assert header_blocks.run_together(line)["date"] == "hoje, 10:00 CET"


def test_the_depth_is_the_number_of_quote_marks():
    assert header_blocks.depth_of("> > From: Cy") == 2
    assert header_blocks.depth_of("From: Cy > Bo") == 0
    assert header_blocks.read(["> From: Cy", "> To: Ann"], 0).depth == 1


def test_case_is_folded_without_the_turkish_dot():
    assert header_blocks.folded("İLETİ") == "ileti"

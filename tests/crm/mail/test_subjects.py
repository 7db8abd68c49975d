"""Subjects: what is left without the signs of answers and forwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.mail import subjects


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Offer", "Offer"),
        ("Re: Offer", "Offer"),
        ("RE: re: Fwd: FW: Offer", "Offer"),
        ("Re[2]: Offer", "Offer"),
        ("AW: WG: Angebot", "Angebot"),
        ("Odp: PD: Oferta", "Oferta"),
        ("Отв: Цена", "Цена"),
        ("پاسخ: قیمت", "قیمت"),
        ("Předp: Nabídka", "Nabídka"),
        ("  re :  Offer ", "Offer"),
        ("[Fwd: Offer]", "Offer"),
        ("转发：Offer", "Offer"),
        ("Odgovor: Ponuda", "Ponuda"),
        ("Re: ", "Re:"),
        ("", ""),
        ("Review: the offer", "Review: the offer"),
        ("Release 2: ready", "Release 2: ready"),
        ("10:30 call", "10:30 call"),
    ],
)
def test_a_subject_without_its_prefixes(subject: str, bare: str) -> None:
    assert subjects.bare(subject) == bare


@given(st.text(st.characters(), max_size=60))
def test_something_is_left_of_every_subject_that_says_something(subject: str) -> None:
    bare = subjects.bare(subject)

    assert bool(bare) is bool(subject.strip())
    assert bare in subject

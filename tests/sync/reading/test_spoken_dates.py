"""Days as people write them, found in a text."""

from datetime import date

import pytest

from sync.reading import spoken_dates

SENT = date(2025, 4, 28)  # a Monday


def days(text: str, sent: date | None = SENT) -> list[tuple[date, ...]]:
    return [spoken.days for spoken in spoken_dates.find(spoken_dates.tidy(text), sent)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5. 5. 2025", [(date(2025, 5, 5),)]),
        ("5.5.25", [(date(2025, 5, 5),)]),
        ("the 5th of May, 2025", [(date(2025, 5, 5),)]),
        ("1er mai et 2 mai", [(date(2025, 5, 1),), (date(2025, 5, 2),)]),
        ("Sept. 9", [(date(2025, 9, 9),)]),
        ("۱۴۰۴/۰۲/۱۵", [(date(2025, 5, 5),)]),
        ("15/02/1404", [(date(2025, 5, 5),)]),
        ("۱۵ اردیبهشت‌ماه", [(date(2025, 5, 5),)]),
        ("Monday, 5 May 2025", [(date(2025, 5, 5),)]),
        ("5 May (Monday)", [(date(2025, 5, 5),)]),
        ("Tuesday, 5 May 2025", [()]),
        ("30 February", [()]),
        ("open 24/7, call 5/6/7/8, version 1.2.3", []),
        ("at 9.30 am, v 9.10 hod", []),
        ("Monday", [(date(2025, 5, 5),)]),
        ("пятница", [(date(2025, 5, 2),)]),
        ("پنج‌شنبه", [(date(2025, 5, 1),)]),
        ("1 listopada", [(date(2025, 10, 1),)]),
        ("będę 1 listopada", [(date(2025, 11, 1),)]),
        ("back on 6/5", [(date(2025, 5, 6), date(2025, 6, 5))]),
        ("back on 9/5", [(date(2025, 5, 9),)]),  # The 5th of September is far.
        ("hasta 6/5", [(date(2025, 5, 6),)]),
    ],
)
def test_days_are_found(text, found):
    assert days(text) == found


def test_without_the_day_of_sending_only_whole_dates_are_days():
    assert days("5 May, 5.5., Monday, 5 May 2025", None) == [(), (), (date(2025, 5, 5),)]


def test_the_end_of_several_days_is_marked():
    [several, one] = spoken_dates.find("may 1-5 or may 7", SENT)

    assert (several.days, several.ends) == ((date(2025, 5, 5),), True)
    assert not one.ends


def test_paragraphs_stay_apart_and_lines_do_not():
    assert spoken_dates.tidy("A\r\nB \n\n\n C\u200cD ٥") == "a b\nc d 5"

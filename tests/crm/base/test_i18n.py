"""Languages: which one serves a tag, and who speaks what for how long."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from crm.base import i18n


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("cs-CZ", "cs"),
        ("cs_CZ", "cs"),
        ("PL", "pl"),
        ("hr", "bs"),
        ("sr-Latn-RS", "bs"),
        ("fa-IR", "fa"),
        ("de", "en"),
        ("csb", "en"),
        ("", "en"),
        ("../../etc", "en"),
    ],
)
def test_a_tag_is_served_by_the_nearest_language(tag: str, language: str) -> None:
    assert i18n.known(tag) == language


def test_a_language_is_spoken_inside_its_block_alone() -> None:
    with i18n.speaking("fa-IR"):
        assert (i18n.language(), i18n.direction()) == ("fa", "rtl")
        with pytest.raises(RuntimeError), i18n.speaking("cs"):
            raise RuntimeError
        assert i18n.language() == "fa"

    assert (i18n.language(), i18n.direction()) == ("en", "ltr")


def test_one_thread_does_not_hear_the_language_of_another() -> None:
    heard: list[str] = []

    def listen() -> None:
        heard.append(i18n.language())
        i18n.speak("pl")
        heard.append(i18n.language())

    with i18n.speaking("cs"):
        thread = threading.Thread(target=listen)
        thread.start()
        thread.join()

        assert heard == ["en", "pl"]
        assert i18n.language() == "cs"


def test_without_a_catalogue_the_sentence_in_the_code_is_said() -> None:
    with i18n.speaking("cs"):
        assert i18n.gettext("A sentence that nobody has translated") == (
            "A sentence that nobody has translated"
        )
        assert [i18n.ngettext("{n} yak", "{n} yaks", n) for n in (1, 2)] == ["{n} yak", "{n} yaks"]


def test_a_catalogue_translates_and_its_language_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="cs")
    catalogue.add("A yak in the house", "Jak v domě")
    catalogue.add(("{n} yak", "{n} yaks"), ("{n} jak", "{n} jaci", "{n} jaků"))
    with (tmp_path / "cs.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    i18n._catalogue.cache_clear()

    assert i18n.offered() == ("en", "cs")
    with i18n.speaking("cs"):
        assert i18n.gettext("A yak in the house") == "Jak v domě"
        said = [i18n.ngettext("{n} yak", "{n} yaks", n) for n in (1, 3, 5)]
        assert said == ["{n} jak", "{n} jaci", "{n} jaků"]
    assert i18n.gettext("A yak in the house") == "A yak in the house"
    i18n._catalogue.cache_clear()


def test_a_lazy_sentence_waits_as_it_is() -> None:
    with i18n.speaking("cs"):
        assert i18n.lazy("Later") == "Later"


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Rollout plan", "ltr"),
        ("پیش‌فاکتور", "rtl"),
        ("Re: پیش‌فاکتور چاپگرهای لیبل", "rtl"),
        ("Fwd: Re: برق سه‌فاز", "rtl"),
        ("ZD421 قیمت چاپگر", "rtl"),
        ("Rollout plan for نگار", "ltr"),
        ("Re: Ana Kovač, سلام", "ltr"),
        ("\u2068Re: برق سه‌فاز\u2069", "rtl"),
        ("closes \u2068۱۲ دسامبر دوشنبه\u2069", "ltr"),
    ],
)
def test_a_text_runs_as_most_of_its_letters_do(text: str, way: str) -> None:
    assert i18n.direction_of(text) == way


@pytest.mark.parametrize(
    "text",
    [
        "",
        "48,000.50",
        "\u2068Ana\u2069 · \u2068نگار\u2069",
        "\u2068now \u2066+420\u2069\u2069 · \u2068نگار\u2069",
        "🙂",
    ],
)
def test_a_text_without_letters_of_its_own_runs_as_its_page(text: str) -> None:
    assert i18n.direction_of(text) == "ltr"
    with i18n.speaking("fa"):
        assert i18n.direction_of(text) == "rtl"


def test_only_the_isolate_around_a_whole_text_is_taken_off() -> None:
    assert i18n.own("\u2068Ana\u2069") == "Ana"
    assert i18n.own("\u2066+420\u2069") == "\u2066+420\u2069"
    assert i18n.own("\u2068Ana\u2069 · \u2068Bo\u2069") == "\u2068Ana\u2069 · \u2068Bo\u2069"

"""Every language says everything that the code says, with the same places and the same marks."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from crm.base import i18n
from scripts import words
from tests.house.source import Source, modules, name_of

TONGUES = sorted(words.PLURALS)
_PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")
#: Marks at the end of a sentence, and those of other scripts that say the same.
_ENDS = ".,:;!?…"
_SAME = str.maketrans("؟،؛", "?,;")
_OPENING, _CLOSING = "“„«", "”“»"


def faults(catalogue: Catalog, said: Catalog) -> Iterator[str]:
    """Tell what is wrong with a catalogue, seen from what the code says."""
    ids = {message.id for message in said if message.id}
    known = {message.id for message in catalogue if message.id}
    yield from (f"not translated: {id_!r}" for id_ in ids - known)
    yield from (f"nobody says it any more: {id_!r}" for id_ in known - ids)
    for message in catalogue:
        if message.id:
            yield from (f"{problem}: {message.id!r}" for problem in _problems(message, catalogue))


def _problems(message: Message, catalogue: Catalog) -> Iterator[str]:
    originals, strings = _forms(message.id), _forms(message.string)
    if isinstance(message.id, tuple) and len(strings) != catalogue.num_plurals:
        yield "not as many plural forms as the language has"
    if not words.is_done(message):
        yield "fuzzy" if message.fuzzy else "empty"
        return
    wanted = sorted(_PLACE.findall(originals[-1]))
    for string in strings:
        if sorted(_PLACE.findall(string)) != wanted:
            yield f"other places in {string!r}"
        if string.strip() != string or "  " in string:
            yield f"stray space in {string!r}"
        if _end(string) != _end(originals[-1]):
            yield f"another end of {string!r}"
        if _quotes(originals[-1]) and not _quotes(string):
            yield f"no quotation marks in {string!r}"


def _strays(catalogue: Catalog, letters: str) -> list[str]:
    """Tell which translations have no letter of the language's script, names left out."""
    strings = [(message.id, _forms(message.string)[0]) for message in catalogue if message.id]
    return [f"{id_!r}" for id_, text in strings if text != id_ and not re.search(letters, text)]


def _end(text: str) -> str:
    """Return the mark that ends a text, if one does."""
    last = text[-1:].translate(_SAME)
    return last if last in _ENDS else ""


def _quotes(text: str) -> bool:
    """Tell whether a place stands in quotation marks."""
    return bool(re.search(rf"[{_OPENING}]{_PLACE.pattern}[{_CLOSING}]", text))


@cache
def said() -> Catalog:
    return words.template()


@pytest.mark.parametrize("tag", TONGUES)
def test_a_catalogue_says_what_the_code_says(tag):
    assert list(faults(words.opened(tag), said())) == [], "run `make words`"


def test_persian_is_written_in_its_own_letters():
    assert _strays(words.opened("fa"), "[\u0600-\u06ff]") == []


def test_every_word_that_is_marked_is_gathered():
    """Of a call inside of another's arguments the gathering sees the outer one alone."""
    gathered = {id_ for message in said() for id_ in _forms(message.id)}
    for source in modules(*words.PACKAGES):
        if not words.UNSAID.match(source.path):
            marked = set(_marked(source))
            assert marked <= gathered, (source.path, marked - gathered)


def _marked(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node.func) in words.KEYWORDS:
            texts = (part.value for part in node.args if isinstance(part, ast.Constant))
            yield from (text for text in texts if isinstance(text, str))


def _forms(id_: str | tuple[str, ...]) -> tuple[str, ...]:
    return id_ if isinstance(id_, tuple) else (id_,)


@pytest.mark.parametrize("tag", TONGUES)
def test_what_is_opened_at_work_is_what_people_wrote(tag):
    with (i18n.CATALOGUES / f"{tag}.mo").open("rb") as file:
        made = gettext.GNUTranslations(file)

    for message in words.opened(tag):
        if isinstance(message.id, tuple):
            one, many = message.id
            forms = {made.ngettext(one, many, n) for n in (0, 1, 2, 3, 5, 11, 100)}
            assert forms == set(message.string), "run `make words`"
        elif message.id:
            assert made.gettext(message.id) == message.string, "run `make words`"


def test_what_operators_read_stays_in_english():
    places = {path for message in said() for path, _line in message.locations}

    assert "addon/cards/parts.py" in places
    assert "server/templates/people.html" in places
    assert not any(path.startswith("server/cli/") for path in places)


@pytest.mark.parametrize(
    ("string", "problem"),
    [
        ("", "empty"),
        ("{n} zprávy v {place}.", "other places"),
        ("Zprávy v {folder}", "another end"),
        (" Zprávy v {folder}.", "stray space"),
    ],
)
def test_a_bad_translation_is_found(string, problem):
    assert any(problem in fault for fault in faults(*_planted("Messages in {folder}.", string)))


def test_a_name_in_quotation_marks_keeps_them():
    assert list(faults(*_planted("In “{folder}”", "Ve složce {folder}")))
    assert not list(faults(*_planted("In “{folder}”", "Ve složce „{folder}“")))


def test_a_good_translation_is_not():
    assert not list(faults(*_planted("Messages in {folder}.", "Ve složce {folder} jsou zprávy.")))
    assert not list(faults(*_planted("Whose is it?", "از آن کیست؟")))


@pytest.mark.parametrize(
    ("forms", "problem"),
    [
        (("{n} zpráva", "{n} zprávy", ""), "empty"),
        (("{n} zpráva", "{n} zpráv"), "plural forms"),
        (("zpráva", "{n} zprávy", "{n} zpráv"), "other places"),
    ],
)
def test_a_bad_plural_is_found(forms, problem):
    planted = _planted(("{n} message", "{n} messages"), forms)

    assert any(problem in fault for fault in faults(*planted))


def test_a_doubt_a_gap_and_a_leftover_are_found():
    catalogue, code = _planted("Messages", "Zprávy")
    catalogue.get("Messages").flags.add("fuzzy")
    assert list(faults(catalogue, code)) == ["fuzzy: 'Messages'"]

    assert list(faults(Catalog(locale="cs"), code)) == ["not translated: 'Messages'"]
    assert "nobody says it any more" in next(faults(_planted("A", "B")[0], Catalog()))


def _planted(original, string) -> tuple[Catalog, Catalog]:
    catalogue, code = Catalog(locale="cs"), Catalog()
    catalogue.add(original, string)
    code.add(original)
    return catalogue, code

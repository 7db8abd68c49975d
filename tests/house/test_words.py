"""Every word that a person reads can be said in their language: it goes through gettext."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import jinja2
import pytest
from jinja2 import nodes

from addon import widgets
from tests.house.source import Source, assert_holds, dotted, modules, name_of, papers, refused

#: Where what is written is read by people.
SPOKEN = ("addon", "server/pages", "server/web")
#: The fields of a widget that people read, and those that only machines do.
READ = frozenset("title subtitle header text label below hint alt".split())
UNREAD = frozenset("name value function url addon app required".split())
#: What says something in the reader's language, or marks it to be said later.
SAYING = ("_", "gettext", "ngettext", "lazy")
#: Attributes of HTML that people read or hear.
HEARD = ("title", "alt", "placeholder", "aria-label", "aria-description", "content-label")
#: A sentence, or a word that stands where one may: it begins with a capital.
_PROSE = re.compile(r"\W*[A-Z][a-z]+(?:[ ,;:]+\w.*|[ .!?…:]*)", re.DOTALL)
#: Attributes that a template puts in by a block of their own.
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def says_untranslated(source: Source) -> Iterator[str]:
    """Refuse words in a widget, or prose anywhere, that go past gettext."""
    passed = {id(part) for part in _not_said(source.tree)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and source.path.startswith("addon"):
            for argument in _read_arguments(node):
                for part, words in _literals(argument):
                    if _LETTERS.search(words):
                        yield source.at(part, f"{name_of(node.func)}: {words!r} is not translated")
    for node, words in _literals(source.tree):
        if id(node) not in passed and _PROSE.fullmatch(words):
            yield source.at(node, f"{words[:60]!r} is not translated")


def shows_untranslated(source: Source) -> Iterator[str]:
    """Refuse words in a template that go past gettext."""
    tree = jinja2.Environment(autoescape=True).parse(source.text)
    page = _Page()
    page.feed("".join(part.data for part in tree.find_all(nodes.TemplateData)))
    for words in page.heard:
        yield source.at(_line(source, words), f"{words!r} is not translated")
    for constant in _constants(tree):
        if re.match(r"[A-Z][a-z]", constant.value):
            yield source.at(constant.lineno, f"{constant.value!r} is not translated")


def templates() -> list[Source]:
    """Return the pages, the card of the panel among them."""
    places = ("server/templates/", "addon/panel/")
    return [s for s in papers() if s.path.startswith(places) and s.path.endswith(".html")]


def test_cards_and_pages_speak_the_readers_language():
    assert_holds(says_untranslated, modules(*SPOKEN))


def test_templates_speak_the_readers_language():
    assert len(templates()) > 10
    assert_holds(shows_untranslated, templates())


def test_every_text_of_a_widget_is_read_or_not():
    for name, fields in _widgets().items():
        kind = getattr(widgets, name)
        texts = {field.name for field in dataclasses.fields(kind) if _is_text(field)}
        assert texts & set(fields) <= READ | UNREAD, name


@pytest.mark.parametrize(
    "text",
    [
        'Button("Save", action)',
        'Button(text="Save", on_click=action)',
        'Card(title="deals")',
        'Line(name, label="since")',
        'Line(f"{count} deals")',
        'Line("{n} deals".format(n=n))',
        'Line("since " + day)',
        'Line(_("Won") if won else "Lost")',
        'Paragraph(bold("Overdue"))',
        'Paragraph(fill("{who} called", who=name))',
        'TextInput("amount", "Amount")',
        'Choice("stage", hint or "Stage")',
        'Chip("all", action)',
        'widgets.Section("Deals", ())',
        'response.notify("The deal is saved.")',
        'card(context, notice="Saved it")',
        'words = "No message yet"\nLine(words)',
        'LABELS = {1: "Won", 2: "Lost"}',
        'def f():\n    return "Nobody"',
    ],
)
def test_words_past_gettext_are_refused(text):
    assert refused(says_untranslated, text, "addon/cards/planted.py")


@pytest.mark.parametrize(
    "text",
    [
        'Button(_("Save"), Action("deal/save", here))',
        'Line(isolate(name), label=_("Since {day}").format(day=day))',
        'Line(ngettext("{n} deal", "{n} deals", n).format(n=n))',
        'TextInput("amount", _("Amount"), value="48")',
        'Line(f"{amount} · {stage}")',
        '"""A docstring says what it likes."""',
        'def f():\n    """Say what it does. Nobody translates it."""',
        'WORDS = {1: lazy("Won"), 2: lazy("Lost")}',
        'raise ValueError("this is for us alone")',
        '_log.warning("The worker sleeps: %s", reason)',
        'request.headers.get("User-Agent")',
        'response.headers["Content-Disposition"] = "attachment"',
        'x: "Mapping" = {}',
        '__all__ = ["Button"]',
        'isinstance(x, str) and x == "Message"',
        'name = subject.removeprefix("Re: ")',
        'rel = "noopener noreferrer"',
    ],
)
def test_words_through_gettext_are_not(text):
    assert not refused(says_untranslated, text, "addon/cards/planted.py")


@pytest.mark.parametrize(
    "text",
    [
        "<p>Nothing here yet</p>",
        "<p>{{ count }} deals</p>",
        "{% if x %}<b>Saved</b>{% endif %}",
        '<input placeholder="Search">',
        '{% block attributes %} class="app"{% endblock %}<p>And more</p>',
        '<button aria-label="Close {{ name }}">x</button>',
        "{{ button('Save') }}",
        "{{ 'Won' if won else _('Lost') }}",
        "{% set word = 'Won' %}",
        "{% macro line() %}<li>Overdue</li>{% endmacro %}",
    ],
)
def test_words_in_a_template_past_gettext_are_refused(text):
    assert refused(shows_untranslated, text, "server/templates/planted.html")


@pytest.mark.parametrize(
    "text",
    [
        "<p>{{ _('Nothing here yet') }}</p>",
        "<p>{{ ngettext('%(n)s deal', '%(n)s deals', n, n=n) }}</p>",
        '<input class="input grow" placeholder="{{ _(\'Search\') }}" type="search">',
        "{# A comment says what it likes. #}<!-- So does this. -->",
        "<kbd>Esc</kbd> · <style>p { margin: 0 }</style>",
        "{{ icon('chevron-down') }}{% include 'parts.html' %}",
        "{{ thing|kind == 'Button' }}",
    ],
)
def test_words_in_a_template_through_gettext_are_not(text):
    assert not refused(shows_untranslated, text, "server/templates/planted.html")


def _widgets() -> dict[str, list[str]]:
    """Return the widgets, each with its fields in their order."""
    found = ((name, getattr(widgets, name)) for name in widgets.__all__)
    return {
        name: [field.name for field in dataclasses.fields(kind)]
        for name, kind in found
        if dataclasses.is_dataclass(kind)
    }


def _is_text(field: dataclasses.Field[object]) -> bool:
    return str(field.type) in ("str", "Text", "tuple[str, ...]")


#: Functions that dress or tell words: which argument they are.
_TELLING = {"bold": 0, "link": 0, "notify": 0}


def _read_arguments(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what people will read of what a widget is given."""
    name = name_of(call.func)
    fields = _FIELDS.get(name)
    if fields is not None:
        for field, argument in zip(fields, call.args, strict=False):
            if field in READ:
                yield argument
        yield from (word.value for word in call.keywords if word.arg in READ)
    elif name in _TELLING and len(call.args) > _TELLING[name]:
        yield call.args[_TELLING[name]]
    yield from (word.value for word in call.keywords if word.arg == "notice")


_FIELDS = _widgets()


def _literals(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield texts that are not inside a call that says them in the reader's language."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.Constant):
                    yield part, str(part.value)
                elif isinstance(part, ast.FormattedValue):
                    waiting.append(part.value)
        elif isinstance(node, ast.Call) and name_of(node.func) in SAYING:
            continue
        elif isinstance(node, ast.Call) and _FIELDS.get(name_of(node.func)) and node is not tree:
            waiting += _within(node)
        else:
            waiting += ast.iter_child_nodes(node)


def _within(call: ast.Call) -> Iterator[ast.AST]:
    """Yield what of a widget is no text of its own: its texts are looked at by their fields."""
    for part in (*call.args, *(word.value for word in call.keywords)):
        if not isinstance(part, ast.Constant):
            yield part


def _not_said(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield texts that nobody but us and machines will read."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.Raise(exc=ast.Call(func=error) as call) if not _is_ours(name_of(error)):
                yield from ast.walk(call)
            case ast.Call(func=function, args=[first, *_]) if (
                dotted(function).startswith(("_log.", "log.", "logging."))
                or name_of(function) in _UNHEARD
            ):
                yield from ast.walk(first)
            case ast.Subscript(slice=place):
                yield from ast.walk(place)
            case ast.Compare():
                yield from ast.walk(node)
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                yield from ast.walk(value)
            case ast.AnnAssign(annotation=kind) | ast.arg(annotation=ast.expr() as kind):
                yield from ast.walk(kind)
            case ast.FunctionDef(returns=ast.expr() as kind):
                yield from ast.walk(kind)


#: Calls whose first argument is for machines.
_UNHEARD = frozenset(
    "get getattr cast TypeVar compile removeprefix removesuffix startswith endswith".split()
)


def _is_ours(error: str) -> bool:
    """Tell whether an error's text is told to people: the domain's are."""
    ours = ("CRMError", "NotFoundError", "ConflictError", "InvalidError", "ForbiddenError")
    return error in ours


class _Page(HTMLParser):
    """What people read and hear of a page, once its places are empty."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "kbd"):
            self._silent += 1
        said = (value for name, value in attrs if name in HEARD)
        self.heard += [value for value in said if value and _LETTERS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "kbd"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent and _LETTERS.search(_ATTRIBUTE.sub("", data)):
            self.heard.append(data.strip())


def _constants(tree: nodes.Template) -> Iterator[nodes.Const]:
    """Yield texts in expressions that are not said by gettext and not compared with anything."""
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            yield node
        if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in SAYING:
            continue
        if not isinstance(node, nodes.Compare | nodes.Getitem):
            waiting += node.iter_child_nodes()


def _line(source: Source, words: str) -> int:
    first = words.splitlines()[0]
    return source.text[: max(source.text.find(first), 0)].count("\n") + 1

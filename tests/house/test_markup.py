"""Nothing that came from outside becomes markup: whoever says "this is safe" is known here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import (
    Source,
    assert_holds,
    dotted,
    functions,
    modules,
    papers,
    refused,
)

#: A function, or a page, and what it may do there, each with the reason why nothing can slip in.
ALLOWED = {
    ("addon/panel/card.html", "|safe"): "a line break that we write ourselves, after escaping",
    ("server/web/letter_html.py::harmless", "Markup"): "nh3 has cleaned it, a line above",
    ("server/web/quotes.py::fold", "Markup"): "what nh3 has cleaned, cut between its tags",
    ("server/pages/message.py::frame", "Markup"): "a sheet of ours, byte for byte as its hash",
    (
        "server/web/reading.py::draw",
        "Markup",
    ): "what the panel drew, which escapes all it is given",
}

#: What makes markup of a text: where it may be imported from, and its names.
_MAKERS = ("markupsafe", "jinja2", "flask")
_MAKING = ("Markup", "soft_unicode", "soft_str")
_TEMPLATE = {
    "|safe": re.compile(r"\|\s*safe\b(?!_)"),
    "autoescape": re.compile(r"\{%-?\s*autoescape\s+false", re.IGNORECASE),
    "|tojson in an attribute": re.compile(r'="[^"]*\{\{[^}]*\|\s*tojson[^}]*\}\}'),
}
_SCRIPT = {
    name: re.compile(pattern)
    for name, pattern in {
        "innerHTML": r"\.innerHTML\b",
        "outerHTML": r"\.outerHTML\b",
        "insertAdjacentHTML": r"\binsertAdjacentHTML\b",
        "document.write": r"\bdocument\s*\.\s*write(?:ln)?\b",
        "eval": r"\beval\s*\(|\bnew\s+Function\b",
        "srcdoc": r"\.srcdoc\b",
        "createContextualFragment": r"\bcreateContextualFragment\b",
        "DOMParser": r"\bDOMParser\b",
    }.items()
}


def makes_markup(source: Source) -> Iterator[str]:
    """Refuse code that says of a text from elsewhere that it is markup already."""
    makers = {"markupsafe.Markup", "flask.Markup"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _MAKERS:
            makers |= {a.asname or a.name for a in node.names if a.name in _MAKING}
    for function, node in _calls(source.tree):
        given = [argument for argument in node.args if not isinstance(argument, ast.Constant)]
        if dotted(node.func) in makers and given and not _is_allowed(source, "Markup", function):
            yield source.at(node, "Markup: says of a text that it is markup already")
        for word in node.keywords:
            off = isinstance(word.value, ast.Constant) and not word.value.value
            if word.arg == "autoescape" and off:
                yield source.at(node, "autoescape: nothing would be escaped")
    for method in functions(source.tree):
        if method.name == "__html__":
            yield source.at(method, "__html__: says that this is markup already")


def trusts_markup(source: Source) -> Iterator[str]:
    """Refuse a template or a script that puts in a text without escaping."""
    rules = _SCRIPT if source.path.endswith(".js") else _TEMPLATE
    for number, line in enumerate(source.text.splitlines(), start=1):
        for name, pattern in rules.items():
            if pattern.search(line) and not _is_allowed(source, name):
                yield source.at(number, f"{name}: nothing is escaped here")


def pages_and_scripts() -> list[Source]:
    """Return the templates and scripts of ours."""
    return [
        source
        for source in papers()
        if source.path.endswith((".html", ".js", ".svg"))
        and source.path.startswith(("addon/", "server/"))
        and not source.path.startswith("server/demo/")
    ]


def test_no_code_makes_markup():
    assert_holds(makes_markup, modules())


def test_no_page_trusts_markup():
    assert len(pages_and_scripts()) > 10
    assert_holds(trusts_markup, pages_and_scripts())


def test_every_exception_is_needed_and_has_a_reason(monkeypatch):
    sources = {source.path: source for source in (*modules(), *pages_and_scripts())}
    for place, what in list(ALLOWED):
        path = place.partition("::")[0]
        assert path in sources, path
        with monkeypatch.context() as without:
            without.delitem(ALLOWED, (place, what))
            rule = makes_markup if path.endswith(".py") else trusts_markup
            assert any(f" {what}:" in line for line in rule(sources[path])), place
    assert all(len(reason.split()) > 3 for reason in ALLOWED.values())


@pytest.mark.parametrize(
    "text",
    [
        "from markupsafe import Markup\nx = Markup(subject)",
        "from markupsafe import Markup as M\nx = M(f'<b>{subject}</b>')",
        "import markupsafe\nx = markupsafe.Markup(subject)",
        "from flask import Markup\nx = Markup(subject)",
        "env = Environment(autoescape=False)",
        "class A:\n    def __html__(self): return self.text",
    ],
)
def test_making_markup_is_refused(text):
    assert refused(makes_markup, text, "server/pages/planted.py")


def test_the_cards_own_markup_is_not():
    text = "from addon.widgets import Markup\nx = Markup((Span(subject, 'b'),))"

    assert not refused(makes_markup, text, "addon/cards/planted.py")


def test_a_constant_that_is_filled_is_not():
    text = "from markupsafe import Markup\nx = Markup('<b>{}</b>').format(subject) + Markup()"

    assert not refused(makes_markup, text, "server/pages/planted.py")


def test_an_exception_is_for_one_function_alone():
    text = "from markupsafe import Markup\ndef other(x):\n    return Markup(x)"

    assert refused(makes_markup, text, "server/web/reading.py")
    assert not refused(makes_markup, text.replace("other", "draw"), "server/web/reading.py")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("server/templates/planted.html", "<p>{{ subject|safe }}</p>"),
        ("server/templates/planted.html", "<p>{{ subject | safe }}</p>"),
        ("server/templates/planted.html", "{%- autoescape false -%}{{ subject }}"),
        ("server/static/planted.js", "pane.innerHTML = subject"),
        ("server/static/planted.js", "pane.insertAdjacentHTML('beforeend', subject)"),
        ("server/static/planted.js", "document.write(subject)"),
        ("server/static/planted.js", "frame.srcdoc = body"),
    ],
)
def test_trusting_markup_is_refused(path, line):
    assert refused(trusts_markup, line, path)


def test_escaping_is_not():
    page = '<p hx-swap="innerHTML">{{ subject }} {{ body|safe_html }}</p>'

    assert not refused(trusts_markup, page, "server/templates/planted.html")
    assert not refused(trusts_markup, "pane.textContent = subject", "server/static/planted.js")


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the outermost function that it stands in."""
    homes: dict[int, str] = {}
    for function in functions(tree):
        for node in ast.walk(function):
            homes.setdefault(id(node), function.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield homes.get(id(node), ""), node


def _is_allowed(source: Source, what: str, function: str = "") -> bool:
    place = f"{source.path}::{function}" if function else source.path
    return (place, what) in ALLOWED

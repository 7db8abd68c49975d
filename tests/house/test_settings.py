"""Every setting stands in `.env.example` with a sentence, and nothing else stands there."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator

import pytest

from crm.base.settings import Settings
from tests.house.source import ROOT, Source, assert_holds, dotted, modules, planted, refused

SETTINGS = "crm/base/settings.py"
#: What the settings themselves put together: `addon_base` and `push_audience` are made of it.
OF_SETTINGS = {"addon_url", "google_pubsub_audience"}
EXAMPLE = ROOT / ".env.example"
#: Who else may look at the environment, and at what.
READERS = {
    SETTINGS: "the one place",
    "crm/base/crash.py": "CRASH_AT is for tests, and must cost nothing",
}


def settings_of(source: Source) -> set[str]:
    """Return the names that a module reads from the mapping called `env`."""
    found = set()
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=function, args=arguments):
                given = {a.id for a in arguments if isinstance(a, ast.Name)}
                named = [a.value for a in arguments if isinstance(a, ast.Constant)]
                if named and named[0] and (dotted(function) == "env.get" or "env" in given):
                    found.add(str(named[0]))
            case ast.Subscript(value=ast.Name(id="env"), slice=ast.Constant(value=str(name))):
                found.add(name)
    return found


def attributes(source: Source) -> set[str]:
    """Return the names that a module asks things for."""
    return {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}


def described(example: str) -> dict[str, str]:
    """Return the variables of `.env.example`, each with the prose above it."""
    found: dict[str, str] = {}
    prose: list[str] = []
    for line in example.splitlines():
        variable = re.match(r"#?([A-Z][A-Z0-9_]+)=", line)
        if variable:
            found[variable[1]] = " ".join(prose)
            prose = []
        elif line.startswith("# "):
            prose.append(line[2:].strip())
        else:
            prose = []
    return found


def reads_the_environment(source: Source) -> Iterator[str]:
    """Refuse a look at the environment anywhere but where settings are read."""
    if source.path in READERS:
        return
    words = "settings are read in crm/base/settings.py alone"
    for node in ast.walk(source.tree):
        if dotted(node) in ("os.environ", "os.getenv", "os.environb"):
            yield source.at(node, words)
        match node:
            case ast.ImportFrom(module="os", names=names) if {alias.name for alias in names} & {
                "environ",
                "getenv",
            }:
                yield source.at(node, words)


def test_the_settings_and_the_example_name_the_same():
    (source,) = (s for s in modules("crm/base") if s.path == SETTINGS)

    assert set(described(EXAMPLE.read_text())) == settings_of(source)


def test_every_setting_has_a_sentence():
    short = [
        name
        for name, prose in described(EXAMPLE.read_text()).items()
        if not prose.endswith(".") or len(prose.split()) < 5
    ]

    assert short == []


def test_the_example_sets_nothing():
    lines = EXAMPLE.read_text().splitlines()

    assert [line for line in lines if line.strip() and not line.startswith("#")] == []


def test_every_setting_is_used():
    fields = {field.name for field in dataclasses.fields(Settings)}
    used = set().union(*(attributes(s) for s in modules() if s.path != SETTINGS), OF_SETTINGS)

    assert fields - used == set()


def test_nobody_else_reads_the_environment():
    assert_holds(reads_the_environment, modules())


def test_whoever_may_read_it_does():
    reading = {
        source.path
        for source in modules()
        if list(reads_the_environment(planted(source.text, "elsewhere.py")))
    }

    assert set(READERS) - reading == set()


def test_a_setting_is_seen_however_it_is_read():
    text = 'x = env.get("ONE")\ny = env["TWO"]\nz = _number(env, "THREE", 3)\nw = f("FOUR")\n'

    assert settings_of(planted(text)) == {"ONE", "TWO", "THREE"}


def test_prose_belongs_to_the_variable_below_it():
    example = (
        "# Inlay.\n\n# Where it lives.\n#DATA_DIR=/x\n#BARE=1\n# And a list\n# of keys.\nSET=\n"
    )

    assert described(example) == {
        "DATA_DIR": "Where it lives.",
        "BARE": "",
        "SET": "And a list of keys.",
    }


@pytest.mark.parametrize(
    "text",
    ['import os\nx = os.environ["X"]', 'import os\nx = os.getenv("X")', "from os import environ"],
)
def test_a_look_at_the_environment_is_refused(text):
    assert refused(reads_the_environment, text)

"""What a stranger finds in a clone: a map that is true, licences, and nothing of our desks."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator
from functools import partial
from importlib.metadata import PackageMetadata, metadata

import pytest

from tests.house.source import FOREIGN, ROOT, Source, assert_holds, modules, papers, refused

README = ROOT / "README.md"

#: Put together here, so that this file does not name them either.
_REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js", "crates" + ".io"]
_REGISTRIES += ["ruby" + "gems.org", "proxy." + "golang.org", "docker" + ".io"]
_REGISTRY = re.compile("|".join(re.escape(name) for name in _REGISTRIES), re.IGNORECASE)
_NOTE = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
_DESK = re.compile(r"(?<![\w.$}>])/(?:work|home|Users|root|workspace)/[\w.-]+|\b[A-Z]:\\Users\\")
_PRIVATE = r"\.(?:internal|intranet|corp|lan|localdomain|private)\b"
#: In prose a name with a point is a host; in code only behind :// or @.
_HOST = re.compile(rf"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*{_PRIVATE}")
_HOST_IN_CODE = re.compile(rf"(?:://|@)[a-z0-9.-]+{_PRIVATE}")
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d./])")
#: A line of the map: how deep, which folder, and what it is.
_ROOM = re.compile(r"(?P<indent>[ │├└─]*)(?P<name>[a-z_]+(?:/[a-z_]+)*)/ *(?P<caption>.*)")
#: Ranges that belong to somebody's own network (RFC 1918), and to nobody's documents.
_OWN = [ipaddress.ip_network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
#: Letters are what they are: mail servers write such addresses into their headers.
LETTERS = ("server/demo/mailbox/", "tests/letters/")
#: Homes of invented people, in tests.
TESTS = "tests/"


def names_a_registry(source: Source) -> Iterator[str]:
    """Refuse the host of a package registry: which one is asked is the reader's choice."""
    yield from _lines(source, _REGISTRY, "the host of a registry")


def puts_off(source: Source) -> Iterator[str]:
    """Refuse a note to do later what belongs in an issue."""
    yield from _lines(source, _NOTE, "put off")


def names_a_desk(source: Source) -> Iterator[str]:
    """Refuse a path of the machine that something was written on."""
    for line in _lines(source, _DESK, "a path of one machine"):
        if not (source.path.startswith(TESTS) and "/ho" + "me/" in line):
            yield line


def names_a_private_host(source: Source) -> Iterator[str]:
    """Refuse a host that only somebody's own network knows."""
    if source.path.startswith(LETTERS):
        return
    is_code = source.path.endswith((".py", ".html", ".js", ".css", ".sql"))
    yield from _lines(source, _HOST_IN_CODE if is_code else _HOST, "a private host")
    for number, line in enumerate(source.text.splitlines(), start=1):
        for found in _IP.findall(line):
            if _is_own(found):
                yield source.at(number, f"a private address: {found}")


def is_not_on_the_map(charted: dict[str, str], source: Source) -> Iterator[str]:
    """Refuse a package of the two upper floors that the map does not show with a caption."""
    if source.is_package and source.module.count(".") <= 1 and not charted.get(source.module):
        yield source.at(1, f"{source.module} is not on README's map")


def chart(readme: str) -> dict[str, str]:
    """Return the packages of README's map: a fenced block of `name/  caption`, indented."""
    charted: dict[str, str] = {}
    for block in re.findall(r"^```[a-z]*\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL):
        above: list[tuple[int, str]] = []
        for line in block.splitlines():
            found = _ROOM.match(line)
            if found is None:
                continue
            indent = len(found["indent"])
            above = [(depth, name) for depth, name in above if depth < indent]
            above.append((indent, found["name"].replace("/", ".")))
            charted[".".join(name for _, name in above)] = found["caption"].strip()
    return charted


def dependencies() -> dict[str, list[str]]:
    """Return the names in pyproject: what runs, and each extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {g: [re.split(r"[\[<>=!~ ]", line)[0] for line in lines] for g, lines in groups.items()}


def lines_of_dependencies() -> dict[str, tuple[str, str]]:
    """Return what docs/dependencies.md says of each: the licence, and why this one."""
    paper = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.-]+)` \| ([^|]+) \| ([^|]+) \|$", paper, re.MULTILINE)
    return {name: (licence, why) for name, licence, why in rows}


def licence_of(said: PackageMetadata) -> str:
    """Return a package's licence as SPDX has it, whichever field says so."""
    classifiers = said.get_all("Classifier") or []
    words = [said["License-Expression"], said["License"]]
    words += [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License")]
    known = _BY_ITS_FILE.get(said["Name"].lower()) or next((word for word in words if word), "")
    return _SPDX.get(known, known)


def is_permissive(licence: str) -> bool:
    """Tell whether a licence lets everybody do what they like, or is the LGPL."""
    return any(one in _PERMISSIVE for one in licence.split(" OR "))


#: Licences by other names.
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
}
#: Of packages whose metadata say nothing, or no version: what the file with the licence says.
_BY_ITS_FILE = {
    "atheris": "Apache-2.0",
    "imapclient": "BSD-3-Clause",
    "vobject": "Apache-2.0",
}
_PERMISSIVE = ("MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "LGPL-3.0-only")


def test_every_package_is_on_the_map():
    assert_holds(partial(is_not_on_the_map, chart(README.read_text())), modules())


def test_the_map_shows_nothing_that_is_not_there():
    charted = chart(README.read_text())

    folders = {name: f"{name.replace('.', '/')}/" for name in charted}

    # A folder that is empty here is missing in a clone.
    assert [n for n, f in folders.items() if not any(p.path.startswith(f) for p in papers())] == []


def test_no_registry_is_named():
    assert_holds(names_a_registry, papers())


def test_nothing_is_put_off():
    assert_holds(puts_off, papers())


def test_no_machine_of_ours_shows():
    assert_holds(names_a_desk, papers())


def test_no_private_host_shows():
    assert_holds(names_a_private_host, papers())


def test_we_say_under_which_licence():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    licence = (ROOT / "LICENSE").read_text()

    assert project["license"] == "Apache-2.0"
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_what_others_wrote_has_its_licence_beside_it():
    for folder in FOREIGN:
        for place in (ROOT / folder).iterdir():
            if place.is_dir():
                assert any(file.name.startswith("LICENSE") for file in place.iterdir()), place


def test_every_dependency_has_its_line():
    wanted = {name for names in dependencies().values() for name in names}

    assert set(lines_of_dependencies()) == wanted
    assert [
        name for name, (_, why) in lines_of_dependencies().items() if len(why.split()) < 2
    ] == []


@pytest.mark.parametrize("name", sorted(lines_of_dependencies()))
def test_a_dependency_is_under_the_licence_that_we_say(name):
    assert lines_of_dependencies()[name][0] == licence_of(metadata(name))


def test_what_we_ship_is_under_a_permissive_licence_or_the_lgpl():
    shipped = {name for group, names in dependencies().items() if group != "dev" for name in names}
    licences = {name: licence_of(metadata(name)) for name in sorted(shipped)}

    assert {name: said for name, said in licences.items() if not is_permissive(said)} == {}


def test_a_licence_that_asks_too_much_is_refused():
    assert is_permissive("MIT")
    assert is_permissive("LGPL-3.0-only")
    assert is_permissive("Apache-2.0 OR BSD-3-Clause")
    assert not is_permissive("GPL-3.0-only")
    assert not is_permissive("MIT AND AGPL-3.0-only")
    assert not is_permissive("")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (names_a_registry, "pip install --index-url https://" + _REGISTRIES[0] + "/simple"),
        (names_a_registry, "registry." + _REGISTRIES[2] + ".org"),
        (puts_off, "x = 1  # TO" + "DO: later"),
        (puts_off, "FIX" + "ME"),
        (names_a_desk, "cd /wo" + "rk/main"),
        (names_a_desk, 'PATH = "/ho' + 'me/ann/inlay"'),
        (names_a_desk, "see C:" + "\\Users\\ann"),
        (names_a_private_host, "https://git.halden." + "internal/inlay"),
        (names_a_private_host, "build.halden." + "corp"),
        (names_a_private_host, "mail ann@mx.halden." + "lan"),
        (names_a_private_host, "ssh 192." + "168.1.7"),
        (names_a_private_host, "ssh 10." + "1.2.3"),
    ],
)
def test_what_belongs_to_a_desk_is_refused(rule, text):
    assert refused(rule, text, "docs/planted.md")


def test_a_private_host_in_code_is_refused():
    host = "git.halden." + "internal"

    assert refused(names_a_private_host, f'URL = "https://{host}/x"')
    assert not refused(names_a_private_host, "found.internal += way.internal")


@pytest.mark.parametrize("rule", [names_a_registry, puts_off, names_a_desk, names_a_private_host])
def test_what_belongs_to_everybody_is_not(rule):
    text = (
        "http://127.0.0.1:8025 and https://crm.example.com/home/ann, 2.10.4.1 in PyPI's words,\n"
        "DATA_DIR=/var/lib/inlay, server/home/x.py, a to-do list, 10.0.0.0/8\n"
    )

    assert not refused(rule, text, "docs/planted.md")


MAP = """
Words.

```
crm/          What the company knows
  base/       The foundation
  work/
sync/         Mail in and mail out
  sources/imap/   IMAP
```
"""


def test_the_map_is_read():
    assert chart(MAP) == {
        "crm": "What the company knows",
        "crm.base": "The foundation",
        "crm.work": "",
        "sync": "Mail in and mail out",
        "sync.sources.imap": "IMAP",
    }


def test_a_package_that_is_not_on_the_map_is_refused():
    rule = partial(is_not_on_the_map, chart(MAP))

    assert refused(rule, "", "crm/sales/__init__.py")
    assert refused(rule, "", "crm/work/__init__.py")  # It has no caption.
    assert refused(rule, "", "addon/__init__.py")
    assert not refused(rule, "", "crm/base/__init__.py")
    assert not refused(rule, "", "sync/sources/files/__init__.py")  # A module that was folded.


def _lines(source: Source, pattern: re.Pattern[str], words: str) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        found = pattern.search(line)
        if found is not None:
            yield source.at(number, f"{words}: {found[0]}")


def _is_own(text: str) -> bool:
    try:
        return any(ipaddress.ip_address(text) in net for net in _OWN)
    except ValueError:
        return False

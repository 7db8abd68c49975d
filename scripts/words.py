"""Bring the catalogues up to date with the words in the code: `make words`.

New words are added, those that nobody says any more are taken out. What was said otherwise before
keeps its old translation, marked `fuzzy`: somebody reads it again and takes the mark away. In the
end the `.mo` files are made. `tests/house/test_catalogues.py` fails while anything is left to do.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from crm.base.i18n import CATALOGUES, NAMES

HERE = Path(__file__).resolve().parent.parent
PACKAGES = ("addon", "crm", "server", "sync")
#: Where words are said to those who run the house, by a command: they stay English.
UNSAID = re.compile(
    r"server/(cli|demo|embedded)/|server/(crew|database|deployment|secrets|supervisor)\.py|crm/base/settings\.py"
)
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
HEAD = """\
# Inlay in {name}. Written by people; `make words` adds what is new and takes out what is gone.
msgid ""
msgstr ""
"Language: {tag}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals};\\n"

"""
PLURALS = {
    "cs": "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2)",
    "fa": "nplurals=2; plural=(n > 1)",
}
#: The same words make the same file, whenever and by whomever it is made.
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Bring every catalogue up to date, and say what is left to translate."""
    now = template()
    for tag in PLURALS:
        catalogue = opened(tag)
        catalogue.update(now, update_header_comment=False)
        write(tag, catalogue)
        left = [message for message in catalogue if message.id and not is_done(message)]
        sys.stdout.write(f"{NAMES[tag]}: {len(catalogue)} messages, {len(left)} to translate\n")
        for message in left:
            places = ", ".join(dict.fromkeys(path for path, _line in message.locations))
            sys.stdout.write(f"  {message.id!r} ({places})\n")


def template() -> Catalog:
    """Gather what the code says to people, in the order of the files."""
    found = Catalog(charset="utf-8")
    for package in PACKAGES:
        for path, line, message, comments, context in _said(package):
            found.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return found


def _said(package: str) -> Iterator[tuple]:
    folder = HERE / package
    said = extract_from_dir(
        folder, METHODS, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True
    )
    for path, line, message, comments, context in said:
        place = (Path(package) / path).as_posix()
        if not UNSAID.match(place):
            yield place, line, message, comments, context


def opened(tag: str) -> Catalog:
    """Read a catalogue; a new language begins with an empty one."""
    path = CATALOGUES / f"{tag}.po"
    text = path.read_bytes() if path.exists() else _head(tag).encode()
    return read_po(BytesIO(text), locale=tag)


def write(tag: str, catalogue: Catalog) -> None:
    """Write a catalogue, as text and as what is opened at work."""
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    CATALOGUES.mkdir(exist_ok=True)
    (CATALOGUES / f"{tag}.po").write_text(_head(tag) + body.getvalue().decode())
    catalogue.creation_date = catalogue.revision_date = _THEN
    with (CATALOGUES / f"{tag}.mo").open("wb") as file:
        write_mo(file, catalogue)


def is_done(message: Message) -> bool:
    """Tell whether a message is translated, in every plural form, and nobody has a doubt."""
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(strings) and not message.fuzzy


def _head(tag: str) -> str:
    return HEAD.format(name=NAMES[tag], tag=tag, plurals=PLURALS[tag])


if __name__ == "__main__":
    main()

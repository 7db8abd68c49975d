"""What is searched of a text: found as it was written, and never dear to the index."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from crm.base.db import Session
from crm.mail import inbox, visibility
from crm.mail.models import Mailbox
from crm.mail.searching import SEARCHED, searchable
from crm.workspace.models import User
from tests import make

#: A list without a space, as in a line of CSV; and names, one of which has a dash as its 65th sign.
LIST = "jan.svoboda@severka.test;petr.novotny@acme.test;eva.kralova@firma.cz;ivo@dub.test;x@y.test"
NAME = "Smlouva-o-dilo-na-rekonstrukci-strechy-budovy-v-Brne-strana-0020-dodatek-2.pdf"
PLAIN = f"{'x' * 64}-dodatek.pdf"
LONG = "a-customer-with-a-rather-long-name-and-a-department@subsidiary.of.severka.test"
#: What PostgreSQL's parser tries again from each sign of a long run, or up to the end of the text.
DEAR = ("@1e", "1e@", "_a", "/~", "./", "a-b_", ".a-b", "a<!--", "<!--\n", "a-b\x01", "@1e\u2028")
#: Half a second of the processor, and four times that for a busy machine.
MOST_SECONDS = 4 * 0.5


@pytest.mark.parametrize("run", DEAR, ids=ascii)
def test_no_run_is_dear_to_the_index(session: Session, run: str) -> None:
    pid = session.execute(text("select pg_backend_pid()")).scalar_one()
    session.execute(text("set local statement_timeout = '60s'"))
    hostile = searchable(run * (SEARCHED // len(run)))
    before = seconds_of(pid)

    session.execute(text("select length(to_tsvector('public.inlay', :it))"), {"it": hostile})

    assert seconds_of(pid) - before < MOST_SECONDS


def seconds_of(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split(" ", 1)[0]) / 1e9


@pytest.mark.parametrize("words", [LONG, f"<{LONG}>", "steel <b", "roses"])
def test_what_stands_in_brackets_or_is_long_is_found(
    session: Session, ana: User, words: str
) -> None:
    box: Mailbox = make.mailbox(session, ana)
    make.filed(session, box, make.raw(text=f"Steel <b and roses> for <{LONG}>, at once."))

    assert len(inbox.search(session, visibility.viewer(session, ana), words).rows) == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        *[(item, 1) for item in LIST.split(";")],
        (LIST, 1),
        (NAME, 1),
        (PLAIN, 1),
        ("rekonstrukci", 1),
        ("roses<-thorns", 1),
        ("dub.test steel", 0),
    ],
)
def test_each_item_of_a_list_is_found_and_what_is_cut_is_never_left_out(
    session: Session, ana: User, words: str, found: int
) -> None:
    box: Mailbox = make.mailbox(session, ana)
    body = f"To {LIST}\n1;Novák;({NAME});{PLAIN};2.500,- and roses<-thorns."
    make.filed(session, box, make.raw(text=body))

    rows = inbox.search(session, visibility.viewer(session, ana), words).rows

    assert len(rows) == found


def test_a_long_run_is_cut_in_a_time_that_grows_with_it_and_no_faster() -> None:
    for run in (*DEAR, "-", ";", "x" * 64 + ".", "." * 63 + "x", "x" * 62 + "...;"):
        begun = time.process_time()
        searchable(run * (SEARCHED // len(run)))

        assert time.process_time() - begun < MOST_SECONDS / 4, run


ITEMS = st.from_regex(r"[a-z0-9]([a-z0-9._@+/:-]{0,62}[a-z0-9])?", fullmatch=True)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9._@+/:-]{64,180}[a-z0-9]", fullmatch=True)


@given(st.lists(st.tuples(ITEMS, st.sampled_from([";", ",", ", ", "|", '";"', ".;"])), max_size=30))
def test_an_item_that_is_short_is_never_cut(items: list[tuple[str, str]]) -> None:
    kept = re.findall(r"[^\s;,|\"]+", searchable("".join(map("".join, items))))

    assert [item.rstrip(".") for item in kept] == [item for item, _behind in items]


@given(NAMES, st.text("ab. ;(", max_size=80), st.sampled_from(["", ".", ";a", ").", "...", ' "']))
def test_what_is_too_long_is_cut_alike_wherever_it_stands(
    name: str, before: str, behind: str
) -> None:
    def parts(text: str) -> list[str]:
        return [part.rstrip(".") for part in re.findall(r"[^\s;()\"]+", searchable(text))]

    alone = parts(name)
    among = parts(f"{before};{name}{behind}")

    assert alone in [among[n : n + len(alone)] for n in range(len(among))]


@given(st.text(st.sampled_from("ab -<.@;\n\u00a0") | st.characters(), max_size=400))
def test_only_spaces_are_put_in_and_what_was_short_stays(words: str) -> None:
    found = searchable(words)

    kept = "".join(found.split()).replace("-", "")
    assert kept == "".join(words.replace("<", " ").split()).replace("-", "")
    assert all(len(run) <= 64 for run in found.split())
    assert found.count(" -") <= words.count(" -")
    if "<" not in words and all(len(run) <= 64 for run in words.split()):
        assert found == words

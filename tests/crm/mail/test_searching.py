"""What is searched of a text: found as it was written, and never dear to the index."""

from __future__ import annotations

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


@given(st.text(st.sampled_from("ab <.@\n\u00a0") | st.characters(), max_size=400))
def test_only_spaces_are_put_in_and_what_was_short_stays(words: str) -> None:
    found = searchable(words)

    assert "".join(found.split()) == "".join(words.replace("<", " ").split())
    assert all(len(run) <= 64 for run in found.split())
    if all(len(run) <= 64 for run in words.split()):
        assert found == words.replace("<", " ")

"""What is printed: one document, or lines in which nothing of mail reaches the terminal."""

from __future__ import annotations

import pytest

from server.cli import output
from tests.server.cli.conftest import EVIL


def test_a_document_is_one_and_in_utf8(capsys):
    output.document({"name": "Žluťoučký"})

    assert capsys.readouterr().out == '{\n  "name": "Žluťoučký"\n}\n'


@pytest.mark.parametrize(
    "sign", ["\x1b", "\x07", "\x9b", "\x7f", "\r", "\n", "\b", "\u202e", "\u2066"]
)
def test_no_control_sign_reaches_the_terminal(sign):
    assert sign not in output.plain(f"a{sign}b")
    assert output.plain(f"a{sign}b").startswith("a\\x")


def test_lines_and_tables_are_plain(capsys):
    output.line(EVIL)
    output.table(["subject"], [[EVIL]])

    printed = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed)


def test_a_line_stays_one_whatever_it_holds(capsys):
    output.line("imap.halden.test\nwell  mailbox")
    output.table(["host"], [["a\nb"]])

    assert capsys.readouterr().out == "imap.halden.test\\x0awell  mailbox\nhost\na\\x0ab\n"


def test_a_text_keeps_its_lines(capsys):
    output.text("one\ntwo\x1b")

    assert capsys.readouterr().out == "one\ntwo\\x1b\n"


def test_letters_of_every_script_stay():
    for text in ("Žluťoučký kůň", "پیشنهاد", "Предложение", "💩"):
        assert output.plain(text) == text


def test_numbers_stand_at_the_end_of_their_column(capsys):
    output.table(["folder", "stored"], [["INBOX", "1,204"], ["Sent", "7"]])

    assert capsys.readouterr().out == "folder  stored\nINBOX    1,204\nSent         7\n"

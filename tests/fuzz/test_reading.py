"""A few thousand inputs of the fuzzer, and as many letters that are put together at random."""

import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import grammar, promises
from tests.sync.reading.samples import LETTERS

SEEDS = [path.read_bytes() for path in sorted(LETTERS.glob("*.eml"))]
KINDS = ("mixed", "alternative", "related", "digest", "report", "signed", "encrypted", "odd")
LEAVES = (
    "text/plain", "text/html", "text/plain; charset=utf-7", "text/enriched", "message/rfc822",
    "message/delivery-status", "application/pdf; name=a.pdf", "application/ms-tnef",
    "text/calendar", "application/pkcs7-mime", "text/vcard",
    "image/png; name*0*=utf-8''%C5; name*1*=%99.png", "x",
)  # fmt: skip
ENCODINGS = ("7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary", "klingon")


@st.composite
def parts(draw: st.DrawFn, depth: int = 3) -> bytes:
    """Write a part, perhaps with parts in it, perhaps broken."""
    if depth and draw(st.booleans()):
        boundary = draw(st.sampled_from(["b", "c", "b c", ""]))
        head = f'Content-Type: multipart/{draw(st.sampled_from(KINDS))}; boundary="{boundary}"'
        inside = draw(st.lists(parts(depth - 1), max_size=4))
        body = b"".join(b"\r\n--" + boundary.encode() + b"\r\n" + part for part in inside)
        end = f"\r\n--{boundary}--" if draw(st.booleans()) else ""
        return head.encode() + b"\r\n\r\n" + body + end.encode()
    head = f"Content-Type: {draw(st.sampled_from(LEAVES))}\r\n"
    head += f"Content-Transfer-Encoding: {draw(st.sampled_from(ENCODINGS))}\r\n"
    if draw(st.booleans()):
        head += f"Content-Disposition: {draw(st.sampled_from(['inline', 'attachment']))}\r\n"
    return head.encode() + b"\r\n" + b"".join(draw(st.lists(WORDS, max_size=6)))


WORDS = st.one_of(st.sampled_from(grammar.WORDS), st.binary(max_size=40))
FIELDS = st.builds(
    lambda name, value: name + b": " + value + b"\r\n",
    st.sampled_from([b"From", b"To", b"Subject", b"Date", b"References", b"X-A", b"Message-ID"]),
    st.lists(WORDS, max_size=4).map(b"".join),
)


@given(st.lists(FIELDS, max_size=6).map(b"".join), parts())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_letter_of_random_parts_keeps_every_promise(header, part):
    promises.keep(header + part)


@given(
    st.sampled_from(grammar.AUTHORS),
    st.sampled_from(grammar.SUBJECTS),
    st.sampled_from(grammar.FIELDS),
    st.lists(st.sampled_from(grammar.LINES), max_size=14).map("\n".join),
)
@settings(deadline=None)
def test_a_text_of_random_lines_keeps_every_promise(author, subject, field, text):
    promises.keep(grammar.letter(author, subject, field, "plain", text))


@given(
    st.sampled_from(grammar.SUBJECTS),
    st.lists(st.sampled_from(grammar.LINES + 2 * grammar.MARKUP), max_size=28).map("".join),
)
@settings(deadline=None)
def test_a_page_of_random_marks_keeps_every_promise(subject, page):
    promises.keep(grammar.letter("Ann <ann@acme.test>", subject, "", "html", page))


@pytest.mark.parametrize("seed", range(1000, 1500, 50))
def test_letters_written_at_random_keep_every_promise(seed):
    chance = random.Random(seed)

    for _ in range(100):
        promises.keep(grammar.written(chance))


@pytest.mark.parametrize("seed", range(20))
def test_a_megabyte_of_a_few_lines_keeps_every_promise(seed):
    chance = random.Random(seed)
    kind, lines = ("html", grammar.MARKUP) if seed % 2 else ("plain", grammar.LINES)
    piece = "\n".join(chance.choices((*lines, *grammar.LINES), k=chance.randint(1, 3))) + "\n"
    head = grammar.letter("Ann <ann@acme.test>", "Re: x", "", kind, "")

    body = piece.encode() * (promises.LONGEST // len(piece.encode()))
    promises.keep((head + body)[: promises.LONGEST])


@given(st.binary(max_size=300))
def test_random_bytes_keep_every_promise(raw):
    promises.keep(raw)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_a_letter_that_was_damaged_keeps_every_promise(seed):
    chance = random.Random(seed)

    for _ in range(30):
        promises.keep(promises.mutated(SEEDS[seed], chance, SEEDS))


def test_the_fuzzer_finds_nothing_in_a_moment(tmp_path):
    pytest.importorskip("atheris", reason="atheris has wheels for Linux on x86-64 alone")
    words = ("-m", "tests.fuzz.reading", "--runs", "3000", "--seconds", "10", "--seed", "1")

    ran = subprocess.run(
        (sys.executable, *words, "--keep", str(tmp_path)),
        capture_output=True,
        check=False,
        text=True,
        timeout=90,
    )

    assert (ran.returncode, list(tmp_path.iterdir())) == (0, []), ran.stderr[-3000:]
    assert "number_of_executed_units" in ran.stderr

"""A letter by its parts: what is taken, what is left, and how it is put together."""

from __future__ import annotations

from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import read
from sync.sources.letters import Node, Text, choose, cut, find, put_together

HEADER = (
    b"From: a@b.c\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\n"
    b"Content-transfer-encoding : 7bit\r\nSubject: S\r\n\r\n"
)


def leaf(section: str, content_type: str = "text/plain", size: int = 10, **more: object) -> Node:
    return Node(section, content_type, size=size, **more)  # type: ignore[arg-type]


def mixed(*children: Node, section: str = "", subtype: str = "mixed") -> Node:
    return Node(section, f"multipart/{subtype}", children=children)


def test_texts_are_taken_and_attachments_left() -> None:
    root = mixed(
        leaf("1"),
        leaf("2", "text/html"),
        leaf("3", "text/plain", attached=True),
        leaf("4", "text/csv"),
        leaf("5", "text/plain", filename="log.txt", inline=True),
        leaf("6", "application/pdf", size=9_000_000),
    )

    choice = choose(root)

    assert [node.section for node in choice.taken] == ["1", "2"]
    assert [part.section for part in choice.left] == ["3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("status", "header"),
    [
        ("message/delivery-status", "text/rfc822-headers"),
        ("message/global-delivery-status", "message/global-headers"),
    ],
)
def test_a_bounce_by_its_parts_tells_the_same_as_the_whole(status: str, header: str) -> None:
    root = Node(
        "",
        "multipart/report",
        report="delivery-status",
        children=(leaf("1"), leaf("2", status), leaf("3", header)),
    )
    bodies = (
        b"Sorry.",
        b"Final-Recipient: rfc822; eva@acme.test\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        b"Message-ID: <offer-7@inlay.test>\r\nTo: eva@acme.test\r\n",
    )
    texts = {
        node.section: Text(f"Content-Type: {node.content_type}\r\n\r\n".encode(), body)
        for node, body in zip(choose(root).taken, bodies, strict=True)
    }

    letter = read(put_together(b"From: MAILER-DAEMON@mx.test\r\n\r\n", root, texts))

    assert letter.meaning.bounce is not None
    assert letter.meaning.bounce.recipients == ("eva@acme.test",)
    assert letter.meaning.bounce.returned_id == "offer-7@inlay.test"


def test_a_text_that_is_cut_stays_on_the_server_too() -> None:
    choice = choose(mixed(leaf("1", size=5_000_000), leaf("2", size=100)))

    assert [node.section for node in choice.taken] == ["1", "2"]
    assert [part.section for part in choice.left] == ["1"]


def test_all_texts_together_have_a_limit() -> None:
    choice = choose(mixed(*[leaf(str(n), size=999_999) for n in range(1, 2_000)]))

    assert len(choice.taken) == 4
    assert len(choice.left) == 1_000


def test_the_nesting_stays_and_what_is_empty_goes() -> None:
    inner = mixed(leaf("1.1"), leaf("1.2", "text/html"), section="1", subtype="alternative")
    root = mixed(inner, mixed(leaf("2.1", "image/png"), section="2"), leaf("3", "image/png"))
    texts = {
        "1.1": Text(b"Content-Type: text/plain\r\n\r\n", b"plain"),
        "1.2": Text(b"Content-Type: text/html", b"<p>html</p>"),
    }

    read = message_from_bytes(put_together(HEADER, root, texts))

    assert read.get_all("Subject") == ["S"]
    assert read["Content-Transfer-Encoding"] is None
    kinds = [part.get_content_type() for part in read.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
    assert [part.get_payload() for part in read.walk() if not part.is_multipart()] == [
        "plain",
        "<p>html</p>",
    ]
    assert not any(part.defects for part in read.walk())


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_no_text_can_end_its_part(bodies: list[bytes]) -> None:
    plain = [body.replace(b"\r", b"").replace(b"\n", b"") for body in bodies]
    root = mixed(*[leaf(str(number)) for number in range(1, len(plain) + 1)])
    texts = {str(number): Text(b"", body) for number, body in enumerate(plain, start=1)}
    once = put_together(HEADER, root, texts)
    nested = {**texts, "1": Text(b"", once)}  # Whoever knows how we choose may quote a boundary.

    for chosen in (texts, nested):
        read = message_from_bytes(put_together(HEADER, root, chosen))
        assert len(read.get_payload()) == len(plain)
    assert put_together(HEADER, root, texts) == once


def test_a_letter_without_a_text_is_its_header() -> None:
    raw = put_together(HEADER, leaf("1", "application/pdf"), {})

    read = message_from_bytes(raw)

    assert read["Subject"] == "S"
    assert (read.get_content_type(), read.get_payload()) == ("text/plain", "")


def test_a_report_stays_a_report() -> None:
    root = Node("", "multipart/report", report="delivery-status", children=(leaf("1"),))

    read = message_from_bytes(put_together(HEADER, root, {"1": Text(b"", b"It bounced.")}))

    assert read.get_content_type() == "multipart/report"
    assert read.get_param("report-type") == "delivery-status"


def test_a_cut_comes_after_a_whole_line() -> None:
    assert cut(b"one\r\ntwo\r\nthr", 13) == b"one\r\ntwo\r\n"
    assert cut(b"one\r\n", 13) == b"one\r\n"
    assert cut(b"no line end", 5) == b"no li"


def test_a_part_is_found_in_an_attached_letter() -> None:
    within = mixed(leaf("2.1"), leaf("2.2"), section="2")
    root = mixed(leaf("1"), Node("2", "message/rfc822", letter=within))

    assert find(root, "2.2") is within.children[1]
    assert find(root, "2") is root.children[1]
    assert find(root, "") is None

"""The letter that came back."""

from sync.reading import bounce_returned
from sync.reading.mime import Leaf, ReaderError


def leaf(kind, content, *, enclosed=False):
    def read():
        if content is None:
            raise ReaderError("broken")
        return content

    return Leaf("2", kind, kind, "", "", "", "", "", enclosed, read, 0)


def test_a_part_is_believed_before_the_text():
    leaves = [
        leaf("image/png", b"x"),
        leaf("message/rfc822", b"inner", enclosed=True),
        leaf("message/rfc822", None),
        leaf("text/rfc822-headers", b"Message-ID: <1@inlay.test>\r\n"),
    ]

    assert bounce_returned.header(leaves, "text") == "Message-ID: <1@inlay.test>\n"
    assert bounce_returned.header(leaves[:3], "text") == "text"


def test_a_message_id_is_spelled_as_everywhere():
    assert bounce_returned.message_id("From: a\nMESSAGE-ID:\n <1@inlay.test>\n") == "1@inlay.test"
    assert bounce_returned.message_id("> Message-Id: 1@inlay.test") == "1@inlay.test"
    assert bounce_returned.message_id("In-Reply-To: <1@inlay.test>") == ""


def test_the_addressees_are_those_of_to():
    header = "Delivered-To: x@y.test\nTo: Eva <eva@acme.test>,\n karl@acme.test\nCc: a@b.test\n"

    assert bounce_returned.addressees(header) == ["eva@acme.test", "karl@acme.test"]
    assert bounce_returned.addressees("") == []

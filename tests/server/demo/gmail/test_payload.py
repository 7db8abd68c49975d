"""Attachments lie behind ids that do not last, and parts are told as they stand in each other."""

from __future__ import annotations

from email.message import EmailMessage

from tests.server.demo.gmail.asking import refused, unpacked


def with_attachment() -> bytes:
    message = EmailMessage()
    message["From"] = "bo@acme.example"
    message["Subject"] = "Offer"
    message.set_content("Příloha\n", charset="iso-8859-2")
    message.add_alternative("<p>Hello <b>there</b></p>", subtype="html")
    message.add_attachment(
        b"%PDF-1.7\0", maintype="application", subtype="pdf", filename="nabídka.pdf"
    )
    return message.as_bytes()


def attached(gmail, id_):
    message = gmail.messages().get(userId="me", id=id_).execute()
    return message["payload"]["parts"][1]


def test_parts_are_told_with_their_ids_names_and_kinds(gmail, ana):
    message = gmail.messages().get(userId="me", id=ana.deliver(with_attachment())).execute()

    outer = message["payload"]
    inner, pdf = outer["parts"]
    assert (outer["mimeType"], outer["partId"], outer["body"]) == (
        "multipart/mixed",
        "",
        {"size": 0},
    )
    assert [part["partId"] for part in (inner, *inner["parts"], pdf)] == ["0", "0.0", "0.1", "1"]
    assert (pdf["filename"], pdf["mimeType"]) == ("nabídka.pdf", "application/pdf")
    assert "data" not in pdf["body"]


def test_a_text_is_told_in_utf_8_whatever_it_was(gmail, ana):
    message = gmail.messages().get(userId="me", id=ana.deliver(with_attachment())).execute()

    plain = message["payload"]["parts"][0]["parts"][0]
    assert unpacked(plain["body"]["data"]).decode().strip() == "Příloha"


def test_an_attachments_id_is_another_one_each_time_and_leads_to_its_bytes(gmail, ana):
    id_ = ana.deliver(with_attachment())

    first, second = attached(gmail, id_)["body"], attached(gmail, id_)["body"]

    asked = gmail.messages().attachments()
    assert first["attachmentId"] != second["attachmentId"]
    got = asked.get(userId="me", messageId=id_, id=second["attachmentId"]).execute()
    assert (got["size"], unpacked(got["data"])) == (9, b"%PDF-1.7\0")
    assert set(got) == {"size", "data"}


def test_an_attachments_id_does_not_last_and_is_of_one_message(gmail, ana, clock):
    id_, other = ana.deliver(with_attachment()), ana.deliver(with_attachment())
    old = attached(gmail, id_)["body"]["attachmentId"]
    asked = gmail.messages().attachments()

    assert refused(asked.get(userId="me", messageId=other, id=old))[0] == 400
    clock[0] += 3601
    assert refused(asked.get(userId="me", messageId=id_, id=old)) == (400, "invalidArgument")


def test_a_letter_in_a_letter_is_an_attachment_and_its_parts_are_told(gmail, ana):
    inner = EmailMessage()
    inner["Subject"] = "Inside"
    inner.set_content("I was forwarded.\n")
    outer = EmailMessage()
    outer["Subject"] = "Fwd: Inside"
    outer.set_content("See below.\n")
    outer.add_attachment(inner)

    message = gmail.messages().get(userId="me", id=ana.deliver(outer.as_bytes())).execute()

    part = message["payload"]["parts"][1]
    assert part["mimeType"] == "message/rfc822"
    assert "attachmentId" in part["body"]
    assert unpacked(part["parts"][0]["body"]["data"]).strip() == b"I was forwarded."


def test_the_snippet_of_a_page_is_its_text(gmail, ana):
    page = (
        b"Content-Type: text/html; charset=utf-8\n\n<HEAD><style>p {}</style></head>"
        b"<style>p {}</STYLE><p>Tom &amp; <b>\xc4\xb0lknur</b></p><script>x</script>"
    )

    message = gmail.messages().get(userId="me", id=ana.deliver(page)).execute()

    assert message["snippet"] == "Tom &amp; İlknur"


def test_no_letter_is_too_odd_to_be_told(gmail, ana):
    odd = [
        b"",
        b"\n",
        b"no header at all",
        b"Content-Type: multipart/mixed; boundary=x\n\n",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n\n\xff\xfe\n--x--",
        b"Content-Type: text/plain; charset=nonsense\n\n\xff",
        b"Content-Transfer-Encoding: base64\n\n=====a",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*x=\"y\"\n\n",
        b"Content-Type: message/rfc822\n\n" * 40,
        b"Content-Type: text/html\n\n" + b"<script" * 100_000,
        b"Subject: " + b"Re: " * 50_000 + b"\n\n",
    ]
    for raw in odd:
        id_ = ana.deliver(raw)
        told = gmail.messages().get(userId="me", id=id_).execute()
        assert told["payload"]["mimeType"], raw

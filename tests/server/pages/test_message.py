"""A message's own documents: the frame, inline images, attachments out of the mailbox."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from freezegun import freeze_time

from crm.base import clock
from crm.mail.models import MailboxKind, Shares
from tests import make
from tests.servers.letters import large
from tests.sync.reading import packing
from tests.visiting import Visitor, said

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def letter(html, *files, subject="Look"):
    """Write a letter with HTML and files: (name, type, content, more headers)."""
    parts = [f"Content-Type: text/html; charset=utf-8\r\n\r\n{html}"]
    for name, kind, content, *more in files:
        head = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64"]
        if not any("Disposition" in line for line in more):
            head.append(f'Content-Disposition: attachment; filename="{name}"')
        encoded = base64.encodebytes(content).decode().replace("\n", "\r\n")
        parts.append("\r\n".join([*head, *more, "", encoded]))
    body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
    head = make.raw(subject=subject).partition(b"\r\nMIME-Version")[0]
    mixed = b'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="edge"\r\n\r\n'
    return head + mixed + body.encode()


@pytest.fixture
def folder(tmp_path, mailbox, session):
    """Let the mailbox be a folder of files; a letter written there can be fetched again."""
    mailbox.place = {"path": str(tmp_path / "mail")}
    (tmp_path / "mail").mkdir()
    session.commit()
    return tmp_path / "mail"


@pytest.fixture
def deliver(folder, mailbox, session, shared):
    """Put letters into the files, and take them in by the real road."""
    from crm.base.vault import Vault
    from sync import running

    def put(*raws):
        for n, raw in enumerate(raws):
            (folder / f"{n}.eml").write_bytes(raw)
        session.commit()
        brought = running.bring_up_to_date(
            mailbox.workspace_id, mailbox.id, shared, Vault(shared.vault_keys)
        )
        assert (brought.stored, brought.trouble) == (len(raws), "")
        session.expire_all()
        from sqlalchemy import select

        from crm.mail.models import Message

        return list(session.scalars(select(Message.id).order_by(Message.id)))

    return put


def test_the_frame_has_a_policy_that_loads_and_runs_nothing(reader, take_in):
    (message,) = take_in(letter("<p>Hello <b>Ana</b></p>"))

    answer = reader.get(f"/messages/{message}/frame")

    policy = answer.headers["Content-Security-Policy"]
    assert "<b>Ana</b>" in answer.text
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    for part in (
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    ):
        assert part in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_where_answers_would_go_elsewhere_it_stands_above_the_words(reader, take_in):
    take_in(make.raw("ana@halden.test", "jana@severka.test"))
    take_in(make.raw(subject="The invoice", Reply_To="jana@severka-pay.test"))

    listed = reader.get("/inbox?q=invoice")
    shown = reader.get(re.search(r'href="(/inbox/[0-9a-f-]{36}[^"]*)"', listed.text)[1])

    assert "go to jana@severka-pay.test, not to jana@severka.test" in said(shown)


def test_the_frame_stands_in_a_sandbox_on_the_page(reader, take_in):
    take_in(letter("<p>Hello</p>"))
    (thread,) = re.findall(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)

    page = reader.get(f"/inbox/{thread}").text

    frame = re.search(r"<iframe[^>]*>", page)[0]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert 'referrerpolicy="no-referrer"' in frame


@pytest.mark.parametrize(
    ("words", "way"), [("Hello Ana, the plan is here.", "ltr"), ("سلام خانم کواچ،", "rtl")]
)
def test_a_letter_runs_its_own_way_whatever_its_reader_reads(
    reader, ana, session, take_in, words, way
):
    ana.language = "fa"
    message_id = take_in(letter(f"<p>{words}</p>"))[0]

    assert f'dir="{way}">' in reader.get(f"/messages/{message_id}/frame").text.split("<head>")[0]


def test_a_letter_without_html_has_no_frame(reader, take_in):
    (message,) = take_in(make.raw())

    assert reader.get(f"/messages/{message}/frame").status_code == 404


@pytest.mark.parametrize("shares", [Shares.NOTHING, Shares.HAPPENED, Shares.HEADERS])
def test_a_colleague_sees_a_frame_only_where_everything_is_shared(
    app, session, workspace, mailbox, take_in, shares
):
    mailbox.shares = shares
    (message,) = take_in(letter("<p>Secret</p>", ("a.pdf", "application/pdf", b"x")))
    bo = Visitor(app).be(make.user(session, workspace, "bo@halden.test"))

    for url in (f"/messages/{message}/frame", f"/messages/{message}/attachments/0"):
        answer = bo.get(url)
        assert answer.status_code == 404
        assert "Secret" not in answer.text


def test_an_attachment_comes_out_of_the_mailbox_for_download_alone(reader, deliver):
    content = bytes(range(256)) * 400
    (message,) = deliver(letter("<p>a</p>", ("page.html", "text/html", content)))

    answer = reader.get(f"/messages/{message}/attachments/0")

    assert answer.data == content
    headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''page.html"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"


def test_a_file_comes_out_of_a_winmail_dat(reader, deliver):
    packed = packing.tnef(packing.file("a.txt", b"first"), packing.file("b.txt", b"second"))
    (message,) = deliver(letter("<p>a</p>", ("winmail.dat", "application/ms-tnef", packed)))

    answer = reader.get(f"/messages/{message}/attachments/1")

    assert answer.data == b"second"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''b.txt"
    assert reader.get(f"/messages/{message}/attachments/2").status_code == 404


def test_a_file_that_its_winmail_dat_no_longer_has_is_not_found(reader, deliver, folder):
    packed = packing.tnef(packing.file("a.txt", b"first"))
    raw = letter("<p>a</p>", ("winmail.dat", "application/ms-tnef", packed))
    (message,) = deliver(raw)
    encoded = base64.encodebytes(packed).decode().replace("\n", "\r\n").encode()
    (folder / "0.eml").write_bytes(raw.replace(encoded, b"A" * (len(encoded) - 2) + b"\r\n"))

    assert reader.get(f"/messages/{message}/attachments/0").status_code == 404


@pytest.mark.parametrize("position", ["1", "99", "-1", "x"])
def test_an_attachment_that_is_not_there_is_not_found(reader, deliver, position):
    (message,) = deliver(letter("<p>a</p>", ("a.txt", "text/plain", b"a")))

    assert reader.get(f"/messages/{message}/attachments/{position}").status_code == 404


NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    ".htaccess": "htaccess",
    "a\u202egpj.exe": "agpj.exe",
    'a"; filename="b.exe': None,
    "a\r\nSet-Cookie: x=y": None,
    "Žlutý kůň.pdf": "Žlutý kůň.pdf",
    "پیشنهاد.pdf": "پیشنهاد.pdf",
    "CON.txt": None,
    "a" * 5000 + ".pdf": None,
    "": "attachment-1",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_a_name_and_no_more(reader, deliver, name):
    quoted = base64.b64encode(name.encode()).decode()
    disposition = f'Content-Disposition: attachment; filename="=?utf-8?B?{quoted}?="'
    (message,) = deliver(letter("<p>a</p>", (name, "application/x-thing", b"a", disposition)))

    answer = reader.get(f"/messages/{message}/attachments/0")

    written = answer.headers["Content-Disposition"]
    kind, _, encoded = written.partition("; filename*=UTF-8''")
    assert (kind, answer.data) == ("attachment", b"a")
    assert re.fullmatch(r"[A-Za-z0-9!#$&+.^_`|~%-]+", encoded), "RFC 5987 allows no other sign"
    shown = unquote(encoded)
    assert not set(shown) & set('/\\\r\n\x00"\u202e')
    assert len(shown) <= 255
    if NAMES[name]:
        assert shown.lstrip(".") == NAMES[name]
    assert "Set-Cookie" not in answer.headers or "x=y" not in answer.headers["Set-Cookie"]


def test_the_name_stands_escaped_on_the_page(reader, take_in):
    take_in(letter("<p>a</p>", ("<img src=x onerror=alert(1)>.html", "text/html", b"a")))
    (thread,) = re.findall(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)

    assert "<img src=x" not in reader.get(f"/inbox/{thread}").text


def test_an_attachment_comes_out_of_imap_too(session, ana, app, shared, dovecot, workspace):
    from crm.base.vault import Vault
    from crm.mail import mailboxes
    from sync import running

    raw = large(3_000_000, name="film.bin").replace(b"ann@example.org", b"jana@severka.test")
    dovecot.deliver(
        "attachments", raw.replace(b"Subject: Large", b"To: ana@halden.test\r\nSubject: Large")
    )
    vault = Vault(shared.vault_keys)
    place = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "login": "attachments"}
    box = mailboxes.connect(
        session,
        ana,
        "ana@halden.test",
        kind=MailboxKind.IMAP,
        place=place,
        secret=vault.seal(dovecot.password),
        by=ana,
        at=clock.now(),
    )
    session.commit()
    brought = running.bring_up_to_date(workspace.id, box.id, shared, vault)
    assert (brought.stored, brought.trouble) == (1, "")
    reader = Visitor(app).be(ana)
    (thread,) = re.findall(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox?view=all").text)
    page = reader.get(f"/inbox/{thread}").text

    (href,) = re.findall(r'class="file" href="([^"]+)"', page)
    answer = reader.get(href)

    assert 2_000_000 < len(answer.data) < 3_000_000
    assert answer.headers["Content-Disposition"].endswith("''film.bin")


def test_a_mailbox_that_does_not_answer_is_said_in_words(reader, deliver, folder):
    (message,) = deliver(letter("<p>a</p>", ("a.txt", "text/plain", b"a")))
    for path in folder.iterdir():
        path.unlink()

    answer = reader.get(f"/messages/{message}/attachments/0")

    assert answer.status_code in (404, 502)
    assert "Traceback" not in answer.text


LOGO = ("logo.png", "image/png", PNG, "Content-ID: <logo@x>", "Content-Disposition: inline")


def inline_of(answer):
    return re.search(r'src="(/inline/[^"]+)"', answer.text)[1]


def test_an_inline_image_is_shown_in_the_frame_without_a_cookie(app, reader, deliver):
    """The sandboxed frame has an origin of its own: the browser sends no cookie from there."""
    (message,) = deliver(letter('<p>a</p><img src="cid:logo@x">', LOGO))
    address = inline_of(reader.get(f"/messages/{message}/frame"))

    answer = Visitor(app).get(address)

    assert answer.status_code == 200
    assert answer.data == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_address_of_an_inline_image_expires(app, ana, deliver):
    (message,) = deliver(letter('<img src="cid:logo@x">', LOGO))
    with freeze_time(clock.now() - timedelta(hours=2)):
        reader = Visitor(app).be(ana)
        address = inline_of(reader.get(f"/messages/{message}/frame"))

    reader.be(ana)
    assert reader.get(address).status_code == 404


def test_the_address_of_an_inline_image_holds_for_its_user_alone(
    app, reader, deliver, session, ana
):
    (message,) = deliver(letter('<img src="cid:logo@x">', LOGO))
    address = inline_of(reader.get(f"/messages/{message}/frame"))

    ana.active = False
    session.commit()

    assert Visitor(app).get(address).status_code in (303, 404)


@pytest.mark.parametrize("change", ["cut", "swap", "empty", "other"])
def test_an_address_that_was_changed_is_unknown(app, reader, deliver, change):
    (message,) = deliver(letter('<img src="cid:logo@x">', LOGO))
    address = inline_of(reader.get(f"/messages/{message}/frame"))
    token = address.removeprefix("/inline/")
    wrong = {
        "cut": token[:-2],
        "swap": ("A" if token[0] != "A" else "B") + token[1:],
        "empty": "x",
        "other": token.rpartition(".")[0] + "." + "a" * 27,
    }[change]

    assert reader.get(f"/inline/{wrong}").status_code == 404


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "image/tiff"])
def test_only_pictures_are_shown_inside_a_letter(reader, deliver, kind):
    other = ("x", kind, b"<svg/>", "Content-ID: <logo@x>", "Content-Disposition: inline")
    (message,) = deliver(letter('<img src="cid:logo@x">', other))

    frame = reader.get(f"/messages/{message}/frame")

    found = re.search(r'src="(/inline/[^"]+)"', frame.text)
    assert found is None or reader.get(found[1]).status_code == 404


def test_remote_images_are_counted_on_the_page(reader, take_in):
    take_in(letter('<img src="https://a.test/1.png"><img src="https://a.test/2.png">'))
    (thread,) = re.findall(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)

    assert "2 remote images are off." in said(reader.get(f"/inbox/{thread}"))

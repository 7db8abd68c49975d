"""ImapSource against a real Dovecot: folders, stretches, parts, TLS, and a mailbox untouched."""

from __future__ import annotations

import hashlib
import socket
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from typing import TYPE_CHECKING

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from crm.mail.letter import Flag
from sync import reading
from sync.errors import (
    AuthorizationRevokedError,
    CursorExpiredError,
    FolderUnavailableError,
    MessageGoneError,
    SourceUnavailableError,
    UnsafeConnectionError,
)
from sync.source import FolderRole, Place, Stretch
from sync.sources.imap import ImapLogin, ImapSource
from tests.servers import certificates
from tests.servers.letters import large

if TYPE_CHECKING:
    from pathlib import Path

    from sync.source import FolderState
    from tests.servers.dovecot import Dovecot

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def letter(number: int, size: int = 0) -> bytes:
    head = f"From: ann@example.org\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@x>\r\n\r\n"
    return head.encode() + b"Hello.\r\n" + b"x" * 70 * (size // 72)


def login(server: Dovecot, user: str, password: str = "secret") -> ImapLogin:
    return ImapLogin("127.0.0.1", server.port, "none", user, password)


def folder(source: ImapSource, name: str = "INBOX") -> FolderState:
    return next(state for state in source.folders() if state.name == name)


def whole(state: FolderState) -> Stretch:
    return Stretch(state.name, state.uidvalidity, 0, None)


def test_folders_have_a_role_by_attribute_or_else_by_name(dovecot: Dovecot) -> None:
    dovecot.create("roles", "Odeslaná pošta", "Отправленные", "ارسال شده", "Clients/Spam", "Kosz")

    with ImapSource(login(dovecot, "roles")) as source:
        roles = {state.name: state.role for state in source.folders()}

    assert roles["INBOX"] is FolderRole.INBOX
    assert roles["Sent"] is roles["Odeslaná pošta"] is FolderRole.SENT
    assert roles["Отправленные"] is roles["ارسال شده"] is FolderRole.SENT
    assert roles["Junk"] is FolderRole.SPAM
    assert roles["Trash"] is roles["Kosz"] is FolderRole.TRASH
    assert roles["Drafts"] is FolderRole.DRAFT
    assert roles["Archive"] is FolderRole.ARCHIVE
    assert roles["Clients/Spam"] is FolderRole.NONE


@pytest.mark.parametrize(
    "name", ['a" NOOP', "{5+}", "a\\b", "Клиенты", "مشتریان", "R&D", "x" * 200, "*", "%25", "123"]
)
def test_a_hostile_name_is_a_name_and_no_command(dovecot: Dovecot, name: str) -> None:
    user = f"names{hashlib.sha1(name.encode()).hexdigest()[:8]}"
    if name in ("*", "%25"):  # IMAP refuses to create these; another program made the directory.
        dovecot.maildir(user, name)
    else:
        dovecot.create(user, name)
    dovecot.deliver(user, letter(1), folder=name)

    with ImapSource(login(dovecot, user)) as source:
        state = folder(source, name)
        (batch,) = source.batches(whole(state))
        uids = list(source.uids(state))

    assert state.count == 1
    assert batch.messages[0].raw == letter(1)
    assert uids == [1]


def test_a_folder_that_only_holds_folders_is_left_out(dovecot: Dovecot) -> None:
    dovecot.maildir("noselect", "Parent/Child")

    with ImapSource(login(dovecot, "noselect")) as source:
        names = {state.name for state in source.folders()}
        unavailable = source.unavailable

    assert "Parent/Child" in names
    assert "Parent" not in names
    assert unavailable == ()


def test_a_folder_that_cannot_be_opened_is_named_and_the_others_go_on(dovecot: Dovecot) -> None:
    dovecot.deliver("broken", letter(1))
    path = dovecot.maildir("broken", "Locked")
    (path / "dovecot-uidlist").mkdir()

    with ImapSource(login(dovecot, "broken")) as source:
        names = {state.name for state in source.folders()}
        ((name, reason),) = source.unavailable
        with pytest.raises(FolderUnavailableError):
            list(source.batches(Stretch("Locked", 1, 0, None)))
        batches = list(source.batches(whole(folder(source))))

    assert "INBOX" in names
    assert name == "Locked"
    assert reason.startswith("the server refuses: ")
    assert len(batches[0].messages) == 1


def test_an_excluded_folder_is_not_asked_about(dovecot: Dovecot) -> None:
    with ImapSource(login(dovecot, "excluded"), excluded=["Junk", "Trash"]) as source:
        names = {state.name for state in source.folders()}

    assert not names & {"Junk", "Trash"}
    assert "Sent" in names


def test_a_stretch_comes_in_batches_by_count_and_bytes(dovecot: Dovecot) -> None:
    for number in range(1, 304):
        dovecot.deliver("many", letter(number), at=AT, flags=["flagged"] if number == 2 else [])
    for number in range(304, 307):
        dovecot.deliver("many", letter(number, size=3_500_000))

    with ImapSource(login(dovecot, "many")) as source:
        batches = list(source.batches(whole(folder(source))))

    assert [(batch.since, batch.until) for batch in batches] == [
        (0, 150),
        (150, 300),
        (300, 305),
        (305, 306),
    ]
    messages = [message for batch in batches for message in batch.messages]
    assert [message.place.uid for message in messages] == list(range(1, 307))
    assert messages[1].raw == letter(2)
    assert messages[1].flags == {Flag.FLAGGED}
    assert messages[1].place.received_at == AT
    assert messages[1].place.size == len(letter(2))


def test_a_stretch_goes_on_from_its_cursor_and_ends_at_its_last(dovecot: Dovecot) -> None:
    for number in range(1, 11):
        dovecot.deliver("range", letter(number))

    with ImapSource(login(dovecot, "range")) as source:
        state = folder(source)
        (middle,) = source.batches(Stretch("INBOX", state.uidvalidity, 3, 7))
        beyond = list(source.batches(Stretch("INBOX", state.uidvalidity, 10, None)))
        (empty,) = source.batches(Stretch("INBOX", state.uidvalidity, 10, 90))

    assert [message.place.uid for message in middle.messages] == [4, 5, 6, 7]
    assert (middle.since, middle.until) == (3, 7)
    assert beyond == []  # 11:* names the newest message, which is known already.
    assert (empty.since, empty.until, empty.messages) == (10, 90, ())


def test_an_empty_folder_yields_nothing(dovecot: Dovecot) -> None:
    with ImapSource(login(dovecot, "empty")) as source:
        state = folder(source, "Sent")
        found = list(source.listing(state)), list(source.batches(whole(state)))

    assert found == ([], [])
    assert state.count == 0


def test_a_listing_tells_size_and_date_without_a_body(dovecot: Dovecot) -> None:
    dovecot.deliver("listing", letter(1, size=10_000), at=AT)
    dovecot.deliver("listing", letter(2), at=AT)

    with ImapSource(login(dovecot, "listing")) as source:
        state = folder(source)
        first, second = source.listing(state)

    assert first == Place("INBOX", state.uidvalidity, 1, len(letter(1, size=10_000)), AT)
    assert second.uid == 2


def test_what_is_expunged_during_a_stretch_is_absent_and_the_rest_comes(dovecot: Dovecot) -> None:
    for number in range(1, 301):
        dovecot.deliver("expunge", letter(number))

    with ImapSource(login(dovecot, "expunge")) as source:
        batches = source.batches(whole(folder(source)))
        first = next(batches)
        dovecot.expunge("expunge", [260, 299, 300])
        rest = list(batches)

    assert first.until == 150
    came = [message.place.uid for batch in rest for message in batch.messages]
    assert came == [uid for uid in range(151, 299) if uid != 260]
    assert rest[-1].until == 298  # A live cursor does not pass what never came.


def test_a_new_uidvalidity_ends_a_stretch(dovecot: Dovecot) -> None:
    dovecot.deliver("validity", letter(1))
    with ImapSource(login(dovecot, "validity")) as source:
        state = folder(source)
    dovecot.set_uidvalidity("validity", state.uidvalidity + 5)

    with ImapSource(login(dovecot, "validity")) as source:
        with pytest.raises(CursorExpiredError):
            list(source.batches(whole(state)))
        again = folder(source)
        batches = list(source.batches(whole(again)))

    assert again.uidvalidity == state.uidvalidity + 5
    assert len(batches) == 1


def test_a_letter_comes_again_or_is_gone(dovecot: Dovecot) -> None:
    dovecot.deliver("again", letter(1))
    dovecot.deliver("again", letter(2))

    with ImapSource(login(dovecot, "again")) as source:
        first, second = source.listing(folder(source))
        raw = source.letter(first).raw
        (head,) = source.headers([first])
        dovecot.expunge("again", [2])
        with pytest.raises(MessageGoneError):
            source.letter(second)
        remaining = [message.place.uid for message in source.headers([first, second])]

    assert raw == letter(1)
    assert head.raw == letter(1).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert remaining == [1]


def test_changed_flags_are_found_by_modseq(dovecot: Dovecot) -> None:
    for number in range(1, 4):
        dovecot.deliver("flags", letter(number))
    with ImapSource(login(dovecot, "flags")) as source:
        before = folder(source)
        list(source.flags(before, 0))
    with dovecot.connect("flags") as client:
        client.select("INBOX")
        client.uid("STORE", "2", "+FLAGS", r"(\Answered \Seen)")

    with ImapSource(login(dovecot, "flags")) as source:
        now = folder(source)
        changed = dict(source.flags(now, before.modseq or 0))

    assert before.modseq is not None
    assert now.modseq is not None
    assert now.modseq > before.modseq
    assert changed == {2: {Flag.ANSWERED, Flag.SEEN}}


def test_nothing_that_is_read_becomes_seen(dovecot: Dovecot) -> None:
    dovecot.deliver("peek", letter(1))
    dovecot.deliver("peek", large(2_000_000), flags=["flagged"])
    before = dovecot.flags("peek")

    with ImapSource(login(dovecot, "peek"), letter_limit=500_000) as source:
        state = folder(source)
        list(source.batches(whole(state)))
        places = list(source.listing(state))
        list(source.headers(places))
        source.letter(places[0])
        list(source.part(places[1], "2"))
        list(source.flags(state, 0))

    assert before == {1: frozenset(), 2: {"\\Flagged"}}
    assert dovecot.flags("peek") == before


def test_a_letter_above_the_limit_comes_by_its_parts(dovecot: Dovecot) -> None:
    dovecot.deliver("parts", large(3_000_000), flags=["answered"], at=AT)

    with ImapSource(login(dovecot, "parts"), letter_limit=1_000_000) as source:
        (batch,) = source.batches(whole(folder(source)))
        (message,) = batch.messages
        again = source.letter(message.place)

    read = message_from_bytes(message.raw)
    assert read["Subject"] == "Large"
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    plain, html = (part for part in read.walk() if not part.is_multipart())
    assert plain.get_payload(decode=True) == "Příloha.".encode()
    assert html.get_payload(decode=True) == b"<p>Hello</p>"
    film, logo = message.left
    assert (film.section, film.filename, film.encoding) == ("2", "film.bin", "base64")
    assert film.content_type == "application/octet-stream"
    assert (logo.section, logo.filename, logo.content_id) == ("3", "žlutý.png", "logo@x")
    assert logo.inline
    assert not film.inline
    assert message.place.size > 2_900_000
    assert message.flags == {Flag.ANSWERED}
    assert again.raw == message.raw


def test_an_attached_letter_is_called_alike_whether_it_came_or_stayed(dovecot: Dovecot) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "ann@example.org", "Nabídka 7/2025"
    inner.set_content("line\n" * 20_000)
    made = EmailMessage()
    made["From"], made["Subject"] = "bo@example.org", "Fwd"
    made.set_content("See below.")
    made.add_attachment(inner)
    dovecot.deliver("forwarding", made.as_bytes())

    with ImapSource(login(dovecot, "forwarding"), letter_limit=50_000) as source:
        (batch,) = source.batches(whole(folder(source)))
    with ImapSource(login(dovecot, "forwarding")) as source:
        (all_of_it,) = source.batches(whole(folder(source)))

    (stayed,), (came,) = batch.messages, all_of_it.messages
    assert [part.filename for part in stayed.left] == ["Nabídka 7 2025.eml"]
    assert [part.filename for part in reading.read(came.raw).parts] == ["Nabídka 7 2025.eml"]


def test_a_letter_of_one_large_text_is_cut_and_says_so(dovecot: Dovecot) -> None:
    line = b"A line that is long enough to fill the letter some day.\r\n"
    raw = b"From: ann@example.org\r\nSubject: Long\r\n\r\n" + line * 50_000
    dovecot.deliver("longtext", raw)

    with ImapSource(login(dovecot, "longtext"), letter_limit=2_000_000) as source:
        (batch,) = source.batches(whole(folder(source)))

    (message,) = batch.messages
    assert message.raw.startswith(b"From: ann@example.org\r\nSubject: Long\r\n\r\nA line")
    assert message.raw.endswith(b"some day.\r\n")
    assert 990_000 < len(message.raw) < 1_001_000
    assert [part.section for part in message.left] == ["1"]


def test_sixty_megabytes_do_not_pass_through_memory(dovecot: Dovecot) -> None:
    dovecot.deliver("sixty", large(60_000_000))
    process = psutil.Process()

    with ImapSource(login(dovecot, "sixty")) as source:
        state = folder(source)
        before = process.memory_info().rss
        (batch,) = source.batches(whole(state))
        (message,) = batch.messages
        taken = process.memory_info().rss
        streamed, most, peak = 0, 0, 0
        for piece in source.part(message.place, "2"):
            streamed, most = streamed + len(piece), max(most, len(piece))
            peak = max(peak, process.memory_info().rss)

    assert len(message.raw) < 10_000
    assert taken - before < 20_000_000
    assert peak - before < 60_000_000
    assert streamed == 60_000_000 // 78 * 57
    assert most <= 65_536


def test_a_part_is_decoded_as_it_streams(dovecot: Dovecot) -> None:
    raw = large(100_000)
    dovecot.deliver("stream", raw)
    film = message_from_bytes(raw).get_payload()[1]

    with ImapSource(login(dovecot, "stream")) as source:
        (place,) = source.listing(folder(source))
        pieces = list(source.part(place, "2"))
        plain = b"".join(source.part(place, "1.1"))
        for missing in ("7", "1.1.9", "1] RFC822 (", "0", ""):
            with pytest.raises(MessageGoneError):
                list(source.part(place, missing))

    assert b"".join(pieces) == film.get_payload(decode=True)
    assert plain == "Příloha.".encode()


def test_a_part_of_an_attached_letter_has_its_number_too(dovecot: Dovecot) -> None:
    inner = large(1_000, name="within.bin")
    raw = (
        b'From: a@b.c\r\nContent-Type: multipart/mixed; boundary="fwd"\r\n\r\n--fwd\r\n\r\nSee.\r\n'
        b"--fwd\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--fwd--\r\n"
    )
    dovecot.deliver("attached", raw)

    with ImapSource(login(dovecot, "attached")) as source:
        (place,) = source.listing(folder(source))
        within = b"".join(source.part(place, "2.2"))

    assert within == message_from_bytes(inner).get_payload()[1].get_payload(decode=True)


def test_a_password_that_is_refused_is_a_matter_for_the_user(dovecot: Dovecot) -> None:
    source = ImapSource(login(dovecot, "ann", password="wrong"))

    with source, pytest.raises(AuthorizationRevokedError, match="refuses the login"):
        source.folders()


@pytest.mark.parametrize("user", ["zoë", 'quo"te\\d', "two words", "уля"])
def test_a_login_may_hold_any_letter(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, letter(1))

    with ImapSource(login(dovecot, user)) as source:
        state = folder(source)

    assert state.count == 1


def test_a_line_break_in_a_login_is_never_sent(dovecot: Dovecot) -> None:
    source = ImapSource(login(dovecot, "ann\r\nA1 LOGIN ann secret"))

    with source, pytest.raises(AuthorizationRevokedError, match="line break"):
        source.folders()


def test_the_password_is_not_shown(dovecot: Dovecot) -> None:
    assert "secret" not in repr(login(dovecot, "ann"))


def test_tls_with_a_certificate_that_signs_itself_is_refused(dovecot: Dovecot) -> None:
    for security, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        source = ImapSource(ImapLogin("localhost", port, security, "ann", "secret"))
        with source, pytest.raises(UnsafeConnectionError, match="certificate of localhost"):
            source.folders()


def test_tls_and_starttls_work_with_a_certificate_that_is_known(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    dovecot.deliver("tls", letter(1))

    for security, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        with ImapSource(ImapLogin("localhost", port, security, "tls", "secret")) as source:
            (batch,) = source.batches(whole(folder(source)))
            assert batch.messages[0].raw == letter(1)


def test_authorities_that_are_put_in_place_of_others_are_taken_at_once(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authorities = tmp_path / "authorities.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    login = ImapLogin("localhost", dovecot.tls_port, "tls", "ann", "secret")
    private = ec.generate_private_key(ec.SECP256R1())
    authorities.write_bytes(certificates.make(private, "localhost"))
    with ImapSource(login) as source, pytest.raises(UnsafeConnectionError):
        source.folders()

    authorities.write_bytes(dovecot.certificate.read_bytes())

    with ImapSource(login) as source:
        assert source.folders()


def test_a_certificate_for_another_name_is_refused(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    source = ImapSource(
        ImapLogin("mail.example.org", dovecot.tls_port, "tls", "ann", "secret"),
        connect_to=lambda host: ["127.0.0.1"],
    )

    with source, pytest.raises(UnsafeConnectionError, match=r"certificate of mail\.example\.org"):
        source.folders()


def test_clear_text_to_another_machine_is_refused_before_anything_is_sent() -> None:
    for addresses in (["192.0.2.1"], ["127.0.0.1", "192.0.2.1"], ["2001:db8::1"]):
        source = ImapSource(
            ImapLogin("mail.example.org", 143, "none", "ann", "secret"),
            connect_to=lambda host, found=addresses: found,
        )
        with source, pytest.raises(UnsafeConnectionError, match="clear text"):
            source.folders()


def test_a_server_without_starttls_does_not_get_the_password(dovecot: Dovecot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        heard = speak(listener, b"* OK hi\r\n", b"* CAPABILITY IMAP4rev1\r\n")
        source = ImapSource(ImapLogin("localhost", port, "starttls", "ann", "secret"))

        with source, pytest.raises(UnsafeConnectionError, match="STARTTLS"):
            source.folders()

    assert b"secret" not in b"".join(heard)


def test_a_server_that_claims_we_are_in_already_is_not_believed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        speak(listener, b"* PREAUTH welcome\r\n", b"* CAPABILITY IMAP4rev1 STARTTLS\r\n")
        source = ImapSource(ImapLogin("localhost", port, "starttls", "ann", "secret"))

        with source, pytest.raises(UnsafeConnectionError, match="logged in already"):
            source.folders()


def speak(listener: socket.socket, greeting: bytes, capability: bytes) -> list[bytes]:
    """Greet one client, answer its CAPABILITY, and note what else it says."""
    import threading

    heard: list[bytes] = []

    def talk() -> None:
        client, _ = listener.accept()
        with client, client.makefile("rb") as lines:
            client.sendall(greeting)
            for line in lines:
                heard.append(line)
                if b"CAPABILITY" in line:
                    client.sendall(capability + line.split()[0] + b" OK done\r\n")
                elif b"LOGOUT" in line:
                    break

    threading.Thread(target=talk, daemon=True).start()
    return heard


def test_each_way_of_not_being_reached_has_its_word(dovecot: Dovecot) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    cases = {
        "name not found": ImapLogin("nowhere.invalid", 993, "tls", "ann", "secret"),
        "refused the connection": ImapLogin("127.0.0.1", closed, "none", "ann", "secret"),
        "does not speak TLS": ImapLogin("localhost", dovecot.port, "tls", "ann", "secret"),
    }

    for words, where in cases.items():
        source = ImapSource(where, timeout=5)
        with source, pytest.raises(SourceUnavailableError, match=words):
            source.folders()


def test_a_server_that_greets_with_nonsense_is_quoted_with_care() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        speak(listener, b"HTTP/1.1 400 \x1b[2J" + b"z" * 5_000 + b"\r\n", b"")
        source = ImapSource(ImapLogin("127.0.0.1", port, "none", "ann", "secret"), timeout=2)

        with source, pytest.raises(SourceUnavailableError) as caught:
            source.folders()

    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_a_source_can_be_used_after_its_server_came_back(dovecot: Dovecot) -> None:
    dovecot.deliver("restart", letter(1))

    with ImapSource(login(dovecot, "restart")) as source:
        state = folder(source)
        dovecot.restart()
        with pytest.raises(SourceUnavailableError):
            list(source.uids(state))
        uids = list(source.uids(state))

    assert uids == [1]

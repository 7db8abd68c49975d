"""FilesSource: mbox, Maildir and .eml files; numbers that stay; parts without the whole."""

from __future__ import annotations

import mailbox
import random
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import psutil
import pytest

from crm.mail.letter import Flag
from sync.errors import (
    CursorExpiredError,
    FolderUnavailableError,
    MessageGoneError,
    SourceUnavailableError,
)
from sync.source import Batch, FolderRole, FolderState, RawMessage, Stretch
from sync.sources.files import FilesSource
from tests.servers.letters import large

FROM = b"From ann@example.org Wed Mar  4 05:06:07 2026\n"
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def letter(number: int, body: bytes = b"Hello.\n", end: bytes = b"\n") -> bytes:
    head = b"From: ann@example.org\nSubject: Letter %d\nMessage-ID: <%d@x>\n\n" % (number, number)
    return (head + body).replace(b"\n", end)


def mbox(path: Path, *letters: bytes) -> Path:
    path.write_bytes(b"".join(FROM + raw + b"\n" for raw in letters))
    return path


def maildir(path: Path) -> Path:
    for kind in ("cur", "new", "tmp"):
        (path / kind).mkdir(parents=True)
    return path


def take(source: FilesSource, state: FolderState, cursor: int = 0) -> list[Batch]:
    return list(source.batches(Stretch(state.name, state.uidvalidity, cursor, None)))


def messages(source: FilesSource, state: FolderState) -> list[RawMessage]:
    return [message for batch in take(source, state) for message in batch.messages]


def only(source: FilesSource) -> FolderState:
    (state,) = source.folders()
    return state


def test_an_mbox_is_a_folder_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = mbox(tmp_path / "Sent.mbox", letter(1), letter(2), letter(3))

    with FilesSource(path) as source:
        state = only(source)
        found = messages(source, state)
        places = list(source.listing(state))

    assert (state.name, state.role, state.count) == ("Sent", FolderRole.SENT, 3)
    assert [message.raw for message in found] == [letter(1), letter(2), letter(3)]
    assert [message.place for message in found] == places
    assert places[0].received_at == AT
    assert places[0].size == len(letter(1))


def test_an_mbox_that_python_writes_reads_back(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    bodies = [b"One.\n", b"From here on\nFrom there.\n", b">From afar\n", b"\n\nFrom the top\n"]
    for number, body in enumerate(bodies):
        box.add(letter(number, body))
    box.close()

    with FilesSource(tmp_path / "box") as source:
        found = messages(source, only(source))

    assert [message.raw for message in found][:2] == [letter(0, bodies[0]), letter(1, bodies[1])]
    assert [message.raw.count(b"Subject: ") for message in found] == [1, 1, 1, 1]
    assert b"\nFrom the top\n" in found[3].raw


@pytest.mark.parametrize(
    "line",
    [
        b"From - Tue Apr 27 19:42:22 2004",  # Thunderbird
        b"From 1234567890@xxx Sat Jan 01 00:00:00 +0000 2022",  # Google Takeout
        b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011",  # Python, Dovecot
        b'From "ann b"@example.org Wed Mar  4 05:06:07 2026 +0100',
        b"From ann@example.org  Wed Mar  4 05:06 2026",
        b"From ",  # Thunderbird at times
        b"From ann@example.org",
    ],
)
def test_a_from_line_may_look_as_each_program_writes_it(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"".join(line + b"\r\n" + letter(n, end=b"\r\n") + b"\r\n" for n in (1, 2)))

    with FilesSource(path) as source:
        found = messages(source, only(source))

    assert [message.raw for message in found] == [letter(1, end=b"\r\n"), letter(2, end=b"\r\n")]


def test_a_sentence_that_begins_with_from_ends_no_letter(tmp_path: Path) -> None:
    body = b"From Monday 12:30 until 2025 we are closed.\n\nFrom then on, we are not.\n"
    path = mbox(tmp_path / "box", letter(1, body), letter(2))

    with FilesSource(path) as source:
        found = messages(source, only(source))

    assert [message.raw for message in found] == [letter(1, body), letter(2)]


ISO = b"From a@b.test 2026-01-01 10:00:00\n"


def test_letters_behind_dates_of_another_form_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"".join(ISO + letter(n) + b"\n" for n in (1, 2, 3)))

    with FilesSource(path) as source:
        state = only(source)
        found = messages(source, state)

    assert state.count == 3
    assert [message.raw for message in found] == [letter(1), letter(2), letter(3)]
    assert found[0].place.received_at == datetime(2026, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("white", [b"", b"\n", b" \r\n\n", b"\n" * 9_000])
def test_what_stands_before_the_first_from_line_is_a_letter(tmp_path: Path, white: bytes) -> None:
    path = tmp_path / "box"
    path.write_bytes(white + letter(1) + b"\n" + FROM + letter(2) + b"\n" + FROM + letter(3))

    with FilesSource(path) as source:
        state = only(source)
        batches = take(source, state)
        found = [message for batch in batches for message in batch.messages]
        again = [source.letter(place).raw for place in source.listing(state)]
        after = take(source, state, cursor=found[0].place.uid)

    assert [message.raw for message in found] == [letter(1), letter(2), letter(3)] == again
    assert [message.raw for batch in after for message in batch.messages] == [letter(2), letter(3)]


def test_white_space_before_the_first_from_line_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b" \r\n\t\n" + FROM + letter(1))
    (tmp_path / "blank").write_bytes(b"\n \n")

    with FilesSource(path) as source:
        found = messages(source, only(source))
    with FilesSource(tmp_path / "blank") as source:
        blank = only(source)

    assert [message.raw for message in found] == [letter(1)]
    assert blank.count == 0


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"From long ago\n"])
def test_a_file_that_begins_with_a_header_is_one_letter(tmp_path: Path, before: bytes) -> None:
    raw = before + letter(1, b"From then on.\n>From afar.\n")
    (tmp_path / "box").write_bytes(raw)

    with FilesSource(tmp_path / "box") as source:
        state = only(source)
        (message,) = messages(source, state)

    assert (state.count, message.raw) == (1, raw)


@pytest.mark.parametrize(
    "raw", [random.Random(1).randbytes(300_000), Path("/bin/sh").read_bytes(), b"To whom?\n"]
)
def test_a_file_that_is_no_mail_is_told_and_the_others_go_on(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "bad.mbox").write_bytes(raw)
    mbox(tmp_path / "good.mbox", letter(1))

    with FilesSource(tmp_path) as source:
        state = only(source)
        unavailable = source.unavailable

    words = 'no letter begins in it, neither with a header nor behind a "From " line'
    assert state.name == "good"
    assert unavailable == (("bad", f"it cannot be read: {words}"),)


def test_letters_that_are_known_keep_their_numbers(tmp_path: Path) -> None:
    """Numbers that were given when asctime and the bare word alone separated letters."""
    path = tmp_path / "box"
    path.write_bytes(
        b"Subject: Before\n\nNo separator.\n\n"
        b"From ann@example.org Wed Mar  4 05:06:07 2026\n"
        b"From: a@b.test\nSubject: One\nX-Status: A\n\nHello.\n\n"
        b"From ann@example.org 2026-03-04 05:06:07\nSubject: Unseen\n\nHello.\n\n"
        b"From \nSubject: Bare\n\nHello.\n"
        b"From 1234567890@xxx Sat Jan 01 00:00:00 +0000 2022\r\n"
        b"Subject: Takeout\r\n\r\nHello.\r\n\r\n"
        b"From - Tue Apr 27 19:42:22 2004\n"
        b"From ann@example.org 2026-03-04 05:06:07\nSubject: Twice\n\nHello.\n"
    )
    known = {2225692, 12751322, 14597172, 19951575}

    with FilesSource(path) as source:
        found = {message.place.uid: message.raw for message in messages(source, only(source))}

    assert known <= found.keys()
    assert {found[uid].split(b"\n")[0] for uid in found.keys() - known} == {
        b"Subject: Before",
        b"Subject: Unseen",
    }


@pytest.mark.parametrize("seed", range(5))
def test_no_letter_is_lost_where_two_blocks_meet(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    letters = [letter(n, b"x" * dice.randint(0, 300_000) + b"\n") for n in range(30)]
    path = mbox(tmp_path / "box", *letters)

    with FilesSource(path) as source:
        state = only(source)
        found = messages(source, state)
        some = dice.choice(list(source.listing(state)))
        again = source.letter(some)
        after = take(source, state, cursor=some.uid)

    assert [message.raw for message in found] == letters
    assert len({message.place.uid for message in found}) == 30
    assert again.place == some
    assert sum(len(batch.messages) for batch in after) == sum(
        message.place.uid > some.uid for message in found
    )


def test_what_is_appended_to_an_mbox_lies_above_the_cursor(tmp_path: Path) -> None:
    path = mbox(tmp_path / "box", letter(1), letter(2))
    with FilesSource(path) as source:
        before = take(source, only(source))
    with path.open("ab") as file:
        file.write(FROM + letter(3) + b"\n")

    with FilesSource(path) as source:
        (batch,) = take(source, only(source), cursor=before[-1].until)

    assert [message.raw for message in batch.messages] == [letter(3)]


def test_flags_that_thunderbird_writes_in_place_do_not_renumber(tmp_path: Path) -> None:
    marked = b"X-Mozilla-Status: 0000\n" + letter(1)
    path = mbox(tmp_path / "box", marked, letter(2))
    with FilesSource(path) as source:
        before = messages(source, only(source))
    path.write_bytes(path.read_bytes().replace(b"Status: 0000", b"Status: 0007"))

    with FilesSource(path) as source:
        after = messages(source, only(source))

    assert [message.place.uid for message in after] == [message.place.uid for message in before]
    assert before[0].flags == frozenset()
    assert after[0].flags == {Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED}


def test_a_compacted_mbox_never_gives_another_letter_for_an_old_number(tmp_path: Path) -> None:
    path = mbox(tmp_path / "box", *[letter(n) for n in range(10, 20)])
    with FilesSource(path) as source:
        before = messages(source, only(source))
    mbox(path, *[letter(n) for n in range(11, 20)])  # The same lengths: the offsets are the same.

    with FilesSource(path) as source:
        state = only(source)
        old = {message.place.uid: message.raw for message in before}
        for message in messages(source, state):
            assert old.get(message.place.uid, message.raw) == message.raw
        with pytest.raises(MessageGoneError):
            source.letter(before[0].place)


def test_a_maildir_has_its_folders_flags_and_times(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir")
    maildir(root / ".Sent")
    maildir(root / ".Odeslan&AOE- po&AWE-ta")
    maildir(root / ".Clients.Acme")
    (root / "cur" / "1772600767.M1P1.host:2,FRS").write_bytes(letter(1, end=b"\r\n"))
    (root / "new" / "1772600768.M2P1.host").write_bytes(letter(2))
    (root / ".Sent" / "cur" / "1772600769.M3P1.host:2,D").write_bytes(letter(3))
    (root / "dovecot-uidlist").write_text("not a letter")

    with FilesSource(root) as source:
        states = {state.name: state for state in source.folders()}
        first, second = messages(source, states["INBOX"])
        (third,) = messages(source, states["Sent"])

    assert states["INBOX"].role is FolderRole.INBOX
    assert states["Sent"].role is states["Odeslaná pošta"].role is FolderRole.SENT
    assert states["Clients/Acme"].count == 0
    assert first.raw == letter(1, end=b"\r\n")
    assert first.flags == {Flag.FLAGGED, Flag.ANSWERED, Flag.SEEN}
    assert first.place.received_at == AT
    assert second.flags == frozenset()
    assert third.flags == {Flag.DRAFT}


def test_a_letter_of_a_maildir_keeps_its_number_when_it_is_read(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir")
    (root / "new" / "1772600767.M1P1.host").write_bytes(letter(1))
    with FilesSource(root) as source:
        state = only(source)
        (place,) = source.listing(state)
        (root / "new" / "1772600767.M1P1.host").rename(root / "cur" / "1772600767.M1P1.host:2,S")
        again = source.letter(place)

    assert again.place.uid == place.uid
    assert again.raw == letter(1)
    assert again.flags == {Flag.SEEN}


def test_new_mail_in_a_maildir_lies_above_the_cursor_and_old_mail_is_listed(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir")
    (root / "cur" / "1772600767.M1P1.host:2,").write_bytes(letter(1))
    with FilesSource(root) as source:
        before = take(source, only(source))
    (root / "new" / "1772600999.M1P1.host").write_bytes(letter(2))
    (root / "cur" / "1700000000.M1P1.host:2,").write_bytes(letter(3))

    with FilesSource(root) as source:
        state = only(source)
        (batch,) = take(source, state, cursor=before[-1].until)
        known = {message.place.uid for one in [*before, batch] for message in one.messages}
        (missing,) = [place for place in source.listing(state) if place.uid not in known]
        restored = source.letter(missing)

    assert [message.raw for message in batch.messages] == [letter(2)]
    assert restored.raw == letter(3)


def test_a_folder_of_eml_files_has_a_folder_for_each_directory(tmp_path: Path) -> None:
    (tmp_path / "mail" / "Sent").mkdir(parents=True)
    (tmp_path / "mail" / "one.eml").write_bytes(letter(1))
    (tmp_path / "mail" / "two.EML").write_bytes(letter(2, end=b"\r\n"))
    (tmp_path / "mail" / "notes.txt").write_bytes(b"not a letter")
    (tmp_path / "mail" / "Sent" / "three.eml").write_bytes(letter(3))
    (tmp_path / "mail" / "link.eml").symlink_to("/etc/passwd")

    with FilesSource(tmp_path / "mail") as source:
        states = {state.name: state for state in source.folders()}
        root = messages(source, states["mail"])
        sent = messages(source, states["Sent"])

    assert {message.raw for message in root} == {letter(1), letter(2, end=b"\r\n")}
    assert [message.raw for message in sent] == [letter(3)]
    assert states["Sent"].role is FolderRole.SENT


def test_files_without_a_suffix_are_letters_where_there_is_no_eml(tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(letter(1))
    (tmp_path / "2").write_bytes(letter(2))
    (tmp_path / ".hidden").write_bytes(b"not a letter")

    with FilesSource(tmp_path) as source:
        found = messages(source, only(source))

    assert {message.raw for message in found} == {letter(1), letter(2)}


def test_other_files_leave_the_numbers_as_they_are(tmp_path: Path) -> None:
    for number in range(0, 200, 2):
        (tmp_path / f"{number}.eml").write_bytes(letter(number))
    with FilesSource(tmp_path) as source:
        before = {message.raw: message.place.uid for message in messages(source, only(source))}
    for number in range(1, 200, 2):
        (tmp_path / f"{number}.eml").write_bytes(letter(number))

    with FilesSource(tmp_path) as source:
        after = {message.raw: message.place.uid for message in messages(source, only(source))}

    assert len(after) == 200
    assert before.items() <= after.items()
    assert all(0 < uid < 2**63 for uid in after.values())


def test_batches_end_by_count_and_bytes_and_a_stretch_at_its_last(tmp_path: Path) -> None:
    path = mbox(
        tmp_path / "box",
        *[letter(n) for n in range(160)],
        *[letter(n, b"x" * 3_500_000 + b"\n") for n in range(3)],
    )

    with FilesSource(path) as source:
        state = only(source)
        batches = take(source, state)
        uids = [place.uid for place in source.listing(state)]
        (part,) = source.batches(Stretch("box", 1, uids[2], uids[5]))
        (empty,) = source.batches(Stretch("box", 1, uids[-1], uids[-1] + 9))

    assert [len(batch.messages) for batch in batches] == [150, 12, 1]
    assert [message.place.uid for message in part.messages] == uids[3:6]
    assert (empty.since, empty.until, empty.messages) == (uids[-1], uids[-1] + 9, ())


@pytest.mark.parametrize("kind", ["mbox", "eml"])
def test_sixty_megabytes_come_by_their_parts_and_not_through_memory(
    tmp_path: Path, kind: str
) -> None:
    raw = large(60_000_000)
    path = tmp_path / f"big.{kind}"
    path.write_bytes(FROM + raw + b"\n" if kind == "mbox" else raw)
    wanted = message_from_bytes(raw).get_payload()[1].get_payload(decode=True)
    length = len(raw)
    del raw
    process = psutil.Process()
    before = process.memory_info().rss

    with FilesSource(path if kind == "mbox" else tmp_path) as source:
        (message,) = messages(source, only(source))
        came, at, peak = True, 0, process.memory_info().rss
        for piece in source.part(message.place, "2"):
            came = came and piece == wanted[at : at + len(piece)] and len(piece) <= 65_536
            at += len(piece)
            peak = max(peak, process.memory_info().rss)

    read = message_from_bytes(message.raw)
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert [(part.section, part.filename) for part in message.left] == [
        ("2", "film.bin"),
        ("3", "žlutý.png"),
    ]
    assert message.place.size == length
    assert came
    assert at == len(wanted)
    assert peak - before < 60_000_000


def test_a_part_of_any_letter_streams_by_its_number(tmp_path: Path) -> None:
    inner = large(1_000, name="within.bin")
    raw = (
        b'From: a@b.c\r\nContent-Type: multipart/mixed; boundary="fwd"\r\n\r\n--fwd\r\n\r\nSee.\r\n'
        b"--fwd\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--fwd--\r\n"
    )
    (tmp_path / "one.eml").write_bytes(raw)
    (tmp_path / "two.eml").write_bytes(letter(2))

    with FilesSource(tmp_path) as source:
        state = only(source)
        by_size = sorted(source.listing(state), key=lambda place: place.size)
        text = b"".join(source.part(by_size[0], "1"))
        see = b"".join(source.part(by_size[1], "1"))
        within = b"".join(source.part(by_size[1], "2.2"))
        with pytest.raises(MessageGoneError):
            list(source.part(by_size[1], "2.9"))

    assert text == b"Hello.\n"
    assert see == b"See."
    assert within == message_from_bytes(inner).get_payload()[1].get_payload(decode=True)


def test_ten_thousand_parts_and_deep_nesting_end(tmp_path: Path) -> None:
    wide = b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 20_000 + b"--b--\n"
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1_000)
    )
    (tmp_path / "wide.eml").write_bytes(wide)
    (tmp_path / "deep.eml").write_bytes(deep + b"\nText.\n")

    with FilesSource(tmp_path, letter_limit=1_000) as source:
        found = messages(source, only(source))

    assert len(found) == 2
    assert all(len(message.left) <= 1_000 for message in found)


def test_headers_come_without_the_body(tmp_path: Path) -> None:
    path = mbox(tmp_path / "box", letter(1, b"x" * 1_000_000 + b"\n"))

    with FilesSource(path) as source:
        (place,) = source.listing(only(source))
        (head,) = source.headers([place])

    assert head.raw == letter(1).partition(b"\n\n")[0] + b"\n\n"


def test_a_file_that_went_meanwhile_is_absent_and_the_others_come(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir")
    (root / "cur" / "1772600767.M1P1.host:2,").write_bytes(letter(1))
    (root / "cur" / "1772600768.M1P1.host:2,").write_bytes(letter(2))

    with FilesSource(root) as source:
        state = only(source)
        batches = source.batches(Stretch("INBOX", 1, 0, None))
        gone = root / "cur" / "1772600767.M1P1.host:2,"
        listed = [place.uid for place in source.listing(state)]
        gone.unlink()
        (batch,) = batches

    assert len(listed) == 2
    assert [message.raw for message in batch.messages] == [letter(2)]


def test_what_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(letter(1))

    with FilesSource(tmp_path / "nowhere") as source, pytest.raises(SourceUnavailableError):
        source.folders()
    with FilesSource(tmp_path) as source:
        with pytest.raises(FolderUnavailableError):
            list(source.batches(Stretch("Nowhere", 1, 0, None)))
        with pytest.raises(CursorExpiredError):
            list(source.batches(Stretch(tmp_path.name, 2, 0, None)))


def test_nothing_in_the_files_changes(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir")
    (root / "new" / "1772600767.M1P1.host").write_bytes(letter(1))
    before = [(path, path.stat().st_mtime_ns) for path in sorted(root.rglob("*"))]

    with FilesSource(root) as source:
        state = only(source)
        messages(source, state)
        list(source.headers(list(source.listing(state))))

    assert [(path, path.stat().st_mtime_ns) for path in sorted(root.rglob("*"))] == before
    assert not any((root / "cur").iterdir())

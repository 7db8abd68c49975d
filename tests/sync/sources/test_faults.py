"""What ImapSource makes of a server that cuts, stalls and lies: faults F18 to F29 of trust.md."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from sync.errors import (
    AuthorizationRevokedError,
    CursorExpiredError,
    SourceUnavailableError,
    SyncError,
)
from sync.source import Stretch
from sync.sources.imap import ImapLogin, ImapSource
from tests.servers.proxy import FETCH_KINDS, Fault, Proxy
from tests.soon import LONG, soon

if TYPE_CHECKING:
    from sync.source import Batch, FolderState
    from tests.servers.dovecot import Dovecot

COUNT = 6
_serial = itertools.count(1)


def letter(number: int) -> bytes:
    head = f"From: ann@example.org\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@x>\r\n\r\n"
    return head.encode() + b"".join(b"Line %d of the letter.\r\n" % line for line in range(200))


SERVED = {number: letter(number) for number in range(1, COUNT + 1)}


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    name = f"faults{next(_serial)}"
    for raw in SERVED.values():
        dovecot.deliver(name, raw)
    return name


def source(server: Dovecot | Proxy, user: str, timeout: float = 2) -> ImapSource:
    return ImapSource(ImapLogin("127.0.0.1", server.port, "none", user, "secret"), timeout=timeout)


def inbox(server: Dovecot | Proxy, user: str) -> FolderState:
    with source(server, user) as mail:
        return next(state for state in mail.folders() if state.name == "INBOX")


def stretch(state: FolderState, cursor: int = 0) -> Stretch:
    return Stretch(state.name, state.uidvalidity, cursor, None)


def take(server: Dovecot | Proxy, user: str, state: FolderState, cursor: int = 0) -> list[Batch]:
    with source(server, user) as mail:
        return list(mail.batches(stretch(state, cursor)))


def raws(batches: list[Batch]) -> dict[int, bytes]:
    return {message.place.uid: message.raw for batch in batches for message in batch.messages}


@pytest.mark.parametrize("kind", ["trunc_literal", "short_literal", "fin", "rst", "bye"])
def test_a_broken_answer_is_not_stored_and_comes_whole_the_next_time(
    dovecot: Dovecot, liar: Proxy, user: str, kind: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault(kind, uid=4))

    with pytest.raises(SourceUnavailableError):
        take(liar, user, state)
    batches = take(liar, user, state)

    assert liar.happened == [kind]
    assert raws(batches) == SERVED
    assert liar.bytes_down < 2 * sum(map(len, SERVED.values())) + 20_000


@pytest.mark.parametrize("short", range(1, 40))
def test_a_literal_that_is_short_by_any_length_is_never_a_letter(
    dovecot: Dovecot, liar: Proxy, user: str, short: int
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("short_literal", uid=2, value=short))

    with pytest.raises(SourceUnavailableError), source(liar, user, timeout=0.3) as mail:
        list(mail.batches(stretch(state)))

    assert liar.happened == ["short_literal"]


@pytest.mark.parametrize("kind", ["nil_body", "zero_body"])
def test_an_empty_body_is_asked_for_again(
    dovecot: Dovecot, liar: Proxy, user: str, kind: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault(kind, uid=3, times=2))

    batches = take(liar, user, state)

    assert liar.happened == [kind, kind]
    assert raws(batches) == SERVED


@pytest.mark.parametrize("kind", ["nil_body", "zero_body"])
def test_a_body_that_stays_empty_is_trouble_and_no_empty_letter(
    dovecot: Dovecot, liar: Proxy, user: str, kind: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault(kind, uid=3, times=None))

    (batch,) = take(liar, user, state)

    assert liar.happened == [kind] * 3
    by_uid = {message.place.uid: message for message in batch.messages}
    assert by_uid[3].raw == b""
    assert by_uid[3].trouble == "server gives no text"
    assert by_uid[3].place.size == len(SERVED[3])
    assert all(not by_uid[uid].trouble for uid in SERVED if uid != 3)


def test_a_letter_that_is_really_empty_is_a_letter(dovecot: Dovecot, liar: Proxy) -> None:
    dovecot.deliver("void", b"")
    state = inbox(dovecot, "void")

    (batch,) = take(liar, "void", state)

    assert [(message.raw, message.trouble) for message in batch.messages] == [(b"", "")]


def test_a_letter_that_vanishes_for_a_moment_is_asked_for_again(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("vanish", uid=3, times=1, nth=2))

    batches = take(liar, user, state)

    assert liar.happened == ["vanish"]
    assert raws(batches) == SERVED


def test_a_letter_that_vanished_is_absent_and_a_later_listing_finds_it(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("vanish", uid=3, times=None))

    (batch,) = take(liar, user, state)
    liar.plan()
    with source(liar, user) as mail:
        places = list(mail.listing(state))
        found = mail.letter(places[2])

    assert sorted(raws([batch])) == [1, 2, 4, 5, 6]
    assert batch.until == COUNT
    assert found.raw == SERVED[3]


def test_the_live_cursor_waits_for_a_letter_that_is_listed_and_does_not_come(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("vanish", uid=COUNT, times=None))

    (batch,) = take(liar, user, state)
    liar.plan()
    (rest,) = take(liar, user, state, cursor=batch.until)

    assert batch.until == COUNT - 1
    assert raws([rest]) == {COUNT: SERVED[COUNT]}


def test_a_response_that_comes_twice_is_one_letter(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("dup_fetch", uid=2), Fault("dup_fetch", uid=5))

    (batch,) = take(liar, user, state)

    assert liar.happened == ["dup_fetch", "dup_fetch"]
    assert [message.place.uid for message in batch.messages] == list(SERVED)


def test_a_response_for_a_letter_that_was_not_asked_for_is_ignored(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("swap_uid", uid=2))

    batches = take(liar, user, state)

    assert liar.happened == ["swap_uid"]
    assert raws(batches) == SERVED  # 2 was missing, was asked for again, and 3999999 is not there.


@pytest.mark.parametrize("kind", ["uidnext_lie", "exists_lie"])
@pytest.mark.parametrize("by", [-1000, -1, 1, 1000])
def test_no_number_but_a_uid_is_relied_on(
    dovecot: Dovecot, liar: Proxy, user: str, kind: str, by: int
) -> None:
    liar.plan(Fault(kind, times=None, value=by))
    state = inbox(liar, user)

    first = take(liar, user, state)
    dovecot.deliver(user, letter(7))
    then = take(liar, user, state, cursor=first[-1].until)

    assert kind in liar.happened
    assert raws(first) == SERVED
    assert raws(then) == {7: letter(7)}


def test_another_uidvalidity_ends_the_stretch_before_anything_is_read(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("uidvalidity", times=None, value=7))

    with pytest.raises(CursorExpiredError):
        take(liar, user, state)

    assert not any(command.startswith(b"UID") for command in liar.commands)


def test_a_uidvalidity_that_changes_each_time_ends_every_attempt(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    liar.plan(Fault("uidvalidity_changing", times=None))

    for _ in range(5):
        state = inbox(liar, user)
        with pytest.raises(CursorExpiredError):
            take(liar, user, state)

    assert set(liar.happened) == {"uidvalidity_changing"}


@pytest.mark.parametrize("kind", ["unsolicited", "long_line"])
def test_lines_that_nobody_asked_for_change_nothing(
    dovecot: Dovecot, liar: Proxy, user: str, kind: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault(kind, uid=1), Fault(kind, uid=4))

    (batch,) = take(liar, user, state)

    assert liar.happened == [kind, kind]
    assert raws([batch]) == SERVED
    assert all(not message.flags for message in batch.messages)  # FLAGS without a UID are no one's.


def test_garbage_is_an_error_with_printable_words(dovecot: Dovecot, liar: Proxy, user: str) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("garbage_line", uid=2))

    with pytest.raises(SourceUnavailableError) as caught:
        take(liar, user, state)
    batches = take(liar, user, state)

    assert str(caught.value).isprintable()
    assert raws(batches) == SERVED


def test_a_no_after_data_is_passing_and_nothing_is_lost(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("tagged_no", nth=2))  # The first answer is that of the sizes.

    (batch,) = take(liar, user, state)

    assert liar.happened == ["tagged_no"]
    assert raws([batch]) == SERVED
    assert not any(message.trouble for message in batch.messages)


def test_a_no_to_everything_is_passing_and_moves_no_cursor(
    dovecot: Dovecot, liar: Proxy, user: str
) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("tagged_no", times=None))

    with pytest.raises(SourceUnavailableError):
        take(liar, user, state)
    liar.plan()
    batches = take(liar, user, state)

    assert raws(batches) == SERVED


@pytest.mark.parametrize("kind", ["auth_unavailable", "auth_bad"])
def test_a_login_that_fails_for_now_is_passing(
    dovecot: Dovecot, liar: Proxy, user: str, kind: str
) -> None:
    liar.plan(Fault(kind))

    with pytest.raises(SourceUnavailableError):
        inbox(liar, user)
    state = inbox(liar, user)

    assert state.count == COUNT


@pytest.mark.parametrize("kind", ["auth_fail", "auth_plain_no"])
def test_a_login_that_is_refused_is_settled(liar: Proxy, user: str, kind: str) -> None:
    liar.plan(Fault(kind))

    with pytest.raises(AuthorizationRevokedError):
        inbox(liar, user)


def test_a_short_stall_is_waited_for(dovecot: Dovecot, liar: Proxy, user: str) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("stall", uid=3, seconds=0.5))

    batches = take(liar, user, state)

    assert raws(batches) == SERVED


def test_a_long_stall_ends_with_the_time_out(dovecot: Dovecot, liar: Proxy, user: str) -> None:
    state = inbox(dovecot, user)
    liar.plan(Fault("stall", uid=3, seconds=LONG))

    with soon(), pytest.raises(SourceUnavailableError, match="timed out"):
        take(liar, user, state)


def test_a_black_hole_ends_with_the_time_out(liar: Proxy, user: str) -> None:
    liar.plan(Fault("black_hole"))

    with pytest.raises(SourceUnavailableError, match="timed out"):
        inbox(liar, user)


def test_leaving_never_waits_long_for_a_goodbye(dovecot: Dovecot, liar: Proxy, user: str) -> None:
    with soon(), source(liar, user, timeout=LONG) as mail:
        mail.folders()
        liar.swallow()


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_each_letter_comes_once_and_as_served(dovecot: Dovecot, seed: int) -> None:
    user = f"soak{seed}"
    served = {number: letter(number) for number in range(1, 121)}
    for raw in served.values():
        dovecot.deliver(user, raw)
    state = inbox(dovecot, user)
    came: dict[int, bytes] = {}
    cursor = 0

    with Proxy(dovecot.port, seed=seed, rate=0.02, kinds=FETCH_KINDS) as liar:
        for _ in range(60):
            try:
                with source(liar, user, timeout=1.5) as mail:
                    for batch in mail.batches(stretch(state, cursor)):
                        assert batch.since == cursor
                        fresh = raws([batch])
                        assert not fresh.keys() & came.keys()
                        came |= fresh
                        cursor = batch.until
                    break
            except SyncError:
                continue

    assert liar.happened
    assert cursor == max(served)
    assert came == {uid: served[uid] for uid in came}
    assert len(came) == len(served)

"""A first import over Gmail's IMAP ends as one over the API does, whatever is in the way."""

from __future__ import annotations

import ssl
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from freezegun import freeze_time

from crm.base import clock
from crm.base.db import Session
from crm.base.settings import Settings
from crm.mail import awaited, importing
from crm.mail.importing import Over, Why
from crm.mail.models import CopyState, Folder
from server.demo.gmail import Fault, GmailServer, Mailbox
from sync import backfill
from sync.credentials import open_source
from sync.overviews import Overviews
from sync.sources.gmail import GmailSource, bulk
from tests import make
from tests.servers import certificates
from tests.sync import rig
from tests.sync.rig import Box

ADDRESS = "ana@halden.test"
#: Whole seconds, which is what IMAP tells.
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def box(town: Settings, google: GmailServer, account: Mailbox) -> Box:
    return rig.connect_gmail(town, google, over=Over.IMAP)


def fill(account: Mailbox, count: int = 30, **more: Any) -> list[str]:
    return [
        account.deliver(raw, at=START + timedelta(hours=n), **more)
        for n, raw in enumerate(rig.letters(count))
    ]


def fetched(google: GmailServer, method: str) -> Counter[str]:
    return Counter(call.id for call in google.calls if call.method == method)


def over_imap(google: GmailServer) -> Counter[str]:
    return fetched(google, "imap.fetch")


def over_api(google: GmailServer) -> Counter[str]:
    return fetched(google, "users.messages.get")


def state(box: Box) -> list[list[tuple[Any, ...]]]:
    """Return all that an import makes of a mailbox, without the names that we give."""
    copies = box.ask(
        "select c.uid, c.state, c.rule, c.labels, c.flags, c.digest, c.headprint, m.fingerprint,"
        " c.received_at, c.size, m.rfc_id"
        " from copy c left join message m"
        " on m.workspace_id = c.workspace_id and m.id = c.message_id"
        " where c.workspace_id = %s order by 1",
        box.workspace_id,
    )
    messages = box.ask(
        "select m.rfc_id, m.subject, m.kind, m.direction, m.at, m.sent_at, m.whole, b.new_text,"
        " (select min(o.rfc_id) from message o"
        "   where o.workspace_id = m.workspace_id and o.thread_id = m.thread_id),"
        " (select array_agg((p.role, p.email, p.name) order by p.position) from participant p"
        "   where p.workspace_id = m.workspace_id and p.message_id = m.id)::text"
        " from message m join message_body b"
        " on b.workspace_id = m.workspace_id and b.message_id = m.id"
        " where m.workspace_id = %s order by 1, 2",
        box.workspace_id,
    )
    folders = box.ask(
        "select name, server, modseq from folder where workspace_id = %s", box.workspace_id
    )
    people = box.ask(
        "select email from contact_address where workspace_id = %s order by 1", box.workspace_id
    )
    # Their names are made with the mailbox's: what is the same is how many threads are known.
    mentions = box.ask("select count(*) from mention where workspace_id = %s", box.workspace_id)
    return [copies, messages, folders, people, mentions]


def living(box: Box) -> list[tuple[Any, ...]]:
    """Return what is kept of a mailbox: of what is gone, or kept out later, the past may differ."""
    return [row[:6] for row in state(box)[0] if row[1] == CopyState.STORED]


def afresh(town: Settings, google: GmailServer) -> Box:
    """Take in the same mailbox once more, over the API."""
    other = rig.connect_gmail(town, google)
    assert rig.bring(other).trouble == ""
    return other


def varied(account: Mailbox) -> list[str]:
    """Fill a mailbox with labels of every kind, and with what is not kept."""
    own = account.labels.create("Größe & so").id
    ids = fill(account, 24)
    for n, id_ in enumerate(ids):
        account.label(id_, add=[own] if n % 3 == 0 else ["CATEGORY_UPDATES"])
        if n % 2:
            account.label(id_, add=["STARRED", "IMPORTANT"], remove=["UNREAD"])
        if n % 5 == 0:
            account.label(id_, remove=["INBOX"])
    account.send_from_phone(make.raw(ADDRESS, "jana@severka.test", "Sent"), at=START)
    account.deliver(make.raw(subject="Spam"), labels=["SPAM"], at=START)
    account.deliver(make.raw(subject="Bin"), labels=["TRASH"], at=START)
    account.deliver(make.raw(subject="Draft"), labels=["DRAFT"], at=START)
    large = make.raw(subject="Large", text="A long line of words. " * 70_000)
    ids.append(account.deliver(large, at=START))
    return ids


def test_both_ways_make_the_same_of_a_mailbox(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    varied(account)

    assert rig.bring(box).trouble == ""

    assert over_api(google) == Counter()
    assert len(over_imap(google)) == 26
    assert set(over_imap(google).values()) == {1}
    assert state(box) == state(afresh(town, google))
    assert any("CATEGORY_UPDATES" in row[3] for row in state(box)[0])
    rig.assert_balanced(box)


def test_what_comes_later_comes_over_the_api_and_ends_the_same(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = varied(account)
    rig.bring(box)
    before = over_imap(google)
    new = account.deliver(make.raw(subject="New"), at=START + timedelta(days=9))
    account.label(ids[0], add=["STARRED"])
    account.trash(ids[1])

    assert rig.bring(box).stored == 1

    assert over_imap(google) == before
    assert set(over_api(google)) == {new}
    assert living(box) == living(afresh(town, google))


def test_all_mail_is_found_by_what_it_is_for(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    account.shown.names["ALL"] = "Všechny zprávy"
    account.labels.create("All Mail")
    fill(account, 5)

    rig.bring(box)

    assert len(over_imap(google)) == 5


def test_a_mailbox_whose_overview_would_take_too_long_comes_over_the_api(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "SEEN_MOST", 5)
    ids = fill(account, 6)

    assert rig.bring(box).stored == 6

    assert (set(over_api(google)), over_imap(google)) == (set(ids), Counter())
    ended = importing.left(box.row())
    assert ended is not None
    assert ended.why is Why.LIMIT


def test_what_imap_does_not_show_comes_over_the_api(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 12)
    account.shown.most = 5

    assert rig.bring(box).stored == 12

    assert set(over_imap(google)) == set(ids[-5:])
    assert set(over_api(google)) == set(ids[:-5])
    assert importing.left(box.row()) is None


def test_a_letter_that_is_gone_by_then_is_none(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 6)
    fetch = bulk.Bulk._fetch

    def late(self: bulk.Bulk, wanted: Any) -> Any:
        if ids[2] in {one.id for one in account.copies}:
            account.delete(ids[2])
        return fetch(self, wanted)

    monkeypatch.setattr(bulk.Bulk, "_fetch", late)

    assert rig.bring(box).stored == 5
    rig.bring(box)

    rig.assert_balanced(box)


@pytest.mark.parametrize(
    ("refuse", "why"),
    [
        ({"enabled": False}, Why.REFUSED),
        ({"allowed": False}, Why.REFUSED),
        ({"hidden": {"ALL"}}, Why.HIDDEN),
    ],
)
def test_where_imap_is_off_all_comes_over_the_api_and_it_is_said(
    google: GmailServer, account: Mailbox, box: Box, refuse: dict[str, Any], why: Why
) -> None:
    fill(account, 6)
    for name, value in refuse.items():
        setattr(account.shown, name, value)

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (6, "")
    assert over_imap(google) == Counter()
    ended = importing.left(box.row())
    assert ended is not None
    assert ended.why is why
    assert ended.until > clock.now() + timedelta(days=30)


def test_a_consent_to_reading_alone_is_no_trouble_of_the_import(
    town: Settings, google: GmailServer, account: Mailbox
) -> None:
    fill(account, 6)
    box = rig.connect_gmail(town, google)
    with rig.db.transaction(box.workspace_id) as session:
        row = rig.mailboxes.get(session, box.workspace_id, box.id)
        row.place = {**row.place, **importing.choice(Over.IMAP)}

    assert (rig.bring(box).stored, over_imap(google)) == (6, Counter())

    ended = importing.left(box.row())
    assert ended is not None
    assert ended.why is Why.REFUSED


def test_where_the_day_s_bytes_are_used_up_it_goes_on_over_the_api_for_an_hour(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "GROUP_BYTES", 3_000)
    ids = fill(account, 20)
    google.plan(Fault("imap_overquota", nth=8))

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (20, "")
    came = Counter(
        call.id for call in google.calls if call.method == "imap.fetch" and not call.fault
    )
    assert 0 < len(came) < 8
    assert set(over_api(google)) >= set(ids) - set(came)
    ended = importing.left(box.row())
    assert ended is not None
    assert ended.why is Why.LIMIT
    assert not importing.is_over_imap(box.row(), clock.now())
    rig.assert_balanced(box)


def test_too_many_connections_lead_over_the_api(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 4)
    google._world.connections[ADDRESS] = 15

    assert rig.bring(box).stored == 4

    ended = importing.left(box.row())
    assert ended is not None
    assert ended.why is Why.LIMIT


def test_a_connection_that_breaks_is_made_again_once(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 10)
    google.plan(Fault("imap_cut", nth=4))

    assert rig.bring(box).stored == 10

    assert over_api(google) == Counter()
    assert importing.left(box.row()) is None
    rig.assert_filed_once(box)


def test_one_that_breaks_again_and_again_is_left_for_some_minutes(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 10)
    google.plan(Fault("imap_cut", times=None))

    assert rig.bring(box).stored == 10

    assert set(over_api(google)) == set(ids)
    ended = importing.left(box.row())
    assert ended is not None
    assert ended.why is Why.BROKEN


def test_a_killed_worker_has_fetched_one_batch_in_vain_and_another_goes_on(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 400)

    assert rig.finish(rig.start(box, "after cursor:2")) == 137
    rig.expire_leases(box)
    before = len(google.calls)
    assert rig.bring(box).trouble == ""

    again = [id_ for id_, times in over_imap(google).items() if times > 1]
    assert len(again) <= 150
    assert over_api(google) == Counter()
    rig.assert_filed_once(box)
    rig.assert_balanced(box)
    asked = {call.method for call in google.calls[before:]}
    assert "users.labels.list" not in asked  # The second worker goes by the first one's overview.


def test_a_label_that_changes_while_it_comes_in_is_right_in_the_end(
    town: Settings, google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 30)
    fetch = bulk.Bulk._fetch

    def late(self: bulk.Bulk, wanted: Any) -> Any:
        monkeypatch.undo()
        account.label(ids[3], add=["STARRED"], remove=["UNREAD"])
        account.trash(ids[4])
        return fetch(self, wanted)

    monkeypatch.setattr(bulk.Bulk, "_fetch", late)
    rig.bring(box)
    rig.bring(box)

    assert living(box) == living(afresh(town, google))


def test_a_label_that_changes_before_a_letter_comes_in_is_right_in_the_end(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 400)
    assert rig.bring(box, budget=0).more  # The first batch is in, and the others in nobody's hand.
    for id_ in ids[::7]:
        account.label(id_, add=["STARRED"], remove=["UNREAD"])
    assert rig.bring(box, budget=0).more
    account.label(ids[-1], remove=["INBOX"])
    account.trash(ids[-2])

    rig.bring(box)
    rig.bring(box)

    assert over_imap(google).keys() == set(ids) - {ids[-2]}
    assert living(box) == living(afresh(town, google))
    rig.assert_balanced(box)


def test_a_label_that_changes_while_imap_is_left_is_right_in_the_end(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 400)
    assert rig.bring(box, budget=0).more
    google.plan(Fault("imap_cut", times=2))
    assert rig.bring(box, budget=0).more  # Over the API.
    for id_ in ids[::7]:
        account.label(id_, add=["STARRED"], remove=["UNREAD"])
    with open_source(box.row(), box.settings, box.vault) as source:
        backfill.plan(box.row(), source, source.folders())

    ended = importing.left(box.row())
    assert ended is not None
    with freeze_time(ended.until, tick=True):
        rig.bring(box)
        rig.bring(box)

    assert over_imap(google).keys() >= set(ids[300:])
    assert living(box) == living(afresh(town, google))


def test_what_leaves_the_bin_while_it_comes_in_is_right_in_the_end(
    town: Settings, google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 160)
    account.trash(ids[0])
    prepare = bulk.Bulk.prepare

    def late(self: bulk.Bulk) -> None:
        monkeypatch.undo()
        account.untrash(ids[0])  # It was in the bin when we took stock.
        prepare(self)

    monkeypatch.setattr(bulk.Bulk, "prepare", late)
    assert rig.bring(box, budget=0).more
    account.label(ids[0], add=["STARRED"], remove=["UNREAD"])

    for _ in range(3):
        assert rig.bring(box).trouble == ""

    assert over_imap(google)[ids[0]] == 1
    assert living(box) == living(afresh(town, google))


def test_where_the_history_begins_anew_nothing_is_gone_by_that_was_listed_before(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 400)
    assert rig.finish(rig.start(box, "after cursor")) == 137
    rig.expire_leases(box)
    for id_ in ids[::7]:
        account.label(id_, add=["STARRED"], remove=["UNREAD"])
    account.trash(ids[3])
    account.delete(ids[4])
    account.age_history()

    assert rig.bring(box).trouble == ""

    assert set(over_api(google)) == {ids[3], ids[4]}  # All Mail has them no more.
    assert living(box) == living(afresh(town, google))
    rig.assert_balanced(box)


def test_an_old_overview_is_let_go_of_before_others_may_take_a_stretch_anew(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(account, 160)
    assert rig.bring(box, budget=0).more
    kept = Overviews(box.id, box.settings.redis_url)
    assert kept.find() is not None
    account.age_history()
    wrest, left = awaited.wrest, list[object]()

    def look(session: Session, folder: Folder) -> None:
        left.append(kept.find())
        wrest(session, folder)

    monkeypatch.setattr(awaited, "wrest", look)
    rig.bring(box)

    assert left == [None]


def test_a_token_that_ended_before_its_time_is_let_go_of(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 5)
    with open_source(box.row(), box.settings, box.vault) as source:
        source.folders()  # It is kept for the others from now on.
    google.expire_tokens()
    with open_source(box.row(), box.settings, box.vault) as source:
        assert isinstance(source, GmailSource)
        assert source._bulk is not None
        (group,) = source._bulk.groups([int(one.id, 16) for one in account.copies], 150)
        assert len(source._bulk.letters(group)) == 5
    assert importing.left(box.row()) is None


def test_by_tls_the_certificate_has_to_fit(
    town: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    trusted = tmp_path / "cert.pem"
    trusted.write_bytes(certificates.make(private, "localhost"))
    (tmp_path / "key.pem").write_bytes(certificates.key(private))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, tmp_path / "key.pem")
    with GmailServer(imap_tls=context) as google:
        fill(google.add(ADDRESS), 4)
        assert google.imap_url.startswith("imaps://")
        box = rig.connect_gmail(town, google, over=Over.IMAP)
        assert rig.bring(box).stored == 4
        ended = importing.left(box.row())
        assert ended is not None
        assert ended.why is Why.BROKEN  # Whose certificate that is nobody knows.
        assert over_imap(google) == Counter()

        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        box = rig.connect_gmail(town, google, over=Over.IMAP)
        assert rig.bring(box).stored == 4
        assert len(over_imap(google)) == 4


def test_what_goes_wrong_at_the_api_is_the_api_s_trouble(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    google.plan(Fault("500", method="users.labels.list", times=None))

    assert rig.bring(box).trouble == "unreachable"

    assert importing.left(box.row()) is None

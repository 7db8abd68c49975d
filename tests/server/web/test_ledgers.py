"""The ledger in words: a sum is one, or is not written as one; nothing that is there vanishes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm.base import i18n
from crm.mail.copies import FolderLedger
from crm.mail.models import Folder
from server.web import ledgers
from tests import make


def line(name="INBOX", *, server=0, pending=0, stray=0, trouble="", compared=True, **counts):
    folder = Folder(name=name, server=server, pending=pending, stray=stray, trouble=trouble)
    folder.skips = ""
    folder.compared_at = make.NOW if compared else None
    return FolderLedger(folder, **counts)


def test_a_sum_that_adds_up_is_written_out_with_its_reasons():
    found = ledgers.of_mailbox(
        [
            line(server=11_919, stored=11_902, failed=17),
            line("Junk", server=512, skipped={"spam": 500, "draft": 12}),
        ],
        {"broken": 12, "cut off": 5},
    )

    assert found.sum == (
        "12,431 = 11,902 stored + 512 skipped (drafts 12, spam 500) + 17 that could not be read"
    )
    assert (found.check, found.tone, found.balanced) == ("Adds up", "good", True)
    assert found.parts[2].reason == "They are kept whole. 12 × broken · 5 × cut off"


def test_what_is_missing_is_named_and_stands_in_the_sum():
    found = ledgers.of_mailbox([line(server=20, stored=3, pending=17)], {})

    assert found.sum == "20 = 3 stored + 17 waiting"
    assert (found.check, found.tone) == ("17 missing: comparing now", "warn")


def test_before_the_first_comparison_what_the_server_counted_is_waited_for():
    found = ledgers.of_mailbox([line(server=20, stored=3, compared=False)], {})

    assert found.sum == "20 = 3 stored + 17 waiting"
    assert (found.check, found.tone) == ("Not compared yet", "second")


def test_between_two_comparisons_no_sum_is_written_that_is_none():
    found = ledgers.of_mailbox([line(server=20, stored=21)], {})

    assert found.sum == "20 on the server, 21 stored"
    assert (found.check, found.tone) == ("Changed meanwhile: comparing now", "warn")


def test_a_folder_that_cannot_be_opened_says_why_and_the_whole_says_that():
    found = ledgers.of_mailbox([line(), line("Closed", trouble="the server refuses")], {})

    assert found.check == "A folder could not be opened"
    assert found.folders[1].check == "the server refuses"


def test_the_inbox_comes_first_and_is_called_so():
    found = ledgers.of_mailbox([line("Archive"), line("INBOX"), line("Work")], {})

    assert [one.name for one in found.folders] == ["Inbox", "Archive", "Work"]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
def test_each_part_of_the_bar_is_seen_and_none_leaves_it(counts):
    found = ledgers.parts(*((str(n), count) for n, count in enumerate(counts)))

    end = 0
    for part, count in zip(found, counts, strict=True):
        assert (part.width == 0) == (count == 0)
        if count:
            assert part.width >= 5
            assert part.x >= end
            end = part.x + part.width
    assert end <= ledgers.WIDE


def test_a_folder_has_its_name_in_the_reader_s_language():
    with i18n.speaking("cs"):
        named = [ledgers.folder(name) for name in ("INBOX", "All Mail", "Archive")]

    assert named == ["Doručená pošta", "Všechny zprávy", "Archive"]

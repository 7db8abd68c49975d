"""Every doubt about a reader: a letter that raises it, and words for a person."""

import pytest

from sync.reading import doubts, fast, read, readers, second
from sync.reading.mime import ReaderError
from tests.sync.reading import hostile
from tests.sync.reading.samples import letter, sample

#: Each doubt of the table with a letter that raises it: of tests/letters, or made for its size.
RAISED = {
    doubts.UNREADABLE: "attached-message-in-broken-base64",
    doubts.BROKEN_ENCODING: "base64-text-cut-off",
    doubts.UNKNOWN_CHARSET: "text-in-a-charset-that-nobody-knows",
    doubts.NOT_OF_CHARSET: "utf-8-with-a-broken-sign",
    doubts.HEADER_SIGNS: "subject-in-utf-8-with-a-broken-sign",
    doubts.HEADER_MENDED: "header-unfolded-badly-kerio",
    doubts.NO_FROM: "from-far-below-lines-that-are-no-fields",
    doubts.NO_PART: "multipart-without-a-part",
    doubts.DIGEST: "digest-of-a-mailing-list",
    doubts.UUENCODED: "part-in-x-uuencode",
    doubts.MESSAGE: "forwarded-as-an-attachment-with-an-attachment",
    doubts.TNEF: "winmail-dat-alone-outlook",
    doubts.SIGNED: "signed-with-pgp-mime",
    doubts.SMIME: "signed-opaquely-smime-outlook",
    doubts.ENCRYPTED: "encrypted-with-pgp-mime",
    doubts.NO_MORE: "signed-with-pgp-mime",
    doubts.ENCODED_WORDS: hostile.one_megabyte_of_encoded_words_in_a_body,
    doubts.FOLDED_LINES: hostile.four_megabytes_of_folds_in_a_part,
    doubts.TANGLED: hostile.four_megabytes_of_folds_in_a_part,
    doubts.TOO_LARGE: hostile.four_megabytes_of_folds_in_a_part,
}
#: These are raised by no letter that is known, but by a reader that stops working.
BY_A_READER = {doubts.PANICKED, doubts.LOST}


def test_the_table_and_the_letters_name_the_same_doubts():
    assert set(doubts.TOLD) == {*RAISED, *BY_A_READER}
    assert set(doubts.TOLD) > doubts.HARMLESS
    assert set(doubts.TOLD) > doubts.CERTAIN
    assert set(doubts.OF_TYPE.values()) < set(doubts.TOLD)


@pytest.mark.parametrize(("doubt", "made"), RAISED.items(), ids=RAISED)
def test_a_letter_raises_the_doubt(doubt, made):
    raw = made() if callable(made) else sample(made)

    assert doubt in [raised for _reader, raised in doubts.of(read(raw).notes)]


@pytest.mark.parametrize("doubt", doubts.TOLD)
def test_a_doubt_is_told_in_a_sentence(doubt):
    sentence = doubts.TOLD[doubt]

    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_a_panic_of_the_first_reader_is_a_doubt(monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(raw, *, mode):
        raise PanicException

    monkeypatch.setattr(fast, "parse_email_tree", panic)

    assert list(doubts.of(read(letter("From: a@acme.test")).notes)) == [("fast", doubts.PANICKED)]


def test_a_second_look_that_finds_less_is_not_believed(monkeypatch):
    def lose(raw, fields):
        tree = second.open_tree(raw, fields)
        return tree._replace(leaves=())

    lossy = tuple(
        one._replace(open_tree=lose) if one.name == "second" else one for one in readers.READERS
    )
    monkeypatch.setattr(readers, "READERS", lossy)

    found = read(sample("utf-8-with-a-broken-sign"))

    assert found.reader == "fast"
    assert "kůň úpěl" in found.text
    assert ("second", doubts.LOST) in doubts.of(found.notes)


def test_where_nothing_is_wrong_the_first_reader_stays_when_the_second_gives_up(monkeypatch):
    def refuse(raw, fields):
        raise ReaderError(doubts.TOO_LARGE)

    refusing = tuple(
        one._replace(open_tree=refuse) if one.name == "second" else one for one in readers.READERS
    )
    monkeypatch.setattr(readers, "READERS", refusing)

    found = read(sample("signed-with-pgp-mime"))

    assert found.reader == "fast"
    assert list(doubts.of(found.notes)) == [
        ("fast", doubts.SIGNED),
        ("second", doubts.TOO_LARGE),
    ]


def test_the_bytes_of_an_attached_message_stay_as_they_were_sent():
    raw = sample("forwarded-as-an-attachment-with-an-attachment").replace(b"\n", b"\r\n")

    assert read(raw).reader == "fast"


@pytest.mark.parametrize(
    ("one", "other", "graver"),
    [
        ("", doubts.SIGNED, doubts.SIGNED),
        (doubts.SIGNED, doubts.NO_PART, doubts.NO_PART),
        (doubts.NO_PART, doubts.SIGNED, doubts.NO_PART),
        (doubts.SIGNED, doubts.MESSAGE, doubts.SIGNED),
        (doubts.SIGNED, "", doubts.SIGNED),
    ],
)
def test_what_is_wrong_weighs_more_than_what_a_letter_is(one, other, graver):
    assert doubts.graver(one, other) == graver

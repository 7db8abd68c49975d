"""Why a reader is not believed alone: each doubt in fixed words, with a sentence for a person.

The first reader's trees come without warnings. What fast-mail-parser would warn of (an unknown
charset, a header that it mends, an address that it cannot read) is therefore looked for here and
in the modules beside, and is a doubt like the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

UNREADABLE = "a structure that cannot be read"
PANICKED = "the reader panicked"
ENCODED_WORDS = "too many encoded words"
FOLDED_LINES = "too many folded lines"
BROKEN_ENCODING = "a broken encoding"
UNKNOWN_CHARSET = "unknown charset"
NOT_OF_CHARSET = "bytes that are not of the charset"
HEADER_SIGNS = "signs in the header that cannot be read"
HEADER_MENDED = "a header that had to be mended"
NO_FROM = "no From where the bytes have one"
NO_PART = "no part in a multipart"
DIGEST = "a digest"
UUENCODED = "uuencoded"
MESSAGE = "an attached message"
TNEF = "a winmail.dat"
SIGNED = "a signed message"
SMIME = "a message wrapped by S/MIME"
ENCRYPTED = "an encrypted message"
TOO_LARGE = "too large for the second reader"
TANGLED = "too tangled to read in time"
LOST = "it found less than the reader before"
NO_MORE = "it found no more than the reader before"

#: Every doubt, and how `inlay read --explain` tells it: in English, as all of a terminal.
TOLD: Mapping[str, str] = {
    UNREADABLE: "It could not make sense of how the letter is put together.",
    PANICKED: "It stopped with an error of its own.",
    ENCODED_WORDS: "The letter has more encoded words than it reads in time.",
    FOLDED_LINES: "The letter has more folded lines than it reads in time.",
    BROKEN_ENCODING: "A part of the letter is encoded in a way that cannot be undone.",
    UNKNOWN_CHARSET: "The letter names a character set that nobody knows.",
    NOT_OF_CHARSET: "The text holds bytes that its character set does not have.",
    HEADER_SIGNS: "The header holds bytes that its character set does not have.",
    HEADER_MENDED: "The header has lines that are no fields; they were left out.",
    NO_FROM: "It saw no sender, although the letter names one.",
    NO_PART: "The letter says that it has several parts, and none was found.",
    DIGEST: "The letter is a digest of other messages.",
    UUENCODED: "A part of the letter is uuencoded.",
    MESSAGE: "Another message is attached to the letter.",
    TNEF: "The letter is packed into Outlook's winmail.dat.",
    SIGNED: "The letter is signed.",
    SMIME: "The letter is wrapped by S/MIME, signed or encrypted.",
    ENCRYPTED: "The letter is encrypted.",
    TOO_LARGE: "The letter is too large for it.",
    TANGLED: "The letter is too tangled to be read in time.",
    LOST: "It found less than the reader before it, which was believed instead.",
    NO_MORE: "It found no more than the reader before it, which was believed.",
}

#: What a letter is, rather than what is wrong with it: another look is worth its time, but where
#: it cannot be had, the first reader has lost nothing.
HARMLESS = frozenset(
    {HEADER_SIGNS, HEADER_MENDED, NO_FROM, MESSAGE, TNEF, SIGNED, SMIME, ENCRYPTED}
)

#: What fast-mail-parser 0.10 is known to get wrong: nothing of it is believed.
CERTAIN = frozenset({DIGEST, UUENCODED})

#: The types that call for another look, whatever the first reader makes of them.
OF_TYPE: Mapping[str, str] = {
    "message/rfc822": MESSAGE,
    "message/global": MESSAGE,  # RFC 6532, section 3.7
    "application/ms-tnef": TNEF,
    "application/vnd.ms-tnef": TNEF,
    "application/pkcs7-mime": SMIME,  # RFC 8551, section 3.2
    "application/x-pkcs7-mime": SMIME,
    "multipart/signed": SIGNED,  # RFC 1847
    "multipart/encrypted": ENCRYPTED,
    "multipart/digest": DIGEST,
}


def of(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each reader that was doubted, as a letter's notes have it, and its doubt."""
    for note in notes:
        reader, found, doubt = note.partition(" reader: ")
        if found:
            yield reader, doubt


def graver(one: str, other: str) -> str:
    """Return the one of two doubts that weighs more, the earlier where both weigh the same."""
    return other if not one or (one in HARMLESS and other and other not in HARMLESS) else one

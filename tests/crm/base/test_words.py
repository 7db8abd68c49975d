"""Words: a number in the database, a word of the vocabulary wherever it is spoken of."""

from __future__ import annotations

from crm.base.words import WordEnum
from crm.mail.letter import Kind
from crm.mail.models import Direction
from crm.work.models import ActivityKind, LinkRule, Record


def test_each_has_a_word_of_its_own_in_lower_case() -> None:
    for words in (Kind, Direction, ActivityKind, LinkRule, Record):
        assert issubclass(words, WordEnum)
        said = [member.word for member in words]
        assert said == sorted(set(said), key=said.index)
        assert all(word == word.lower() for word in said)


def test_a_word_is_what_the_vocabulary_says() -> None:
    assert (Kind.AUTO_REPLY.word, Direction.IN.word, LinkRule.BLIND.word) == (
        "auto_reply",
        "in",
        "blind",
    )

"""What stands below the last quote."""

import pytest

from sync.reading import quote_footers
from sync.reading.quote_marks import SIGNED

RULE = "_" * 47


@pytest.mark.parametrize(
    "text",
    [
        "In June.",
        "—\nYes. Send forty chairs by Friday.",
        f"{RULE}\n\nYes. Send forty chairs by Friday.",
        "-- \nAnn\n\nP.S. Yes, we take forty chairs.",
        "-- \nAnn\nAcme Ltd.\n\nPlease send them by Friday!\n",
        "--\n四十脚お願いします。",
        f"{SIGNED}Ann\n{SIGNED}Acme\n\nYes, forty.",
        "-- \n" + "one\n" * 100,
    ],
)
def test_words_below_a_quote_answer_it(text):
    assert quote_footers.answers(text.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "-- \nAnn\nAcme",
        "-- \nAnn Novak\nAcme Ltd.\nPrague 1, Czech Rep.",
        f"{RULE}\nA list\nhttps://lists.acme.test",
        f"{SIGNED}Ann\n\n{SIGNED}Acme",
        f"-- \n{SIGNED}Ann\n{SIGNED}We sell chairs that last.\n\nSent from my iPhone",
    ],
)
def test_a_signature_and_a_footer_answer_nothing(text):
    assert not quote_footers.answers(text.split("\n"))

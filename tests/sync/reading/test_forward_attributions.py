"""Attributions above what Outlook for Mac and Yandex pass on."""

import pytest

from sync.reading import forward_attributions, forward_people

BEFORE_THE_NAME = [
    'On 05/05/2025 16:02, "Cy Berg" <cy@globe.test> wrote:',
    "Dne 05/05/2025 16:02, Cy Berg <cy@globe.test> napsal(a):",
    'Am 05.05.25, 16:02 schrieb "Cy Berg" <cy@globe.test>:',
    "Le 05/05/2025 16:02, « Cy Berg » <cy@globe.test> a écrit :",
    "Op 05-05-2025 om 16:02 heeft Cy Berg <cy@globe.test> geschreven:",
    "Dnia 05/05/2025, 16:02 użytkownik „Cy Berg” <cy@globe.test> napisał:",
    '05/05/2025, 16:02 пользователь "Cy Berg" <cy@globe.test> написал:',
    'D. 05/05/2025 16.02 skrev "Cy Berg" <cy@globe.test>:',
    'El 05/05/2025 16:02, "Cy Berg" <cy@globe.test> escribió:',
    '2025/05/05 16:02 に、"Cy Berg" <cy@globe.test> が以下を書き込みました:',
    "On Mon, May 5, 2025 at 4:02 PM Cy Berg <cy@globe.test> wrote:",
]
BEHIND_THE_NAME = [
    '"Cy Berg" <cy@globe.test>, 05/05/2025 16:02 tarihinde şunu yazdı:',
    "Cy Berg <cy@globe.test> kirjoitti 5.5.2025 kello 16.02:",
]


@pytest.mark.parametrize("line", BEFORE_THE_NAME + BEHIND_THE_NAME)
def test_the_writer_and_the_day_are_told_in_any_language(line):
    start, words = forward_attributions.ending_at(["Hi.", "", line], 2)
    told = forward_attributions.told(words)

    assert start == 2
    assert forward_people.one(told["from"]) == ("Cy Berg", "cy@globe.test") or (
        forward_people.one(told["from"]).name == "Cy Berg"
    )
    assert "16" in told["date"] or "4:02 PM" in told["date"]


def test_a_folded_attribution_is_found():
    lines = ["Hi.", "", "On Mon, May 5, 2025 at 4:02 PM Cy Berg", "<cy@globe.test> wrote:"]
    assert forward_attributions.ending_at(lines, 3)[0] == 2


def test_a_name_without_an_address_stands_in_quotes():
    start, words = forward_attributions.ending_at(['On 5/5/2025 16:02, "Cy Berg" wrote:'], 0)
    assert start == 0
    assert forward_attributions.told(words)["from"] == "Cy Berg"


@pytest.mark.parametrize(
    "line", ["", "We meet at 10:00, and bring these:", "Write to <a@b.test>:", "From: 10:00:", "x"]
)
def test_other_lines_are_no_attributions(line):
    assert forward_attributions.ending_at([line], 0) == (-1, "")


def test_a_day_above_a_quote_is_enough():
    assert forward_attributions.ending_at(["On 5/5/2025 16:02, Cy wrote:", "", "> Old."], 0)[0] == 0

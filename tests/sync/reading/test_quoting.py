"""What was written now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import quoting, read
from tests.sync.reading.samples import sample

ATTRIBUTIONS = [
    "On Mon, May 5, 2025 at 4:02 PM Bo Berg <bo@inlay.test> wrote:",
    "On 05/05/2025 16:02, Bo Berg wrote:",
    "On Mon, May 5, 2025 at 4:02 PM Bo Berg <\nbo@inlay.test> wrote:",
    "On Mon, May 5, 2025\nat 4:02 PM Bo Berg\n<bo@inlay.test> wrote:",
    "po 5. 5. 2025 v 16:02 odesílatel Bo Berg <bo@inlay.test> napsal:",
    "Dne 05. 05. 25 v 16:02 Bo Berg napsal(a):",
    "pon., 5 maj 2025 o 16:02 Bo Berg <bo@inlay.test> napisał(a):",
    "W dniu 5.05.2025 o 16:02, Bo Berg pisze:",
    "пн, 5 мая 2025 г. в 16:02, Bo Berg <bo@inlay.test>:",
    "05.05.2025 16:02, Bo Berg пишет:",
    "пон, 5. мај 2025. у 16:02 Bo Berg <bo@inlay.test> је написао/ла:",
    "Dana 5. 5. 2025. u 16:02, Bo Berg je napisao/la:",
    "در تاریخ دوشنبه ۵ مهٔ ۲۰۲۵، Bo Berg <bo@inlay.test> نوشت:",
    "Am Mo., 5. Mai 2025 um 16:02 Uhr schrieb Bo Berg <bo@inlay.test>:",
    "Am 05.05.25 um 16:02 schrieb Bo Berg:",
    "Le lun. 5 mai 2025 à 16:02, Bo Berg <bo@inlay.test> a écrit :",
    "2025-05-05 16:02 GMT+02:00 Bo Berg <bo@inlay.test>:",
]
BLOCKS = [
    "From: Bo Berg <bo@inlay.test>\nSent: Monday, May 5, 2025 4:02 PM\nTo: Ann\nSubject: Offer",
    "*From:* Bo Berg\n*Sent:* Monday\n*To:* Ann\n*Subject:* Offer",
    "________________________________\nFrom: Bo\n\nSent: Monday\n\nTo: Ann\n\nSubject: Offer",
    "Od: Bo\nOdesláno: pondělí\nKomu: Ann\nPředmět: Nabídka",
    "Od: Bo\nWysłano: poniedziałek\nDo: Ann\nTemat: Oferta",
    "От: Bo\nОтправлено: понедельник\nКому: Ann\nТема: Цена",
    "Od: Bo\nPoslano: ponedjeljak\nZa: Ann\nPredmet: Ponuda",
    "از: Bo\nارسال: دوشنبه\nبه: Ann\nموضوع: قیمت",
    "Von: Bo\nGesendet: Montag\nAn: Ann\nBetreff: Angebot",
    "De : Bo\nEnvoyé : lundi\nÀ : Ann\nObjet : Devis",
    "-----Original Message-----",
    "-----Původní zpráva-----",
    "-----Wiadomość oryginalna-----",
    "-----Исходное сообщение-----",
    "-----Izvorna poruka-----",
    "-----پیام اصلی-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_attribution_goes_with_its_quote(line):
    assert quoting.new_part(f"New.\n\nAnn\n\n{line}\n\n> old\n> older\n") == "New.\n\nAnn"


@pytest.mark.parametrize("block", BLOCKS)
def test_everything_below_a_header_block_goes(block):
    assert quoting.new_part(f"New.\n\n{block}\n\nOld.\n") == "New."


def test_without_marks_everything_below_an_attribution_goes():
    text = "New.\n\nOn Mon, May 5, 2025 at 4:02 PM Bo Berg <bo@inlay.test> wrote:\nold\nolder\n"

    assert quoting.new_part(text) == "New."


def test_answers_between_the_quotes_stay():
    found = read(sample("answers-between-the-quotes-thunderbird"))

    assert (
        found.new_text.split("\n\n")
        == [
            "Twelve, and perhaps three more in autumn.",
            "In June.",
        ]
        or found.new_text == "Twelve, and perhaps three more in autumn.\n\n\nIn June."
    )


def test_a_block_of_outlook_in_czech_goes():
    found = read(sample("reply-above-a-header-block-outlook-czech"))

    assert found.subject == "RE: Nabídka na 12 licencí"
    assert found.new_text == "Dobrý den,\nnabídku bereme.\nJiří"


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\nI wrote: call me at 5.\nBye",
        "Three things:\n- one\n- two: really\nFrom: Prague\nBye",
        "As Bo wrote in his letter:\nwe agree.",
        "To: whom it may concern\nSubject: nothing",
        "a > b is what he said\n----\nnot a quote",
        "> only a quote",
        "",
    ],
)
def test_what_is_no_quote_stays(text):
    assert quoting.new_part(text) == text


@given(st.text(alphabet="On wrote:>1@-\nFrom To", max_size=200))
def test_any_text_keeps_something(text):
    assert bool(quoting.new_part(text)) == bool(text.strip())

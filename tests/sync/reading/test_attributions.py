"""The lines above a quote that name its writer and the day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import attributions
from sync.reading.attributions import Sureness

#: What Gmail, Apple Mail, Thunderbird, Yahoo, Proton, Spark, Zoho, Yandex and others write.
LINES = [
    "On Mon, May 5, 2025 at 4:02 PM Bo Berg <bo@inlay.test> wrote:",
    "On Mon, May 05, 2025 at 04:02:31PM +0200, Bo Berg wrote:",
    "On 05/05/2025 16:02, Bo Berg wrote:",
    "On Mon, 05 May 2025 16:02:31 +0200, bo_berg wrote:",
    "On May 5, 2025, at 4:02 PM, Bo Berg <bo@inlay.test> wrote:",
    "On Monday, May 5th, 2025 at 4:02 PM, Bo Berg <bo@inlay.test> wrote:",
    "On 5 May 2025, 16:02 +0200, Bo Berg <bo@inlay.test>, wrote:",
    "     On Monday, May 5, 2025 at 04:02:31 PM GMT+2, Bo Berg <bo@inlay.test> wrote:  ",
    "- On 2025-05-05 16:02, Bo Berg wrote:",
    "Bo Berg wrote on 05/05/2025 16:02:",
    "---- On Mon, 05 May 2025 16:02:31 +0200 Bo Berg <bo@inlay.test> wrote ----",
    "On Mon, 05 May 2025 16:02:31 +0200 Bo Berg <bo@inlay.test> wrote",
    "2025-05-05 16:02 GMT+02:00 Bo Berg",
    "2025-05-05 16:02 GMT+02:00 Bo Berg <bo@inlay.test>:",
    "2025/5/5 Bo Berg <bo@inlay.test>",
    "po 5. 5. 2025 v 16:02 odesílatel Bo Berg <bo@inlay.test> napsal:",
    "Dne 05. 05. 25 v 16:02 Bo Berg napsal(a):",
    "5. 5. 2025 v 16:02, Bo Berg <bo@inlay.test>:",
    "po 5. 5. 2025 o 16:02 Bo Berg <bo@inlay.test> napísal(a):",
    "pon., 5 maj 2025 o 16:02 Bo Berg <bo@inlay.test> napisał(a):",
    "Wiadomość napisana przez Bo Berg <bo@inlay.test> w dniu 05.05.2025, o godz. 16:02:",
    "W dniu 5.05.2025 o 16:02, Bo Berg pisze:",
    " ---- Włączony Pn, 05 maj 2025 16:02:31 +0200 Bo Berg <bo@inlay.test> napisał(a) ----",
    "пн, 5 мая 2025 г. в 16:02, Bo Berg <bo@inlay.test>:",
    "Понедельник, 5 мая 2025, 16:02 +03:00 от Bo Berg <bo@inlay.test>:",
    "05.05.2025 16:02, Bo Berg пишет:",
    '05.05.2025, 16:02, "Bo Berg" <bo@inlay.test>:',
    "Вы писали 5 мая 2025 г., 16:02:31:",
    "пн, 5 трав. 2025 р. о 16:02 Bo Berg <bo@inlay.test> пише:",
    "пон, 5. мај 2025. у 16:02 Bo Berg <bo@inlay.test> је написао/ла:",
    "Dana 5. 5. 2025. u 16:02, Bo Berg je napisao/la:",
    "ned, 5. svi 2025. u 16:02 Bo Berg <bo@inlay.test> napisao je:",
    "در تاریخ دوشنبه ۵ مهٔ ۲۰۲۵،\u200f ۱۶:۰۲ Bo Berg <bo@inlay.test> نوشت:",
    "Am Mo., 5. Mai 2025 um 16:02 Uhr schrieb Bo Berg <bo@inlay.test>:",
    "Am 05.05.25 um 16:02 schrieb Bo Berg:",
    "Bo Berg <bo@inlay.test> schrieb am Mo., 5. Mai 2025, 16:02:",
    "Le lun. 5 mai 2025 à 16:02, Bo Berg <bo@inlay.test> a écrit :",
    "El lun, 5 may 2025 a las 16:02, Bo Berg (<bo@inlay.test>) escribió:",
    "Missatge de Bo Berg <bo@inlay.test> del dia dl., 5 de maig 2025 a les 16:02:",
    "Il giorno lun 5 mag 2025 alle ore 16:02 Bo Berg <bo@inlay.test> ha scritto:",
    "Em seg., 5 de mai. de 2025 às 16:02, Bo Berg <bo@inlay.test> escreveu:",
    "Op ma 5 mei 2025 om 16:02 schreef Bo Berg <bo@inlay.test>:",
    "Den mån 5 maj 2025 kl 16:02 skrev Bo Berg <bo@inlay.test>:",
    "5 maj 2025 kl. 16:02 skrev Bo Berg <bo@inlay.test>:",
    "man. 5. maj 2025 kl. 16.02 skrev Bo Berg <bo@inlay.test>:",
    "ma 5. toukok. 2025 klo 16.02 Bo Berg (bo@inlay.test) kirjoitti:",
    "Bo Berg <bo@inlay.test> ezt írta (időpont: 2025. máj. 5., H, 16:02):",
    "În lun., 5 mai 2025 la 16:02, Bo Berg <bo@inlay.test> a scris:",
    "Bo Berg <bo@inlay.test>, 5 May 2025 Pzt, 16:02 tarihinde şunu yazdı:",
    "2025년 5월 5일 (월) 오후 4:02, Bo Berg <bo@inlay.test>님이 작성:",
    "2025年5月5日(月) 16:02 Bo Berg <bo@inlay.test>:",
    "2025/05/05 16:02、Bo Berg <bo@inlay.test>のメール:",
    "Bo Berg <bo@inlay.test> 于2025年5月5日周一 16:02写道：",
    "在 2025年5月5日，下午4:02，Bo Berg <bo@inlay.test> 写道：",
    "Στις Δευ 5 Μαΐ 2025 στις 4:02 μ.μ., ο/η Bo Berg <bo@inlay.test> έγραψε:",
]
#: These are believed only above a quote.
DOUBTFUL = [
    "Bo Berg <bo@inlay.test> writes:",
    "Bo Berg wrote:",
    "Quoting Bo Berg <bo@inlay.test>:",
    "Zitat von Bo Berg <bo@inlay.test>:",
    "Bo Berg (5 May 2025):",
    "On 5 May 2025 he wrote:",
    "In his letter of 5 May 2025, he wrote:",
    "On 5 May 2025, your colleague Cy wrote:",
    "On 5 May 2025 at 14:30 your hotline said:",
    "On 5 May 2025 at 14:30 the bank wrote:",
    "am 5. Mai 2025 um 14:30 schrieb uns Herr Berg:",
    "Dne 5. 5. 2025 v 14:30 nám paní Nováková napsala:",
    "On Tuesday 6 May 2025, Ms Berg of Acme said:",
    "Our lawyer wrote on 5 May 2025 at 14:30:",
    "My boss, Bo Berg wrote on 05/05/2025 16:02:",
]
NONE = [
    "Three things:",
    "As Bo wrote in his letter:",
    "To be done until 5:",
    "---- items ----",
    "Call me at 5 :-)",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_names_the_writer_and_the_day(line):
    head = line.strip()

    assert attributions.may_end(head)
    assert attributions.find(["Hello", ""], head) == (0, Sureness.SURE, "")


@pytest.mark.parametrize("line", DOUBTFUL)
def test_a_line_without_the_day_is_believed_above_a_quote_only(line):
    assert attributions.may_end(line)
    assert attributions.find([], line).sureness is Sureness.BEFORE_A_QUOTE


@pytest.mark.parametrize("line", NONE)
def test_other_lines_that_end_with_a_colon_announce_nothing(line):
    may = attributions.may_end(line) and attributions.find([], line).sureness

    assert not may


@pytest.mark.parametrize(
    ("above", "last", "count"),
    [
        (["On Mon, May 5, 2025 at 4:02 PM Bo Berg <"], "bo@inlay.test> wrote:", 1),
        (["On Mon, May 5, 2025", "at 4:02 PM Bo Berg"], "<bo@inlay.test> wrote:", 2),
        (["On Mon, 5 May 2025 16:02:31 +0200"], "Bo Berg <bo@inlay.test> wrote:", 1),
        (["Am 05.05.2025 um 16:02 Uhr schrieb"], "Bo Berg:", 1),
        (["On 5 May 2025 at 16:02 Bo Berg", "", "<", "mailto:bo@inlay.test"], "> wrote:", 4),
        (["On Monday I shall come."], "On 5 May 2025 at 16:02 Bo Berg wrote:", 0),
        (["I shall come on 6 May", ""], "On 5 May 2025 at 16:02 Bo Berg wrote:", 0),
    ],
)
def test_it_may_go_over_several_lines(above, last, count):
    assert attributions.find(["Hello", "", *above], last) == (count, Sureness.SURE, "")


def test_an_answer_may_stand_in_its_line():
    found = attributions.find([], "Yes. On Mon, May 5, 2025 at 4:02 PM bo@inlay.test wrote:")

    assert found == (0, Sureness.SURE, "Yes.")


def test_a_sentence_within_a_line_names_an_address_or_announces_nothing():
    line = "Nothing works. On 5 May 2025 at 14:30 your hotline said:"

    assert attributions.find([], line).sureness is Sureness.BEFORE_A_QUOTE


def test_a_time_of_day_is_no_part_of_a_day():
    assert attributions.names_a_time("12.06.2025 9.30")
    assert attributions.names_a_time("May 5, 2025 4 PM")
    assert not attributions.names_a_time("12.06.2025")
    assert not attributions.names_a_time("12. 6. 2025")


def test_a_day_is_named_by_a_day_and_a_time():
    assert attributions.names_a_day("05/05/2025 04:02 PM")
    assert not attributions.names_a_day("05/05/2025")
    assert not attributions.names_a_day("at 16:02")


@pytest.mark.parametrize("line", ["> wrote:", ">:", "> schrieb:", "> > wrote:"])
def test_its_torn_end_looks_like_a_quote(line):
    assert attributions.is_rest(line)


@pytest.mark.parametrize("line", ["> Hello:", "> wrote", "> Bo wrote:", ">"])
def test_a_quoted_line_is_no_torn_end(line):
    assert not attributions.is_rest(line)


@given(st.lists(st.text(alphabet="On5:@<>. \nwrote", max_size=30), max_size=8))
def test_no_line_is_announced_by_more_lines_than_there_are(lines):
    *above, last = ["", *lines, "x"]

    found = attributions.find(above, last.strip() or "x")

    assert 0 <= found.above <= len(above)

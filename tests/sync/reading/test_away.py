"""When somebody is back, in the sentences in which people say so.

All of these were sent on Monday, the 28th of April 2025.
"""

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import away, read
from tests.sync.reading.samples import letter

SENT = datetime(2025, 4, 28, 9, tzinfo=UTC)
FIFTH, SIXTH = date(2025, 5, 5), date(2025, 5, 6)

ENGLISH = [
    ("I am out of the office and will be back on Monday 5 May.", FIFTH),
    ("I will return on May 5th, 2025.", FIFTH),
    ("I'm on vacation, returning Monday, May 5.", FIFTH),
    ("I am out of office until 5 May.", SIXTH),
    ("I am on annual leave from 28 April to 5 May.", SIXTH),
    ("I'm away April 28 - May 5 with no access to email.", SIXTH),
    ("Out of the office May 1-5.", SIXTH),
    ("I will not be back until 5 May.", FIFTH),
    ("I won't be back in the office until Monday, 5 May.", FIFTH),
    ("I shall be away through May 5, 2025 inclusive.", SIXTH),
    ("I am away and will be back tomorrow.", date(2025, 4, 29)),
    ("I'm out of the office today and return on Wednesday.", date(2025, 4, 30)),
    ("I'll be back next Monday.", FIFTH),
    ("I'll be back next Friday.", None),  # This week's, or the next one's?
    ("Back in the office: 2025-05-05.", FIFTH),
    ("I return on 13/05/2025.", date(2025, 5, 13)),
    ("I return on 05/13/2025.", date(2025, 5, 13)),
    ("I return on 05/06/2025.", None),  # The 5th of June, or the 6th of May.
    ("I return on Tuesday 05/06/2025.", SIXTH),
    ("I return on 05/05.", FIFTH),
    ("I return on Friday 5 May.", None),  # It is a Monday.
    ("I am away. The 5th of May is my first day back.", FIFTH),
    ("I am away from 28 April and will be back in the office on 5 May 2025.", FIFTH),
    ("I am out of the office between 28 April and 5 May.", SIXTH),
    ("I was out of the office until 5 April.", None),  # It is past.
    ("I am out of the office. Our offer is of 5 May.", None),
    ("I am back on 5 May. I return on 7 May.", None),
    ("I am out of the office without access to my mail.", None),
    ("I am out, back soon. We are open Monday to Friday, 24/7 on 555 1234.", None),
    ("I am on leave until 2 January 2026.", date(2026, 1, 3)),
    ("I am on parental leave until 5 February.", None),  # It may be past.
    ("I am on parental leave until 5 October.", date(2025, 10, 6)),
    ("I am on leave until 31 April.", None),
    ("We have received your request and get back to you by 5 May.", None),
    ("We have your message. I will come back to you on Monday.", None),
    ("Your ticket is valid until 5 May.", None),
    ("I return after 5 May.", SIXTH),
    ("I am out from Monday to Friday.", None),
    ("I am out tomorrow and back on Wednesday.", date(2025, 4, 30)),
    ("We aim to respond within 2 days. Our hours are Monday to Friday, 9 to 5.", None),
    ("I will be on leave for two weeks.", None),
    ("I have left the company as of 1 May. Please write to Bo.", None),
    ("I'm on PTO through Friday, 5/9. Back Monday 5/12.", date(2025, 5, 12)),
    ("Our office is closed and will reopen on 5 May.", FIFTH),
]

CZECH = [
    ("Jsem mimo kancelář, vrátím se 5. května.", FIFTH),
    ("Jsem na dovolené do 5.5.", SIXTH),
    ("Jsem na dovolené do 5.5. včetně.", SIXTH),
    ("Mám dovolenou od 28.4. do 5.5.2025.", SIXTH),
    ("Do 5. května 2025 jsem mimo kancelář.", SIXTH),
    ("Zpět budu v pondělí 5. 5. 2025.", FIFTH),
    ("Zpátky jsem v pondělí.", FIFTH),
    ("Nebudu v kanceláři, vracím se zítra.", date(2025, 4, 29)),
    ("Od 5. května budu opět k zastižení.", FIFTH),
    ("V kanceláři budu znovu od pondělí 5.5.", FIFTH),
    ("Čerpám dovolenou 1.5. - 5.5.", SIXTH),
    ("Od 1. do 5. května mám dovolenou.", SIXTH),
    ("Nevrátím se do 5. května.", FIFTH),
    ("Jsem nepřítomen, návrat 5.5.2025.", FIFTH),
    ("Nejsem přítomna, v naléhavých případech volejte 602 555 123.", None),
    ("Jsem mimo kancelář. Vracím se příští pondělí.", FIFTH),
    ("Jsem mimo kancelář. Vracím se příští pátek.", None),
    ("Jsem na nemocenské, předpokládaný návrat je 5.5.", FIFTH),
    ("Dnes a zítra jsem mimo kancelář.", None),
    ("Ozveme se Vám zpět do 5.5.", None),
    ("Do pátku 2.5. jsem na služební cestě.", date(2025, 5, 3)),
    ("Na zprávu odpovím po svém návratu dne 5. května.", FIFTH),
    ("Po 5. květnu, tedy po 5.5., jsem zpět z dovolené.", SIXTH),
]

POLISH = [
    ("Jestem na urlopie do 5 maja.", SIXTH),
    ("Jestem na urlopie do 5 maja włącznie.", SIXTH),
    ("Wracam 5 maja 2025 r.", FIFTH),
    ("Przebywam na urlopie od 28.04 do 05.05.2025.", SIXTH),
    ("W dniach 28 kwietnia - 5 maja przebywam na urlopie.", SIXTH),
    ("Nie ma mnie w biurze, wrócę w poniedziałek.", FIFTH),
    ("Nie ma mnie w biurze, wrócę jutro.", date(2025, 4, 29)),
    ("Będę ponownie dostępna od poniedziałku 5 maja.", FIFTH),
    ("Jestem poza biurem. Powrót: 05.05.2025", FIFTH),
    ("Jestem nieobecny w dniach 1-5 maja.", SIXTH),
    ("Do dnia 5.05.2025 przebywam na urlopie.", SIXTH),
    ("Jestem na urlopie do 3 listopada. Będę później.", date(2025, 11, 4)),
    ("Wracam do pracy w następny poniedziałek.", FIFTH),
    ("Wracam do biura po 5 maja.", SIXTH),
    ("Odpowiemy w ciągu 24 godzin. Pracujemy od poniedziałku do piątku.", None),
    ("Do końca maja jestem na urlopie.", None),
    ("Dziękuję za wiadomość. Do 5 maja (włącznie) przebywam na urlopie.", SIXTH),
    ("Jestem nieobecna. W pilnych sprawach proszę dzwonić: 22 555 12 34.", None),
    ("Z powrotem w biurze 2025-05-05.", FIFTH),
]

RUSSIAN = [
    ("Я в отпуске до 5 мая.", SIXTH),
    ("Я в отпуске по 5 мая включительно.", SIXTH),
    ("Я в отпуске с 28 апреля по 5 мая 2025 г.", SIXTH),
    ("Я в отпуске с 28.04 по 05.05.2025.", SIXTH),
    ("Нахожусь в отпуске с 1 по 5 мая.", SIXTH),
    ("Вернусь 5 мая.", FIFTH),
    ("Меня нет на рабочем месте, вернусь в понедельник.", FIFTH),
    ("Меня нет в офисе, вернусь завтра.", date(2025, 4, 29)),
    ("Буду снова на связи с 5-го мая.", FIFTH),
    ("Выйду на работу в понедельник, 5 мая 2025 года.", FIFTH),
    ("Не вернусь до 5 мая.", FIFTH),
    ("Отсутствую. Дата возвращения: 05.05.2025.", FIFTH),
    ("Отсутствую. Возвращаюсь в следующий понедельник.", FIFTH),
    ("После 5 мая я снова в офисе.", SIXTH),
    ("Отсутствую на рабочем месте, звоните 8 495 555-12-34.", None),
    ("Отсутствовал до 5 апреля.", None),
    ("Обращение от 28.04.2025 принято, ответ будет дан до 05.05.2025.", None),
    ("Офис не работает с 1 по 5 мая. Мы ответим 6 мая.", SIXTH),
    ("Сейчас я в командировке, вернусь в офис 5 мая.", FIFTH),
]

BOSNIAN = [
    ("Odsutan sam do 5. maja.", SIXTH),
    ("Na godišnjem odmoru sam do 5.5. uključivo.", SIXTH),
    ("Na godišnjem sam odmoru od 28. aprila do 5. maja 2025.", SIXTH),
    ("Na godišnjem odmoru sam od 28.4. do 5.5.2025. godine.", SIXTH),
    ("Vraćam se u ponedjeljak 5. maja.", FIFTH),
    ("Nisam u kancelariji, vraćam se sutra.", date(2025, 4, 29)),
    ("Odsutna sam od 1. do 5. svibnja.", SIXTH),
    ("Ponovo sam u kancelariji od ponedjeljka.", FIFTH),
    ("Odsutan sam, povratak 05.05.2025.", FIFTH),
    ("Na odmoru sam do 3. listopada.", date(2025, 10, 4)),
    ("Neću se vratiti do 5. maja.", FIFTH),
    ("Odsutna sam zaključno sa 5. majem, odnosno zaključno sa 5.5.", SIXTH),
    ("Dobro jutro, nisam u uredu i vraćam se 5. maja.", FIFTH),
    ("Odsutan sam, zovite 033 555 123.", None),
    ("Na službenom putu sam do petka, 2. maja.", date(2025, 5, 3)),
    ("На годишњем одмору сам до 5. маја.", SIXTH),
    ("На годишњем одмору сам од 28.4. до 5.5.2025. године.", SIXTH),
    ("Одсутна сам. Враћам се у понедељак 5. маја.", FIFTH),
    ("Одсутан сам, враћам се сутра.", date(2025, 4, 29)),
    ("Одсутан сам од 1. до 5. маја.", SIXTH),
    ("Нисам у канцеларији. Повратак: 05.05.2025.", FIFTH),
    ("Поново сам у канцеларији у понедељак.", FIFTH),
    ("Нећу се вратити до 5. маја.", FIFTH),
    ("Одсутан сам закључно са 5.5.2025.", SIXTH),
    ("Враћам се следећи понедељак.", FIFTH),
    ("Враћам се у петак, 9. маја.", date(2025, 5, 9)),
    ("Одсутан сам од понедељка до петка.", None),  # Of which week?
    ("Одсутан сам, зовите 011 555 123.", None),
]

#: The 15th of Ordibehesht 1404 is the 5th of May 2025.
PERSIAN = [
    ("تا ۱۵ اردیبهشت در مرخصی هستم.", SIXTH),
    ("تا ۱۵ اردیبهشت ۱۴۰۴ در مرخصی هستم.", SIXTH),
    ("از ۸ تا ۱۵ اردیبهشت در مرخصی هستم.", SIXTH),
    ("از ۸ اردیبهشت تا ۱۵ اردیبهشت در دفتر نیستم.", SIXTH),
    ("در تاریخ ۱۵ اردیبهشت بازمی‌گردم.", FIFTH),
    ("روز دوشنبه ۱۵ اردیبهشت برمی‌گردم.", FIFTH),
    ("تا ۱۵ اردیبهشت برنمی‌گردم.", FIFTH),
    ("در مرخصی هستم و ۱۵ اردیبهشت باز خواهم گشت.", FIFTH),
    ("تا تاریخ ۱۴۰۴/۰۲/۱۵ خارج از دفتر هستم.", SIXTH),
    ("در سفر هستم. تاریخ بازگشت: ۱۴۰۴/۲/۱۵", FIFTH),
    ("در دفتر نیستم و فردا برمی‌گردم.", date(2025, 4, 29)),
    ("در دفتر نیستم و دوشنبه آینده برمی‌گردم.", FIFTH),
    ("از ۱۵ اردیبهشت دوباره در دسترس هستم.", FIFTH),
    ("تا ۵ مه ۲۰۲۵ در مرخصی هستم.", SIXTH),
    ("از تاریخ ۸ لغایت ۱۵ اردیبهشت در مرخصی می‌باشم.", SIXTH),
    ("به محض بازگشت در تاریخ ۱۵ اردیبهشت پاسخ شما را خواهم داد.", FIFTH),
    ("از تاریخ ۸ الی ۱۵ اردیبهشت در دفتر نیستم.", SIXTH),
    ("تا پایان هفته در مرخصی هستم.", None),
    ("تا ۱۵/۲ در مرخصی هستم.", None),  # In which calendar?
    ("در مرخصی هستم. با شماره ۰۲۱۵۵۵۱۲۳۴ تماس بگیرید.", None),
    ("تا ٢ دی در مرخصی هستم.", date(2025, 12, 24)),
    ("تا ٢ فروردین در مرخصی هستم.", None),  # It is past.
]

OTHERS = [
    ("Ich bin bis 5. Mai nicht im Büro.", SIXTH),
    ("Ich bin vom 28.04. bis einschließlich 05.05.2025 im Urlaub.", SIXTH),
    ("Ich bin nicht im Büro und ab dem 5. Mai wieder für Sie da.", FIFTH),
    ("Guten Morgen, ich bin am Montag, den 5. Mai zurück.", FIFTH),
    ("Je suis absent jusqu'au 5 mai 2025 inclus.", SIXTH),
    ("Je suis en congé et de retour le lundi 5 mai.", FIFTH),
    ("Estoy fuera de la oficina hasta el 5 de mayo de 2025.", SIXTH),
    ("Sono in ferie fino al 5 maggio.", SIXTH),
    ("Sono assente, rientro il 05/05/2025.", FIFTH),
    ("Estou de férias e retorno no dia 5 de maio de 2025.", FIFTH),
    ("Estarei ausente até 5 de maio, inclusive.", SIXTH),
    ("Estou de férias de 28 de abril a 5 de maio.", SIXTH),
    ("Volto na segunda-feira, 5 de maio.", FIFTH),
    ("A proposta é válida até 5 de maio.", None),
    ("Ik ben afwezig tot en met 4 mei. Vanaf 5 mei ben ik weer bereikbaar.", FIFTH),
    ("Ik ben met vakantie t/m 5 mei.", SIXTH),
    ("Ik ben afwezig en vanaf maandag 5 mei ben ik weer aanwezig.", FIFTH),
    ("Ik ben er niet van 28 april t/m 5 mei.", SIXTH),
    ("Ik ben op 05-05-2025 terug op kantoor.", FIFTH),
    ("Ik ben afwezig tot 5 mei.", None),  # Is that day one of them?
    ("Jag är på semester och är tillbaka den 5 maj.", FIFTH),
    ("Jag är ledig till och med måndagen den 5 maj.", SIXTH),
    ("Jag är ledig t.o.m. 5/5.", SIXTH),
    ("Jeg er på ferie og er tilbage mandag den 5. maj.", FIFTH),
    ("Jeg har permisjon til og med 5. mai.", SIXTH),
    ("Я у відпустці, повернусь 5 травня.", FIFTH),
    ("Нахожусь в командировке, буду доступен с 5 мая.", FIFTH),
    ("Я у відпустці, повернуся на роботу 5 травня.", FIFTH),
    ("Sem na dopustu, vrnem se 5. maja.", FIFTH),
    ("Olen lomalla 5.5.2025 asti.", SIXTH),
    ("Olen lomalla ja palaan töihin 5.5.2025.", FIFTH),
    ("Sunt în concediu până pe 5 mai 2025.", SIXTH),
    ("Revin la birou pe 05.05.2025.", FIFTH),
    ("5 Mayıs 2025 tarihine kadar izindeyim.", SIXTH),
    ("Θα επιστρέψω στις 5 Μαΐου 2025.", FIFTH),
    ("5月4日まで休暇を取っております。5月5日に出社いたします。", FIFTH),
    ("4月28日(月)から5月5日(月)まで不在にしております。", SIXTH),
    ("２０２５年５月５日に復帰いたします。", FIFTH),
    ("5月5日（月）より通常営業いたします。", FIFTH),
    ("出張のため不在です。5/5に戻ります。", FIFTH),
    ("5月5日までにご連絡いたします。", None),
    ("我正在休假，将于2025年5月5日返回办公室。", FIFTH),
    ("我于4月28日至5月5日休假。", SIXTH),
    ("我出差到5月5日，有事请联系小王。", SIXTH),
    ("报价有效期至5月5日。", None),
    ("5월 5일까지 휴가입니다.", SIXTH),
]


@pytest.mark.parametrize(
    ("text", "day"),
    [*ENGLISH, *CZECH, *POLISH, *RUSSIAN, *BOSNIAN, *PERSIAN, *OTHERS],
)
def test_the_day_of_return_is_found_or_none_is_named(text, day):
    assert away.returns_on("", text, SENT) == day


def test_the_subject_may_name_the_day():
    subject = "AUTO: Ann is out of the office (returning 05/05/2025)"

    assert away.returns_on(subject, "Thank you.", SENT) == FIFTH


def test_a_letter_without_a_date_names_a_day_only_with_its_year():
    assert away.returns_on("", "I am back on 5 May 2025.", None) == FIFTH
    assert away.returns_on("", "I am back on 5 May.", None) is None
    assert away.returns_on("", "I am back tomorrow.", None) is None


def test_around_new_year_the_day_is_next_years():
    sent = datetime(2025, 12, 22, tzinfo=UTC)

    assert away.returns_on("", "Jsem na dovolené do 2.1.", sent) == date(2026, 1, 3)
    assert away.returns_on("", "I am back on January 5.", sent) == date(2026, 1, 5)


def test_what_is_quoted_below_is_another_letter():
    text = "I am out of the office.\n\n> I am back on 5 May.\n"

    assert away.returns_on("", text, SENT) is None


def test_a_sentence_may_go_over_lines():
    text = "Hello,\nI am on holiday and will be\nback on Monday,\n5 May.\n\nAnn"

    assert away.returns_on("", text, SENT) == FIFTH


def test_an_automatic_answer_says_when_somebody_is_back():
    raw = letter(
        "From: ann@acme.test",
        "Subject: Automatic reply: Offer",
        "Auto-Submitted: auto-replied",
        "Date: Mon, 28 Apr 2025 09:00:00 +0200",
        body="I will be back on Monday 5 May.",
    )

    assert read(raw).meaning.returns_on == FIFTH
    assert read(raw.replace(b"auto-replied", b"no")).meaning.returns_on is None


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1.",
        "5 may ",
        "back ",
        "1-",
        "from 1 to ",
        "monday ",
        "until ",
        " ",
        "\n",
        "تا ۱ ",
        "1月1日",
        "まで",
    ],
)
def test_a_megabyte_of_anything_is_soon_read(piece):
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()

    away.returns_on(text, text, SENT)

    assert time.process_time() - began < 0.5


WORDS = st.sampled_from(
    "back until 5 may 31. 2. 2025 / - . monday next tomorrow do 99 1404 اردیبهشت تا \n 0 24/7 30/2 "
    "9999-12-31 0000-01-01 1634/12/30".split(" ")
)


@given(
    st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=40),
    st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1970 <= at.year < 2100),
)
def test_a_day_of_return_is_never_past(words, sent):
    found = away.returns_on("", " ".join(words), sent)

    assert found is None or found >= sent.date()
    away.returns_on(" ".join(words), "", None)

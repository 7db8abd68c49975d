"""Messages that are passed on inside of another."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.mail.meaning import Named
from sync.reading import forward_lines, forwards, read
from tests.sync.reading.samples import letter, sample

CY = Named("Cy Berg", "cy@globe.test")
ANN = Named("", "ann@acme.test")
FAY = Named("Fay", "fay@acme.test")

#: The line above, and the labels of From, Date, Subject, To and Cc in the program's order.
BY_PROGRAM = [
    # Gmail
    ("---------- Forwarded message ---------", "From:", "Date:", "Subject:", "To:", "Cc:"),
    ("---------- Forwarded message ---------", "Od:", "Date:", "Subject:", "To:", "Cc:"),
    ("---------- Přeposlaná zpráva ----------", "Od:", "Datum:", "Předmět:", "Komu:", "Kopie:"),
    ("---------- Пересылаемое сообщение ---------", "От:", "Дата:", "Тема:", "Кому:", "Копия:"),
    ("---------- Weitergeleitete Nachricht ---------", "Von:", "Datum:", "Betreff:", "An:", "CC:"),
    ("---------- Mensaje reenviado ---------", "De:", "Fecha:", "Asunto:", "Para:", "CC:"),
    ("---------- 転送メッセージ ---------", "差出人：", "日付：", "件名：", "宛先：", "CC："),
    ("---------- 转发的邮件 ---------", "发件人：", "日期：", "主题：", "收件人：", "抄送："),
    ("---------- 전달된 메시지 ---------", "보낸사람:", "날짜:", "제목:", "받는사람:", "참조:"),
    ("---------- پیام بازارسال‌شده ---------", "از:", "تاریخ:", "موضوع:", "به:", "رونوشت:"),
    ("---------- Прослеђена порука ---------", "Од:", "Датум:", "Предмет:", "За:", "Копија:"),
    # Apple Mail
    ("Begin forwarded message:", "From:", "Date:", "Subject:", "To:", "Cc:"),
    ("Začátek přeposílané zprávy:", "Od:", "Datum:", "Předmět:", "Komu:", "Kopie:"),
    ("Anfang der weitergeleiteten Nachricht:", "Von:", "Datum:", "Betreff:", "An:", "Kopie:"),
    ("Début du message réexpédié :", "De :", "Date :", "Objet :", "À :", "Cc :"),
    ("Inizio messaggio inoltrato:", "Da:", "Data:", "Oggetto:", "A:", "Cc:"),
    ("Начало переадресованного сообщения:", "От:", "Дата:", "Тема:", "Кому:", "Копия:"),
    ("Початок листа, що пересилається:", "Від:", "Дата:", "Тема:", "Кому:", "Копія:"),
    ("Begin doorgestuurd bericht:", "Van:", "Datum:", "Onderwerp:", "Aan:", "Kopie:"),
    ("Początek przekazywanej wiadomości:", "Od:", "Data:", "Temat:", "Do:", "DW:"),
    ("Vidarebefordrat brev:", "Från:", "Datum:", "Ämne:", "Till:", "Kopia:"),
    ("Începe mesajul redirecționat:", "De la:", "Dată:", "Subiect:", "Către:", "Cc:"),
    ("İleti başlangıcı:", "Kimden:", "Tarih:", "Konu:", "Kime:", "Bilgi:"),
    # Thunderbird
    ("-------- Přeposlaná zpráva --------",
     "Od: \t", "Datum: \t", "Předmět: \t", "Komu: \t", "Kopie: \t"),
    ("-------- Message transféré --------", "De :", "Date :", "Sujet :", "Pour :", "Copie à :"),
    ("-------- Välitetty viesti --------",
     "Lähettäjä:", "Päiväys:", "Aihe:", "Vastaanottaja:", "Kopio:"),
    ("-------- Treść przekazanej wiadomości --------",
     "Nadawca:", "Data:", "Temat:", "Adresat:", "Kopia:"),
    ("-------- Továbbított üzenet --------", "Feladó:", "Dátum:", "Tárgy:", "Címzett:", "Másolat:"),
    ("-------- Videresendt melding --------", "Fra:", "Dato:", "Emne:", "Til:", "Kopi:"),
    ("-------- Preposlaná správa --------", "Od:", "Dátum:", "Predmet:", "Komu:", "Kópia:"),
    ("-------- Proslijeđena poruka --------", "Šalje:", "Datum:", "Naslov:", "Prima:", "CC:"),
    ("-------- İletilmiş İleti --------", "Kimden:", "Tarih:", "Konu:", "Kime:", "CC:"),
    # Mail.ru, Proton, Zoho, Mutt
    ("-------- Пересылаемое сообщение --------", "От кого:", "Дата:", "Тема:", "Кому:", "Копия:"),
    ("------- Forwarded Message -------", "From:", "Date:", "Subject:", "To:", "CC:"),
    ("============ Forwarded message ============", "From:", "Date:", "Subject:", "To:", "Cc:"),
    ("----- Forwarded message from Cy Berg <cy@globe.test> -----",
     "From:", "Date:", "Subject:", "To:", "Cc:"),
]  # fmt: skip

#: The subject that Outlook gives, and its labels of From, Sent, To, Cc and Subject.
BY_OUTLOOK = [
    ("FW:", "From:", "Sent:", "To:", "Cc:", "Subject:"),
    ("TR :", "De :", "Envoyé :", "À :", "Cc :", "Objet :"),
    ("WG:", "Von:", "Gesendet:", "An:", "Cc:", "Betreff:"),
    ("RV:", "De:", "Enviado:", "Para:", "CC:", "Asunto:"),
    ("ENC:", "De:", "Enviada em:", "Para:", "Cc:", "Assunto:"),
    ("I:", "Da:", "Inviato:", "A:", "Cc:", "Oggetto:"),
    ("VB:", "Från:", "Skickat:", "Till:", "Kopia:", "Ämne:"),
    ("VL:", "Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Kopio:", "Aihe:"),
    ("VS:", "Fra:", "Sendt:", "Til:", "Kopi:", "Emne:"),
    ("PD:", "Od:", "Wysłane:", "Do:", "DW:", "Temat:"),
    ("FW:", "Od:", "Odesláno:", "Komu:", "Kopie:", "Předmět:"),
    ("FW:", "Od:", "Odoslané:", "Komu:", "Kópia:", "Predmet:"),
    ("FW:", "Šalje:", "Poslano:", "Prima:", "Kopija:", "Predmet:"),
    ("FW:", "Feladó:", "Elküldve:", "Címzett:", "Másolatot kap:", "Tárgy:"),
    ("FW:", "De la:", "Trimis:", "Către:", "Cc:", "Subiect:"),
    ("İLT:", "Gönderen:", "Gönderildi:", "Kime:", "Bilgi:", "Konu:"),
    ("FW:", "От:", "Отправлено:", "Кому:", "Копия:", "Тема:"),
    ("FW:", "Від:", "Надіслано:", "Кому:", "Копія:", "Тема:"),
    ("FW:", "Van:", "Verzonden:", "Aan:", "CC:", "Onderwerp:"),
    ("FW:", "差出人:", "送信日時:", "宛先:", "CC:", "件名:"),
    ("转发:", "发件人:", "发送时间:", "收件人:", "抄送:", "主题:"),
    ("FW:", "از:", "ارسال شده:", "به:", "رونوشت:", "موضوع:"),
]  # fmt: skip

BLOCK = "From: Cy Berg <cy@globe.test>\nSent: Monday\nTo: ann@acme.test\nSubject: Offer"


def found(body, *lines):
    return read(letter("From: ann@acme.test", *lines, body=body)).meaning.forward


@pytest.mark.parametrize(("above", "author", "date", "subject", "to", "cc"), BY_PROGRAM)
def test_what_a_program_passes_on_is_found_in_its_language(above, author, date, subject, to, cc):
    block = (
        f"{author} Cy Berg <cy@globe.test>\n{date} 2025-05-05 16:02\n{subject} Offer\n"
        f"{to} ann@acme.test\n{cc} Fay <fay@acme.test>"
    )

    forward = found(f"Look.\n\n{above}\n{block}\n\nHere it is.\n\nCy", "Subject: Fwd: Offer")

    assert (forward.message, forward.body) == ("Look.", "Here it is.\n\nCy")
    assert (forward.author, forward.to, forward.cc) == (CY, (ANN,), (FAY,))
    assert (forward.subject, forward.date_text) == ("Offer", "2025-05-05 16:02")


@pytest.mark.parametrize(("prefix", "author", "date", "to", "cc", "subject"), BY_OUTLOOK)
def test_what_outlook_passes_on_is_found_in_its_language(prefix, author, date, to, cc, subject):
    body = (
        f"Look.\n\n{author} Cy Berg <cy@globe.test>\n{date} 2025-05-05 16:02\n"
        f"{to} ann@acme.test\n{cc} Fay <fay@acme.test>\n{subject} Offer\nHere it is."
    )

    forward = found(body, f"Subject: {prefix} Offer", "In-Reply-To: <x@globe.test>")

    assert (forward.message, forward.body) == ("Look.", "Here it is.")
    assert (forward.author, forward.to, forward.cc) == (CY, (ANN,), (FAY,))
    assert (forward.subject, forward.date_text) == ("Offer", "2025-05-05 16:02")


@pytest.mark.parametrize(
    ("name", "message", "to", "body"),
    [
        ("by-apple-mail-with-words-below", "Please look at this.",
         (ANN, Named("Dee, Eva", "dee@acme.test")), "Here is the offer.\n\nCy"),
        ("by-outlook-czech", "Prosím, podívejte se.",
         (Named("Ann Novak", "ann@acme.test"), Named("Dee", "dee@acme.test")), "Posílám nabídku."),
        ("by-yahoo-on-one-line", "", (ANN,), "Oto oferta."),
        ("by-outlook-for-mac-under-an-attribution", "Zur Info.", (), "Hier das Angebot.\n\nCy"),
        ("by-lotus-notes-with-folded-people", "FYI",
         (Named("Ann Novak"), Named("Dee Wolf")), "Here is the offer."),
        ("by-gmail-in-html", "Please look.", (ANN,), "Here is the offer.\n\nCy"),
    ],
)  # fmt: skip
def test_the_samples_of_programs_are_read(name, message, to, body):
    forward = read(sample(f"forwarded-{name}")).meaning.forward

    assert forward.message == message
    assert forward.author == CY
    assert forward.to == to
    assert forward.body == body


@pytest.mark.parametrize("line", ["This is a forwarded message", "Это пересылаемое сообщение"])
def test_what_the_bat_says_above_a_message_is_no_note_of_the_forwarder(line):
    head = "From: Cy Holm <cy@globe.test>\nTo: Ann <ann@acme.test>\nDate: Monday, May 5, 2025\n"
    below = "\n===8<===Original message text===\nHere it is."

    forward = found(f"Look.\n\n{line}\n{head}Subject: Offer\n{below}", "Subject: Fwd: Offer")

    assert forward.message == "Look."


def test_lotus_notes_names_the_day_without_a_label():
    forward = read(sample("forwarded-by-lotus-notes-with-folded-people")).meaning.forward
    assert forward.date_text == "05/05/2025 04:02:00 PM"
    assert forward.subject == "Offer"
    assert forward.cc == (Named("", "fay@acme.test"),)


def test_yahoo_forgets_a_colon_and_the_copies_are_found():
    forward = read(sample("forwarded-by-yahoo-on-one-line")).meaning.forward
    assert forward.cc == (FAY, Named("Dee", "dee@acme.test"))
    assert forward.subject == "Oferta"


def test_yandex_writes_an_attribution_under_its_separator():
    body = (
        "-------- Пересылаемое сообщение --------\n05.05.2025, 16:02, Cy Berg <cy@globe.test>:\n"
        "\nВот цена.\n\n-------- Конец пересылаемого сообщения --------"
    )

    forward = found(body, "Subject: Fwd: Offer")

    assert forward.author == CY
    assert forward.subject == "Offer"
    assert forward.body == "Вот цена."


def test_zoho_writes_its_separator_below_its_block_as_well():
    line = "============ Forwarded message ============"
    forward = found(f"{line}\n{BLOCK}\n{line}\n\nHere it is.")
    assert (forward.author, forward.body) == (CY, "Here it is.")


def test_a_forward_in_a_forward_stays_in_its_text():
    inner = "---------- Forwarded message ---------\nFrom: Dee <dee@globe.test>\nSubject: Old"
    body = f"---------- Forwarded message ---------\n{BLOCK}\n\nSee below.\n\n{inner}\n\nOld."

    forward = found(body)

    assert forward.author == CY
    assert forward.body == f"See below.\n\n{inner}\n\nOld."


def test_a_separator_without_a_block_still_parts():
    forward = found("Hm.\n---------- Forwarded message ----------\nOld.", "Subject: Fwd: Offer")
    assert (forward.message, forward.author, forward.body) == ("Hm.", None, "Old.")
    assert forward.subject == "Offer"


def test_a_newsletter_that_asks_to_be_forwarded_is_no_forward():
    body = "News.\n\n------ Forward this to a friend ------\nSee you next week."
    assert found(body, "Subject: News") is None


@pytest.mark.parametrize("subject", ["Re: Offer", "AW: Offer", "Odp: Offer", "SV: Fwd: Offer"])
def test_an_answer_above_a_block_passes_nothing_on(subject):
    assert (
        found(f"New.\n\n-----Original Message-----\n{BLOCK}\n\nOld.", f"Subject: {subject}") is None
    )


def test_a_letter_that_answers_by_its_header_passes_nothing_on():
    lines = "Subject: Offer", "In-Reply-To: <x@globe.test>"
    assert found(f"New.\n\n{BLOCK}\n\nOld.", *lines) is None
    assert found(f"New.\n\n{BLOCK}\n\nOld.", "Subject: Offer").author == CY


CITED = "From: cy@globe.test\nTo: ann@acme.test\nSubject: Win"
DATE = "Date: Mon, 5 May 2025 16:02:00 +0200"


def test_headers_that_somebody_cites_in_a_fresh_letter_are_no_forward():
    assert found(f"It had this header:\n\n{CITED}\n\nBlock it.", DATE, "Subject: Spam") is None


@pytest.mark.parametrize(
    ("above", "block", "subject"),
    [
        ("It says:\n\n________________________________\n", CITED, "Spam"),
        ("It says:\n\n原始邮件\n", CITED, "Spam"),
        ("It says:\n\n", f"{CITED}\nSent: 5 May 2025 16:02", "Spam"),
        ("It says:\n\n", CITED, "Fwd: Win"),
        ("", CITED, "Spam"),
    ],
)
def test_a_sign_of_a_program_beside_headers_makes_a_forward(above, block, subject):
    forward = found(f"{above}{block}\n\nOld.", DATE, f"Subject: {subject}")

    assert (forward.author.email, forward.body) == ("cy@globe.test", "Old.")
    assert forward.message == above[:8]


def test_a_finnish_answer_is_not_taken_for_a_norwegian_forward():
    block = "Lähettäjä: Cy\nLähetetty: maanantai\nVastaanottaja: Ann\nAihe: Tarjous"
    assert found(f"Uusi.\n\n{block}\n\nVanha.", "Subject: VS: Tarjous") is None


@pytest.mark.parametrize("mark", ["", "> "])
def test_an_answer_to_a_forward_is_an_answer(mark):
    quote = f"---------- Forwarded message ---------\n{BLOCK}\n\nOld.".replace("\n", f"\n{mark}")
    body = f"Thanks.\n\nOn Mon, May 5, 2025 at 16:02 Bo <bo@inlay.test> wrote:\n\n{mark}{quote}"
    assert found(body, "Subject: Re: Offer") is None


def test_an_answer_with_its_quote_is_no_forward():
    body = "New.\n\nOn 5/5/2025 16:02, Cy wrote:\n> Old."
    assert found(body, "Subject: Re: Offer") is None
    assert found(body) is None


def test_what_a_mail_server_gives_back_is_no_forward():
    body = f"---------- Forwarded message ---------\n{BLOCK}\n\nOld."
    assert read(letter("From: mailer-daemon@x.test", body=body)).meaning.forward is None
    assert found(body, "Return-Path: <>") is None


def test_an_itinerary_is_no_forward():
    assert found("From: Prague\nTo: Brno\nDate: 5 May\n\nSee you there.", "Subject: Trip") is None


@pytest.mark.parametrize(
    "block",
    [
        "From: Acme, Brno\nTo: Inlay, Prague\nSubject: Fragile",
        "From: Monday\nTo: Friday\nSubject: new chairs",
        "Od: Praha\nDo: Brno\nDatum: 12. ledna\nPředmět: školení",
        "From: Ann Novak\nTo: all of us\nDate: May 5, 2025\nSubject: Parking",
    ],
)
def test_a_label_on_a_box_and_a_memorandum_are_no_forward(block):
    assert found(f"{block}\n\nPlease read it.", "Subject: Trip") is None


def test_a_subject_alone_makes_no_forward():
    assert found("Call me: 123.", "Subject: Fwd: Offer") is None


@given(
    st.lists(
        st.sampled_from(
            ["From: a <a@b.test>", "To:", "Subject: x", "> Date: 1", "---- Forwarded ----", "", "a",
             "On 1.1. 10:00 <a@b.test> wrote:", "*From:* b", "----- Forwarded by X -----", ",", "é"]
        ),
        max_size=30,
    ),
    st.sampled_from(["", "Fwd: x", "Re: x", "x"]),
)  # fmt: skip
def test_what_is_found_stood_in_the_text(lines, subject):
    text = "\n".join(lines)
    known = forward_lines.subject_of(subject)

    forward = forwards.in_text(text, known, is_answer=False)

    if forward is not None:
        assert forward.message in text
        assert all(line in text for line in forward.body.split("\n"))
        assert len(forward.message) + len(forward.body) <= len(text)


@given(st.text(max_size=300))
def test_no_text_stops_it(text):
    forwards.in_text(text, forward_lines.subject_of(text[:40]), is_answer=False)


@pytest.mark.parametrize(
    "line",
    ["From: a\n", "From: a\nb\n", "To: a\n\n", "---- Forwarded ----\n", "On 1 10:00 <a@b.test\n:\n",
     "-", ":", "From: ", "a:\n", "> > From: x\n", "From: a\nTo: ", "a@b,", '"', "Fwd: <", "-- x\n"],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_in_time(line):
    text = line * (1_000_000 // len(line))
    subject = forward_lines.subject_of("Fwd: x")
    began = time.process_time()

    forwards.in_text(text, subject, is_answer=False)
    forwards.in_text(f"----- Forwarded -----\n{BLOCK}, {text}", subject, is_answer=False)

    assert time.process_time() - began < 1

"""Markers and header lines above a whole letter."""

import pytest

from sync.reading import quote_heads

#: From, sent, to and subject, as Outlook and others head a quote.
BLOCKS = [
    "From: Bo Berg <bo@inlay.test>\nSent: Monday, May 5, 2025 4:02 PM\nTo: Ann\nSubject: Offer",
    "*From:* Bo Berg\n*Sent:* Monday 16:02\n*To:* Ann\n*Subject:* Offer",
    "From: Bo\n\nSent: Monday 4:02 PM\n\nTo: Ann\n\nSubject: Offer",
    "Date: Mon, 5 May 2025\nFrom: bo@inlay.test\nTo: ann@inlay.test\nSubject: Offer",
    "Od: Bo\nOdesláno: pondělí 16:02\nKomu: Ann\nPředmět: Nabídka",
    "Od: Bo\nOdoslané: pondelok 16:02\nKomu: Ann\nPredmet: Ponuka",
    "Od: Bo\nWysłano: poniedziałek 16:02\nDo: Ann\nTemat: Oferta",
    "От: Bo\nОтправлено: понедельник 16:02\nКому: Ann\nТема: Цена",
    "Від: Bo\nНадіслано: понеділок 16:02\nКому: Ann\nТема: Ціна",
    "Od: Bo\nPoslano: ponedjeljak 16:02\nZa: Ann\nPredmet: Ponuda",
    "Од: Bo\nПослато: понедељак 16:02\nЗа: Ann\nПредмет: Понуда",
    "از: Bo\nارسال: دوشنبه 16:02\nبه: Ann\nموضوع: قیمت",
    "Von: Bo\nGesendet: Montag 16:02\nAn: Ann\nBetreff: Angebot",
    "De\xa0: Bo\nEnvoyé\xa0: lundi 16:02\nÀ\xa0: Ann\nObjet\xa0: Devis",
    "Message du : 05/05/2025 16:02\nDe : Bo\nA : ann@inlay.test\nSujet : Devis",
    "De: Bo\nEnviado el: lunes 16:02\nPara: Ann\nAsunto: Oferta",
    "Da: Bo\nInviato: lunedì 16:02\nA: Ann\nOggetto: Offerta",
    "De: Bo\nEnviada em: segunda-feira 16:02\nPara: Ann\nAssunto: Oferta",
    "Van: Bo\nVerzonden: maandag 16:02\nAan: Ann\nOnderwerp: Offerte",
    "Från: Bo\nSkickat: den 5 maj 16:02\nTill: Ann\nÄmne: Offert",
    "Fra: Bo\nSendt: 5. maj 16:02\nTil: Ann\nEmne: Tilbud",
    "Lähettäjä: Bo\nLähetetty: maanantai 16:02\nVastaanottaja: Ann\nAihe: Tarjous",
    "Feladó: Bo\nElküldve: hétfő 16:02\nCímzett: Ann\nTárgy: Ajánlat",
    "De la: Bo\nTrimis: luni 16:02\nCătre: Ann\nSubiect: Ofertă",
    "Kimden: Bo\nGönderildi: Pazartesi 16:02\nKime: Ann\nKonu: Teklif",
    "보낸 사람: Bo\n보낸 날짜: 월요일 16:02\n받는 사람: Ann\n제목: 견적",
    "差出人: Bo\n送信日時: 2025年5月5日 16:02\n宛先: Ann\n件名: 見積",
    "发件人： Bo\n发送时间： 2025年5月5日 16:02\n收件人： Ann\n主题： 报价",
    "寄件者: Bo\n寄件日期: 2025年5月5日 16:02\n收件者: Ann\n主旨: 報價",
]
MARKERS = [
    "-----Original Message-----",
    "-------- Original message --------",
    "-----Original Message----- From: Bo Berg",
    "________ Original Message ________",
    "---------- Forwarded message ---------",
    "---------------------- Forwarded by Bo Berg/ACME on 05/05/2025 04:02 PM -----------",
    "Begin forwarded message:",
    "------------------ Original ------------------",
    "-----Původní zpráva-----",
    "---------- Původní e-mail ----------",
    "-----Wiadomość oryginalna-----",
    "-----Исходное сообщение-----",
    "-------- Пересылаемое сообщение --------",
    "-----Izvorna poruka-----",
    "-----پیام اصلی-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Mensagem original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Ursprungligt meddelande-----",
    "-----Oprindelig meddelelse-----",
    "-----Opprinnelig melding-----",
    "-----Alkuperäinen viesti-----",
    "-----Eredeti üzenet-----",
    "-----Orijinal ileti-----",
    "-----원본 메시지-----",
    "-----元のメッセージ-----",
    "-----邮件原件-----",
    "*Previous Replies*",
    "---- Replied Message ----",
    "----- Mail original -----",
    "----邮件原文----",
]
ASKING = [
    "##- Please type your reply above this line -##",
    "##- Qwertz uiop asdf -##",
    "-- Reply above this line to add a comment --",
    "=-=-=-= Prosím pište odpověď nad tento řádek =-=-=-=",
    "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##",
    "-- Veuillez répondre au-dessus de cette ligne --",
    "--- Ответьте выше этой линии ---",
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_header_lines_is_one_in_many_languages(block):
    lines = block.split("\n")

    assert quote_heads.is_header_block(lines, 0, quote_heads.label_of(lines[0]))
    assert quote_heads.head_end([*lines, "", "Hello"], 0) == len(lines)


def test_a_long_list_of_people_parts_no_block():
    people = ["To: Ann,", *["Cy/ACME@ACME,"] * 20, "Dan", "Cc:"]
    lines = ["From: Bo", *people, "Date: 5 May 2025 16:02", "Subject: Offer"]

    assert quote_heads.is_header_block(lines, 0, quote_heads.label_of(lines[0]))


def test_a_drawn_block_is_one_in_any_language():
    rule = "_" * 32
    block = [rule, "Qwe: Bo", "Asd: Monday, May 5, 2025 4:02 PM", "Zxc: a@acme.test", "Rty: x"]

    assert quote_heads.is_drawn_block(block, 0)
    assert not quote_heads.is_drawn_block(block[:4], 0)
    assert not quote_heads.is_drawn_block([rule, "Hello", *block[1:]], 0)
    assert not quote_heads.is_drawn_block(block[1:], 0)


@pytest.mark.parametrize(
    ("above", "count"),
    [
        (["New.", "", "Bo Berg@ACME", "05/05/2025 04:02 PM"], 2),
        (["New.", "", "Bo Berg", "05.05.2025 16:02", ""], 3),
        (["New.", "", '"Bo" <bo@inlay.test> on 05/05/2025 04:02:02 PM'], 1),
        (["New.", "", "Bo on 05/05/2025 04:02:02 PM", "Please respond to: bo@inlay.test"], 2),
        (["New.", "05/05/2025 04:02 PM", "we meet"], 0),
        (["New."], 0),
    ],
)
def test_lotus_names_writer_and_day_above_the_block(above, count):
    lines = ["To: Ann Novak/ACME@ACME, ann@inlay.test,", "Cy/ACME", "cc:", "Subject: Offer"]

    assert quote_heads.named_above(above, lines, 0, quote_heads.label_of(lines[0])) == count
    assert quote_heads.named_above(above, ["To: Prague", "by train"], 0, "to") == 0


@pytest.mark.parametrize(
    "text",
    [
        "From: Prague\nBye",
        "From: Prague\nTo: Brno\nBye\nSee you\nthere\nand then\nagain\nSubject: none",
        "To: whom it may concern\nSubject: nothing\nDate: never",
        "Date: Monday\nPlace: here\nFrom: nine\nTo: five\nSubject: work",
        "From\nTo\nSubject",
        "From: Prague\nTo: London\nDate: 12 June 2025",
        "From: Prague\nTo: London\nDate: 12 June 2025, 9:30\n\nThe subject: none",
        "Date: 12 June 2025\nFrom: 9:00\nTo: 12:00\nWhere: here",
        "When: Monday\nWhere: here\nFrom: the whole team",
        "Von: Prag\nAn: London\nDatum: 12.06.2025\nBetreff: Reise",
        "Od: Praha\nDo: Brno\nDatum: 12. 6. 2025\nKopie: Eva",
        "De: Madrid\nA: Sevilla\nFecha: 12 de junio\n\nSalimos a las 9:30, ann@acme.test",
        "From: Ann Novak\nTo: all of us\nDate: May 5, 2025\nSubject: Parking",
    ],
)
def test_a_label_alone_is_no_block(text):
    lines = text.split("\n")

    assert not quote_heads.is_header_block(lines, 0, quote_heads.label_of(lines[0]))


@pytest.mark.parametrize("line", MARKERS)
def test_a_marker_is_one_in_many_languages(line):
    assert quote_heads.is_marker(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Original message", "----", "- original and message", "This: original message here:"),
        *(
            "Original:",
            "**Original**",
            "--- original",
            "- Original",
            "原文：",
            "原文:",
            "*original*",
        ),
        *(
            "- přeposlal jsem nabídku Evě",
            "- forwarded by Cy to our lawyer",
            "",
            "- Original message",
        ),
        *("* reenviado por error a Ana"),
    ],
)
def test_the_words_of_a_marker_alone_are_none(line):
    assert not quote_heads.is_marker(line)


@pytest.mark.parametrize("line", ASKING)
def test_a_help_desk_asks_to_answer_above(line):
    assert quote_heads.is_answer_line([line], 0, line)


def test_jira_asks_below_a_rule():
    lines = ["\u2014-\u2014-\u2014-\u2014", "Reply above this line."]

    assert quote_heads.is_answer_line(lines, 0, lines[0])
    assert not quote_heads.is_answer_line(lines[:1], 0, lines[0])


@pytest.mark.parametrize(
    "line",
    [
        "- the price above",
        "- sign above the line",
        "* write your answer above this line",
        "- Unterschrift bitte über dieser Linie",
        "-----\nSign above the line and send it back",
    ],
)
def test_a_line_of_a_list_or_of_a_form_is_no_such_line(line):
    lines = line.split("\n")

    assert not quote_heads.is_answer_line(lines, 0, lines[0])


def test_a_folded_header_belongs_to_its_block():
    lines = ["From: Bo", "To: Ann,", "  Cy", "Subject: a long", "  one", "", "Hello"]

    assert quote_heads.head_end(lines, 0) == 5


def test_a_label_is_read_without_its_stars_and_with_any_colon():
    assert quote_heads.label_of("*From:* Bo") == "from"
    assert quote_heads.label_of("> Od : Bo") == "od"
    assert quote_heads.label_of("主题： 报价: 12") == "主题"
    assert quote_heads.label_of("Hello") == ""


def test_footers_are_told_from_words():
    assert quote_heads.is_footer("-- ")
    assert quote_heads.is_footer("_" * 47)
    assert not quote_heads.is_footer("-----")
    assert not quote_heads.is_footer("Bo")

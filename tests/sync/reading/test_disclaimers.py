"""What a lawyer puts below every letter of a house."""

import pytest

from sync.reading import disclaimers

DISCLAIMERS = [
    "This e-mail is confidential and for its intended recipient alone. Whoever else has it is\n"
    "asked to notify the sender and to destroy all copies; any disclosure is strictly prohibited.",
    "CONFIDENTIALITY NOTICE\nWhat stands here is privileged. Please delete it if you are not the\n"
    "intended recipient, and tell us so that we can mend it.",
    "Diese Nachricht enthält vertrauliche Informationen. Falls sie Sie irrtümlich erreicht hat,\n"
    "informieren Sie bitte den Absender und vernichten Sie sie; Weitergabe ist nicht gestattet.",
    "Ce courriel est confidentiel et réservé à son destinataire. Si vous l'avez reçu par erreur,\n"
    "merci d'avertir l'expéditeur et de le détruire avec ses pièces jointes.",
    "Este correo es confidencial y va dirigido a su destinatario. Si le llega por error, avise al\n"
    "remitente y proceda a eliminar el mensaje: queda prohibida su copia.",
    "Questo messaggio è riservato ai soli destinatari indicati. Chi lo avesse avuto per errore è\n"
    "pregato di avvisare il mittente; ogni uso diverso è vietato dalla legge.",
    "Tato zpráva je důvěrná a určena výhradně adresátovi. Přišla-li omylem, uvědomte\n"
    "prosím odesílatele a smažte ji i s přílohami; jiné užití je neoprávněné.",
    "Wiadomość jest poufna i przeznaczona dla adresata. Jeżeli trafiła omyłkowo, prosimy\n"
    "zawiadomić nadawcę; kopiowanie jej jest zabronione.",
    "Это письмо конфиденциально и предназначено адресату. Если пришло по ошибке, скажите\n"
    "отправителю и удалите его вместе с вложениями: разглашение запрещено.",
    "Ova poruka je povjerljiva i namijenjena isključivo primatelju. Ako ste je dobili greškom,\n"
    "javite pošiljatelju i obrišite je zajedno s privitkom.",
]  # fmt: skip


@pytest.mark.parametrize("text", DISCLAIMERS)
def test_a_disclaimer_reaches_to_the_end(text):
    lines = ["See you on Monday.", "", "Ann", "", *text.split("\n")]

    assert disclaimers.start(lines) == 4


def test_a_letter_about_a_secret_is_no_disclaimer():
    lines = [
        "Please keep the offer confidential until we have spoken with the bank about it; the",
        "recipient of the money is not known yet, and I should like to read it once more myself.",
    ]

    assert disclaimers.start(lines) == 2


def test_the_name_right_above_is_no_part_of_it():
    lines = ["Thanks.", "Ann Berg", *DISCLAIMERS[0].split("\n")]

    assert disclaimers.start(lines) == 2


CLAUSE = (
    "Our lawyer asks you to add this clause: any disclosure of confidential documents is\n"
    "strictly prohibited, and the intended recipient answers for the damage that comes of it."
)


@pytest.mark.parametrize(
    "below",
    [
        "Please send the new draft by Friday.",
        "Please send the new draft by Friday.\n\nThe price stays at 40 000.\n\nAnn Berg",
        "Ann",
    ],
)
def test_a_clause_with_something_below_it_is_no_disclaimer(below):
    lines = ["Hello,", "", *CLAUSE.split("\n"), "", *below.split("\n")]

    assert disclaimers.start(lines) == len(lines)


def test_a_heading_of_lawyers_above_a_letter_is_no_disclaimer():
    text = (
        "Privileged and Confidential\nAttorney-client communication, privileged\n\n"
        "Cy, please look at what the contract says of the people whom we take over from the mill.\n"
        "We should speak of it on Monday.\n\nAnn"
    )
    lines = text.split("\n")

    assert disclaimers.start(lines) == len(lines)


@pytest.mark.parametrize(
    "below",
    [
        "This message was swept for viruses, and you should do the same.",
        "Any views expressed here are those of the writer.",
        "Acme Ltd is registered in England, 1234567.",
        "Visit us at www.acme.test",
        "**********",
        " - OFFER.DOC",
    ],
)
def test_more_paragraphs_of_lawyers_go_with_it(below):
    lines = ["Yes.", "", *DISCLAIMERS[0].split("\n"), "", "", below, ""]

    assert disclaimers.start(lines) == 2

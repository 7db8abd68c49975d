"""Where a signature begins."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from sync.reading import read, signatures
from tests.sync.reading.samples import letter, sample

ANN = Address("ann.berg@acme.test", "Ann Berg")
SIGNATURES = [
    "-- \nAnn Berg\nAcme", "--\nAnn Berg", "---\nAnn", "—\nAcme Works\nBell Street",
    "-------------\nAnn Berg\nAcme Ltd.\nt. 555 0101 22",
    "Ann", "ann", "Ann Berg", "AB", "-ann", "- Ann", "—Ann", "Thanks, Ann", "Thanks. AB",
    "Your friend, Ann.",
    "Thanks,\nAnn",
    "Best regards,\n\nAnn Berg\nDirector\nAcme Ltd.\n+1 415 555 0101\nwww.acme.test",
    "Many thanks and kind regards\nAnn", "Ann Berg - 713-555-0101.",
    "Regards,\nAnn\n\nSent from my iPhone",
    "S pozdravem\nAnn Berg", "Pozdrawiam,\nAnn", "С уважением,\nАнна Берг", "Srdačan pozdrav,\nAna",
    "با احترام\nآنا",
    "Mit freundlichen Grüßen\nAnn Berg", "Viele Grüße, Ann", "Cordialement,\nAnn",
    "Un saludo,\nAnn", "Saluti\nAnn",
    "Atenciosamente,\nAnn", "Met vriendelijke groet,\n\nAnn Berg", "Med vänliga hälsningar\nAnn",
    "Mvh\nAnn",
    "よろしくお願いいたします。\nアン", "此致敬礼\n安", "Sent from my iPhone", "Kh\nBo",
    "Regards,\nThe people of Acme",
    "Bert", "Bo Holm\nSales Director\nNew Markets", "Parking Desk\n3-7060",
    "Human Things\nAnn Berg\n713-555-0101",
    "Mit freundlichen Grüßen\n\ni. A. Ann Berg\nVertriebsleiterin\nAcme GmbH",
    "i.V. Ann Berg\nAcme",
    "S pozdravem Ann Berg", "Kind regards Ann", "S úctou Vaše\nAnn", "S přáním příjemného dne\nAnn",
    "With kindest regards,\n\nAnn", "ارادتمند شما،\nآنا",
    "以上、よろしくお願い申し上げます。\nアン",
    "此致\n敬礼！\n安", "Many thanks,\nBest regards,\nAnn",
    "株式会社アクメ\n営業部長 アン・ベルグ\nTEL: 03-1234-5678",
    "*-*-*-*-*-*-*-*-*\nアン\nTEL 03-1234-5678",
    "Regards,\nAnn\n\n-- \nThis email has been checked for viruses by Avast.\nwww.avast.com",
    "Viele Grüße\nAnn\n\n---\nDiese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.",
    "Děkuji. S pozdravem Ann Berg", "Beste Grüße, i. V. Ann Berg\nAcme GmbH",
    "Ann\n\nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "S poštovanjem,\nAnn Berg, dipl. oec.\nvoditeljica", "S úctou\ndoc. MUDr. Ann Berg, Ph.D.",
    "mgr inż. Ann Berg\nprojektantka", "Mit besten Grüßen aus Hamburg\nAnn",
    "Best wishes from sunny Leeds,\nAnn",
    "Von unterwegs gesendet", "از گوشی Galaxy من ارسال شد",
]  # fmt: skip
NONE = [
    "Thank you!", "Love you!", "Yes", "Monday", "PS: Ann has called.",
    "Call Bo at 713 555 0101 about the room.",
    "- OFFER.DOC", "- milk\n- bread", "/ Greetings", "http://acme.test/",
    "Please ask Ann Berg about it.",
    "ALL RIGHTS RESERVED\n---", "Read it tomorrow.\n\n-- \n",
    "Document Copy Instructions\n\nCopy Form", "Kind regards to Ann", "以上です。\nよろしく",
    "#----\nmake: 12345678",
    "Here is the doctor:\n\nBo Holm\nMain Street 5\n+44 20 7946 0958",
    "telefon mistra:\n\nBo Holm\n+420 603 123 456", "Please ask:\n\nBo Holm",
    "Thanks from me\nI cannot come tomorrow\nplease pay the 500 euro",
    "Best from the shop\nMilk, eggs\nBread",
    "Dr Bo Holm mba prof\nPlease call her at 030 7654321",
    "---\nThen the rest of the story: the well is dry and all the people are angry.",
]  # fmt: skip


@pytest.mark.parametrize("text", SIGNATURES)
def test_a_signature_reaches_from_its_first_line_to_the_end(text):
    found = signatures.find(f"I have read the offer, and it will do.\n\n{text}\n", ANN)

    assert found == text


@pytest.mark.parametrize("text", NONE)
def test_the_last_words_of_a_letter_are_no_signature(text):
    assert signatures.find(f"I have read the offer, and it will do\n\n{text}", ANN) == ""


def test_a_name_right_below_a_sentence_is_the_authors():
    text = "I have read the offer, and it will do.\n"

    assert signatures.find(text + "Ann", ANN) == "Ann"
    assert signatures.find(text + "Bert", ANN) == ""


@pytest.mark.parametrize("text", ["--\nAnn", "Ann", "Hello", ""])
def test_a_letter_that_is_all_signature_has_none(text):
    assert signatures.find(text, ANN) == ""


def test_closing_words_alone_are_the_letter_and_the_name_below_its_signature():
    assert signatures.find("Thanks,\nAnn\nann@acme.test", ANN) == "Ann\nann@acme.test"


def test_a_slogan_may_stand_below_a_name_that_closing_words_announce():
    text = "Regards,\nAnn Berg\n\nWe have made the best bells of the town since 1871."

    assert signatures.find(f"It will do.\n\n{text}", ANN) == text


def test_a_list_of_names_in_a_letter_is_none():
    text = (
        "These have come:\n\nAnn Berg\nBo Holm\n\nAll of them were asked to stay for the afternoon."
    )

    assert signatures.find(text, ANN) == ""


def test_sections_between_rules_are_no_signature():
    text = (
        "News of the house.\n*****\nThe club will be open on Monday from nine o'clock.\n"
        "*****\nWe ask you to come in time."
    )

    assert signatures.find(text, None) == ""


def test_a_long_dash_between_paragraphs_begins_no_signature():
    text = "We met on Monday.\n\n—\n\nThe price stays as it was before the fair in May."

    assert signatures.find(text, ANN) == ""


def test_what_is_quoted_is_anothers():
    assert signatures.find("I have read it.\n\n> It will do.\n>\n> Regards,\n> Ann", ANN) == ""


def test_closing_words_alone_on_a_line_are_told_apart_from_others():
    assert signatures.is_sign_off("Thanks & regards,")
    assert signatures.is_sign_off("  Hezký den  ")
    assert not signatures.is_sign_off("Thanks for the bread")


def test_a_letters_signature_is_found_with_its_disclaimer():
    found = read(sample("signature-with-a-disclaimer-in-two-languages")).signature

    assert found.startswith("Mit freundlichen Grüßen\n\nGreta Holm")
    assert found.endswith("prohibited.")


def test_an_author_without_an_address_is_known_by_name():
    body = "I shall be late.\nGreta"

    assert (
        read(letter("From: Greta Holm", "Content-Type: text/plain", body=body)).signature == "Greta"
    )


def test_a_paragraph_that_begins_with_nothing_but_a_mark_has_no_heading():
    assert signatures.find("What it costs:\n\n>\n    1.616  1.292  -20.05%", ANN) == ""


@given(st.text(max_size=400), st.sampled_from([ANN, None]))
def test_a_signature_is_the_end_of_any_text(text, author):
    found = signatures.find(text, author)

    assert text.strip().endswith(found) or text.rstrip().endswith(found.strip())


@given(
    st.lists(
        st.sampled_from(
            [*"-_*>,.\n ", "Ann", "Thanks", "\n", "Sent from my ", "http://", "confidential", "1"]
        )
    )
)
def test_odd_ends_do_no_harm(pieces):
    text = "".join(pieces)

    assert signatures.find(text, ANN) in text


@pytest.mark.parametrize(
    "piece", ["Ann\n", "-", "-\n", "Thanks, ", "confidential intended in error ", "<", "\n", "1 "]
)
def test_a_megabyte_takes_no_time(piece):
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()

    signatures.find(text, ANN)

    assert time.process_time() - began < 0.4

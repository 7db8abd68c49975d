"""What a phone, a list or a scanner puts below a letter."""

import pytest

from sync.reading import footers

SENT_FROM = [
    "Sent from my iPhone", "Sent from my Verizon Wireless BlackBerry", "Sent from Outlook",
    "Sent from my phone, please excuse typos", "Get Outlook for iOS<https://aka.ms/x>",
    "via mobile",
    "Get [Outlook for Android](https://aka.ms/x)", "Sent with Tern (http://tern.test/)",
    "<<sent by galaxy>>",
    "Envoyé de mon iPhone", "Télécharger Outlook pour Android", "Von meinem iPhone gesendet",
    "Gesendet von Mail für Windows", "Enviado desde mi iPhone", "Enviado do meu iPhone",
    "Inviato da iPhone", "Verzonden vanaf mijn iPad", "Skickat från min iPhone",
    "Sendt fra min iPad",
    "Odesláno z iPhonu", "Wysłane z iPhone'a", "Отправлено с iPhone", "Poslano s mog iPhonea",
    "Послато са мог телефона", "ارسال شده از آیفون من", "iPhoneから送信", "发自我的iPhone",
    "從我的 iPhone 傳送",
    "나의 iPhone에서 보냄", "iPhone'umdan gönderildi", "*Sent from my Galaxy*",
    "Lähetetty iPhonesta",
]  # fmt: skip
NOT_SENT_FROM = [
    "Sent from my desk, which is much easier than my phone.", "Get the phone please",
    "Sent from a splendid lamp of light and other words", "Von meinem Chef kam nichts",
    "The phone rings", "",
]  # fmt: skip


@pytest.mark.parametrize("line", SENT_FROM)
def test_a_program_names_itself(line):
    assert footers.is_sent_from(line)
    assert footers.start(["Yes.", "", line]) == 2


@pytest.mark.parametrize("line", NOT_SENT_FROM)
def test_a_sentence_is_no_programs_name(line):
    assert not footers.is_sent_from(line)


def test_a_lists_lines_go_with_the_rule_above_them():
    lines = [
        "Yes.", "", "_" * 40, "birds mailing list", "birds@lists.acme.test",
        "http://lists.acme.test/birds"
    ]  # fmt: skip

    assert footers.start(lines) == 2


@pytest.mark.parametrize(
    "line",
    [
        "You received this message because you are subscribed to the list of birds.",
        "This email has been checked for viruses by Avast antivirus software.",
        "Virus-free. www.avast.com",
        "Please consider the environment before printing this.",
        "Diese E-Mail wurde von Avast geprüft.",
        "\u1427",
    ],
)
def test_one_line_is_enough_where_a_program_wrote_it(line):
    assert footers.start(["Yes.", "", line]) == 2


def test_several_footers_stand_on_each_other():
    lines = ["Yes.", "", "Sent from my iPhone", "", "Virus-free. www.avast.com"]

    assert footers.start(lines) == 2
    assert footers.extended(["Yes.", "Sent from my iPhone", "--"], 2) == 1


def test_a_letter_without_footers_has_none():
    assert footers.start(["Yes.", "", "Ann"]) == 3
    assert footers.start([]) == 0


def test_a_disclaimer_between_footers_goes_with_them():
    legal = (
        "This e-mail is confidential and for its intended recipient alone: whoever else has it is "
        "asked to destroy all copies; any disclosure is strictly prohibited."
    )
    above, below = "Sent from my iPhone", "You are currently subscribed to birds as: ann@acme.test"

    assert footers.start(["Yes.", "", above, "", legal, "", "---", below]) == 2
    assert footers.start(["Yes.", "", above, "", legal, "", "Send it by Friday.", below]) == 7


@pytest.mark.parametrize(
    "text",
    [
        "Scanned by Eva today, four pages.\nThe price is 40 000.\nPlease send it back by Friday.",
        "Windows Live does not start.\nWhat shall I do?",
        "Secure mail does not work since Monday.",
        "To be removed from the price list: items 4, 5 and 9",
        "Unsubscribe: we do not want it any more.",
        "Yahoo! Mail is down for all of us.",
        "This mailing list is ours, and I should like to close it.",
        "Prosím, zvažte naši nabídku do pátku.",
        "Antes de imprimir el contrato, revise la fecha.",
        "Prima di stampare il contratto, telefoni ad Anna.",
        "Bez virusa nema ni gripe.",
        "Please do not print the plans before Monday.",
    ],
)
def test_a_sentence_that_begins_as_an_advertisement_is_the_letters(text):
    lines = ["Hello,", "", *text.split("\n")]

    assert footers.start(lines) == len(lines)


@pytest.mark.parametrize(
    "text",
    [
        "Unsubscribe: http://lists.acme.test/off",
        "To unsubscribe:\n\nhttp://lists.acme.test/off",
        'To unsubscribe from this list: send the line "unsubscribe birds" in\nthe body of mail to'
        "\nmajordomo@lists.acme.test",
        "Windows Live: join today. http://acme.test",
        "__________\nYahoo! Mail: the new one",
        "Ova e-poruka je provjerena: Avast",
        "Prosím, zvažte, zda je nutné tento e-mail tisknout.",
        "Antes de imprimir este mensaje, piense en los árboles.",
        "Save paper: do not print this e-mail.",
    ],
)
def test_with_a_page_a_ruler_or_what_it_speaks_of_it_is_one(text):
    assert footers.start(["Yes.", "", *text.split("\n")]) == 2

"""What a signature tells of who wrote it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from crm.mail.meaning import Details
from sync.reading import details, read
from tests.sync.reading.samples import sample

ANN = Address("ann.berg@bells.test", "Ann Berg")


def test_a_whole_signature_is_understood():
    text = """Best regards,

Ann Berg
Sales Director
Bell Works Ltd.

1 Main Street, Floor 2
New York, NY 10001
Phone: (212) 736-5000 | Mobile: +44 20 7946 0958
Fax: (212) 736-5001
ann@other.test | www.bells.test
https://www.linkedin.com/in/annberg
Please consider the environment before printing this."""

    assert details.of_signature(text, ANN) == Details(
        name="Ann Berg",
        title="Sales Director",
        company="Bell Works Ltd.",
        phones=("+12127365000", "+442079460958"),
        emails=("ann@other.test",),
        links=("https://www.bells.test",),
        address="1 Main Street, Floor 2, New York, NY 10001",
        profiles=("https://www.linkedin.com/in/annberg",),
    )


def test_a_letters_signature_tells_of_its_author_and_its_disclaimer_of_nobody():
    told = read(sample("signature-with-a-disclaimer-in-two-languages")).meaning.details

    assert told == Details(
        name="Greta Holm",
        title="Leiterin Vertrieb",
        company="Acme Glocken GmbH",
        phones=("+493090182011", "+491715550123")
        if told and told.phones[0][0] == "+"
        else told.phones,
        links=("https://www.acme.test",),
        address="Turmstraße 12, 10115 Berlin",
        profiles=("https://linkedin.com/in/greta-holm",),
    )


@pytest.mark.parametrize(
    "line",
    ["Ann Berg, Director, Acme Ltd.", "Ann Berg | Director | Acme Ltd.",
     "Ann Berg - Director - Acme Ltd.", "Ann Berg\nDirector at Acme Ltd.",
     "ANN BERG\nDirector\nAcme Ltd."],
)  # fmt: skip
def test_name_title_and_company_may_stand_on_one_line(line):
    told = details.of_lines(line, ANN)

    assert (told.name, told.title, told.company) == ("Ann Berg", "Director", "Acme Ltd.")


def test_a_first_name_alone_tells_what_is_known():
    assert details.of_signature("Ann", ANN) == Details(name="Ann Berg")
    assert details.of_signature("Bo", ANN) is None
    assert details.of_signature("Sent from my iPhone", ANN) is None


def test_a_nameless_author_is_named_by_the_first_line():
    told = details.of_signature("-- \nBo Holm\nEngineer", Address("office@bells.test"))

    assert told == Details(name="Bo Holm", title="Engineer")


def test_the_word_of_the_domain_is_known_as_the_company():
    assert details.of_lines("Ann Berg\nBells of the East", ANN).company == "Bells of the East"
    assert details.of_lines("Ann Berg\nGmail", Address("ann@gmail.com", "Ann Berg")).company == ""


def test_a_firm_of_two_is_nobodys_name():
    tom = Address("tom@acme.test", "Tom")
    found = details.of_signature("Tom\nBrandt Plumbing & Heating", tom)

    assert found is None or found.name == ""


def test_the_foot_of_a_newsletter_tells_of_nobody():
    line = (
        "The bells of the town are rung again, and all of you are asked to come at nine o'clock.\n"
    )

    assert details.of_signature(f"----\nAnn Berg\nBell Works Ltd.\n{line * 4}", ANN) is None


def test_somebody_elses_signature_tells_nothing_of_the_author():
    text = "Regards,\nBo Holm\nDirector\n+44 20 7946 0958"

    assert details.of_signature(text, ANN) is None
    assert details.of_signature(text, Address("office@bells.test")) is not None


def test_links_may_stand_as_tags():
    told = details.of_lines(
        'Ann\nLondon, <a href="bells.test">UK</a>\n<a href="https://twitter.com/bells">T</a>', None
    )

    assert told.links == ("https://bells.test",)
    assert told.profiles == ("https://twitter.com/bells",)


def test_every_number_is_there_as_often_as_it_is_written():
    text = "+44 20 7946 0958 Phone\n+44 20 7946 0958 Fax"

    assert details.of_lines(text, None).phones == ("+442079460958",) * 2
    assert details.of_signature(text, ANN) == Details(phones=("+442079460958",))


@given(st.text(max_size=300))
def test_any_text_tells_something_or_nothing(text):
    told = details.of_lines(text, ANN)

    assert isinstance(told, Details)
    assert details.of_signature(text, None) != Details()


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "+1(",
        "a.",
        "<a href=",
        "<a href=hhref=h\n",
        "http://a",
        "a@",
        "Ann ",
        "1\n",
        "x:1-",
        "| ",
    ],
)
def test_long_lines_take_no_time(piece):
    text = piece * (300_000 // len(piece))
    details.of_lines("+44 20 7946 0958 www.acme.test", ANN)  # What is loaded once is loaded.
    began = time.process_time()

    details.of_lines(text, ANN)

    assert time.process_time() - began < 0.4

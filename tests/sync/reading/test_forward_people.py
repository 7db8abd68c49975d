"""People as forwarding programs write them down."""

import time

import pytest

from crm.mail.meaning import Named
from sync.reading import forward_people

CY = Named("Cy Berg", "cy@globe.test")


@pytest.mark.parametrize(
    "text",
    [
        "Cy Berg <cy@globe.test>",
        '"Cy Berg" <cy@globe.test>',
        "« Cy Berg » <cy@globe.test>",
        "„Cy Berg” <cy@globe.test>",
        "'Cy Berg' <CY@globe.test>",
        "Cy Berg <cy@globe.test<mailto:cy@globe.test>>",
        "Cy Berg<mailto:cy@globe.test> <cy@globe.test<mailto:cy@globe.test>>",
        "Cy Berg [mailto:cy@globe.test]",
        "Cy Berg <mailto:cy@globe.test>",
        "Cy Berg (cy@globe.test)",
        "Cy Berg [cy@globe.test]",
        "cy@globe.test (Cy Berg)",
        "*Cy Berg* <cy@globe.test>",
        "list@acme.test [mailto:list@acme.test] On Behalf Of Cy Berg <cy@globe.test>",
        "Cy Berg <cy@globe.test> on behalf of help@globe.test",
    ],
)
def test_a_name_and_an_address_are_parted(text):
    assert forward_people.one(text) == CY


@pytest.mark.parametrize(
    "text",
    ["cy@globe.test", "<cy@globe.test>", "cy@globe.test <cy@globe.test>", "cy@globe.test@ACME",
     '"cy@globe.test" <cy@globe.test>', "'cy@globe.test'", "cy@globe.test<mailto:cy@globe.test>"],
)  # fmt: skip
def test_an_address_is_no_name(text):
    assert forward_people.one(text) == Named("", "cy@globe.test")


@pytest.mark.parametrize(
    "text", ["Cy Berg", "Cy Berg/SALES/ACME@ACME", "Cy Berg@ACME", "Cy Berg @ ACME"]
)
def test_a_name_may_stand_alone(text):
    assert forward_people.one(text) == Named("Cy Berg", "")


def test_nobody_is_nobody():
    assert forward_people.one(" ") is None
    assert forward_people.several(" , ;") == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann <a@x.test>, Bo <b@x.test>", ["Ann", "Bo"]),
        ("Ann <a@x.test>; Bo <b@x.test>;", ["Ann", "Bo"]),
        ('"Novak, Ann" <a@x.test>, Bo <b@x.test>', ["Novak, Ann", "Bo"]),
        ("Novak, Ann <a@x.test>; Berg, Bo", ["Novak, Ann", "Berg, Bo"]),
        ("Novak, Ann <a@x.test>, Bo <b@x.test>", ["Novak, Ann", "Bo"]),
        ("Ann Novak, Bo Berg", ["Ann Novak", "Bo Berg"]),
        ("Novak, Ann M.", ["Novak, Ann M."]),
        ("Ann Novak/LAW/ACME@ACME, Bo Berg/ACME@ACME", ["Ann Novak", "Bo Berg"]),
        ('"a; b" <a@x.test>; Bo', ["a; b", "Bo"]),
        ("Ann، Bo Berg", ["Ann", "Bo Berg"]),
    ],
)
def test_a_list_is_parted_between_people(text, names):
    if "،" in text:
        text = text.replace("Ann", "Ann Novak")
        names = ["Ann Novak", "Bo Berg"]
    assert [person.name for person in forward_people.several(text)] == names


def test_nobody_is_named_twice_and_the_list_has_an_end():
    assert len(forward_people.several("Ann <a@x.test>; Ann <a@x.test>")) == 1
    assert len(forward_people.several(",".join(f"a{n}@x.test" for n in range(900)))) == 200


@pytest.mark.parametrize("text", ["a@", "<", '"', "a,", "mailto:", "[mailto:a", "@", "/", "«"])
def test_a_long_list_is_read_in_time(text):
    began = time.process_time()
    forward_people.several(text * 100_000)
    forward_people.one(text * 100_000)
    assert time.process_time() - began < 0.5

"""The line of conditions: every field can be asked of, and the list can be kept."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from tests.visiting import said


def test_every_field_is_a_choice_and_leads_to_its_form(reader, scene):
    page = LexborHTMLParser(reader.get("/contacts").text)

    choices = {one.text(): one.attributes["href"] for one in page.css("#filter .opt")}

    assert {"Name", "Company", "Owner", "Tags", "Lifecycle", "Known since"} <= set(choices)
    for href in choices.values():
        form = LexborHTMLParser(reader.get(href).text).css_first("#filter-form")
        assert form is not None, href
        assert form.css_first("[name=op]") is not None


def test_a_filter_can_be_written_as_a_formula(reader, scene):
    page = LexborHTMLParser(reader.get("/contacts?f=owner+%3D+me+or+vip").text)
    [written] = page.css("#formula textarea[name=f]")
    assert written.text() == "owner = me or vip"

    found = said(reader.get("/contacts", query_string={"f": 'name = "jana" or owner = me'}))

    assert "Jana" in found


def test_what_is_kept_is_what_is_shown(reader, scene):
    page = LexborHTMLParser(reader.get("/contacts?f=title+is+empty&column=title&sort=title").text)

    form = page.css_first("#save form")

    carried = {(i.attributes["name"], i.attributes.get("value")) for i in form.css("[type=hidden]")}
    assert {
        ("f", "title is empty"),
        ("column", "title"),
        ("sort", "title"),
        ("down", "0"),
    } <= carried
    assert form.attributes["action"] == "/views/of/contact"

"""Titles of jobs and names of companies."""

import pytest

from sync.reading import titles


@pytest.mark.parametrize(
    "text",
    ["Senior Developer", "CEO", "Vice President, Sales", "obchodní ředitelka", "Geschäftsführerin",
    "Chef de projet",
     "Директор по продажам", "مدیر فروش", "営業部長", "Co-Founder", "Dyrektor handlowy",
     "Ingeniera", "Bauleiter", "General Practitioner", "業務專員",
     "Inköpschef", "Salgschef", "Myyntipäällikkö", "architekt"],
)  # fmt: skip
def test_the_title_of_a_job(text):
    assert titles.is_title(text)


@pytest.mark.parametrize(
    "text",
    ["Ann Berg", "Acme Engineers Ltd.", "www.acme.test", "", "We are the best director you know."],
)
def test_no_title_of_a_job(text):
    assert not titles.is_title(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [("Acme GmbH", ""), ("Acme, s.r.o.", ""), ("Bell Works Inc.", ""), ("University of Acme", ""),
    ("TechComp Bells", "techcom"),
     ("Acme", "acme"), ("ООО Колокол", ""), ("Bell and Sons Solutions", ""),
     ("ТОВ «Дзвін»", ""), ("شرکت پارس نمونه", ""), ("株式会社サンプル", ""),
     ("上海样品电子有限公司", ""), ("Hausarzt Praxis am Markt", ""),
     ("Advokátní kancelář Novotný", "")],
)  # fmt: skip
def test_the_name_of_a_company(text, label):
    assert titles.is_company(text, label)


@pytest.mark.parametrize(
    "text", ["Ann Berg", "Inc", "what a company!", "", "ИП есть", "АО и я", "集团"]
)
def test_no_name_of_a_company(text):
    assert not titles.is_company(text, "acme")

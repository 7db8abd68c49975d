"""Persian and Arabic words beside Latin ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people import vowelless

SAME = """
حسن hasan hassan; حسین hossein hussain hoseyn; محمد mohammad muhammad mohamed; رستمی rostami
موسوی mousavi musavi; فاطمه fatemeh; محمودی mahmoudi; علی ali; رضا reza; رضایی rezaei rezaee
کاوه kaveh; نوید navid; جواد javad dzhavad; نوروزی norouzi noroozi; علیرضا alireza; یحیی yahya
عبدالله abdollah abdullah; قاسمی ghasemi qasemi; سعید saeed saeid said; اسماعیل esmaeil
ابراهیم ebrahim ibrahim; یوسف yousef yusuf; زهرا zahra; زهره zohreh; خسروی khosravi
مریم maryam; شیرین shirin shireen; امید omid; عمر omar; مجتبی mojtaba; مهدی mahdi mehdi
کیوان keyvan keivan; وحید vahid; سید seyed seyyed; پرویز parviz; صالح saleh; سهراب sohrab
داوود davoud davood; داودی davoudi; شریعتی shariati; رویا roya; جعفری jafari jaafari
عاطفه atefeh; رئیسی raisi raeisi; لیلا leila leyla laila; ثریا soraya; پژمان pejman pezhman
"""
APART = """
حسن hossein hussain; حسین hasan hassan; محمودی mohammadi; محمدی mahmoudi; محمد mahmoud
محمود mohammad; زهرا zohreh; زهره zahra; رستمی rahmati; رضا rezaei; رضایی reza; کریمی karami
کاظمی kazem; امیر omar; سعید saad; احمدی ahmad; احمد ahmadi; جواد javadi; حمید hamed; حامد hamid
"""


def _pairs(rows: str) -> list[tuple[str, str]]:
    cells = [row.split() for row in rows.strip().replace("\n", ";").split(";")]
    return [(word, latin) for word, *several in cells for latin in several]


@pytest.mark.parametrize(("word", "latin"), _pairs(SAME))
def test_a_word_is_what_its_speakers_write_in_latin_letters(word: str, latin: str) -> None:
    assert vowelless.may_be(word, latin)


@pytest.mark.parametrize(("word", "latin"), _pairs(APART))
def test_another_word_is_not(word: str, latin: str) -> None:
    assert not vowelless.may_be(word, latin)


@given(st.text(st.sampled_from("اویهعحسنمدل\u200c"), max_size=60), st.text(max_size=60))
def test_any_two_can_be_compared(word: str, latin: str) -> None:
    assert vowelless.may_be(word, latin) in {True, False}

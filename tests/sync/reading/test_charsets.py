"""Bytes as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import charsets


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        ("žluť".encode(), "utf-8", "žluť"),
        ("žluť".encode("cp1250"), "windows-1250", "žluť"),
        ("žluť".encode("cp1250"), "cp-1250", "žluť"),
        ("é".encode("cp850"), "CP-850", "é"),
        ("žluť".encode(), "utf8mb4", "žluť"),
        ("žluť".encode(), "iso-8859-1", "žluť"),  # UTF-8 under a wrong name
        ("žluť".encode(), "us-ascii", "žluť"),
        ("žluť".encode(), "", "žluť"),
        ("žluť".encode(), "x-unknown", "žluť"),
        ("café".encode("latin-1"), "", "café"),
        ("café".encode("latin-1"), "utf-8", "café"),
        ("café".encode("latin-1"), "ansi_x3.110", "café"),
        (b"\x93quoted\x94", "iso-8859-1", "“quoted”"),  # Windows-1252, as everybody means
        ("Здравствуйте".encode("cp1251"), "", "Здравствуйте"),
        ("Здравствуйте".encode("koi8-r"), "koi8-r", "Здравствуйте"),
        ("سلام".encode("cp1256"), "windows-1256", "سلام"),
        ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
        ("日本語".encode("cp932"), "shift_jis", "日本語"),
        ("中文".encode("gbk"), "gb2312", "中文"),
        ("žluť".encode("utf-16"), "utf-16", "žluť"),
        (b"\xef\xbb\xbfhello", "utf-8", "hello"),
        (b"hello", "no such charset", "hello"),
        (b"a\x81\x8d", "windows-1252", "a\x81\x8d"),
    ],
)
def test_bytes_are_read(raw, declared, text):
    assert charsets.decode(raw, declared) == (text, "")


def test_the_hint_decides_where_nothing_is_declared():
    assert charsets.decode("žluť".encode("cp1250"), hint="windows-1250").text == "žluť"


def test_a_little_damage_leaves_the_rest_readable():
    raw = "žluťoučký kůň".encode() + b"\xff"

    found = charsets.decode(raw, "utf-8")

    assert found.text == "žluťoučký kůň\ufffd"
    assert found.damage == "bytes that are not of the charset"


def test_an_unknown_charset_is_said():
    assert charsets.decode(b"P\xf8i", "klingon").damage == "unknown charset"


@pytest.mark.parametrize("label", ["idna", "punycode", "unicode_escape", "rot13", "base64", "mbcs"])
def test_codecs_that_are_no_charset_are_not_used(label):
    assert charsets.codec_of(label) is None


@given(st.binary(max_size=60), st.sampled_from([*charsets.ALIASES, "utf-7", "utf-16", "x", "hz"]))
def test_any_bytes_become_text_that_can_be_stored(raw, label):
    charsets.decode(raw, label).text.encode()


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("关于贵公司的报价问题", "gb2312"),
        ("안녕하세요 세계 여러분", "euc_kr"),
        ("こんにちは世界", "euc_jp"),
        ("Привет, как дела", "cp1251"),
        ("Привет, Как Дела", "koi8_r"),
        ("ПРИВЕТ МИР", "cp1251"),
        ("Її діти їдуть", "cp1251"),
        ("Größe, schöne Grüße", "cp1252"),
        ("°C ±2 ½ £5 §7 «»", "cp1252"),
        ("ťukal", "cp1250"),
    ],
)
def test_bytes_without_a_name_are_read_as_they_look(text, codec):
    assert charsets.decode(text.encode(codec)).text == text


def test_korean_has_the_signs_that_windows_adds():
    assert charsets.decode("똠방각하".encode("cp949"), "euc-kr").text == "똠방각하"


def test_the_escape_of_iso_2022_jp_names_it():
    assert charsets.decode("日本語".encode("iso-2022-jp"), "us-ascii").text == "日本語"

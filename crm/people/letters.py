"""How letters of other alphabets are written in Latin ones, and what each sounds like.

Each row has a letter, how it is folded for search, and its sound where that is another. Sounds in
capitals are C (ts, and all that is between it and ch), H (kh too), K and J (dzh): no Latin letter
says them everywhere. Sources: for Cyrillic BGN/PCGN's tables of Russian, Ukrainian and Serbian,
where only і, є, ї, ґ, ђ, ј, љ, њ, ћ and џ are of the latter two; for Greek ELOT 743; for Arabic and
Persian ALA-LC, without the marks, where no sound stands because the vowels are not written.
"""

from __future__ import annotations

from typing import Final

CYRILLIC: Final = """
а a; б b; в v; г g; д d; е e; ё e; ж zh z; з z; и i; й y i; к k K; л l; м m; н n; о o; п p; р r
с s; т t; у u; ф f v; х kh H; ц ts C; ч ch C; ш sh s; щ shch sC; ъ -; ы y i; ь -; э e; ю yu iu
я ya ia; ѣ e; ѳ f v; ѵ i; ґ g; є ye e; і i; ї yi i; ў u; ђ d; ј j i; љ lj li; њ nj ni; ћ c C
џ dz J; ѓ g; ќ k K; ѕ dz J; ә a; ғ g; қ k K; ң n; ө o; ұ u; ү u; һ h H
"""

GREEK: Final = """
α a; β v; γ g; δ d; ε e; ζ z; η i; θ th t; ι i; κ k K; λ l; μ m; ν n; ξ x Ks; ο o; π p; ρ r; σ s
ς s; τ t; υ y i; φ f v; χ ch H; ψ ps; ω o
"""

#: Those that have no decomposition, and those whose mark makes another sound of them.
LATIN: Final = """
ł l; đ d; ð d; ø o; æ ae; œ oe; þ th t; ħ h H; ı i; ŋ n; ŧ t; ə a; ĸ k K; ſ s; ƶ z; č c C; ć c C
ċ c C; ç c C; ţ t C; ț t C; š s; ś s; ş s; ș s; ž z; ź z; ż z; ř r; ğ g; ñ n
"""

ARABIC: Final = """
ا a; آ a; أ a; إ a; ٱ a; ب b; پ p; ت t; ة t; ث s; ج j; چ ch; ح h; خ kh; د d; ذ z; ر r; ز z; ژ zh
س s; ش sh; ص s; ض z; ط t; ظ z; ع -; غ gh; ف f; ق q; ک k; ك k; گ g; ڭ g; ل l; م m; ن n; و w; ؤ w
ه h; ۀ h; ہ h; ھ h; ی y; ي y; ى y; ئ y; ې y; ے y; ء -; ٹ t; ڈ d; ڑ r; ں n; ۆ w; ێ y; ڵ l; ڕ r; ڤ v
"""

#: The same letters without vowels, as they stand in a skeleton: gutturals and affricates are one.
BARE_ARABIC: Final = """
ب b; پ p; ت t; ث s; چ k; ح k; خ k; د d; ذ z; ر r; ز z; ژ z; س s; ش s; ص s; ض z; ط t; ظ z; غ g; ف v
ڤ v; ق g; ک k; ك k; گ g; ڭ g; ل l; م m; ن n; ه k; ہ k; ھ k; ٹ t; ڈ d; ڑ r; ں n; ڵ l; ڕ r
"""

#: What Latin letters a letter of the above may stand for, within a word; the first that fits.
SPELT_ARABIC: Final = """
ا a aa o u; آ a aa o; أ a; إ e i; ع a e o; ب b; پ p; ت t; ة a ah eh t; ث s th; ج j dj dzh dz g
چ ch tch c; ح h; خ kh ch h x; د d; ذ z dh d; ر r; ز z; ژ zh j z; س s c; ش sh sch ch s; ص s
ض z d dh; ط t; ظ z dh; غ gh g q; ف f ph; ق gh q g k c; ک k c ck; ك k c ck; گ g; ل l; م m; ن n
و ou oo u o v w; ؤ o u ou v w; ه h; ی i y ee j ei ey ai ay; ي i y ee j ei ey ai ay; ى a i y
ئ i y e
"""


def rows(table: str, column: int) -> dict[str, str]:
    """Return the letters of a table with one of its columns, the last where there are fewer."""
    found = {}
    for row in table.replace("\n", ";").split(";"):
        cells = row.split()
        if cells:
            found[cells[0]] = cells[min(column, len(cells) - 1)].strip("-")
    return found


def choices(table: str) -> dict[str, tuple[str, ...]]:
    """Return the letters of a table with all its columns."""
    cells = [row.split() for row in table.replace("\n", ";").split(";") if row.strip()]
    return {letter: tuple(others) for letter, *others in cells}

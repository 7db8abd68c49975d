"""What a subject is about, without the signs that answers and forwards put before it.

The tables are what mail programs write in these languages, case-folded: Outlook, Apple Mail,
Thunderbird, Gmail, Yahoo, The Bat! and Lotus Notes.
"""

from __future__ import annotations

#: What stands before the colon of the subject of an answer. VS is one in Finnish, and says that a
#: message is passed on in Norwegian.
ANSWERED = frozenset(
    {
        "re", "aw", "antw", "antwort", "sv", "svar", "odp", "odpověď", "odpoveď", "odpowiedź",
        "r", "rif", "res", "resp", "rép", "vá", "válasz", "vs", "vast", "ynt",
        "απ", "отв", "ответ", "на", "ha", "відп", "відповідь", "одг", "odg", "odgovor",
        "răsp", "atb", "bls", "回复", "回覆", "答复", "返信", "회신", "답장", "תשובה",
        "رد", "الرد", "پاسخ",
    }
)  # fmt: skip
#: The same of a message that is passed on.
PASSED_ON = frozenset(
    {
        "fw", "fwd", "forward", "forwarded",  # everywhere
        "wg", "tr", "rv", "enc", "i", "inoltra", "vb", "vl",  # de, fr, es, pt, it, sv, fi
        "videresend", "videresendt", "vidarebefordrat",  # no, da, sv: Outlook on the web
        "pd", "prz", "předp", "přep", "přepos", "předáno",  # pl, cs, sk
        "пересл", "пер", "переслано",   # ru, uk
        "pros", "prosl", "proslijeđeno", "prosleđeno", "прос", "прослеђено",  # hr, bs, sr
        "tov", "továbbítás", "továbbítva", "ilt", "iletilen", "redir",  # hu, tr, ro
        "doorst", "doorgestuurd", "reenv", "encaminhado", "reenviado",
        "πρθ", "προωθ", "препр", "fs", "trs",  # el, bg, is, id
        "転送", "转发", "轉寄", "转寄", "轉發", "전달", "הועבר", "إعادة توجيه", "تحويل",
        "هدایت", "ارسال",  # fa
    }
)  # fmt: skip

_COLONS = (":", "：")
_LONGEST = 20
#: So many are taken off at most.
MOST = 20


def bare(subject: str) -> str:
    """Return a subject without its prefixes; the whole of it where nothing else is there."""
    rest = subject.strip()
    for _prefix in range(MOST):
        prefix, rest = parted(rest)
        if not prefix:
            break
    return rest or subject.strip()


def parted(subject: str) -> tuple[str, str]:
    """Part a subject behind its first prefix, spelled as in the tables: "" where it has none."""
    places = (subject.find(colon, 0, _LONGEST) for colon in _COLONS)
    at = min((place for place in places if place > 0), default=0)
    if not at:
        return "", subject
    opened = subject.startswith("[")  # "[Fwd: Offer]": Mozilla, SquirrelMail
    # The Turkish capital I would keep its dot.
    word = subject[opened:at].strip().replace("İ", "I").casefold().rstrip(".")
    if word.endswith((")", "]")):  # "Re[2]:" (The Bat), "Fwd(2):"
        word = word[:-1].rstrip("0123456789").rstrip("([ ")
    if word not in PASSED_ON and word not in ANSWERED:
        return "", subject
    rest = subject[at + 1 :].strip()
    return word, rest.removesuffix("]") if opened else rest

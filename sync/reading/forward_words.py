"""How mail programs say that a message is passed on, in the languages they speak: data.

Everything is case-folded. Where a line names no program, the labels are those of Outlook, Gmail,
Apple Mail, Thunderbird and Yahoo in that language, which agree for the greater part.
"""

from __future__ import annotations

#: Words of which one stands in the line above a forwarded message.
FORWARD_STEMS = (
    "forward", "weitergeleitet", "weiterleitung",  # en, de
    "transféré", "transmis", "réexpédi", "réachemin", "transfert",  # fr; Lotus Notes
    "reenviad", "reenvi", "reexpedid", "reencamin", "encaminha",  # es, ca, pt
    "inoltra", "doorgestuurd", "doorgezonden",  # it, nl
    "vidarebef", "vidaresänd", "videresend", "videresendt", "viderebef", "áframsend",  # sv, da, no
    "edelleen", "välitet", "välitetty", "edastatud",  # fi, et
    "přepos", "preposl", "přeposl", "předan", "přesměrov",  # cs, sk
    "przekaz", "przesłan", "podaj dalej",  # pl
    "proslije", "proslij", "prosleđ", "prosled", "прослеђ", "послијеђ", "posredovan",  # hr, sr, sl
    "továbbít", "redirecționat", "redirecţionat", "redirectionat", "înaintat",  # hu, ro
    "yönlendir", "iletilen", "ileti başlangıcı", "iletil",  # tr
    "пересыл", "пересил", "пересл", "перенаправл", "переадрес", "препрат",  # ru, uk, bg
    "προωθ", "προώθ", "persiųst", "pārsūtīt",  # el, lt, lv
    "転送", "转发", "轉寄", "轉發", "转寄", "전달",  # ja, zh, ko
    "هدایت", "بازارسال", "ارسال مجدد", "معاد توجيه", "محول", "מועבר", "הועבר",  # fa, ar, he
    "diteruskan", "terusan", "chuyển tiếp", "ส่งต่อ",
)  # fmt: skip

#: Words of a line between dashes that ends a forwarded message: Mutt, Horde, Yandex.
END_WORDS = (
    "end ", "ende ", "fin ", "fine ", "konec ", "koniec ", "конец ", "завершение ", "кінець ",
    "slut ", "einde ",
)  # fmt: skip

#: What stands before the colon of the subject of a message that is passed on.
FORWARD_PREFIXES = frozenset(
    {
        "fw", "fwd", "forward", "forwarded",  # everywhere
        "wg", "tr", "rv", "enc", "i", "inoltra", "vb", "vl",  # de, fr, es, pt, it, sv, fi
        "videresend", "videresendt", "vidarebefordrat",  # no, da, sv: Outlook on the web
        "pd", "prz", "přep", "přepos", "předáno",  # pl, cs, sk
        "пересл", "пер", "переслано",   # ru, uk
        "pros", "prosl", "proslijeđeno", "prosleđeno", "прос", "прослеђено",  # hr, bs, sr
        "tov", "továbbítás", "továbbítva", "ilt", "iletilen", "redir",  # hu, tr, ro
        "doorst", "doorgestuurd", "reenv", "encaminhado", "reenviado",
        "πρθ", "προωθ", "препр", "fs", "trs",  # el, bg, is, id
        "転送", "转发", "轉寄", "转寄", "轉發", "전달", "הועבר", "إعادة توجيه", "تحويل", "هدایت",
    }
)  # fmt: skip

#: The same of an answer. VS is an answer in Finnish, and passed on in Norwegian.
REPLY_PREFIXES = frozenset(
    {
        "re", "aw", "antw", "antwort", "sv", "svar", "odp", "odpověď", "odpoveď", "odpowiedź",
        "r", "rif", "res", "resp", "rép", "vá", "válasz", "vs", "vast", "ynt",
        "απ", "отв", "ответ", "на", "ha", "відп", "відповідь", "одг", "odg", "odgovor",
        "răsp", "atb", "bls", "回复", "回覆", "答复", "返信", "회신", "답장", "תשובה",
        "رد", "الرد", "پاسخ",
    }
)  # fmt: skip
#: The label that tells which: Outlook in Norwegian.
PASSED_ON_BY_LABEL = {"vs": "fra"}

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

#: A line above the message that says no more (The Bat!).
ANNOUNCEMENTS = (
    "this is a forwarded message", "это пересылаемое сообщение", "toto je přeposlaná zpráva",
    "to jest przekazana wiadomość", "dies ist eine weitergeleitete nachricht",
    "ceci est un message transféré", "este es un mensaje reenviado",
)  # fmt: skip

#: Words of a line between dashes that ends a forwarded message: Mutt, Horde, Yandex.
END_WORDS = (
    "end ", "ende ", "fin ", "fine ", "konec ", "koniec ", "конец ", "завершение ", "кінець ",
    "slut ", "einde ",
)  # fmt: skip

#: VS answers in Finnish and passes on in Norwegian: the label that tells which (Outlook).
PASSED_ON_BY_LABEL = {"vs": "fra"}

"""How mail programs announce a quote, in the languages we know: data, with the program's name.

Everything is lower case. Sources: letters written with these programs; tests/letters/ has one each.
"""

from __future__ import annotations

#: How the line above a quote begins. A digit begins it in many languages as well.
ATTRIBUTION_STARTS = (
    "on ", "at ",  # en: Gmail, Apple Mail, Thunderbird
    "dne ", "v ", "ve ",  # cs: Gmail, Thunderbird, Apple Mail
    "w dniu ", "dnia ", "wiadomość ", "użytkownik ",  # pl: Thunderbird, Gmail, Onet
    "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.", "niedz",  # pl: Gmail's days
    "po ", "út ", "st ", "čt ", "pá ", "so ", "ne ",  # cs: Gmail's days
    "пн", "вт", "ср", "чт", "пт", "сб", "вс", "в ",  # ru: Gmail's days; Thunderbird
    "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",  # Yandex
    "dana ", "pon,", "uto,", "sri,", "čet,", "pet,", "sub,", "ned,", "u ",  # bs, hr, sr: Gmail
    "пон", "уто", "сре", "чет", "пет", "суб", "нед", "дана ",  # bs, sr in Cyrillic
    "در ", "در تاریخ", "شنبه", "یکشنبه", "دوشنبه", "سه", "چهارشنبه", "پنجشنبه", "جمعه",  # fa
    "am ", "mo.", "di.", "mi.", "do.", "fr.", "sa.", "so.", "von:",  # de: Gmail, Apple Mail
    "le ", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.",  # fr: Gmail, Apple Mail
    "mon, ", "tue, ", "wed, ", "thu, ", "fri, ", "sat, ", "sun, ",
)  # fmt: skip

#: The verb in it, with what may follow before the colon.
ATTRIBUTION_VERBS = (
    "wrote", "writes", "said",  # en
    "napsal", "napsala", "napsal(a)", "píše", "odesláno",  # cs
    "napisał", "napisała", "napisał(a)", "pisze", "napisano",  # pl
    "написал", "написала", "написал(а)", "пишет", "писал", "писала", "писал(а)",  # ru
    "je napisao", "je napisala", "napisao", "napisala", "napisao/la", "piše",  # bs
    "је написао/ла", "је написао", "је написала",  # bs, sr in Cyrillic
    "نوشت", "نوشته است", "نوشته",  # fa
    "schrieb", "schreibt", "geschrieben",  # de
    "a écrit", "écrit",  # fr
)  # fmt: skip

#: What stands between dashes above a quoted or forwarded message.
MARKERS = frozenset(
    {
        "original message", "original appointment", "reply message",  # en: Outlook
        "forwarded message", "forwarded by", "begin forwarded message",  # en: Gmail, Apple Mail
        "original-nachricht",
        "původní zpráva", "původní e-mail", "přeposlaná zpráva",  # cs: Outlook, Seznam, Gmail
        "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana",  # pl: Outlook
        "forwarded message / wiadomość przekazana", "wiadomość przesłana dalej",
        "исходное сообщение", "пересылаемое сообщение", "пересланное сообщение",  # ru
        "перенаправленное сообщение", "конец пересылаемого сообщения",
        "izvorna poruka", "originalna poruka", "orginalna poruka",  # bs: Outlook
        "proslijeđena poruka", "prosleđena poruka",
        "پیام اصلی", "پیام هدایت‌شده", "پیام بازارسال‌شده",  # fa: Outlook, Gmail
        "ursprüngliche nachricht", "ursprüngliche mail", "originalnachricht",  # de: Outlook, GMX
        "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
        "message d'origine", "message d’origine", "message original",  # fr: Outlook
        "message transféré", "début du message transféré",
    }
)  # fmt: skip

#: The first label of Outlook's block above a quote, and the others.
FROM_LABELS = frozenset(
    {"from", "od", "od koho", "от", "от кого", "von", "de", "از", "šalje", "nadawca"}
)
OTHER_LABELS = frozenset(
    {
        "sent", "date", "to", "cc", "subject", "sent at", "importance", "reply-to",  # en
        "odesláno", "datum", "komu", "kopie", "předmět", "odoslané",  # cs
        "wysłano", "wysłane", "data", "do", "dw", "temat", "udw",  # pl
        "отправлено", "дата", "кому", "копия", "тема", "послано",  # ru
        "poslano", "poslato", "za", "prima", "predmet", "kopija", "naslov",  # bs
        "ارسال", "ارسال شده", "تاریخ", "به", "موضوع", "رونوشت", "فرستاده شده",  # fa
        "gesendet", "an", "betreff",  # de
        "envoyé", "à", "objet", "envoyé le",  # fr
    }
)  # fmt: skip

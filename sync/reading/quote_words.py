"""How mail programs head a quoted letter, in the languages we know: data, with the program's name.

Everything is lower case. Sources: letters written with these programs; tests/letters/ has some.
"""

from __future__ import annotations

#: What stands between dashes above a letter that is passed on.
FORWARDS = frozenset(
    {
        "forwarded message", "forwarded by", "begin forwarded message",  # en: Gmail, Apple Mail
        "forwarded mail", "forwarded email", "forwarded letter",
        "begin forwarded text", "end forwarded text",  # Eudora
        "přeposlaná zpráva", "přeposlaný e-mail", "začátek přeposlané zprávy",  # cs: Gmail, Seznam
        "preposlaná správa", "začiatok preposlanej správy",  # sk
        "wiadomość przekazana", "przekazana wiadomość", "wiadomość przesłana dalej",  # pl
        "forwarded message / wiadomość przekazana", "treść przekazanej wiadomości",
        "początek przekazanej wiadomości",
        "пересылаемое сообщение", "пересланное сообщение", "начало пересылаемого сообщения",  # ru
        "перенаправленное сообщение", "конец пересылаемого сообщения",
        "начало переадресованного сообщения",
        "переслане повідомлення", "препратено съобщение",  # uk, bg
        "proslijeđena poruka", "prosleđena poruka", "прослеђена порука",  # bs, hr, sr
        "početak proslijeđene poruke", "posredovano sporočilo",  # hr, sl: Apple Mail
        "پیام هدایت‌شده", "پیام بازارسال‌شده", "پیام هدایت شده", "پیام فوروارد شده",  # fa: Gmail
        "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",  # de
        "anfang der weitergeleiteten e-mail", "weitergeleitete e-mail",
        "message transféré", "début du message transféré", "début du message réexpédié",  # fr
        "mensaje reenviado", "inicio del mensaje reenviado", "missatge reenviat",  # es, ca
        "messaggio inoltrato", "inizio messaggio inoltrato", "inizio del messaggio inoltrato",  # it
        "mensagem encaminhada", "início da mensagem encaminhada", "mensagem reencaminhada",  # pt
        "início da mensagem reencaminhada",
        "doorgestuurd bericht", "begin doorgestuurd bericht",  # nl
        "vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mail",  # sv
        "påbörja vidarebefordrat meddelande", "vidarebefordrat e-postmeddelande",
        "videresendt meddelelse", "videresendt besked", "videresendt mail",  # da
        "start på videresendt besked", "påbegynd videresendt besked",
        "videresendt melding", "start på videresendt melding", "videresendt e-post",  # no
        "välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa",  # fi
        "továbbított üzenet", "továbbított levél", "továbbított üzenet kezdete",  # hu
        "mesaj redirecționat", "mesaj redirectionat", "mesaj transmis mai departe",  # ro
        "iletilmiş ileti", "iletilen mesaj",  # tr
        "yönlendirilmiş ileti", "iletilen ileti başlangıcı",
        "προωθημένο μήνυμα", "رسالة معاد توجيهها", "הודעה שהועברה",  # el, ar, he
        "전달된 메시지", "전달한 메시지", "전달된 메일",  # ko
        "転送メッセージ", "転送されたメッセージ", "転送されたメール", "転送メール",  # ja
        "转发的邮件", "转发邮件", "转发邮件信息", "已转发邮件",  # zh
        "轉寄的郵件", "轉寄郵件", "已轉寄的郵件",
    }
)  # fmt: skip

#: What stands between dashes above a quoted letter, and above one that is passed on.
MARKERS = FORWARDS | {
    "original message", "original appointment", "reply message", "original mail",  # en: Outlook
    "original email", "original e-mail", "original", "previous message", "quoted text",
    "previous replies",  # Discourse
    "replied message", "mail original", "邮件原文",  # 163 Mail Master; Zimbra in French; 139.com
    "původní zpráva", "původní e-mail",  # cs, sk: Outlook, Seznam
    "původní událost", "pôvodná správa",
    "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna",  # pl: Outlook
    "исходное сообщение", "оригинальное сообщение", "первоначальное сообщение",  # ru
    "исходное письмо", "оригинальное письмо",
    "вихідне повідомлення", "початкове повідомлення", "оригінальне повідомлення",  # uk
    "оригинално съобщение", "първоначално съобщение",  # bg
    "izvorna poruka", "originalna poruka", "orginalna poruka", "izvirno sporočilo",  # bs, hr, sl
    "оригинална порука", "изворна порука", "првобитна порука",  # sr
    "پیام اصلی", "پیام اولیه",  # fa: Outlook
    "original-nachricht", "ursprüngliche nachricht",  # de
    "ursprüngliche mail", "originalnachricht",
    "ursprüngliche e-mail", "originale nachricht", "ursprünglicher termin",
    "message d'origine", "message d’origine", "message original", "message initial",  # fr: Outlook
    "mensaje original", "missatge original", "cita original", "mensaje anterior",  # es, ca
    "messaggio originale", "messaggio originario", "messaggio precedente",  # it
    "mensagem original", "mensagem anterior",  # pt
    "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht",  # nl
    "oorspronkelijke afspraak",
    "ursprungligt meddelande", "ursprungliga meddelandet", "originalmeddelande",  # sv
    "original meddelande", "ursprungligt e-postmeddelande",
    "oprindelig meddelelse", "original meddelelse", "oprindelig besked", "originalmeddelelse",  # da
    "opprinnelig melding", "original melding", "originalmelding", "opprinnelig e-post",  # no
    "alkuperäinen viesti", "alkuperäinen sähköposti",  # fi
    "eredeti üzenet", "eredeti levél", "az eredeti üzenet",  # hu
    "mesaj original", "mesajul original", "mesaj inițial",  # ro
    "orijinal ileti", "özgün ileti", "orijinal mesaj", "asıl ileti", "asıl mesaj",  # tr
    "αρχικό μήνυμα", "الرسالة الأصلية", "הודעה מקורית", "tin nhắn gốc",  # el, ar, he, vi
    "원본 메시지", "원본 메일", "원본메일", "original 메시지",  # ko: Outlook, Naver
    "元のメッセージ", "オリジナルメッセージ", "元のメール", "元のメールメッセージ",  # ja
    "原始邮件", "原邮件", "邮件原件", "回复的原邮件", "回复的邮件",  # zh
    "原始郵件", "原始信件", "原文", "原始訊息",
}  # fmt: skip

#: What such a line begins with where names and days follow.
LONG_MARKERS = (
    "forwarded by ", "forwarded message from ", "original message from ",  # Lotus Notes; Mutt
    "weitergeleitet von ", "transféré par ", "reenviado por ", "inoltrato da ", "přeposlal ",
    "vidarebefordrat av ", "doorgestuurd door ", "encaminhado por ",
)  # fmt: skip

#: A word of these stands in the line in which a help desk asks, beside those of ABOVE_THIS.
ANSWERING = (
    "repl", "answer", "respon", "comment", "répo", "rispo",  # en, es, pt, fr, it
    "odpov", "odpow", "ответ", "відповід", "отговор", "odgov", "одгов",  # cs, sk, pl, ru, uk, bg
    "antwort", "antwoord", "svar", "vasta", "válasz", "răsp", "yanıt", "پاسخ",  # de to fa
    "답장", "회신", "返信", "回复", "回覆", "答复",  # ko, ja, zh
)  # fmt: skip

#: What help desks write above what they send, so that they can tell the answer from it.
ABOVE_THIS = (
    "above this line", "above the line", "over this line",  # Zendesk, Jira, Freshdesk, Basecamp
    "nad tento řádek", "nad tuto čáru", "nad tímto řádkem", "nad touto čarou",  # cs
    "nad tento riadok", "nad týmto riadkom",  # sk
    "powyżej tej linii", "powyżej tego wiersza", "nad tą linią", "ponad tą linią",  # pl
    "выше этой строки", "выше этой линии", "над этой строкой", "над этой линией",  # ru
    "над цим рядком", "вище цього рядка", "над този ред",  # uk, bg
    "iznad ove linije", "iznad ovog reda", "iznad ovog retka",
    "изнад ове линије", "изнад овог реда",
    "بالای این خط",  # fa
    "oberhalb dieser zeile", "über dieser zeile",  # de
    "oberhalb dieser linie", "über dieser linie",
    "über diese zeile", "oberhalb der linie",
    "au-dessus de cette ligne", "au dessus de cette ligne",  # fr
    "encima de esta línea", "sobre esta línea",  # es
    "arriba de esta línea", "encima de esta linea",
    "sopra questa riga", "sopra di questa riga", "sopra questa linea",  # it
    "acima desta linha", "acima dessa linha",  # pt
    "boven deze regel", "boven deze lijn",  # nl
    "ovanför den här raden", "ovanför denna rad", "ovanför denna linje",  # sv
    "over denne linje", "over denne linjen", "ovenfor denne linje",  # da, no
    "tämän rivin yläpuolelle", "e sor fölé", "a vonal fölé", "deasupra acestei linii",  # fi, hu, ro
    "bu satırın üst", "bu çizginin üst",  # tr
    "이 줄 위", "이 라인 위", "この行より上", "この行の上",
    "この線より上", "此行上方", "此行之上", "此线上方",
    "這一行上方", "这行以上", "此行以上",
)  # fmt: skip

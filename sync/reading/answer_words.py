"""How automatic answers speak, in the languages we know: data, all of it lower case.

Sources: Exchange, Outlook, Gmail, Lotus Notes, Groupwise, Zimbra, Roundcube and vacation(1) in
these languages, and what people write into them.
"""

from __future__ import annotations

#: What programs put before the subject that they answer. Nobody writes it by hand, except of it.
MADE_SUBJECTS = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "auto response",
    "auto-response", "autoresponse", "automatic response", "automated response", "autoresponder",
    "out of office autoreply", "out of office auto-reply", "vacation reply", "vacation autoreply",
    "out of office reply", "out of office response", "out of office message",
    "automatická odpověď", "automaticka odpoved", "odpověď v nepřítomnosti",  # cs
    "automatická odpoveď",  # sk
    "automatyczna odpowiedź", "odpowiedź automatyczna", "autoodpowiedź", "autoodpowiedz",  # pl
    "автоматический ответ", "автоответ", "автоматическое уведомление об отсутствии",  # ru
    "автоматична відповідь", "автовідповідь",  # uk
    "automatski odgovor", "automatska poruka", "аутоматски одговор", "аутоматска порука",  # bs
    "samodejni odgovor",  # sl
    "پاسخ خودکار", "پاسخ اتوماتیک", "رد تلقائي",  # fa, ar
    "automatische antwort", "automatische rückantwort", "abwesenheitsnotiz",  # de
    "abwesenheitsmeldung", "abwesenheitsbenachrichtigung",
    "réponse automatique", "reponse automatique", "message d'absence",  # fr
    "respuesta automática", "respuesta automatica", "resposta automàtica",  # es, ca
    "risposta automatica",  # it
    "resposta automática", "resposta automatica",  # pt
    "automatisch antwoord", "automatische reactie", "afwezigheidsbericht",  # nl
    "autosvar", "automatiskt svar", "automatisk svar", "frånvaromeddelande",  # sv, da, no
    "fraværsmeddelelse", "fraværsmelding",
    "automaattinen vastaus", "poissaoloilmoitus", "automaatvastus",  # fi, et
    "automatikus válasz", "răspuns automat", "raspuns automat", "otomatik yanıt",  # hu, ro, tr
    "otomatik cevap", "automatinis atsakymas", "automātiska atbilde",  # lt, lv
    "αυτόματη απάντηση", "автоматичен отговор",  # el, bg
    "自動応答", "自動返信", "自动回复", "自動回覆", "自动答复", "自動回復",  # ja, zh
    "자동 회신", "자동 응답", "자동회신", "자동응답",  # ko
)  # fmt: skip

#: Lotus Notes writes it before the whole sentence, and people who write of a car as well.
LOTUS_NOTES = "auto:"
#: So it goes on behind the absence: "AUTO: Ann is out of the office (returning 05/05/2025)".
RETURNING = ("(returning", "(rückkehr", "(zurück", "(retour", "(regreso", "(ritorno")

#: Subjects that people give to their automatic answers, and to letters that they write themselves.
AWAY_SUBJECTS = (
    "out of office", "out of the office", "out-of-office", "ooo", "away from", "on vacation",
    "on holiday", "on leave", "on annual leave", "vacation", "i am away", "i'm away",
    "nejsem v kanceláři", "nebudu v kanceláři", "jsem na dovolené", "služební cesta",
    "mimo kancelář", "nepřítomnost", "jsem mimo", "dovolená", "mimo kancelárie",  # cs, sk
    "nie ma mnie", "przebywam na urlopie", "delegacja",
    "poza biurem", "nieobecność", "informacja o nieobecności", "jestem na urlopie", "urlop",  # pl
    "нет на месте", "меня нет", "меня не будет", "буду отсутствовать", "нахожусь в отпуске",
    "в командировке",
    "вне офиса", "отсутствую", "отсутствие", "нет на рабочем месте", "в отпуске", "отпуск",  # ru
    "відсутність", "у відпустці",  # uk
    "nisam u kancelariji", "nisam u uredu", "na službenom putu", "нисам у канцеларији",
    "odsutan", "odsutna", "odsutnost", "van kancelarije", "izvan ureda", "godišnji odmor",  # bs
    "na godišnjem", "одсутан", "одсутна", "одсутност", "ван канцеларије", "годишњи одмор",
    "حضور ندارم", "در دفتر نیستم", "در دسترس نیستم", "ماموریت", "در ماموریت",
    "خارج از دفتر", "عدم حضور", "مرخصی", "در مرخصی",  # fa
    "abwesenheit", "abwesend", "außer haus", "nicht im büro", "im urlaub", "urlaub",  # de
    "absence du bureau", "absence", "absent", "en congé",  # fr
    "fuera de la oficina", "fuera de oficina", "ausente", "ausencia", "de vacaciones",  # es
    "fuori sede", "fuori ufficio", "assente", "assenza", "in ferie",  # it
    "fora do escritório", "ausência", "de férias",  # pt
    "afwezig", "niet aanwezig", "met vakantie", "frånvaro", "frånvarande",  # nl, sv
    "ikke til stede", "fravær", "på ferie", "poissa", "lomalla",  # da, no, fi
    "házon kívül", "absent din birou", "ofis dışında",  # hu, ro, tr
    "不在", "休暇", "外出", "休假", "부재",  # ja, zh, ko
)  # fmt: skip

#: Subjects of those who only say that something came; believed beside another sign alone.
THANKS_SUBJECTS = (
    "thank you for your e", "thank you for your message", "thank you for your mail",
    "thanks for your e", "thanks for your message", "we have received your",
    "your message has been received", "your email has been received", "receipt of your e",
    "děkujeme za váš e", "děkuji za váš e", "děkujeme za vaši zprávu",  # cs
    "dziękujemy za wiadomość", "dziękuję za wiadomość", "dziękujemy za kontakt",  # pl
    "спасибо за ваше", "благодарим за ваше", "ваше письмо получено",  # ru
    "hvala na poruci", "hvala na vašoj poruci", "хвала на поруци",  # bs
    "پیام شما دریافت شد", "ایمیل شما دریافت شد",  # fa
    "vielen dank für ihre", "danke für ihre", "eingangsbestätigung",  # de
    "merci pour votre", "merci de votre", "accusé de réception",  # fr
    "gracias por su", "gracias por tu", "grazie per", "obrigado por", "bedankt voor uw",
)  # fmt: skip

#: That somebody is away.
AWAY = (
    "out of office", "out of the office", "out-of-office", "on vacation", "on holiday",
    "on annual leave", "on leave", "maternity leave", "parental leave", "currently away",
    "am away", "be away", "limited access to", "no access to e", "not in the office",
    "mimo kancelář", "nepřítom", "dovolen", "nejsem v kanceláři", "nebudu v kanceláři",  # cs
    "poza biurem", "nieobecn", "urlopie", "nie ma mnie w biurze",  # pl
    "не будет на рабочем месте", "не будет на месте", "в командировке", "не буду на месте",
    "вне офиса", "отсутств", "в отпуске", "нет на рабочем месте", "не в офисе",  # ru
    "у відпустці", "відсутн",  # uk
    "odsut", "godišnjem odmoru", "van kancelarije", "izvan ureda", "nisam u kancelariji",  # bs
    "одсут", "годишњем одмору", "ван канцеларије", "нисам у канцеларији",
    "مرخصی", "خارج از دفتر", "حضور ندارم", "در دفتر نیستم", "در دفتر نخواهم بود",  # fa
    "nicht im büro", "abwesen", "außer haus", "im urlaub", "nicht im hause",  # de
    "absent", "en congé", "hors du bureau",  # fr
    "fuera de la oficina", "fuera de oficina", "de vacaciones", "ausente",  # es
    "fuori ufficio", "fuori sede", "in ferie", "assente",  # it
    "fora do escritório", "de férias",  # pt
    "afwezig", "niet op kantoor", "met vakantie", "inte på kontoret", "på semester",  # nl, sv
    "ikke på kontoret", "på ferie", "poissa", "lomalla", "szabadság", "în concediu",
    "izindeyim", "不在", "休暇", "休假", "휴가", "부재",
)  # fmt: skip

#: How Domino's own answers begin, before it writes Auto-Submitted; nobody else counts so.
DOMINO = (
    ("i will be out of the office starting ", "and will not return until"),
    ("ich werde ab ", "nicht im büro sein"),
    ("je serai absent(e) du ", "au"),
)

DOMINO_SUBJECTS = ("is out of the office", "ist außer haus", "est absent(e)")

#: That somebody's letter was received, and will be answered, or not.
ANSWERS = (
    "your e-mail", "your email", "your mail", "your message", "your inquiry", "your enquiry",
    "your request", "will respond", "will reply", "get back to you", "will answer",
    "automatic reply", "automatic response", "automatic message", "automatically", "automated",
    "auto-reply", "autoreply", "auto-response", "autoresponder",
    "vaši zprávu", "vaší zprávu", "za zprávu", "váš e-mail", "vašeho e-mailu", "za váš",  # cs
    "automatická odpov", "automatickou odpov", "automatická zpráva", "automaticky",
    "odpovím", "ozvu se", "vašu správu",
    "za wiadomość", "wiadomość automatyczn", "twoją wiadomość", "państwa wiadomość",  # pl
    "za kontakt", "odpowiem", "odpowiedź automatyczn", "automatyczna odpowiedź", "automatycznie",
    "ваше письмо", "ваше сообщение", "за письмо", "за обращение", "отвечу",  # ru
    "автоматический ответ", "автоматическое сообщение", "автоматически",
    "вашу електронну", "ваш лист", "відповім",  # uk
    "vašu poruku", "vašem mailu", "vaš email", "vaš e-mail", "na poruci", "odgovorit ću",  # bs
    "odgovoriću", "javit ću", "javiću", "automatski odgovor", "automatska poruka",
    "вашу поруку", "на поруци", "одговорићу", "одговорит ћу", "јавићу", "аутоматски одговор",
    "аутоматска порука",
    "ایمیل شما", "پیام شما", "پاسخ خواهم داد", "پاسخ خودکار",  # fa
    "ihre nachricht", "ihre e-mail", "ihre mail", "ihre anfrage", "deine nachricht",  # de
    "deine e-mail", "automatische antwort", "automatische nachricht", "automatisch erzeugt",
    "automatisch generiert", "automatisch erstellt", "melde mich",
    "votre message", "votre mail", "votre e-mail", "votre courriel",
    "réponse automatique", "message automatique", "automatiquement",  # fr
    "su mensaje", "su correo", "tu mensaje", "tu correo",  # es
    "respuesta automática", "mensaje automático", "automáticamente",
    "suo messaggio", "sua e-mail", "sua mail", "tuo messaggio",  # it
    "risposta automatica", "messaggio automatico", "automaticamente",
    "sua mensagem", "seu e-mail", "seu email",  # pt
    "resposta automática", "mensagem automática", "automaticamente",
    "uw bericht", "uw e-mail", "uw mail", "je bericht", "je mail",  # nl
    "ditt meddelande", "ditt mail", "ditt mejl", "din mail", "din e-mail", "din henvendelse",
    "viestistäsi", "viestiisi", "levelét", "üzenetét", "mesajul", "mesajınız",
    "メールを受信", "メールをいただ", "メールありがとう", "メールを拝見", "自動応答", "自動返信",
    "自動送信", "您的邮件", "您的来信", "来信已", "感谢来信", "自动回复", "自动答复", "自动发送",
    "메일을 받", "메일 감사", "자동 회신", "자동회신", "자동 응답", "자동응답", "자동으로",
)  # fmt: skip

#: Programs ask a stranger to prove that they are a person: TMDA, ASK, SpamArrest, Qurb, UOL.
CHALLENGES = (
    "please confirm your message", "please confirm your email", "please confirm your e-mail",
    "confirm your message", "your email requires verification", "your e-mail requires verification",
    "your message requires verification", "your mail requires confirmation",
    "message requires confirmation", "please verify your message", "please verify your email to",
    "sender verification", "verify sender", "challenge from", "[qurb", "[spamarrest",
    "antispam uol", "antispamuol", "[boxbe", "potvrďte prosím odeslání",
    "подтвердите отправку письма", "bestätigen sie ihre nachricht", "merci de vous authentifier",
)  # fmt: skip

#: Feedback of a mailbox provider on what its users call spam, before RFC 5965 (AOL, Hotmail).
FEEDBACK_SUBJECT = "email feedback report for ip"
COMPLAINT_SUBJECT = "complaint about message from"
#: RFC 7489, section 7.2.1.1.
AGGREGATE_SUBJECTS = ("report domain:", "[preview] report domain:")

"""The labels of the lines that mail programs write above a letter that they quote or pass on: data.

Where a line names no program, the labels are those of Outlook, Gmail, Apple Mail, Thunderbird and
Yahoo in that language, which agree for the greater part.
"""

from __future__ import annotations

#: By what they name.
_LABELS = {
    "from": (
        "from", "sender", "from name",  # en
        "von", "absender",  # de
        "de", "expéditeur", "remitente", "remetente", "de la", "expeditor",  # fr, es, pt, ca, ro
        "da", "mittente",  # it
        "van", "afzender",  # nl
        "od", "odesílatel", "odosielateľ", "od koho", "nadawca",  # cs, sk, pl, hr, sl
        "šalje", "pošiljatelj", "šalje se", "шаље", "од", "пошиљалац",  # hr, bs, sr
        "från", "avsändare", "fra", "afsender", "avsender", "frá",  # sv, da, no, is
        "lähettäjä", "saatja", "kellelt", "feladó", "kimden", "gönderen",  # fi, et, hu, tr
        "от", "от кого", "отправитель", "від", "від кого", "відправник", "подател", "ад",
        "από", "nuo", "siuntėjas", "sūtītājs",  # el, lt, lv
        "de la part de", "keneltä", "보낸이",  # fr, fi, ko
        "差出人", "送信者", "送信元", "发件人", "发信人", "寄件者", "寄件人", "發件人",  # ja, zh
        "보낸 사람", "보낸사람", "보내는 사람", "발신", "발신자", "발신인",  # ko
        "از", "فرستنده", "من", "מאת", "dari", "từ", "người gửi", "จาก", "ผู้ส่ง",
    ),
    "date": (
        "date", "sent", "sent at", "sent on", "date sent",  # en
        "message du", "odeslané", "pvm", "verstuurd", "تاريخ الإرسال",  # fr: Orange; sk, fi, nl, ar
        "send time", "发件时间", "日 期", "日\u3000期", "时 间", "时\u3000间",  # QQ, NetEase
        "傳送日期", "发送", "已傳送", "보냄", "התאריך",
        "datum", "gesendet", "gesendet am", "datum/uhrzeit", "verzonden", "verzonden op",  # de, nl
        "envoyé", "envoyé le", "date d'envoi", "date d’envoi", "envoyée",  # fr
        "fecha", "enviado", "enviado el", "enviado a las", "fecha de envío",  # es
        "data", "enviada", "enviada em", "enviado em", "enviada a", "enviado a",  # pt
        "inviato", "inviato il", "inviata", "data invio", "enviat", "enviat el",  # it, ca
        "odesláno", "odesláno dne", "odoslané", "odoslaná", "dátum", "wysłano", "wysłane",
        "data wysłania", "poslano", "datum slanja", "poslato", "послато", "датум", "отправлено",
        "дата", "дата и время", "дата отправки", "послано", "надіслано", "відправлено",
        "изпратено", "skickat", "sendt", "dato", "dags.", "lähetetty", "päivämäärä",
        "päiväys", "saadetud", "kuupäev", "elküldve", "küldve", "küldés dátuma", "küldés ideje",
        "trimis",
        "trimis la", "dată", "data trimiterii", "tarih", "gönderme tarihi", "gönderilme tarihi",
        "gönderildi", "gönderilme", "gönderilen", "ημερομηνία", "στάλθηκε", "εστάλη", "išsiųsta",
        "data ir laikas",
        "nosūtīts", "datums", "日時", "日付", "送信日時", "送信日", "送信済み", "发送时间",
        "发送日期", "日期", "时间", "時間", "寄件日期", "傳送時間", "寄件時間", "發送時間",
        "발송일", "보낸 날짜", "보낸날짜", "보낸 시간", "날짜", "일시", "발신일",
        "تاریخ", "ارسال", "ارسال شده", "فرستاده شده", "تاريخ", "التاريخ", "تم الإرسال",
        "נשלח", "תאריך", "ngày", "đã gửi", "tanggal", "dikirim", "วันที่", "ส่ง",
    ),
    "to": (
        "to", "recipient", "an", "empfänger", "à", "pour", "destinataire", "destinataires",
        "para", "destinatario", "destinatário", "a", "aan", "komu", "pro", "pre",
        "príjemca", "příjemce",
        "kenelle", "saaja", "per",  # fi, et, it
        "odbiorca",  # pl: Roundcube
        "do", "adresat", "za", "prima", "primatelj", "прима", "за", "кому", "получатель",
        "отримувач", "до", "till", "til", "vastaanottaja", "kellele", "címzett", "către", "catre",
        "la", "kime", "alıcı", "προς", "kam", "gavėjas", "per a", "宛先", "送信先", "宛て先",
        "收件人", "收件者", "받는 사람", "받는사람", "수신", "수신자", "수신인",
        "به", "گیرنده", "إلى", "الى", "אל", "kepada", "ke", "đến", "tới", "người nhận", "ถึง",
    ),
    "cc": (
        "com cópia", "密送", "抄 送", "抄\u3000送",
        "cc", "copy", "kopie", "kopie (cc)", "kopie an", "copie", "copie à", "copia", "cópia",
        "copia per conoscenza", "cópia para", "c.c.", "dw", "do wiadomości", "kópia",
        "kopia", "kopi", "kopi til", "kopio", "koopia", "másolat", "másolatot kap", "kopija",
        "kp", "копия", "копія", "копија", "копие", "bilgi", "κοιν.", "κοιν", "κοινοποίηση",
        "抄送", "副本", "참조", "رونوشت", "نسخة", "نسخة إلى", "עותק", "tembusan", "สำเนา",
        "đồng gửi", "в копії", "в копии",
    ),
    "subject": (
        "subiectul", "thema", "主 题", "主\u3000题",  # ro; de: Lotus Notes; zh: NetEase, Sina
        "subject", "betreff", "betr.", "objet", "sujet", "asunto", "assunto", "oggetto",
        "onderwerp", "předmět", "predmet", "věc", "temat", "tytuł", "тема", "предмет", "относно",
        "naslov", "наслов", "zadeva", "tema", "temats", "ämne", "emne", "aihe", "teema", "efni",
        "tárgy", "subiect", "konu", "θέμα", "assumpte", "件名", "表題", "主题", "主題", "主旨",
        "标题", "제목", "موضوع", "الموضوع", "נושא", "subjek", "perihal", "chủ đề", "tiêu đề",
        "หัวเรื่อง", "เรื่อง",
    ),
    #: Read over, for they are no part of the text.
    "other": (
        "reply-to", "reply to", "antwort an", "antworten an", "répondre à", "responder a",
        "responder para", "rispondi a", "risposta", "beantwoorden", "antwoord aan", "odpověď na",
        "odpovědět", "odpověď", "odpoveď", "odpowiedź do", "odpowiedz do", "odpowiedź",
        "svar til", "svara till", "svarsadress", "svar-til", "vastausosoite", "válaszcím",
        "válasz", "yanıt adresi", "yanıtla", "yanıt", "ответить", "обратный адрес", "відповісти",
        "odgovori na", "odgovor na", "răspuns la", "răspunde la", "返信先", "回复", "답장",
        "bcc", "udw", "cci", "cco", "ccn", "bc", "blindkopie", "skrytá kopie", "hemlig kopia",
        "importance", "priority", "wichtigkeit", "priorität", "importancia", "prioridad",
        "prioridade", "importância", "importanza", "priorità", "urgentie", "důležitost",
        "ważność", "priorytet", "важность", "приоритет", "prioritet", "viktighet", "tärkeys",
        "attachments", "attachment", "anlagen", "anlage", "anhang", "anhänge", "pièces jointes",
        "pièce jointe", "p.j.", "datos adjuntos", "adjuntos", "anexos", "anexo", "allegati",
        "allegato", "bijlagen", "bijlage", "přílohy", "příloha", "prílohy", "załączniki",
        "вложения", "вкладення", "bilagor", "vedlegg", "liitteet", "mellékletek", "ekler",
        "organization", "organisation", "organisatie", "message-id", "return-path",
        "resent-from", "resent-to", "resent-date", "delivered-to", "list-id", "x-mailer",
        "mime-version", "content-type", "user-agent", "in-reply-to", "references",
        "categories", "sensitivity", "sent by", "when", "where", "mailed-by", "signed-by",
        "newsgroups", "received",
    ),
}  # fmt: skip
#: What a label names, case-folded.
LABELS = {label.casefold(): field for field, labels in _LABELS.items() for label in labels}

#: As they are written, for Yahoo strings them together without an end of line.
RUN_TOGETHER = {
    label[0].upper() + label[1:]: field for label, field in LABELS.items() if field != "other"
} | dict.fromkeys(("CC", "DW"), "cc")

"""By which words a disclaimer is known, in the languages we know: data, in lower case."""

from __future__ import annotations

#: Titles of a disclaimer; alone they are nothing, with one of `LEGAL` below them they are.
HEADINGS = (
    "confidentiality", "disclaimer", "legal notice", "legal disclaimer", "important notice",
    "notice:",
    "privileged and confidential", "privileged & confidential", "confidential:", "caution:",
    "note:",
    "vertraulichkeit", "haftungsausschluss", "hinweis:", "wichtiger hinweis", "rechtlicher hinweis",
    "avertissement", "confidentialité", "avis de confidentialité", "mention légale", "aviso legal",
    "aviso de confidencialidad", "confidencialidad", "aviso:", "nota legal", "confidencialidade",
    "avviso di riservatezza", "nota di riservatezza", "riservatezza", "privacy", "informativa",
    "vertrouwelijk", "disclaimer:", "upozornění", "důvěrné", "upozornenie", "zastrzeżenie",
    "klauzula",
    "uwaga:", "poufne", "конфиденциальност", "предупреждение", "внимание", "napomena",
    "povjerljivo",
    "poverljivo", "izjava o", "напомена", "توجه", "محرمانه", "sekretess", "konfidentiell",
    "fortrolig",
    "免责声明", "免責聲明", "声明", "保密", "注意", "ご注意", "免責事項",
)  # fmt: skip

#: What lawyers write in them: three different ones in one paragraph, or two below a heading.
LEGAL = (
    # en
    "intended recipient", "intended only for", "intended solely for", "solely for the use",
    "sole use of", "for the use of the individual", "named addressee", "are not the addressee",
    "legally privileged", "privileged", "confidential", "received this e-mail in error", "in error",
    "received this email in error", "received this message in error",
    "received this communication in error",
    "this e-mail and any", "this email and any", "this message and any", "any attachments",
    "attachments hereto",
    "unauthorized", "unauthorised", "disclosure", "dissemination", "strictly prohibited",
    "is prohibited",
    "views expressed", "opinions expressed", "notify the sender", "delete it",
    "destroy all copies", "by reply e-mail",
    "liability", "computer viruses", "transmission cannot be guaranteed", "protected by law",
    "registered office",
    "may contain information", "contains information", "delete this", "reproduction",
    "enforceable", "be relied on",
    # de
    "vertrauliche", "bestimmten empfänger", "richtige adressat", "irrtümlich", "vernichten sie",
    "unbefugte",
    "unerlaubte", "nicht gestattet", "rechtlich geschützte", "informieren sie bitte", "absender",
    # fr
    "confidentiel", "destinataire", "à l'attention exclusive", "par erreur", "pièces jointes",
    "intention exclusive",
    "toute utilisation", "non autorisée", "détruire", "l'expéditeur", "expéditeur", "altéré",
    # es, pt
    "confidencial", "destinatario", "destinatário", "por error", "por erro", "archivos adjuntos",
    "anexos",
    "prohibid", "proibid", "no autorizad", "não autorizad", "notifíquelo", "remitente",
    "remetente", "eliminar",
    "privilegiad", "protección de datos", "proteção de dados",
    # it
    "riservat", "confidenziali", "per errore", "destinatari", "allegati", "non autorizzat",
    "vietat", "mittente",
    "d.lgs", "privacy",
    # nl
    "vertrouwelijk", "geadresseerde", "uitsluitend bestemd", "abusievelijk", "ten onrechte",
    "niet toegestaan",
    "afzender", "bijlagen", "aansprakelijk",
    # sv, da, no, fi
    "konfidentiell", "avsedd för", "mottagare", "av misstag", "avsändaren", "fortrolig",
    "modtager", "ved en fejl",
    "afsender", "mottaker", "ved en feil", "avsender", "luottamuksellinen", "vastaanottaja",
    "erehdyksessä",
    # cs, sk
    "důvěrné", "důvěrn", "určen výhradně", "určena výhradně", "určeny výhradně",
    "zamýšleným příjemcem", "adresát",
    "omylem", "neprodleně", "odesílatel", "neoprávněn", "přílohy", "nezakládá", "uzavření smlouvy",
    "dôvern", "prílohy",
    "obchodního rejstříku",
    # pl
    "poufn", "adresat", "wyłącznie dla", "omyłkowo", "przez pomyłkę", "nadawc", "zabronion",
    "załącznik", "prawnie",
    "usunięcie", "krs", "kapitał zakładowy", "sąd rejonowy",
    # ru, uk
    "конфиденциальн", "адресат", "предназначен", "по ошибке", "ошибочно", "отправител", "запрещ",
    "вложени",
    "разглашени", "публичной офертой", "конфіденційн", "помилково",
    # bs, hr, sr
    "povjerljiv", "poverljiv", "isključivo", "primatelj", "primalac", "primaoc", "greškom",
    "pošiljatelj", "pošiljalac",
    "pošiljaoc", "zabranjen", "neovlašten", "neovlašćen", "privitak", "поверљив", "искључиво",
    "примала", "грешком",
    "пошиљал", "забрањен",
    # fa
    "محرمانه", "گیرنده", "اشتباه", "فرستنده", "غیرمجاز", "پیوست‌های", "ضمائم",
    # ja, zh, ko
    "機密", "受信者", "宛先", "誤って", "第三者", "削除", "开示", "機密", "机密", "收件人", "错误",
    "錯誤", "发件人", "删除",
    "未经授权", "保密", "기밀", "수신인", "수신자", "발신인", "삭제",
    # ro, hu, tr
    "confidențial", "destinatarul", "din greșeală", "bizalmas", "címzett", "tévedésből", "gizli",
    "alıcı", "yanlışlıkla",
)  # fmt: skip

#: A letter without any of these has no disclaimer: looked for first.
LEGAL_SIGNS = (
    "onfiden", "intended", "privileged", "disclaim", "recipient", "virus", "prohibit",
    "ertraulich", "irrtümlich",
    "estinata", "iservat", "ertrouwelijk", "eadresseerde", "onfidentiell", "ortrolig",
    "luottamuks", "ůvěrn", "ôvern",
    "ýhradně", "oufn", "adresat", "дресат", "онфіден", "онфиден", "ovjerljiv", "overljiv",
    "оверљив", "محرمانه", "機密",
    "机密", "保密", "기밀", "izalmas", "gizli", "adresát", "in error",
)  # fmt: skip

#: A paragraph below a disclaimer goes on with it where one of these is in it, or one of `LEGAL`.
BELOW_LEGAL = (
    "virus", "viren", "malware", "responsibility is accepted", "no responsibility", "monitored",
    "unlawful", "registered in", "company number", "registration number", "handelsregister",
    "geschäftsführer", "rcs ", "siret", "registro mercantil", "partita iva", "kvk", "virů",
    "vírus", "obchodním rejstříku", "wirus", "вирус", "віруси", "ویروس", "ウイルス", "病毒",
)  # fmt: skip

"""What programs and lists put below letters, in the languages we know: data.

Everything is lower case. Texts of programs are named by the program that writes them.
"""

from __future__ import annotations

#: How the line begins by which a phone or a program names itself, whatever it is called after that.
SENT_FROM_MY = (
    "sent from my ", "sent by my ", "sent via my ", "sent with my ", "sent using my ",
    # en: every phone
    "sent from the ", "sent on the ", "sent via the ", "sent on my ", "sent from an ",  # carriers
    "envoyé de mon ", "envoyé depuis mon ", "envoyé à partir de mon ", "envoyé avec mon ",  # fr
    "envoyé via mon ", "envoyé depuis l'application ", "envoyé depuis l’application ",
    "gesendet von meinem ", "gesendet von meiner ",  # de
    "gesendet mit meinem ", "diese nachricht wurde von meinem ", "diese e-mail wurde von meinem ",
    "von mobile gesendet", "von unterwegs gesendet", "unterwegs gesendet", "mobil gesendet",
    "gesendet von unterwegs", "vom handy gesendet",
    "enviado desde mi ", "enviado de mi ", "enviado con mi ", "enviado des de ",  # es, ca
    "enviado do meu ", "enviado a partir do meu ", "enviado pelo meu ", "enviada do meu ",  # pt
    "inviato da mio ", "inviato dal mio ", "inviato con il mio ", "inviato dalla mia ",  # it
    "verzonden vanaf mijn ", "verstuurd vanaf mijn ", "verzonden met mijn ", "verstuurd via mijn ",
    # nl
    "skickat från min ", "skickat från mitt ", "skickad från min ",  # sv
    "sendt fra min ", "sendt fra mit ", "sendt via min ", "sendt fra mi ",  # da, no
    "lähetetty minun ",  # fi
    "odesláno z mého ", "odesláno z mojí ", "poslané z môjho ", "odoslané z môjho ",  # cs, sk
    "wysłane z mojego ", "wysłano z mojego ", "wysłane z telefonu", "wysłano z telefonu",  # pl
    "отправлено с моего ", "отправлено с мобильного", "отправлено с устройства ",  # ru
    "отправлено из мобильной ", "надіслано з мого ", "відправлено з мого ", "послано с моего ",
    "poslano s mog ", "poslano sa mog ", "poslato sa mog ", "poslato s mog ", "poslano z mojega ",
    # bs, hr, sr, sl
    "послато са мог ", "послато с мог ",
    "ارسال شده از ", "ارسال از ", "فرستاده شده از ",  # fa
    "trimis de pe ", "elküldve az ", "küldve a ",  # ro, hu
    "στάλθηκε από το ", "изпратено от моя ", "saadetud minu ",  # el, bg, et
)  # fmt: skip

#: How it begins when the name of a program or a phone must follow, which `DEVICES` knows.
SENT_FROM = (
    "sent from ", "sent via ", "sent with ", "sent by ", "sent using ", "sent on ", "sent through ",
    "composed on ", "composed with ", "written on ", "typed on ",
    "envoyé de ", "envoyé depuis ", "envoyé par ", "envoyé avec ", "envoyé à partir ",
    "envoyé via ",
    "provenance : ",
    "gesendet von ", "gesendet mit ", "gesendet aus ", "gesendet über ",
    "enviado desde ", "enviado con ", "enviado por ", "enviado via ", "enviado vía ",
    "enviado do ", "enviado de ", "enviado através ", "enviada do ",
    "inviato da ", "inviato con ", "inviato dall", "inviato tramite ",
    "verzonden vanaf ", "verzonden met ", "verzonden via ", "verzonden vanuit ", "verstuurd vanaf ",
    "verstuurd met ", "verstuurd via ",
    "skickat från ", "skickades från ", "skickat med ", "skickat via ",
    "sendt fra ", "sendt med ", "sendt via ", "lähetetty ",
    "odesláno z ", "odesláno ze ", "odesláno pomocí ", "odesláno přes ", "odesláno aplikací ",
    "poslané z ", "odoslané z ", "wysłane z ", "wysłano z ", "wysłane przy ", "wysłano za ",
    "отправлено с ", "отправлено из ", "отправлено через ", "отправлено от ",
    "отправлено ", "надіслано з ", "надіслано ", "poslano s ", "poslano sa ",
    "poslano iz ", "poslato sa ", "poslato iz ", "poslato s ", "poslano z ",
    "послато са ", "послато из ", "ارسال", "trimis ", "küldve ", "elküldve ",
    "gönderen ", "发自", "來自", "来自", "從我的", "从我的", "보낸", "나의",
)  # fmt: skip

#: How a very short line begins that says the same: "via mobile".
SHORTLY_FROM = (
    "via ",
    "from my ",
    "od mojego ",
    "z mého ",
    "z mojego ",
    "с моего ",
    "de mon ",
    "desde mi ",
)
#: How it may end behind a name.
SHORTLY_ENDS = (" via mobile", " from mobile", " on mobile", " via phone", " from phone")

#: What is asked of the reader behind it; then it may be longer, and hold a comma.
EXCUSES = (
    "excuse", "pardon", "forgive", "sorry for", "apolog", "typo", "brevity", "autocorrect",
    "auto-correct", "bear with",
    "entschuldig", "tippfehler", "excusez", "désolé", "disculp", "perdona", "desculp", "scusa",
    "excuses", "ursäkta",
    "undskyld", "unnskyld", "omluvte", "promiňte", "překlep", "wybacz", "przeprasz", "извин",
    "простите", "опечатк",
    "oprostite", "ispričavam", "опрости", "پوزش",
)  # fmt: skip

#: How Outlook and others ask to be got as well; `PROGRAMS` must follow.
GET = (
    "get ", "download ", "try ", "outlook voor ", "télécharger ", "obtenez ", "obtenir ",
    "holen sie sich ",
    "laden sie ", "hole dir ", "obtener ", "obtén ", "descargar ", "obter ", "obtenha ", "baixe ",
    "scarica ",
    "ottieni ", "haal ", "hämta ", "skaffa ", "hent ", "få ", "hanki ", "získejte ",
    "získat ", "stáhněte ", "získať ",
    "pobierz ", "uzyskaj ", "скачать ", "скачайте ", "получить ", "получите ", "завантажити ",
    "отримати ",
    "preuzmite ", "nabavite ", "nabavi ", "преузмите ", "دریافت ", "دانلود ", "obțineți ", "下载",
    "下載", "获取",
    "取得",
)  # fmt: skip
PROGRAMS = (
    "outlook", "yahoo", "bluemail", "blue mail", "gmail", "aol", "typeapp", "proton", "mailbird",
    "em client",
    "postbox", "spark", "mailspring", "thunderbird", "hotmail", "mail.ru", "canary", "windows mail",
)  # fmt: skip

#: How it ends, in languages that say it last; `DEVICES` must be in it as well.
SENT_FROM_ENDS = (
    " ارسال شد", " ارسال شده", " ارسال شده است", " فرستاده شد", " فرستاده شده است",  # fa
    " gesendet", " geschickt", " verschickt", " gesendet.", "から送信", "から送信されました",
    "より送信", "から送信。",
    "传送", "傳送", "发送", "傳送。", "에서 보냄", "에서 보냈습니다", " 보냄", " gönderildi",
    " gönderildi.", " küldve",
    " indirin", " elküldve", " saadetud", " verzonden", " verstuurd", " wysłane", " wysłano",
)  # fmt: skip

#: Phones, tablets, and programs for mail.
DEVICES = (
    "a phone", "my cell", "mobilgerät", "alcatel",
    "iphon", "айфон", "ipad", "ipod", "imac", "macbook", "apple watch", "apple mail",
    "vision pro",
    "android", "google pixel", "samsung", "galaxy", "huawei", "xiaomi", "redmi", "oneplus",
    "nokia", "motorola",
    "sony", "xperia", "htc", "lg ", "blackberry", "windows phone", "lumia", "symbian", "palm",
    "treo",
    "smartphone", "mobile", "handy", "handheld", "telefon", "téléphone", "teléfono", "telefono",
    "telefoon",
    "phone", "tablet", "móvil", "celular", "portable", "mobil", "мобильн", "телефон", "смартфон",
    "айфон",
    "آیفون", "آیپد", "سامسونگ", "هواوی", "شیائومی", "تبلت", "گوشی", "موبایل",
    "تلفن همراه", "手机", "手機", "휴대",
    "outlook", "mail for windows", "windows mail", "mail pour windows", "mail für windows",
    "mail para windows",
    "hotmail", "gmail", "yahoo", "aol", "protonmail", "proton mail", "tutanota", "tuta", "gmx",
    "web.de",
    "t-online", "k-9", "thunderbird", "mailspring", "nylas", "spark", "airmail", "edison",
    "bluemail",
    "blue mail", "superhuman", "hey.com", "fastmail", "zoho", "yandex", "яндекс", "mail.ru", "почт",
    "rambler", "seznam", "email.cz", "centrum", "onet", "wp.pl", "interia", "o2.pl", "libero",
    "virgilio",
    "laposte", "sfr", "qq邮箱", "qq mail", "网易", "新浪", "foxmail", "naver", "daum",
    "sparrow", "lotus traveler", "ibm verse", "ibm notes", "hcl verse", "workspace one",
    "mobileiron",
    "mymail", "aquamail", "typeapp", "polymail", "canary", "mailbird", "em client", "emclient",
    "postbox",
    "evolution", "roundcube", "claws", "mutt", "telia", "tele2", "t-mobile", "vodafone", "verizon",
    "at&t", "sprint",
    "comcast", "xfinity", "telus", "mailo", "mailbox", "roundcube", "webmail", "sailfish",
    "vivaldi", "notion mail", "shortwave", "missive", "infomaniak", "posteo", "dispositivo",
    "gerät", "appareil",
    "device", "apparaat", "enhet", "enhed", "zařízení", "urządzeni", "устройств", "ios",
)  # fmt: skip

#: Whole beginnings of what others put below a letter. One is enough.
FOOTERS = (
    # Mailing lists: Mailman, Google Groups, Yahoo! Groups, Listserv, ezmlm, Majordomo, Discourse.
    "you received this message because you are subscribed to",
    "you are currently subscribed to",  # Lyris ListManager
    "to be removed from this mailing list", "to be removed from the mailing list",
    "to be removed from future mailings", "to be removed from this list",
    "you are receiving this because you", "you are receiving this email because",
    "you received this bug notification because", "to post to this group",
    "sie erhalten diese nachricht, weil", "vous recevez ce message",
    "has recibido este mensaje porque", "hai ricevuto questo messaggio perché",
    "você recebeu essa mensagem porque", "u ontvangt dit bericht omdat",
    "otrzymujesz tę wiadomość, ponieważ", "вы получили это сообщение, поскольку",
    "вы получили это сообщение, так как", "tuto zprávu jste obdrželi, protože",
    "reply to this email directly or view it on github",
    "reply to this email directly, view it on github",
    # Virus scanners: Avast, AVG, ESET, Norton, McAfee, Kaspersky, and others.
    "this email has been checked for viruses by", "this e-mail has been checked for viruses by",
    "this email has been scanned", "this e-mail has been scanned", "this message has been scanned",
    "this email was scanned", "virus-free", "no virus found in this", "checked by avg",
    "this email is free from viruses", "outgoing mail is certified virus free",
    "__________ information from eset", "this communication was scanned",
    "diese e-mail wurde von avast", "diese e-mail wurde auf viren", "keine viren gefunden",
    "l'absence de virus dans ce courrier", "cet e-mail a été vérifié", "garanti sans virus",
    "este correo electrónico ha sido comprobado", "el software de antivirus avast",
    "este e-mail foi verificado", "este email foi escaneado", "questa e-mail è stata controllata",
    "deze e-mail is gecontroleerd", "tento e-mail byl zkontrolován",
    "tento e-mail bol skontrolovaný", "ta wiadomość e-mail została sprawdzona",
    "ta wiadomość została sprawdzona", "это письмо проверено на вирусы",
    "это сообщение проверено на вирусы", "viruksia ei", "bu e-posta virüs",
    "scanned by mailscanner", "scanned by avg", "scanned by mcafee", "scanned by norton",
    "scanned by symantec", "scanned by clamav", "scanned by messagelabs", "scanned by anti",
    "scanned by virus", "scanned by check point",
    # Advertisements of free mail: Yahoo!, MSN, Hotmail, Juno, AOL, Seznam, GMX, Mail.ru.
    "do you yahoo!?", "do you yahoo", "get your free @yahoo", "get your private, free",
    "netscape. just the net", "sent by sanebox",
    # The wish to save paper.
    "please consider the environment", "consider the environment before", "p please consider",
    "bitte denken sie an die umwelt", "denken sie an die umwelt", "pensez à l'environnement",
    "pensez à l’environnement", "merci de penser à l'environnement",
    "por favor considere el medio ambiente", "pensa all'ambiente", "rispetta l'ambiente",
    "denk aan het milieu", "myslete na životní prostředí", "pomyśl o środowisku",
    "подумайте об окружающей среде", "mislite na okoliš", "tänk på miljön", "tænk på miljøet",
    "tenk på miljøet",
)  # fmt: skip

#: Beginnings that somebody may write as well: with a page, an address or a ruler they are a
#: program's, and what `SCANNED` says in the same line.
WITH_LINKS = (
    "to be removed from", "unsubscribe:", "to unsubscribe, ", "to unsubscribe:",
    "to unsubscribe send", "to unsubscribe e-mail", "to unsubscribe email",
    "to unsubscribe from this", "unsubscribe options", "yahoo! groups", "this mailing list",
    "mailing list archives", "archives can be found", "list archives:", "list info:",
    "windows live", "secure mail ", "msn photos", "juno offers", "protect your pc",
    "stop more spam", "add photos to your", "get more from the web", "free web-based",
    "express yourself with msn", "chat with friends online", "yahoo! mail", "this email is safe",
    "information from eset", "bez virů", "bez virů.", "bez vírusov", "sans virus", "sem vírus",
    "virenfrei", "virusvrij", "virusfri", "bez virusa", "без вирусов", "vírusmentes",
    "libre de virus", "livre de vírus", "privo di virus", "wolny od wirusów", "ez az e-mail",
    "ova e-poruka je", "ova e-pošta je provjerena", "den här e-posten har",
    "denne e-mail er blevet", "denne e-posten har", "internal virus database",
    "ihre e-mail-adresse von", "join the world's largest", "join the world’s largest",
    "get your free download", "send and receive hotmail",
)  # fmt: skip
LINKS = ("http", "www.", "mailto:", "@", "click here")
SCANNED = (
    "avast", "avg", "eset", "norton", "mcafee", "kaspersky", "antivir", "anti-vir", "antyvir",
    "антивирус",
)  # fmt: skip

#: Beginnings of the wish to save paper, which speaks of this very letter or of the world.
SAVINGS = (
    "think before you print", "save a tree", "go green", "please do not print", "save paper",
    "bitte prüfen sie, ob diese", "n'imprimez", "antes de imprimir",
    "por favor, antes de imprimir", "prima di stampare", "prosím, zvažte", "šetřete papír",
    "zanim wydrukujesz", "proszę pomyśl", "прежде чем печатать", "molimo razmislite",
)  # fmt: skip
SAVED = (
    "environment", "planet", "tree", "before you print", "unless", "umwelt", "medio ambiente",
    "meio ambiente", "all'ambiente", "all’ambiente", "l'ambiente", "životní prostředí",
    "životního prostředí", "środowisk", "окружающ", "okoliš", "this e-mail", "this email",
    "this mail", "this message", "diese mail", "diese e-mail", "dieser e-mail", "cet e-mail",
    "ce mail", "ce courriel", "ce message", "este correo", "este e-mail", "este email",
    "este mensaje", "esta mensagem", "questa mail", "questa e-mail", "questo messaggio",
    "tento e-mail", "tento mail", "tuto zprávu", "tę wiadomość", "tej wiadomości", "ten e-mail",
    "это письмо", "это сообщение", "ovu poruku", "ovog e-maila", "ovaj e-mail",
)  # fmt: skip

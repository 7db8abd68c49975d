"""How the line above a quote names its writer and the day, in the languages we know: data.

Everything is lower case. Sources: what Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Zoho and
their like write in these languages.
"""

from __future__ import annotations

from sync.reading.calendar_words import DAYS

_STARTS = """
    on at dne dňa v ve
    w we dnia wiadomość użytkownik
    в во вы у dana u дана
    در تاریخ am um le el il lo em a no na op den på d kl
    pe în tarihinde
    στις την на vào lúc في بتاريخ בתאריך ביום pada missatge
""".split()

#: The first word of the line, without its full stop or comma. A digit begins it in many languages.
STARTS = DAYS.union(_STARTS)

#: The same where no blank parts the words.
UNPARTED_STARTS = ("在", "于", "於", "令和", "เมื่อ")

#: The verb at its end, before the colon.
VERBS = (
    "wrote", "writes", "has written", "said the following", "wrote the following",  # en
    "napsal", "napsala", "napsal(a)", "napsal/a", "píše",  # cs
    "napísal", "napísala", "napísal(a)",  # sk
    "napisał", "napisała", "napisał(a)", "napisał/a", "napisał(-a)", "pisze", "napisano",  # pl
    "написал", "написала", "написал(а)", "написал(-а)", "написал/а", "написа",  # ru, bg
    "пишет", "писал", "писала", "писал(а)",
    "написав", "написала", "написав(ла)", "написав(-ла)", "написав/ла", "пише",  # uk, sr
    "napisao", "napisala", "napisao/la", "napisao/napisala",  # bs
    "napisao(la)", "napisao je", "piše",
    "napisala je", "napisao/la je",
    "написао/ла", "је написао", "је написала", "написао је", "написала је",  # bs, sr in Cyrillic
    "je napisal", "je napisal/-a", "napisal/-a",  # sl
    "نوشت", "نوشته است", "نوشته‌است", "نوشته",  # fa
    "schrieb", "schreibt", "geschrieben", "schrieb folgendes",  # de
    "a écrit", "écrit", "a ecrit",  # fr
    "escribió", "escribio", "escribe", "ha escrito", "va escriure", "ha escrit",  # es, ca
    "ha scritto", "scrive", "scritto",  # it
    "escreveu", "escreve", "escribiu",  # pt, gl
    "schreef", "het volgende geschreven", "heeft geschreven", "schrijft",  # nl
    "skrev", "skrev följande", "skriver",  # sv, da, no
    "kirjoitti", "kirjoitti näin", "kirjutas",  # fi, et
    "ezt írta", "írta", "írja",  # hu
    "a scris", "scrie",  # ro
    "şunu yazdı", "şunları yazdı", "yazdı", "şöyle yazdı",  # tr
    "작성", "님이 작성", "님이 씀",  # ko
    "のメッセージ", "のメール", "の投稿", "書きました", "は書きました", "さんは書きました",  # ja
    "写道", "寫道", "写到", "寫到", "来信", "來信",  # zh
    "έγραψε", "đã viết", "كتب", "كتبت", "כתב", "כתבה", "כתב/ה", "menulis",  # el, vi, ar, he, id
    "rašė", "rakstīja", "เขียนว่า",  # lt, lv, th
)  # fmt: skip

#: A verb that tells a story as often: believed above a quote alone.
SPOKEN = ("said",)

#: What stands in lower case beside a name or a time: parts of names, and words of the clock.
PARTICLES = frozenset(
    """de del della der den di da do dos das du la le van von vom zu ter ten af av bin ibn al el ben
    y e uhr h am pm a.m p.m a p m μ.μ π.μ u o om kl klo ore à às as las godz gmt utc г р odesílatel
    użytkownik от від via at h. ha a(z) je la/le ο/η ο η hod hodin""".split()
)

#: Where one of these stands, somebody tells of a letter: no program writes them.
TOLD_OF = frozenset(
    """mr mrs ms miss dr sir madam herr frau ihr ihre pan paní pani pán monsieur madame mme señor
    señora signor signora signora sig senhor senhora sr sra mijnheer mevrouw dhr mevr gospodin
    gospođa господин госпожа г-н г-жа пан пані
    i he she they you we my your our his her their er sie wir ich il elle ils él ella yo lui lei
    io ele ela eu hij zij ik han hon jag он она я мы они ona ono oni oni já""".split()
)

#: The verb before the name, or before the day; between blanks.
VERBS_WITHIN = (
    " schrieb ", " schreibt ", " skrev ", " schreef ", " kirjoitti ", " napisał(a) ", " napsal ",
    " wrote on ", " wrote at ", " wrote (", " said the following on ", " a écrit le ",
    " escribió el ", " escreveu em ", " ha scritto il ", " napsal dne ", " napisał w dniu ",
    " ezt írta ", " written by ", " a scris ", " writes on ", " писали ", " napisana przez ",
    " del dia ", " kirjutas kuupäeval ",
)  # fmt: skip

#: What else begins such a line, without a verb.
QUOTING = (
    "quoting ", "excerpts from ", "in message ", "in article ",  # Horde, sup, notmuch; Gnus
    "zitat von ", "citando ", "citando a ", "citação de ",  # Horde
    "selon ", "cytowanie ", "citát od ",
    "citerar ", "citeren ", "цитирование ", "quote from ",
)  # fmt: skip

"""The words that people put around the day of their return, in the languages we know: data.

Everything is lower case, Arabic letters as Persian ones, joiners as spaces: English, Czech, Slovak,
Polish, Russian, Ukrainian, Bosnian, Croatian, Serbian (also in Cyrillic), Persian, German, French,
Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Japanese, Chinese and Korean, in
the cases in which a date stands. Where a language has two words for until, the one that leaves the
last day open, as the Dutch "tot" does, is left out.
"""

from __future__ import annotations

from itertools import chain

#: Days from the one on which the letter was sent.
DAYS_AHEAD = {
    "tomorrow": 1, "zítra": 1, "zajtra": 1, "jutro": 1, "jutra": 1, "завтра": 1, "sutra": 1,
    "сутра": 1, "فردا": 1, "morgen": 1, "demain": 1, "mañana": 1, "domani": 1,
    "the day after tomorrow": 2, "pozítří": 2, "pojutrze": 2, "послезавтра": 2, "prekosutra": 2,
    "прекосутра": 2, "پس فردا": 2, "übermorgen": 2, "après-demain": 2, "pasado mañana": 2,
    "dopodomani": 2, "amanhã": 1, "depois de amanhã": 2, "overmorgen": 2, "i morgon": 1,
    "imorgon": 1, "i övermorgon": 2, "i overmorgen": 2, "післязавтра": 2,
}  # fmt: skip

#: Before a weekday: is it the coming one, or that of the coming week?
NEXT = (
    "next", "příští", "přístí", "budúci", "następny", "następną", "następnego", "przyszły",
    "przyszłą", "следующий", "следующую", "следующего", "sljedeći", "sljedeću", "sljedećeg",
    "sledeći", "sledeću", "следећи", "следећу", "наредни", "naredni", "nächsten", "nächster",
)  # fmt: skip
#: Likewise, behind a weekday.
NEXT_BEHIND = ("آینده", "بعد", "prochain", "próximo", "prossimo", "prossima", "next week")

#: Words right before the last day of an absence, or before the day after which somebody is back.
UNTIL = (
    "until", "till", "til", "through", "thru", "up to", "after", "inclusive", "including",
    "až do", "do", "po", "včetně", "aż do", "włącznie", "до", "по", "после", "включительно до",
    "zaključno sa", "zaključno s", "nakon", "poslije", "posle", "закључно са", "након", "послије",
    "после", "تا", "لغایت", "الی", "تا روز", "تا تاریخ", "پایان", "پس از", "بعد از", "تا پایان",
    "تا پایان روز",
    "bis", "bis zum", "bis einschließlich", "bis inklusive", "bis inkl.", "nach dem", "nach",
    "jusqu'au", "jusqu'à", "après le", "hasta", "hasta el", "hasta el día", "después del",
    "fino al", "fino a", "dopo il", "sino al",
    "até", "até o dia", "até ao dia", "até dia", "tot en met", "t/m",
    "till och med", "t.o.m.", "t o m", "til og med", "включно до", "після",
    "până pe", "până la", "până în", "до дня", "έως", "έως τις", "μέχρι", "μέχρι τις",
    "直到", "至", "到", "截至",
)  # fmt: skip

#: The same right behind that day.
BEHIND_LAST = ("asti", "saakka", "tarihine kadar", "kadar", "まで", "迄", "为止", "為止", "까지")

#: Words that may stand between those and the day.
_FILLERS = ("the", "and including", "end of", "dne", "dnia", "konce", "końca", "конца", "kraja")

#: Those of them behind which somebody is back: "I return after 5 May".
AFTER = (
    "after", "po", "после", "nakon", "poslije", "posle", "након", "послије", "после", "پس از",
    "بعد از", "nach", "nach dem", "après le", "después del", "dopo il",
)  # fmt: skip

#: What joins the two ends of an absence.
JOINERS = (
    "-", "–", "—", "to", "until", "till", "through", "thru", "do", "až", "až do", "aż do", "po",
    "по", "до", "تا", "لغایت", "الی", "bis", "bis zum", "au", "al", "a", "and", "i", "et",
    "até", "à", "ao", "t/m", "tot en met", "till och med", "til og med", "och", "og",
    "から", "～", "〜", "~", "至", "到", "부터",
)  # fmt: skip

#: Somebody is back, or can be reached again.
RETURN = (
    "back", "return", "returning", "returns", "resume", "reopen", "reopens", "available again",
    "available from",
    "zpět", "zpátky", "vrátím", "vracím", "vrátí", "vrací", "nevrátím", "nevracím", "nevrátí",
    "návrat", "návratu", "opět", "znovu", "nastupuji", "nastoupím",
    "späť", "vrátim", "opäť",
    "wracam", "wrócę", "wraca", "wróci", "powrót", "powrotu", "powrocie", "z powrotem", "znów",
    "ponownie", "powracam", "powrócę", "będę dostępny", "będę dostępna", "będę w biurze",
    "вернусь", "вернется", "вернётся", "возвращаюсь", "возвращение", "возвращения", "выйду",
    "выхожу", "снова", "приступлю", "буду на месте", "буду в офисе",
    "vraćam", "vratit", "vratiti", "vratiću", "vraćanja", "vraća", "povratak", "povratka",
    "povratku", "nazad", "ponovo", "ponovno", "natrag", "opet",
    "biću u kancelariji", "bit ću u uredu",
    "враћам", "вратит", "вратити", "вратићу", "враћа", "повратак", "повратка", "повратку",
    "назад", "поново", "опет", "натраг",
    "بازمی گردم", "باز می گردم", "برمی گردم", "بر می گردم", "بازگشت", "بازخواهم گشت",
    "باز خواهم گشت", "برخواهم گشت", "بر خواهم گشت", "دوباره", "مجددا", "مجدداً", "برگشت",
    "بازمیگردم", "برمیگردم", "در دسترس خواهم بود", "در دفتر خواهم بود",
    "zurück", "wieder", "rückkehr", "de retour", "retour", "reviens", "reviendrai",
    "de vuelta", "regreso", "regresaré", "vuelvo", "volveré", "ritorno", "rientro", "rientrerò",
    "tornerò", "torno", "sarò di nuovo",
    "буду доступен", "буду доступна", "буду на связи", "буду на рабочем месте", "доступен с",
    "доступна с", "приступаю", "повернусь", "повертаюсь", "буду доступний", "буду доступна",
    "retorno", "retornarei", "regresso", "regressarei", "volto", "voltarei", "de volta",
    "повернуся", "vrnem", "vrnila", "vrnil", "nazaj", "palaan", "takaisin", "tavoitettavissa",
    "revin", "mă întorc", "voi reveni", "döneceğim", "dönüş", "dönüyorum", "επιστρέφω", "επιστρέψω",
    "terug", "weer bereikbaar", "weer aanwezig", "weer beschikbaar", "weer op kantoor",
    "weer te bereiken", "tillbaka", "åter", "tilbage", "tilbake",
    "出社", "復帰", "戻り", "戻る", "出勤", "再開", "通常営業", "通常業務",
    "返回", "回来", "回來", "回到", "上班", "返岗", "复工", "恢复", "恢復", "복귀", "출근",
)  # fmt: skip

#: "I shall not be back until" names the day of return.
NEVER_BEFORE = (
    "not", "cannot", "nebudu", "nevrátím", "nevracím", "nevrátí", "nie", "не",
    "neću", "nisam", "нећу", "nicht", "ne", "no", "non", "não", "niet", "inte", "ikke",
)  # fmt: skip
#: In Persian it stands in the verb.
NOT_BACK = ("برنمی گرد", "بر نمی گرد", "بازنمی گرد", "باز نمی گرد", "برنخواهم گشت")

#: Somebody is not there: how the words begin.
AWAY = (
    "lomalla", "poissa", "concediu", "izinli", "izindeyim", "tatilde", "dopustu", "άδεια",
    "out", "away", "absent", "absence", "leave", "vacation", "holiday", "unavailable",
    "not available", "closed", "travel", "trip", "conference", "training", "sick", "pto", "ooo",
    "mimo", "nepřítom", "dovolen", "nebudu", "nejsem", "zavřen", "cest", "konferenc", "školení",
    "nemocn", "neschopn", "nedostup",
    "nieobecn", "urlop", "poza", "nie ma mnie", "nieczynn", "podróż", "delegac", "wyjeździe",
    "szkoleni", "zwolnieni", "niedostępn", "zamknięt",
    "отпуск", "отсутств", "вне", "недоступ", "нет ", "не буд", "не работа", "командировк",
    "больнич", "закрыт",
    "odsut", "odmor", "izvan", "van kancelarije", "nisam", "neću", "putu", "bolovanj", "zatvoren",
    "godišnj", "одсут", "одмор", "ван ", "нисам", "нећу", "путу", "боловањ", "затворен", "годишњ",
    "مرخصی", "نیست", "نخواه", "نمی باش", "خارج", "تعطیل", "سفر", "ماموریت", "مأموریت",
    "nicht", "urlaub", "abwesen", "außer haus", "dienstreise", "unterwegs", "krank", "geschlossen",
    "congé", "vacances", "déplacement", "fermé", "fuera", "vacaciones", "ausente", "viaje",
    "ferie", "fuori", "assente", "viaggio", "chius",
    "відпуст", "відсутн", "відрядж", "недоступн",
    "férias", "ausen", "fora d", "viagem", "licença", "feriado", "fechad",
    "afwezig", "vakantie", "niet", "verlof", "gesloten",
    "semester", "frånvar", "ledig", "bortrest", "tjänsteresa", "föräldraled", "stängt",
    "fravær", "orlov", "permisjon", "bortreist", "ikke på", "ikke til stede", "lukket",
    "休暇", "不在", "外出", "出張", "休み", "休業", "休假", "出差", "年假", "请假", "請假",
    "放假", "휴가", "부재", "출장", "휴무",
)  # fmt: skip

#: What begins another thought in a sentence.
CLAUSES = (
    ",", " and ", " but ", " a ", " ale ", " i ", " oraz ", " и ", " но ", " a ", " و ", " und ",
    " et ", " y ", " e ", " – ", " - ", ":", "(",
    " en vanaf ", " en op ", " och ", " og ", "、", "，",
)  # fmt: skip

#: An until with each filler, the longest first, so that the whole of it is seen.
BEFORE_LAST = tuple(
    sorted({*UNTIL, *chain.from_iterable((f"{u} {f}" for u in UNTIL) for f in _FILLERS)})
)

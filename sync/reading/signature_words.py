"""How people close a letter, in the languages we know: data for finding the signature.

Everything is lower case, without the comma or the stop at its end.
"""

from __future__ import annotations

from sync.reading.calendar_words import ENGLISH_MONTHS, ENGLISH_WEEKDAYS

#: What alone on a line, or before a name, closes a letter.
SIGN_OFFS = frozenset(
    {
        # en
        "regards", "best regards", "kind regards", "kindest regards", "warm regards",
        "warmest regards", "with regards", "with best regards", "with kind regards",
        "best", "all the best", "best wishes", "with best wishes", "all best", "bests",
        "very best regards", "my best", "my best regards", "rgds", "rgrds", "brgds", "brgd",
        "kr", "br", "bw", "b.r", "k.r", "b/r", "k/r", "wbr", "tia",
        "sincerely", "sincerely yours", "yours sincerely", "yours", "yours truly", "very truly",
        "truly yours", "very truly yours", "yours faithfully", "faithfully yours",
        "yours respectfully", "respectfully", "respectfully yours", "respectfully submitted",
        "cordially", "cordially yours", "warmly", "fondly", "in haste", "yours ever",
        "thanks", "thank you", "many thanks", "thanks again", "thank you again", "thanks so much",
        "thanks a lot", "thanks very much", "thank you very much", "thank you so much",
        "thanks in advance", "thank you in advance", "many thanks in advance", "with thanks",
        "big thanks", "thanks a million", "thanks a bunch", "thanks all", "thank you all",
        "thanks everyone", "thanks kindly", "thanking you", "thanking you in advance", "thx",
        "thnx",
        "thanx", "tnx", "ty", "tks", "thks", "cheers", "ta", "much obliged", "gratefully",
        "appreciatively", "with gratitude", "with appreciation", "much appreciated",
        "take care", "talk soon", "talk to you soon", "see you", "see you soon", "later", "ciao",
        "love", "lots of love", "with love", "much love", "love always", "hugs", "xoxo", "xo", "xx",
        "peace", "be well", "stay safe", "god bless", "signed", "ttyl", "your pal", "your friend",
        "your brother", "your sister", "your colleague", "your son", "your daughter", "your team",
        "all our love", "all my love", "your buddy", "sincerely and respectfully", "onwards",
        "with kindest regards", "with warm regards", "with warmest regards", "with many thanks",
        "with thanks and regards", "with all best wishes", "with warm wishes", "warm wishes",
        "with kind wishes", "kind wishes", "with sincere regards", "with sincere thanks",
        "with great appreciation", "sending best wishes", "with respect", "very respectfully",
        "have a nice day", "have a great day", "have a good day", "have a nice weekend",
        "have a great weekend",
        # cs, sk
        "s úctou váš", "s úctou vaše", "s hlubokou úctou", "se srdečným pozdravem",
        "srdečně váš", "se srdečnými pozdravy", "s pozdravy", "s díky a pozdravem",
        "s poděkováním", "děkuji a zdravím", "s přáním krásného dne", "s přáním příjemného dne",
        "s přáním hezkého zbytku dne", "s přáním klidného dne", "s přáním úspěšného dne",
        "přeji krásný den", "přeji příjemný den", "příjemný den", "krásný den", "hezký víkend",
        "přeji hezký víkend", "děkuji za spolupráci", "děkuji a jsem s pozdravem",
        "děkuji mnohokrát", "mnohokrát děkuji", "s prianím príjemného dňa",
        "s prianím krásneho dňa",
        "prajem príjemný deň", "príjemný deň",
        "s pozdravem", "s přátelským pozdravem", "s přáním pěkného dne", "s přáním hezkého dne",
        "s pozdravem a přáním pěkného dne", "s pozdravem a přáním hezkého dne", "hezký den",
        "pěkný den", "přeji hezký den", "přeji pěkný den", "pozdravy", "zdraví", "zdravím",
        "pozdrav",
        "s úctou", "v úctě", "děkuji", "děkuji vám", "děkuju", "díky", "díky moc", "dík", "dik",
        "diky", "moc díky", "předem děkuji", "děkuji předem", "mějte se", "měj se",
        "mějte se hezky",
        "hezký zbytek dne", "s díky", "srdečně", "srdečně zdraví", "s pozdravom",
        "s priateľským pozdravom", "s úctou a pozdravom", "pekný deň", "prajem pekný deň",
        "ďakujem", "vďaka", "s prianím pekného dňa", "s pozdravem za", "děkuji a přeji hezký den",
        # pl
        "pozdrawiam", "pozdrowienia", "z pozdrowieniami", "serdecznie pozdrawiam", "pzdr", "pozdr",
        "pozdrawiam serdecznie", "z poważaniem", "z wyrazami szacunku", "łączę pozdrowienia",
        "łączę wyrazy szacunku", "z serdecznymi pozdrowieniami", "dziękuję", "dzięki", "dzieki",
        "z góry dziękuję", "dziękuję i pozdrawiam", "miłego dnia", "z podziękowaniem", "uściski",
        "pozdrawiam cieplutko", "pozdrawiam ciepło", "z uszanowaniem",
        # ru, uk
        "с уважением", "с наилучшими пожеланиями", "всего доброго", "всего хорошего",
        "с наилучшими", "с почтением", "искренне ваш", "искренне ваша", "с приветом", "спасибо",
        "заранее спасибо", "благодарю", "заранее благодарю", "с благодарностью", "хорошего дня",
        "до связи", "до свидания", "с ув", "с уваж", "всех благ", "твой", "твоя", "целую",
        "обнимаю",
        "з повагою", "з найкращими побажаннями", "дякую", "щиро ваш", "гарного дня",
        # bs, hr, sr, sl
        "srdačan pozdrav", "srdačno", "lijep pozdrav", "lep pozdrav", "lp", "s poštovanjem",
        "sa poštovanjem", "s postovanjem", "sa postovanjem", "poz", "pozz", "puno pozdrava",
        "srdačni pozdravi", "pozdravi", "ugodan dan", "hvala", "hvala vam", "hvala unaprijed",
        "hvala i pozdrav", "unaprijed hvala", "unapred hvala", "hvala unapred", "veliki pozdrav",
        "topli pozdravi", "srdačan pozdrav svima", "hvala lijepa", "hvala lepo", "prijatan dan",
        "s lijepim pozdravom", "lep dan", "lijep pozdrav i ugodan dan", "z lepimi pozdravi",
        "срдачан поздрав", "поздрав", "са поштовањем", "с поштовањем", "хвала", "леп поздрав",
        "хвала унапред", "пуно поздрава", "лијеп поздрав", "унапред хвала", "пријатан дан",
        # fa
        "ارادتمند شما", "با احترامات فائقه", "با درود و احترام", "با سلام و احترام", "با عرض ارادت",
        "با بهترین آرزوها", "با آرزوی بهترین‌ها", "با آرزوی سلامتی", "با تشکر از شما",
        "با تشکر از همکاری شما", "با سپاس و احترام", "با سپاس از شما", "دوستدار شما", "مخلص شما",
        "خدانگهدار", "روز خوبی داشته باشید", "روز خوش", "شاد باشید", "پیروز باشید",
        "موفق و پیروز باشید",
        "با احترام", "با تشکر", "با سپاس", "ارادتمند", "سپاس", "سپاسگزارم", "متشکرم", "ممنون",
        "ممنونم",
        "با تقدیم احترام", "با تقدیم احترامات", "با احترام فراوان", "با سپاس فراوان",
        "با تشکر فراوان",
        "با تشکر و احترام", "با احترام و سپاس", "باتشکر", "بااحترام", "قربان شما", "به امید دیدار",
        "با آرزوی موفقیت", "با مهر", "موفق باشید", "پیشاپیش متشکرم", "پیشاپیش سپاسگزارم",
        # de
        "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
        "mit freundlichem gruss", "freundliche grüße", "freundliche grüsse", "freundlichen gruß",
        "freundlicher gruss", "freundliche gruesse", "mit freundlichen gruessen", "mfg", "m.f.g",
        "mit besten grüßen", "mit besten grüssen", "beste grüße", "beste grüsse", "besten gruß",
        "viele grüße", "viele grüsse", "viele gruesse", "vielen dank", "danke", "danke und gruß",
        "liebe grüße", "liebe grüsse", "lieben gruß", "lg", "vg", "bg", "gruß", "gruss", "grüße",
        "grüsse", "gruesse", "schöne grüße", "schöne grüsse", "schönen gruß", "herzliche grüße",
        "herzliche grüsse", "herzlichst", "mit herzlichen grüßen", "hochachtungsvoll",
        "vielen dank und freundliche grüße", "vielen dank und viele grüße", "danke im voraus",
        "besten dank", "herzlichen dank", "dein", "deine", "ihr", "ihre", "tschüss", "bis bald",
        "mit vielen grüßen", "mit lieben grüßen", "sonnige grüße", "schönes wochenende", "servus",
        "vielen dank im voraus", "mit vorzüglicher hochachtung", "beste gruesse", "liebe gruesse",
        # fr
        "cordialement", "bien cordialement", "très cordialement", "cordialement vôtre", "cdt",
        "cdlt",
        "bien à vous", "bien à toi", "amicalement", "bien amicalement", "sincèrement",
        "salutations",
        "sincères salutations", "meilleures salutations", "salutations distinguées",
        "bonne journée",
        "respectueusement", "merci", "merci beaucoup", "merci d'avance", "merci d’avance",
        "merci par avance", "avec mes remerciements", "bonne soirée", "bon week-end", "à bientôt",
        "à plus", "bises", "bisous", "je vous embrasse", "amitiés", "meilleurs voeux", "a+", "bav",
        "bonne réception", "avec mes meilleures salutations", "merci et bonne journée",
        # es
        "saludos", "un saludo", "saludos cordiales", "cordiales saludos", "un cordial saludo",
        "cordialmente", "atentamente", "muy atentamente", "le saluda atentamente", "atte", "slds",
        "saludos atentos", "un abrazo", "abrazos", "besos", "un beso", "gracias", "muchas gracias",
        "gracias de antemano", "gracias y saludos", "muchas gracias y saludos", "mil gracias",
        "reciba un cordial saludo", "reciban un cordial saludo", "quedo atento", "quedo atenta",
        "sinceramente", "afectuosamente", "que tenga un buen día", "feliz día", "buen día",
        "un fuerte abrazo", "un saludo cordial", "saludos y gracias", "hasta pronto", "salu2",
        # it
        "cordiali saluti", "distinti saluti", "saluti", "i migliori saluti", "un saluto",
        "un cordiale saluto", "cordialità", "cari saluti", "tanti saluti", "grazie", "molte grazie",
        "grazie mille", "mille grazie", "grazie in anticipo", "grazie e saluti", "a presto",
        "un abbraccio",
        "buona giornata", "buona serata", "buon lavoro", "in fede", "con i migliori saluti",
        "con cordialità", "ringraziando", "ringrazio", "grazie e cordiali saluti", "baci",
        "grazie e buona giornata", "i miei migliori saluti", "sinceri saluti",
        # pt
        "atenciosamente", "att", "cumprimentos", "melhores cumprimentos",
        "com os melhores cumprimentos",
        "com os meus cumprimentos", "cumps", "abraço", "abraços", "um abraço", "abs", "beijos",
        "bjs",
        "obrigado", "obrigada", "muito obrigado", "muito obrigada", "desde já obrigado", "grato",
        "grata",
        "desde já agradeço", "cordiais saudações", "saudações", "respeitosamente", "bom dia",
        "tenha um bom dia", "com estima", "os melhores cumprimentos", "agradeço desde já",
        # nl
        "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten",
        "vriendelijke groeten", "mvg", "m.v.g", "groet", "groetjes", "gr", "hartelijke groet",
        "hartelijke groeten", "met hartelijke groet", "bedankt", "alvast bedankt",
        "bij voorbaat dank",
        "dank", "dank je wel", "dank u", "hoogachtend", "met de meeste hoogachting", "fijne dag",
        "met groet", "met groeten", "dankjewel", "beste groeten", "liefs", "fijn weekend",
        # sv, da, no
        "med vänliga hälsningar", "med vänlig hälsning", "vänliga hälsningar", "vänlig hälsning",
        "mvh", "m.v.h", "hälsningar", "hälsning", "bästa hälsningar", "med bästa hälsningar",
        "varma hälsningar", "vh", "hälsn", "tack", "tack på förhand", "tack så mycket", "kram",
        "hej då",
        "trevlig helg", "ha det bra", "allt gott", "med venlig hilsen", "venlig hilsen",
        "med venlige hilsner", "venlige hilsner", "hilsen", "hilsner", "mange hilsner",
        "mange hilsener",
        "bedste hilsner", "bedste hilsener", "kærlig hilsen", "kh", "kh.", "de bedste hilsner",
        "tak",
        "med kærlig hilsen", "på forhånd tak", "mange tak", "kærlige hilsner", "god dag",
        "god weekend",
        "med vennlig hilsen", "vennlig hilsen", "med vennlige hilsener", "vennlige hilsener",
        "beste hilsen", "beste hilsener", "hilsninger", "takk", "på forhånd takk", "mange takk",
        "tusen takk", "klem", "ha en fin dag", "dbh", "mvh.", "dobré přání",
        # fi, hu, ro, tr, et, lv, lt, el, bg
        "ystävällisin terveisin", "terveisin", "parhain terveisin", "t", "terv", "yt", "kiitos",
        "kiittäen", "kiitos etukäteen", "yst. terv", "üdvözlettel", "tisztelettel", "üdv",
        "köszönettel", "köszönöm", "előre is köszönöm", "szívélyes üdvözlettel", "cu stimă",
        "cu respect", "toate cele bune", "mulțumesc", "mulţumesc", "multumesc", "cu stima",
        "o zi bună", "o zi buna", "saygılarımla", "saygılar", "iyi çalışmalar", "iyi günler",
        "sevgiler", "selamlar", "teşekkürler", "teşekkür ederim", "şimdiden teşekkürler",
        "lugupidamisega", "parimate soovidega", "tervitades", "ar cieņu", "pagarbiai", "su pagarba",
        "με εκτίμηση", "με φιλικούς χαιρετισμούς", "φιλικά", "ευχαριστώ", "с уважение", "поздрави",
        "благодаря",
        # ja, zh, ko
        "よろしくお願い申し上げます", "宜しくお願い申し上げます",
        "以上、よろしくお願い申し上げます",
        "以上、宜しくお願いいたします", "以上、よろしくお願い致します",
        "以上、宜しくお願い致します",
        "何卒よろしくお願いいたします", "何卒よろしくお願い致します",
        "何卒よろしくお願い申し上げます",
        "何卒宜しくお願いいたします", "何卒宜しくお願い致します", "何卒宜しくお願い申し上げます",
        "どうぞよろしくお願いします", "どうぞよろしくお願い申し上げます",
        "どうぞ宜しくお願いいたします",
        "引き続きよろしくお願いいたします", "引き続きよろしくお願い致します",
        "今後ともよろしくお願いいたします", "今後ともよろしくお願い申し上げます",
        "ご確認よろしくお願いいたします", "ご確認のほどよろしくお願いいたします",
        "ご検討のほどよろしくお願いいたします", "取り急ぎご連絡まで", "取り急ぎお礼まで",
        "取り急ぎ用件のみにて失礼いたします", "それでは失礼いたします",
        "では、よろしくお願いいたします",
        "敬白", "謹白", "拝",
        "よろしくお願いします", "よろしくお願いいたします", "宜しくお願いします",
        "宜しくお願いいたします",
        "よろしくお願い致します", "宜しくお願い致します", "以上、よろしくお願いいたします", "以上",
        "以上、よろしくお願いします", "どうぞよろしくお願いいたします", "敬具", "草々", "かしこ",
        "此致", "敬礼", "此致敬礼", "此致 敬礼", "祝好", "祝您好", "祝商祺", "顺祝商祺", "此致敬禮",
        "敬上",
        "谢谢", "謝謝", "多谢", "感谢", "感謝", "致礼", "祝您工作愉快", "祝工作顺利", "顺颂商祺",
        "敬祝",
        "감사합니다", "고맙습니다", "감사드립니다", "수고하세요", "드림", "올림",
    }
)  # fmt: skip

#: What joins two of them: "many thanks and kind regards".
JOINTS = (
    " and ", " & ", " + ", ", ", "! ", ". ", " / ", " a ", " i ", " und ", " et ", " y ", " e ",
    " en ", " och ", " og ", " и ", " ja ", " și ", " ve ", " و ",
)  # fmt: skip

#: From where somebody greets.
FROM_PLACES = tuple(f" {word} " for word in "from aus z ze из iz uit från fra de da".split())

#: The longest of them, two joined, is shorter.
LONGEST_SIGN_OFF = 70

#: What stands alone on a last line without being a name.
NO_NAMES = frozenset(
    """yes no ok okay sure done great perfect fine good nice cool right correct agreed exactly
    never maybe hello hi
    hey dear enjoy sorry please welcome congratulations congrats attached today tomorrow yesterday
    date time subject from to cc sent note notes total thoughts comments
    questions question
    answer update summary agenda attachment attachments draft final end forwarded confidential
    urgent important
    fyi asap ditto same true false none nothing everything all everyone team test first second
    third one two three
    ano ne ahoj dobře jasně tak nie cześć witam dobrze да нет привет хорошо ладно nein ja hallo gut
    oui non bonjour
    sí si hola bien sì ciao va bene sim não olá nee hoi goed nej hej hei bra evet hayır igen nem
    kyllä ei
    here there this that these those it what where when why who how and or but the a an i we you
    they he she
    """.split()
).union(ENGLISH_WEEKDAYS, ENGLISH_MONTHS)

#: Short names and what they stand for (English, then Slavic, German and Romance usage).
SHORT_NAMES = {
    short: frozenset(names.split())
    for short, names in {
        "abby": "abigail", "al": "albert alan alexander alfred",
        "alex": "alexander alexandra alejandro",
        "andy": "andrew andreas", "tony": "anthony antonio", "art": "arthur", "barb": "barbara",
        "becky": "rebecca", "ben": "benjamin benedict", "bert": "albert robert herbert",
        "beth": "elizabeth",
        "betsy": "elizabeth", "betty": "elizabeth", "bill": "william", "billy": "william",
        "bob": "robert",
        "bobby": "robert", "brad": "bradley", "cathy": "catherine", "charlie": "charles",
        "chuck": "charles",
        "chris": "christopher christian christine", "cindy": "cynthia", "dan": "daniel",
        "dave": "david",
        "deb": "deborah", "debbie": "deborah", "dick": "richard", "don": "donald",
        "doug": "douglas",
        "ed": "edward edmund edgar edwin", "eddie": "edward", "ernie": "ernest",
        "fred": "frederick alfred",
        "gene": "eugene", "geoff": "geoffrey", "greg": "gregory", "hank": "henry",
        "harry": "harold henry",
        "jack": "john", "jake": "jacob", "jan": "janet janice", "jeff": "jeffrey geoffrey",
        "jenny": "jennifer", "jerry": "gerald jerome", "jim": "james", "jimmy": "james",
        "joe": "joseph",
        "johnny": "john", "jon": "jonathan john", "judy": "judith", "kate": "katherine catherine",
        "kathy": "katherine kathleen", "katie": "katherine", "ken": "kenneth", "kim": "kimberly",
        "larry": "lawrence laurence", "len": "leonard", "liz": "elizabeth", "lou": "louis louise",
        "maggie": "margaret", "matt": "matthew", "meg": "margaret", "mel": "melvin melanie",
        "mike": "michael", "mick": "michael", "mickey": "michael", "molly": "mary", "nancy": "ann",
        "nate": "nathan nathaniel", "ned": "edward", "nick": "nicholas", "pam": "pamela",
        "pat": "patrick patricia",
        "patti": "patricia", "peg": "margaret", "peggy": "margaret", "pete": "peter",
        "phil": "philip phillip",
        "ray": "raymond", "rich": "richard", "rick": "richard", "rob": "robert", "robbie": "robert",
        "ron": "ronald", "sally": "sarah", "sam": "samuel samantha", "sandy": "sandra alexander",
        "shelly": "michelle", "mish": "michele", "steve": "steven stephen", "stu": "stuart",
        "sue": "susan",
        "suzy": "susan", "ted": "edward theodore", "terry": "terence theresa", "tim": "timothy",
        "tom": "thomas",
        "tommy": "thomas", "tracy": "theresa", "vicki": "victoria", "vince": "vincent",
        "wes": "wesley",
        "will": "william", "zach": "zachary",
        "honza": "jan", "jirka": "jiří", "pepa": "josef", "kuba": "jakub", "tonda": "antonín",
        "franta": "františek",
        "vašek": "václav", "míša": "michaela michal", "káťa": "kateřina", "bára": "barbora",
        "zuzka": "zuzana",
        "gosia": "małgorzata", "kasia": "katarzyna", "basia": "barbara", "asia": "joanna",
        "tomek": "tomasz",
        "piotrek": "piotr", "magda": "magdalena", "ola": "aleksandra", "krzysiek": "krzysztof",
        "wojtek": "wojciech",
        "саша": "александр александра", "лёша": "алексей", "дима": "дмитрий",
        "женя": "евгений евгения",
        "коля": "николай", "миша": "михаил", "наташа": "наталья", "катя": "екатерина",
        "лена": "елена",
        "маша": "мария", "оля": "ольга", "паша": "павел", "серёжа": "сергей", "таня": "татьяна",
        "вова": "владимир", "володя": "владимир", "юра": "юрий", "аня": "анна", "ира": "ирина",
        "света": "светлана",
        "hans": "johannes", "sepp": "josef", "uli": "ulrich ulrike", "susi": "susanne",
        "pepe": "josé",
        "paco": "francisco", "nacho": "ignacio", "lola": "dolores", "pancho": "francisco",
        "beppe": "giuseppe",
        "gigi": "luigi", "kees": "cornelis", "zé": "josé", "kalle": "karl", "lasse": "lars",
    }.items()
}  # fmt: skip

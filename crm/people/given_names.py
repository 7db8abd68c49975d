"""Which given names are one: short forms, and spellings that no rule of letters brings together."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Final

from crm.people import sounding

#: A row a name: its spellings, and behind the colon what people call its bearer. English, Czech,
#: Polish, Russian, Bosnian, Persian and Arabic, as their speakers use them.
_NAMES: Final = """
abigail: abby gail; albert: al bert; alexander alexandr aleksander aleksandar oleksandr: alex sasha
alexandra aleksandra oleksandra: alex sasha sandra ola; alfred: fred alf; andrew: andy drew
ann anne anna: annie nancy; anthony antony: tony; arthur: art; barbara: barb basia barka bara
benjamin: ben benny; catherine katherine kathryn katharine: kate kathy katie cathy kat
charles: charlie chuck; christopher kristopher: chris; christine christina: chris tina chrissy
cynthia: cindy; daniel: dan danny danek; david: dave; deborah debra: deb debbie; donald: don donny
douglas: doug; edward: ed eddie ted ned; edmund: ed eddie
elizabeth elisabeth: beth betty liz lizzie; elizabeth: eliza lisa betsy; emily: em; eugene: gene
frances: fran; francis: frank; frederick: fred; geoffrey jeffrey: geoff jeff; gerald: jerry gerry
gregory: greg; harold: harry; henry: harry hank; jacob: jake; james: jim jimmy jamie; janet: jan
jennifer: jenny jen; jerome: jerry; john: jack johnny jon; jonathan: jon; joseph: joe joey
joshua: josh; judith: judy; kenneth: ken kenny; lawrence laurence: larry; leonard: len lenny
margaret: maggie meg peggy; martin: marty; mary: molly; matthew mathew: matt
michael: mike mick mickey; michelle: shelly; nathaniel nathan: nate; nicholas nicolas: nick nicky
pamela: pam; patricia: pat patti trish tricia; patrick: pat paddy; peter: pete
philip phillip: phil; raymond: ray; rebecca: becky; richard: rick rich dick rico
robert: bob bobby rob robbie bert; ronald: ron; samantha: sam; samuel: sam sammy; sandra: sandy
sarah sara: sally; stephen steven: steve; stuart stewart: stu; susan: sue suzy; theodore: ted theo
theresa teresa: terry tess; thomas: tom tommy; timothy: tim; victoria: vicki vicky; vincent: vince
walter: walt; william: bill billy will liam; zachary: zach zack

jan: honza jenda janek jasiek; josef jozef: pepa josifek jozek jozka; jiri: jirka jura
jaroslav: jarda jara slavek; vaclav: vasek vena; frantisek: franta fanda; antonin: tonda tonik
karel: karlik kaja; petr: pet petrik; pavel: pavlik pasa; tomas: tom tomik; martin: mara martas
milan: mila; miroslav miroslaw: mirek mira slavek; stanislav stanislaw: standa stanik stas
vladimir wladimir: vlada vladya vova volodya vladko; ladislav: lada laco; lubomir: lubos luba
jakub: kuba kubik; matej: mata; michal: misa misko; ondrej: ondra; vojtech: vojta
lukas: luky lukasek; filip: fila; dominik: domca; daniela: dana danca; katerina: kata katka kacka
marketa: marketka marky; jana: janca janka; hana: hanka hanicka; eva: evka evicka
marie maria: marus maruska marenka majka mania; lenka: lenca; petra: peta petka
lucie: lucka lucinka; tereza: terka rezka; veronika: verca nika; alzbeta: betka bety; zuzana: zuzka
monika: monca; jitka: jituska; ivana: iva ivanka; adela: adelka; michaela: misa misha
kristyna: tyna kristynka; pavlina: pavla; magdalena: magda madla; natalie: natka
barbora: bara barka baruska; bohumil: bohous; bohuslav: bohous slavek; rudolf: ruda; oldrich: olda
miloslav: mila milos; jindrich: jindra; vlastimil: vlasta; radovan: rada; radek: rada
ludmila: lida; frantiska: fanynka; kvetoslava: kveta; jaroslava: jarka; miroslava: mirka
zdenka: zdena

katarzyna: kasia kaska; malgorzata: gosia malgosia goska; agnieszka: aga agusia
joanna: asia aska joasia; anna: ania anka anya anichka; aleksandra: ola; barbara: basia baska
magdalena: magda madzia; ewa: ewka; elzbieta: ela elka; zofia: zosia; krystyna: krysia
jadwiga: jadzia; stanislawa: stasia; wojciech: wojtek; andrzej: jedrek andrzejek
krzysztof: krzysiek krzys; grzegorz: grzesiek grzes; tomasz: tomek; piotr: piotrek piotrus
pawel: pawelek; michal: michalek; jakub: kuba; mateusz: mati; bartosz bartlomiej: bartek
marcin: marcinek; lukasz: lukaszek; maciej: maciek; zbigniew: zbyszek; stanislaw: staszek
kazimierz: kazik; jerzy: jurek; jozef: jozek; tadeusz: tadek; ryszard: rysiek; slawomir: slawek
jaroslaw: jarek; miroslaw: mirek; przemyslaw: przemek; radoslaw: radek; dariusz: darek
mariusz: mariuszek; arkadiusz: arek; ireneusz: irek; waldemar: waldek; edward: edek; henryk: heniek
franciszek: franek; antoni: antek; kacper: kacperek; monika: monia; natalia: natka
weronika: weronka; karolina: karolcia; beata: beatka; dorota: dorotka; teresa: tereska
urszula: ula; wieslawa: wiesia; grazyna: grazynka; iwona: iwonka; lucyna: lucynka; boguslaw: bogus
wladyslaw: wladek; wieslaw: wiesiek

aleksey aleksei alexey: alyosha lyosha lesha; anastasia anastasiya: nastya nastia asya
andrey: andryusha; anatoly: tolya tolik; artem artyom: tyoma; boris: borya; valentina: valya
valeria: lera; valery: valera; vasily: vasya; viktor victor: vitya; viktoria victoria: vika
vitaly: vitalik; vladislav: vlad vladik; vyacheslav: slava; svyatoslav: slava
yaroslav: slava yarik; galina: galya; gennady: gena; georgy: gosha zhora; grigory: grisha
daria darya: dasha; denis: deniska; dmitry dmitriy dmitri: dima mitya dimitri; evgeny: zhenya
evgenia: zhenya; ekaterina: katya katyusha; elena: lena; elizaveta: liza; zinaida: zina
ivan: vanya; igor: igoryok; ilya: ilyusha; inna: innochka; irina: ira; kirill: kirya
konstantin: kostya; ksenia: ksyusha; larisa: lara; leonid: lyonya; lyubov: lyuba
lyudmila: lyuda mila; maksim maxim: max maks; margarita: rita; maria: masha manya; mikhail: misha
nadezhda: nadya; natalia natalya: natasha; nikita: nik; nikolay: kolya; oksana: ksana
oleg: olezhka; olga: olya; pavel: pasha; petr: petya; polina: polya; roman: roma; svetlana: sveta
semyon: syoma; sergey: seryozha serge; stepan: styopa; tatiana tatyana: tanya; tamara: toma
timofey: tima; fyodor fedor: fedya; eduard: edik; yulia: yulya; yuri: yura; yakov: yasha
iosif josef yosef

mohammad mohammed muhammad mohamed muhamed mohamad muhammed: mujo; ahmad ahmed ahmet; hasan hassan
hosein hossein hussein husein husain hussain; mahmoud mahmood: mahmud; mostafa mustafa: mujo mule
ibrahim ebrahim: ibro; ismail esmail esmaeil: ismo; jusuf yusuf yousef youssef yosef usuf: juso
osman othman; omer omar umar; ali aly; fatima fatemeh fatma fatime: fata; saeed said saied
khaled khalid halid; taher tahir; majid madjid; jamal dzemal; abdollah abdullah abdulah: abdo
abdolrahman abdulrahman abdurahman; mahdi mehdi mahdy; reza riza; zahra zehra
maryam mariam merjem miriam; khadijeh khadija hatidza; aisha ajsa ayse: aysa
sayed seyed seyyed sayyid; karim kerim; salih saleh; jafar dzafer jaafar; aziz azeez; habib habeeb
halil khalil; rasul rasool; davud davood davoud dawood daud
soleyman soleiman sulejman suleiman: suljo; fereshteh ferishte; leila leyla lejla laila layla
farideh farida ferida; jamileh jamila dzemila; saideh saida; nasrin nesrin; parisa parissa
shahram sahram; sadegh sadiq sadik; ghasem qasem kasim kasem
""".replace("\n", ";")


def are_one(one: str, other: str) -> bool:
    """Tell whether two given names, as they sound, may be the same person's."""
    rows = _rows()
    return not rows.get(one, _NONE).isdisjoint(rows.get(other, _NONE))


def are_spellings(one: str, other: str) -> bool:
    """Tell whether two given names, as they sound, are two spellings of one."""
    return other in _heard_spellings().get(one, _NOTHING)


def is_known(sound: str) -> bool:
    """Tell whether a word that sounds so is a given name that stands here."""
    return sound in _rows()


def spellings(sound: str) -> frozenset[str]:
    """Return how a name is spelt that sounds so, in small Latin letters."""
    return _spellings().get(sound, _NOTHING)


_NONE: Final[frozenset[int]] = frozenset()
_NOTHING: Final[frozenset[str]] = frozenset()


@cache
def _rows() -> dict[str, frozenset[int]]:
    """Return in which rows each name stands, as it sounds."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(_NAMES.split(";")):
        for name in row.replace(":", " ").split():
            found[sounding.of(name)].add(number)
    return {name: frozenset(rows) for name, rows in found.items()}


@cache
def _spellings() -> dict[str, frozenset[str]]:
    """Return the other spellings of each name that has some, short forms left out."""
    found: dict[str, frozenset[str]] = {}
    for row in _NAMES.split(";"):
        names = row.partition(":")[0].split()
        for name in names if len(names) > 1 else ():
            sound = sounding.of(name)
            found[sound] = found.get(sound, _NOTHING) | frozenset(names)
    return found


@cache
def _heard_spellings() -> dict[str, frozenset[str]]:
    return {
        sound: frozenset(map(sounding.of, spellings)) for sound, spellings in _spellings().items()
    }

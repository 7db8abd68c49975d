"""Months and weekdays, in the languages we know and the cases in which a date stands: data.

Everything is lower case, Arabic letters as Persian ones, joiners as spaces: English, Czech, Slovak,
Polish, Russian, Ukrainian, Bosnian, Croatian, Serbian (also in Cyrillic), Persian, German, French,
Spanish, Italian, Portuguese, Dutch, Swedish, Danish and Norwegian.
"""

from __future__ import annotations


def _by_word(lines: tuple[str, ...]) -> dict[str, int]:
    """Map each word to the number of its line, from 1."""
    return {word: number for number, line in enumerate(lines, 1) for word in line.split(" | ")}


def _first_of(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line.partition(" ")[0] for line in lines)


#: "listopada" is November in Polish and October in Croatian, and stands apart.
_MONTHS = (
    "january | jan | ledna | leden | stycznia | styczeń | sty | января | янв | januara | januar"
    " | siječnja | јануара | јануар | januára | jänner | janvier | enero | gennaio | ژانویه"
    " | janeiro | januari | січня | januarja | ocak | ianuarie | ιανουαρίου",
    "february | feb | února | únor | lutego | luty | lut | февраля | фев | februara | februar"
    " | veljače | фебруара | фебруар | februára | février | febrero | febbraio | فوریه"
    " | fevereiro | februari | лютого | februarja | şubat | februarie | φεβρουαρίου",
    "march | mar | března | březen | marca | marzec | марта | мар | marta | mart | ožujka | март"
    " | märz | mars | marzo | مارس"
    " | março | maart | mrt | marts | березня | martie | μαρτίου",
    "april | apr | dubna | duben | kwietnia | kwiecień | kwi | апреля | апр | aprila | travnja"
    " | априла | април | apríla | avril | abril | aprile | آوریل"
    " | квітня | nisan | aprilie | απριλίου",
    "may | května | květen | maja | maj | мая | май | svibnja | маја | мај | mája | mai | mayo"
    " | maggio | مه"
    " | maio | mei | травня | mayıs | μαΐου",
    "june | jun | června | červen | czerwca | czerwiec | cze | июня | июн | juna | lipnja | јуна"
    " | јун | júna | juni | juin | junio | giugno | ژوئن"
    " | junho | червня | junija | haziran | iunie | ιουνίου",
    "july | jul | července | červenec | lipca | lipiec | lip | июля | июл | jula | srpnja | јула"
    " | јул | júla | juli | juillet | julio | luglio | ژوئیه | جولای"
    " | julho | липня | julija | temmuz | iulie | ιουλίου",
    "august | aug | srpna | srpen | sierpnia | sierpień | sie | августа | авг | augusta | avgusta"
    " | avgust | kolovoza | августа | август | août | agosto | اوت | آگوست"
    " | augustus | augusti | серпня | ağustos | αυγούστου",
    "september | sep | sept | září | września | wrzesień | wrz | сентября | сен | сент | septembra"
    " | septembar | rujna | септембра | септембар | septembre | septiembre | settembre"
    " | سپتامبر"
    " | setembro | вересня | eylül | septembrie | σεπτεμβρίου",
    "october | oct | října | říjen | października | październik | paź | октября | окт | oktobra"
    " | oktobar | oktober | октобра | октобар | októbra | octobre | octubre | ottobre | اکتبر"
    " | outubro | okt | жовтня | ekim | octombrie | οκτωβρίου",
    "november | nov | listopadu | listopad | lis | ноября | ноя | novembra | novembar | studenoga"
    " | studenog | новембра | новембар | novembre | noviembre | نوامبر"
    " | листопада | kasım | noiembrie | νοεμβρίου",
    "december | dec | prosince | prosinec | grudnia | grudzień | gru | декабря | дек | decembra"
    " | decembar | prosinca | децембра | децембар | dezember | décembre | diciembre | dicembre"
    " | دسامبر"
    " | dezembro | desember | грудня | aralık | decembrie | δεκεμβρίου",
)

#: With a letter that only Polish has, it is November.
TWO_MONTHS = "listopada"
POLISH = frozenset("ąęłńśźż")

_WEEKDAYS = (
    "monday | pondělí | pondělka | pondělku | pondelok | pondelka | poniedziałek | poniedziałku"
    " | понедельник | понедельника | ponedjeljak | ponedjeljka | ponedeljak | ponedeljka"
    " | понедјељак | понедјељка | понедељак | понедељка | دوشنبه | دو شنبه | montag | lundi"
    " | lunes | lunedì"
    " | segunda-feira | maandag | måndag | måndagen | mandag | mandagen | понеділок | понеділка",
    "tuesday | úterý | úterka | utorok | wtorek | wtorku | вторник | вторника | utorak | utorka"
    " | уторак | уторка | سه شنبه | dienstag | mardi | martes | martedì"
    " | terça-feira | dinsdag | tisdag | tisdagen | tirsdag | tirsdagen | вівторок | вівторка",
    "wednesday | středa | středu | středy | streda | stredu | środa | środę | środy | среда"
    " | среду | среды | srijeda | srijedu | srijede | sreda | sredu | srede | сриједа | сриједу"
    " | сриједе | среде | چهارشنبه | چهار شنبه | mittwoch | mercredi | miércoles | mercoledì"
    " | quarta-feira | woensdag | onsdag | onsdagen | середа | середу | середи",
    "thursday | čtvrtek | čtvrtka | štvrtok | czwartek | czwartku | четверг | четверга | četvrtak"
    " | četvrtka | четвртак | четвртка | پنجشنبه | پنج شنبه | donnerstag | jeudi | jueves"
    " | giovedì"
    " | quinta-feira | donderdag | torsdag | torsdagen | четвер",
    "friday | pátek | pátku | piatok | piątek | piątku | пятница | пятницу | пятницы | petak"
    " | petka | петак | петка | جمعه | freitag | vendredi | viernes | venerdì"
    " | sexta-feira | vrijdag | fredag | fredagen | п'ятниця | п'ятницю",
    "saturday | sobota | sobotu | soboty | sobotę | суббота | субботу | субботы | subota | subotu"
    " | subote | субота | суботу | суботе | شنبه | samstag | samedi | sábado | sabato"
    " | zaterdag | lördag | lördagen | lørdag | lørdagen | суботи",
    "sunday | neděle | neděli | nedeľa | nedeľu | niedziela | niedzielę | niedzieli | воскресенье"
    " | воскресенья | nedjelja | nedjelju | nedjelje | nedelja | nedelju | nedelje | недјеља"
    " | недјељу | недјеље | недеља | недељу | недеље | یکشنبه | یک شنبه | sonntag | dimanche"
    " | domingo | domenica"
    " | zondag | söndag | söndagen | søndag | søndagen | неділя | неділю",
)

#: What a date begins with where a program shortens it, and the weekdays of further languages.
SHORT_WEEKDAYS = frozenset(
    """mon tue tues wed thu thur thurs fri sat sun
    po út ut st čt št pá pi so ne pon wt śr czw pt sob niedz ndz
    пн вт ср чт пт сб вс нд
    п’ятниця
    uto tor sri sre čet pet sub ned пон уто сре чет пет суб нед
    سه‌شنبه پنج‌شنبه
    mo di mi do fr sa sonnabend
    lun mar mer jeu ven sam dim mié mie jue vie sáb sab dom gio
    seg ter qua qui sex ma wo vr za zo mån tis ons tors fre lör sön man tir lør søn
    ti ke to pe la su maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
    joi vin sâm dum luni marți miercuri vineri sâmbătă duminică
    pzt sal çar per cum cmt paz""".split()
)

#: From 1, January and Monday.
MONTHS = _by_word(_MONTHS)
WEEKDAYS = _by_word(_WEEKDAYS)
#: Every word that may begin the name of a day.
DAYS = SHORT_WEEKDAYS | {name.partition(" ")[0] for name in WEEKDAYS}
ENGLISH_MONTHS = _first_of(_MONTHS)
ENGLISH_WEEKDAYS = _first_of(_WEEKDAYS)

"""What stands in signatures, in the languages we know: labels, titles, companies, places. Data.

Everything is lower case.
"""

from __future__ import annotations

#: What stands before or behind a number that one calls, without its colon or stop.
PHONE_LABELS = frozenset(
    """phone telephone tel tele telefon telefone teléfono telefono téléphone telefoon
    telefoonnummer telefonnummer tlf
    ph p t m c o d mob mobile mobil móvil movil móbil celular cel cell cellphone cellular portable
    gsm handy natel
    office work direct dir direct-line directline dl main switchboard hotline desk business home
    private mobiltelefon
    puhelin puh matkapuhelin mobiel mobilní mobilný pevná linka kancelář kom komórka komórkowy
    kontakt stacjonarny
    тел телефон моб мобильный мобильний сот сотовый раб рабочий факс/тел mobitel mobilni fiksni
    моби мобилни mobitel
    تلفن موبایل همراه تماس شماره 電話 电话 電話番号 携帯 携帯電話 手机 手機 직통 전화 휴대폰 cep
    telefonlar telefoni
    τηλ κιν whatsapp viber signal telegram fix fixe festnetz durchwahl zentrale standard ligne
    directe diretto
    cellulare ufficio ramal fone voice toll-free tollfree freephone""".split()
)
FAX_LABELS = frozenset(
    """fax f facs telefax faks факс فکس نمابر
    传真 傳真 ファックス 팩스 efax télécopie fx φαξ belgeç""".split()
)
#: What other numbers are called; a line with one of these tells no phone.
NUMBER_LABELS = frozenset(
    """ičo ič dič ič: vat ust-id ustid ust-idnr steuernummer nip regon krs pesel iban bic swift
    siret siren rcs naf hrb
    hra инн кпп огрн огрнип бик р/с к/с pib oib jib mbs мб пиб едрпоу єдрпоу cif nif nie dni c.i.f
    cnpj cpf p.iva piva
    p. kvk btw btw-nr bsb abn acn ein ssn duns gln org.nr orgnr org-nr cvr y-tunnus konto účet
    account rn id pin
    meeting passcode zoom conference bahn fingerprint pgp gpg key icq license licence lic ref reg.
    reg no nr""".split()
)
LINK_LABELS = frozenset(
    """web website www site internet url homepage página pagina
    sito seite webseite stránky strona сайт وب‌سایت وبسایت 网站 w""".split()
)
#: What counts standards, with a number behind it, and no houses or towns.
NORMS = ("ISO", "DIN", "EN", "IEC", "IATF", "VDE", "VDA", "OHSAS", "HACCP", "ČSN", "ГОСТ")

ADDRESS_LABELS = (
    "address", "addr", "office address", "mailing address", "postal address", "adresse",
    "anschrift", "adresa", "adres",
    "adreça", "dirección", "direccion", "domicilio", "indirizzo", "sede", "endereço", "endereco",
    "morada", "adress",
    "osoite", "адрес", "адреса", "cím", "adresă", "آدرس", "نشانی", "住所", "地址", "주소", "sídlo",
    "besøgsadresse",
    "besöksadress", "location", "siedziba",
)  # fmt: skip

#: Pages of persons and companies on social networks.
NETWORKS = (
    "linkedin.com", "twitter.com", "x.com", "facebook.com", "fb.com", "fb.me", "instagram.com",
    "youtube.com",
    "youtu.be", "github.com", "gitlab.com", "xing.com", "t.me", "telegram.me", "wa.me", "vk.com",
    "ok.ru",
    "pinterest.com", "tiktok.com", "medium.com", "threads.net", "mastodon.social", "bsky.app",
    "skype.com",
    "vimeo.com", "behance.net", "dribbble.com", "stackoverflow.com", "researchgate.net",
    "orcid.org", "weibo.com",
    "lnkd.in", "about.me", "aparat.com", "viadeo.com", "keybase.io", "calendly.com", "line.me",
)  # fmt: skip
#: Pages of programs and scanners that are nobody's own.
FOREIGN_PAGES = (
    "aka.ms", "avast.com", "avg.com", "goo.gl", "google.com/maps", "maps.google",
    "maps.app.goo.gl", "overview.mail.",
    "onelink.me", "yahoo.com", "apple.com", "go.microsoft.com", "eset.com", "norton.com",
    "mcafee.com", "bit.ly",
    "urldefense.com", "safelinks.protection", "teams.microsoft.com", "zoom.us", "meet.google.com",
    "messagelabs.com",
    "mailscanner.info", "groups.google.com", "schemas.microsoft.com", "w3.org",
)  # fmt: skip

#: Words of which one is in nearly every title of a job. Whole words, hyphens and slashes part them.
TITLE_WORDS = frozenset(
    """practitioner facharzt fachärztin hausarzt gestor gestora conférences snickare elektriker
    advocaat makléř makléřka arquitecto arquitecta استادیار استاد دانشیار 課長 專員 专员 主任
    architekt architektka projektant projektantka projektantica handler jurist juristin
    inköpschef försäljningschef projektledare salgschef projektleder sykepleier sygeplejerske
    myyntipäällikkö projektipäällikkö toimitusjohtaja projectmanager projektmanager
    projektmanagerin bauleiter bauleiterin physiotherapeut physiotherapeutin rukovoditelj
    руководилац přednosta primář primářka odvjetnik odvjetnica
    ceo cto cfo coo cmo cio ciso cpo chro cro vp svp evp avp md gm president vice-president
    chairman chairwoman
    chairperson chair founder co-founder cofounder owner partner principal director directors
    manager head chief lead
    leader supervisor coordinator administrator assistant secretary receptionist officer executive
    specialist expert
    consultant advisor adviser analyst engineer developer programmer architect designer technician
    tester scientist
    researcher professor lecturer teacher dean doctor physician nurse dentist pharmacist therapist
    psychologist attorney
    lawyer counsel solicitor barrister paralegal notary accountant auditor bookkeeper controller
    treasurer buyer
    purchaser salesman salesperson representative agent broker trader dealer planner editor
    journalist writer author
    producer photographer artist translator interpreter recruiter trainer coach instructor
    strategist evangelist
    ambassador associate intern trainee student volunteer board superintendent foreman operator
    driver captain pilot
    chef curator librarian fellow postdoc phd-student candidate entrepreneur freelancer contractor
    steward clerk
    minister senator mayor commissioner inspector sergeant pastor procurement marketing-manager
    sysadmin devops
    jednatel jednatelka ředitel ředitelka vedoucí manažer manažerka obchodník obchodní zástupce
    asistent asistentka
    účetní projektant projektantka technik specialista specialistka konzultant konzultantka vývojář
    vývojářka
    programátor správce starosta starostka tajemník předseda předsedkyně místopředseda náměstek
    majitel majitelka
    lékař lékařka advokát advokátka učitel učitelka profesor docent referent referentka koordinátor
    koordinátorka
    riaditeľ riaditeľka konateľ vedúci manažér
    dyrektor kierownik menedżer prezes wiceprezes specjalista specjalistka asystent asystentka
    księgowa księgowy
    inżynier programista programistka właściciel właścicielka handlowiec przedstawiciel handlowy
    doradca koordynator
    koordynatorka sekretarka referentka adwokat radca prawny nauczyciel lekarz konsultant analityk
    projektant
    директор руководитель начальник заместитель менеджер специалист инженер разработчик программист
    бухгалтер
    консультант аналитик юрист адвокат секретарь помощник ассистент координатор президент
    председатель основатель
    владелец партнёр партнер профессор доцент преподаватель врач дизайнер архитектор администратор
    эксперт
    генеральный главный керівник спеціаліст
    direktor direktorica direktorka voditelj voditeljica menadžer menadžerica menadžerka šef šefica
    predsjednik
    predsednik savjetnik savetnik stručnjak specijalist inženjer inžinjer programer vlasnik
    vlasnica knjigovođa
    odvjetnik advokat profesorica nastavnik liječnik lekar doktor koordinator asistent asistentica
    tajnik tajnica
    sekretar suradnik saradnik referent rukovodilac rukovoditelj osnivač partner
    директорка руководилац менаџер инжењер програмер председник власник саветник
    مدیر مدیرعامل رئیس معاون کارشناس مهندس مشاور دکتر استاد پژوهشگر برنامه‌نویس طراح حسابدار وکیل
    بنیان‌گذار بنیانگذار مسئول
    geschäftsführer geschäftsführerin geschäftsführender geschäftsleitung inhaber inhaberin leiter
    leiterin
    abteilungsleiter teamleiter projektleiter projektleiterin vertriebsleiter vorstand vorsitzender
    prokurist
    mitarbeiter mitarbeiterin sachbearbeiter sachbearbeiterin assistentin sekretärin entwickler
    entwicklerin
    softwareentwickler ingenieur ingenieurin berater beraterin referentin rechtsanwalt
    rechtsanwältin steuerberater
    steuerberaterin kaufmann kauffrau techniker architektin professorin arzt ärztin lehrer lehrerin
    gründer gründerin
    spezialist fachanwalt notar wirtschaftsprüfer buchhalter buchhaltung
    directeur directrice gérant gérante responsable chef cheffe président présidente ingénieur
    ingénieure développeur
    développeuse consultante conseiller conseillère chargé chargée avocat avocate comptable
    secrétaire assistante
    fondateur fondatrice associé associée commercial commerciale technicien technicienne professeur
    médecin
    directora director gerente jefe jefa presidente presidenta ingeniero ingeniera desarrollador
    desarrolladora
    consultor consultora asesor asesora abogado abogada contable contador contadora secretario
    secretaria asistente
    fundador fundadora socio socia técnico técnica profesora médico médica coordinador coordinadora
    encargado encargada
    responsabile direttore direttrice amministratore titolare ingegnere sviluppatore consulente
    avvocato commercialista
    segretaria segretario fondatore socio architetto professore dottore presidente impiegato
    ragioniere geometra
    diretor diretora sócio sócia engenheiro engenheira desenvolvedor desenvolvedora advogado
    advogada coordenador
    coordenadora analista assessor assessora professora proprietário vendedor vendedora estagiário
    directeur bestuurder eigenaar medewerker medewerkster adviseur projectleider teamleider
    ontwikkelaar ingenieur
    boekhouder advocaat secretaresse hoofd oprichter vennoot verkoper accountmanager zaakvoerder
    vd verkställande chef utvecklare ingenjör konsult säljare projektledare ordförande rådgivare
    handläggare ekonom
    direktør udvikler ingeniør konsulent sælger projektleder formand rådgiver medarbejder daglig
    leder utvikler selger
    prosjektleder styreleder advokatfullmektig toimitusjohtaja johtaja päällikkö asiantuntija
    kehittäjä
    igazgató ügyvezető vezető mérnök fejlesztő tanácsadó director inginer dezvoltator administrator
    müdür müdürü
    uzman uzmanı mühendis mühendisi danışman yönetici geliştirici
    代表取締役 取締役 社長 部長 課長 係長 主任 マネージャー エンジニア 担当 営業部長 教授 准教授
    代表 室長 店長
    经理 总经理 董事长 总监 主管 工程师 教授 主任 助理 销售经理 總經理 經理 總監 工程師 대표
    대표이사 부장 과장 차장 대리 이사 팀장""".split()
)

#: What ends the name of a company, by law.
COMPANY_FORMS = frozenset(
    """inc incorporated llc l.l.c ltd limited corp corporation company co plc llp lp pllc pc gmbh
    ag kg ohg ug mbh se
    e.v ev gbr s.r.o sro a.s as v.o.s k.s o.p.s z.s spol s.a sa sas sarl s.a.r.l s.a.s eurl sasu
    srl s.r.l spa s.p.a snc
    s.n.c s.l sl s.l.u slu s.a.u s.c ltda lda eireli b.v bv n.v nv vof ab hb a/s aps ivs asa oy oyj
    kft zrt bt nyrt
    d.o.o doo d.d dd a.d j.d.o.o o.o z.o.o sp.j s.k.a pty pvt pte ооо оао зао пао ао ип тоо одо чп
    тов ооо. фгуп гуп
    д.о.о доо а.д s.c.p oü as. sia uab eood ood ead s.c. s.a. s.l. inc. ltd. co. corp. kk
    k.k""".split()
)
#: The same before the name; and within it, where no blanks part words.
FORMS_BEFORE = frozenset("ооо оао зао пао ао ип тоо тов пп фоп ат чп شرکت".split())
FORMS_WITHIN = (
    "株式会社",
    "有限会社",
    "合同会社",
    "有限公司",
    "股份公司",
    "集团",
    "集團",
    "주식회사",
)
#: Words in the names of companies and other houses.
COMPANY_WORDS = frozenset(
    """practice praxis kancelář kancelarija kancelaria cabinet бюро школа poliklinika ordinace
    advocaten notariat apotheke lékárna apoteka ljekarna pharmacy pharmacie farmacia gymnázium
    company group holding holdings solutions technologies technology tech systems software
    consulting partners
    associates industries enterprises international global bank insurance university college
    institute school hospital
    clinic foundation association society agency studio studios labs laboratory laboratories media
    networks energy
    logistics capital ventures bureau ministry department council museum gallery hotel developers
    services europe
    univerzita společnost nadace ústav nemocnice škola ministerstvo úřad uniwersytet instytut
    szpital fundacja
    университет институт компания группа банк холдинг univerzitet sveučilište institut fakultet
    bolnica škola
    دانشگاه شرکت بانک مؤسسه موسسه بیمارستان گروه universität hochschule klinik gesellschaft
    stiftung verein verlag
    université société hôpital groupe fondation universidad instituto empresa grupo banco fundación
    hospital
    università azienda gruppo fondazione ospedale universidade faculdade fundação universiteit
    stichting bedrijf
    universitet sjukhus stiftelse 株式会社 有限会社 合同会社 大学 有限公司 公司 集团 集團 주식회사
    대학교""".split()
)

#: Words of streets and houses. A number stands with them.
STREET_WORDS = frozenset(
    """street st road rd avenue ave lane ln drive dr boulevard blvd court ct place pl square sq
    terrace way parkway pkwy
    highway hwy circle cir trail plaza broadway suite ste floor fl room building bldg unit apt
    apartment tower p.o box
    pobox house park quay wharf crescent close mews row walk
    ulice ul ul. nám náměstí nám. třída tř tř. nábřeží sídliště aleja aleje al al. plac pl. osiedle
    os os. ulica trg
    улица ул пр проспект пр-т переулок пер площадь пл шоссе наб д дом оф офис стр корп вул булевар
    трг
    خیابان کوچه پلاک میدان بلوار طبقه واحد
    straße strasse str str. weg platz allee gasse ring damm ufer chaussee stiege
    rue av chemin impasse allée quai cours bd route bis
    calle c/ avda avda. av. avenida paseo plaza carrer ronda camino piso planta oficina
    via viale piazza corso largo vicolo strada rua travessa praça alameda rodovia
    straat laan plein gracht kade dreef singel steenweg
    gatan gata vägen väg torg gade vej allé plads vei veien gate katu tie utca út tér strada
    bulevardul sokak cad
    caddesi mah mahallesi""".split()
)
#: Endings of one word that is a street.
STREET_ENDS = (
    "straße", "strasse", "str.", "weg", "platz", "gasse", "allee", "straat", "laan", "plein",
    "gracht", "gatan",
    "vägen", "gade", "vej", "veien", "gata", "katu", "tie", "ská", "ova",
)  # fmt: skip

#: Countries as they stand at the end of an address, with their code (ISO 3166-1).
COUNTRIES = {
    name: code
    for code, names in {
        "US": "usa|u.s.a.|u.s.|united states|united states of america|сша|ایالات متحده",
        "GB": "uk|u.k.|united kingdom|england|scotland|wales|great britain|northern ireland",
        "IE": "ireland|éire", "CA": "canada", "AU": "australia", "NZ": "new zealand", "IN": "india",
        "ZA": "south africa", "SG": "singapore", "HK": "hong kong", "IL": "israel",
        "AE": "uae|united arab emirates",
        "CZ": "czech republic|czechia|česká republika|česko|čr|tschechien|чехия",
        "SK": "slovakia|slovensko|slovak republic|slovenská republika",
        "PL": "poland|polska|polen|польша",
        "DE": "germany|deutschland|allemagne|alemania|germania|германия",
        "AT": "austria|österreich", "CH": "switzerland|schweiz|suisse|svizzera",
        "FR": "france|francie|francia|frankreich", "BE": "belgium|belgië|belgique|belgien",
        "NL": "netherlands|the netherlands|nederland|holland", "LU": "luxembourg",
        "ES": "spain|españa|espagne",
        "PT": "portugal", "IT": "italy|italia|italien", "BR": "brazil|brasil",
        "MX": "mexico|méxico",
        "AR": "argentina", "CL": "chile", "CO": "colombia", "PE": "peru|perú",
        "RU": "russia|russian federation|россия|российская федерация|рф",
        "UA": "ukraine|україна|украина",
        "BY": "belarus|беларусь", "KZ": "kazakhstan|казахстан",
        "BA": "bosnia and herzegovina|bosna i hercegovina|bih|босна и херцеговина",
        "HR": "croatia|hrvatska", "RS": "serbia|srbija|србија", "SI": "slovenia|slovenija",
        "ME": "montenegro|crna gora",
        "MK": "north macedonia", "BG": "bulgaria|българия", "RO": "romania|românia",
        "HU": "hungary|magyarország",
        "GR": "greece|ελλάδα", "TR": "turkey|türkiye", "IR": "iran|ایران|i.r. iran",
        "SE": "sweden|sverige", "NO": "norway|norge", "DK": "denmark|danmark",
        "FI": "finland|suomi",
        "IS": "iceland", "EE": "estonia|eesti", "LV": "latvia|latvija", "LT": "lithuania|lietuva",
        "JP": "japan|日本", "CN": "china|中国|p.r. china|prc", "TW": "taiwan|台灣",
        "KR": "korea|south korea|대한민국",
    }.items()
    for name in names.split("|")
}  # fmt: skip

#: Top level domains that are a country's code and yet used everywhere.
WORLDLY_DOMAINS = frozenset(
    "io co me tv ai cc ly to fm am gg im sh ac eu ws vc la gl st tk cx nu so".split()
)

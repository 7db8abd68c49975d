"""What a folder is for: by its SPECIAL-USE attribute, or else by the names of usual programs."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from sync.source import FolderRole

if TYPE_CHECKING:
    from collections.abc import Iterable

#: RFC 6154, section 2. `\\Important` (RFC 8457) and `\\Flagged` name views, which have no role.
ATTRIBUTES: Final = {
    "\\inbox": FolderRole.INBOX,
    "\\all": FolderRole.ALL,
    "\\allmail": FolderRole.ALL,  # Gmail's XLIST, still sent by gateways
    "\\archive": FolderRole.ARCHIVE,
    "\\drafts": FolderRole.DRAFT,
    "\\junk": FolderRole.SPAM,
    "\\spam": FolderRole.SPAM,  # Gmail's XLIST
    "\\sent": FolderRole.SENT,
    "\\trash": FolderRole.TRASH,
}

#: A name, and the program or provider whose habit it is. "Roundcube" means its translations.
NAMES: Final = (
    (FolderRole.SENT, "Sent", "Dovecot, Cyrus, Thunderbird, Roundcube"),
    (FolderRole.SENT, "Sent Items", "Outlook, Exchange"),
    (FolderRole.SENT, "Sent Messages", "Apple Mail, iCloud"),
    (FolderRole.SENT, "Sent Mail", "Gmail"),
    (FolderRole.SENT, "Odeslaná pošta", "Outlook, Gmail in Czech"),
    (FolderRole.SENT, "Odeslané", "Roundcube, Seznam in Czech"),
    (FolderRole.SENT, "Odoslaná pošta", "Outlook in Slovak"),
    (FolderRole.SENT, "Odoslané", "Roundcube in Slovak"),
    (FolderRole.SENT, "Wysłane", "Roundcube, Gmail, WP in Polish"),
    (FolderRole.SENT, "Elementy wysłane", "Outlook in Polish"),
    (FolderRole.SENT, "Отправленные", "Yandex, Mail.ru, Gmail, Roundcube in Russian"),
    (FolderRole.SENT, "Отправленные письма", "mobile clients in Russian"),
    (FolderRole.SENT, "Надіслані", "Roundcube in Ukrainian"),
    (FolderRole.SENT, "Poslano", "Roundcube in Bosnian, Croatian, Slovenian"),
    (FolderRole.SENT, "Poslane stavke", "Outlook in Croatian, Bosnian"),
    (FolderRole.SENT, "Poslane poruke", "mobile clients in Bosnian, Croatian"),
    (FolderRole.SENT, "Poslato", "Thunderbird in Serbian, Latin script"),
    (FolderRole.SENT, "Послате", "Roundcube in Serbian"),
    (FolderRole.SENT, "ارسال شده", "Roundcube, Gmail in Persian"),
    (FolderRole.SENT, "موارد ارسال شده", "Outlook in Persian"),
    (FolderRole.SENT, "Gesendet", "Roundcube, Thunderbird, GMX in German"),
    (FolderRole.SENT, "Gesendete Elemente", "Outlook in German"),
    (FolderRole.SENT, "Gesendete Objekte", "Exchange, T-Online in German"),
    (FolderRole.SENT, "Envoyés", "Roundcube, Thunderbird in French"),
    (FolderRole.SENT, "Éléments envoyés", "Outlook in French"),
    (FolderRole.SENT, "Messages envoyés", "Gmail, Orange in French"),
    (FolderRole.SENT, "Enviados", "Roundcube, Gmail in Spanish, Portuguese"),
    (FolderRole.SENT, "Elementos enviados", "Outlook in Spanish"),
    (FolderRole.SENT, "Itens Enviados", "Outlook in Portuguese"),
    (FolderRole.SENT, "Posta inviata", "Outlook, Gmail in Italian"),
    (FolderRole.SENT, "Inviata", "Roundcube in Italian"),
    (FolderRole.SENT, "Verzonden items", "Outlook in Dutch"),
    (FolderRole.SENT, "Verzonden berichten", "Roundcube in Dutch"),
    (FolderRole.SENT, "Skickat", "Roundcube in Swedish"),
    (FolderRole.SENT, "Giden", "Roundcube in Turkish"),
    (FolderRole.DRAFT, "Drafts", "Dovecot, Cyrus, Thunderbird, Outlook, Gmail"),
    (FolderRole.DRAFT, "Draft", "Yahoo"),
    (FolderRole.DRAFT, "Koncepty", "Outlook, Gmail in Czech, Slovak"),
    (FolderRole.DRAFT, "Rozepsané", "Roundcube in Czech"),
    (FolderRole.DRAFT, "Kopie robocze", "Outlook, Roundcube in Polish"),
    (FolderRole.DRAFT, "Wersje robocze", "Gmail in Polish"),
    (FolderRole.DRAFT, "Szkice", "Thunderbird in Polish"),
    (FolderRole.DRAFT, "Черновики", "Yandex, Mail.ru, Gmail, Roundcube in Russian"),
    (FolderRole.DRAFT, "Чернетки", "Roundcube in Ukrainian"),
    (FolderRole.DRAFT, "Skice", "Roundcube in Bosnian"),
    (FolderRole.DRAFT, "Nacrti", "mobile clients in Bosnian, Serbian"),
    (FolderRole.DRAFT, "Predlošci", "Roundcube in Croatian"),
    (FolderRole.DRAFT, "Нацрти", "Roundcube in Serbian"),
    (FolderRole.DRAFT, "پیش‌نویس‌ها", "Roundcube, Outlook in Persian"),
    (FolderRole.DRAFT, "پیش‌نویس", "Gmail in Persian"),
    (FolderRole.DRAFT, "Entwürfe", "Outlook, Roundcube in German"),
    (FolderRole.DRAFT, "Brouillons", "Outlook, Roundcube in French"),
    (FolderRole.DRAFT, "Borradores", "Outlook, Roundcube in Spanish"),
    (FolderRole.DRAFT, "Rascunhos", "Outlook, Roundcube in Portuguese"),
    (FolderRole.DRAFT, "Bozze", "Outlook, Roundcube in Italian"),
    (FolderRole.DRAFT, "Concepten", "Outlook, Roundcube in Dutch"),
    (FolderRole.TRASH, "Trash", "Dovecot, Cyrus, Thunderbird, Roundcube"),
    (FolderRole.TRASH, "Bin", "Gmail in British English"),
    (FolderRole.TRASH, "Deleted Items", "Outlook, Exchange"),
    (FolderRole.TRASH, "Deleted Messages", "Apple Mail, iCloud"),
    (FolderRole.TRASH, "Deleted", "Outlook.com"),
    (FolderRole.TRASH, "Koš", "Gmail, Roundcube, Seznam in Czech"),
    (FolderRole.TRASH, "Odstraněná pošta", "Outlook in Czech"),
    (FolderRole.TRASH, "Kôš", "Roundcube in Slovak"),
    (FolderRole.TRASH, "Kosz", "Gmail, Roundcube in Polish"),
    (FolderRole.TRASH, "Elementy usunięte", "Outlook in Polish"),
    (FolderRole.TRASH, "Корзина", "Mail.ru, Gmail, Roundcube in Russian"),
    (FolderRole.TRASH, "Удаленные", "Yandex, Outlook in Russian"),
    (FolderRole.TRASH, "Удалённые", "Yandex in Russian"),
    (FolderRole.TRASH, "Кошик", "Roundcube in Ukrainian"),
    (FolderRole.TRASH, "Smeće", "Roundcube in Bosnian, Croatian"),
    (FolderRole.TRASH, "Izbrisane stavke", "Outlook in Croatian, Bosnian"),
    (FolderRole.TRASH, "Смеће", "Roundcube in Serbian"),
    (FolderRole.TRASH, "زباله‌دان", "Roundcube in Persian"),
    (FolderRole.TRASH, "موارد حذف شده", "Outlook in Persian"),
    (FolderRole.TRASH, "Papierkorb", "Gmail, GMX, Thunderbird in German"),
    (FolderRole.TRASH, "Gelöscht", "Roundcube in German"),
    (FolderRole.TRASH, "Gelöschte Elemente", "Outlook in German"),
    (FolderRole.TRASH, "Gelöschte Objekte", "Exchange in German"),
    (FolderRole.TRASH, "Corbeille", "Gmail, Roundcube in French"),
    (FolderRole.TRASH, "Éléments supprimés", "Outlook in French"),
    (FolderRole.TRASH, "Papelera", "Gmail, Roundcube in Spanish"),
    (FolderRole.TRASH, "Elementos eliminados", "Outlook in Spanish"),
    (FolderRole.TRASH, "Lixeira", "Gmail, Roundcube in Portuguese"),
    (FolderRole.TRASH, "Itens Excluídos", "Outlook in Portuguese"),
    (FolderRole.TRASH, "Cestino", "Gmail, Roundcube in Italian"),
    (FolderRole.TRASH, "Posta eliminata", "Outlook in Italian"),
    (FolderRole.TRASH, "Prullenbak", "Gmail, Roundcube in Dutch"),
    (FolderRole.TRASH, "Verwijderde items", "Outlook in Dutch"),
    (FolderRole.SPAM, "Junk", "Dovecot, Cyrus, Thunderbird, Roundcube"),
    (FolderRole.SPAM, "Spam", "Gmail, Seznam, WP and many others"),
    (FolderRole.SPAM, "Junk Email", "Outlook, Exchange"),
    (FolderRole.SPAM, "Junk E-mail", "Outlook, Exchange"),
    (FolderRole.SPAM, "Bulk Mail", "Yahoo"),
    (FolderRole.SPAM, "Nevyžádaná pošta", "Outlook, Thunderbird in Czech"),
    (FolderRole.SPAM, "Hromadné", "Seznam in Czech"),
    (FolderRole.SPAM, "Nevyžiadaná pošta", "Outlook, Roundcube in Slovak"),
    (FolderRole.SPAM, "Wiadomości-śmieci", "Outlook in Polish"),
    (FolderRole.SPAM, "Niechciane", "Thunderbird in Polish"),
    (FolderRole.SPAM, "Спам", "Yandex, Mail.ru, Roundcube in Russian, Ukrainian"),
    (FolderRole.SPAM, "Нежелательная почта", "Outlook in Russian"),
    (FolderRole.SPAM, "Neželjena pošta", "Outlook in Bosnian, Croatian, Serbian"),
    (FolderRole.SPAM, "Bezvrijedna pošta", "Outlook in Croatian"),
    (FolderRole.SPAM, "Отпад", "Roundcube in Serbian"),
    (FolderRole.SPAM, "هرزنامه", "Gmail in Persian"),
    (FolderRole.SPAM, "بنجل", "Roundcube in Persian"),
    (FolderRole.SPAM, "ایمیل ناخواسته", "Outlook in Persian"),
    (FolderRole.SPAM, "Spamverdacht", "GMX, Web.de in German"),
    (FolderRole.SPAM, "Junk-E-Mail", "Outlook in German"),
    (FolderRole.SPAM, "Courrier indésirable", "Outlook in French"),
    (FolderRole.SPAM, "Indésirables", "Thunderbird, Orange in French"),
    (FolderRole.SPAM, "Pourriels", "Roundcube in French"),
    (FolderRole.SPAM, "Correo no deseado", "Outlook in Spanish"),
    (FolderRole.SPAM, "Lixo Eletrônico", "Outlook in Portuguese"),
    (FolderRole.SPAM, "Posta indesiderata", "Outlook in Italian"),
    (FolderRole.SPAM, "Ongewenste e-mail", "Outlook in Dutch"),
    (FolderRole.ARCHIVE, "Archive", "Thunderbird, Outlook, Apple Mail"),
    (FolderRole.ARCHIVE, "Archives", "Thunderbird"),
    (FolderRole.ARCHIVE, "Archiv", "Outlook in Czech, German; Seznam"),
    (FolderRole.ARCHIVE, "Archivy", "Thunderbird in Czech"),
    (FolderRole.ARCHIVE, "Archiwum", "Outlook in Polish"),
    (FolderRole.ARCHIVE, "Архив", "Yandex, Mail.ru, Outlook in Russian"),
    (FolderRole.ARCHIVE, "Arhiva", "Outlook in Croatian, Bosnian, Serbian"),
    (FolderRole.ARCHIVE, "بایگانی", "Outlook, Thunderbird in Persian"),
    (FolderRole.ALL, "All Mail", "Gmail"),
    (FolderRole.ALL, "All mail Including Spam and Trash", "Google Takeout"),
    (FolderRole.ALL, "Všechny zprávy", "Gmail in Czech"),
    (FolderRole.ALL, "Wszystkie", "Gmail in Polish"),
    (FolderRole.ALL, "Вся почта", "Gmail in Russian"),
    (FolderRole.ALL, "Alle Nachrichten", "Gmail in German"),
)

_THROWN_AWAY: Final = frozenset({FolderRole.TRASH, FolderRole.SPAM})

#: What stands before a special folder's name where a server keeps all folders below another.
ROOTS: Final = ("inbox", "[gmail]", "[googlemail]", "[imap]")


def role_of(name: str, attributes: Iterable[str] = (), delimiter: str = "/") -> FolderRole:
    """Say what a folder is for. The server's word comes before what a name suggests.

    Only a name at the top, or right below one of ROOTS, suggests anything: "Clients/Spam" may hold
    letters of a client called Spam. What lies below trash or spam was thrown away with its folder.
    """
    for attribute in attributes:
        said = ATTRIBUTES.get(attribute.lower())
        if said is not None:
            return said
    path = [_plain(step) for step in (name.split(delimiter) if delimiter else [name])]
    if path == ["inbox"]:
        return FolderRole.INBOX
    if len(path) > 1 and path[0] in ROOTS:
        path = path[1:]
    found = _BY_NAME.get(path[0], FolderRole.NONE)
    return found if len(path) == 1 or found in _THROWN_AWAY else FolderRole.NONE


def _plain(name: str) -> str:
    # Persian words stand apart by a space or a zero-width non-joiner; "E-mail" may lack its hyphen.
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_\-\u200c]+", "", folded)


_BY_NAME: Final = {_plain(name): role for role, name, _ in NAMES}

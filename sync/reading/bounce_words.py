"""How mail servers say that a letter did not arrive, in the languages we know: data alone.

Everything is lower case with single spaces. Sources: the texts of the servers that are named, and
those of RFC 3463 and RFC 5321; without a name it is the custom of several.
"""

from __future__ import annotations

#: What stands in the subjects of letters that come back.
SUBJECTS = (
    "undeliver", "undelivrable", "nondeliver", "non-deliver", "not deliver", "not be deliver",
    "n't be deliver", "t deliver", "returned mail", "returned to sender", "returned email",
    "returned message", "message returned", "returning message", "returned e-mail",
    "delivery fail", "delivery status", "delivery notification", "delivery report",
    "delivery problem", "delivery error", "delivery has failed", "delivery delay", "delivery del",
    "delivery warning", "delivery unsuccessful", "failed delivery", "failed mail",
    "failure notice", "failure notification", "failure delivery", "mail failure", "mail error",
    "mail delivery", "mail could not", "mail system error", "message failed", "unable to deliver",
    "error sending", "bounced", "user unknown", "unknown user", "unknown address", "mailbox full",
    "nameserver error", "deferred", "delayed", "could not send", "not sent", "transmission error",
    "message blocked", "message rejected", "mail rejected", "rejected mail", "rejected message",
    "problems with", "delivery incomplete", "delivery attempt", "mail notification", "dsn:",
    "nedoručiteln", "nelze doručit", "nebyla doručena", "nepodařilo se doručit",  # cs
    "nedoručiteľ", "nemožno doručiť",  # sk
    "niedostarcz", "nie można dostarczyć", "nie dostarczono", "niedoręcz",  # pl
    "zwrot wiad", "zwrot nie",
    "недостав", "не доставлен", "не удалось доставить", "сбой доставки", "возвращен",  # ru
    "не доставлено", "не вдалося доставити", "неможливо доставити",  # uk
    "nije isporučen", "neisporuč", "isporuka nije", "није испоруч", "неиспоруч",  # bs, hr, sr
    "قابل تحویل نیست", "تحویل داده نشد", "تحویل ناموفق",  # fa
    "unzustellbar", "nicht zugestellt", "zustellung fehl", "nicht zustellbar",  # de
    "zustellfehler",
    "non remis", "non distribu", "échec de", "non délivr", "impossible de remettre",  # fr
    "no se puede entregar", "no entregad", "no se pudo entregar", "correo devuelto",  # es
    "mensaje devuelto", "error de entrega",
    "non recapitabile", "mancata consegna", "impossibile recapitare", "errore di consegna",  # it
    "não é possível entregar", "não entregue", "falha na entrega", "mensagem devolvida",  # pt
    "onbestelbaar", "niet bezorgd", "niet afgeleverd", "bezorging mislukt",  # nl
    "olevererbar", "inte leverera", "kunde inte levereras",  # sv
    "kan ikke leveres", "ikke leveret", "kunne ikke leveres", "ikke levert",  # da, nb
    "toimittaminen epäonnistui", "toimitus epäonnistui", "ei voitu toimittaa",  # fi
    "kézbesíthetetlen", "nem kézbesíthető", "sikertelen kézbesítés",  # hu
    "nu poate fi livrat", "nelivrat", "livrare eșuată",  # ro
    "teslim edilemedi", "iletilemedi", "gönderilemedi",  # tr
    "配信不能", "配達不能", "届けられ", "配信できません", "送信エラー", "エラーメール",  # ja
    "配信失敗", "送信できません", "戻りメール",
    "退信", "无法投递", "無法傳遞", "未送达", "无法送达", "投递失败", "無法投遞", "传递失败",  # zh
    "배달되지", "배달할 수", "반송", "전송 실패",  # ko
)  # fmt: skip

#: Beside the empty return path these need no other sign; a parcel may fail to be delivered too.
CERTAIN_SUBJECTS = (
    "undelivered mail", "undeliverable mail", "undeliverable message", "undeliverable:",  # Exchange
    "mail delivery failed",  # Exim
    "delivery status notification",  # Gmail, Exchange
    "failure notice",  # qmail, Yahoo
    "returned mail",  # Sendmail
    "delivery failure:", "mail delivery failure", "mail system error", "message not delivered",
    "delivery notification: delivery", "non delivery notification", "non-delivery report",
    "nedoručiteln", "niedostarcz", "недоставленное сообщение", "unzustellbar", "non remis",
    "no se puede entregar", "non recapitabile", "não é possível entregar", "onbestelbaar",
    "kan inte levereras", "neisporuč", "неиспоруч", "配信不能", "系统退信",
)  # fmt: skip

#: One of these is in each of them that has no sign beyond ASCII: most subjects have none.
SUBJECT_STEMS = (
    "deliv", "return", "mail", "fail", "message", "error", "sent", "send", "unknown", "delayed",
    "bounced", "deferred", "problems with", "dsn:", "zust", "entreg", "leve", "remis", "distribu",
    "remettre", "devuel", "devolvid", "recapit", "consegna", "bezorg", "onbestel", "afgelever",
    "zugestellt", "teslim", "iletil", "livrat", "isporu", "dostarcz", "zwrot", "toimit",
)  # fmt: skip

#: What a server says of a letter that will not arrive.
FAILED = (
    "could not be delivered", "couldn't be delivered", "can not be delivered", "can't be delivered",
    "cannot be delivered", "could not deliver", "couldn't deliver", "cannot deliver",
    "can't deliver", "not been delivered", "not be delivered", "wasn't delivered",
    "was not delivered", "is undeliverable", "undeliverable",
    "unable to deliver", "not able to deliver", "wasn't able to deliver", "to deliver your message",
    "was unable to be delivered", "delivery failed", "delivery has failed", "failed delivery",
    "delivery to the following", "delevery to the following",  # Google, Exchange; Merak
    "did not reach", "could not be reached", "was not received", "not sent to",
    "had permanent fatal errors", "had permanent delivery errors", "delivery errors", "fatal error",
    "delivery problems", "unrecoverable", "delivery error", "transcript of session follows",
    "transcript of the session", "smtp error from remote", "mail system error",
    "error has occurred while attempting to deliver", "error occurred while trying to deliver",
    "error delivering your mail", "giving up on", "i've given up", "returned to sender",
    "returned because", "returned to you", "being returned", "has been returned", "bounced by",
    "has been rejected", "was rejected", "have been rejected", "were rejected", "been blocked",
    "rejected by", "refused by", "rejected your message", "host unknown", "user unknown",
    "unknown user", "no such user", "unknown recipient", "recipient unknown", "unknown address",
    "not a valid user", "invalid recipient", "invalid address", "not listed in", "does not exist",
    "doesn't exist", "no longer exists", "no mailbox here", "failure reasons",  # qmail; Domino
    "couldn't be found", "wasn't found at", "non-delivery report", "failed recipient",
    "mailbox is full", "mailbox full", "over quota", "quota exceeded", "exceeded the local limit",
    "message not delivered", "delivery failure", "delivery status notification", "unrouteable",
    "no message collected", "failed permanently", "permanent error", "permanent failure",
    "not accepted", "connection refused", "address rejected", "message could not be",
    "nelze doručit", "nebyla doručena", "nepodařilo se doručit", "nebylo možné doručit",  # cs
    "nie można dostarczyć", "nie została dostarczona", "nie mogła zostać dostarczona",  # pl
    "nie mogła być dostarczona", "nie mógł dostarczyć", "nie udało się dostarczyć",
    "niedostarcz", "nie powiodło się",
    "не доставлено", "не удалось доставить", "не может быть доставлено", "не было доставлено",  # ru
    "nije isporučen", "није испоруч", "nije dostavljen", "nije moguće isporučiti",  # bs, hr, sr
    "تحویل داده نشد", "تحویل نشد", "نمی‌توان تحویل", "ممکن است موجود نباشد",  # fa: Google Groups
    "nicht zugestellt", "unzustellbar", "konnte nicht", "nicht übermittelt", "fehlgeschlagen",  # de
    "pas pu être", "n'a pas été remis", "non remis", "échec de la remise",  # fr
    "no se pudo entregar", "no pudo ser entregad", "no se ha podido", "no se puede entregar",  # es
    "non è stato possibile", "non recapitat", "impossibile recapitare",  # it
    "consegna non riuscita",
    "não pôde ser entregue", "nao pode ser", "não foi possível", "não foi entregue",  # pt
    "kon niet worden", "niet bezorgd", "niet afgeleverd", "is mislukt",  # nl
    "kunde inte levereras", "inte levererats", "misslyckades",  # sv
    "kunne ikke leveres", "blev ikke leveret", "ble ikke levert",  # da, nb
    "ei voitu toimittaa",  # fi
    "nem sikerült", "nu a putut fi", "teslim edilemedi", "iletilemedi",  # hu, ro, tr
    "не вдалося доставити", "nepodarilo sa doručiť",  # uk, sk
    "配信できません", "届けられ", "配達できません", "送信できません", "配信不能",  # ja
    "お届けできません", "宛先不明", "見つかりません", "受信できません", "エラー",
    "送信されませんでした",
    "退信", "无法投递", "无法送达", "無法傳遞", "未能送达", "发送失败", "投递失败",  # zh
    "배달되지", "전송하지 못했습니다", "반송",  # ko
)  # fmt: skip

#: What no person writes: it tells a server's letter even under a person's address.
UNMISTAKABLE = (
    "this is the qmail-send program", "this is the mailer-daemon", "this is the postfix program",
    "this message was created automatically by mail delivery", "transcript of session follows",
    "this is the dragonfly mail agent", "non-delivery report", "failed recipient:",
    "this is an automatically generated delivery status notification",
    "the following addresses had permanent", "did not reach the following recipient",
    "following recipient(s) could not be reached", "message could not be delivered to",
    "not a valid user", "could not be delivered to the following",
    "could not deliver message to the following", "reporting-mta:", "this is the mail system at",
    "unable to deliver message to the following", "delivery to the following recipients failed",
    "smtp error from remote",
)  # fmt: skip

#: What a server says of a letter that it still tries to deliver.
DELAYED = (
    "warning message only", "has been delayed", "is delayed", "not yet been delivered",
    "still being", "will continue to", "will be retried", "will retry for",
    "temporary problem", "will keep trying", "still trying",
    "could not send message for past",  # Sendmail
    "delivery attempts will continue", "temporary failure report", "do not need to resend",
    "don't need to resend", "still undelivered", "could not be delivered for the last",
    "not been delivered yet", "transient non-fatal", "temporarily deferred", "delay reason",
    "will be tried again", "will try again", "no need to resend", "not yet delivered",
    "wird weiterhin versucht", "noch nicht zugestellt", "verzögert",  # de
    "bylo zpožděno", "zatím nebyla doručena", "zpožděn",  # cs
    "jeszcze nie", "opóźnion", "задерж", "еще не доставлено",  # pl, ru
    "sera réessayé", "retardé", "se ha retrasado", "è in ritardo", "atrasada", "vertraagd",
    "遅延", "再送を試み", "延迟",
)  # fmt: skip

#: After these in a subject the letter is only late.
DELAYED_SUBJECTS = (
    "(delay)", "delayed", "delivery delay", "delivery del", "still being retried", "for past",
    "verzögert", "zpožděn", "opóźni", "задерж", "retardé", "遅延",
)  # fmt: skip

#: A server says so when it has stopped trying, whatever it says of delays besides.
GIVEN_UP = (
    "permanent error", "permanent failure", "failed permanently", "given up", "permanent fatal",
    "retry timeout exceeded", "giving up", "permanent delivery",
    "failing permanently",
    "not going to try again", "no further attempts", "will not be retried",
    "deleted from queue", "deleted from the queue", "removed from the queue", "too long on the",
    "in the queue too long", "no further delivery attempts",
)  # fmt: skip

#: Letters in the clothes of a bounce that ask the sender for something.
CHALLENGES = (
    "boxbe", "spam arrest", "spamarrest", "challenge-response", "challenge/response",
    "prove you are human", "guest list", "mailinblack", "tmda",
    "sender verification required", "server requires confirmation",
    "to deliver your message, please click",
)  # fmt: skip

GOOD_NEWS = (
    "successfully delivered", "was successfully", "your message was delivered", "successful mail",
    "was successfully delivered", "message has been delivered", "delivery receipt",
    "(success)", "(relay)", "was read on", "has been relayed",
)  # fmt: skip

#: Above the letter that comes back; a line begins so, without dashes, stars and white space.
RETURNED = (
    "below this line is", "this is a copy of", "a copy of", "original message follows",
    "unsent message follows", "unsent message below", "message header follows", "your original",
    "message headers follow", "headers of the message", "the header of the original", "old message",
    "included is a copy", "below is a copy", "the header and top", "enclosed is a copy",
    "message text follows", "returned message", "returned text follows", "mensaje original",
    "the original message follow", "start of returned", "copy of your message",
    "the following is a copy", "the first", "original headers", "the message headers",
    "message contents follow", "content of the original", "message follows",
    "header of the original", "original mail", "undelivered message follows", "message header:",
    "contents of the", "the text of your", "message header", "text of the original",
    "attached is your", "----- original message", "hier ist eine kopie", "kopie der nachricht",
    "original-nachricht", "message d'origine", "messaggio originale", "mensagem original",
    "původní zpráva", "oryginalna wiadomość", "исходное сообщение", "ursprüngliche nachricht",
    "copy of the message",
)  # fmt: skip

#: A line that is no more than this stands above it too.
RETURNED_ALONE = frozenset({"original message", "original message:", "message", "headers"})

#: How the header of a letter that comes back begins; others may stand in a server's own words.
HEADER_STARTS = (
    "received:", "return-path:", "dkim-signature:", "x-received:", "domainkey-signature:",
    "x-originating-ip:", "arc-seal:", "x-ymail-osg:", "x-google-smtp-source:",
    "x-gm-message-state:", "x-google-dkim-signature:", "x-apparently-to:", "delivered-to:",
)  # fmt: skip

#: Begins it as well where nothing stands before; a notice may quote it, moved to the right.
UNINDENTED_HEADER_STARTS = ("message-id:", "mime-version:", "from mailer-daemon ")

#: By these words the details of a status are told where no code stands (RFC 3463, section 3).
REASONS = (
    ("2.2", (
        "mailbox full", "mailbox is full", "mailfolder is full", "quota", "over its limit",
        "insufficient disk", "exceeded the local limit", "storage", "mail box is full",
        "mailbox has exceeded", "mailbox size limit",
        "boîte pleine", "plná", "pełn", "переполнен", "voll",
    )),
    ("2.3", ("message too long", "message length exceeds", "exceeds the maximum message")),
    ("3.4", ("too large", "too big", "size exceed", "size limit", "maximum size", "message size")),
    ("2.1", (
        "account disabled", "mailbox disabled", "inactive", "suspended", "is disabled",
        "has been disabled", "not accepting messages", "account has been", "deactivated",
    )),
    ("7.1", (
        "spam", "blocked", "blacklist", "blocklist", "black list", "access denied", "not allowed",
        "relaying denied", "relay", "policy", "prohibited", "not permitted", "unauthorized",
        "not authorized", "content rejected", "virus", "banned", "rejected for", "reverse dns",
        "authentication", "spf ", "dmarc", "not have permission", "reputation",
    )),
    ("1.2", (
        "host unknown", "unrouteable mail domain", "find any host named", "domain not found",
        "host not found", "name service error", "unknown host", "no such domain", "no mx",
        "no route to host", "unknown domain", "bad destination system", "mx record",
        "domain does not exist", "domain name not found", "nxdomain", "host or domain name",
        "name or service not known", "unknown mail domain",
    )),
    ("4.7", (
        "expired", "retry timeout", "retry time not", "too long on the queue", "retry limit",
        "in the queue too long", "message timed out", "queue too long", "time limit",
    )),
    ("4.1", (
        "timed out", "timeout", "connection refused", "no answer", "requests to connect",
        "not reachable", "network error", "network is unreachable", "unable to connect",
        "couldn't connect", "could not connect", "unreachable", "not responding", "attempts",
        "establish an smtp connection",
    )),
    ("1.1", (
        "unknown", "no such", "no mailbox", "does not exist", "doesn't exist", "not exist",
        "not found", "not listed", "invalid", "not recognized", "doesn't have a", "not a valid",
        "mailbox unavailable", "not our customer", "no account", "unrouteable address",
        "wasn't found", "not known", "not a registered", "undeliverable address", "bad address",
        "address rejected", "no longer", "neexistuje", "nie istnieje", "не существует",
        "unbekannt", "inconnu", "no existe", "non esiste", "não existe", "宛先不明", "不存在",
    )),
)  # fmt: skip

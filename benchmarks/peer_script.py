"""Run inside the peer's own environment: make django-mailbox's tables, or read a mailbox."""

import os
import sys

import django  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]
from django.core.management import call_command  # type: ignore[import-not-found]

settings.configure(
    INSTALLED_APPS=["django_mailbox"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "peer",
            "HOST": os.environ["PEER_HOST"],
            "USER": os.environ["PEER_USER"],
            "PASSWORD": os.environ["PEER_PASSWORD"],
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    MEDIA_ROOT=os.environ["DATA_DIR"] + "/peer-media",
    USE_TZ=True,
)
django.setup()


def read() -> int:
    """Read everything that the mailbox has."""
    from django_mailbox.models import Mailbox, Message  # type: ignore[import-not-found]

    mailbox = Mailbox.objects.create(name="bench", uri=os.environ["PEER_URI"])
    for _ in mailbox.get_new_mail():
        pass
    return int(Message.objects.count())


if sys.argv[1] == "migrate":
    call_command("migrate", verbosity=0)
else:
    print(read())

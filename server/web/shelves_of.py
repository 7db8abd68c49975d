"""The shelves that there are: contacts, companies, and the workspace's own sorts of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.workspace import object_types
from server.web.lists import Shelf

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.workspace.models import ObjectType, User

CONTACTS = Shelf(
    "contact",
    lazy("Contacts"),
    "contacts.listed",
    "contacts.one",
    "contacts.new",
    "contacts.field",
    "contacts.done",
    ("company", "lifecycle", "rating", "owner", "address", "tags"),
    lazy("New contact"),
    id_name="contact_id",
)
COMPANIES = Shelf(
    "company",
    lazy("Companies"),
    "companies.listed",
    "companies.one",
    "companies.new",
    "companies.field",
    "companies.done",
    ("industry", "country", "employees", "owner", "tags"),
    lazy("New company"),
    square=True,
    id_name="company_id",
)


def of_objects(kind: ObjectType) -> Shelf:
    """Return the shelf of one of the workspace's own sorts."""
    return Shelf(
        kind.key,
        kind.many,
        "objects.listed",
        "objects.one",
        "objects.new",
        "objects.field",
        "objects.done",
        ("owner", "tags"),
        lazy("New record"),
        icon="archive",
        place={"kind": kind.key},
    )


def listed_href(session: Session, user: User, subject: str, **values: str) -> str:
    """Return the address of the list of a sort. Raises NotFoundError."""
    if subject == "contact":
        shelf = CONTACTS
    elif subject == "company":
        shelf = COMPANIES
    elif subject == "deal":
        raise NotFoundError(_("There is no such list."))
    else:
        shelf = of_objects(object_types.get(session, user.workspace_id, subject))
    return shelf.href(shelf.listed, **values)

"""The fields that every workspace has for contacts and companies, by the attributes they stand in.

Addresses, phones and sites, of which there may be many, and the lifecycle, whose every step is
kept, have verbs of their own.
"""

from __future__ import annotations

from crm.base.i18n import lazy
from crm.workspace.fields import Field, FieldType

#: Kinds of buyers: whom they are like, for segments and templates.
RATINGS = (
    ("hot", lazy("Hot")),
    ("warm", lazy("Warm")),
    # Translators: the rating of a lead that is of no use.
    ("junk", lazy("Junk")),
)
PRIORITIES = (("1", lazy("Low")), ("2", lazy("Normal")), ("3", lazy("High")))

CONTACT = (
    Field("contact", "name", lazy("Name"), FieldType.TEXT, required=True),
    Field("contact", "title", lazy("Title"), FieldType.TEXT),
    Field("contact", "company", lazy("Company"), FieldType.LINK),
    Field("contact", "owner", lazy("Owner"), FieldType.USER),
    Field("contact", "rating", lazy("Rating"), FieldType.CHOICE, RATINGS),
    Field("contact", "persona", lazy("Persona"), FieldType.TEXT, longest=60),
    Field("contact", "country", lazy("Country"), FieldType.COUNTRY),
)
COMPANY = (
    Field("company", "name", lazy("Name"), FieldType.TEXT, required=True),
    Field("company", "owner", lazy("Owner"), FieldType.USER),
    Field("company", "industry", lazy("Industry"), FieldType.TEXT, longest=60),
    Field("company", "employees", lazy("Employees"), FieldType.NUMBER),
    Field("company", "country", lazy("Country"), FieldType.COUNTRY),
    Field("company", "phone", lazy("Phone"), FieldType.PHONE),
    Field("company", "site", lazy("Website"), FieldType.URL),
    Field("company", "address", lazy("Postal address"), FieldType.LONG_TEXT, longest=500),
)

"""An admin adds fields to records, people tag them, and companies say more of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from crm.migrations.secured import key, of_workspace, secure

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_TEXTS = {
    "company": ("industry", "country", "phone", "site", "address"),
    "contact": ("rating", "persona", "country"),
}


def upgrade() -> None:
    _fields()
    _tags()
    for table in ("field", "field_value", "tag", "record_tag"):
        secure(table)
    for table, names in _TEXTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "contact", sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.add_column("company", sa.Column("employees", sa.Integer()))
    op.add_column("company", sa.Column("owner_id", sa.Uuid()))
    op.create_foreign_key(
        "company_workspace_id_owner_id_fk",
        "company",
        "user",
        ["workspace_id", "owner_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (owner_id)",
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_index("company_workspace_id_name_id_ix", "company", ["workspace_id", "name", "id"])
    for table in ("company", "contact"):
        op.create_index(
            f"{table}_workspace_id_owner_id_name_id_ix",
            table,
            ["workspace_id", "owner_id", "name", "id"],
        )


def downgrade() -> None:
    for table in ("company", "contact"):
        op.drop_index(f"{table}_workspace_id_owner_id_name_id_ix", table)
    op.drop_index("company_workspace_id_name_id_ix", "company")
    for name in (*_TEXTS["company"], "employees", "owner_id"):
        op.drop_column("company", name)
    for name in (*_TEXTS["contact"], "priority"):
        op.drop_column("contact", name)
    for table in ("record_tag", "tag", "field_value", "field"):
        op.drop_table(table)


def _fields() -> None:
    op.create_table(
        "field",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("options", JSONB(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("statistic", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("on_card", sa.Boolean(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="field_pk"),
        sa.UniqueConstraint(
            "workspace_id", "subject", "key", name="field_workspace_id_subject_key_uq"
        ),
        of_workspace("field"),
    )
    op.create_table(
        "field_value",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger()),
        sa.PrimaryKeyConstraint(
            "workspace_id", "record_id", "field_id", "key", name="field_value_pk"
        ),
        key("field_value", "field_id", "field", "CASCADE"),
    )
    op.create_index(
        "field_value_workspace_id_field_id_key_record_id_ix",
        "field_value",
        ["workspace_id", "field_id", "key", "record_id"],
    )
    op.create_index(
        "field_value_number_ix",
        "field_value",
        ["workspace_id", "field_id", "number", "record_id"],
        postgresql_where=sa.text("number is not null"),
    )


def _tags() -> None:
    op.create_table(
        "tag",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="tag_pk"),
        sa.UniqueConstraint("workspace_id", "key", name="tag_workspace_id_key_uq"),
        of_workspace("tag"),
    )
    op.create_table(
        "record_tag",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "record_id", "tag_id", name="record_tag_pk"),
        key("record_tag", "tag_id", "tag", "CASCADE"),
    )
    op.create_index(
        "record_tag_workspace_id_tag_id_record_id_ix",
        "record_tag",
        ["workspace_id", "tag_id", "record_id"],
    )

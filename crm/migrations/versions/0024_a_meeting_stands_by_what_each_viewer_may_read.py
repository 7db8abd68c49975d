"""What each message says of a meeting is kept, so that it stands by what each viewer may read.

What a message said was not kept before now: how a meeting stands goes to the message that it stands
by, an answer to the message that brought it, without their words. Messages of which nothing is
known are about no meeting any more.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from crm.people.domains import FREE_MAIL

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"
MOMENT = sa.DateTime(timezone=True)
NEW: dict[str, sa.types.TypeEngine[Any]] = {
    "ref": sa.Uuid(),
    "line_id": sa.Uuid(),
    "author": sa.Text(),
    "sequence": sa.BigInteger(),
    "summary": sa.Text(),
    "place": sa.Text(),
    "starts_at": MOMENT,
    "ends_at": MOMENT,
    "whole_day": sa.Boolean(),
    "repeats": sa.Boolean(),
    "rhythm": sa.SmallInteger(),
    "every": sa.Integer(),
    "organizer_name": sa.Text(),
    "organizer_email": sa.Text(),
    "attendees": JSONB(),
    "cancelled": sa.Boolean(),
}
MAY_BE_NULL = ("starts_at", "ends_at")
REPLY, CANCEL = 2, 3

#: Providers of mailboxes for anyone: who is there beside us is no colleague for it.
FREE = ", ".join(f"'{domain}'" for domain in sorted(FREE_MAIL))

#: Who bears a colleague's address, or one at our domains, below these, or right above them.
OURS = f"""
exists (select from (
    select email, true as home from "user" where workspace_id = m.workspace_id
    union all select address, true from mailbox where workspace_id = m.workspace_id
    union all select jsonb_array_elements_text(place->'aliases'), false from mailbox
      where workspace_id = m.workspace_id and place ? 'aliases') o
  cross join lateral (select '.' || split_part(o.email, '@', 2) as our,
    '.' || split_part(m.from_email, '@', 2) as their) d
  where o.email = m.from_email
    or o.home and substr(d.our, 2) not in ({FREE}) and length(d.their) > 1
      and (right(d.their, length(d.our)) = d.our or right(d.our, length(d.their)) = d.their))
"""

#: Whose word a message is: a colleague's where their own copy says so, another's by their address.
AUTHOR = f"""
case when m.suspicions <> '' then '' when m.direction = 1 and not {OURS} then m.from_email
  when exists (select from copy c
      join folder f on f.workspace_id = c.workspace_id and f.id = c.folder_id
      join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
    where c.workspace_id = m.workspace_id and c.message_id = m.id
      and (b.address = m.from_email or b.place->'aliases' ? m.from_email)
      and case when b.kind = 'gmail' and c.uidvalidity <> 0
        then 'SENT' = any(string_to_array(c.labels, ' '))
        else c.uidvalidity = 0 or f.role = 'sent' end) then m.from_email
  else '' end
"""

#: Its own people, without what others have answered since.
PEOPLE = """
(select coalesce(jsonb_agg(jsonb_build_array(a.name, a.email,
    case when a.answered_at = m.at then a.answer else 0 end) order by a.position), '[]')
  from meeting_attendee a where a.workspace_id = t.workspace_id and a.meeting_id = t.id)
"""

#: The message that a meeting stands by.
NEWEST = f"""
update meeting_message s set line_id = t.id, author = {AUTHOR}, sequence = greatest(t.sequence, 0),
  summary = t.summary, place = t.place, starts_at = t.starts_at, ends_at = t.ends_at,
  whole_day = t.whole_day, repeats = t.repeats, attendees = {PEOPLE},
  cancelled = s.method = {CANCEL} and t.sequence >= 0
from meeting t join message m on m.workspace_id = t.workspace_id and m.id = t.message_id
where s.workspace_id = t.workspace_id and s.meeting_id = t.id and s.message_id = t.message_id
"""

#: Answers that hold, and what called a meeting off.
LATER = f"""
update meeting_message s set author = {AUTHOR}, sequence = greatest(t.sequence, 0),
  summary = '', place = '', whole_day = false, repeats = false,
  attendees = case when s.method = {CANCEL} then '[]'::jsonb else (
    select jsonb_agg(jsonb_build_array(a.name, a.email, a.answer))
    from meeting_attendee a where a.workspace_id = t.workspace_id and a.meeting_id = t.id
      and a.email = m.from_email and a.answered_at = m.at) end,
  cancelled = s.method = {CANCEL}
from meeting t, message m
where s.workspace_id = t.workspace_id and s.meeting_id = t.id and s.author is null
  and m.workspace_id = s.workspace_id and m.id = s.message_id
  and (s.method = {CANCEL} and t.cancelled_at = m.at
    or s.method = {REPLY} and exists (select from meeting_attendee a
      where a.workspace_id = t.workspace_id and a.meeting_id = t.id and a.email = m.from_email
        and a.answered_at = m.at))
"""


def upgrade() -> None:
    for name, kind in NEW.items():
        op.add_column("meeting_message", sa.Column(name, kind, nullable=True))
    op.execute(NEWEST)
    op.execute(LATER)
    op.execute("delete from meeting_message where author is null")
    op.execute("""
        update meeting_message s set ref = t.ref, line_id = coalesce(s.line_id, gen_random_uuid()),
          rhythm = 0, every = 1, organizer_name = t.organizer_name,
          organizer_email = t.organizer_email
        from meeting t where t.workspace_id = s.workspace_id and t.id = s.meeting_id
    """)
    # What the deferred keys have still to check would stand in the way of what follows.
    op.execute("set constraints all immediate")
    for name in NEW:
        if name not in MAY_BE_NULL:
            op.alter_column("meeting_message", name, nullable=False)
    op.drop_constraint("meeting_message_pk", "meeting_message")
    op.drop_column("meeting_message", "meeting_id")
    op.create_primary_key(
        "meeting_message_pk", "meeting_message", ["workspace_id", "message_id", "ref"]
    )
    op.create_index(
        "meeting_message_workspace_id_ref_ix", "meeting_message", ["workspace_id", "ref"]
    )
    op.drop_table("meeting_attendee")
    op.drop_table("meeting")


def downgrade() -> None:
    # What each message says does not tell how a meeting stood.
    op.execute("delete from activity where kind = 7")
    op.execute("delete from meeting_message")
    op.execute("set constraints all immediate")
    op.drop_constraint("meeting_message_pk", "meeting_message")
    op.drop_index("meeting_message_workspace_id_ref_ix", "meeting_message")
    for name in NEW:
        op.drop_column("meeting_message", name)
    op.add_column("meeting_message", sa.Column("meeting_id", sa.Uuid(), nullable=False))
    op.create_primary_key(
        "meeting_message_pk", "meeting_message", ["workspace_id", "message_id", "meeting_id"]
    )
    _make_tables()
    op.create_foreign_key(
        "meeting_message_workspace_id_meeting_id_fk",
        "meeting_message",
        "meeting",
        ["workspace_id", "meeting_id"],
        ["workspace_id", "id"],
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_index(
        "meeting_message_workspace_id_meeting_id_ix",
        "meeting_message",
        ["workspace_id", "meeting_id"],
    )
    for name in ("meeting", "meeting_attendee"):
        op.execute(f"alter table {name} enable row level security")
        op.execute(f"create policy here on {name} to inlay_program using (workspace_id = {HERE})")
        op.execute(f"grant select, insert, update, delete on {name} to inlay_program")
        op.execute(f"""
            do $$ begin
              if current_setting('server_version_num')::int >= 170000 then
                grant maintain on {name} to inlay_program;
              end if;
            end $$
        """)


def _make_tables() -> None:
    op.create_table(
        "meeting",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("organizer_name", sa.Text(), nullable=False),
        sa.Column("organizer_email", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("moved_from", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="meeting_pk"),
        sa.UniqueConstraint("workspace_id", "ref", name="meeting_workspace_id_ref_uq"),
        _key("meeting", "id", "activity"),
        _key("meeting", "message_id", "message"),
    )
    op.create_index("meeting_workspace_id_message_id_ix", "meeting", ["workspace_id", "message_id"])
    op.create_table(
        "meeting_attendee",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("answer", sa.SmallInteger(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint(
            "workspace_id", "meeting_id", "position", name="meeting_attendee_pk"
        ),
        _key("meeting_attendee", "meeting_id", "meeting"),
    )


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{to}.workspace_id", f"{to}.id"],
        name=f"{table}_workspace_id_{column}_fk",
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )

"""What the pages of every sort of record do alike: list them, change one in its place, do to many.

Each page says how its records are found and changed; what is asked, refused and shown is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for

from crm.base import ids, showing
from crm.base.errors import CRMError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.segments import listing
from crm.workspace import changing, permissions, reaching, tags
from crm.workspace.changing import ClashError, How, RefusedError
from crm.workspace.permissions import Deed
from server.auth.sessions import user
from server.web import cells, chips, lists, saying
from server.web.facts import Fact
from server.web.forms import Form
from server.web.listing import Conflict, Editor
from server.web.lists import Shown

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm.segments.terms import Term
    from crm.workspace.changing import Act
    from server.web.lists import Shelf

#: How a page changes a record: what was typed by field, and what stood there when it was opened.
Change = Callable[[Any, Mapping[str, Sequence[str]], How, Mapping[str, str] | None], "Act"]


def listed(shelf: Shelf) -> ResponseReturnValue:
    """Show the list that the address asks for; a condition that was filled in is added to it."""
    shown = Shown(shelf, user())
    added = request.args.get("added", "")
    if added in shown.sort.terms:
        filter_ = chips.added(shown.sort, shown.state.asked.filter, added, request.args)
        return redirect(shown.href(f=filter_), 303)
    return render_template("list.html", view=shown.view())


def edited(shelf: Shelf, record: Any, key: str, change: Change) -> ResponseReturnValue:
    """Change one field of a record in its row; without script, on a page of its own."""
    shown = Shown(shelf, user())
    term = shown.sort.terms.get(key)
    if term is None or not shown.may_change(key):
        raise NotFoundError(_("There is no field here that you may change."))
    in_row = request.headers.get("HX-Request") == "true"
    if request.args.get("keep"):
        return _again(shown, record, term)
    now = changing.current(g.session, record, [term.field])[key]
    if request.method == "GET":
        asked = _asked(shown, term, record, now)
        return _answer(shown, record, term, asked, now, in_row=in_row)
    opened = request.form.get("seen", now)
    try:
        texts = cells.typed(g.session, term.field, request.form, by=user(), at=shown.at)
        act = change(record, {key: texts}, How(user(), shown.at), {key: opened})
    except ClashError as error:
        return _clashed(shown, record, term, error, in_row=in_row)
    except (RefusedError, CRMError) as error:
        problems = getattr(error, "problems", {})
        said = problems.get(key, str(error))
        typed = " ".join(request.form.getlist(key))
        asked = cells.asked(term.field, now, shown.names, error=said, typed=typed)
        return _answer(shown, record, term, asked, opened, in_row=in_row, status=422)
    _say(record.name, term, act)
    if not in_row:
        return saying.go(_back(shown, record))
    return _again(shown, record, term)


def fact(shown: Shown, record: Any, key: str, text: str, source: str = "") -> Fact:
    """Write what a field says of a record, as a fact that may be changed in its place."""
    field = shown.sort.terms[key].field
    edit = ""
    if shown.may_change(key):
        edit = shown.shelf.href_of(shown.shelf.edited, record.id, key=key, on="record")
    return Fact(key, field.name, cells.cell(field, text, shown.names, edit), source)


def done(shelf: Shelf, change: Change) -> ResponseReturnValue:
    """Do to all that are checked what the button says, as one act that can be undone."""
    permissions.check_reach(user(), shelf.subject, Deed.EDIT)
    shown = Shown(shelf, user())
    record_ids = lists.checked(shown)
    act_id = ids.new()
    match request.form.get("do", ""):
        case "assign":
            owner = request.form.get("owner", "")
            count = _change_all(shown, record_ids, {"owner": [owner]}, act_id, change)
        case "tag" | "untag" as what:
            count = _tag_all(shown, record_ids, what, act_id)
        case _:
            raise InvalidError(_("There is nothing here that could be done."))
    said = ngettext("{n} record is changed.", "{n} records are changed.", count)
    undo = url_for("undoing.undo", act_id=act_id) if count else ""
    saying.done(said.format(n=showing.number(count)), undo)
    return saying.go(shown.href())


def _change_all(
    shown: Shown,
    record_ids: Sequence[UUID],
    typed: Mapping[str, Sequence[str]],
    act_id: UUID,
    change: Change,
) -> int:
    """Change each that is within reach; the others are left alone, and not counted."""
    how = How(user(), shown.at, act_id=act_id)
    count = 0
    for record in _within_reach(shown, record_ids):
        count += bool(change(record, typed, how, None).changes)
    return count


def _tag_all(shown: Shown, record_ids: Sequence[UUID], what: str, act_id: UUID) -> int:
    me, name = user(), request.form.get("tag", "")
    mine = [record.id for record in _within_reach(shown, record_ids)]
    subject = shown.shelf.subject
    if what == "tag":
        tags.put(g.session, subject, mine, name, by=me, at=shown.at, act_id=act_id)
    else:
        tag = tags.resolve(g.session, me.workspace_id, name)
        tags.take_off(g.session, subject, mine, tag, by=me, at=shown.at, act_id=act_id)
    return len(mine)


def _within_reach(shown: Shown, record_ids: Sequence[UUID]) -> list[Any]:
    found = listing.records(g.session, shown.sort, record_ids)
    subject, me = shown.shelf.subject, user()
    return [
        record
        for record in found
        if reaching.reaches(g.session, me, subject, record.owner_id, Deed.EDIT)
    ]


def _asked(shown: Shown, term: Term, record: Any, now: str) -> Any:
    """Ask for a field; what leads to another record, by its name."""
    text = now
    if term.field.type.value == "link" and now:
        [row] = listing.rows(g.session, shown.user, shown.sort, [record.id], [term.field.key])
        text = row.texts[term.field.key]
    return cells.asked(term.field, text, shown.names)


def _answer(
    shown: Shown,
    record: Any,
    term: Term,
    asked: Any,
    seen: str,
    *,
    in_row: bool,
    status: int = 200,
    conflict: Conflict | None = None,
) -> ResponseReturnValue:
    """Answer with the row whose cell is open, or with a page that asks for the one field."""
    here = request.full_path.rstrip("?")
    if not in_row:
        form = Form(
            here,
            (asked,),
            _("Save"),
            _("{field} of {name}").format(field=term.field.name, name=record.name),
            hidden=(("seen", seen),),
            cancel_href=_back(shown, record),
            error=conflict.text if conflict else "",
        )
        return render_template("form.html", form=form), status
    said = cells.cell(term.field, seen, shown.names).text
    keep = _("keep {value}").format(value=said) if said else _("leave it empty")
    keep_href = f"{here}{'&' if '?' in here else '?'}keep=1"
    editor = Editor(asked, here, keep_href, keep, seen, conflict)
    return _again(shown, record, term, editor), status


def _clashed(
    shown: Shown, record: Any, term: Term, error: ClashError, *, in_row: bool
) -> ResponseReturnValue:
    """Say who has changed the field meanwhile, and offer both."""
    [clash] = error.clashes
    theirs = cells.cell(term.field, clash.now, shown.names).text or _("nothing")
    mine = cells.cell(term.field, clash.typed, shown.names).text or _("nothing")
    who = shown.names.get(clash.user_id, _("Somebody")) if clash.user_id else _("Somebody")
    text = _("{name} changed this to {value} while you were typing.")
    said = Conflict(
        text.format(name=who, value=theirs),
        _("Keep {value}").format(value=theirs),
        _("Use {value}").format(value=mine),
    )
    typed = " ".join(request.form.getlist(term.field.key))
    asked = cells.asked(term.field, clash.now, shown.names, typed=typed)
    return _answer(shown, record, term, asked, clash.now, in_row=in_row, status=409, conflict=said)


def _again(shown: Shown, record: Any, term: Term, editor: Editor | None = None) -> str:
    """Show the row again, or the fact where it was changed on the record's page."""
    g.session.flush()
    key = term.field.key
    columns = (key,) if _on_record() else shown.state.asked.columns
    [told] = listing.rows(g.session, shown.user, shown.sort, [record.id], columns)
    if _on_record():
        one = fact(shown, record, key, told.texts.get(key, ""))
        one = replace(one, cell=replace(one.cell, editor=editor))
        return render_template("_facts.html", facts=[one], whose=record.name)
    row = shown.row(told)
    row = lists.with_editor(row, key, editor) if editor is not None else row
    return render_template("_rows.html", rows=[row], columns=shown.columns(), bulk=shown.bulk())


def _on_record() -> bool:
    return request.args.get("on") == "record"


def _back(shown: Shown, record: Any) -> str:
    """Return where somebody without script came from."""
    if _on_record():
        return shown.shelf.href_of(shown.shelf.one, record.id)
    return shown.href()


def _say(name: str, term: Term, act: Act) -> None:
    """Say on the next page what was changed; in a row the row itself says so."""
    if act.id is None or request.headers.get("HX-Request") == "true":
        return
    said = _("{field} of {name} is changed.").format(field=term.field.name, name=name)
    saying.done(said, url_for("undoing.undo", act_id=act.id))

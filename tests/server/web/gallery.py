"""The kit to look at: each template with made rows, and small handlers that answer as pages will.

It is no part of the product. What stands here changes in memory, so that a test can carry a deal,
change a cell and take it back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from flask import Flask, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.serving import WSGIRequestHandler, make_server

from addon.widgets import isolate
from crm.base import i18n
from crm.base.showing import number
from server.app import POLICY
from server.web import boards, facts, forms, homes, listing, palettes, pieces, saying
from server.web.facts import Count, DealLine, Fact, Related, Section, TaskLine
from server.web.forms import Entry, Field, FieldKind, Form, Menu, Option
from server.web.listing import Cell, CellKind, Column, Editor, ListRow, Narrow, Tag, Tone
from server.web.pieces import Piece
from server.web.records import Past
from server.web.views import (
    Action,
    Day,
    Empty,
    Failure,
    NavItem,
    Search,
    Tab,
    TimelineRow,
    Toast,
    initials,
)

RATINGS = (
    Option("hot", "Hot", "flame"),
    Option("warm", "Warm", "sun"),
    Option("junk", "Junk", "trash-2"),
)
USERS = tuple(
    Option(one, one) for one in ("Ana Kovač", "Sam Okafor", "Piotr Zieliński", "Mirela Hadžić")
)
STAGES = ("New", "Qualified", "Demo", "Proposal", "Negotiation")
CUSTOMER, LEAD = Tag("Customer", Tone.GOOD), Tag("Lead")
SQL, CHANCE = Tag("SQL", Tone.ACCENT), Tag("Opportunity", Tone.ACCENT)
PEOPLE: tuple[tuple[str, str, Tag, str, str, str, str, str], ...] = (
    ("Jana Dvořáková", "Severka a.s.", CUSTOMER, "hot", "€48,000", "Ana Kovač", "Today", "41"),
    ("نگار رستمی", "Arta Sanat", SQL, "hot", "€21,500", "Ana Kovač", "Today", "12"),
    ("Piotr Nowak", "Zakłady Wisła", CHANCE, "warm", "€22,300", "Piotr Zieliński", "Today", "27"),
    ("Иван Лебедев", "Северный порт", CUSTOMER, "hot", "€36,000", "Ana Kovač", "Today", "33"),
    ("Lucie Marešová", "Lumina", LEAD, "warm", "", "", "Today", "1"),
    ("Emir Hodžić", "Drina Transport", LEAD, "warm", "€9,800", "Sam Okafor", "Today", "6"),
    ("Maya Fischer", "Kestrel Freight", CHANCE, "warm", "€31,000", "Ana Kovač", "Yesterday", "19"),
    ("Tom Whitfield", "Orchard & Sons", SQL, "warm", "€12,000", "Sam Okafor", "Yesterday", "8"),
    ("Zsófia Kiss", "Halmos Kft.", CUSTOMER, "warm", "€17,000", "Mirela Hadžić", "Tue", "52"),
    ("Ольга Миронова", "Северный порт", CUSTOMER, "", "", "Ana Kovač", "Tue", "14"),
    ("Marek Wójcik", "Zakłady Wisła", CUSTOMER, "", "", "Piotr Zieliński", "Tue", "22"),
    ("Amra Delić", "Drina Transport", LEAD, "warm", "", "Sam Okafor", "Mon", "3"),
    ("Petra Malá", "Severka a.s.", CUSTOMER, "", "", "Ana Kovač", "Mon", "17"),
    ("حسین امینی", "Arta Sanat", CUSTOMER, "", "", "Ana Kovač", "16 Nov", "9"),
    ("Adam Zieliński", "Mazur", CHANCE, "warm", "€44,400", "Piotr Zieliński", "30 Oct", "11"),
    ("Eva Horáková", "Zelený Trh", CHANCE, "warm", "€28,200", "Ana Kovač", "28 Oct", "16"),
    ("Nils Aagaard", "Nordhavn", CHANCE, "warm", "€25,000", "Sam Okafor", "27 Oct", "13"),
    ("Selma Begić", "Bosna Pack", CHANCE, "warm", "€18,000", "Mirela Hadžić", "26 Oct", "10"),
)
DEALS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("New", "Labels by month", "€9,800", "Drina Transport", "Call Emir", "Today"),
    ("New", "Three warehouses", "€14,000", "Lumina", "", ""),
    ("New", "Scale labels", "€6,500", "Pekara Klas", "Send samples", "Fri"),
    ("New", "Сканеры для склада", "€11,200", "Балтика-Тара", "Call Vladimir", "Thu"),
    ("Qualified", "چاپگرهای لیبل", "€21,500", "Arta Sanat", "Send price", "Today"),
    ("Qualified", "Gate scanners", "€26,400", "Vltava Logistics", "late", ""),
    ("Qualified", "Scanner leasing", "€12,000", "Orchard & Sons", "wait", ""),
    ("Demo", "Dock handhelds", "€31,000", "Kestrel Freight", "Demo", "Mon 14:00"),
    ("Demo", "Shelf labels", "€28,200", "Zelený Trh", "", ""),
    ("Proposal", "Brno rollout", "€48,000", "Severka", "Send delivery date", "Fri"),
    ("Proposal", "Care labels", "€13,600", "Tarn Textiles", "Chase answer", "Mon"),
    ("Negotiation", "12 drukarek", "€22,300", "Zakłady Wisła", "Answer on warranty", "Today"),
)


@dataclass
class World:
    """What the handlers change, and what they were asked."""

    ratings: dict[int, str] = field(default_factory=lambda: dict(enumerate(_all(3))))
    owners: dict[int, str] = field(default_factory=lambda: dict(enumerate(_all(5))))
    amounts: dict[int, str] = field(default_factory=lambda: dict(enumerate(_all(4))))
    stages: dict[int, str] = field(default_factory=lambda: {i: d[0] for i, d in enumerate(DEALS)})
    title: str = "Operations manager"
    done: set[str] = field(default_factory=set)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def _all(position: int) -> Iterator[str]:
    for one in PEOPLE:
        yield str(one[position])


world = World()


def begin() -> None:
    """Put everything back to how it stands at first."""
    world.__init__()  # type: ignore[misc]


app = Flask("server", root_path=__import__("server").__path__[0])
app.config["SECRET_KEY"] = "gallery"


def _init() -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(i18n.gettext, i18n.ngettext, newstyle=True)
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["way"] = i18n.direction_of
    app.jinja_env.filters["own"] = i18n.own
    app.jinja_env.filters["isolate"] = isolate


@app.before_request
def _speak() -> None:
    i18n.speak(request.args.get("lang") or request.cookies.get("lang", "en"))
    if request.method == "POST":
        world.asked.append(request.form.to_dict(flat=False))


@app.after_request
def _policy(response):
    response.headers["Content-Security-Policy"] = POLICY
    return response


@app.context_processor
def _everywhere() -> dict[str, object]:
    here = request.path
    rooms = [
        NavItem("/home", "house", "Home", current=here == "/home", key="H"),
        NavItem("/inbox", "inbox", "Inbox", key="I", count="12"),
        NavItem("/list", "users", "Contacts", here.startswith("/list"), "C", group="Records"),
        NavItem("/board", "square-kanban", "Pipeline", current=here == "/board", key="P"),
        NavItem("/record", "building-2", "Companies", current=here == "/record"),
    ]
    ends = [
        NavItem("/mailboxes", "server", "Mailboxes", count="1 needs you", urgent=True),
        NavItem("/form", "settings", "Settings", current=here == "/form"),
    ]
    return {
        "locale": {"lang": i18n.language(), "dir": i18n.direction()},
        "theme": request.cookies.get("theme", ""),
        "csrf_token": "proof",
        "toast": g.get("toast"),
        "nav": rooms,
        "nav_end": ends,
        "user": {"name": "Ana Kovač", "initials": "AK"},
        "sign_out_href": "/out",
        "palette_href": "/palette",
    }


# --- A list -------------------------------------------------------------------------------------


COLUMNS = (
    Column("Name", sort_href="/list?sort=name"),
    Column("Company", narrow=Narrow.SECOND),
    Column("Lifecycle"),
    Column("Rating"),
    Column("Open deals", numeric=True),
    Column("Owner"),
    Column("Last message", sort_href="/list?sort=last", sorted="descending", narrow=Narrow.END),
    Column("Messages", numeric=True, sort_href="/list?sort=messages"),
)


def row_of(number: int, *, editing: str = "", form: Editor | None = None) -> ListRow:
    """Return a row, with a cell open where one is asked for."""
    name, company, stage, _r, _a, _o, last, messages = PEOPLE[number % len(PEOPLE)]
    rating = world.ratings[number % len(PEOPLE)]
    owner, amount = (
        world.owners[number % len(PEOPLE)],
        world.amounts[number % len(PEOPLE)],
    )
    word = next((one.label for one in RATINGS if one.value == rating), "")
    href = f"/list/{number}/edit/"
    cells = (
        Cell(company, href="/record"),
        Cell(stage.text, CellKind.TAG, tone=stage.tone),
        Cell(word, key="rating", edit_href=f"{href}rating"),
        Cell(amount, CellKind.AMOUNT, key="amount", edit_href=f"{href}amount"),
        Cell(owner, key="owner", edit_href=f"{href}owner")
        if owner
        else Cell("Nobody yet", CellKind.NOBODY, key="owner", edit_href=f"{href}owner"),
        Cell(last, CellKind.WHEN, full="Wednesday, 18 November 2026, 10:42"),
        Cell(messages, CellKind.AMOUNT),
    )
    cells = tuple(replace(c, editor=form) if c.key and c.key == editing else c for c in cells)
    return ListRow(str(number), "/record", name, cells, initials(name))


def editor_of(number: int, key: str, **changes: object) -> Editor:
    """Return the form of a cell, as it stands or as it was typed."""
    now = {"rating": world.ratings, "amount": world.amounts, "owner": world.owners}[key][number]
    word = next((one.label for one in RATINGS if one.value == now), now)
    kinds = {
        "rating": Field(key, "Rating", FieldKind.CHOICE, now, options=RATINGS),
        "amount": Field(key, "Open deals", FieldKind.LINE, now),
        "owner": Field(key, "Owner", FieldKind.USER, now, options=USERS * 3),
    }
    asked = replace(kinds[key], **{k: v for k, v in changes.items() if k != "conflict"})
    conflict = changes.get("conflict")
    assert conflict is None or isinstance(conflict, listing.Conflict)
    keep = f"keep {word}" if word else "leave it empty"
    href = f"/list/{number}/edit/{key}"
    return Editor(asked, href, f"/list/{number}", keep, now, conflict)


def rows_page(*rows: ListRow, code: int = 200) -> ResponseReturnValue:
    return render_template("_rows.html", rows=rows, columns=COLUMNS, bulk=BULK), code


BULK = listing.Bulk(
    "/list/do",
    (
        Menu(
            "assign",
            "Assign",
            "user",
            "A",
            form=Form("", (Field("to", "To", FieldKind.USER, options=USERS),), "Assign"),
        ),
        Menu("tag", "Tag", "tag", "#", form=Form("", (Field("tag", "Tag"),), "Add the tag")),
        Menu("lifecycle", "Lifecycle", "flag"),
        Menu("merge", "Merge", "git-merge", "M"),
    ),
    "Select all 214",
)


@app.get("/list")
def listed() -> ResponseReturnValue:
    start = int(request.args.get("after", 0))
    sort = request.args.get("sort")
    add = request.args.get("add")
    fields = (
        Field("op", "Operator", FieldKind.CHOICE, options=(Option("is", "is"),)),
        Field("value", "Owner", FieldKind.USER, options=USERS),
    )
    filters = listing.Filters(
        (
            listing.FilterChip("Owner", "is", "me or my team", "/list?no=owner", "/list?add=owner"),
            listing.FilterChip("Last message", "within", "60 days", "/list?no=last"),
        ),
        (Action("Owner", "/list?add=owner", "user"), Action("Rating", "/list?add=rating", "flame")),
        Form("/list", fields, "Show", hidden=(("field", add),), method="get") if add else None,
        "214 contacts",
        tools=(
            Menu(
                "columns",
                "Columns",
                "columns-3",
                form=Form(
                    "/list",
                    (
                        Field(
                            "column",
                            "Columns",
                            FieldKind.CHOICES,
                            chosen=("Company",),
                            options=tuple(Option(c.label, c.label) for c in COLUMNS[1:]),
                        ),
                    ),
                    "Show",
                ),
            ),
        ),
        save=Menu(
            "save", "Save view", form=Form("/views", (Field("name", "Name of the view"),), "Save")
        ),
    )
    rows = tuple(row_of(number) for number in range(start, start + 18))
    if request.args.get("toast"):
        g.toast = Toast("Petra Malá is now a customer.", undo_href="/undo")
    view = listing.ListView(
        "Contacts",
        f"contacts-{sort}",
        COLUMNS,
        rows,
        (
            Tab("/list?view=all", "All", 2318, False, "users"),
            Tab("/list", "Mine", 214, True, "user"),
            Tab("/list?view=cold", "Went cold", 37, False, "snowflake"),
            Tab("/list?view=new", "New this week", 18, False, "bookmark"),
        ),
        (
            Action("Export", "/export", "download"),
            Action("New contact", "/form", "plus", key="N", dialog=True),
        ),
        Search("/list", "") if request.args.get("search") else None,
        filters=filters,
        bulk=BULK,
        more_href=f"/list?after={start + 18}" if start < 18 else "",
        more_text="Show 50 more",
    )
    return render_template("list.html", view=view)


@app.get("/list/<kind>")
def row_or_empty(kind: str) -> ResponseReturnValue:
    if kind.isdigit():
        return rows_page(row_of(int(kind)))
    empties = {
        "nothing": Empty("nothing", "No contacts yet", "People you write to appear here."),
        "done": Empty("done", "Nobody waits for you", "The last answer went out at 16:20."),
        "filtered": Empty(
            "filtered",
            "No contact matches",
            "12 match without the date.",
            (Action("Remove the date", "/list"),),
        ),
        "private": Empty("private", "This list is private", "Ask Piotr for access."),
    }
    view = listing.ListView("Contacts", "empty", COLUMNS, (), empty_list=empties[kind])
    return render_template("list.html", view=view)


@app.route("/list/<int:number>/edit/<key>", methods=["GET", "POST"])
def edit(number: int, key: str) -> ResponseReturnValue:
    one = number % len(PEOPLE)
    values = {"rating": world.ratings, "amount": world.amounts, "owner": world.owners}[key]
    if not request.headers.get("HX-Request"):
        asked = editor_of(one, key).field
        form = Form(request.path, (asked,), "Save", f"{asked.label} of {PEOPLE[one][0]}")
        if request.method == "POST":
            values[one] = request.form[key]
            return saying.go("/list")
        return render_template("form.html", form=form)
    if request.method == "GET":
        return rows_page(row_of(number, editing=key, form=editor_of(one, key)))
    typed = request.form.get(key, "")
    if typed == "boom":
        failure = Failure("failed", "This did not load", "The database did not answer.")
        return render_template("_failed.html", error=failure, in_pane=True), 503
    if typed == "€66" and request.form["seen"] == "€48,000":
        values[one] = "€52,000"  # Sam was quicker.
    if key == "amount" and not typed.strip("€").replace(",", "").replace(".", "").isdigit():
        error = f"Open deals is a number, like 48,000.50. “{typed}” does not belong."
        form_ = editor_of(one, key, value=typed, error=error)
        return rows_page(row_of(number, editing=key, form=form_), code=422)
    if request.form["seen"] != values[one]:
        said = listing.Conflict(
            f"Sam changed this to {values[one]} 2 minutes ago.",
            f"Keep {values[one]}",
            f"Use {typed}",
        )
        form_ = editor_of(one, key, value=typed, conflict=said)
        return rows_page(row_of(number, editing=key, form=form_), code=409)
    values[one] = typed
    return rows_page(row_of(number))


@app.post("/list/do")
def do() -> ResponseReturnValue:
    saying.done(f"{request.form['do']}: {len(request.form.getlist('id'))} contacts.", "/undo")
    return saying.go("/list")


@app.post("/undo")
def undo() -> ResponseReturnValue:
    world.said.append("undone")
    saying.done("It is as it was.")
    return saying.go("/list")


# --- A record -----------------------------------------------------------------------------------


def fact_of(key: str, *, editor: Editor | None = None) -> Fact:
    href = f"/record/edit/{key}"
    known = {
        "address": Fact(
            "address",
            "Address",
            Cell("jana.dvorakova@severka.cz", CellKind.ADDRESS, "mailto:jana@severka.example"),
            also=(Cell("j.dvorakova@seznam.cz", CellKind.ADDRESS),),
        ),
        "phone": Fact(
            "phone",
            "Phone",
            Cell("+420 541 220 118", CellKind.PHONE, key="phone", edit_href=href),
            "From her signature, 2 Nov",
            action=Action("Call +420 541 220 118", "tel:+420541220118", "phone"),
        ),
        "title": Fact(
            "title", "Title", Cell(world.title, key="title", edit_href=href, editor=editor)
        ),
        "tags": Fact(
            "tags", "Tags", Cell(tags=(Tag("Cold store"), Tag("Expo", Tone.ACCENT)), key="tags")
        ),
        "birthday": Fact("birthday", "Birthday", Cell("", key="birthday", edit_href=href)),
    }
    return known[key]


@app.route("/record/edit/<key>", methods=["GET", "POST"])
def edit_fact(key: str) -> ResponseReturnValue:
    if request.method == "POST":
        world.title = request.form["title"]
    editing = request.method == "GET" and not request.args.get("keep")
    asked = Field("title", "Title", value=world.title)
    keep = f"{request.path}?keep=1"
    editor = Editor(asked, request.path, keep, f"keep {world.title}") if editing else None
    return render_template("_facts.html", facts=[fact_of(key, editor=editor)], whose="Jana")


def deals_of(stage: str = "Proposal") -> Section:
    options = tuple(Option(one, one) for one in STAGES)
    asked = Field("stage", "Stage", FieldKind.CHOICE, stage, options=options)
    return Section(
        "deals",
        "Deals",
        deals=(
            DealLine(
                "1",
                "Brno rollout",
                "/record",
                "€48,000 · 12 Dec · decides",
                stage=asked,
                stage_href="/record/stage",
            ),
            DealLine("2", "Handheld pilot", "/record", "€9,600 · won Jun 2024", "circle-check"),
        ),
        add=Action("Add a deal", "/form", dialog=True),
    )


def task_of(id_: str) -> TaskLine:
    titles = {"1": "Send delivery date in writing", "2": "Three-year service price"}
    done = id_ in world.done
    return TaskLine(id_, titles[id_], "/record", "Due Friday · you", f"/task/{id_}", done)


@app.post("/record/stage")
def stage() -> ResponseReturnValue:
    section = deals_of(request.form["stage"])
    return render_template("_section.html", section=section, whose="Jana Dvořáková")


@app.post("/task/<id_>")
def task(id_: str) -> ResponseReturnValue:
    (world.done.add if request.form["done"] else world.done.discard)(id_)
    return render_template("_task.html", row=task_of(id_))


@app.get("/record")
def record() -> ResponseReturnValue:
    here = Action("Not here", "/undo", method="post")

    def row(icon: str, text: str, when: str, **more: object) -> TimelineRow:
        plain = TimelineRow("1", icon, text, "", "", "", when, "2026-11-18", "18 November 2026")
        return replace(plain, **more)  # type: ignore[arg-type]

    jana, sam = Piece("Jana", strong=True), Piece("Sam Okafor", strong=True)
    subject = Piece("Re: Rollout plan for Brno", "/inbox")
    board = "The board approved the rollout yesterday: 60 scanners in Brno now, Ostrava in spring."
    days = (
        Day(
            "This week",
            (
                row(
                    "mail",
                    "Jana wrote: Re: Rollout plan for Brno",
                    "Today 10:42",
                    pieces=pieces.filled("{who} wrote: {subject}", who=jana, subject=subject),
                    snippet=f"{board} Before I sign I need two things from you",
                    reason="Logged here because the address is hers",
                    undo=here,
                ),
                row(
                    "phone",
                    "Sam Okafor called · 12 min · reached",
                    "Tue 16:05",
                    pieces=(sam, Piece(" called · 12 min · reached")),
                    snippet="Wants the delivery date in writing. Board meets on Tuesday.",
                ),
                row(
                    "arrow-left-right",
                    "Brno rollout moved from Demo to Proposal",
                    "Mon 11:20",
                    who="Ana Kovač",
                    reason="€48,000 · 9 days in Demo",
                    undo=Action("Undo", "/undo", method="post"),
                ),
            ),
        ),
        Day(
            "Earlier in November",
            (
                row(
                    "sticky-note",
                    "Ana Kovač noted",
                    "9 Nov",
                    pieces=(Piece("Ana Kovač", strong=True), Piece(" noted")),
                    note=True,
                    snippet="Decides together with Tomáš (IT). Budget year ends in December.",
                ),
                row(
                    "mail",
                    "نگار رستمی: پیش‌فاکتور چاپگرهای لیبل",
                    "2 Nov",
                    href="/inbox",
                    snippet="سلام، لطفاً پیش‌فاکتور ۴۰ چاپگر را بفرستید",
                ),
                row(
                    "lock",
                    "A thread of Piotr Zieliński",
                    "2 Nov",
                    reason="2 messages you may not read",
                    undo=Action("Ask Piotr for access", "/ask", method="post"),
                ),
            ),
        ),
    )
    work = " at {company}, Brno"
    company = Piece("Severka a.s.", "/record")
    view = facts.RecordView(
        "jana",
        "Jana Dvořáková",
        "Contacts · Mine · 3 of 214",
        "/list",
        Past(days, ""),
        "JD",
        subtitle=(Piece(world.title), *pieces.filled(work, company=company)),
        actions=(
            Action("Write", "/write", "mail", key="C"),
            Action("Call", "/form", "phone", key="⇧C", dialog=True),
            Action("Note", "/form", "sticky-note", key="N", dialog=True),
            Action("Task", "/form", "circle-check", key="T", dialog=True),
        ),
        counts=(
            Count("All", 148, "/record", True),
            Count("Messages", 96, "/record?kind=message"),
            Count("Calls", 12, "/record?kind=call"),
            Count("Meetings", 7, "/record?kind=meeting"),
            Count("Notes", 14, "/record?kind=note"),
            Count("Stage changes", 9, "/record?kind=stage"),
            Count("Hidden from you", 2, "/record?kind=hidden"),
        ),
        sections=(
            Section(
                "contact",
                "Contact",
                tuple(map(fact_of, ("address", "phone", "title", "tags", "birthday"))),
            ),
            deals_of(),
            Section("tasks", "Tasks", tasks=(task_of("1"), task_of("2"))),
            Section(
                "related",
                "Related",
                related=(
                    Related("Tomáš Říha", "/record", "Influencer on Brno rollout", "user"),
                    Related("Ostrava warehouse", "/record", "Branch of Severka", "building-2"),
                ),
            ),
            Section("tickets", "Tickets", none="No ticket yet."),
        ),
        previous_href="/record?at=2",
        next_href="/record?at=4",
        more=Menu(
            "more",
            "More",
            "ellipsis",
            options=(
                Action("Merge with another", "/form", "git-merge", dialog=True),
                Action("Archive", "/undo", "archive", method="post"),
            ),
            bare=True,
        ),
        older_href="/record?before=1",
        peek_title="Brno rollout · Proposal · €48,000",
        peek_text="2 tasks due Friday · answers best 9–11",
        facts_href="/record?pane=card",
        pane=request.args.get("pane", "thread"),
    )
    return render_template("record.html", view=view)


# --- A board ------------------------------------------------------------------------------------


def column_of(name: str) -> boards.BoardColumn:
    deals = []
    for number_, (_, title, amount, company, step, when) in enumerate(DEALS):
        if world.stages[number_] != name:
            continue
        href = f"/board/{number_}/move"
        deal = boards.BoardDeal(
            str(number_), title, "/record", amount, company, step, when, move_href=href
        )
        deal = replace(deal, close_href=href)
        if not step:
            deal = replace(
                deal, next_text="No next step", next_icon="triangle-alert", tone=Tone.WARN
            )
        elif step == "late":
            words = "31 days here, limit 21"
            deal = replace(deal, next_text=words, next_icon="hourglass", tone=Tone.BAD)
        elif step == "wait":
            deal = replace(deal, next_text="Waits: back 23 Nov", next_icon="pause")
        deals.append(deal)
    label = f"{name}, {len(deals)} deals, €83,800"
    count = str(len(deals))
    return boards.BoardColumn(name, name, label, count, "€83,800", "€8,380 at 10%", tuple(deals))


@app.get("/board")
def board() -> ResponseReturnValue:
    filters = listing.Filters(
        (listing.FilterChip("Owner", "is", "my team", "/board"),),
        (Action("Owner", "/list?add=owner"),),
        warnings=(
            Cell("2 without a next step", href="/list", tone=Tone.WARN, icon="triangle-alert"),
            Cell("2 past their limit", href="/list", tone=Tone.BAD, icon="hourglass"),
        ),
    )
    view = boards.BoardView(
        "Pipeline",
        tuple(map(column_of, STAGES)),
        "28 deals · €545,000 open · €231,935 weighted",
        Menu("pipelines", "Warehouse equipment", options=(Action("Service contracts", "/board"),)),
        "/board",
        "/list",
        (Action("New deal", "/form", "plus", key="N", dialog=True),),
        filters,
    )
    return render_template("board.html", view=view)


@app.route("/board/<int:number>/move", methods=["GET", "POST"])
def move(number: int) -> ResponseReturnValue:
    title, was = DEALS[number][1], world.stages[number]
    options = tuple(Option(one, one) for one in STAGES)
    to = request.form.get("stage", "")
    asked = (Field("stage", "Stage", FieldKind.CHOICE, to or was, options=options),)
    form = Form(request.path, asked, "Move", f"Move {title}", cancel_href="/board")
    if request.method == "GET":
        return render_template("form.html", form=form)
    if to == "Negotiation" and not request.form.get("closes"):
        error = "Negotiation asks when the deal closes." if "closes" in request.form else ""
        day = Field("closes", "Closes on", FieldKind.DAY, required=True, error=error)
        form = replace(form, fields=(*asked, day), text="This stage asks when the deal closes.")
        return render_template("form.html", form=form), 422
    if to == "Demo" and title == "Three warehouses":
        time.sleep(0.2)
        return render_template("form.html", form=replace(form, error="It is gone.")), 409
    world.stages[number] = to
    if not request.headers.get("HX-Request"):
        saying.done(f"{title} moved to {to}.", "/undo")
        return saying.go("/board")
    changed = [column_of(name) for name in (was, to)]
    columns = render_template("_columns.html", columns=changed, oob=True)
    said = Toast(f"{title} moved to {to}.", undo_href="/undo")
    return make_response(columns + render_template("_toast.html", toast=said, oob=True))


# --- The palette, home, a form ------------------------------------------------------------------


@app.get("/palette")
def palette() -> ResponseReturnValue:
    q = request.args.get("q", "")
    if q == "slow":
        time.sleep(0.6)
    world.said.append(f"{q} at {request.args.get('at', '')}")
    line = palettes.PaletteLine
    acts = (
        line(
            "/undo", pieces.marked("Move Brno rollout to Negotiation", q), "arrow-right", "", "post"
        ),
        line("/form", pieces.marked("Move task “Send delivery date”", q), "circle-check", "T"),
    )
    records = (
        line(
            "/record",
            pieces.marked("Maya Fischer — Kestrel Freight, Montréal", q),
            "user",
            "contact",
        ),
        line("/record", pieces.marked("Moravská pekárna", q), "building-2", "company"),
    )
    places = (line("/board", pieces.marked("Pipeline", q), "square-kanban", "G P"),)
    groups = (
        palettes.PaletteGroup("Jana Dvořáková · Severka", acts),
        palettes.PaletteGroup("Records", records),
        palettes.PaletteGroup("Go to", places),
    )
    none = "Nothing is called like that."
    found = palettes.Found(q, () if q == "zzz" else groups, none)
    return render_template("palette.html", found=found)


@app.get("/home")
def home() -> ResponseReturnValue:
    line = homes.HomeLine
    waiting = (
        line(
            "Jana Dvořáková · Severka",
            "/inbox",
            "Delivery date and a three-year price",
            "since 10:42 · €48,000",
            "mail",
        ),
        line(
            "نگار رستمی · Arta Sanat",
            "/inbox",
            "پیش‌فاکتور چاپگرهای لیبل",
            "since 10:15 · €21,500",
            "mail",
        ),
        line(
            "Vlasta Novotná · Nordhavn",
            "/inbox",
            "Are the batteries included?",
            "2 days · €25,000",
            "mail",
            Tone.WARN,
        ),
    )
    tasks = tuple(
        replace(task_of(one), about="Severka · Brno rollout", when="Yesterday", tone=Tone.BAD)
        for one in ("1", "2")
    )
    still = (
        line(
            "Gate scanners",
            "/record",
            "31 days in Qualified, limit 21",
            "€26,400",
            "hourglass",
            second_tone=Tone.BAD,
        ),
    )
    mail = (
        line("Your mailbox is complete, 20 seconds ago", "", icon="circle-check"),
        line("2 contacts look alike", "", icon="users", action=Action("Compare", "/list")),
    )
    view = homes.HomeView(
        "Wednesday, 18 November",
        "Three people wait for your answer, two tasks are due and one deal stands still.",
        (
            homes.HomeBlock(
                "waiting",
                "Waiting for your answer",
                3,
                Action("Open in the inbox", "/inbox"),
                waiting,
            ),
            homes.HomeBlock("tasks", "Tasks", 2, Action("All tasks", "/list"), tasks=tasks),
            homes.HomeBlock(
                "still", "Deals that stand still", 1, Action("Open on the board", "/board"), still
            ),
        ),
        (
            homes.HomeBlock(
                "today",
                "Today",
                lines=(
                    line("Weekly pipeline", "/record", end="11:30"),
                    line("Zelený Trh call, Eva Horáková", "/record", end="13:00"),
                ),
            ),
            homes.HomeBlock(
                "month",
                "November",
                all=Action("Report", "/list"),
                progress=homes.Progress(
                    "€86,400",
                    "won of €120,000",
                    72,
                    "72% with 60% of the month gone. Brno rollout alone would close it.",
                ),
            ),
            homes.HomeBlock("mail", "Mail", all=Action("Mailboxes", "/list"), lines=mail),
        ),
    )
    return render_template("home.html", view=view)


@app.route("/form", methods=["GET", "POST"])
def form_page() -> ResponseReturnValue:
    sent = request.form
    more = forms.rows_asked(sent)
    entries = tuple(Entry(one) for one in sent.getlist("addresses")) or (Entry("jana@severka.cz"),)
    labels = (Option("work", "Work"), Option("home", "Home"))
    currencies = (Option("EUR", "EUR"), Option("CZK", "CZK"))
    wrong = "Name is needed: it is how colleagues find them." if request.method == "POST" else ""
    fields = (
        Field(
            "name", "Name", value=sent.get("name", ""), required=True, error="" if more else wrong
        ),
        Field("title", "Title", value="Operations manager", source="From her signature, 18 Nov"),
        Field(
            "addresses",
            "Addresses",
            FieldKind.EMAIL,
            entries=forms.with_room(entries),
            labels=labels,
            add_label="Add another address",
        ),
        Field("phone", "Phone", FieldKind.PHONE, value="+420 541 220 118"),
        Field("site", "Website", FieldKind.URL, hint="With https://"),
        Field("owner", "Owner", FieldKind.USER, "Sam Okafor", options=USERS),
        Field("rating", "Rating", FieldKind.CHOICE, "warm", options=RATINGS),
        Field("budget", "Budget", FieldKind.MONEY, "48,000", currency="EUR", currencies=currencies),
        Field("share", "Share", FieldKind.PERCENT, "40"),
        Field("seats", "Seats", FieldKind.NUMBER, "60"),
        Field("closes", "Closes on", FieldKind.DAY, "2026-12-12"),
        Field(
            "uses",
            "Uses",
            FieldKind.CHOICES,
            chosen=("labels",),
            options=(Option("labels", "Labels"), Option("scanners", "Scanners")),
        ),
        Field("vip", "Tell me of every message", FieldKind.CHECK, "1"),
        Field("about", "About", FieldKind.TEXT, "Decides together with Tomáš."),
    )
    form = Form(
        "/form",
        fields,
        "Add the contact",
        "New contact",
        "Colleagues see it at once.",
        cancel_href="/list",
    )
    if request.method == "POST" and not more and sent.get("name"):
        saying.done(f"{sent['name']} is a contact now.", "/undo")
        return saying.go(url_for("listed"))
    code = 422 if request.method == "POST" and not more else 200
    return render_template("form.html", form=form), code


@app.get("/<path:elsewhere>")
def elsewhere(elsewhere: str) -> ResponseReturnValue:
    if elsewhere == "favicon.ico":
        return "", 204
    return render_template("palette.html", found=palettes.Found("", ()))


class _Silent(WSGIRequestHandler):
    def log_request(self, *_what: object) -> None:
        """Say nothing of each request."""


_init()


@contextmanager
def serving() -> Iterator[str]:
    """Serve the gallery on a port of its own, and return its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

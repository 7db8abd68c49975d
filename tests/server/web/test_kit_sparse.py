"""The kit with little in it: what a page leaves out, its template does without."""

from __future__ import annotations

from flask import render_template

from server.web.boards import BoardView
from server.web.facts import RecordView
from server.web.homes import HomeBlock, HomeView
from server.web.listing import Column, ListRow, ListView
from server.web.records import Past
from server.web.views import Empty
from tests.server.web import gallery


def test_a_record_of_ones_own_kind_needs_a_name_and_its_sign():
    with gallery.app.test_request_context():
        view = RecordView("1", "Hall 7", "Warehouses", "/list", Past((), ""), "", True, "map-pin")
        page = render_template("record.html", view=view)

    assert '<span class="av co xl" aria-hidden="true">' in page
    assert "#i-map-pin" in page
    assert 'class="peek"' not in page


def test_tasks_are_done_in_their_list_where_nothing_is_done_to_many():
    with gallery.app.test_request_context():
        row = ListRow("1", "/tasks/1", "Call Olga", (), done_href="/tasks/1/done", done=True)
        view = ListView("Tasks", "tasks", (Column("Task"),), (row,))
        page = render_template("list.html", view=view)

    assert 'aria-checked="true"' in page
    assert 'action="/tasks/1/done"' in page
    assert 'id="bulk"' not in page


def test_a_board_and_a_day_may_be_empty():
    nothing = Empty("nothing", "No deals yet")
    with gallery.app.test_request_context():
        board = render_template("board.html", view=BoardView("Pipeline", (), empty_board=nothing))
        block = HomeBlock("tasks", "Tasks", none="Nothing is due.")
        home = render_template("home.html", view=HomeView("Today", "", (block,)))

    assert "No deals yet" in board
    assert "Nothing is due." in home

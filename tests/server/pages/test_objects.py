"""Records of a workspace's own sorts stand beside contacts and companies."""

from __future__ import annotations

from tests.visiting import HTMX, said


def test_a_sort_has_its_room_and_its_list(reader, scene):
    page = reader.get("/o/machine")

    assert "Machines" in said(page)
    assert f'href="/o/machine/{scene.press.id}"' in page.text


def test_a_record_is_made_shown_and_changed(reader, scene):
    made = reader.post("/o/machine/new", {"name": "Lathe"})
    there = made.headers["Location"]
    assert "Lathe" in said(reader.get(there))

    reader.post(f"{there}/fields/name", {"name": "Saw", "seen": "Lathe"}, headers=HTMX)

    assert "Saw" in said(reader.get(there))
    assert reader.post("/o/machine/new", {"name": " "}).status_code == 422


def test_many_get_a_tag_at_once(reader, scene):
    fields = {"id": str(scene.press.id), "do": "tag", "tag": "Leased"}

    reader.post("/o/machine/do", fields)

    assert "Leased" in said(reader.get(f"/o/machine/{scene.press.id}"))


def test_a_sort_that_there_is_not_is_not_found(reader, scene):
    for there in ("/o/moon", "/o/moon/new", f"/o/moon/{scene.press.id}", "/o/contact"):
        assert reader.get(there).status_code == 404


def test_a_record_of_another_workspace_is_unknown(reader, scene, elsewhere):
    assert reader.get(f"/o/machine/{elsewhere.press.id}").status_code == 404

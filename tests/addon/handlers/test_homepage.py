"""My day, for each of us our own."""

from __future__ import annotations

from tests.addon.beside import HOSTS, Beside, words
from tests.rows import changed, checksums


def test_the_day_is_my_own(scene):
    said = words(Beside(scene.session, scene.user("rep")).ask("homepage"))

    assert "Nobody waits for you" in said
    assert "Send the quote" not in said


def test_the_day_needs_no_message(scene):
    for host in HOSTS:
        answer = Beside(scene.session, scene.ana, host).ask("homepage")

        assert answer.card.name == "homepage"


def test_looking_at_the_day_changes_nothing(scene):
    before = checksums(scene.session, scene.workspace.id)

    Beside(scene.session, scene.ana).ask("homepage")

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []

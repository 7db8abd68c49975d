"""The inbox: whose turn it is, words that are searched, pages without gap or repeat."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.mail.models import Message, Shares
from tests import make
from tests.visiting import HTMX, Visitor, said


def rows(answer):
    """Return the subjects of the list, in its order."""
    return re.findall(r'<span class="subject-words cut" dir="...">([^<]*)</span>', answer.text)


def threads(answer):
    return re.findall(r'id="t-([0-9a-f-]{36})"', answer.text)


def tabs(answer):
    found = re.search(r'(?s)<nav class="tabs".*?</nav>', answer.text)[0]
    return dict(re.findall(r">([A-Z][^<]+)(?:<span class=\"num\">([^<]+)</span>)?</a>", found))


def held(answer):
    """Return which messages a page that is open may go on showing, and how far each is read."""
    return dict(
        re.findall(r"([0-9a-f-]{36}):(\d)", re.search(r'data-held="(.*?)"', answer.text)[1])
    )


def older(answer):
    found = re.search(r'class="threads-more" href="([^"]+)"', answer.text)
    return found[1].replace("&amp;", "&") if found else ""


def letters(count, **values):
    return [
        make.raw(subject=f"Matter {n}", at=make.NOW + timedelta(minutes=n), **values)
        for n in range(count)
    ]


def test_the_first_page_is_the_inbox(reader):
    answer = reader.get("/")

    assert (answer.status_code, answer.location) == (302, "/inbox")


def test_tabs_say_whose_turn_it_is(reader, take_in):
    take_in(*letters(2), make.raw(sender="ana@halden.test", to="jana@severka.test", subject="Went"))

    ours, waiting, every = (reader.get(f"/inbox{q}") for q in ("", "?view=waiting", "?view=all"))

    assert tabs(ours) == {"Your turn": "2", "Waiting": "1", "All": ""}
    assert rows(ours) == ["Matter 1", "Matter 0"]
    assert rows(waiting) == ["Went"]
    assert set(rows(every)) == {"Matter 0", "Matter 1", "Went"}
    assert "To Jana" in said(waiting) or "To jana@severka.test" in said(waiting)


@pytest.mark.parametrize("query", ["?view=nonsense", "?before=x", "?before=9e99_x", "?q="])
def test_nonsense_starts_at_the_top(reader, take_in, query):
    take_in(*letters(2))

    assert rows(reader.get(f"/inbox{query}")) == ["Matter 1", "Matter 0"]


@pytest.mark.parametrize("mark", ["nan_{}", "inf_{}", "-1e30_{}", "1e400_{}", "1780000000.5_zz"])
def test_a_mark_that_is_none_starts_at_the_top(reader, take_in, mark):
    (message,) = take_in(make.raw(subject="Here"))

    answer = reader.get("/inbox?before=" + mark.format(message.hex))

    assert answer.status_code == 200


def test_pages_have_no_gap_and_no_repeat(reader, take_in):
    take_in(*letters(120))

    seen, url = [], "/inbox"
    while url:
        answer = reader.get(url)
        seen += rows(answer)
        url = older(answer)

    assert seen == [f"Matter {n}" for n in reversed(range(120))]


def test_threads_of_the_same_moment_are_paged_too(reader, take_in):
    take_in(*[make.raw(subject=f"Matter {n}") for n in range(70)])

    first = reader.get("/inbox")
    second = reader.get(older(first))

    assert len(rows(first)) == 50
    assert len(set(threads(first)) | set(threads(second))) == 70


@pytest.mark.parametrize("count", [2, 3])
def test_a_thread_in_several_mailboxes_of_mine_shows_once(session, ana, app, count, take_in):
    """Each mailbox had the letters in its own time: the same thread, at different moments."""
    boxes = [make.mailbox(session, ana, f"ana{n}@halden.test") for n in range(count)]
    for n in range(60):
        at = make.NOW + timedelta(minutes=n)
        raw = make.raw(subject=f"Matter {n}", message_id=f"m{n}@severka.test", at=at)
        for box in boxes:
            make.filed(session, box, raw)
    late = [
        make.raw(
            subject=f"Re: Matter {n}",
            at=make.NOW + timedelta(hours=3, minutes=n),
            In_Reply_To=f"<m{n}@severka.test>",
        )
        for n in range(0, 60, 2)
    ]
    make.filed(session, boxes[0], *late)
    session.commit()
    reader = Visitor(app).be(ana)

    seen, url = [], "/inbox?view=all"
    while url:
        answer = reader.get(url)
        seen += threads(answer)
        url = older(answer)

    assert len(seen) == len(set(seen)), "a thread is listed twice"
    assert len(set(seen)) == 60, "a thread is missing"


def test_words_find_a_thread_by_what_is_in_it(reader, take_in):
    take_in(
        make.raw(subject="Printers", text="The žluťoučký kůň arrives"), make.raw(subject="Other")
    )

    for words in ("printers", "žluťoučký", "ŽLUŤOUČKÝ kůň"):
        answer = reader.get("/inbox", query_string={"q": words})
        assert rows(answer) == ["Printers"], words
        assert "1 thread matches" in said(answer)


def test_a_thread_that_was_searched_for_leads_back_to_what_was_found(reader, take_in):
    take_in(make.raw(subject="Printers"), make.raw(subject="Other"))
    found = reader.get("/inbox?view=all&q=printers")

    opened = reader.get(
        re.search(r'id="t-[^"]*" href="([^"]*)"', found.text)[1].replace("&amp;", "&")
    )

    assert rows(opened) == ["Printers"]
    assert 'href="/inbox?view=all&amp;q=printers&amp;pane=list"' in opened.text


def test_what_was_found_opens_at_the_message_that_has_it(reader, scene):
    found = reader.get("/inbox?q=label")
    href = re.search(rf'id="t-{scene.first.thread_id}" href="([^"]*)"', found.text)[1]

    assert re.search(r"message=[0-9a-f-]{36}", href)
    assert 'aria-current="page">Your turn' not in found.text


def test_what_is_not_found_offers_a_way_back(reader, take_in):
    take_in(make.raw())

    answer = reader.get("/inbox?q=unheard")

    assert "No thread matches" in said(answer)
    assert "0 threads match" in said(answer)
    assert "Clear" in said(answer)


@pytest.mark.parametrize(
    "words", ["'", '"', "a:*", "!!", "(", "\\", "%", "a & ! b", "<->", "x" * 5000, "💩", "\x07"]
)
def test_whatever_is_searched_is_words(reader, take_in, words):
    take_in(make.raw())

    answer = reader.get("/inbox", query_string={"q": words})

    assert answer.status_code == 200


def test_words_that_were_searched_are_escaped(reader):
    answer = reader.get("/inbox", query_string={"q": '"><script>alert(1)</script>'})

    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("shares", [Shares.NOTHING, Shares.HAPPENED, Shares.HEADERS])
def test_search_gives_nothing_away_of_what_a_colleague_may_not_read(
    app, session, workspace, mailbox, take_in, shares
):
    mailbox.shares = shares
    take_in(make.raw(subject="Salary of Sam", text="secretword"))
    bo = Visitor(app).be(make.user(session, workspace, "bo@halden.test"))

    for words in ("salary", "secretword"):
        answer = bo.get("/inbox", query_string={"q": words})
        assert rows(answer) == []
        assert "0 threads match" in said(answer)
        assert "Salary" not in answer.text


def test_search_finds_what_colleagues_share(app, session, workspace, mailbox, take_in):
    mailbox.shares = Shares.EVERYTHING
    take_in(make.raw(subject="Open matter"))
    bo = Visitor(app).be(make.user(session, workspace, "bo@halden.test"))

    assert rows(bo.get("/inbox?q=open")) == ["Open matter"]


def test_without_a_mailbox_the_page_says_what_to_do(app, session, workspace):
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()

    assert "No threads yet" in said(Visitor(app).be(bo).get("/inbox"))


def test_where_all_is_answered_it_says_so(reader, take_in):
    take_in(make.raw(sender="ana@halden.test", to="jana@severka.test"))

    answer = reader.get("/inbox")

    assert "Nobody waits for you" in said(answer)
    assert 'href="/inbox?view=waiting"' in answer.text


def test_an_empty_mailbox_is_empty(reader, mailbox, session):
    session.commit()

    assert "Nothing here" in said(reader.get("/inbox"))


def test_a_thread_opens_beside_the_list_and_alone_for_htmx(reader, scene):
    url = f"/inbox/{scene.first.thread_id}"

    page = reader.get(url)
    pane = reader.get(url, headers={**HTMX, "HX-Target": "reading"})

    assert 'aria-current="true"' in page.text
    assert page.text.count('id="card"') == 1
    assert "<title>Label printers" in page.text
    assert "<html" not in pane.text
    assert "<title>Label printers" in pane.text
    assert pane.text.count('id="card"') == 1


def test_a_long_thread_opens_with_its_first_and_last_messages(reader, take_in):
    take_in(make.raw(subject="Long", message_id="root@severka.test"))
    (last, *_) = take_in(
        *[
            make.raw(
                subject="Re: Long",
                text=f"Part {n}",
                at=make.NOW + timedelta(minutes=n + 1),
                In_Reply_To="<root@severka.test>",
            )
            for n in range(20)
        ]
    )
    (thread,) = threads(reader.get("/inbox"))

    short = reader.get(f"/inbox/{thread}")
    whole = reader.get(f"/inbox/{thread}?earlier=1")

    assert "14 earlier messages" in said(short)
    assert held(short) == held(whole)
    assert len(held(whole)) == 21
    assert short.text.count('class="msg"') == 7
    assert whole.text.count('class="msg"') == 21
    assert reader.get(f"/inbox/{thread}?message={last}").text.count('class="msg"') == 21


def test_a_thread_says_of_each_message_how_far_it_may_be_read(
    app, reader, session, workspace, mailbox, take_in
):
    mailbox.shares = Shares.HAPPENED
    take_in(make.raw(subject="Ours", message_id="ours@severka.test"))
    (thread,) = session.scalars(select(Message.thread_id))
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()

    own = reader.get(f"/inbox/{thread}")
    colleague = Visitor(app).be(bo).get(f"/inbox/{thread}")

    assert list(held(own).values()) == [str(int(Shares.EVERYTHING))]
    assert list(held(colleague).values()) == [str(int(Shares.HAPPENED))]
    for page in (own, colleague):
        assert f'data-level="{held(page)[next(iter(held(page)))]}"' in page.text


def test_a_page_that_is_open_at_a_thread_that_went_into_another_shows_that(reader, take_in):
    take_in(make.raw(subject="First", message_id="1@x.test"))
    take_in(make.raw(subject="Third", message_id="3@x.test", In_Reply_To="<2@x.test>"))
    both = threads(reader.get("/inbox?view=all"))
    take_in(make.raw(subject="Second", message_id="2@x.test", In_Reply_To="<1@x.test>"))

    for thread in both:
        for headers in ({}, HTMX | {"HX-Target": "reading"}):
            assert reader.get(f"/inbox/{thread}", headers=headers).text.count('class="msg"') == 3


def test_hostile_texts_stay_words_in_the_list_and_the_thread(reader, take_in):
    evil = '"><script>window.__evil=1</script><img src=x onerror=alert(1)>'
    take_in(make.raw(sender=f"{evil.replace(chr(34), '')} <x@y.test>", subject=evil, text=evil))
    (thread,) = threads(reader.get("/inbox?view=all"))

    for answer in (reader.get("/inbox?view=all"), reader.get(f"/inbox/{thread}")):
        assert "<script>window" not in answer.text
        assert "<img src=x" not in answer.text


def test_the_price_of_a_page_does_not_grow_with_the_list(reader, take_in, statements):
    take_in(*letters(2))
    reader.get("/inbox")
    statements.clear()
    reader.get("/inbox")
    few = len(statements)
    take_in(*letters(45))
    statements.clear()

    reader.get("/inbox")

    assert len(statements) == few


def test_a_mailbox_that_waits_for_its_owner_is_said_above_the_list(reader, session, mailbox):
    assert "Nothing new comes in" not in said(reader.get("/inbox"))
    mailbox.state, mailbox.trouble = "needs_login", "consent_revoked"
    session.commit()

    page = reader.get("/inbox")

    assert "Nothing new comes in from \u2068ana@halden.test\u2069." in page.text
    assert f'href="/mailboxes/{mailbox.id}"' in page.text

"""What was written now."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.reading import quoting, read
from sync.reading.quote_marks import ANNOUNCING, QUOTED, SIGNED, unmarked
from tests.sync.reading.samples import letter, sample
from tests.sync.reading.test_attributions import DOUBTFUL, LINES
from tests.sync.reading.test_quote_heads import ASKING, BLOCKS, MARKERS

ANNOUNCED = "On Mon, May 5, 2025 at 4:02 PM Bo Berg <bo@inlay.test> wrote:"


def new(text):
    return quoting.split(text, text).new


def by_page(*lines):
    """Part a page's lines, where those that begin with a bar are marked as a quote."""
    marked = "\n".join(QUOTED + line[1:] if line[:1] == "|" else line for line in lines)
    return quoting.split(unmarked(marked), marked)


@pytest.mark.parametrize("line", [*LINES, *DOUBTFUL])
def test_an_attribution_goes_with_its_quote(line):
    assert new(f"New.\n\nAnn\n\n{line}\n\n> old\n> older\n") == "New.\n\nAnn"
    assert new(f"{line}\n> old\n>\n> older\n\nNew.\n") == "New."


@pytest.mark.parametrize("line", LINES)
def test_without_marks_everything_below_an_attribution_goes(line):
    found = quoting.split(*[f"New.\n\n{line}\nold\nolder\n"] * 2)

    assert found[:2] == ("New.", f"{line}\nold\nolder".strip())


@pytest.mark.parametrize("block", [*BLOCKS, *MARKERS])
def test_everything_below_the_head_of_a_letter_goes(block):
    assert new(f"New.\n\n{block}\n\nOld.\n") == "New."
    assert new(f"New.\n________________________________\n{block}\n\nOld.\n") == "New."


@pytest.mark.parametrize(
    "head",
    [
        ">>> Bo Berg <bo@inlay.test> 11/20/2026 3:14 PM >>>",  # Groupwise
        '>>> "Bo Berg" <bo@inlay.test> 20.11.2026 15:14 >>>',
        ">>> Bo Berg 11/20/2026 3:14 PM >>>\n\n>>> Ann Novak 11/19/2026 3:14 PM >>>",
        ">>> On 11/20/2026 at 3:14 PM, in message <4B.1>, Bo <bo@inlay.test> wrote:",
        '-----"Bo Berg" <bo@inlay.test> wrote: -----',  # iNotes
        "-----Bo Berg/SALES/ACME schrieb: -----\nAn: ann@inlay.test\nBetreff: Angebot",
        "----------------\nКому: ann@inlay.test;\nТема: Цена;\n"  # Yandex
        '20.11.2026, 15:14, "Bo" <bo@inlay.test>:',
        "Bo Berg <bo@inlay.test>\n20/11/2026 15:14\n\nTo\nAnn\ncc\n\nSubject\nOffer",  # Notes
        "Bo Berg/ACME\n20.11.2026 15:14\n\nAn\nAnn/ACME\nKopie\n\nThema\nAngebot",
        "发件人：Bo<bo@inlay.test>\n日　期：2026年11月20日 15:14:00\n收件人：Ann\n主　题：报价",
        "原始邮件\n发件人：Bo <bo@inlay.test>\n时间：2026年11月20日 15:14\n收件人：Ann\n主题：报价",
        f"{'-' * 66}\nSender:Bo <bo@inlay.test>\nSent At:2026 Nov. 20 (Fri.) 15:14\n"  # Aliyun
        "Recipient:Ann <ann@inlay.test>\nSubject:Offer",
    ],
)
def test_everything_below_an_odd_head_of_a_letter_goes(head):
    assert new(f"New.\n\nAnn\n\n{head}\n\nOld.\n") == "New.\n\nAnn"


@pytest.mark.parametrize(
    "text",
    [
        "I type\n>>> import this\nand >>> ends the line >>>\nin the shell.",
        "20/11/2026 15:14\n\nTo\nPrague\n\nis when my train goes.",
        "----- What he wrote -----\n\nis long.",
        "My notes:\n\n----\nSubject: the fair\n\nWho comes?",
    ],
)
def test_what_looks_like_an_odd_head_stays(text):
    assert new(text) == text


@pytest.mark.parametrize("line", ASKING)
def test_everything_below_the_line_of_a_help_desk_goes(line):
    assert new(f"New.\n\n{line}\n\nYour request was solved.") == "New."


@pytest.mark.parametrize("line", ASKING)
def test_the_line_of_a_help_desk_at_the_top_goes_alone(line):
    assert new(f"{line}\n\nYour request was solved.") == "Your request was solved."


@pytest.mark.parametrize("head", ["---------- Forwarded message ---------\n", ""])
@pytest.mark.parametrize("block", BLOCKS)
def test_a_letter_that_is_only_passed_on_is_read_without_its_head(head, block):
    text = f"{head}{block}\n\nOld.\n\n{ANNOUNCED}\n> older"

    assert new(text) == "Old."


@pytest.mark.parametrize(
    "lines",
    [
        "On Mon, May 5, 2025 at 4:02 PM Bo Berg <\nbo@inlay.test> wrote:",
        "On Mon, May 5, 2025\nat 4:02 PM Bo Berg\n<bo@inlay.test> wrote:",
        "On Mon, May 5, 2025 at 4:02 PM Bo Berg <bo@inlay.test\n> wrote:",
        "On Thu, 5 May 2025 at 16:02 Bo\n\n<\nmailto:bo@inlay.test\n> wrote:",
    ],
)
def test_an_attribution_may_be_broken(lines):
    assert new(f"New.\n\n{lines}\n\n> old\n") == "New."


def test_an_answer_in_the_line_of_an_attribution_stays():
    assert new(f"New. {ANNOUNCED}\n> old") == "New."


def test_a_quote_set_off_with_bars_goes():
    assert new(f"New.\n\n{ANNOUNCED}\n\n| old\n|\n| older\n\nNewer.") == "New.\n\nNewer."


@pytest.mark.parametrize("prefix", ["--]", "BB>", "\u2502 ", "=}"])
def test_a_quote_set_off_in_an_odd_way_goes(prefix):
    text = f"{ANNOUNCED}\n\n{prefix}old\n{prefix} older\n\nNew."

    assert new(text) == "New."


def test_what_lotus_notes_writes_above_a_quote_goes():
    text = (
        "New.\n\n\nBo Berg@ACME\n05/05/2025 04:02 PM\nTo:\tAnn Novak/ACME@ACME,\n"
        "Cy/ACME@ACME\ncc:\t\nSubject:\tOffer\n\nold"
    )

    assert new(text) == "New."


def test_what_pgp_writes_around_signed_words_goes():
    armour = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----"
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nNew.\n{armour}\n"

    assert new(text) == "New."


def test_an_indented_quote_goes():
    text = f"{ANNOUNCED}\n\n    old\n    older\n\n    oldest\n\nNew."

    assert new(text) == "New."


def test_a_quote_that_nothing_announces_stays_with_its_answer():
    assert new("> When?\n\nIn June.\n\n> old\n> older") == "> When?\n\nIn June."


def test_answers_between_the_quotes_stay_with_them():
    found = read(sample("answers-between-the-quotes-thunderbird"))

    assert [line for line in found.new_text.split("\n") if line] == [
        "> How many seats?",
        "Twelve, and perhaps three more in autumn.",
        "> And when?",
        "In June.",
    ]
    assert found.quoted == "On 05/05/2025 16:02, Bo Berg wrote:"


def test_an_answer_below_the_only_quote_stays_alone():
    found = quoting.split(*[f"Hello,\n{ANNOUNCED}\n> old\n> older\n\nNew.\n\n> Bo"] * 2)

    assert found.new == "Hello,\n\nNew."
    assert found.quoted == f"{ANNOUNCED}\n> old\n> older\n\n> Bo"


@pytest.mark.parametrize(
    "torn",
    [
        "> We saw that the words of this line go on and on until somebody\nbreaks it\n> here",
        "> See https://inlay.test/a/long/path\n/and/its/end?x=y)\n> there",
    ],
)
def test_a_quoted_line_that_a_program_broke_is_quoted_whole(torn):
    assert new(f"New.\n\n{ANNOUNCED}\n{torn}\n") == "New."


def test_a_short_answer_between_quotes_is_no_broken_line():
    text = "> Do you want the twelve seats of which we spoke last week?\nyes\n> When?\nsoon"

    assert new(text) == text


@pytest.mark.parametrize("footer", ["-- \nAnn\nAcme", f"{'_' * 47}\nA list\nhttps://l.test"])
def test_what_stands_below_the_last_quote_and_is_no_answer_goes_with_it(footer):
    found = quoting.split(*[f"New.\n\n{ANNOUNCED}\n> old\n\n{footer}\n"] * 2)

    assert found.new == "New."
    assert found.footer == footer
    assert found.quoted.endswith(footer)


def test_a_signature_below_the_quote_is_found():
    found = read(sample("signature-below-the-quote-thunderbird"))

    assert found.new_text == "The twelve seats are yours."
    assert found.signature == "-- \nAnn Novak\nAcme"


def test_a_block_of_outlook_in_czech_goes():
    found = read(sample("reply-above-a-header-block-outlook-czech"))

    assert found.subject == "RE: Nabídka na 12 licencí"
    assert found.new_text == "Dobrý den,\nnabídku bereme.\nJiří"


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\nI wrote: call me at 5.\nBye",
        "Three things:\n- one\n- two: really\nFrom: Prague\nBye",
        "As Bo wrote in his letter:\nwe agree.",
        "To: whom it may concern\nSubject: nothing",
        "a > b is what he said\n----\nnot a quote",
        "See you\n>>> https://inlay.test <<<\nthere",
        "> only a quote",
        "On Monday I come at 5:\nthe train is late.",
        "The trip:\n\nFrom: Prague\nTo: London\nDate: 12 June 2025\n\nMay I book?",
        "MEMO\n\nTo: All\nFrom: Ann\nDate: 5 May 2025\nSubject: Parking\n\nTake the tram.",
        "It says:\n\nOriginal:\nThe cat sat.\n\nNew:\nThe cat stood.",
        "Done today:\n- forwarded by Cy to our lawyer\n- paid",
        "Please:\n- sign above the line\n- send it back",
        'On 5 May 2025, your colleague Cy wrote:\n"We deliver."\n\nNothing came.',
        "Nothing works. On 5 May 2025 at 14:30 your hotline said:\nrestart it",
        "2025-05-05 was a Monday.\n- please sign above",
        "",
    ],
)
def test_what_is_no_quote_stays(text):
    assert new(text) == text


FRESH = ("From: ann@acme.test", "Date: Mon, 5 May 2025 16:02:00 +0200", "Subject: Printers")


@pytest.mark.parametrize(
    "text",
    [
        "Here is how to set it up:\n\n> Settings\n> Printers",
        "> Settings\n\nis where to look.\n\n> Printers",
        "Hello.\n\nWhitman wrote:\n\n> O Captain!",
        "It had this header:\n\nFrom: win@x.test\nTo: ann@acme.test\nSubject: Win\n\nBlock it.",
    ],
)
def test_what_a_letter_cites_that_answers_nothing_stays(text):
    assert read(letter(*FRESH, body=text)).new_text == text
    assert read(letter(*FRESH, "In-Reply-To: <a@inlay.test>", body=text)).new_text != text
    assert read(letter(*FRESH[:2], "Subject: Re: Printers", body=text)).new_text != text


def test_a_last_blockquote_stays_in_a_letter_that_answers_nothing():
    page = "<p>It says:</p><blockquote>The buyer pays.</blockquote>"
    found = read(letter(*FRESH, "Content-Type: text/html", body=page))

    assert (found.new_text, found.quoted) == ("It says:\n\nThe buyer pays.", "")


@pytest.mark.parametrize("head", [ANNOUNCED, MARKERS[0], BLOCKS[0]])
def test_a_whole_letter_goes_even_where_the_subject_says_no_answer(head):
    quote = f"<blockquote>{head}\n\nold</blockquote>".replace("\n", "<br>").replace("<bo", "&lt;bo")
    found = read(letter(*FRESH, "Content-Type: text/html", body=f"<p>New.</p>{quote}"))

    assert found.new_text == "New."


@pytest.mark.parametrize("line", ["on and on", "x" * 1000])
def test_what_lies_below_all_that_is_looked_at_is_new(line):
    text = "\n".join(["Hello.", *[line] * 3000, "Please sign by Friday.", "Ann"])
    below = f"{ANNOUNCED}\n> old\n\n{text}"

    assert quoting.split(text, text)[:2] == (text, "")
    assert new(below) == text
    assert quoting.split(*[text.replace("\n", "")] * 2).quoted == ""


def test_what_is_quoted_stays_so_below_all_that_is_looked_at():
    old = "older\n" * 3000

    assert new(f"New.\n\n{MARKERS[0]}\n{old}") == "New."
    assert new(f"New.\n\n{ANNOUNCED}\n" + old.replace("o", "> o")) == "New."


def test_an_answer_below_the_signature_below_the_quote_is_new():
    text = f"{ANNOUNCED}\n> When?\n\n-- \nAnn\n\nP.S. Yes, forty chairs."

    assert new(text) == "-- \nAnn\n\nP.S. Yes, forty chairs."


def test_a_marked_quote_goes():
    assert by_page("New.", "|old", "|older")[:2] == ("New.", "old\nolder")


def test_a_marked_quote_goes_with_its_attribution_in_any_language():
    assert by_page("New.", "Qwertz 5.5.2025 Bo <bo@inlay.test>:", "|old").new == "New."


def test_what_announces_a_marked_quote_never_stays():
    found = by_page(f"{ANNOUNCING}Qwertz", "|When?", "In June.", "|How many?", "Twelve.")

    assert found[:2] == ("When?\nIn June.\nHow many?\nTwelve.", "Qwertz")


def test_a_marked_quote_above_the_announced_one_is_part_of_the_answer():
    assert by_page("The law says:", "|All is well.", ANNOUNCED, "|old").new == (
        "The law says:\nAll is well."
    )


@pytest.mark.parametrize("empty", ["<br>", "", " ", "&nbsp;"])
def test_what_announces_a_quote_may_have_empty_lines(empty):
    page = (
        f'Yes.<br><div class="moz-cite-prefix">{empty}<br>On 05.05.2025 16:02, Bo wrote:<br></div>'
    )
    quote = '<blockquote type="cite">old</blockquote>'
    found = read(letter("From: ann@acme.test", "Content-Type: text/html", body=page + quote))

    assert found.new_text == "Yes."


def test_a_mark_without_words_is_passed():
    assert by_page("New.", ANNOUNCING, f"{ANNOUNCING} ", "|old").new == "New."


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_a_mark_that_comes_with_the_letter_marks_nothing(kind):
    head = "From: ann@acme.test", f"Content-Type: {kind}; charset=utf-8"
    found = read(letter(*head, body=f"{QUOTED}I pay you.\n{ANNOUNCING}\n"))

    assert (found.text, found.new_text, found.quoted) == ("I pay you.", "I pay you.", "")


def test_a_mark_that_a_page_spells_marks_nothing():
    page = "<p>Hello.</p><p>&#xFDD0;I pay you.</p>"
    found = read(letter("From: ann@acme.test", "Content-Type: text/html", body=page))

    assert found.new_text == "Hello.\n\nI pay you."


def test_below_the_head_of_what_is_passed_on_nothing_is_new():
    head = f"{ANNOUNCING}---------- Forwarded message ---------"

    assert by_page("See below.", head, f"{ANNOUNCING}From: Bo", "passed on").new == "See below."


def test_where_all_is_marked_all_stays():
    assert by_page("|old", "|older")[:2] == ("old\nolder", "")


def test_what_a_page_marks_as_signature_is_found_with_the_dashes_above_it():
    found = by_page("New.", "", "--", f"{SIGNED}Ann", f"{SIGNED}Acme: all", "", "|old")

    assert found.new == "New.\n\n--\nAnn\nAcme: all"
    assert found.signature == "--\nAnn\nAcme: all"
    assert found.quoted == "old"


def test_a_marked_signature_may_have_empty_lines():
    found = by_page("New.", "", f"{SIGNED}Ann", "", "", f"{SIGNED}Acme", "")

    assert found.signature == "Ann\n\n\nAcme"


def test_a_marked_signature_below_the_quote_goes_with_it():
    found = by_page("New.", ANNOUNCED, "|old", f"{SIGNED}Ann", f"{SIGNED}Acme")

    assert (found.new, found.footer, found.signature) == ("New.", "Ann\nAcme", "Ann\nAcme")


def test_where_all_is_marked_as_signature_none_is():
    found = by_page(f"{SIGNED}New.", f"{SIGNED}Ann")

    assert (found.new, found.signature) == ("New.\nAnn", "")


def test_the_signature_of_a_page_is_a_letters():
    found = read(sample("signature-marked-by-the-page-gmail"))

    assert found.new_text == "The twelve seats are yours.\n\nAnn Novak\nSales, Acme"
    assert found.signature == "Ann Novak\nSales, Acme"


SIGNS = st.text(alphabet="On wrote:>1@-|\nFrom To\u2003\x1f", max_size=200)


@given(SIGNS)
def test_any_text_keeps_something(text):
    assert bool(new(text)) == bool(text.strip())


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "New.",
                "",
                "> old",
                ">> older",
                "| old",
                "    old",
                "-- ",
                "_" * 30,
                "wrote:",
                "\u2003",
            ),
            *(ANNOUNCED, "On Mon, May 5, 2025", "Bo wrote:", "> wrote:", *BLOCKS[0].split("\n")),
            *("--]old", "BB>", "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"),
            *("05/05/2025 04:02 PM", "To: Ann", "cc:", "_" * 32, "-----BEGIN PGP SIGNED MESSAGE"),
            *(
                MARKERS[0],
                MARKERS[4],
                ASKING[0],
                f"{QUOTED}old",
                f"{ANNOUNCING}On Monday",
                f"{SIGNED}Ann",
            ),
        ]
    ),
    max_size=20,
)


@given(PIECES)
@example(["-----Original Message-----", "-- "])
def test_nothing_is_lost_and_nothing_added(lines):
    marked = "\n".join(lines)
    text = unmarked(marked)
    found = quoting.split(text, marked)

    assert sorted(f"{found.new} {found.quoted}".split()) == sorted(text.split())
    below = set(found.footer.split())
    assert below <= set(found.quoted.split()) or found.new == text.strip()

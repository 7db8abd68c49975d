"""Parts inside of a part: uuencoded files in a text, a winmail.dat, an opaque signature.

No server knows them, so no IMAP section names them. Theirs is the section of the part that holds
them, a slash, and what they are inside of it: "2/tnef1", "1/uu3", "1/cms2.1". Who wants one fetches
the part before the slash, and asks `take_out` for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading import headers
from sync.reading.charsets import decode
from sync.reading.mime import ENCRYPTED, SIGNED, Leaf, ReaderError, Tree, content_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLASH = "/"
#: What is larger is not opened.
LARGEST = 16 << 20
#: So many bytes of a text are looked through for uuencoded files.
LARGEST_TEXT = 4 << 20
#: Decoded already: the size is the size.
PLAIN = "packed"

TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
CMS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
#: By the beginning of a part's name, what its holder is.
_KINDS = {"tnef": TNEF[0], "cms": CMS[0], "uu": "text/plain"}
_HOLDERS = frozenset({*TNEF, *CMS})
_OF_OUTLOOK = _HOLDERS | {"text/plain"}


def unpacked(
    tree: Tree, fields: headers.Fields, open_tree: Callable[[bytes, headers.Fields], Tree]
) -> Tree:
    """Return a tree with what is packed inside of its leaves in their places.

    Outlook sent files uuencoded in the text, when told to. Elsewhere such a block is a part of
    what somebody wrote, and stays in it.
    """
    holders = _OF_OUTLOOK if "x-mimeole" in fields.values else _HOLDERS
    if not any(leaf.content_type in holders for leaf in tree.leaves):
        return tree
    leaves: list[Leaf] = []
    notes: list[str] = []
    for leaf in tree.leaves:
        if leaf.content_type not in holders:
            leaves.append(leaf)
            continue
        inside, note = _inside(leaf, open_tree)
        leaves += inside
        if note:
            notes.append(note)
    if leaves == list(tree.leaves) and not notes:
        return tree
    has_text = any(
        leaf.content_type in ("text/plain", "text/html")
        and not leaf.enclosed
        and SLASH not in leaf.section
        and _content(leaf).strip()
        for leaf in leaves
    )
    kept = [leaf for leaf in leaves if not (has_text and leaf.alternative.endswith("/tnef"))]
    return tree._replace(leaves=tuple(kept), notes=(*tree.notes, *dict.fromkeys(notes)))


def take_out(
    content: bytes, name: str, open_tree: Callable[[bytes, headers.Fields], Tree]
) -> bytes | None:
    """Return the bytes of a part inside of another's, or None where there is none.

    `name` is what stands behind the slash. Raises ReaderError where it cannot be decoded.
    """
    kind = next((kind for word, kind in _KINDS.items() if name.startswith(word)), "")
    holder = Leaf(
        "", kind, kind, "", "", "", PLAIN, "", enclosed=False, content=_giving(content),
        encoded_size=len(content),
    )  # fmt: skip
    found, _note = _inside(holder, open_tree)
    return next((leaf.content() for leaf in found if leaf.section == SLASH + name), None)


def _inside(
    leaf: Leaf, open_tree: Callable[[bytes, headers.Fields], Tree]
) -> tuple[list[Leaf], str]:
    """Return what is packed in a leaf, or the leaf itself where nothing is; and a note of it."""
    if leaf.content_type in TNEF:
        found = list(_tnef(leaf))
        # One with nothing but a text may be cut off: it stays in sight.
        return (found if any(one.filename for one in found) else [leaf, *found]), ""
    if leaf.content_type in CMS:
        return _cms(leaf, open_tree)
    return (_uuencoded(leaf) if leaf.content_type == "text/plain" else [leaf]), ""


def _content(leaf: Leaf) -> bytes:
    try:
        return leaf.content()
    except ReaderError:
        return b""


def _uuencoded(leaf: Leaf) -> list[Leaf]:
    text = _content(leaf)
    if b"begin " not in text or len(text) > LARGEST_TEXT:
        return [leaf]
    # Few texts have files in them, and each module costs memory.
    from sync.reading import uuencoded

    rest, files = uuencoded.split(text)
    if not files:
        return [leaf]
    found = [leaf._replace(content=lambda: rest)]
    for number, file in enumerate(files, start=1):
        name = decode(file.name).text
        kind = _type_of(name)
        found.append(_made(leaf, f"uu{number}", kind, name, file.content, file.size))
    return found


def _tnef(leaf: Leaf) -> Iterator[Leaf]:
    from sync.reading import tnef

    opened = tnef.read(_content(leaf))
    if opened is None:
        return
    for number, file in enumerate(opened.files, start=1):
        kind = content_type(file.content_type) if file.content_type else _type_of(file.name)
        made = _made(
            leaf, f"tnef{number}", kind, file.name, _giving(file.content), len(file.content)
        )
        yield made._replace(content_id=file.content_id, disposition="attachment")
    words = ((opened.text.encode(), "plain", "utf-8"), (opened.html, "html", opened.charset))
    for text, kind, charset in words:
        if text.strip():
            made = _made(leaf, f"tnef-{kind}", f"text/{kind}", "", _giving(text), len(text))
            field = f"text/{kind}; charset={charset}"
            yield made._replace(type_field=field, alternative=f"{leaf.section}{SLASH}tnef")


def _cms(leaf: Leaf, open_tree: Callable[[bytes, headers.Fields], Tree]) -> tuple[list[Leaf], str]:
    from sync.reading import smime

    opened = smime.read(_content(leaf))
    if not opened.content:
        return [leaf], ENCRYPTED if opened.encrypted else ""
    try:
        tree = open_tree(opened.content, headers.scan(opened.content))
    except ReaderError:
        return [leaf], SIGNED
    prefix = f"{leaf.section}{SLASH}cms"
    inside = [
        one._replace(
            section=f"{prefix}{one.section}",
            alternative=f"{prefix}{one.alternative}" if one.alternative else "",
            enclosed=one.enclosed or leaf.enclosed,
        )
        for one in tree.leaves
    ]
    return [leaf, *inside], SIGNED  # The whole is kept in sight: it is the proof.


def _made(
    holder: Leaf, name: str, kind: str, filename: str, content: Callable[[], bytes], size: int
) -> Leaf:
    return Leaf(
        section=f"{holder.section}{SLASH}{name}",
        content_type=kind,
        type_field=kind,
        disposition="",
        filename=filename,
        content_id="",
        encoding=PLAIN,
        alternative="",
        enclosed=holder.enclosed,
        content=content,
        encoded_size=size,
    )


def _giving(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def _type_of(filename: str) -> str:
    # It reads the system's tables at its first use.
    import mimetypes

    return content_type(mimetypes.guess_type(f"x/{filename}")[0] or "application/octet-stream")

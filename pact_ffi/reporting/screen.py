"""What others wrote, on a screen: without control characters, cut to a readable length, told apart if need be."""

from __future__ import annotations

import re
import unicodedata

CUT = 500  # characters of one value; a report is not a dump
# What moves the cursor, hides or reorders text: controls, bidirectional marks, zero-width characters, separators of
# lines, halves of characters. A joiner stays, for it may join (emoji, Persian).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_LOOKS_LIKE = {
    **str.maketrans("аеорсухіјѕԁһԛԝӏ", "aeopcyxijsdhqwl"),  # Cyrillic
    **str.maketrans("АВЕКМНОРСТХІЈЅ", "ABEKMHOPCTXIJS"),
    **str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),  # Greek
    **str.maketrans("‐‑‒–—−‘’‚“”„ı", "------''," + '"""i'),
}


def printable(text: str) -> str:
    r"""Return ``text`` with escapes (``\x1b``) for what a terminal would obey or hide; lines and tabs stay."""
    return _UNSEEN.sub(_escaped, text)


def one_line(text: str) -> str:
    """Return ``text`` printable and on one line."""
    return printable(" ".join(text.split()) if "\n" in text else text).replace("\t", "\\t")


def cut(text: str, start: int = 0) -> str:
    """Return what a report shows of a long ``text``, from about ``start`` on, with its length."""
    if len(text) <= CUT:
        return text
    before = "..." if start else ""
    return f"{before}{text[start : start + CUT]}... ({len(text)} characters)"


def told_apart(expected: str, received: str) -> tuple[str, str]:
    """Return both on a line each, so that a reader sees that they differ where they do.

    Texts that look alike (a space at the end, another kind of space, letters of other alphabets, accents made in
    another way) are quoted, with escapes for everything but ASCII. Of long texts the part that differs is shown.
    """
    if expected != received and " ".join(folded(expected).split()) == " ".join(folded(received).split()):
        return ascii(expected)[:CUT], ascii(received)[:CUT]
    lines = one_line(expected), one_line(received)
    start = 0
    if max(map(len, lines)) > CUT:
        same = next(
            (at for at, pair in enumerate(zip(*lines, strict=False)) if pair[0] != pair[1]), min(map(len, lines))
        )
        start = max(0, same - 60) if same > CUT - 60 else 0
    return cut(lines[0], start), cut(lines[1], start)


def folded(text: str) -> str:
    """Return what a reader sees of ``text``, in the plainest letters."""
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKS_LIKE)
    return "".join(letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Cc") or letter.isspace())


def _escaped(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]

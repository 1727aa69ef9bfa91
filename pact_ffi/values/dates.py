"""Python's strftime formats as the Java-style date patterns that pact files and the core use."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from pact_ffi.errors import InvalidInputError

# Locale-dependent directives (%c %x %X) and those without a counterpart (%U %W %w %s) are absent on purpose.
_JAVA = {
    "Y": "yyyy", "y": "yy", "m": "MM", "d": "dd",
    "H": "HH", "I": "hh", "M": "mm", "S": "ss", "f": "SSSSSS", "z": "Z", ":z": "XXX", "Z": "z", "p": "a",
    "j": "DDD", "b": "MMM", "h": "MMM", "B": "MMMM", "a": "EEE", "A": "EEEE", "G": "YYYY", "V": "ww", "u": "e",
    "F": "yyyy-MM-dd", "T": "HH:mm:ss", "R": "HH:mm", "D": "MM/dd/yy",
}  # fmt: skip
_DIRECTIVES = {java: f"%{name}" for name, java in _JAVA.items() if name != ":z"}
_DIRECTIVES.update({"uuuu": "%Y", "EE": "%a", "E": "%a"})
# One fixed moment, so that a pact file does not change from run to run.
_MOMENT = datetime(2000, 1, 31, 12, 34, 56, 123456, timezone(timedelta(0), "GMT"))
_FIELDS = re.compile(r"('(?:[^']|'')*')|(([A-Za-z])\3*)|(.)", re.DOTALL)
# Where no format is given: the pattern, and what may follow it, best first.
_DEFAULTS = {
    "date": ("yyyy-MM-dd", [""]),
    "time": ("HH:mm:ss", ["", "Z", "XXX", ".SSSSSS", ".SSSSSSXXX"]),
    "datetime": ("yyyy-MM-dd'T'HH:mm:ss", ["Z", "", "XXX", ".SSSSSS", ".SSSSSSZ", ".SSSSSSXXX"]),
}


def to_java(format: str) -> str:
    """Convert a strftime ``format``; raises `InvalidInputError` for a directive that the core cannot express."""

    def converted(found: re.Match[str]) -> str:
        literal, directive = found.groups()
        if literal:
            text = literal.replace("%%", "%")
            return text if re.fullmatch(r"[\s,.;:/_-]*", text) else "'" + text.replace("'", "''") + "'"
        if directive not in _JAVA:
            known = " ".join(f"%{name}" for name in _JAVA)
            raise InvalidInputError(
                f"%{directive} in the format {format!r} has no counterpart in pact files; known are {known}"
            )
        return _JAVA[directive]

    return re.sub(r"((?:[^%]|%%)+)|%(:?.?)", converted, format, flags=re.DOTALL)


def java_example(pattern: str, moment: date | time = _MOMENT) -> str | None:
    """Format ``moment`` (by default one fixed moment) with a Java-style pattern; None if a field of it is unknown."""
    zone = moment.strftime("%z")
    parts = {"X": zone[:3], "XX": zone, "XXX": zone and f"{zone[:3]}:{zone[3:]}", "SSS": moment.strftime("%f")[:3]}
    example = ""
    for quoted, field, _, other in _FIELDS.findall(pattern):
        if field in _DIRECTIVES:
            example += moment.strftime(_DIRECTIVES[field])
        elif field and field not in parts:
            return None
        else:
            example += parts[field] if field else _literal(quoted, other)
    return example


@lru_cache(maxsize=1024)
def java_regex(pattern: str) -> str:
    """Return a regex of the texts that have a Java-style ``pattern``: each number with as many digits as it says.

    >>> java_regex("yyyy-MM-dd'T'HH:mm:ssXXX")
    '\\\\d{4}-\\\\d{2}-\\\\d{2}T\\\\d{2}:\\\\d{2}:\\\\d{2}.+'
    """
    regex = ""
    for quoted, field, letter, other in _FIELDS.findall(pattern):
        if not field:
            regex += re.sub(r"[][.^$*+?{}()|\\]", r"\\\g<0>", _literal(quoted, other))
        elif letter in "yudHhKkms" or field == "MM":
            regex += f"\\d{{{len(field)}}}" if len(field) > 1 else "\\d+"
        else:
            regex += "\\d+" if letter == "S" else ".+"
    return regex


def _literal(quoted: str, other: str) -> str:
    return quoted[1:-1].replace("''", "'") or ("'" if quoted else other)


def java_patterns(kind: str, format: str | None, raw: bool, value: object = None) -> list[str]:
    """The pattern of ``format``, a strftime format unless it is ``raw``; without one those to try, best first.

    ``kind`` is date, time or datetime. Without a format it is ISO 8601 to the second, whatever the microseconds of the
    example ``value`` are; the zone of a datetime is kept. An example that is text says itself which form it has.
    """
    if format and not isinstance(format, str):
        raise InvalidInputError(f"a format of dates or times must be text, not {format!r}")
    if format:
        return [format if raw else to_java(format)]
    base, tails = _DEFAULTS[kind]
    if isinstance(value, time):
        tails = [""]
    if isinstance(value, datetime) and kind == "datetime":
        tails = ["Z" if value.tzinfo else ""]
    return [base + tail for tail in tails]

"""Python's strftime formats as the Java-style date patterns that pact files and the core use."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from pact_ffi.errors import InvalidInputError

# Locale-dependent directives (%c %x %X) and those without a counterpart (%U %W %w %s) are absent on purpose.
_JAVA = {
    "Y": "yyyy",
    "y": "yy",
    "m": "MM",
    "d": "dd",
    "H": "HH",
    "I": "hh",
    "M": "mm",
    "S": "ss",
    "f": "SSSSSS",
    "z": "Z",
    ":z": "XXX",
    "Z": "z",
    "p": "a",
    "j": "DDD",
    "b": "MMM",
    "h": "MMM",
    "B": "MMMM",
    "a": "EEE",
    "A": "EEEE",
    "G": "YYYY",
    "V": "ww",
    "u": "e",
    "F": "yyyy-MM-dd",
    "T": "HH:mm:ss",
    "R": "HH:mm",
    "D": "MM/dd/yy",
}
# One fixed moment, so that a pact file does not change from run to run.
_MOMENT = datetime(2000, 1, 31, 12, 34, 56, 123456, timezone(timedelta(0), "GMT"))
_BASE = {"date": "%Y-%m-%d", "time": "%H:%M:%S", "datetime": "%Y-%m-%dT%H:%M:%S"}


def _check(format: object) -> None:
    if not isinstance(format, str):
        raise InvalidInputError(f"a format of dates or times must be text, not {format!r}")


def to_java(format: str) -> str:
    """Convert a strftime ``format``; raises `InvalidInputError` for a directive that the core cannot express."""
    _check(format)

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
    _check(pattern)
    fields = {java: moment.strftime(f"%{name}") for name, java in _JAVA.items() if name != ":z"}
    zone = fields["Z"]
    fields.update(X=zone[:3], XX=zone, XXX=f"{zone[:3]}:{zone[3:]}" if zone else "", SSS=fields["SSSSSS"][:3])
    fields.update(uuuu=fields["yyyy"], EE=fields["EEE"], E=fields["EEE"])
    example = ""
    for quoted, field, _, other in re.findall(r"('(?:[^']|'')*')|(([A-Za-z])\3*)|(.)", pattern, re.DOTALL):
        if field and field not in fields:
            return None
        example += fields[field] if field else quoted[1:-1].replace("''", "'") or ("'" if quoted else other)
    return example


def default_formats(kind: str, value: object) -> list[str]:
    """The formats to try, best first, for a ``kind`` (date, time, datetime) given an example but no format."""
    base = _BASE[kind]
    if kind == "date":
        return [base]
    if isinstance(value, (datetime, time)):
        return [base + (".%f" if value.microsecond else "") + ("" if value.tzinfo is None else "%z")]
    tails = ["%z", "", "%:z", ".%f", ".%f%z", ".%f%:z"] if kind == "datetime" else ["", "%z", "%:z", ".%f", ".%f%:z"]
    return [base + tail for tail in tails]

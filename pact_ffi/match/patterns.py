"""Python's regular expressions in the syntax of the core's engine, Oniguruma."""

from __future__ import annotations

import re

from pact_ffi.errors import InvalidInputError

_FLAGS = {re.IGNORECASE: "i", re.VERBOSE: "x", re.DOTALL: "m"}
_KNOWN = re.IGNORECASE | re.VERBOSE | re.DOTALL | re.MULTILINE | re.UNICODE
_LETTERS = {"s": "m", "m": "", "u": "", "i": "i", "x": "x", "-": "-"}


def core_regex(regex: str | re.Pattern[str]) -> str:
    """Translate what the engines spell differently: named groups, and ``(?s)``, which is Oniguruma's ``(?m)``.

    Python's ``(?m)`` is dropped, for ``^`` and ``$`` always work line by line there. Raises `InvalidInputError` for
    what is no regex, a pattern of bytes, and flags without a counterpart.
    """
    flags = ""
    if isinstance(regex, re.Pattern):
        if re.RegexFlag(regex.flags) & ~_KNOWN:
            raise InvalidInputError(f"flags of {regex!r} that the core does not know: only I, M, S, U and X work")
        flags = "".join(letter for flag, letter in _FLAGS.items() if regex.flags & flag)
        regex = re.sub(r"^\(\?[a-zA-Z]+\)", "", regex.pattern) if isinstance(regex.pattern, str) else regex.pattern
    if not isinstance(regex, str):
        raise InvalidInputError(f"a regex must be text or a compiled pattern of text, not {regex!r}")

    def translated(found: re.Match[str]) -> str:
        escaped, named, reference, letters, end = found.groups()
        if escaped:
            return escaped
        if named or reference:
            return "(?<" if named else f"\\k<{reference}>"
        if any(letter not in _LETTERS for letter in letters):
            raise InvalidInputError(f"the flags {letters!r} in the regex {regex!r} are unknown to the core's engine")
        options = "".join(_LETTERS[letter] for letter in letters).rstrip("-")
        return f"(?{options}{end}" if options or end == ":" else ""

    pattern = r"(\\.)|\(\?(?:P(<)|P=(\w+)\)|([a-zA-Z-]+)([):]))"
    return (f"(?{flags})" if flags else "") + re.sub(pattern, translated, regex, flags=re.DOTALL)

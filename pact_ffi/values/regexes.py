"""Python's regular expressions in the syntax of the core's engine, Oniguruma."""

from __future__ import annotations

import re
from functools import lru_cache

from pact_ffi.errors import InvalidInputError

_FLAGS = {re.IGNORECASE: "i", re.VERBOSE: "x", re.DOTALL: "s", re.MULTILINE: "m", re.UNICODE: "u"}
_LETTERS = {"s": "m", "m": "", "u": "", "i": "i", "x": "x", "-": "-"}


def core_regex(regex: str | re.Pattern[str]) -> str:
    """Translate what the engines spell differently: named groups, and ``(?s)``, which is Oniguruma's ``(?m)``.

    Python's ``(?m)`` is dropped, for ``^`` and ``$`` always work line by line there. Raises `InvalidInputError` for
    what is not a regex, a pattern of bytes, and flags without a counterpart.
    """
    source = regex.pattern if isinstance(regex, re.Pattern) else regex
    if not isinstance(source, str):
        raise InvalidInputError(f"a regex must be text or a compiled pattern of text, not {source!r}")
    return _translated(regex, source)


@lru_cache(maxsize=1024)
def _translated(regex: str | re.Pattern[str], source: str) -> str:
    if isinstance(regex, re.Pattern):
        if regex.flags & ~sum(_FLAGS):
            raise InvalidInputError(f"flags of {regex!r} that the core does not know: only I, M, S, U and X work")
        letters = "".join(letter for flag, letter in _FLAGS.items() if regex.flags & flag)
        source = f"(?{letters})" + re.sub(r"^\(\?[a-zA-Z]+\)", "", source)

    def translated(found: re.Match[str]) -> str:
        escaped, named, reference, letters, end = found.groups()
        if escaped:
            return escaped
        if named or reference:
            return "(?<" if named else f"\\k<{reference}>"
        if any(letter not in _LETTERS for letter in letters):
            raise InvalidInputError(f"the flags {letters!r} in the regex {source!r} are unknown to the core's engine")
        options = "".join(_LETTERS[letter] for letter in letters).rstrip("-")
        return f"(?{options}{end}" if options or end == ":" else ""

    pattern = r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\(\?(?:P(<)|P=(\w+)\)|([a-zA-Z-]+)([):]))"
    return re.sub(pattern, translated, source, flags=re.DOTALL)

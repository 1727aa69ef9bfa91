r"""Secrets are kept out of logs, reports, exceptions and representations: this is the one place that hides them.

Where the structure of a text is known (a header, a query, a form, JSON) `Redactor` hides the values of secret names
and leaves the shape: `***(12 characters)`. Where it is not known (a log, an error of somebody else) `redact` looks
for names and for what credentials look like, in one pass whose time grows with the length of the text alone.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

HIDDEN = "***"
_NAME = (
    r"(?:authorization|cookie|token|passw(?:or)?d|passphrase|pwd|secret|(?:secret|api|access|private)[_-]?key"
    r"|credential|session[_-]?id|jwt)s?"
)
_SECRET_NAME = re.compile(rf"(?:.*[^a-z])?auth|.*{_NAME}(?:[_-]?(?:confirmation|hash|[0-9]))?", re.I | re.S)
_SCHEME = re.compile(r"(?:basic|bearer|digest|negotiate|ntlm|hawk|apikey|token|aws4-hmac-sha256) +", re.I)
_COOKIE_ATTRIBUTE = re.compile(
    r"(?:path|domain|expires|max-age|samesite|secure|httponly|partitioned|priority)\s*(?:=|$)", re.I
)
_NEXT_COOKIE = re.compile(r",\s*(?=[^\s;,=]+=)")  # the comma in the date of Expires is followed by a day
_PAIRS = re.compile(r"[^\s&=]+=[^\s&]*(?:&[^\s&=]+=[^\s&]*)*")


def is_secret(name: str) -> bool:
    """Return whether a header, parameter or key of this name holds a secret; ``user[password]`` does, too."""
    return len(name) < 200 and _SECRET_NAME.fullmatch(name.strip("$[]'\" ")) is not None


class Redactor:
    """Hides values by the structure they stand in.

    Args:
        other: the redactor of the value that this one is compared with: a secret that is not among its secrets is shown
            as one that differs.
    """

    def __init__(self, other: Redactor | None = None) -> None:
        self.secrets: set[str] = set()
        self._others = other.secrets if other else set()

    def value(self, value: Any) -> str:
        """Return what stands for a secret: its length, and whether it differs."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        self.secrets.add(text)
        differs = ", differs" if self._others and text not in self._others else ""
        return f"{HIDDEN}({len(text)} character{'' if len(text) == 1 else 's'}{differs})"

    def header(self, name: str, value: str) -> str:
        """Return a header's value: of cookies the names and attributes stay, of an authorization its scheme."""
        if not is_secret(name):
            return redact(value)
        if name.lower().endswith("cookie"):
            return ", ".join("; ".join(map(self._cookie, one.split("; "))) for one in _NEXT_COOKIE.split(value))
        scheme = _SCHEME.match(value) if name.lower().endswith("authorization") else None
        return f"{scheme[0]}{self.value(value[scheme.end() :])}" if scheme else self.value(value)

    def _cookie(self, part: str) -> str:
        if _COOKIE_ATTRIBUTE.match(part):
            return part
        name, equals, value = part.partition("=")
        return f"{name}={self.value(value)}" if equals else self.value(part)

    def named(self, name: str, value: Any) -> Any:
        """Return the value of a query parameter, a form's field, metadata or a member of JSON."""
        if value is None or value == "" or value == []:
            return value
        if isinstance(value, (list, tuple)) and is_secret(name):
            return [self.named(name, item) for item in value]
        return self.value(value) if is_secret(name) else self.json(value)

    def json(self, value: Any) -> Any:
        """Return a JSON value with its secrets hidden by their keys."""
        if isinstance(value, dict):
            return {key: self.named(key, item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return redact(value) if isinstance(value, str) else value

    def pairs(self, text: str) -> str:
        """Return a query or a form."""
        pairs = [(name, equals, value) for name, equals, value in (part.partition("=") for part in text.split("&"))]
        return "&".join(f"{name}{equals}{self.named(unquote_plus(name), value)}" for name, equals, value in pairs)

    def body(self, body: Any) -> Any:
        """Return a body: a JSON value, or a text that may be JSON, a form or anything."""
        if not isinstance(body, str):
            return self.json(body)
        if body[:1] in ("{", "["):
            try:
                value = json.loads(body)
            except (ValueError, RecursionError):
                return redact(body)
            hidden = self.json(value)
            return body if hidden == value else json.dumps(hidden, ensure_ascii=False)
        return self.pairs(body) if _PAIRS.fullmatch(body) else redact(body)

    def text(self, text: str) -> str:
        """Return a text about the values that were hidden before, such as the core's sentence on a difference."""
        return hide(redact(text), *self.secrets)


def hide(text: str, *secrets: str) -> str:
    """Replace known ``secrets``, however a URL, a form or JSON spells them."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        in_json = json.dumps(secret)[1:-1]
        spellings = {secret, in_json, json.dumps(secret, ensure_ascii=False)[1:-1], secret.replace(", ", ",")}
        for encode in (quote, quote_plus):
            encoded = {encode(secret, safe=""), encode(secret), encode(secret, safe="!$&'()*+,;=:@-._~")}
            spellings |= encoded | {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), each) for each in encoded}
        for spelling in sorted(spellings, key=len, reverse=True):
            text = text.replace(spelling, HIDDEN)
    return text


# Where a secret may begin, in a text of unknown structure. No part can be entered twice at one place: the search for
# the next one stays linear whatever the text is.
_START = re.compile(
    r"(?P<core>(?<!\w)(?:Token\(|User\(\\*\"[^\"\\]*\\*\", Some\()\\*\")[^\"\\]+"
    rf"|(?P<name>{_NAME})(?![a-z])"
    r"|(?P<url>\w://)[^/\s\"'\\<>]*@"
    r"|(?<![\w-])(?P<digest>digest[ \t]{1,8})(?:\w+=(?:\\*\"[^\"\\]*\\*\"|[^\s,;\"'\\]+)(?:, ?)?)+"
    r"|(?<![\w-])(?P<scheme>(?:bearer|basic)[ \t]{1,8})(?!\*\*\*)[\w.~+/=-]{4,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?",  # a JSON web token
    re.IGNORECASE,
)
_ANSI = r"(?:\x1b\[[\d;]*m)?"
_WRAPPED = r"(?P<wrapped>(?:Some\(|String\(|Left\(|Right\(|\[|\()*)b?"
_VALUE = rf"{_WRAPPED}(?P<open>\\*[\"'])?"
_COMPARED = (
    re.compile(r"\\*[\"'](?:\]\\*[\"'])?, expected: " + _VALUE),
    re.compile(r"(?:[\"'\\)\]]|None){0,9}, actual: " + _VALUE),
)
_ASSIGNED = re.compile(_ANSI + r"(?P<quote>\\*[\"'])?\]?\s{0,4}(?P<separator>:|=>|=|,)\s{0,8}" + _VALUE)
_DESCRIBED = re.compile(_ANSI + r"[\"'] (?:to have|with|has) value (?P<open>[\"'])")
_PROSE = re.compile(r"([^'\"\n\\]{0,80}')([^'\n]*)'")
_NEXT_ITEM = re.compile(r"\\*[\"']\)*,\s*(?:Some\()?(?P<open>\\*[\"'])")
_ELEMENT = re.compile(r"((?:\s[^<>]{0,200})?>)([^<>]+)(?=</)")
_NOTHING = re.compile(r"(?:None|null|true|false|Missing|\*\*\*)(?!\w)")
_WORD, _CLAUSE, _LINE = (
    re.compile(pattern)
    for pattern in (r"[^\s,;&})\]\"'\\<>#]*", r"[^,;&})\]\"'\\\n<>]*", r"[^\n\"'\\})]*(?:[\"'][^\n]*)?")
)


def redact(text: str) -> str:
    """Hide what looks like a secret in a text of unknown structure: values of secret names, credentials, user parts."""
    return _Scan(text).redacted()


class _Scan:
    """One pass over a text; every step goes on where the last one ended. ``found`` is what was hidden."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[str] = []
        self._at = 0  # up to here the text is in `_pieces`
        self.found: list[str] = []

    def redacted(self) -> str:
        while start := _START.search(self._text, self._at):
            if start["name"]:
                self._keep(start.end())
                self._value_after(start["name"])
            else:
                self._keep(start.end(start.lastgroup) if start.lastgroup else start.start())
                self._hide(start.end() - bool(start["url"]))
        self._keep(len(self._text))
        return "".join(self._pieces)

    def _keep(self, end: int) -> None:
        self._pieces.append(self._text[self._at : end])
        self._at = end

    def _hide(self, end: int) -> None:
        """Hide what stands before ``end``, but for the scheme of an authorization."""
        if scheme := _SCHEME.match(self._text, self._at, end):
            self._keep(scheme.end())
        if self._at < end and not _NOTHING.fullmatch(self._text, self._at, end):
            self.found.append(self._text[self._at : end])
            self._pieces.append(HIDDEN)
            self._at = end

    def _value_after(self, name: str) -> None:
        """Hide the value of the secret ``name``, which ends here, if one follows."""
        text, single = self._text, self._text.startswith("'", self._at)
        if compared := _COMPARED[0].match(text, self._at):
            self._given(compared)
            if actual := _COMPARED[1].match(text, self._at):
                self._given(actual)
            return
        assigned = _ASSIGNED.match(text, self._at)
        if assigned and assigned["open"] and (assigned["quote"] or assigned["separator"] != ","):
            self._given(assigned)
        elif assigned and assigned["separator"] != "," and not single:
            self._keep(assigned.end())
            whole_line = assigned["separator"] == ":" and name.lower().startswith(("authorization", "cookie"))
            pattern = _LINE if whole_line else _CLAUSE if assigned["separator"] == ":" else _WORD
            value = pattern.match(text, self._at)
            self._hide(self._at + len(value[0].rstrip()) if value else self._at)
        elif single:
            self._keep(self._at + 1)
            for _ in range(3):  # "header 'X-Token' to have value 'a' but was 'b'"
                if said := _PROSE.match(text, self._at):
                    self._keep(said.end(1))
                    self._hide(said.end(2))
                    self._keep(said.end())
        elif described := _DESCRIBED.match(text, self._at):
            self._given(described)
        elif element := _ELEMENT.match(text, self._at):
            self._keep(element.end(1))
            self._hide(element.end())

    def _given(self, opened: re.Match[str]) -> None:
        """Hide the value in quotes that begins at the end of ``opened``, and the others of its list."""
        self._keep(opened.end())
        following: re.Match[str] | None = opened
        while following and following["open"]:
            self._keep(following.end())
            close = _closing(following["open"]).search(self._text, self._at)
            self._hide(close.start() if close else len(self._text))
            if "[" not in (opened.groupdict().get("wrapped") or ""):
                break
            following = _NEXT_ITEM.match(self._text, self._at)


@lru_cache(maxsize=64)
def _closing(quote: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\\)" + re.escape(quote))


_MOST_KNOWN = 100
_known: dict[str, None] = {}  # what logs said under a secret name, the latest last
_NAME_LATER = re.compile(r"(from_integration_json_v2 called value=)(.*?)( path=\S*)", re.DOTALL)
_WITHOUT_NAME = "parsed header value: "
_NAME_APART = re.compile(r"(pactffi_with_\w+ called .*?name=(\S+) index=\d+ value=)(.*)", re.DOTALL)


def redact_log(text: str) -> str:
    """Redact a message of a log: what was hidden by its name once is hidden later, too, where it has no name."""
    if (apart := _NAME_APART.match(text)) and is_secret(apart[2]):
        found, text = [apart[3]], apart[1] + HIDDEN
    elif (later := _NAME_LATER.match(text)) and is_secret(later[3].rpartition(".")[2].rpartition("[")[2]):
        found, text = [later[2]], later[1] + HIDDEN + later[3]
    elif text.startswith(_WITHOUT_NAME):
        return _WITHOUT_NAME + HIDDEN
    else:
        scan = _Scan(_without_known(text))
        text, found = scan.redacted(), scan.found
    for value in found:
        example = re.fullmatch(r'\{"value": ?"(.*)"\}', value, re.DOTALL)
        _learn(example[1] if example else value)
    return _without_known(text) if found else text


def _without_known(text: str) -> str:
    for value in list(_known):
        if value in text:
            text = text.replace(value, HIDDEN)
    return text


def _learn(value: str) -> None:
    plain = value.replace("\\", "")
    for spelling in (value, plain, value.replace(", ", ","), plain.replace(", ", ","), unquote_plus(value)):
        if len(spelling) >= 6 and not is_secret(spelling):  # what is shorter may stand anywhere
            _known.pop(spelling, None)
            _known[spelling] = None
    while len(_known) > _MOST_KNOWN:
        _known.pop(next(iter(_known)), None)

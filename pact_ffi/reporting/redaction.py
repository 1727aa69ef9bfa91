r"""Secrets are kept out of logs, reports, exceptions and representations: whatever shows a value comes here.

Where the structure of a text is known (a header, a query, a form, JSON) `Redactor` hides the values of secret names
and leaves the shape: `***(12 characters)`. Where it is not known, `scan` looks for them.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from pact_ffi.reporting.scan import HIDDEN, SCHEME, redact
from pact_ffi.reporting.secret_names import is_plain, is_secret

_MOST_TEXT = 10_000  # characters of an exception of the user's
_COOKIE_ATTRIBUTE = re.compile(
    r"(?:path|domain|expires|max-age|samesite|secure|httponly|partitioned|priority)\s*(?:=|$)", re.I
)
_NEXT_COOKIE = re.compile(r",\s*(?=[^\s;,=]+=)")  # the comma in the date of Expires is followed by a day
_PAIRS = re.compile(r"[^\s&=]+=[^\s&]*(?:&[^\s&=]+=[^\s&]*)*")


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
        if not is_secret(name) or is_plain(name, value):
            return redact(value)
        if name.lower() == "set-cookie":
            return ", ".join(self._cookie(*one.split("; ")) for one in _NEXT_COOKIE.split(value))
        if name.lower().endswith("cookie"):
            return "; ".join(map(self._cookie, value.split("; ")))
        scheme = SCHEME.match(value) if name.lower().endswith("authorization") else None
        return f"{scheme[0]}{self.value(value[scheme.end() :])}" if scheme else self.value(value)

    def _cookie(self, pair: str, *attributes: str) -> str:
        name, equals, value = pair.partition("=")
        shown = [f"{name}={self.value(value)}" if equals else self.value(pair)]
        return "; ".join(shown + [one if _COOKIE_ATTRIBUTE.match(one) else self._cookie(one) for one in attributes])

    def named(self, name: str, value: Any) -> Any:
        """Return the value of a query parameter, a form's field, metadata or a member of JSON."""
        if not is_secret(name):
            return self.body(value)
        if isinstance(value, (list, tuple)):
            return [self.named(name, item) for item in value]
        return value if is_plain(name, value) else self.value(value)

    def body(self, body: Any) -> Any:
        """Return a body: a JSON value, or a text that may be JSON, a form or anything."""
        try:
            return self._text(body) if isinstance(body, str) else self._json(body)
        except RecursionError:
            return redact(body) if isinstance(body, str) else f"{HIDDEN}(nested too deeply to be shown)"

    def _json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.named(key, item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._json(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        if text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
            try:
                value = json.loads(text)
            except ValueError:
                return redact(text)
            hidden = self._json(value)
            if hidden != value:
                return json.dumps(hidden, ensure_ascii=False)
        return self.pairs(text) if _PAIRS.fullmatch(text) else redact(text)  # a key may be there twice

    def pairs(self, text: str) -> str:
        """Return a query or a form."""
        return "&".join(map(self._pair, text.split("&")))

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        plain = unquote_plus(value)
        if is_secret(unquote_plus(name)):
            shown = self.named(unquote_plus(name), value)
        else:
            inner = self.body(plain)
            shown = value if inner == plain else quote(inner, safe="*() ,")
        return f"{redact(name)}{equals}{shown}"


def hide(text: str, *secrets: str) -> str:
    """Replace known ``secrets``, however a URL, a form or JSON spells them."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        in_json = json.dumps(secret)[1:-1]
        spellings = {secret, in_json, json.dumps(secret, ensure_ascii=False)[1:-1], secret.replace(", ", ",")}
        for encode in (quote, quote_plus):
            encoded = {encode(secret, safe=""), encode(secret), encode(secret, safe="!$&'()*+,;=:@-._~")}
            spellings |= encoded | {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), each) for each in encoded}
        for spelling in sorted(spellings, key=len, reverse=True):
            if len(spelling) > 3:
                text = text.replace(spelling, HIDDEN)
            elif spelling in text:  # what is so short may be a part of any word
                text = re.sub(rf"(?<!\w){re.escape(spelling)}(?!\w)", HIDDEN, text)
    return text


def told_from(expected: Any, actual: Any, *, differ: bool) -> Any:
    """Return ``actual``; where only what is hidden in it makes it another than ``expected``, it says so."""
    return f"{actual} (differs in what is hidden)" if differ and expected == actual else actual


def said_by(error: BaseException) -> str:
    """Return the text of an exception of the user's, without secrets, cut; some raise when they are asked for it."""
    try:
        text = str(error)
    except Exception:
        return "(this exception has no text)"
    more = f"... ({len(text):,} characters)" if len(text) > _MOST_TEXT else ""
    return redact(text[:_MOST_TEXT]) + more

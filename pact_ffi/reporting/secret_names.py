"""Which names stand for a secret: of headers, parameters, keys of JSON, elements of XML, variables."""

from __future__ import annotations

import re
from functools import lru_cache

from pact_ffi.reporting.screen import folded

_KEYS = (
    "secret|api|access|private|signing|signature|encryption|master|account|auth|session|subscription|functions?"
    "|ssh|licen[cs]e|deploy|symmetric|hmac|webhook"
)
# May end any word: userpassword, X-Api-Key.
_ENDINGS = (
    r"(?:(?:auth(?:orization)?|verification|recovery|backup|security)[ _.-]?code|code[ _.-]?verifier"
    rf"|security[ _.-]?answer|card[ _.-]?number|(?:{_KEYS})[ _.-]?key"
    r"|authorization|cookie|token|passw(?:or)?d|passwort|passphrase|passcode|pwd|secret|credential|jwt"
    r"|sess(?:ion)?[_-]?id|client[_-]?assertion|saml(?:response|request|assertion)"
    r"|kennwort|wachtwoord|contrase[nñ]a|mot[_-]?de[_-]?passe|пароль|密码|密碼|パスワード|비밀번호)s?"
)
# Are a word of their own: connect.sid, smsOtp; not the end of another: config, laptop.
_WORDS = r"(?:sid|sig|signature|csrf|xsrf|hmac|t?otp|cvv2?|cvc2?|pw|senha)s?"
# Are the whole name, or follow one of these: a boarding pass and a map's pin are none.
_WHOLE = r"(?:pass|pin(?:[_-]?(?:code|number))?)"
_OWNER = (
    r"(?:user|db|database|smtp|e?mail|ftp|ldap|login|admin|root|proxy|basic|auth|new|old|card|sim|door|access|security)"
)
_SUFFIX = r"(?:[_-]?(?:confirm(?:ation)?|repeat|again|hash|value|[0-9]{1,3}))?"
# A name where it ends in a text of unknown structure, in lower case; `word` is one that is an everyday word, too.
IN_TEXT = rf"(?P<name>(?:{_ENDINGS}|(?P<word>{_WORDS}|{_WHOLE})){_SUFFIX})(?![a-z])"
_NAME = re.compile(
    rf"(?:.*{_ENDINGS}|(?:.*(?:(?<![a-z])|(?-i:(?<=[a-z])(?=[A-Z]))))?(?:{_WORDS}|auth)|(?:.*[\[.])?(?:{_OWNER}[_-]?)?{_WHOLE}){_SUFFIX}",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_THE_WHOLE = re.compile(rf"(?:^|[^\w.-])(?:{_OWNER}[_-]?)?$", re.IGNORECASE)
_LONGEST = 200


@lru_cache(maxsize=1000)
def is_secret(name: str) -> bool:
    """Return whether a header, parameter or key of this name holds a secret; ``user[password]`` does, too."""
    end = name[-_LONGEST:].strip("$[]'\" ")
    return any(_NAME.fullmatch(spelled) for spelled in (end, folded(end)))


def begins_a_word(text: str, at: int, word: str) -> bool:
    """Return whether the short name ``word`` at this place is one: not the end of another word or name."""
    before, first = text[max(0, at - 20) : at], text[at : at + 1]
    if word.startswith(("pass", "pin")):
        return _BEFORE_THE_WHOLE.search(before) is not None
    return not before[-1:].isalpha() or (before[-1:].islower() and first.isupper())


def is_plain(name: str, value: object) -> bool:
    """Return whether a value is no secret whatever its name: nothing, a flag, a count of ``tokens``."""
    text = str(value)
    return text in ("", "None", "[]", "null", "True", "False", "true", "false") or (
        name.lower().endswith("tokens") and text.replace(".", "", 1).isdigit()
    )

"""Secrets in a text of unknown structure: a log, an error of somebody else, a body that is no JSON and no form.

One pass looks for names and for what credentials look like; its time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_plus

from pact_ffi.reporting.secret_names import IN_TEXT, begins_a_word, is_plain, is_secret

HIDDEN = "***"
SCHEME = re.compile(r"(?:basic|bearer|digest|negotiate|ntlm|hawk|apikey|token|aws4-hmac-sha256) +", re.I)
_QUOTE = r"(?:\\*[\"']|%22|&quot;|&#(?:34|39|x27);)"
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_NEW_LINE = r"(?:\r?\n|\\r\\n|\\n)"

# Where a secret may begin, in lower case. No part can be entered twice at one place: the search for the next one stays
# linear whatever the text is. What must not stand before is asked last, which lets the search skip most places at once.
_START = re.compile(
    rf"{IN_TEXT}"
    r"|(?P<core>(?:token\((?<!\wtoken\()|user\((?<!\wuser\()\\*\"[^\"\\]*\\*\", some\()\\*\")[^\"\\]+"
    r"|(?P<url>://)(?:[^/\s\"'\\<>]*|[^/\s:@\"'\\<>]{0,100}:(?!\d*/)[^\s@\"'\\<>]{0,200})@"
    r"|(?P<digest>digest[ \t]{1,8}(?<![\w-]digest[ \t]))(?:\w+=(?:\\*\"[^\"\\]*\\*\"|[^\s,;\"'\\]+)(?:, ?)?)+"
    r"|(?P<scheme>b(?:earer|asic)[ \t]{1,8})(?!\*\*\*|\w+=\\*\")[\w.~+/=-]{4,}"
    r"|(?P<login>-(?:u|-user)[ =]{1,3}[^\s:]{1,100}:)\S+"
    r"|(?P<hook>hooks\.slack\.com/services/|/api/webhooks/|api\.telegram\.org/bot)[\w/:-]+"
    r"|(?P<key>-----begin [a-z0-9 ]{0,30}private key(?: block)?-----)"
    r"|(?P<parameters>\[parameters: )"
    r"|eyj(?<![\w-]eyj)[\w-]{8,}\.[\w-]+(?:\.[\w-]*){0,3}"  # a JSON web token, signed or encrypted
    r"|(?:gh[oprsu]_(?<![\w-]gh._)|github_pat_|glpat-|xox[abeoprs]-|[rs]k_(?:live|test)_|aiza(?<![\w-]aiza)|npm_|pypi-"
    r"|dop_v1_|sg\.(?<![\w-]sg\.)|sk-(?:ant|proj|svcacct)-)[\w.-]{16,}"  # keys that say what they are
)
_ANSI = r"(?:\x1b\[[\d;]*m)?"
_WRAPPED = r"(?P<wrapped>(?:Some\(|String\(|Left\(|Right\(|\[|\()*)b?"
_VALUE = rf"{_WRAPPED}(?P<open>{_QUOTE})?"
_COMPARED = (
    re.compile(r"\\*[\"'](?:\]\\*[\"'])?, expected: " + _VALUE),
    re.compile(r"(?:[\"'\\)\]]|None){0,9}, actual: " + _VALUE),
)
_ASSIGNED = re.compile(
    _ANSI + rf"(?P<quote>{_QUOTE})?[\])]{{0,2}}\s{{0,4}}(?P<separator>:|=>|=|,|\(|%3[Aa]|%3[Dd])\s{{0,8}}" + _VALUE
)
_DESCRIBED = re.compile(_ANSI + r"[\"'] (?:to have|with|has) value (?P<open>[\"'])")
_PROSE = re.compile(r"([^'\"\n\\]{0,80}')([^'\n]*)'")
_NEXT_ITEM = re.compile(rf"{_QUOTE}\)*,\s*(?:Some\()?(?P<open>{_QUOTE})")
_TAG = re.compile(r"<[\w.:-]{0,80}$")
_END_TAG = re.compile(r"</([\w.:-]{1,160})")
_TAG_ENDS = re.compile(r"(?:\s[^<>]{0,2000})?(?<!/)>")
_PART_BEGINS = re.compile(
    rf"\\*\"[^\r\n\\]{{0,200}}{_NEW_LINE}(?:[\w-]{{1,60}}:[^\r\n\\]{{0,500}}{_NEW_LINE}){{0,9}}{_NEW_LINE}"
)
_PART_ENDS = re.compile(rf"{_NEW_LINE}--")
_SEGMENT = re.compile(r"/(?=[\w.~-]{0,40}\d)[\w.~-]{16,}")
_FLAG = re.compile(r"(?<![\w-])--?[\w-]{0,60}$")
_FLAG_VALUE = re.compile(r"[ \t]{1,4}(?![-\s])")
_NOTHING = {"", HIDDEN, "None", "null", "true", "false", "Missing"}
_WORD, _CLAUSE, _LINE, _ENCODED = (
    re.compile(pattern)
    for pattern in (
        r"(?:[^\s,;&})\]\"'\\<>#]|,(?!\s|$|[\w-]{1,40}=))*",
        r"[^,;&})\]\"'\\\n<>]*",
        r"[^\n\"'\\})]*(?:[\"'][^\n]*)?",
        r"(?:[^\s,;&})\]\"'\\<>#%]|%(?!26|22|2C|7D|5D))*",
    )
)


def redact(text: str) -> str:
    """Hide what looks like a secret in a text of unknown structure: values of secret names, credentials, user parts."""
    return _Scan(text).redacted()


class _Scan:
    """One pass over a text; every step goes on where the last one ended. ``found`` is what was hidden."""

    def __init__(self, text: str) -> None:
        self._text = text
        lower = text.lower()
        self._lower = lower if len(lower) == len(text) else text.translate(_LOWER)
        self._pieces: list[str] = []
        self._at = 0  # up to here the text is in `_pieces`
        self._named = False  # whether a secret name came
        self._last_ends: dict[str, int] | None = None  # of the elements of XML, where each ends for the last time
        self.found: list[str] = []

    def redacted(self) -> str:
        while start := _START.search(self._lower, self._at):
            if start["name"]:
                self._keep(start.end())
                if not start["word"] or begins_a_word(self._text, start.start(), start["word"]):
                    self._named = True
                    self._value_after(start)
            elif start["key"]:
                self._keep(start.end())
                self._hide(self._end_of(re.compile(r"-----END|[\"']")))
            elif start["parameters"]:  # of a statement; which one is the secret only its reader knows
                self._keep(start.end())
                if self._named:
                    self._hide(self._end_of(re.compile(r"\]?$", re.MULTILINE)))
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
        if scheme := SCHEME.match(self._text, self._at, end):
            self._keep(scheme.end())
        value = self._text[self._at : end]
        if value not in _NOTHING:
            self.found.append(value)
            self._pieces.append(HIDDEN)
            self._at = end

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        """Return where ``pattern`` begins, or the end of the text."""
        end = pattern.search(self._text, self._at)
        return end.start() if end else len(self._text)

    def _value_after(self, start: re.Match[str]) -> None:
        """Hide the value of the secret whose name ends here, if one follows."""
        text, name, single = self._text, self._text[start.start() : self._at], self._text.startswith("'", self._at)
        if compared := _COMPARED[0].match(text, self._at):
            self._given(compared)
            if actual := _COMPARED[1].match(text, self._at):
                self._given(actual)
            return
        assigned = _ASSIGNED.match(text, self._at)
        separator = assigned["separator"].upper() if assigned else ""
        if assigned and assigned["open"] and (assigned["quote"] or separator != ","):
            self._given(assigned)
        elif assigned and separator not in (",", "(") and not single:
            alone = text[max(0, start.start() - 1) : start.start()] not in ("-", "_", ".")
            if not (start["word"] and alone and separator == ":" and not assigned["quote"]):  # "second pass: 3 items"
                self._unquoted(name, separator, assigned.end())
        elif single:
            self._keep(self._at + 1)
            for _ in range(3):  # "header 'X-Token' to have value 'a' but was 'b'"
                if said := _PROSE.match(text, self._at):
                    self._keep(said.end(1))
                    self._hide(said.end(2))
                    self._keep(said.end())
        elif described := _DESCRIBED.match(text, self._at):
            self._given(described)
        elif part := _PART_BEGINS.match(text, self._at):
            self._keep(part.end())
            self._hide(self._end_of(_PART_ENDS))
        elif segment := _SEGMENT.match(text, self._at):
            self._keep(self._at + 1)
            self._hide(segment.end())
        elif (value := _FLAG_VALUE.match(text, self._at)) and _FLAG.search(
            text[max(0, start.start() - 80) : start.start()]
        ):
            self._keep(value.end())
            self._hide(self._end_of(re.compile(r"\s|$")))
        elif tag := _TAG.search(text[max(0, start.start() - 80) : start.start()]):
            self._element(f"{tag[0][1:]}{name}")

    def _unquoted(self, name: str, separator: str, begin: int) -> None:
        text, whole_line = self._text, separator == ":" and name.lower().startswith(("authorization", "cookie"))
        plain = _CLAUSE if separator == ":" else _ENCODED if separator.startswith("%") else _WORD
        value = (_LINE if whole_line else plain).match(text, begin)
        end = begin + len(value[0].rstrip()) if value else begin
        self._keep(begin)
        if not is_plain(name, text[begin:end]):
            self._hide(end)

    def _element(self, tag: str) -> None:
        """Hide what an element of XML has in it, if the text has its end."""
        if self._last_ends is None:
            self._last_ends = {end[1]: end.start() for end in _END_TAG.finditer(self._text)}
        ends = _TAG_ENDS.match(self._text, self._at)
        if ends and self._last_ends.get(tag, -1) >= ends.end():
            self._pieces.append(redact(ends[0]))
            self._at = ends.end()
            self._hide(self._text.find(f"</{tag}", self._at))

    def _given(self, opened: re.Match[str]) -> None:
        """Hide the value in quotes that begins at the end of ``opened``, and the others of its list."""
        self._keep(opened.end())
        following: re.Match[str] | None = opened
        while following and following["open"]:
            self._keep(following.end())
            self._hide(self._end_of(_closing(following["open"])))
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

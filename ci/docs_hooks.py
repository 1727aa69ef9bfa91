"""What the site shows beside the pages: the help of the command line, the changes, how to contribute."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HELP = "<!-- help of all commands -->"
INCLUDED = re.compile(r"^<!-- the file (\S+) -->$", re.M)


def helps() -> Iterator[tuple[str, str]]:
    """The command line and each of its commands, with what ``--help`` says."""
    from pact_ffi.cli.main import _parser

    parser = _parser()
    yield parser.prog, parser.format_help()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command.prog, command.format_help()


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put in what is said elsewhere."""
    if HELP in markdown:
        pages = (f"## {name}\n\n```txt\n{text.rstrip()}\n```\n" for name, text in helps())
        return markdown.replace(HELP, "\n".join(pages))
    return INCLUDED.sub(included, markdown)


def on_post_page(output: str, **_: Any) -> str:
    """Take out what would ask the repository's host for its stars: a reader's browser asks nobody."""
    return output.replace(' data-md-component="source"', "")


def on_post_template(output: str, **_: Any) -> str:
    """Do so on the page for what is not found, too."""
    return on_post_page(output)


def included(found: re.Match[str]) -> str:
    """The text of a file of the repository's root; its links to pages are those of the site."""
    text = (ROOT / found[1]).read_text(encoding="utf-8")
    return re.sub(r"\]\(docs/", "](../", text)

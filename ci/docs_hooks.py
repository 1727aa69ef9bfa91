"""What the site shows beside the pages: the help of the command line, the changes, how to contribute."""

from __future__ import annotations

import argparse
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HELP = "<!-- help of all commands -->"
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")
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


def help_texts() -> Iterator[str]:
    """The same as Markdown."""
    return (f"## {name}\n\n```console\n{text.rstrip()}\n```\n" for name, text in helps())


def on_config(config: Any) -> Any:
    """Take the repository's address from where the package has it."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    config["repo_url"] = re.findall(r'^Source = "(.+)"$', project, re.M)[0]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Put in what is said elsewhere, and let links to files beside the documentation lead into the repository."""
    source = ROOT / "docs" / page.file.src_uri
    markdown = markdown.replace(HELP, "\n".join(help_texts()))
    if found := INCLUDED.search(markdown):
        source = ROOT / found[1]
        markdown = source.read_text(encoding="utf-8")

    def target(link: re.Match[str]) -> str:
        path = (source.parent / link[1]).resolve()
        inside = path.is_relative_to(ROOT / "docs")
        if not path.exists() or (inside and source.is_relative_to(ROOT / "docs")):
            return link[0]  # mkdocs looks at it
        if inside:
            return f"]({os.path.relpath(path, (ROOT / 'docs' / page.file.src_uri).parent)}{link[2] or ''})"
        kind = "tree" if path.is_dir() else "blob"
        return f"]({config['repo_url']}/{kind}/main/{path.relative_to(ROOT)}{link[2] or ''})"

    return LINK.sub(target, markdown)


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Refuse text that became code because it is indented, below what is no list any more."""
    fences = len(re.findall(r"^ *```text$", page.markdown, re.M))
    of_docstrings = re.search("^::: ", page.markdown, re.M)
    if html.count('class="language-text') != fences and not of_docstrings:
        logging.getLogger("mkdocs").warning("%s: indented text became code", page.file.src_uri)
    return html


def on_post_page(output: str, **_: Any) -> str:
    """Take out what would ask the repository's host for its stars: a reader's browser asks nobody."""
    return output.replace(' data-md-component="source"', "")


def on_post_template(output: str, **_: Any) -> str:
    """Do so on the page for what is not found, too."""
    return on_post_page(output)

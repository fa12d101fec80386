"""The pages of help as HTML: headings that can be reached, links that stay inside of Sverka."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sverka.pages.help import ANCHOR, Page, text_of

FILES = {f"{page}.md": page for page in Page}


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: its anchor and its heading."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page: its title, its chapters, and all below the title as safe HTML."""

    title: str
    parts: tuple[Part, ...]
    html: str


def drawn(page: Page, base: str) -> Drawn:
    """The page; `base` is the prefix of all links. HTML in the text stays text."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("code_inline", _code)
    markdown.add_render_rule(
        "table_open", lambda *_: '<div class="wide"><table class="ledger cards">'
    )
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = markdown.parse(text_of(page))
    title, *rest = _chapters(tokens)
    for token in tokens:
        if token.children:
            token.children = list(_leading_inside(token.children, base))
    html = markdown.renderer.render(tokens[3:], markdown.options, {"seen": set()})
    return Drawn(title.title, tuple(rest), html)


def _chapters(tokens: Sequence[Any]) -> Iterator[Part]:
    """The headings of the first two levels; they get their anchors on the way."""
    for number, (opening, text) in enumerate(
        (one, following)
        for one, following in pairwise(tokens)
        if one.type == "heading_open" and one.tag in {"h1", "h2"}
    ):
        opening.attrSet("id", f"part-{number}")
        yield Part(f"part-{number}", text.content)


def _leading_inside(tokens: Sequence[Any], base: str) -> Iterator[Any]:
    """Files of the repository become pages of ours; links to others become plain words."""
    dropped = False
    for token in tokens:
        if token.type == "image":
            token.attrSet("src", f"{base}/help/{token.attrGet('src')}")
            token.attrSet("loading", "lazy")
        if token.type == "link_open":
            file, _, part = token.attrGet("href").partition("#")
            dropped = file not in FILES
            if not dropped:
                token.attrSet("href", f"{base}/help/{FILES[file]}{'#' + part if part else ''}")
        if not (dropped and token.type in {"link_open", "link_close"}):
            yield token


def _code(_: Any, tokens: Sequence[Any], index: int, __: Any, env: dict[str, set[str]]) -> str:
    from markdown_it.common.utils import escapeHtml

    text = tokens[index].content
    if not ANCHOR.fullmatch(text) or text in env["seen"]:
        return f"<code>{escapeHtml(text)}</code>"
    env["seen"].add(text)
    return f'<code id="{text}"><a href="#{text}">{text}</a></code>'

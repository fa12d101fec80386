"""A notice as an e-mail and as a message of Telegram."""

from dataclasses import dataclass
from html import escape

from sverka.notices.notice import Notice, one_line
from sverka.texts import Texts

MESSAGE_LIMIT = 4096
"""Of `sendMessage` after the markup is read (Telegram Bot API). It counts UTF-16 units."""
STEP_LIMIT = 600

_FRAME = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body style="font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;max-width:36rem;\
margin:0 auto;padding:1rem">
<h1 style="font-size:1.25rem;line-height:1.3;margin:0 0 .75rem">{title}</h1>
{lines}
<p style="margin:1rem 0;padding:.6rem .9rem;border-left:4px solid #2a6fdb"><b>{todo}</b> {step}</p>
{link}</body></html>
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """Subject in one line, body as HTML."""

    subject: str
    html: str


def as_mail(notice: Notice, say: Texts, public_url: str) -> Mail:
    """The notice as an e-mail; without a `public_url` it has no link."""
    title, link = notice.one_line_title, _link(notice, public_url)
    html = _FRAME.format(
        language=say.language,
        title=escape(title),
        lines="\n".join(
            f'<p style="margin:.25rem 0">{escape(line)}</p>' for line in notice.body.split("\n")
        ),
        todo=escape(say("Что делать:")),
        step=escape(notice.next_step),
        link=f'<p><a href="{escape(link)}">{escape(say("Открыть в Сверке"))}</a></p>\n'
        if link
        else "",
    )
    return Mail(title, html)


def as_telegram(notice: Notice, say: Texts, public_url: str) -> str:
    """The notice as the HTML of Telegram, never longer than one message may be.

    One message and not several: a second part that fails would bring the first one again. Lines
    that have no room are behind the link.
    """
    title, link = notice.one_line_title, _link(notice, public_url)
    step = f"{say('Что делать:')} {one_line(notice.next_step, STEP_LIMIT)}"
    opening, more = say("Открыть в Сверке"), say("… остальное в Сверке.")
    room = MESSAGE_LIMIT - sum(_units(part) + 2 for part in (title, step, opening, more))
    lines = _fitting(notice.body.split("\n"), room, more)
    parts = [f"<b>{escape(title)}</b>", "\n".join(map(escape, lines)), escape(step)]
    if link:
        parts.append(f'<a href="{escape(link)}">{escape(opening)}</a>')
    return "\n\n".join(part for part in parts if part)


def _fitting(lines: list[str], room: int, more: str) -> list[str]:
    kept: list[str] = []
    for line in lines:
        room -= _units(line) + 1
        if room < 0:
            return [*kept, more]
        kept.append(line)
    return kept


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _link(notice: Notice, public_url: str) -> str:
    return f"{public_url.rstrip('/')}{notice.path}" if public_url else ""

"""Spoils SQL: one token or one condition at a time; the rest of the text stays as it is.

PostgreSQL's own words and placeholders of psycopg2 are left alone by working on tokens. A change
that PostgreSQL does not understand is recognised when it runs and is not counted (see `warm.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Edit = tuple[int, int, str]
"""From, to (offsets in the text), and what stands there instead."""

_TOKEN = re.compile(
    r"(?P<skip>\s+|--[^\n]*)|(?P<text>'(?:[^']|'')*')|(?P<name>\"[^\"]*\"|%\(\w+\)s|%s)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[^\W\d]\w*)|(?P<sign><>|<=|>=|!=|\|\||::|->>|->|%%|.)",
    re.ASCII | re.DOTALL,
)
_SWAPPED = {
    "=": "<>", "<>": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-", "-": "+",
    "and": "or", "or": "and", "min": "max", "max": "min", "greatest": "least", "least": "greatest",
    "bool_or": "bool_and", "bool_and": "bool_or", "any": "all", "all": "any",
}  # fmt: skip
_FUNCTIONS = frozenset(("min", "max", "greatest", "least", "bool_or", "bool_and", "any", "all"))
_ENDS_CONDITION = frozenset(
    ("where", "on", "when", "then", "else", "end", "group", "order", "having", "join", "left",
     "full", "cross", "select", "from", "union", "returning", "limit", "window", "set", "using",
     "as", "for", "over", "partition", "do", "is")
)  # fmt: skip
_BEGINS_CONDITION = frozenset(("where", "on", "when", "having"))
_SQL = re.compile(r"\s*(select|insert|update|delete|with|create temp|--)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    depth: int

    @property
    def word(self) -> str:
        return (
            self.text.lower() if self.kind == "word" else self.text if self.kind == "sign" else ""
        )


def looks_like_sql(text: str) -> bool:
    """Whether a string of the code is a statement."""
    return bool(_SQL.match(text))


def spoiled(text: str) -> Iterator[str]:
    """Every version of this SQL with one thing changed."""
    versions = (text[:start] + instead + text[end:] for start, end, instead in _edits(text))
    yield from (version for version in dict.fromkeys(versions) if version != text)


def _edits(text: str) -> Iterator[Edit]:
    tokens = _tokens(text)
    for index, token in enumerate(tokens):
        yield from _of_token(tokens, index, token)
    yield from _of_conditions(tokens)
    yield from _of_defaults(tokens)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup or "", match.group()
        if kind == "skip":
            continue
        word = value.lower()
        closes = value == ")" or (kind == "word" and word == "end")
        opens = value == "(" or (kind == "word" and word == "case")
        depth -= closes
        found.append(_Token(kind, value, match.start(), match.end(), depth))
        depth += opens
    return found


def _of_token(tokens: list[_Token], index: int, token: _Token) -> Iterator[Edit]:
    before = tokens[index - 1].word if index else ""
    after = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if token.kind == "text":
        yield token.start, token.end, "'another'" if token.text == "''" else "''"
    elif token.kind == "number":
        yield from _of_number(before, token)
    elif token.word in _SWAPPED:
        yield from _swapped(tokens, index, before, after)
    elif token.word == "not":
        yield from _without_not(token, before, after)
    elif token.word == "by" and before == "order":
        yield from _descending(tokens, index)
    elif token.word == "union" and after == "all":
        yield token.end, tokens[index + 1].end, ""
    else:
        yield from _of_word(token, before, after)


def _of_word(token: _Token, before: str, after: str) -> Iterator[Edit]:
    match token.word, before, after:
        case "is", _, "null":
            yield token.end, token.end, " not"
        case ("distinct", "select" | "(", _) | ("left", _, "join") | ("desc", _, _):
            yield token.start, token.end, ""
        case "full", _, "join":
            yield token.start, token.end, "left"
        case "union", _, _:
            yield token.end, token.end, " all"
        case (("true" | "false"), _, _):
            yield token.start, token.end, "false" if token.word == "true" else "true"


def _of_number(before: str, token: _Token) -> Iterator[Edit]:
    # Places of columns and of array elements are not quantities.
    if before in ("[", "by", "."):
        return
    value = int(float(token.text))
    yield token.start, token.end, str(value + 1)
    if value:
        yield token.start, token.end, str(value - 1)


def _swapped(tokens: list[_Token], index: int, before: str, after: str) -> Iterator[Edit]:
    word = tokens[index].word
    if (
        (word in _FUNCTIONS and after != "(")
        or (word == "=" and _assigns(tokens, index))
        or (word == "and" and _of_between(tokens, index))
        or (word in "+-" and before in ("(", ",", "=", "<", ">", "then", "else", ""))
    ):
        return
    yield tokens[index].start, tokens[index].end, _SWAPPED[word]


def _assigns(tokens: list[_Token], index: int) -> bool:
    """The `=` of `update … set a = b`."""
    depth = tokens[index].depth
    for token in reversed(tokens[:index]):
        if token.depth < depth:
            return False
        if token.depth == depth and token.word in ("where", "from", "on", "when", "select", "and"):
            return False
        if token.depth == depth and token.word == "set":
            return True
    return False


def _of_between(tokens: list[_Token], index: int) -> bool:
    depth = tokens[index].depth
    for token in reversed(tokens[:index]):
        if (token.depth == depth and token.word in ("and", "or")) or token.depth < depth:
            return False
        if token.depth == depth and token.word == "between":
            return True
    return False


def _without_not(token: _Token, before: str, after: str) -> Iterator[Edit]:
    if (after in ("null", "materialized") and before != "is") or before in ("if", "as"):
        return
    yield token.start, token.end, ""


def _descending(tokens: list[_Token], index: int) -> Iterator[Edit]:
    """The first key of an order, the other way round."""
    depth = tokens[index].depth
    last = tokens[index]
    for token in tokens[index + 1 :]:
        if token.depth < depth or (token.depth == depth and token.word in _AFTER_KEY):
            break
        if token.depth == depth and token.word == "desc":
            return
        last = token
    yield last.end, last.end, " desc"


_AFTER_KEY = frozenset((",", ";", "rows", "limit", "for", "union", "returning"))


def _of_conditions(tokens: list[_Token]) -> Iterator[Edit]:
    """Every operand of a condition, as if it were not there."""
    for index, token in enumerate(tokens):
        if token.word in _BEGINS_CONDITION or token.word in ("and", "or"):
            first = index + 1
            if first >= len(tokens) or _is_no_condition(tokens, index):
                continue
            after = _end_of_operand(tokens, first, token.depth)
            if after == first:
                continue
            following = tokens[after].word if after < len(tokens) else ""
            among_or = token.word == "or" or (token.word != "and" and following == "or")
            neutral = "false" if among_or or token.word == "when" else "true"
            yield tokens[first].start, tokens[after - 1].end, neutral
            if token.word == "when" and following == "and":
                yield tokens[first].start, tokens[after - 1].end, "true"


def _is_no_condition(tokens: list[_Token], index: int) -> bool:
    """`between a and b`, `on commit drop`, `on conflict`, `create index on`."""
    if tokens[index].word == "and":
        return _of_between(tokens, index)
    names = (tokens[index - 1].word, tokens[index + 1].word)
    return tokens[index].word == "on" and bool({"index", "commit", "conflict"} & set(names))


def _end_of_operand(tokens: list[_Token], first: int, depth: int) -> int:
    between = False
    for index in range(first, len(tokens)):
        token = tokens[index]
        if token.depth < depth:
            return index
        if token.depth > depth:
            continue
        if token.word == "and" and between:
            between = False
        elif token.word in ("and", "or", ",", ";") or (
            token.word in _ENDS_CONDITION and not _inside_condition(tokens, index)
        ):
            return index
        between = between or token.word == "between"
    return len(tokens)


def _inside_condition(tokens: list[_Token], index: int) -> bool:
    """`is` of a test, `from` of `is distinct from`, `end` of a case within the condition."""
    token = tokens[index]
    return (
        token.word in ("is", "end")
        or (token.word == "from" and tokens[index - 1].word == "distinct")
        or (token.word == "left" and tokens[index + 1].word == "(")
    )


def _of_defaults(tokens: list[_Token]) -> Iterator[Edit]:
    """`coalesce(a, b)` without the `b`; `else x` without the `x`."""
    for index, token in enumerate(tokens):
        if token.word == "coalesce":
            yield from _without_default(tokens, index)
        elif token.word == "else":
            inside = [n for n in range(index, len(tokens)) if tokens[n].depth < token.depth][:1]
            for end in inside:
                yield tokens[index + 1].start, tokens[end - 1].end, "null"


def _without_default(tokens: list[_Token], index: int) -> Iterator[Edit]:
    inside = tokens[index].depth + 1
    comma = None
    for token in tokens[index + 2 :]:
        if token.depth < inside:
            if comma:
                yield comma.start, token.start, ""
            return
        if token.depth == inside and token.text == ",":
            comma = token

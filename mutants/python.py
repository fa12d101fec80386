"""Spoils Python with mutmut's operators; its trampolines let one process hold every mutant.

Two of them are turned down, because what they make dies at once and would only flatter the score:
a string is spoiled in one way, not in three, and a call loses its named arguments, while the
others become None. SQL within the code is spoiled as SQL. Texts for people are left alone.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import libcst as cst
import libcst.matchers as m
from mutmut import configuration
from mutmut.mutation.file_mutation import (
    Mutation,
    combine_mutations_to_source,
    create_mutations,
)

from mutants.mutant import Mutant
from mutants.scope import module_of
from mutants.sql import looks_like_sql, spoiled

_LOGS = m.Call(func=m.Attribute(value=m.Name("log")))


def mutants_of(file: Path, code: str, texts: str) -> tuple[str, list[Mutant]]:
    """The module with all its mutants inside, asleep, and the list of them.

    `texts` is a pattern of strings that only people read.
    """
    configuration._guess_source_paths = lambda: ["include"]  # nothing else of its settings is used
    module, mutations, *ignored = create_mutations(str(file), code)
    statements = _sql_strings(module)
    chosen = list(_chosen(module, mutations, statements, re.compile(texts)))
    made = combine_mutations_to_source(module, chosen, *ignored)
    lines = made.code.splitlines()

    def source(name: str, shown: str) -> str:
        span = made.line_span_by_function_name[name]
        found = "\n".join(lines[span.start - 1 : span.end]).strip("\n")
        return found.replace(name, shown, 1)

    mutants = []
    for name, mutation in zip(made.mutant_names, _by_function(chosen), strict=True):
        mangled = name.rpartition("__mutmut_")[0]
        shown = mangled.removeprefix("x_") if mangled.startswith("x_") else mangled.split("ǁ")[-1]
        mutants.append(
            Mutant(
                module_of(file),
                place=f"sverka.{module_of(file)}.{mangled}",
                name=name,
                was=source(f"{mangled}__mutmut_orig", shown),
                becomes=source(name, shown),
                statement=id(mutation.original_node) in statements,
            )
        )
    return made.code, mutants


def _by_function(mutations: Sequence[Mutation]) -> list[Mutation]:
    """In the order in which mutmut writes them down."""
    grouped: dict[int, list[Mutation]] = {}
    for mutation in mutations:
        if isinstance(function := mutation.contained_by_top_level_function, cst.FunctionDef):
            grouped.setdefault(id(function), []).append(mutation)
    return [mutation for group in grouped.values() for mutation in group]


def _chosen(
    module: cst.Module,
    mutations: Sequence[Mutation],
    statements: Collection[int],
    texts: re.Pattern[str],
) -> Iterator[Mutation]:
    only_read = _inside_messages(module)
    seen: set[int] = set()
    for mutation in mutations:
        node = mutation.original_node
        if id(node) in only_read:
            continue
        if isinstance(node, cst.SimpleString):
            if id(node) in seen or texts.search(node.value):
                continue
            seen.add(id(node))
            yield from _of_sql(mutation, node) if id(node) in statements else [mutation]
        elif not isinstance(node, cst.Call) or _keeps_call(node, mutation.mutated_node):
            yield mutation


def _keeps_call(node: cst.Call, mutated: cst.CSTNode) -> bool:
    """An argument becomes None, or a named one is left out."""
    if not isinstance(mutated, cst.Call):
        return True
    kept = {id(arg) for arg in mutated.args}
    gone = [arg for arg in node.args if id(arg) not in kept]
    left_out = len(mutated.args) < len(node.args)
    return all(bool(arg.keyword) == left_out for arg in gone)


def _of_sql(mutation: Mutation, node: cst.SimpleString) -> Iterator[Mutation]:
    quote = node.quote
    for text in spoiled(node.raw_value):
        changed = node.with_changes(value=f"{node.prefix}{quote}{text}{quote}")
        yield replace(mutation, mutated_node=changed)


def _sql_strings(module: cst.Module) -> set[int]:
    """The strings that are statements, or parts of one."""
    found: set[int] = set()
    for node in m.findall(module, m.SimpleString() | m.ConcatenatedString()):
        if not isinstance(node, cst.SimpleString | cst.ConcatenatedString):
            continue
        parts = _parts(node)
        first = parts[0]
        if isinstance(first, cst.SimpleString) and looks_like_sql(
            str(ast.literal_eval(first.value))
        ):
            found.update(id(part) for part in parts)
    return found


def _parts(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.ConcatenatedString):
        return [*_parts(node.left), *_parts(node.right)]
    return [node]


def _inside_messages(module: cst.Module) -> set[int]:
    """What stands in a logging call, and the words of an exception."""
    found: set[int] = set()
    for call in m.findall(module, _LOGS):
        found.update(map(id, _below(call)))
    for raised in m.findall(module, m.Raise()):
        found.update(id(n) for n in _below(raised) if isinstance(n, cst.BaseString | cst.Call))
    return found


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _below(child)

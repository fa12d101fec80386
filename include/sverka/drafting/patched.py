"""The draft of a known layout that changed: its own schema, patched, one version higher."""

from collections.abc import Mapping
from dataclasses import replace

from sverka.couriers import Couriers
from sverka.drafting.draft import Draft, Placed, Question, Unplaced
from sverka.drafting.naming import Whose, whose
from sverka.drafting.plan import FEE_NAMES
from sverka.drafting.proving import proven_by_rows
from sverka.nouns import Purpose
from sverka.reading.raw import RawFile
from sverka.recognition import Schemas
from sverka.recognition.bearing import column_named, titles
from sverka.recognition.drift import Drift, Inserted
from sverka.recognition.likeness import BY_VALUES
from sverka.recognition.loading import load_schema_text
from sverka.recognition.patching import takes_fees
from sverka.recognition.recognise import fits, title_texts
from sverka.recognition.schema import Schema, TreeLayout

_KEPT, _RENAMED, _NEW, _ANSWERED = 0.97, 0.8, 0.6, 0.99
_IGNORE = "ignore"
_NOTHING: Mapping[str, str] = {}


def patched(
    raw: RawFile,
    schemas: Schemas,
    couriers: Couriers,
    drift: Drift,
    answers: Mapping[str, str] = _NOTHING,
) -> Draft:
    """The known schema with the change in it, and the difference in words.

    Every new column with amounts is asked about under `column:<title>`, also when it is proposed as
    a fee; `answers` are question keys with the chosen values.

    Raises:
        Refusal: even so the file is not this layout.
    """
    asked = {one.title: _question(one, drift.schema, raw) for one in drift.inserted}
    answered = replace(
        drift, inserted=tuple(_answered(one, asked[one.title], answers) for one in drift.inserted)
    )
    text = answered.patched_text()
    schema = load_schema_text(text, f"{drift.schema.code}.yaml", schemas.vocabulary)
    owner = _owner(raw, schema, couriers, answers)
    questions = [one for one in asked.values() if not _is_answer(one, answers)]
    unproven = Draft(
        schema_text=text,
        code=schema.code,
        columns=tuple(_placed(schema, answered, schemas, answers)),
        unplaced=tuple(_beside(schema, answered)),
        questions=(*questions, *([owner.question] if owner.question else [])),
        proofs=(f"Изменилось в раскладке «{schema.title}»: {drift.in_words()}",),
        settlement=schema.settlement,
        courier=owner.code,
        courier_text=owner.text,
        sheet=drift.sheet,
        line_no=drift.line_no,
        certain=False,
        vocabulary=schemas.vocabulary,
    )
    proved = proven_by_rows(unproven, raw, couriers)
    return replace(proved, certain=proved.certain and not _is_doubtful(drift))


def _is_doubtful(drift: Drift) -> bool:
    """Something that no row can prove: it is lost, or nothing but its values speaks for it."""
    guessed = any(one.why.startswith(BY_VALUES) for one in drift.renamed)
    return bool(drift.removed or drift.unit_changed or drift.sheet_renamed or guessed)


def _question(one: Inserted, schema: Schema, raw: RawFile) -> Question:
    """What a new column is. A layout whose amounts come by kind of row has no place for a new fee."""
    if _can_be_fee(one, schema, raw):
        choices, hint = tuple(FEE_NAMES.items()), f"{one.why[:1].upper()}{one.why[1:]}"
    else:
        choices, hint = (
            (),
            (
                "Как услугу эта раскладка её прочесть не может: если это услуга или удержание, отклоните "
                "файл и передайте его тому, кто обслуживает Сверку"
            ),
        )
    return Question(
        f"column:{one.title}",
        f"Новая колонка «{one.title}»: что это за деньги? {hint}{'' if hint.endswith('?') else '.'}",
        (*choices, (_IGNORE, "к расчётам с курьером не относится")),
        one.field if choices else None,
    )


def _can_be_fee(one: Inserted, schema: Schema, raw: RawFile) -> bool:
    """A fee stands in the records themselves, and what stands in a record is in its line once."""
    if not takes_fees(schema) or not isinstance(schema.layout, TreeLayout):
        return takes_fees(schema)
    found = fits(raw, schema)
    reports = found.reports if found else ()
    return any(one.title in record for report in reports for record in report.records)


def _is_answer(question: Question, answers: Mapping[str, str]) -> bool:
    return answers.get(question.key) in dict(question.choices)


def _answered(one: Inserted, question: Question, answers: Mapping[str, str]) -> Inserted:
    if not _is_answer(question, answers):
        return one
    answer = answers[question.key]
    return one._replace(field=None if answer == _IGNORE else answer, why="так ответил человек")


def _owner(raw: RawFile, schema: Schema, couriers: Couriers, answers: Mapping[str, str]) -> Whose:
    """Whose report it is. A layout of nobody leaves that to the file; a statement is a bank's."""
    if schema.courier is not None or schema.purpose is Purpose.STATEMENT:
        return Whose(schema.courier, None, None)
    found = fits(raw, schema)
    texts = [text for located in (found.tables if found else ()) for text in title_texts(located)]
    return whose([*texts, raw.name.replace("_", " ")], raw.name, couriers, answers)


def _placed(
    schema: Schema, drift: Drift, schemas: Schemas, answers: Mapping[str, str]
) -> list[Placed]:
    """The fields with their columns, under the names that this file gives them."""
    shown = titles(schema, schemas.vocabulary)
    new: dict[str, tuple[float, str]] = {}
    for old, title, why in drift.renamed:
        name = column_named(schema, title) or ""
        shown[name] = title
        new[name] = _RENAMED, f"раньше называлась «{old}»: {why}"
    for one in drift.inserted:
        name = column_named(schema, one.title) or ""
        sure = _ANSWERED if f"column:{one.title}" in answers else _NEW
        new[name] = sure, f"новая колонка: {one.why}"
    found = []
    for field, columns in _fields(schema).items():
        told = [new[name] for name in columns if name in new]
        confidence = min([_KEPT, *(sure for sure, _ in told)])
        why = "; ".join(reason for _, reason in told) or "как в известной раскладке"
        found.append(Placed(field, " + ".join(shown[name] for name in columns), confidence, why))
    return found


def _beside(schema: Schema, drift: Drift) -> list[Unplaced]:
    return [
        Unplaced(one.title, one.why, money=True)
        for one in drift.inserted
        if column_named(schema, one.title) is None
    ]


def _fields(schema: Schema) -> dict[str, tuple[str, ...]]:
    fields = dict(schema.refs)
    fields |= {field: (words.column,) for field, words in schema.words.items()}
    return fields | {field: amount.columns for field, amount in schema.money.items()}

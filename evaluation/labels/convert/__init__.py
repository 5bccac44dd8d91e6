"""Hand labels from and to the forms of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.data import load_texts
from evaluation.errors import BenchmarkError
from evaluation.labels.convert.article import Reading, encodes
from evaluation.labels.convert.forms import FORMS, form_named, form_of
from evaluation.labels.problem import Problem, error

__all__ = ["FORMS", "Converted", "convert_labels"]


@dataclass(frozen=True, slots=True)
class Converted:
    """How much was written, and what was left out or mended on the way."""

    articles: int
    claims: int
    problems: Sequence[Problem]


def convert_labels(
    sources: Sequence[Path],
    *,
    to: str,
    out: Path,
    source_form: str | None = None,
    texts: Path | None = None,
    annotator: str | None = None,
) -> Converted:
    """Write the labels of all ``sources`` to ``out`` in the form named ``to``.

    The form of each source is guessed unless ``source_form`` names it. ``texts`` (JSON
    Lines with id and text) has the texts of labels that carry none; ``annotator`` says
    whose annotation is taken of a Label Studio task that has several. What cannot be read
    is among the problems and costs only itself.

    Raises :class:`~evaluation.errors.BenchmarkError` before the first article is read for a
    form that is unknown or needs what is not installed, for a source that is not there,
    and for an ``out`` that is: labels are never written over.
    """
    target = form_named(to)
    missing = [path for path in sources if not path.exists()]
    if missing:
        raise BenchmarkError(f"{missing[0]}: no such file or folder; check the path")
    forms = [form_named(source_form) if source_form else form_of(path) for path in sources]
    for form in (target, *forms):
        form.need()
    if annotator is not None and any(form.name != "label-studio" for form in forms):
        raise BenchmarkError("--annotator chooses among those of label-studio only; leave it out")
    if out.is_file() or (out.is_dir() and (not target.folder or any(out.iterdir()))):
        raise BenchmarkError(f"{out}: is there already; choose another --out")
    reading = Reading(load_texts(texts) or {}, annotator)
    for path, form in zip(sources, forms, strict=True):
        before = len(reading.articles), len(reading.problems)
        form.read(path, reading)
        if before == (len(reading.articles), len(reading.problems)):
            reading.say(error("form", "has no article in it; check the path and --from"), path)
    articles = []
    for article in reading.articles:
        if encodes({**article.row, "": article.text}):
            articles.append(article)
        else:
            message = "has half a surrogate pair, which UTF-8 cannot hold; take it out"
            reading.problems.append(article.problem(error("form", message)))
    if articles:
        if not target.folder:
            out.parent.mkdir(parents=True, exist_ok=True)
        target.write(articles, out)
    claims = sum(len(article.row["claims"]) for article in articles)
    return Converted(len(articles), claims, reading.problems)

"""References in the labelling guide's form: the project's seeds and everybody's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluation.corpora.base import GUIDE_FIELDS, Corpus, Problems
from evaluation.data import data_file, label_files, load_texts
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.references import LabelError, Reference, read_references

__all__ = ["read_guide"]


def read_guide(paths: Sequence[Path], settings: Settings, problems: Problems) -> Corpus:
    """All references under ``paths``, in order, as one corpus.

    A line that cannot be used is told to ``problems``. Raises :class:`BenchmarkError` for
    a file that holds no label at all, which would otherwise score every model as wrong.
    """
    texts = load_texts(settings.texts)

    def complain(error: LabelError) -> None:
        problems(f"{error}; the form is at the end of seeds/GUIDE.md")

    references: list[Reference] = []
    files = label_files(paths)
    for path in files:
        before = len(problems.found)
        found = read_references(path, texts=texts, complain=complain)
        lost = len(problems.found) > before
        if not any(r.claims or r.summary for r in found) and not lost:
            raise BenchmarkError(
                f"{path}: has neither claims nor summaries; is it a file of texts?"
            )
        for reference in found:
            if reference.text is None:
                problems(
                    f"{path}: {reference.id}: text: is not there; "
                    "give the file that has it with --texts"
                )
            else:
                references.append(reference)
    return Corpus(
        name="seeds" if [p.parent.parent.name for p in paths] == ["seeds"] else "references",
        references=tuple(references),
        labelled=GUIDE_FIELDS,
        files=tuple(map(data_file, files)),
    )

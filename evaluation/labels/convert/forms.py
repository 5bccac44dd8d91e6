"""The forms that labels are read from and written to, by name."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.errors import BenchmarkError
from evaluation.labels.convert.article import Labelled, Reading
from evaluation.labels.convert.brat import write_brat
from evaluation.labels.convert.brat_reading import read_brat
from evaluation.labels.convert.label_studio import is_task, read_label_studio, write_label_studio
from evaluation.labels.convert.references import read_references, write_references
from evaluation.labels.convert.spacy_docbin import need_spacy, read_docbin, write_docbin
from evaluation.labels.convert.spacy_json import is_doc, read_spacy_json, write_spacy_json

__all__ = ["FORMS", "Form", "form_named", "form_of"]


def _nothing() -> None:
    """What most forms need beside this project."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of labels; ``need`` raises when what it needs is not installed.

    ``suffixes`` are those of its files that tell it apart by themselves.
    """

    name: str
    read: Callable[[Path, Reading], None]
    write: Callable[[Sequence[Labelled], Path], None]
    suffixes: tuple[str, ...] = ()
    folder: bool = False
    need: Callable[[], None] = _nothing


FORMS = {
    form.name: form
    for form in (
        Form("attache", read_references, write_references),
        Form("brat", read_brat, write_brat, (".ann",), folder=True),
        Form("label-studio", read_label_studio, write_label_studio),
        Form("spacy", read_docbin, write_docbin, (".spacy",), need=need_spacy),
        Form("spacy-json", read_spacy_json, write_spacy_json),
    )
}


def form_named(name: str) -> Form:
    """Raises :class:`~evaluation.errors.BenchmarkError` that has the nearest name."""
    if name in FORMS:
        return FORMS[name]
    word = name.casefold().replace("_", "-").replace(" ", "-")
    near = difflib.get_close_matches(word, FORMS, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"use {', '.join(FORMS)}"
    raise BenchmarkError(f"no form {name!r} of labels; {hint}")


def _first_value(path: Path) -> Any:
    """The first JSON object of a file, be it a list, an object or one a line."""
    content = path.read_text(encoding="utf-8-sig").lstrip()
    value, _ = json.JSONDecoder().raw_decode(content.lstrip("[ \t\r\n"))
    return value


def form_of(path: Path) -> Form:
    """The form of a file or a folder, by its files' names or else by what is in it.

    Raises :class:`~evaluation.errors.BenchmarkError` where that is not plain.
    """
    if path.is_dir():
        inside = {file.suffix.casefold() for file in path.rglob("*")}
        for form in FORMS.values():
            if inside & set(form.suffixes) and form.folder:
                return form
        if ".jsonl" in inside:
            return FORMS["attache"]
        raise BenchmarkError(f"{path}: has no .ann and no .jsonl in it; name the files instead")
    for form in FORMS.values():
        if path.suffix.casefold() in form.suffixes:
            return form
    try:
        value = _first_value(path)
    except ValueError:
        value = None
    if is_task(value):
        return FORMS["label-studio"]
    if is_doc(value):
        return FORMS["spacy-json"]
    if (isinstance(value, dict) and "claims" in value) or path.suffix.casefold() == ".jsonl":
        return FORMS["attache"]
    raise BenchmarkError(f"{path}: its form is not plain; say --from {', '.join(FORMS)}")

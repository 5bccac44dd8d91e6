"""From a unit to its articles, whatever its form."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from pipelines.archive.forms.document import read_html, read_text
from pipelines.archive.forms.lines import read_csv, read_jsonl
from pipelines.archive.forms.reading import Reading, guarded
from pipelines.archive.forms.tables import read_arrow, read_dataset, read_hub, read_parquet
from pipelines.archive.forms.warc import read_warc
from pipelines.archive.records import Found, Trouble
from pipelines.archive.streams import open_bytes, unpack
from pipelines.archive.units import Unit, form_of

__all__ = ["read_unit"]

Form = Callable[[BinaryIO, str, Reading], Iterator[Found]]

_FORMS: dict[str, Form] = {
    "text": read_text,
    "html": read_html,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
    "arrow": read_arrow,
    "warc": read_warc,
}
#: Forms that unpack gzip themselves, record by record.
_UNPACKING = {("warc", "gzip")}
_MEMBERS = 1_000_000


def read_unit(unit: Unit, reading: Reading) -> Iterator[Found]:
    """The articles of a unit in order; what cannot be read is a row that says why."""
    for file in unit.files:
        address = file.address
        if unit.form == "hub":
            yield from guarded(address, lambda a=address: read_hub(a, reading))  # type: ignore[misc]
        elif unit.form == "object":
            number = int(address)
            rows, source = reading.objects[number], f"dataset-{number}"
            yield from guarded(
                source,
                lambda r=rows, s=source: read_dataset(r, s, reading),  # type: ignore[misc]
            )
        else:
            yield from guarded(address, lambda a=address: _file(a, reading))  # type: ignore[misc]


def _file(address: str, reading: Reading) -> Iterator[Found]:
    form, packing = form_of(address) or ("", None)
    with open_bytes(address) as stream:
        if form == "zip":
            yield from _zip(stream, address, reading)
        else:
            packing = None if (form, packing) in _UNPACKING else packing
            yield from _FORMS[form](unpack(stream, packing), address, reading)


def _zip(stream: BinaryIO, address: str, reading: Reading) -> Iterator[Found]:
    with zipfile.ZipFile(stream) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > _MEMBERS:
            raise Trouble("too_large", f"holds more than {_MEMBERS:,} files")
        for info in members:
            source = f"{address}!{info.filename}"
            form = form_of(info.filename)
            if form is None or form[0] == "zip":
                reading.skipped["other files in archives"] += 1
                continue
            yield from guarded(source, lambda i=info, s=source: _member(archive, i, s, reading))  # type: ignore[misc]


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, reading: Reading
) -> Iterator[Found]:
    form, packing = form_of(info.filename) or ("", None)
    try:
        stream = archive.open(info)
    except (RuntimeError, zipfile.BadZipFile) as error:  # locked with a password, or broken
        raise Trouble("broken_file", f"cannot be unpacked: {error}") from None
    with stream:
        packing = None if (form, packing) in _UNPACKING else packing
        yield from _FORMS[form](unpack(stream, packing), source, reading)  # type: ignore[arg-type]

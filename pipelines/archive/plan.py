"""What a run is going to do, written once and never changed."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.archive.commits import read_lines, write_json, write_lines
from pipelines.archive.retry import failed_units
from pipelines.archive.settings import BatchError, BatchSettings, code_version, model_identity
from pipelines.archive.units import Unit, list_files, make_units

__all__ = ["Plan", "locked", "source_name"]


def source_name(source: Any) -> str:
    """A name for a source, by which another run's is told apart."""
    if isinstance(source, (str, Path)):
        return str(source)
    return f"{type(source).__name__}:{getattr(source, '_fingerprint', None) or 'stream'}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The folder ``out/manifest``: fingerprint, units, and chunks once they are known."""

    out: Path

    @property
    def marks(self) -> Path:
        return self.out / "manifest" / "marks.parquet"

    @property
    def _run(self) -> Path:
        return self.out / "manifest" / "run.json"

    @property
    def _units(self) -> Path:
        return self.out / "manifest" / "units.jsonl"

    @property
    def _chunks(self) -> Path:
        return self.out / "manifest" / "chunks.jsonl"

    @property
    def only(self) -> Path:
        return self.out / "manifest" / "only.parquet"

    def begin(
        self, sources: Sequence[Any], settings: BatchSettings, *, retry: Path | None = None
    ) -> None:
        """Write the manifest, or hold this run against the one that is there.

        ``retry`` is the folder of a run whose failed inputs are read again. Raises
        :class:`BatchError` that shows both when they differ.
        """
        wanted = {
            "sources": [source_name(source) for source in sources],
            "retry": str(retry) if retry is not None else None,
            "model": model_identity(settings),
            "settings": settings.model_dump(exclude={"model", "device"}),
            "code": code_version(),
        }
        begun = any((self.out / "input" / "commits").glob("*.json"))
        if self._run.exists() and begun:
            self._compare(wanted)
            return
        own = {".lock", "manifest", "input"} if self._run.exists() else {".lock", "manifest"}
        if any(path.name not in own for path in self.out.iterdir()):
            raise BatchError(
                f"{self.out}: holds other things already; give an empty or new folder as --out"
            )
        passed: list[str] = []
        if retry is not None:
            units: Iterable[Unit] = failed_units(retry, Plan(retry).units(), self.only)
        else:
            named = [str(source) for source in sources if isinstance(source, (str, Path))]
            files, hub, passed = list_files(named)
            objects = len(sources) - len(named)
            units = make_units(files, hub, objects, bundle=settings.chunk_articles)
        write_lines(self._units, (unit.to_dict() for unit in units))
        write_json(self._run, {"fingerprint": wanted, "passed_over": passed})

    def _compare(self, wanted: dict[str, Any]) -> None:
        there = self.run()["fingerprint"]
        before, now = _flat(there), _flat(wanted)
        differing = [k for k in sorted({*before, *now}) if before.get(k) != now.get(k)]
        if differing:
            told = "; ".join(
                f"{key}: there {_show(before.get(key))}, now {_show(now.get(key))}"
                for key in differing
            )
            raise BatchError(
                f"{self.out} holds a run that differs ({told}); "
                "repeat that run's settings, or give another --out"
            )

    def run(self) -> dict[str, Any]:
        try:
            said: dict[str, Any] = json.loads(self._run.read_bytes())
        except FileNotFoundError:
            raise BatchError(f"{self.out}: holds no run of attache batch") from None
        return said

    def units(self) -> list[Unit]:
        self.run()
        return [Unit.from_dict(row) for row in read_lines(self._units)]

    @property
    def staged(self) -> bool:
        return self._chunks.exists()

    def close(self, chunks: Sequence[dict[str, Any]], totals: dict[str, Any]) -> None:
        """Say which chunks there are; from here on the sources are not read again."""
        write_json(self.out / "manifest" / "input.json", totals)
        write_lines(self._chunks, chunks)

    def chunks(self) -> list[dict[str, Any]]:
        return list(read_lines(self._chunks))

    def input_totals(self) -> dict[str, Any]:
        totals: dict[str, Any] = json.loads((self.out / "manifest" / "input.json").read_bytes())
        return totals


def _flat(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, one in value.items():
        flat |= _flat(one, f"{prefix}{key}.") if isinstance(one, dict) else {prefix + key: one}
    return flat


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:200]


@contextmanager
def locked(out: Path, *, shared: bool) -> Iterator[None]:
    """Keep other runs out of the folder; those of one job array share it.

    The system lets go of the lock however the process ends. Raises :class:`BatchError`
    when somebody else is at work.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("ab") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BatchError(
                f"{out}: another run is at work there; wait for it or give another --out"
            ) from None
        yield

"""Names to stages: which kinds of model there are, and which kind a name is of."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pipelines.errors import ModelError
from pipelines.hub.fetch import find_checkpoint
from pipelines.hub.files import Checkpoint
from pipelines.hub.stages import (
    ClaimFinder,
    Slot,
    Stage,
    StageSettings,
    StanceLabeller,
    Summariser,
)

__all__ = ["GROUP", "Kind", "catalogue", "kinds", "load_stage", "near", "split_name"]

#: The group of entry points under which a package gives a :class:`Kind` of its own.
GROUP = "attache.kinds"
_FAMILIES = frozenset(
    "bart mbart pegasus pegasus_x bigbird_pegasus t5 mt5 umt5 longt5 led m2m_100".split()
)
_NEEDS: Mapping[Slot, type[Any]] = {
    "summary": Summariser,
    "claims": ClaimFinder,
    "stance": StanceLabeller,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of model: what it can stand for, which checkpoints are of it, how one is loaded.

    A kind with ``load_named`` is for names that are no checkpoints, always written
    ``kind:name``; any other has ``fits``, which tells from a ``config.json`` whether
    the checkpoint is of this kind, and ``load``.
    """

    name: str
    slots: frozenset[Slot]
    fits: Callable[[Mapping[str, Any]], bool] = lambda _: False
    load: Callable[[Checkpoint, StageSettings], Stage] | None = None
    load_named: Callable[[str, StageSettings], Stage] | None = None


def _architecture(ending: str) -> Callable[[Mapping[str, Any]], bool]:
    def fits(config: Mapping[str, Any]) -> bool:
        return any(str(name).endswith(ending) for name in config.get("architectures") or ())

    return fits


def _sequence_to_sequence(config: Mapping[str, Any]) -> bool:
    # Readers of images have the same ending, and neither of these marks.
    written = bool(config.get("is_encoder_decoder")) or config.get("model_type") in _FAMILIES
    endings = ("ForConditionalGeneration", "LMHeadModel")
    names = config.get("architectures") or ()
    return written and any(str(name).endswith(endings) for name in names)


def _load_seq2seq(checkpoint: Checkpoint, settings: StageSettings) -> Stage:
    from pipelines.hub.seq2seq import Seq2SeqSummariser

    return Seq2SeqSummariser.from_checkpoint(checkpoint, settings)


def _load_nli(checkpoint: Checkpoint, settings: StageSettings) -> Stage:
    from pipelines.hub.nli import ZeroShotStance

    return ZeroShotStance.from_checkpoint(checkpoint, settings)


def _load_chat(checkpoint: Checkpoint, settings: StageSettings) -> Stage:
    from pipelines.hub.chat_local import load_local_chat

    return load_local_chat(checkpoint, settings)


def _load_server(name: str, settings: StageSettings) -> Stage:
    from pipelines.hub.chat_server import load_server_chat

    return load_server_chat(name, settings)


_OWN = (
    Kind("seq2seq", frozenset(["summary"]), _sequence_to_sequence, _load_seq2seq),
    Kind("nli", frozenset(["stance"]), _architecture("ForSequenceClassification"), _load_nli),
    Kind("chat", frozenset(["summary", "claims"]), _architecture("ForCausalLM"), _load_chat),
    Kind("openai", frozenset(["summary", "claims"]), load_named=_load_server),
)


def kinds() -> dict[str, Kind]:
    """Every kind by its name: our own, then those of other packages' entry points.

    Raises :class:`~pipelines.errors.ModelError` when an entry point cannot be used.
    """
    known = {kind.name: kind for kind in _OWN}
    for entry in entry_points(group=GROUP):
        try:
            kind = entry.load()
        except Exception as error:
            raise ModelError(
                f"entry point {entry.name!r} of {GROUP} cannot be loaded ({error}); "
                "mend or remove its package"
            ) from error
        if not isinstance(kind, Kind):
            raise ModelError(f"entry point {entry.name!r} of {GROUP} is no Kind")
        if kind.name in known:
            raise ModelError(f"entry point {entry.name!r} of {GROUP}: {kind.name!r} is taken")
        known[kind.name] = kind
    return known


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Well-known names with kind, licence and size, to list and to suggest."""
    return tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


def near(name: str, known: Sequence[str]) -> str:
    """A hint at the known name that ``name`` may be a slip of; empty where none is near."""
    lower = {one.casefold(): one for one in reversed(known)}
    found = difflib.get_close_matches(name.casefold(), list(lower), n=1, cutoff=0.75)
    return f"; did you mean {lower[found[0]]!r}?" if found else ""


def split_name(name: str) -> tuple[str | None, str, str | None]:
    """``kind``, ``name`` and ``revision`` of ``[kind:]name[@revision]``.

    A folder of that very name is taken as it is. Servers' names may hold ``@`` and ``:``.
    """
    if Path(name).expanduser().is_dir():
        return None, name, None
    kind: str | None = None
    head, colon, rest = name.partition(":")
    if colon and "/" not in head:
        kind, name = head, rest
    if kind is not None and kind in kinds() and kinds()[kind].load_named is not None:
        return kind, name, None
    name, _, revision = name.partition("@")
    return kind, name, revision or None


def load_stage(
    slot: Slot,
    full_name: str,
    revision: str | None,
    settings: StageSettings,
    loaded: Stage | None = None,
) -> Stage:
    """The stage that ``full_name``, ``[kind:]name[@revision]``, puts into ``slot``.

    ``loaded`` is the same model where another slot has it already.

    Raises :class:`~pipelines.errors.ModelError` when there is no such model, it is of a
    kind that cannot do the work, or its files are unfit; the message says what to do.
    """
    if loaded is not None and isinstance(loaded, _NEEDS[slot]):
        return loaded
    kind_name, name, own = split_name(full_name)
    if own is not None and revision not in (None, own):
        raise ModelError(f"{slot}: {full_name!r} has a revision; leave out {revision!r}")
    known = kinds()
    if kind_name is not None and kind_name not in known:
        raise ModelError(
            f"{slot}: no kind {kind_name!r}; there are {', '.join(known)}"
            f"{near(kind_name, list(known))}"
        )
    kind = known[kind_name] if kind_name is not None else None
    if kind is not None and kind.load_named is not None:
        if revision is not None:
            raise ModelError(f"{slot}: {full_name!r} has no revisions; leave out {revision!r}")
        _check_slot(slot, name, kind, known)
        return _fitting(slot, kind.load_named(name, settings), full_name)
    try:
        checkpoint = find_checkpoint(name, own or revision, offline=settings.offline)
    except ModelError as error:
        raise ModelError(f"{slot}: {error}{near(name, _names())}") from None
    if kind is None:
        kind = next((one for one in known.values() if one.fits(checkpoint.config)), None)
    elif not kind.fits(checkpoint.config):
        raise ModelError(f"{slot}: {name} is a {checkpoint.architecture}, which is not {kind.name}")
    if kind is None or kind.load is None:
        raise ModelError(
            f"{slot}: {name} is a {checkpoint.architecture}, which no stage can use; "
            f"give a model of {_usable(slot, known)}"
        )
    _check_slot(slot, name, kind, known)
    return _fitting(slot, kind.load(checkpoint, settings), full_name)


def _names() -> list[str]:
    """Names to suggest: the catalogue's and the cache's."""
    from pipelines.hub.cache import cached_names

    return [*catalogue(), *cached_names()]


def _usable(slot: Slot, known: Mapping[str, Kind]) -> str:
    return " or ".join(kind.name for kind in known.values() if slot in kind.slots)


def _check_slot(slot: Slot, name: str, kind: Kind, known: Mapping[str, Kind]) -> None:
    if slot not in kind.slots:
        raise ModelError(
            f"{slot}: {name} is of kind {kind.name}, which is for {', '.join(sorted(kind.slots))}; "
            f"give a model of {_usable(slot, known)}"
        )


def _fitting(slot: Slot, stage: Stage, name: str) -> Stage:
    if not isinstance(stage, _NEEDS[slot]):
        raise ModelError(f"{slot}: what {name!r} loads has no method for that")
    fit: Stage = stage
    return fit

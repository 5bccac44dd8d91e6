"""From a name to a folder: a local checkpoint, the cache, or the hub, at one fixed commit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NoReturn

from pipelines.errors import ModelError
from pipelines.hub.files import CONFIG, INDEX, WEIGHTS, Checkpoint, check_folder, refuse_code

__all__ = ["find_checkpoint"]

#: What is fetched of a repository: nothing that could be pickled, no code, no second format.
_WANTED = (
    "*.json",
    "*.jinja",
    "*.model",
    "*.txt",
    "README.md",
    WEIGHTS,
    "model-*-of-*.safetensors",
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)?")


def find_checkpoint(name: str, revision: str | None, *, offline: bool) -> Checkpoint:
    """The checkpoint of that name, on this machine and found sound.

    ``name`` is a folder or a repository of the hub, ``revision`` a commit, tag or branch of
    the latter. The checkpoint's own revision is always the commit. The hub is asked only
    here, when a model is loaded; ``offline``, or a commit that is in the cache, needs none.
    Raises :class:`~pipelines.errors.ModelError` naming what is amiss and what to do.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if revision is not None:
            raise ModelError(f"{name}: a folder has no revision; leave out {revision!r}")
        return check_folder(folder, name)
    if not _REPOSITORY.fullmatch(name) or folder.is_absolute() or name.startswith("."):
        raise ModelError(f"no model {name!r}: there is no such folder")
    from huggingface_hub import constants

    if offline or constants.HF_HUB_OFFLINE:
        folder = _cached(name, revision)
        return check_folder(folder, name, revision=folder.name)
    if revision is not None and _COMMIT.fullmatch(revision):
        try:
            return check_folder(_cached(name, revision), name, revision=revision)
        except ModelError:
            pass  # not there, or only a part of it: the hub has the rest
    folder = _fetched(name, revision)
    return check_folder(folder, name, revision=folder.name)


def _cached(name: str, revision: str | None) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        found = snapshot_download(
            name,
            revision=revision,
            cache_dir=constants.HF_HUB_CACHE,
            allow_patterns=[CONFIG],
            local_files_only=True,
        )
    except (OSError, ValueError, HFValidationError):
        at = f" at {revision!r}" if revision else ""
        raise ModelError(
            f"no model {name!r}{at} in the cache; load it once with the hub in reach, "
            "or give the folder of a checkpoint"
        ) from None
    return Path(str(found))


def _fetched(name: str, revision: str | None) -> Path:
    """The folder of the repository's files, looked at on the hub before weights are fetched."""
    import httpx
    from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        info = HfApi().model_info(name, revision=revision, timeout=20)
        commit = str(info.sha)
        files = {item.rfilename for item in info.siblings or ()}
        _refuse_listing(name, files)
        small = [CONFIG, *sorted({INDEX, "tokenizer_config.json"} & files)]
        for file in small:
            path = hf_hub_download(
                name, file, revision=commit, cache_dir=constants.HF_HUB_CACHE, etag_timeout=20
            )
            if file != INDEX:
                refuse_code(_json(Path(path), name), name, file)
        return Path(
            str(
                snapshot_download(
                    name,
                    revision=commit,
                    cache_dir=constants.HF_HUB_CACHE,
                    allow_patterns=list(_WANTED),
                )
            )
        )
    except HFValidationError as error:
        raise ModelError(f"no model {name!r}: {error}") from None
    except (HfHubHTTPError, httpx.HTTPError, OSError) as error:
        _explain(name, revision, error)


def _json(path: Path, name: str) -> dict[str, object]:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{name}: {path.name} is not JSON in UTF-8 ({error})") from None
    return body if isinstance(body, dict) else {}


def _refuse_listing(name: str, files: set[str]) -> None:
    """Raise before anything large is fetched when the repository has nothing to load."""
    if CONFIG not in files:
        raise ModelError(f"{name}: the repository has no {CONFIG}; it is no checkpoint")
    if not files & {WEIGHTS, INDEX}:
        raise ModelError(
            f"{name}: the repository has no {WEIGHTS}; only safetensors are loaded, pickled "
            "weights can run code: take another revision or convert a copy"
        )


def _explain(name: str, revision: str | None, error: Exception) -> NoReturn:
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    if isinstance(error, GatedRepoError):
        raise ModelError(
            f"{name}: the hub wants its terms accepted; do so there and set HF_TOKEN"
        ) from None
    if isinstance(error, RevisionNotFoundError):
        raise ModelError(f"{name}: the hub has no revision {revision!r} of it") from None
    if isinstance(error, RepositoryNotFoundError):
        raise ModelError(f"no model {name!r} on the hub, and no such folder") from None
    raise ModelError(
        f"{name}: the hub cannot be reached ({type(error).__name__}); try again, "
        "or set offline to take what is in the cache"
    ) from None

"""Weights into memory: device and precision chosen, memory counted, transformers kept quiet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from pipelines.errors import ModelError
from pipelines.hub.files import Checkpoint
from pipelines.hub.stages import StageSettings

__all__ = ["choose_device", "choose_dtype", "load_model", "load_tokenizer"]

#: Families whose activations overflow half precision.
_WIDE = frozenset(["t5", "mt5", "umt5", "longt5", "pegasus"])
#: What a forward pass needs beside the weights, as a share of them.
_ROOM = 1.2


def choose_device(name: str) -> torch.device:
    """The device of that name, for ``"auto"`` the accelerator that is there, else the CPU."""
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:  # torch built without CUDA asserts
        raise ModelError(f"device {name!r} cannot be used: {error}") from None
    return device


def choose_dtype(name: str, device: torch.device, family: str) -> torch.dtype:
    """The precision of that name; ``"auto"`` is float32 on a CPU, half of it elsewhere."""
    if name != "auto":
        return {
            "float32": torch.float32,
            "bfloat16": torch.bfloat16,
            "float16": torch.float16,
        }[name]
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.bfloat16
    if device.type == "cpu" or family in _WIDE:
        return torch.float32
    return torch.float16


def _available(device: torch.device) -> int | None:
    """Bytes that are free on the device; None where the system does not say."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    free = []
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                free.append(int(line.split()[1]) * 1024)
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        if limit.isdigit():
            used = Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii")
            free.append(max(0, int(limit) - int(used)))
    except OSError:
        pass
    return min(free, default=None)


def _check_memory(checkpoint: Checkpoint, dtype: torch.dtype, device: torch.device) -> None:
    stored = str(checkpoint.config.get("dtype") or checkpoint.config.get("torch_dtype"))
    width = 2 if stored in ("float16", "bfloat16") else 4
    needed = int(checkpoint.size * dtype.itemsize / width * _ROOM)
    free = _available(device)
    if free is not None and needed > free:
        raise ModelError(
            f"{checkpoint.name}: needs about {needed / 1e9:.1f} GB of memory on {device}, "
            f"{free / 1e9:.1f} GB are free; take a smaller model, a lower dtype or another device"
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars or advice on stderr while a checkpoint is loaded."""
    from transformers.utils import logging as transformers_logging

    logging: Any = transformers_logging  # has no types of its own
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def load_tokenizer(checkpoint: Checkpoint) -> Any:
    """The fast tokenizer of a checkpoint, from its own files and never from the hub."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    with _quiet():
        try:
            tokenizer = AutoTokenizer.from_pretrained(
                checkpoint.folder, local_files_only=True, trust_remote_code=False
            )
        except Exception as error:
            raise ModelError(
                f"{checkpoint.name}: its tokenizer cannot be loaded ({_first_line(error)}); "
                "the folder wants a tokenizer.json"
            ) from None
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ModelError(
            f"{checkpoint.name}: has no fast tokenizer; the folder wants a tokenizer.json"
        )
    return tokenizer


def load_model(checkpoint: Checkpoint, auto_class: Any, settings: StageSettings) -> Any:
    """The model in evaluation mode, on its device and in its precision.

    Raises :class:`~pipelines.errors.ModelError` when memory is short, weights are missing
    in the files, or transformers does not know the architecture.
    """
    device = choose_device(settings.device)
    family = str(checkpoint.config.get("model_type"))
    dtype = choose_dtype(settings.dtype, device, family)
    _check_memory(checkpoint, dtype, device)
    with _quiet():
        try:
            model, report = auto_class.from_pretrained(
                checkpoint.folder,
                dtype=dtype,
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
        except Exception as error:
            raise ModelError(
                f"{checkpoint.name}: cannot be loaded as {checkpoint.architecture} "
                f"({_first_line(error)}); its files do not fit its config.json"
            ) from None
    if report["missing_keys"]:
        some = ", ".join(sorted(report["missing_keys"])[:3])
        raise ModelError(
            f"{checkpoint.name}: its weights lack {some}; what is missing would be random, "
            "so take a checkpoint that was trained for this task"
        )
    try:
        return model.to(device).eval()
    except RuntimeError as error:
        raise ModelError(f"{checkpoint.name}: does not fit on {device} ({error})") from None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]

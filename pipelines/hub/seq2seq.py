"""Summaries by any sequence-to-sequence checkpoint: BART, PEGASUS, T5, LED, mBART and kin."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import torch

from pipelines.article import ModelIdentity, Span
from pipelines.errors import ArticleError, ModelError
from pipelines.hub.files import Checkpoint
from pipelines.hub.loading import load_model, load_tokenizer
from pipelines.hub.stages import Source, StageSettings, Written
from pipelines.hub.windows import batches, pack, within
from pipelines.reader.document import split_sentences

__all__ = ["Seq2SeqSummariser", "window_size"]

#: Tokens of a text change a little when a window of it is tokenised alone.
_MARGIN = 8
#: Word pieces that a word of news takes at most, on average; a longer output is cut.
_PIECES = 1.7
_ENDS = (".", "!", "?", "…", "。", "؟", "।")
_CLOSERS = "\"'”’»)]"
_ENGLISH = ("en_XX", "eng_Latn", "en")


def window_size(config: dict[str, Any], tokenizer: Any) -> int:
    """Tokens that the encoder takes, by the checkpoint's own word; 512 where it has none."""
    names = ("max_encoder_position_embeddings", "max_position_embeddings", "n_positions")
    told = [config[name] for name in names if isinstance(config.get(name), int)][:1]
    told += [tokenizer.model_max_length] if tokenizer.model_max_length < 1_000_000 else []
    return int(min(told, default=512))


def _whole(sentence: str) -> bool:
    return sentence.rstrip(_CLOSERS).endswith(_ENDS)


@dataclass(slots=True)
class _Work:
    """How far one article has come: the text still to be read, or what was written of it."""

    source: Source
    text: str
    windows: list[Span]
    written: list[str] = field(default_factory=list)
    rounds: int = 0
    done: bool = False


class Seq2SeqSummariser:
    """A summariser around ``generate``: windows on sentence borders, then a reduce step.

    A text longer than the encoder's window is summarised window by window, and the
    summaries again, until one window holds them; the whole text is always read.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        identity: ModelIdentity,
        *,
        config: dict[str, Any],
        batch_tokens: int = 16_384,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.identity = identity
        self.batch_tokens = batch_tokens
        self.family = str(config.get("model_type"))
        task = (config.get("task_specific_params") or {}).get("summarization") or {}
        self.prefix = str(task.get("prefix") or "")
        self.generation = self._generation(task)
        windows = config.get("attention_window") or [1]  # LED reads in blocks of this length
        self.multiple = max(windows) if isinstance(windows, list) else int(windows)
        self.window = window_size(config, tokenizer) - len(self._ids(self.prefix)) - _MARGIN
        self.window -= tokenizer.num_special_tokens_to_add()
        decoder = config.get("max_decoder_position_embeddings") or config.get(
            "max_position_embeddings"
        )
        self.longest = int(decoder or 1024) - 2
        if self.window < 2 * _MARGIN:
            raise ModelError(f"{identity.name}: its window is too short to read with")

    @classmethod
    def from_checkpoint(cls, checkpoint: Checkpoint, settings: StageSettings) -> Self:
        """Raises :class:`~pipelines.errors.ModelError` when the checkpoint is unfit."""
        from transformers import AutoModelForSeq2SeqLM

        tokenizer = load_tokenizer(checkpoint)
        model = load_model(checkpoint, AutoModelForSeq2SeqLM, settings)
        return cls(
            model,
            tokenizer,
            ModelIdentity(name=checkpoint.shown, revision=checkpoint.revision),
            config=checkpoint.config,
            batch_tokens=settings.batch_tokens,
        )

    def _generation(self, task: dict[str, Any]) -> Any:
        """The checkpoint's own way of generating, its settings for summaries first."""
        generation = copy.deepcopy(self.model.generation_config)
        for name, value in task.items():
            if name != "prefix" and hasattr(generation, name):
                setattr(generation, name, value)
        generation.do_sample = False  # the same article gets the same summary
        generation.temperature = generation.top_p = generation.top_k = None
        if getattr(self.tokenizer, "src_lang", None) is not None:
            known = self.tokenizer.get_vocab()
            for code in _ENGLISH:
                if code in known:
                    self.tokenizer.src_lang = code
                    if generation.forced_bos_token_id is None:
                        generation.forced_bos_token_id = known[code]
                    break
        return generation

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False, verbose=False).input_ids)

    def _count(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        rows = self.tokenizer(list(texts), add_special_tokens=False, verbose=False).input_ids
        return [len(row) for row in rows]

    def summarise(self, sources: Sequence[Source]) -> list[Written | ArticleError]:
        """One summary a source, in order; see :class:`~pipelines.hub.stages.Summariser`."""
        works = [
            _Work(s, s.text, pack(s.text, s.sentences, self._count, self.window)) for s in sources
        ]
        while todo := [work for work in works if not work.done and work.windows]:
            self._round(todo)
        return [self._written(work) for work in works]

    def _round(self, works: Sequence[_Work]) -> None:
        """Write of every window that is still to be read, of all articles together."""
        jobs = [
            (work.text[start:end], self._bound(work))
            for work in works
            for start, end in work.windows
        ]
        said = iter(self._generate(jobs))
        for work in works:
            written = [sentence for _ in work.windows for sentence in next(said)]
            last = len(work.windows) == 1
            work.rounds += 1
            work.written = written or work.written
            if last or not written:
                work.done = True
                continue
            text = "\n".join(written)
            windows = pack(text, split_sentences(text), self._count, self.window)
            # Fewer windows each time: a model that only repeats its input must not go on for ever.
            work.done = len(windows) >= len(work.windows)
            work.text, work.windows = text, windows

    def _bound(self, work: _Work) -> tuple[int, int]:
        """The least and the most new tokens for a window of this article."""
        words = work.source.max_words
        own = self.generation.min_length or self.generation.min_new_tokens or 0
        if len(work.windows) == 1:
            most = min(self.longest, int(words * _PIECES) + _MARGIN)
        else:
            most = min(self.longest, max(2 * _MARGIN, self.window // 4))
        return min(own, words, most // 2), most

    def _generate(self, jobs: Sequence[tuple[str, tuple[int, int]]]) -> list[list[str]]:
        """The whole sentences that the model writes of each text."""
        rows = self.tokenizer([self.prefix + text for text, _ in jobs], verbose=False).input_ids
        out: list[list[str]] = [[] for _ in jobs]
        beams = max(1, self.generation.num_beams or 1)
        for bound in sorted({bound for _, bound in jobs}):
            mine = [i for i, (_, own) in enumerate(jobs) if own == bound]
            lengths = [len(rows[i]) for i in mine]
            for batch in batches(lengths, self.batch_tokens, copies=beams):
                chosen = [mine[k] for k in batch]
                for i, sentences in zip(
                    chosen, self._forward([rows[i] for i in chosen], bound), strict=True
                ):
                    out[i] = sentences
        return out

    @torch.inference_mode()
    def _forward(self, rows: Sequence[list[int]], bound: tuple[int, int]) -> list[list[str]]:
        inputs = self.tokenizer.pad(
            {"input_ids": list(rows)}, return_tensors="pt", pad_to_multiple_of=self.multiple
        )
        inputs = {name: tensor.to(self.model.device) for name, tensor in inputs.items()}
        if self.family == "led":  # the paper's choice for summaries: the first token sees all
            inputs["global_attention_mask"] = torch.zeros_like(inputs["input_ids"])
            inputs["global_attention_mask"][:, 0] = 1
        generation = copy.deepcopy(self.generation)
        generation.min_length = generation.max_length = None
        generation.min_new_tokens, generation.max_new_tokens = bound
        ids = self.model.generate(**inputs, generation_config=generation)
        texts = self.tokenizer.batch_decode(ids, skip_special_tokens=True)
        ends = ids.shape[1] > bound[1]  # decoder start and every new token: the bound was met
        pad = self.tokenizer.pad_token_id
        return [
            _sentences(text, cut=ends and bool(row[-1] != pad))
            for text, row in zip(texts, ids, strict=True)
        ]

    def _written(self, work: _Work) -> Written:
        chosen = within(
            work.written,
            max_words=work.source.max_words,
            max_sentences=work.source.max_sentences,
        )
        return Written(sentences=chosen, coverage=1.0)


def _sentences(text: str, *, cut: bool) -> list[str]:
    """The sentences of what was written; the last of a ``cut`` text only where it is whole."""
    text = text.replace("<n>", "\n")  # how PEGASUS writes a line break
    sentences = [" ".join(text[start:end].split()) for start, end in split_sentences(text)]
    if cut and sentences and not _whole(sentences[-1]):
        sentences.pop()
    return [s for s in sentences if any(char.isalnum() for char in s)]

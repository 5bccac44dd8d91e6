"""Chat models on this machine: the checkpoint's own template, JSON held to by a grammar."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from pipelines.article import ModelIdentity
from pipelines.errors import ModelError
from pipelines.hub.chat import ChatError, ChatStage, Request, Usage
from pipelines.hub.files import Checkpoint
from pipelines.hub.loading import load_model, load_tokenizer
from pipelines.hub.prompt import instruction
from pipelines.hub.seq2seq import window_size
from pipelines.hub.stages import StageSettings
from pipelines.stances import StanceSet

__all__ = ["LocalBackend", "load_local_chat"]

#: Stands for the article while the template is written out; no tokenizer merges it away.
_PLACE = "ARTICLE-STANDS-HERE"
#: Most tokens of one answer.
_ANSWER = 2048
#: One line of JSON: where any space is allowed, a model may write nothing else for ever.
_SPACES: Any = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}


def load_local_chat(checkpoint: Checkpoint, settings: StageSettings) -> ChatStage:
    """The stage around a causal language model with a chat template.

    Raises :class:`~pipelines.errors.ModelError` when it has none, its window is too short
    to read with, or the library for grammars is not installed.
    """
    try:
        import llguidance  # noqa: F401
        import rapidfuzz  # noqa: F401
    except ImportError:
        raise ModelError(
            f"{checkpoint.name}: wants the extra attache[chat]; install it with pip"
        ) from None
    from transformers import AutoModelForCausalLM

    tokenizer = load_tokenizer(checkpoint)
    if not tokenizer.chat_template:
        raise ModelError(
            f"{checkpoint.name}: has no chat template, so it was not taught to follow "
            "instructions; take its instruct or chat version"
        )
    model = load_model(checkpoint, AutoModelForCausalLM, settings)
    stances = settings.stance_set()
    return ChatStage(LocalBackend(model, tokenizer, checkpoint, stances), stances)


class LocalBackend:
    """Greedy decoding under a JSON grammar, one request at a time."""

    retries = 0  # greedy decoding gives the same answer again

    def __init__(
        self, model: Any, tokenizer: Any, checkpoint: Checkpoint, stances: StanceSet
    ) -> None:
        from llguidance.hf import from_tokenizer

        self.model = model
        self.tokenizer = tokenizer
        self.identity = ModelIdentity(name=checkpoint.shown, revision=checkpoint.revision)
        self.usage = Usage()
        self.plain = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
        self.plain.encode_special_tokens = True
        self.plain.no_truncation()
        self.plain.no_padding()
        self.vocabulary = int(model.config.vocab_size)
        window = window_size(checkpoint.config, tokenizer)
        self.answer = min(_ANSWER, window // 3)
        system = instruction(stances, max_words=10_000, max_sentences=1_000, claims=True)
        overhead = len(self.prompt(Request(system, _PLACE, {})))
        self.limit = window - self.answer - overhead
        if self.limit < 64:
            raise ModelError(
                f"{checkpoint.name}: its window of {window} tokens holds the instruction, "
                "but no article with it"
            )
        eos = model.generation_config.eos_token_id or tokenizer.eos_token_id
        self.ends = list(eos) if isinstance(eos, list | tuple) else [eos]
        # A model's output may be wider than its tokenizer's vocabulary, padded for speed.
        self.guide = from_tokenizer(
            tokenizer, n_vocab=max(self.vocabulary, len(tokenizer)), eos_token=self.ends
        )

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as data of a message, quotation marks escaped."""
        return [len(self._data(json.dumps(text, ensure_ascii=False))) for text in texts]

    def _data(self, text: str) -> list[int]:
        """Tokens of a text in which nothing counts as a control token."""
        return list(self.plain.encode(text, add_special_tokens=False).ids)

    def prompt(self, request: Request) -> list[int]:
        """Tokens of the conversation; only the template's own control tokens are ones."""
        messages = [
            {"role": "system", "content": request.system},
            {"role": "user", "content": _PLACE},
        ]
        try:
            whole = self._template(messages)
        except Exception:  # some templates take no system message
            messages = [{"role": "user", "content": f"{request.system}\n\n{_PLACE}"}]
            whole = self._template(messages)
        before, found, after = whole.partition(_PLACE)
        if not found:
            raise ModelError(f"{self.identity.name}: its chat template leaves out messages")
        head = self.tokenizer(before, add_special_tokens=False, verbose=False).input_ids
        tail = self.tokenizer(after, add_special_tokens=False, verbose=False).input_ids
        return [*head, *self._data(request.user), *tail]

    def _template(self, messages: list[dict[str, str]]) -> str:
        return str(
            self.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
            )
        )

    def complete(self, requests: Sequence[Request]) -> list[str | ChatError]:
        """The answer to each request, in order; see :class:`~pipelines.hub.chat.Backend`."""
        return [self._one(request) for request in requests]

    @torch.inference_mode()
    def _one(self, request: Request) -> str | ChatError:
        import copy

        from llguidance import LLMatcher

        grammar = LLMatcher.grammar_from_json_schema(request.schema, overrides=_SPACES)
        matcher = LLMatcher(self.guide, grammar)
        if matcher.is_error():
            return ChatError("the form of the answer cannot be a grammar")
        ids = self.prompt(request)
        generation = copy.deepcopy(self.model.generation_config)
        generation.do_sample = False
        generation.temperature = generation.top_p = generation.top_k = None
        generation.max_length, generation.max_new_tokens = None, self.answer
        generation.eos_token_id = self.ends
        if generation.pad_token_id is None:
            generation.pad_token_id = self.ends[0]
        inputs = torch.tensor([ids], device=self.model.device)
        out = self.model.generate(
            inputs,
            attention_mask=torch.ones_like(inputs),
            generation_config=generation,
            logits_processor=[_Grammar(matcher, len(ids), self.vocabulary)],
        )
        answer = out[0, len(ids) :].tolist()
        self.usage.add(prompt=len(ids), answer=len(answer))
        if answer and answer[-1] in self.ends:
            return str(self.tokenizer.decode(answer, skip_special_tokens=True))
        self.usage.failed += 1
        return ChatError(f"the answer did not end within {self.answer} tokens")


class _Grammar:
    """Lets only tokens through that the grammar takes next."""

    def __init__(self, matcher: Any, start: int, vocabulary: int) -> None:
        from llguidance.numpy import allocate_token_bitmask

        self.matcher = matcher
        self.seen = start
        self.mask = allocate_token_bitmask(1, vocabulary)

    def __call__(self, ids: Tensor, scores: Tensor) -> Tensor:
        from llguidance.numpy import fill_next_token_bitmask

        for token in ids[0, self.seen :].tolist():
            self.matcher.consume_token(token)
        self.seen = ids.shape[1]
        fill_next_token_bitmask(self.matcher, self.mask)
        bits = np.unpackbits(self.mask[0].view(np.uint8), bitorder="little")
        allowed = torch.from_numpy(bits[: scores.shape[1]].astype(bool)).to(scores.device)
        return scores.masked_fill(~allowed, float("-inf"))

"""One encoder and its heads. Everything an analysis needs is read off one pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator
from torch import Tensor, nn
from torch.nn import functional

from pipelines.reader.document import MARKS, Document
from pipelines.reader.encoder import Encoder, EncoderConfig
from pipelines.reader.pairs import PairScorer

__all__ = ["LAYERS", "NAME_KINDS", "Network", "NetworkConfig"]

#: Attribution spans, tagged apart since they may lie inside one another.
LAYERS = ("source", "cue", "content")
NAME_KINDS = ("person", "organisation", "place", "people", "other")
POLARITIES = ("positive", "neutral", "negative")
ORIGINS = ("speaker", "other")


class NetworkConfig(BaseModel):
    """All that is needed to build the network; saved beside the weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: EncoderConfig = EncoderConfig()
    stances: tuple[str, ...]
    span_size: int = 192
    window: int = 384  # pieces, without [CLS] and [SEP]
    overlap: int = 96

    @model_validator(mode="after")
    def _windows_move_on(self) -> Self:
        if not 0 <= self.overlap < self.window:
            raise ValueError(f"overlap: {self.overlap} has to be less than window, {self.window}")
        if self.window + 2 > self.encoder.max_position_embeddings:
            raise ValueError(
                f"window: {self.window} and two special pieces are more than the encoder's "
                f"{self.encoder.max_position_embeddings} positions"
            )
        return self


class _ClaimHead(nn.Module):
    """Stance, polarity and origin of threat, from content, cue and source of one claim."""

    def __init__(self, hidden: int, span: int, stances: int) -> None:
        super().__init__()
        self.attention = nn.Linear(hidden, 1)
        self.join = nn.Linear(2 * hidden + 2 * span, hidden)
        self.stance = nn.Linear(hidden, stances)
        self.polarity = nn.Linear(hidden, len(POLARITIES))
        self.origin = nn.Linear(hidden, len(ORIGINS))
        self.vector = nn.Linear(hidden, span)
        self.no_cue = nn.Parameter(torch.zeros(span))
        self.no_source = nn.Parameter(torch.zeros(span))

    def pool(self, words: Tensor, owner: Tensor, count: int) -> Tensor:
        """Vectors ``[count, 2 * hidden]`` of contents whose words are ``[n, hidden]``.

        ``owner`` says which content each word belongs to, ``[n]``; each has one at least.
        """
        logits = self.attention(words)[:, 0].float()
        # The softmax of each content apart; its greatest logit is taken off for safety.
        greatest = logits.new_full((count,), -math.inf).scatter_reduce(0, owner, logits, "amax")
        weight = torch.exp(logits - greatest.detach()[owner])
        sums = weight.new_zeros(count).index_add(0, owner, weight)
        weight = (weight / sums[owner])[:, None].to(words.dtype)
        size = torch.bincount(owner, minlength=count)[:, None].to(words.dtype)
        zeros = words.new_zeros((count, words.shape[1]))
        attended = zeros.index_add(0, owner, weight * words)
        return torch.cat([attended, zeros.index_add(0, owner, words) / size], dim=1)

    def forward(self, contents: Tensor, cues: Tensor, sources: Tensor, dropout: float) -> Tensor:
        joined = functional.gelu(self.join(torch.cat([contents, cues, sources], dim=1)))
        return functional.dropout(joined, dropout, self.training)


class _Salience(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.inner = nn.Linear(2 * hidden + 4, 128)
        self.out = nn.Linear(128, 1)

    def forward(self, sentences: Tensor, places: Tensor, article: Tensor, count: int) -> Tensor:
        """Logits ``[n]`` of sentences ``[n, hidden]`` with features ``[n, 4]`` of their place.

        ``article`` says which of ``count`` articles each stands in, ``[n]``.
        """
        sums = sentences.new_zeros((count, sentences.shape[1])).index_add(0, article, sentences)
        sizes = torch.bincount(article, minlength=count).clamp(min=1)
        means = (sums / sizes[:, None].to(sums.dtype))[article]
        joined = torch.cat([sentences, means, places.to(sentences.dtype)], dim=1)
        logits: Tensor = self.out(functional.gelu(self.inner(joined)))[:, 0].float()
        return logits


class Network(nn.Module):
    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        hidden, span = config.encoder.hidden_size, config.span_size
        self.config = config
        self.dropout = 0.1
        #: Share of word pieces that are hidden from the encoder while it trains.
        self.hidden_share = 0.0
        self.encoder = Encoder(config.encoder, MARKS)
        self.tagger = nn.Linear(hidden, 3 * len(LAYERS))
        # The labelling guide draws spans a little differently from PolNeAR: what both
        # share is in `tagger`, the difference in here.
        self.tagger_guide = nn.Linear(hidden, 3 * len(LAYERS))
        nn.init.zeros_(self.tagger_guide.weight)
        nn.init.zeros_(self.tagger_guide.bias)
        self.names = nn.Linear(hidden, 1 + 2 * len(NAME_KINDS))
        self.span = nn.Linear(3 * hidden, span)
        self.cue_link, self.source_link = PairScorer(span), PairScorer(span)
        self.antecedent, self.target = PairScorer(span), PairScorer(span)
        self.claim = _ClaimHead(hidden, span, len(config.stances))
        self.salience = _Salience(hidden)

    def encode(self, documents: Sequence[Document], *, budget: int = 8192) -> list[Tensor]:
        """Word states ``[words, hidden]`` of each document, as :meth:`word_states`."""
        states = self.word_states(documents, budget=budget)
        return list(torch.split(states, [len(document.words) for document in documents]))

    def word_states(self, documents: Sequence[Document], *, budget: int = 8192) -> Tensor:
        """States ``[words of all documents, hidden]``, in one pass over their windows.

        Windows are sorted by length and packed so that no batch holds more than
        ``budget`` pieces, padding counted.
        """
        config = self.config
        device = self.tagger.weight.device
        first = np.cumsum([0, *(len(document.pieces) for document in documents)])
        windows = [
            (i, window)
            for i, document in enumerate(documents)
            for window in document.windows(config.window, config.overlap)
        ]
        windows.sort(key=lambda item: item[1].start - item[1].end)
        states: list[Tensor] = []
        # Where the kept state of each piece stands among all that the encoder gives.
        place = np.zeros(first[-1], dtype=np.int64)
        given = at = 0
        while at < len(windows):
            width = windows[at][1].end - windows[at][1].start + 2
            batch = windows[at : at + max(1, budget // width)]
            at += len(batch)
            pieces = np.zeros((len(batch), width), dtype=np.int64)
            marks = np.zeros((len(batch), width, len(MARKS)), dtype=np.int64)
            mask = np.zeros((len(batch), width), dtype=bool)
            for row, (i, window) in enumerate(batch):
                length = window.end - window.start
                pieces[row, 0], pieces[row, length + 1] = self.special
                pieces[row, 1 : length + 1] = documents[i].pieces[window.start : window.end]
                marks[row, 1 : length + 1] = documents[i].marks[window.start : window.end]
                mask[row, : length + 2] = True
                kept = np.arange(window.keep, window.stop)
                place[first[i] + kept] = given + row * width + 1 + kept - window.start
            if self.training and self.hidden_share:
                hide = np.random.default_rng(int(torch.randint(2**62, ()))).random(pieces.shape)
                pieces[(hide < self.hidden_share) & (pieces > self.hidden)] = self.hidden
            out = self.encoder(
                *(torch.from_numpy(array).to(device) for array in (pieces, marks, mask))
            )
            states.append(out.flatten(0, 1))
            given += len(batch) * width
        if not states:
            return self.tagger.weight.new_zeros((0, config.encoder.hidden_size))
        words = [start + item.first_piece for start, item in zip(first, documents, strict=False)]
        where = torch.from_numpy(place[np.concatenate(words)]).to(device)
        return torch.cat(states)[where]

    #: Ids of [CLS] and [SEP], and of [MASK], the last of BERT's special pieces.
    special = (101, 102)
    hidden = 103

    def tags(self, words: Tensor, *, guide: bool | Tensor = True) -> Tensor:
        """Logits ``[words, layers, (O, B, I)]``, as the guide or as PolNeAR draws spans.

        ``guide`` may tell the one from the other word by word: ``[words]``.
        """
        words = functional.dropout(words, self.dropout, self.training)
        logits = self.tagger(words)
        if isinstance(guide, Tensor):
            logits = logits + self.tagger_guide(words) * guide[:, None]
        elif guide:
            logits = logits + self.tagger_guide(words)
        shaped: Tensor = logits.float().view(len(words), len(LAYERS), 3)
        return shaped

    def name_tags(self, words: Tensor) -> Tensor:
        """Logits ``[words, 1 + 2 * kinds]``: O, then B and I of each kind of name."""
        logits: Tensor = self.names(functional.dropout(words, self.dropout, self.training))
        return logits.float()

    def spans(self, words: Tensor, spans: NDArray[np.int64]) -> Tensor:
        """Vectors ``[n, span_size]`` of spans of words ``[n, 2]``."""
        if not len(spans):
            return words.new_zeros((0, self.config.span_size))
        where = torch.from_numpy(spans).to(words.device)
        lengths = spans[:, 1] - spans[:, 0]
        first = np.cumsum(lengths) - lengths
        inside = np.arange(lengths.sum()) + np.repeat(spans[:, 0] - first, lengths)
        mean = functional.embedding_bag(
            torch.from_numpy(inside).to(words.device),
            words,
            torch.from_numpy(first).to(words.device),
            mode="mean",
        )
        ends = [words[where[:, 0]], words[where[:, 1] - 1], mean]
        return functional.gelu(self.span(torch.cat(ends, dim=1)))

    def sentence_logits(self, words: Tensor, documents: Sequence[Document]) -> Tensor:
        """Salience logits ``[sentences of all documents]``.

        ``words`` are the states of the documents' words, one document behind the other.
        """
        counts = [len(document.sentences) for document in documents]
        total = sum(counts)
        shifts = np.cumsum([0, *counts])
        owner = np.concatenate(
            [item.word_sentence + shift for item, shift in zip(documents, shifts, strict=False)]
        )
        lengths = np.bincount(owner, minlength=total)
        order = np.concatenate([np.arange(count) for count in counts])
        article = np.repeat(np.arange(len(counts)), counts)
        places = np.stack(
            [
                np.log1p(order),
                order / np.array(counts)[article],
                lengths.clip(max=80) / 40,
                order == 0,
            ],
            axis=1,
        ).astype(np.float32)

        def to_device(array: NDArray[Any]) -> Tensor:
            return torch.from_numpy(array).to(words.device)

        sums = words.new_zeros((total, words.shape[1])).index_add(0, to_device(owner), words)
        means = sums / to_device(lengths.clip(min=1))[:, None].to(sums.dtype)
        logits: Tensor = self.salience(means, to_device(places), to_device(article), len(counts))
        return logits

"""The encoder: a BERT whose input also sees casing, line breaks and quotation state.

Plain torch rather than ``transformers.BertModel``: importing the latter takes longer
than reading an article. Parameter names are the checkpoint's, so weights of any BERT
load unchanged; a test holds both to the same output.
"""

from __future__ import annotations

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Encoder", "EncoderConfig"]


class EncoderConfig(BaseModel):
    """Sizes of a BERT; the names are those of its ``config.json``."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    vocab_size: int = 30522
    hidden_size: int = 384
    num_hidden_layers: int = 6
    num_attention_heads: int = 12
    intermediate_size: int = 1536
    max_position_embeddings: int = 512
    layer_norm_eps: float = 1e-12


class _Embeddings(nn.Module):
    def __init__(self, config: EncoderConfig, marks: tuple[int, ...]) -> None:
        super().__init__()
        size = config.hidden_size
        self.word_embeddings = nn.Embedding(config.vocab_size, size)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, size)
        self.token_type_embeddings = nn.Embedding(2, size)
        self.LayerNorm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.marks = nn.ModuleList(nn.Embedding(count, size) for count in marks)
        for weight in self.marks.parameters():
            nn.init.zeros_(weight)  # an untrained mark changes nothing

    def forward(self, pieces: Tensor, marks: Tensor) -> Tensor:
        position = torch.arange(pieces.shape[1], device=pieces.device)
        out = self.word_embeddings(pieces) + self.position_embeddings(position)
        out = out + self.token_type_embeddings.weight[0]
        for i, mark in enumerate(self.marks):
            out = out + mark(marks[..., i])
        normed: Tensor = self.LayerNorm(out)
        return normed


class _Layer(nn.Module):
    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.heads = config.num_attention_heads
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.attention_output = nn.Linear(size, size)
        self.attention_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.intermediate = nn.Linear(size, config.intermediate_size)
        self.output = nn.Linear(config.intermediate_size, size)
        self.output_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)

    def forward(self, x: Tensor, mask: Tensor, dropout: float) -> Tensor:
        batch, length, size = x.shape

        def split(t: Tensor) -> Tensor:
            return t.view(batch, length, self.heads, size // self.heads).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(
            split(self.query(x)), split(self.key(x)), split(self.value(x)), attn_mask=mask
        )
        attended = self.attention_output(attended.transpose(1, 2).reshape(batch, length, size))
        x = self.attention_norm(x + functional.dropout(attended, dropout, self.training))
        inner = self.output(functional.gelu(self.intermediate(x)))
        out: Tensor = self.output_norm(x + functional.dropout(inner, dropout, self.training))
        return out


class Encoder(nn.Module):
    """``marks`` gives the number of values of each mark that a piece carries."""

    def __init__(self, config: EncoderConfig, marks: tuple[int, ...]) -> None:
        super().__init__()
        self.config = config
        self.dropout = 0.1
        self.embeddings = _Embeddings(config, marks)
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.num_hidden_layers))

    def forward(self, pieces: Tensor, marks: Tensor, mask: Tensor) -> Tensor:
        """States ``[windows, pieces, hidden]`` of piece ids ``[windows, pieces]``.

        ``marks`` is ``[windows, pieces, kinds]``; ``mask`` is true where a piece is real.
        """
        x: Tensor = self.embeddings(pieces, marks)
        x = functional.dropout(x, self.dropout, self.training)
        wide = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, wide, self.dropout)
        return x

    def load_bert(self, state: dict[str, Tensor]) -> None:
        """Take the weights of a Hugging Face BERT; raises ``KeyError`` where one lacks."""
        inside = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "attention_output": "attention.output.dense",
            "attention_norm": "attention.output.LayerNorm",
            "intermediate": "intermediate.dense",
            "output": "output.dense",
            "output_norm": "output.LayerNorm",
        }
        own = self.state_dict()
        for name in own:
            if name.startswith("embeddings.marks"):
                continue
            source = name
            if name.startswith("layers."):
                _, index, part, kind = name.split(".")
                source = f"encoder.layer.{index}.{inside[part]}.{kind}"
            own[name] = state[source].to(torch.float32)
        self.load_state_dict(own)

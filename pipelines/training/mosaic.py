"""Single labelled claims laid together into texts of several.

A head that has seen each claim alone reads the stance off whatever stands in the text. In
news, claims of different stances stand side by side, even in one sentence: "thanked A for
its help and stressed that B …". Laid together, only a claim's own words tell its stance.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.article import Attribution, Span
from pipelines.references import Reference

__all__ = ["mosaics"]

_MOST = 7
_JOINTS = (" ", " ", "\n\n", "; ", ", while ")
_SHARED = (" and ", ", and ", " but ", " and also ")
_LOWERED = ("The ", "A ", "An ", "In ", "On ", "After ", "At ")


def mosaics(singles: Sequence[Reference], *, times: int, seed: int) -> list[Reference]:
    """References that hold the claims of ``singles`` in new company, each ``times`` times."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    out: list[Reference] = []
    for _ in range(times):
        left = [single for single in singles if single.text and len(single.claims) == 1]
        rng.shuffle(left)
        while left:
            size = rng.randint(2, _MOST)
            taken, left = left[:size], left[size:]
            out.append(_lay(taken, rng, f"mosaic-{len(out)}"))
    return out


def _lay(singles: Sequence[Reference], rng: random.Random, name: str) -> Reference:
    text = ""
    claims: list[dict[str, Any]] = []
    for single in singles:
        more, claim = single.text or "", single.claims[0]
        last = claims[-1] if claims else None
        if last is not None and rng.random() < 0.5 and _can_share(text, last, more, claim):
            # The second claim goes on under the first one's speaker.
            cut = claim.cue[0][0]
            text = text[:-1] + rng.choice(_SHARED)
            claims.append(_moved(claim, len(text) - cut, speaker=last))
            text += more[cut:]
            continue
        joint = rng.choice(_JOINTS) if text else ""
        if joint.strip() and not (text.endswith(".") and more.startswith(_LOWERED)):
            joint = " "
        if joint.strip():
            text, more = text[:-1], more[0].lower() + more[1:]
        text += joint
        claims.append(_moved(claim, len(text)))
        text += more
    return Reference.model_validate({"id": name, "text": text, "claims": claims})


def _can_share(text: str, last: dict[str, Any], more: str, claim: Attribution) -> bool:
    """Whether ``more`` is "speaker cue content" and the text ends in the last one's content."""
    mention, cue = claim.speaker.mention, claim.cue
    plain = bool(mention and cue) and mention[0][0] == 0 and more[mention[0][1] : cue[0][0]] == " "
    ends = max(end for _, end in last["content"]) == len(text) - 1 and text.endswith(".")
    return plain and ends and bool(last["speaker"]["mention"])


def _moved(claim: Attribution, by: int, *, speaker: dict[str, Any] | None = None) -> dict[str, Any]:
    row = claim.model_dump(mode="json")

    def moved(spans: Sequence[Span]) -> Iterator[list[int]]:
        return ([start + by, end + by] for start, end in spans)

    row["content"], row["cue"] = list(moved(claim.content)), list(moved(claim.cue))
    row["speaker"]["mention"] = list(moved(claim.speaker.mention))
    if speaker is not None:
        row["speaker"] = speaker["speaker"]
    return row

"""Whether stances are of the label set and hold together."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from evaluation.labels.problem import Finding, error, warning
from evaluation.labels.speakers import PRONOUNS
from evaluation.names import name_key
from pipelines.article import Attribution
from pipelines.stances import StanceSet

__all__ = ["check_stance"]


def check_stance(claim: Attribution, stances: StanceSet) -> Iterator[Finding]:
    """Findings about the stance, its companions and its targets."""
    for field, labels in (("stance", (claim.stance,)), ("also", claim.also)):
        for label in labels:
            if label not in stances.names:
                near = difflib.get_close_matches(label, stances.names, n=1)
                hint = f"did you mean “{near[0]}”?" if near else f"use {', '.join(stances.names)}"
                yield error("stance", f"{field}: no stance “{label}”; {hint}")
    if len({claim.stance, *claim.also}) <= len(claim.also):
        yield error("stance", "also: repeats a label; keep each once, beside the stance")
    if claim.stance == "threat" and claim.threat_from is None:
        yield error("threat-from", "threat_from: a threat has “speaker” or “other”; add it")
    elif claim.stance != "threat" and claim.threat_from is not None:
        yield error("threat-from", "threat_from: is for the stance threat only; set it to null")
    keys = [name_key(target) for target in claim.targets]
    if len(set(keys)) < len(keys):
        yield error("target", "targets: one stands there twice; keep one")
    for target, key in zip(claim.targets, keys, strict=True):
        if key in PRONOUNS:
            yield error("target", f"targets: “{target}” names nobody; write who that is")
    if claim.stance != "statement" and not claim.targets:
        yield warning("target", f"targets: {claim.stance} is toward somebody or something; add it")

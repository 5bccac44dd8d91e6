"""From what was marked in another tool to claims in the guide's form."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

from evaluation.labels.convert.marks import Mark, Role, Sheet, claim_fields
from evaluation.labels.problem import Finding, error, warning
from pipelines.article import Attribution, Polarity, Span, ThreatFrom
from pipelines.stances import default_stances

__all__ = ["Report", "gather_claims"]

#: Takes what was found and the number of the claim it was found in, counted from 1.
Report = Callable[[Finding, int | None], None]

_SHOWN = 40


def _shown(mark: Mark, text: str) -> str:
    start, end = mark.spans[0][0], mark.spans[-1][1]
    words = " ".join(text[start:end].split())
    return f"“{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}” ({mark.key})"


def _groups(sheet: Sheet) -> list[list[Mark]]:
    """The contents, those that are linked with one another in one group."""
    contents = [mark for mark in sheet.marks if mark.role == "content"]
    group = {mark.key: mark.key for mark in contents}
    for one, other in sheet.links:
        if one in group and other in group:
            old, new = group[other], group[one]
            group = {key: new if value == old else value for key, value in group.items()}
    together: dict[str, list[Mark]] = {}
    for mark in contents:
        together.setdefault(group[mark.key], []).append(mark)
    return list(together.values())


def _join_spans(spans: Iterable[Span], name: str) -> tuple[list[Span], list[Finding]]:
    """The spans in order; what overlaps is joined, since a reference keeps them apart."""
    joined: list[Span] = []
    findings = []
    for start, end in sorted(set(spans)):
        if joined and start < joined[-1][1]:
            last = joined[-1]
            joined[-1] = (last[0], max(last[1], end))
            message = f"{name}: {list(last)} and [{start}, {end}] overlap; joined, mark it once"
            findings.append(warning("span", message))
        else:
            joined.append((start, end))
    return joined, findings


def _all(marks: Sequence[Mark], name: str) -> list[str]:
    """The values of all marks; only what several marks say is said once."""
    given = [mark.values[name] for mark in marks if mark.values.get(name)]
    every = [value for values in given for value in values]
    return list(dict.fromkeys(every)) if len(given) > 1 else every


def _known(value: str, allowed: Sequence[str]) -> str:
    """The value as this project spells it, where only case or blanks differ."""
    word = value.strip().casefold().replace(" ", "_")
    return word if word in allowed and value not in allowed else value


def _one(
    marks: Sequence[Mark], name: str, allowed: Sequence[str]
) -> tuple[str | None, list[Finding]]:
    """The value of a field that has but one, the first where there are several."""
    given = list(dict.fromkeys(_known(value, allowed) for value in _all(marks, name)))
    if not given:
        return None, []
    value = given[0]
    findings = []
    kind = name.replace("_", "-")
    if len(given) > 1:
        findings.append(error(kind, f"{name}: has {', '.join(given)}; took {value}, keep one"))
    if value not in allowed:
        near = difflib.get_close_matches(value, allowed, n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"use {', '.join(allowed)}"
        say = warning if name == "stance" else error
        findings.append(say(kind, f"{name}: “{value}” is none that we know; {hint}"))
    return value, findings


def _claim(
    contents: Sequence[Mark], cues: Sequence[Mark], speakers: Sequence[Mark]
) -> tuple[dict[str, Any], list[Finding]]:
    findings: list[Finding] = []
    spans: dict[str, list[Span]] = {}
    for name, marks in (("content", contents), ("cue", cues), ("mention", speakers)):
        spans[name], found = _join_spans((span for mark in marks for span in mark.spans), name)
        findings.extend(found)
    stances = default_stances().names
    stance, wrong = _one(contents, "stance", stances)
    findings.extend(wrong)
    if stance is None:
        findings.append(error("stance", "stance: none is chosen; taken as statement, choose one"))
    polarity, wrong = _one(contents, "polarity", get_args(Polarity))
    findings.extend(wrong)
    if polarity is None:
        findings.append(warning("polarity", "polarity: none is chosen; taken as neutral"))
    threat, wrong = _one(contents, "threat_from", get_args(ThreatFrom))
    findings.extend(wrong)
    also = [_known(label, stances) for label in _all(contents, "also")]
    if threat is not None and "threat" not in (stance, *also):
        findings.append(warning("threat-from", "threat_from: is for a threat only; left out"))
        threat = None
    if stance == "threat" and threat is None:
        message = "threat_from: a threat has speaker or other; add it"
        findings.append(warning("threat-from", message))
    names = _all([*speakers, *contents], "names")
    if speakers and not names:
        findings.append(warning("names", "speaker.names: nobody is named; write who speaks"))
    return {
        "content": spans["content"],
        "cue": spans["cue"],
        "speaker": {"mention": spans["mention"], "names": names},
        "stance": stance or "statement",
        "also": also,
        "polarity": polarity if polarity in get_args(Polarity) else "neutral",
        "targets": _all(contents, "targets"),
        "threat_from": threat if threat in get_args(ThreatFrom) else None,
    }, findings


def gather_claims(sheet: Sheet, text: str, report: Report) -> list[dict[str, Any]]:
    """The claims of a sheet, in the order of their contents' marks.

    Contents that are linked are pieces of one claim; a cue or a speaker belongs to every
    content it is linked with, whichever way the link points. What is missing or does not
    fit is reported and costs only itself.
    """
    marks = {mark.key: mark for mark in sheet.marks}
    linked: set[str] = set()
    claims: list[dict[str, Any]] = []
    for number, contents in enumerate(_groups(sheet), 1):
        keys = {mark.key for mark in contents}
        others = [b if a in keys else a for a, b in sheet.links if (a in keys) != (b in keys)]
        linked.update(others)
        parts: dict[Role, list[Mark]] = {"content": [], "cue": [], "speaker": []}
        for key in dict.fromkeys(others):
            if key in marks:
                parts[marks[key].role].append(marks[key])
        fields, findings = _claim(contents, parts["cue"], parts["speaker"])
        claims.append(claim_fields(Attribution.model_validate(fields)))
        for finding in findings:
            report(finding, number)
    for mark in sheet.marks:
        if mark.role != "content" and mark.key not in linked:
            message = f"{mark.role}: {_shown(mark, text)} is linked to no content; link it"
            report(error("link", message), None)
    for one, other in sheet.links:
        for key in (one, other):
            if key not in marks:
                report(warning("link", f"a link leads to {key}, which is no mark of ours"), None)
    return claims

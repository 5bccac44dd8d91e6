"""The labelling interface that a Label Studio project needs for our fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evaluation.labels.convert.marks import ROLES
from pipelines.article import Polarity, ThreatFrom
from pipelines.stances import default_stances

__all__ = ["CONTROLS", "labelling_config"]

#: The type of a region's result, by the field and so by the control's name.
CONTROLS: Mapping[str, str] = {
    "stance": "choices",
    "also": "choices",
    "polarity": "choices",
    "threat_from": "choices",
    "targets": "textarea",
    "names": "textarea",
}
_COLOURS = {"content": "#2f7ed8", "cue": "#f28f43", "speaker": "#5aa469"}


def labelling_config(stances: Iterable[str] = ()) -> str:
    """The interface as XML, with ``stances`` offered beside those of the guide."""
    names = list(dict.fromkeys((*default_stances().names, *stances)))
    offered = {
        "stance": names,
        "also": names,
        "polarity": get_args(Polarity),
        "threat_from": get_args(ThreatFrom),
    }
    view = Element("View")
    labels = SubElement(view, "Labels", name="label", toName="text")
    for role in ROLES:
        SubElement(labels, "Label", value=role.capitalize(), background=_COLOURS[role])
    relations = SubElement(view, "Relations")
    for relation in ("speaker", "cue", "continues"):
        SubElement(relations, "Relation", value=relation)
    # Without this, runs of blanks are trimmed in what is shown and saved.
    SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    SubElement(view, "Text", name="text", value="$text", granularity="symbol")
    for name, kind in CONTROLS.items():
        SubElement(view, "Header", value=name, size="6")
        common = {"name": name, "toName": "text", "perRegion": "true"}
        if kind == "textarea":
            SubElement(view, "TextArea", common, editable="true")
            continue
        choice = "multiple" if name == "also" else "single"
        choices = SubElement(view, "Choices", common, choice=choice, showInline="true")
        for value in offered[name]:
            SubElement(choices, "Choice", value=value)
    indent(view)
    return tostring(view, encoding="unicode") + "\n"

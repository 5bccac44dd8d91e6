"""A text with its names marked, ``[kind Name]``, as the network would find them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.reader.document import split_sentences
from pipelines.speakers.names import Entity, Mention, group_names
from pipelines.speakers.roles import assign_roles

__all__ = ["Named", "named"]

_MARK = re.compile(r"\[(person|organisation|place|people|other) ([^\]]+)\]")


@dataclass
class Named:
    text: str
    mentions: list[Mention]
    places: list[tuple[int, int]]
    entities: list[Entity]

    @property
    def names(self) -> list[str]:
        return [entity.name for entity in self.entities]

    @property
    def said(self) -> dict[str, list[str]]:
        """What each entity is called, mention for mention."""
        return {
            entity.name: [self.mentions[m].text for m in entity.mentions]
            for entity in self.entities
        }

    @property
    def role_numbers(self) -> dict[int, str]:
        sentences = split_sentences(self.text)
        return assign_roles(self.text, sentences, self.mentions, self.places, self.entities)

    @property
    def roles(self) -> dict[str, str]:
        return {self.entities[j].name: role for j, role in self.role_numbers.items()}


def named(marked: str) -> Named:
    text = ""
    mentions: list[Mention] = []
    places: list[tuple[int, int]] = []
    end = 0
    for match in _MARK.finditer(marked):
        text += marked[end : match.start()]
        first = len(text.split())
        places.append((len(text), len(text) + len(match[2])))
        mentions.append(Mention(first, first + len(match[2].split()), match[2], match[1]))
        text += match[2]
        end = match.end()
    return Named(text + marked[end:], mentions, places, group_names(mentions))

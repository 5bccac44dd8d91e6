"""Which cue and source a content piece belongs to, beyond what the scorers say."""

from __future__ import annotations

import numpy as np

from pipelines.reader.document import Document, make_document
from pipelines.reader.drafts import (
    _adopt_orphans,
    _in_sentence_of,
    _under,
    likely_source,
)
from tests.fixtures.checkpoint import tiny_tokenizer

TEXT = "She thanked Peru for aid and stressed that it helps. “Yes,” he added, “it does.”\nThe end."


def document() -> Document:
    return make_document(TEXT, tiny_tokenizer())


def words(shown: str) -> tuple[int, int]:
    start = TEXT.index(shown)
    found = document().word_range((start, start + len(shown)))
    assert found is not None
    return found


def test_a_cue_that_no_piece_has_goes_to_the_piece_behind_it() -> None:
    pieces, cues = [words("Peru for aid"), words("it helps")], [words("thanked"), words("stressed")]

    assert _adopt_orphans(document(), pieces, cues, [(1, 0.9), (1, 0.8)]) == [(0, 0.9), (1, 0.8)]
    assert _adopt_orphans(document(), pieces, cues, [(0, 0.9), (1, 0.8)]) == [(0, 0.9), (1, 0.8)]


def test_a_cue_behind_and_governs_what_follows_only() -> None:
    assert not _under(document(), words("Peru for aid"), words("stressed"))
    assert _under(document(), words("it helps"), words("stressed"))
    assert _under(document(), words("Yes"), words("added"))


def test_a_cue_without_a_source_takes_the_likely_one_of_its_sentence() -> None:
    tags = np.zeros((len(document().words), 3), dtype=np.float32)
    he = words("he added")[0]
    tags[0, 1], tags[he, 1] = 0.9, 0.3

    assert likely_source(tags, document(), words("added")) == (he, he + 1)
    tags[he, 1] = 0.1
    assert likely_source(tags, document(), words("added")) is None


def test_a_source_in_another_sentence_is_told_from_one_beside_the_cue() -> None:
    assert _in_sentence_of(
        document(), (words("he added")[0], words("he added")[0] + 1), words("added")
    )
    assert not _in_sentence_of(document(), words("She"), words("added"))
    assert not _in_sentence_of(document(), None, words("added"))


def test_breaks_are_known() -> None:
    after = np.flatnonzero(document().after_break)
    assert [document().word(int(i)) for i in after] == ["She", "The"]

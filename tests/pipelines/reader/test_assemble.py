"""From what the heads say to the contract's Analysis; the heads are played by hand here."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.article import Analysis, Article, ModelIdentity
from pipelines.reader.assemble import Thresholds, assemble
from pipelines.reader.document import Document, make_document
from pipelines.reader.reading import FoundClaim, Reading
from pipelines.speakers.names import Mention, group_names
from tests.fixtures.checkpoint import tiny_tokenizer

TOKENIZER = tiny_tokenizer()
TEXT = (
    "Norwegian Defence Minister Sigrun Halvorsen met her Latvian counterpart Janis Ozols "
    "in Riga. “We will go,” she said, “and soon.” The Norwegian minister thanked Ozols. "
    "Ozols’s aide in Riga smiled."
)
NAMES = (
    ("Sigrun Halvorsen", "person"),
    ("Janis Ozols", "person"),
    ("Riga", "place"),
    ("Ozols", "person"),
    ("Ozols", "person"),
    ("Riga", "place"),
)
HALVORSEN, OZOLS, RIGA = range(3)


class Hand:
    """A reading of ``text`` whose names and claims are given by the words they show."""

    def __init__(self, text: str, names: tuple[tuple[str, str], ...] = ()) -> None:
        self.text = text
        self.document: Document = make_document(text, TOKENIZER)
        self.mentions = []
        end = 0
        for name, kind in names:
            start = text.index(name, end)
            end = start + len(name)
            self.mentions.append(Mention(*self.words(name, start), name, kind))
        self.claims: list[FoundClaim] = []

    def words(self, shown: str, at: int = 0) -> tuple[int, int]:
        start = self.text.index(shown, at)
        found = self.document.word_range((start, start + len(shown)))
        assert found is not None
        return found

    def claim(self, *content: str, source: str = "", cue: str = "", **said: Any) -> None:
        standing: dict[str, Any] = {
            "probability": 0.9,
            "stances": {"cooperation": 0.6, "support": 0.1},
            "polarity": "neutral",
            "origin": "other",
            "speakers": {},
            "targets": {},
        }
        self.claims.append(
            FoundClaim(
                content=[self.words(piece) for piece in content],
                cue=[self.words(cue)] if cue else [],
                source=[self.words(source)] if source else [],
                **standing | said,
            )
        )

    def analysis(self, thresholds: Thresholds | None = None, **article: Any) -> Analysis:
        entities = group_names(self.mentions)
        scores = [0.5] * len(self.document.sentences)
        analysis = assemble(
            Article(text=self.text, **article),
            self.document,
            Reading(self.mentions, entities, self.claims, scores),
            identity=ModelIdentity(name="hand", revision="1"),
            thresholds=thresholds or Thresholds(),
            max_words=80,
            max_sentences=3,
            warnings=("mind the gap",),
        )
        analysis.verify(self.text)
        return analysis


def hand() -> Hand:
    return Hand(TEXT, NAMES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("“We go now.”", "We go now"),
        ('"We go now."', "We go now"),
        ("“We go now”.", "We go now"),
        ("‘We go now,’", "We go now"),
        ("«We go now»", "We go now"),
        ("„We go now“", "We go now"),
        (", that is so;", "that is so"),
        ("“We go,” and “we stay”", "“We go,” and “we stay”"),
        ('"We go" and "we stay"', '"We go" and "we stay"'),
        ("it is “sound, if late.”", "it is “sound, if late.”"),
        ("ships leave tomorrow.", "ships leave tomorrow"),
        ("ships leave for the U.S.", "ships leave for the U.S."),
        ("ships leave for the U.K.", "ships leave for the U.K."),
        ("ships leave and then...", "ships leave and then..."),
        ("they want to go.", "they want to go"),
        ("it fell to 15.", "it fell to 15"),
        ("“Don’t wait.”", "Don’t wait"),
    ],
)
def test_content_is_trimmed(text: str, wanted: str) -> None:
    page = Hand(f"She said: {text}")
    page.claim(text, cue="said")

    (claim,) = page.analysis().claims

    assert claim.text == wanted


def test_content_without_a_word_is_no_claim() -> None:
    page = Hand("“…” He said -- now.")
    page.claim("“…”", cue="said")
    page.claim("--", "now", cue="said")

    assert [claim.text for claim in page.analysis().claims] == ["now"]


def test_a_claim_shows_what_the_heads_say() -> None:
    page = hand()
    page.claim(
        "“We will go,”",
        "“and soon.”",
        source="she",
        cue="said",
        speakers={HALVORSEN: 0.8, OZOLS: 0.1},
        stances={"statement": 0.1, "threat": 0.55, "demand": 0.35},
        polarity="negative",
        origin="speaker",
        targets={RIGA: 0.7, OZOLS: 0.2},
    )

    (claim,) = page.analysis().claims

    assert claim.text == "We will go … and soon"
    assert TEXT[slice(*claim.cue[0])] == "said"
    assert TEXT[slice(*claim.speaker.mention[0])] == "she"
    assert claim.speaker.names == ("Sigrun Halvorsen",)
    assert (claim.stance, claim.also) == ("threat", ("demand",))
    assert claim.scores == {"statement": 0.1, "threat": 0.55, "demand": 0.35}
    assert (claim.polarity, claim.threat_from, claim.targets) == ("negative", "speaker", ("Riga",))
    assert claim.confidence == pytest.approx(0.9 * 0.8 * 0.55, abs=1e-4)


def test_only_a_threat_has_an_origin() -> None:
    page = hand()
    page.claim("We will go", origin="speaker")

    assert page.analysis().claims[0].threat_from is None


def test_a_plain_statement_may_be_made_likelier() -> None:
    page = hand()
    page.claim("We will go", stances={"statement": 0.4, "demand": 0.5, "threat": 0.1})

    (claim,) = page.analysis(Thresholds(statement=1.0)).claims

    assert page.analysis().claims[0].stance == "demand"
    assert (claim.stance, claim.also) == ("statement", ())
    assert sum(claim.scores.values()) == pytest.approx(1.0, abs=1e-3)
    assert claim.scores["demand"] == pytest.approx(5 * claim.scores["threat"], abs=1e-3)


def test_confidence_is_calibrated() -> None:
    page = hand()
    page.claim("We will go")

    sure = page.analysis(Thresholds(slope=2.0, intercept=1.0)).claims[0].confidence
    never = page.analysis(Thresholds(intercept=-9.0)).claims[0].confidence

    assert sure > page.analysis().claims[0].confidence > never
    assert sure == pytest.approx(0.7893, abs=1e-3)


@pytest.mark.parametrize(
    ("stance", "targets", "wanted"),
    [
        ("support", {OZOLS: 0.6, RIGA: 0.55}, ("Janis Ozols", "Riga")),
        ("support", {OZOLS: 0.35, RIGA: 0.4}, ("Riga",)),  # the best, when none is sure
        ("support", {RIGA: 0.25}, ()),
        ("statement", {RIGA: 0.4}, ()),
        ("support", {HALVORSEN: 0.9, RIGA: 0.4}, ("Riga",)),  # nobody is her own target
    ],
)
def test_targets(stance: str, targets: dict[int, float], wanted: tuple[str, ...]) -> None:
    page = hand()
    page.claim(
        "We will go",
        source="she",
        speakers={HALVORSEN: 0.9},
        stances={stance: 1.0},
        targets=targets,
    )

    assert page.analysis().claims[0].targets == wanted


def test_a_people_stands_for_its_state() -> None:
    page = Hand("She said the Latvians left early.", (("Latvians", "people"),))
    page.claim("left early", cue="said", targets={0: 0.9})

    assert page.analysis().claims[0].targets == ("Latvia",)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("Sigrun Halvorsen", ("Sigrun Halvorsen",)),
        ("Norwegian Defence Minister Sigrun Halvorsen", ("Sigrun Halvorsen",)),
        ("The Norwegian minister", ("Sigrun Halvorsen",)),
        ("Latvian counterpart Janis Ozols", ("Janis Ozols",)),
        ("Ozols’s aide", ("Ozols’s aide",)),
        ("Ozols’s aide in Riga", ("Ozols’s aide in Riga",)),
        ("", ()),
    ],
)
def test_who_speaks(source: str, names: tuple[str, ...]) -> None:
    page = hand()
    page.claim("and soon", source=source)

    assert page.analysis().claims[0].speaker.names == names


@pytest.mark.parametrize(
    "source", ["a spokesman for Ana Reis", "an aide to Mayor Ana Reis", "sources with Ana Reis"]
)
def test_somebody_for_a_person_is_not_that_person(source: str) -> None:
    page = Hand(f"It was late, {source} said.", (("Ana Reis", "person"),))
    page.claim("It was late", source=source)

    assert page.analysis().claims[0].speaker.names == (source,)


@pytest.mark.parametrize(
    "source", ["Minister for Trade Ana Reis", "Norway’s Ana Reis", "the President of Peru Ana Reis"]
)
def test_a_title_may_hold_other_names(source: str) -> None:
    page = Hand(f"It was late, {source} said.", (("Ana Reis", "person"),))
    page.claim("It was late", source=source)

    assert page.analysis().claims[0].speaker.names == ("Ana Reis",)


def test_speakers_are_all_who_speak_with_all_their_mentions() -> None:
    page = hand()
    page.claim("thanked Ozols", source="The Norwegian minister")
    page.claim("smiled", source="Ozols’s aide")
    page.claim("We will go", source="she", speakers={HALVORSEN: 0.8})

    first, second = page.analysis().speakers

    assert (first.name, first.role) == ("Sigrun Halvorsen", "Norwegian Defence Minister")
    assert [TEXT[slice(*span)] for span in first.mentions] == [
        "Sigrun Halvorsen",
        "she",
        "The Norwegian minister",
    ]
    assert (second.name, second.role) == ("Ozols’s aide", None)


def test_claims_are_in_the_order_of_the_text() -> None:
    page = hand()
    for piece in ("smiled", "We will go", "thanked Ozols"):
        page.claim(piece, cue="said")

    shown = [claim.text for claim in page.analysis().claims]

    assert shown == ["We will go", "thanked Ozols", "smiled"]


def test_the_rest_comes_from_article_and_reader() -> None:
    analysis = hand().analysis(id="r1", title="Riga", max_sentences=1)

    assert (analysis.id, analysis.title) == ("r1", "Riga")
    assert analysis.model == ModelIdentity(name="hand", revision="1")
    assert analysis.warnings == ("mind the gap",)
    assert len(analysis.summary.sentences) == 1
    assert (analysis.claims, analysis.speakers) == ((), ())

"""The page stands alone, says what the run said, and no article can break out of it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from evaluation import Run, Settings, run_benchmark, write_page
from evaluation.corpora import Corpus
from evaluation.corpora.base import GUIDE_FIELDS
from evaluation.html.charts import bar, quality_by_speed, reliability
from evaluation.html.marking import mark, rows
from evaluation.metrics.figure import Figure, Interval
from evaluation.reading import Failure, read_all
from evaluation.report import CorpusResult
from evaluation.scoring import score
from tests.evaluation.builders import HARBOUR, FixedModel, analysis, claim, reference, row, scored
from tests.evaluation.test_metrics import CASE

VOID = {"meta", "br", "line", "circle", "rect", "link", "img", "input", "hr"}
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> \"' & </style>"


class Page(HTMLParser):
    """Checks that tags are closed in order, and keeps what was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, tag
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def parse(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.stack == []
    return page


@pytest.fixture
def run(tmp_path: Path) -> Run:
    data = [
        row(f"a{i}", text=f"{HARBOUR} Edition {i}.") | {"title": f"Title {i}"} for i in range(3)
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in data), encoding="utf-8")
    return run_benchmark(
        [path],
        ["oracle", "lead-3", "quotation-marks", "oracle-3"],
        baseline="lead-3",
        settings=Settings(resamples=50),
    )


def page_of(run: Run, tmp_path: Path, **fields: Any) -> tuple[str, Page]:
    write_page(run, tmp_path / "report.html", **fields)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    return text, parse(text)


def test_it_is_one_file_that_needs_no_other(run: Run, tmp_path: Path) -> None:
    text, page = page_of(run, tmp_path)
    for tag in ("script", "link", "img", "iframe", "object"):
        assert page.all(tag) == [], tag
    assert not re.search(r"(?:src|href)=\"(?!#)", text)
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = [m for m in page.all("meta") if m.get("http-equiv")]
    assert "default-src 'none'" in (policy["content"] or "")


def test_it_can_be_read_by_everybody(run: Run, tmp_path: Path) -> None:
    text, page = page_of(run, tmp_path)
    assert page.all("html")[0]["lang"] == "en"
    assert [page.all(tag) != [] for tag in ("title", "main", "h1", "nav")] == [True] * 4
    assert all(th.get("scope") in ("row", "col") for th in page.all("th"))
    assert text.count("<table>") == text.count("<caption>")
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        target = attributes.get("href") or ""
        assert not target or target.removeprefix("#") in ids
        label = attributes.get("aria-labelledby")
        assert label is None or label in ids
    for svg in page.all("svg"):
        assert svg.get("aria-hidden") == "true" or svg.get("role") == "img"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert "prefers-color-scheme: dark" in text
    for kind in ("missed", "invented"):  # not by colour alone
        assert re.search(rf"mark\.{kind} {{[^}}]*underline", text)


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * c for c in colour)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_contrast_is_enough_in_light_and_dark() -> None:
    style = (Path(__file__).parents[2] / "evaluation" / "html" / "report.css").read_text()
    schemes = [dict(re.findall(r"--([\w-]+): #(\w+);", part)) for part in style.split("@media")[:2]]
    assert len(schemes[0]) == len(schemes[1]) > 8
    for colours in schemes:
        for ink, paper in (
            ("ink", "paper"),
            ("ink", "band"),
            ("quiet", "paper"),
            ("mark", "paper"),
            ("missed", "paper"),
            *((kind, f"{kind}-bg") for kind in ("right", "missed", "invented")),
        ):
            one, other = sorted((luminance(colours[ink]), luminance(colours[paper])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (ink, paper)


def test_it_says_what_the_run_said(run: Run, tmp_path: Path) -> None:
    text, page = page_of(run, tmp_path)
    said = " ".join(" ".join(page.text).split())
    assert "3 articles, 12 reference claims" in said
    assert "Differences to lead-3" in said
    assert "Speed against quality" in said
    assert "Reliability diagram of oracle" in said
    assert "What was taken for what: reference in rows, oracle in columns" in said
    assert said.count("Claims of the reference and of oracle") == 3
    for i in range(3):
        assert f'<h4 id="c0-a{i}-title">Title {i}</h4>' in text
    assert run.results[0].corpus.sha256 in said
    assert "100.0 (100.0–100.0)" in said


def test_few_pages_say_how_many_are_left_out(run: Run, tmp_path: Path) -> None:
    _, page = page_of(run, tmp_path, pages=1)
    assert len(page.all("article")) == 1
    assert "2 further articles are not shown" in " ".join(page.text)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = f"{HOSTILE} said Moe. {HOSTILE}"
    label = {
        "content": HOSTILE,
        "cue": "said",
        "mention": "Moe",
        "names": [HOSTILE],
        "targets": [HOSTILE],
        "stance": HOSTILE,
    }
    of = reference(HOSTILE, text=text, claims=[label], summary=[HOSTILE])
    other = reference("other", text=f"{text} More.", claims=[label])
    of = of.model_copy(update={"title": HOSTILE})
    found = analysis(of, [claim(of.claims[0], text)], summary=HOSTILE)
    model = FixedModel({HOSTILE: found, "other": RuntimeError(HOSTILE)})
    model.identity = model.identity.model_copy(update={"name": HOSTILE, "revision": HOSTILE})
    corpus = Corpus(
        HOSTILE,
        (of, other),
        frozenset({"text", "content", "speaker", "stance", "summary"}),
        problems=(HOSTILE,),
    )
    settings = Settings(resamples=20)
    result = score(corpus, [model], [read_all(model, corpus.references)], settings)
    raw, page = page_of(Run(settings, (result,)), tmp_path)
    assert page.all("script") == page.all("img") == []
    assert "<script" not in raw
    assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", raw)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert HOSTILE in "".join(page.text)
    assert "failed: RuntimeError" in " ".join(page.text)


def test_marks_cut_the_text_where_labels_differ() -> None:
    segments = mark(CASE)
    assert "".join(segment.text for segment in segments) == HARBOUR
    kinds = {segment.text: segment.kind for segment in segments}
    assert kinds["the "] == "missed"
    assert kinds["harbour would open to all ships"] == "right"
    assert kinds["smugglers could gain from it"] == "missed"
    assert kinds["Oslo, 3 May"] == "invented"
    assert kinds[". “"] == "plain"


def test_every_claim_of_either_side_has_a_row() -> None:
    found = rows(CASE, GUIDE_FIELDS)
    assert [(r.kind, r.wrong) for r in found] == [
        ("invented", ()),
        ("right", ()),
        ("right", ()),
        ("found", ("speaker", "stance")),
        ("missed", ()),
    ]
    assert found[0].reference is None
    assert found[3].predicted is not None
    assert found[3].predicted[1] == "Ingrid Dahl, Finland"
    assert found[4].predicted is None
    nobody = reference(claims=[{"content": "Oslo"}])
    (one,) = rows(scored(nobody, ()), GUIDE_FIELDS)
    assert one.reference == ("Oslo", "nobody named", "statement", "")


def test_nothing_is_called_wrong_that_nobody_labelled() -> None:
    spans = rows(CASE, frozenset({"text", "content"}))
    assert [r.kind for r in spans] == ["invented", "right", "right", "right", "missed"]
    assert spans[3].predicted == ("Norway for the step", "", "", "")


def test_drawings_have_their_places(run: Run) -> None:
    assert bar(Figure("f", 0.5, 3, "", interval=Interval(0.25, 1.2, 0.95))) is not None
    drawn = bar(Figure("f", 0.5, 3, "", interval=Interval(0.25, 1.2, 0.95)))
    assert drawn is not None
    assert (drawn.at, drawn.low, drawn.high) == (50.0, 25.0, 100.0)
    assert bar(Figure("f", 4.0, 3, "", unit="words")) is None
    assert bar(Figure("f", None, 0, "")) is None
    (point,) = reliability(run.reports[0].reliability)
    assert (point.x, point.y) == (100.0, 0.0)
    points = quality_by_speed(run.reports, "rouge1")
    assert [p.name for p in points] == ["oracle", "lead-3", "oracle-3"]
    assert all(0 <= p.x <= 100 and p.high <= p.y <= p.low for p in points)
    assert quality_by_speed(run.reports, "speaker")[0].y == 0.0


def test_a_run_without_claims_or_costs_is_shown(tmp_path: Path) -> None:
    of = reference(claims=())
    corpus = Corpus("bare", (of,), frozenset({"summary"}))
    model = FixedModel({of.id: analysis(of)})
    reading = read_all(model, [of])
    kept = type(reading)(reading.scored, (Failure("x", "y", "z"),), None)
    result = score(corpus, [model], [kept], Settings(resamples=0))
    assert isinstance(result, CorpusResult)
    text, page = page_of(Run(Settings(), (result,)), tmp_path)
    assert "Speed against quality" not in text
    assert "fixed: x: z" in " ".join(page.text)

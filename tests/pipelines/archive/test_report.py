"""The report: its figures, its SQL, and that an article cannot write the page."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.archive.report.build import COLOURS
from pipelines.archive.tables import SCHEMAS
from pipelines.cli import app
from pipelines.stances import default_stances

runner = CliRunner()
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Tables as a run writes them: four articles, claims of three people."""
    text = "Before it. The Foo said that bar is baz. After it."
    articles = [
        {
            "id": ["https://example.org/a", "b", "c", "d"][i],
            "title": EVIL if i == 1 else f"Title {i}",
            "date": ["2021-01-05", "2021-01-06T08:00:00", "2021-02-01", None][i],
            "language": "en",
            "text": text,
            "status": "ok",
            "duplicate": "near" if i == 3 else None,
            "summary": f"Summary {i} {EVIL}" if i < 3 else None,
            "claims": 2,
        }
        for i in range(4)
    ]
    start = text.index("bar")
    said = [
        ("https://example.org/a", ["Ann"], "threat", ["Kor"], "negative", 0.9),
        ("https://example.org/a", ["Ann"], "threat", ["Kor"], "negative", 0.4),
        ("b", ["Ann", "Bo"], "cooperation", ["Kor", "Lem"], "positive", 0.8),
        ("c", ["Cy"], "statement", [], "neutral", 0.99),
        ("c", [], "threat", ["Kor"], "negative", 0.99),
    ]
    claims = [
        {
            "article_id": article,
            "claim": i,
            "text": "bar is baz",
            "content": [{"start": start, "end": start + 10}],
            "speakers": speakers,
            "stance": stance,
            "targets": targets,
            "polarity": polarity,
            "confidence": confidence,
        }
        for i, (article, speakers, stance, targets, polarity, confidence) in enumerate(said)
    ]
    for name, rows in (("articles", articles), ("claims", claims), ("speakers", [])):
        (tmp_path / "it's" / name).mkdir(parents=True)
        table = pa.Table.from_pylist(rows, schema=SCHEMAS[name])
        pq.write_table(table, tmp_path / "it's" / name / "000000-000000.parquet")
    return tmp_path / "it's"


def test_the_page_and_the_sql_that_is_printed(results: Path) -> None:
    done = runner.invoke(app, ["report", str(results)])
    assert done.exit_code == 0, done.stderr
    page = (results / "report.html").read_text()
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r'(src|href)="(?!#|https://example\.org/a")', page)
    assert page.count("<rect") == 4
    assert f'style="background: {COLOURS["threat"]}" title="Ann on Kor: threat">3</td>' in page
    assert "Before it. The Foo said that <mark>bar is baz</mark>. After it." in page
    assert page.count("<mark>") == 3  # neither plain statements nor what nobody says
    assert '<a href="#b">' in page
    assert '<article id="b">' in page

    # What is printed runs as it is, figure by figure.
    connection = duckdb.connect()
    answers = {}
    for statement in done.stdout.split(";\n"):
        name = re.search(r"^-- (\w+):", statement, re.MULTILINE)
        answer = connection.execute(statement)
        if name is not None:
            answers[name[1]] = answer.fetchall()
    assert answers["stances_over_time"] == [
        ("2021-01", "cooperation", 1), ("2021-01", "threat", 2), ("2021-02", "statement", 1),
        ("2021-02", "threat", 1),
    ]  # fmt: skip
    assert answers["who_talks_about_whom"][0] == ("Ann", "Kor", 3, 2, 1)
    assert answers["what_was_read"] == [("analysed", "en", 3), ("near duplicate", "en", 1)]


def test_a_report_of_nothing_names_what_is_missing(tmp_path: Path) -> None:
    done = runner.invoke(app, ["report", str(tmp_path)])
    assert done.exit_code == 2
    assert "holds no tables of attache batch in Parquet" in done.stderr


def test_a_report_without_duckdb_names_the_extra(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    done = runner.invoke(app, ["report", str(results)])
    assert done.exit_code == 2
    assert "attache[report]" in done.stderr


def test_every_stance_has_a_colour() -> None:
    assert set(default_stances().names) == set(COLOURS)

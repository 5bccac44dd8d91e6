"""A run that broke off goes on; nothing is taken for what it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluation import run_benchmark
from evaluation.cache import Cache
from evaluation.reading import read_all
from evaluation.settings import Settings
from pipelines.article import Article, ModelIdentity
from pipelines.errors import ArticleError
from tests.evaluation.builders import HARBOUR, FixedModel, analysis, reference

NAME = ModelIdentity(name="some/model", revision="1")
OF = [reference(f"a{i}", text=f"{HARBOUR} Edition {i}.") for i in range(4)]


class Counting(FixedModel):
    """Answers all four articles and remembers which it was asked for."""

    def __init__(self, **answers: Any) -> None:
        super().__init__({r.id: analysis(r) for r in OF} | answers)
        self.asked: list[str] = []

    def analyse(self, articles: Any, *, errors: Any = "raise") -> Any:
        for article in articles:
            self.asked.append(article.id)
            yield from super().analyse([article], errors=errors)


def cache(folder: Path, **settings: Any) -> Cache:
    return Cache(folder, NAME, settings or {"max_words": 80})


def test_a_second_run_reads_nothing(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    before = read_all(first, OF, cache=cache(tmp_path))
    after = read_all(second, OF, cache=cache(tmp_path))
    assert set(first.asked) == {"a0", "a1", "a2", "a3"}
    assert second.asked == []
    assert [s.analysis for s in after.scored] == [s.analysis for s in before.scored]
    assert before.cost is not None
    assert after.cost is None


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    class Killed(Counting):
        def analyse(self, articles: Any, *, errors: Any = "raise") -> Any:
            for i, answer in enumerate(super().analyse(articles, errors=errors)):
                if i == 2:
                    raise KeyboardInterrupt
                yield answer

    with pytest.raises(KeyboardInterrupt):
        read_all(Killed(), OF, cache=cache(tmp_path))
    (path,) = tmp_path.iterdir()
    with path.open("a", encoding="utf-8") as lines:
        lines.write('{"key": "half a li')  # killed while it wrote
    rest = Counting()
    reading = read_all(rest, OF, cache=cache(tmp_path))
    assert set(rest.asked) == {"a2", "a3"}
    assert [s.reference.id for s in reading.scored] == ["a0", "a1", "a2", "a3"]
    assert reading.cost is not None
    assert reading.cost.articles == 2
    again = Counting()
    read_all(again, OF, cache=cache(tmp_path))
    assert again.asked == []


def test_errors_are_tried_again(tmp_path: Path) -> None:
    failing = Counting(a1=ArticleError("no_luck", "text: no luck"))
    assert [f.id for f in read_all(failing, OF, cache=cache(tmp_path)).failures] == ["a1"]
    better = Counting()
    assert read_all(better, OF, cache=cache(tmp_path)).failures == ()
    assert set(better.asked) == {"a1"}


@pytest.mark.parametrize(
    ("identity", "settings", "article"),
    [
        (NAME.model_copy(update={"revision": "2"}), {"max_words": 80}, OF[0].article),
        (NAME.model_copy(update={"name": "other"}), {"max_words": 80}, OF[0].article),
        (NAME, {"max_words": 40}, OF[0].article),
        (NAME, {"max_words": 80}, OF[1].article),
        (NAME, {"max_words": 80}, Article(text=OF[0].article.text, id="a0", title="Another")),
    ],
)
def test_another_text_model_revision_or_setting_is_another_key(
    tmp_path: Path, identity: ModelIdentity, settings: dict[str, Any], article: Article
) -> None:
    cache(tmp_path).put(OF[0].article, analysis(OF[0]))
    assert cache(tmp_path).get(OF[0].article) == analysis(OF[0])
    assert Cache(tmp_path, identity, settings).get(article) is None


def test_an_analysis_that_does_not_fit_is_read_again(tmp_path: Path) -> None:
    kept = cache(tmp_path)
    kept.put(OF[0].article, analysis(OF[1]))
    assert cache(tmp_path).get(OF[0].article) is None
    assert "some_model" in next(tmp_path.iterdir()).name  # a hub name is no path


def test_baselines_are_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(OF[0].model_dump_json() + "\n", encoding="utf-8")
    run_benchmark([path], ["oracle", "lead-3"], settings=Settings(), cache=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()

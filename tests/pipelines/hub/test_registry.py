"""Names, kinds and slots."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import pipelines
from pipelines.article import ModelIdentity
from pipelines.errors import ArticleError, ModelError
from pipelines.hub import registry
from pipelines.hub.registry import Kind, catalogue, kinds, near, split_name
from pipelines.hub.stages import Source, StageSettings, Written
from pipelines.model import ArticleLike
from tests.fixtures.prose import TALKS

Make = Callable[[str], Path]


class First:
    """A summariser of another package: the first sentence, as if it had written it."""

    identity = ModelIdentity(name="first", revision="1")

    def summarise(self, sources: Sequence[Source]) -> list[Written | ArticleError]:
        out: list[Written | ArticleError] = []
        for source in sources:
            if "FAIL" in source.text:
                out.append(ArticleError("broken", "this stage fails on it"))
                continue
            start, end = source.sentences[1]
            out.append(Written((source.text[start:end],), coverage=0.5, warnings=("first: half",)))
        return out


FIRST = Kind("first", frozenset(["summary"]), load_named=lambda name, settings: First())


def plug_in(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = EntryPoint(name="theirs", value=value, group=registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])


def test_another_package_adds_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, f"{__name__}:FIRST")
    model = pipelines.load(summary="first:any")
    (analysis,) = model.analyse([TALKS])
    assert model.identity.name == "default+summary=first:first"
    assert analysis.summary.coverage == 0.5
    assert "first: half" in analysis.warnings
    assert analysis.summary.text in TALKS


def test_a_stage_that_fails_on_an_article_costs_that_article_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plug_in(monkeypatch, f"{__name__}:FIRST")
    model = pipelines.load(summary="first:any")
    articles: list[ArticleLike] = [TALKS, {"id": "bad", "text": f"FAIL. {TALKS}"}, TALKS]
    good, bad, also = model.analyse(articles, errors="yield")
    assert isinstance(bad, ArticleError)
    assert (bad.code, bad.article_id) == ("broken", "bad")
    assert good == also
    strictly = model.analyse(articles)
    assert next(strictly) == good
    with pytest.raises(ArticleError, match="fails on it"):
        next(strictly)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("no.such.module:X", "cannot be loaded"),
        ("pipelines.errors:ModelError", "is no Kind"),
        ("pipelines.hub.registry:_OWN", "is no Kind"),
    ],
)
def test_an_unfit_entry_point_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str, said: str
) -> None:
    plug_in(monkeypatch, value)
    with pytest.raises(ModelError, match=f"entry point 'theirs'.*{said}"):
        kinds()


def test_a_kind_must_be_able_to_do_the_work(checkpoint: Make) -> None:
    bart, bert = str(checkpoint("bart")), str(checkpoint("bert"))
    with pytest.raises(ModelError, match=r"stance: .* is of kind seq2seq, .* give a model of nli"):
        pipelines.load(stance=bart)
    with pytest.raises(ModelError, match=r"summary: .* is of kind nli"):
        pipelines.load(summary=bert)
    with pytest.raises(ModelError, match=r"claims: .* is of kind seq2seq"):
        pipelines.load(claims=bart)
    with pytest.raises(ModelError, match="BartForConditionalGeneration, which is not nli"):
        pipelines.load(summary=f"nli:{bart}")


def test_an_architecture_of_no_kind(checkpoint: Make, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(checkpoint("bert"), tmp_path / "tagger")
    config = (folder / "config.json").read_text(encoding="utf-8")
    config = config.replace("BertForSequenceClassification", "BertForTokenClassification")
    (folder / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(ModelError, match="BertForTokenClassification, which no stage can use"):
        pipelines.load(stance=str(folder))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"summary": ""}, "summary: the name is empty"),
        ({"summary": "chta:x"}, "no kind 'chta'; .* did you mean 'chat'"),
        ({"summary": "/no/such/folder"}, "there is no such folder"),
        ({"revision": "v1"}, "is for one swapped stage, 0 are"),
        ({"summary": "a/b@v1", "revision": "v2"}, "has a revision; leave out 'v2'"),
        ({"summary": "openai:x", "revision": "v2"}, "has no revisions"),
        ({"name": "default+summary=a/b", "summary": "c/d"}, "'c/d' and 'a/b' are named"),
        ({"name": "facebook/bart-large-cnn"}, "takes the place of a stage"),
    ],
)
def test_a_wrong_name_says_the_way_out(given: dict[str, str], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        pipelines.load(**given)  # type: ignore[arg-type]


def test_a_folder_has_no_revision(checkpoint: Make) -> None:
    with pytest.raises(ModelError, match="a folder has no revision"):
        pipelines.load(summary=str(checkpoint("bart")), revision="v1")


def test_names_are_taken_apart(tmp_path: Path) -> None:
    assert split_name("a/b") == (None, "a/b", None)
    assert split_name("a/b@v1") == (None, "a/b", "v1")
    assert split_name("chat:a/b@v1") == ("chat", "a/b", "v1")
    assert split_name("openai:qwen2.5:7b@x") == ("openai", "qwen2.5:7b@x", None)
    assert split_name(str(tmp_path)) == (None, str(tmp_path), None)


def test_every_name_of_the_catalogue_is_of_a_kind() -> None:
    assert {about["kind"] for about in catalogue().values()} <= kinds().keys()
    assert near("Facebook/bart-large-cnm", list(catalogue())).endswith("'facebook/bart-large-cnn'?")
    assert near("something else", list(catalogue())) == ""


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_STRICT", "yes")
    monkeypatch.setenv("ATTACHE_CHAT_TIMEOUT", "2.5")
    monkeypatch.setenv("ATTACHE_CHAT_KEY", "secret")
    settings = StageSettings.from_environment(offline=True, strict=None)
    assert (settings.strict, settings.offline, settings.chat_timeout) == (True, True, 2.5)
    assert "secret" not in repr(settings)
    monkeypatch.setenv("ATTACHE_OFFLINE", "perhaps")
    with pytest.raises(ModelError, match="ATTACHE_OFFLINE: 'perhaps'"):
        StageSettings.from_environment()
    for wrong in ({"batch_tokens": 0}, {"chat_retries": -1}, {"dtype": "int3"}):
        with pytest.raises(ModelError, match=next(iter(wrong))):
            StageSettings(**wrong)


def test_the_embedded_default_loads_no_transformers() -> None:
    code = (
        "import sys, pipelines; list(pipelines.load().analyse(['Rain fell.']));"
        "print(sorted({'transformers', 'huggingface_hub', 'openai', 'llguidance', 'rapidfuzz',"
        " 'pipelines.hub.registry'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""brat's folders as its users make them, and ours as brat wants them."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from evaluation.labels import convert_labels
from evaluation.labels.convert.brat_notes import read_note, write_note
from tests.evaluation.converting import CLAIM, HARD, TEXT, back, converted, said, write_rows

ANN = """\
T1\tContent 15 35\tthe 🌉 bridge is safe
T2\tCue 10 14\tsaid
T3\tSpeaker 0 9\tOna Varga
R1\tSaid_by Arg1:T1 Arg2:T3
R2\tCued_by Arg1:T1 Arg2:T2
A1\tStance T1 support
A2\tPolarity T1 positive
#1\tAnnotatorNotes T3\tnames: Ona Varga; the board
#2\tAnnotatorNotes T1\ttargets: the bridge
"""
CLAIM_OF_ANN = CLAIM | {
    "speaker": {"mention": [[0, 9]], "names": ["Ona Varga", "the board"]},
    "stance": "support",
    "polarity": "positive",
    "targets": ["the bridge"],
}


def pair(folder: Path, ann: str, text: str | bytes = TEXT, name: str = "bridge") -> Path:
    folder.mkdir(exist_ok=True)
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / f"{name}.txt").write_bytes(content)
    (folder / f"{name}.ann").write_bytes(ann.encode("utf-8"))
    return folder


def read(tmp_path: Path, ann: str, **options: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows, done = back(pair(tmp_path / "corpus", ann, **options))
    return rows, [str(problem) for problem in done.problems]


def test_a_pair_of_their_own_becomes_a_reference(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, ANN)

    assert problems == []
    assert rows == [{"id": "bridge", "text": TEXT, "claims": [CLAIM_OF_ANN]}]


@pytest.mark.parametrize("source", ["bridge.ann", "bridge.txt"])
def test_one_file_of_a_pair_is_enough(tmp_path: Path, source: str) -> None:
    path = pair(tmp_path / "corpus", ANN) / source
    rows, _ = back(path, source_form="brat")

    assert rows[0]["claims"] == [CLAIM_OF_ANN]


def test_events_name_their_parts(tmp_path: Path) -> None:
    ann = (
        "T1\tContent 15 18;28 35\tthe is safe\n"
        "T2\tSaying 10 14\tsaid\n"
        "T3\tSource 0 9\tOna Varga\n"
        "T4\tContent 38 46\tIt holds\n"
        "E1\tSaying:T2 Content:T1 Source:T3 Content2:T4\n"
        "E2\tSaying:T2 Whole:E1\n"
        "A1\tStance E1 denial\n"
        "M1\tConcern E1\n"
        "A2\tPolarity E1 negative\n"
        "N1\tReference T3 Wikipedia:534366\tOna Varga\n"
    )
    rows, problems = read(tmp_path, ann)

    claim = rows[0]["claims"][0]
    assert claim["content"] == [[15, 18], [28, 35], [38, 46]]
    assert (claim["cue"], claim["speaker"]["mention"]) == ([[10, 14]], [[0, 9]])
    assert claim["speaker"]["names"] == ["Ona Varga"]
    assert (claim["stance"], claim["polarity"]) == ("denial", "negative")
    assert len(problems) == 1
    assert "stance: has denial, concern; took denial, keep one" in problems[0]


def test_what_brat_has_and_we_have_not_is_named_by_its_line(tmp_path: Path) -> None:
    ann = (
        "T1\tContent 15 35\tthe 🌉 bridge is safe\n"
        "T2\tPerson 0 9\tOna Varga\n"
        "T3\tRejection 38 46\tIt holds\n"
        "R1\tSaid_by Arg1:T1 Arg2:T2\n"
        "*\tEquiv T1 T3\n"
        "A1\tCertain T1\n"
        "A2\tNegation T1 yes\n"
        "#1\tAnnotatorNotes T1\tis this right?\n"
        "#2\tAnnotatorNotes T1\ttodo: ask\n"
        "T4 Content 1 2 x\n"
        "T1\tContent 0 3\tOna\n"
        "nonsense\n"
        "T5\tCue 10 14\n"
    )
    rows, problems = read(tmp_path, ann)

    assert [claim["stance"] for claim in rows[0]["claims"]] == ["statement", "rejection"]
    place = f"{tmp_path / 'corpus' / 'bridge.ann'}:"
    for line, part in (
        (2, "warning: T2: “Person” is none of ours; use content, cue, speaker"),
        (5, "warning: equivalences are left out"),
        (6, "warning: attribute Certain: is no field of ours"),
        (7, "warning: attribute Negation: is no field of ours"),
        (8, "warning: note “is this right?” is left out; write names: A; B or targets: A; B"),
        (9, "warning: note “todo: ask” is left out"),
        (10, "error: is no line of brat’s standoff form; mend it"),
        (11, "error: is no line of brat’s standoff form; mend it"),
        (12, "error: is no line of brat’s standoff form; mend it"),
    ):
        assert any(p.startswith(f"{place}{line}: article bridge: {part}") for p in problems), part
    assert any("cue: “said” (T5) is linked to no content; link it" in p for p in problems)
    assert sum("stance: none is chosen" in problem for problem in problems) == 1


def test_words_that_stand_elsewhere_are_named_by_their_line(tmp_path: Path) -> None:
    ann = (
        "T1\tContent 16 36\tthe 🌉 bridge is safe\n"
        "T2\tContent 38 46\tIt broke\n"
        "T3\tContent 0 9;10 99\tOna Varga said\n"
    )
    rows, problems = read(tmp_path, ann)

    assert [claim["content"] for claim in rows[0]["claims"]] == [[[15, 35]]]
    assert any(
        ":1: article bridge: warning: content T1" in p and "is at [15, 35]" in p for p in problems
    )
    assert any(
        ":2: article bridge: error: content T2: [38, 46] is “It broke”" in p for p in problems
    )
    assert any(":3: article bridge: error: content T3: [0, 9], [10, 99]" in p for p in problems)


def test_a_server_that_counts_a_line_end_as_one(tmp_path: Path) -> None:
    text = TEXT.replace(". ", ".\r\n")
    start = text.index("It holds")
    ann = f"T1\tContent {start - 1} {start + 7}\tIt holds\nT2\tCue 10 14\tsaid\n"
    rows, problems = read(tmp_path, ann, text=text)

    assert rows[0]["claims"][0]["content"] == [[start, start + 8]]
    assert any(":1: " in p and "offsets count \\r\\n as one; turned into" in p for p in problems)


def test_spans_over_lines_are_whole_again(tmp_path: Path) -> None:
    text = TEXT.replace("safe. ", "safe.\n\n")
    ann = (
        "T1\tContent 28 36;38 47\tis safe. “It holds\n"
        "T2\tContent 0 3;10 14\tOna said\n"
        "A1\tStance T1 support\nA2\tPolarity T1 neutral\n"
        "A3\tStance T2 support\nA4\tPolarity T2 neutral\n"
    )
    rows, problems = read(tmp_path, ann, text=text)

    assert problems == []
    assert [claim["content"] for claim in rows[0]["claims"]] == [[[28, 47]], [[0, 3], [10, 14]]]


def test_a_note_on_spans_holds_only_for_the_spans_it_was_made_for(tmp_path: Path) -> None:
    text = TEXT.replace("safe. ", "safe.\n")
    note = "#1\tAnnotatorNotes T1\tspans: 28 36; 37 46\n"
    for offsets, words, content in (
        ("28 36;37 46", "is safe. “It holds", [[28, 36], [37, 46]]),
        ("31 36;37 46", "safe. “It holds", [[31, 46]]),
    ):
        folder = pair(tmp_path / offsets[:2], f"T1\tContent {offsets}\t{words}\n{note}", text)
        rows, _ = back(folder)
        assert rows[0]["claims"][0]["content"] == content
    bad = pair(tmp_path / "bad", "T1\tContent 0 3\tOna\n#1\tAnnotatorNotes T1\tspans: x\n")
    assert back(bad)[0][0]["claims"][0]["content"] == [[0, 3]]


def test_files_without_their_other_half(tmp_path: Path) -> None:
    folder = pair(tmp_path / "corpus", ANN)
    (folder / "alone.ann").write_text(ANN, encoding="utf-8")
    (folder / "bare.txt").write_text(TEXT, encoding="utf-8")
    pair(folder, ANN, b"caf\xe9", "latin")
    pair(folder, "", name="none")
    (folder / "raw.txt").write_text(TEXT, encoding="utf-8")
    (folder / "raw.ann").write_bytes(b"T1\tContent 0 1\t\xe9\n")
    texts = write_rows(tmp_path / "texts.jsonl", {"id": "alone", "text": TEXT})

    rows, done = back(folder)
    assert [row["id"] for row in rows] == ["bridge", "none"]
    assert rows[1]["claims"] == []
    lines = "\n".join(map(str, done.problems))
    assert "alone.ann: article alone: error: there is no alone.txt beside it" in lines
    assert "latin.ann: article latin: error: is not UTF-8; save it as UTF-8" in lines
    assert "raw.ann: article raw: error: is not UTF-8" in lines
    assert "bare.txt: warning: has no bare.ann; make an empty one if it has no claims" in lines
    (tmp_path / "corpus.back.jsonl").unlink()
    assert [row["id"] for row in back(folder, texts=texts)[0]] == ["alone", "bridge", "none"]
    missing = back(folder / "bare.txt", source_form="brat")[1]
    assert "there is no such file beside the text" in said(missing, "form")[0]


def test_a_broken_line_beside_the_pairs_costs_only_its_fields(tmp_path: Path) -> None:
    folder = converted(
        tmp_path, "brat", {"id": "a", "genre": "wire", "text": TEXT, "claims": [CLAIM]}
    )
    (folder / "attache.jsonl").write_text("{}\n", encoding="utf-8")
    rows, done = back(folder)

    assert rows == [{"id": "a", "text": TEXT, "claims": [CLAIM]}]
    assert "attache.jsonl:1: error: is no document with fields" in said(done, "form")[0]
    (tmp_path / "brat.back.jsonl").unlink()
    (folder / "attache.jsonl").write_bytes(b"\xe9")
    rows, done = back(folder)
    assert rows == [{"id": "a", "text": TEXT, "claims": [CLAIM]}]
    assert "attache.jsonl: error: is not UTF-8; titles" in said(done, "form")[0]


def test_what_is_written_is_what_brat_takes(tmp_path: Path) -> None:
    """Each line by the rules that brat's server checks it by."""
    folder = converted(tmp_path, "brat", HARD, HARD | {"id": "WIRE/2024 № 1…"}, HARD | {"id": "…"})
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "WIRE_2024_1_-2.ann",
        "WIRE_2024_1_-2.txt",
        "_.ann",
        "_.txt",
        "annotation.conf",
        "attache.jsonl",
        "wire_2024_1_.ann",
        "wire_2024_1_.txt",
    ]
    content = (folder / "wire_2024_1_.ann").read_text(encoding="utf-8")
    assert content.splitlines() == content.split("\n")[:-1]
    conf = (folder / "annotation.conf").read_text(encoding="utf-8")
    values = {
        name: value.split("|")
        for name, value in re.findall(r"^(\w+)\tArg:Content, Value:(\S+)$", conf, re.MULTILINE)
    }
    bounds: dict[str, str] = {}
    for line in content.splitlines():
        key, data, *rest = line.split("\t", 2)
        if key.startswith("T"):
            kind, offsets = data.split(" ", 1)
            spans = [tuple(map(int, span.split(" "))) for span in offsets.split(";")]
            assert rest[0] == " ".join(HARD["text"][start:end] for start, end in spans)
            for before, after in itertools.pairwise(spans):
                assert before[1] <= after[0]
            bounds[key] = kind
        elif key.startswith("R"):
            name, source, other = data.split(" ")
            assert {"Said_by": "Speaker", "Cued_by": "Cue"}[name] == bounds[other.split(":")[1]]
            assert bounds[source.split(":")[1]] == "Content"
        elif key.startswith("A"):
            name, target, value = data.split(" ")
            assert bounds[target] == "Content"
            assert value in values[name]
        else:
            assert re.fullmatch(r"AnnotatorNotes T\d+", data)
    assert {"Stance", "Also", "Also2", "Also3", "Polarity", "Threat_from"} == set(values)


@pytest.mark.parametrize(
    ("note", "fields"),
    [
        ("names: A; B", {"names": ["A", "B"]}),
        (' Names:A|targets : "a; b" ; c ', {"names": ["A"], "targets": ["a; b", "c"]}),
        ('names: "half', {"names": ['"half']}),
        ("names: A; | names: B", {"names": ["A", "B"]}),
        ("names:", {"names": []}),
        ("who is it", None),
        ("", None),
    ],
)
def test_notes_as_people_write_them(note: str, fields: dict[str, list[str]] | None) -> None:
    assert read_note(note) == fields


def test_a_note_stays_on_its_line() -> None:
    names = ["a\nb", "c\u2028d", "e|f", 'g"h', " i ", "j\\k", "plain – ü"]
    note = write_note({"names": names, "targets": ["x"]})

    assert len(note.splitlines()) == 1
    assert "plain – ü" in note
    assert read_note(note) == {"names": names, "targets": ["x"]}


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "ours.jsonl", HARD)
    folder = pair(tmp_path / "corpus", ANN)
    with pytest.raises(Exception, match="corpus: is there already; choose another --out"):
        convert_labels([source], to="brat", out=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["bridge.ann", "bridge.txt"]

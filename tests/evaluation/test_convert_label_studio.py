"""Label Studio's JSON export as its users make it, without anything of ours in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.evaluation.converting import CLAIM, TEXT, back, converted, said, standoff, write_rows


def region(key: str, words: str, label: str, text: str = TEXT, **value: Any) -> dict[str, Any]:
    """A row of ``result`` as the editor saves it for a marked stretch."""
    start = text.index(words)
    place = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {
        "value": place | value,
        "id": key,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
    }


def chosen(key: str, name: str, *values: str, kind: str = "choices") -> dict[str, Any]:
    value = {"start": 0, "end": 1, "choices" if kind == "choices" else "text": list(values)}
    return {
        "value": value,
        "id": key,
        "from_name": name,
        "to_name": "text",
        "type": kind,
        "origin": "manual",
    }


def relation(one: str, other: str, *labels: str, direction: str = "right") -> dict[str, Any]:
    ends = {"from_id": one, "to_id": other, "type": "relation", "direction": direction}
    return ends | ({"labels": list(labels)} if labels else {})


WHOLE = [
    region("Qx1", "the 🌉 bridge is safe", "Content"),
    chosen("Qx1", "stance", "support"),
    chosen("Qx1", "polarity", "positive"),
    chosen("Qx1", "targets", "the bridge", kind="textarea"),
    region("Qx2", "said", "Cue"),
    region("Qx3", "Ona Varga", "Speaker"),
    chosen("Qx3", "names", "Ona Varga", "the board", kind="textarea"),
    relation("Qx1", "Qx2"),
    relation("Qx3", "Qx1", "speaker", direction="left"),
]
CLAIM_OF_WHOLE = CLAIM | {
    "speaker": {"mention": [[0, 9]], "names": ["Ona Varga", "the board"]},
    "stance": "support",
    "polarity": "positive",
    "targets": ["the bridge"],
}


def annotation(result: list[dict[str, Any]], number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "completed_by": number,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2024-06-18T09:12:11.532110Z",
        "updated_at": "2024-06-18T09:15:40.104512Z",
        "draft_created_at": None,
        "lead_time": 104.2,
        "prediction": {},
        "result_count": len(result),
        "unique_id": "8d3f2c6e-3a50-4f5c-9f53-1f8f0f6c2a10",
        "import_id": None,
        "last_action": None,
        "task": 7,
        "project": 3,
        "updated_by": 1,
        "parent_prediction": None,
        "parent_annotation": None,
        "last_created_by": None,
    } | fields


def task(*annotations: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "annotations": list(annotations),
        "file_upload": "1f0c1e0a-articles.json",
        "drafts": [],
        "predictions": [],
        "data": {"text": TEXT},
        "meta": {},
        "created_at": "2024-06-18T09:00:00.000000Z",
        "updated_at": "2024-06-18T09:15:40.200000Z",
        "inner_id": 1,
        "total_annotations": len(annotations),
        "cancelled_annotations": 0,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 3,
        "updated_by": 1,
        "comment_authors": [],
    } | fields


def export(folder: Path, *tasks: Any) -> Path:
    path = folder / "project-3.json"
    path.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return path


def one(folder: Path, result: list[dict[str, Any]], **fields: Any) -> tuple[Any, Any]:
    rows, done = back(export(folder, task(annotation(result), **fields)))
    return (rows[0] if rows else None), done


def test_an_export_of_their_own_becomes_a_reference(tmp_path: Path) -> None:
    data = {"text": TEXT, "title": "Bridge", "outlet": "Herald", "summary": "Safe."}
    row, done = one(tmp_path, WHOLE, data=data)

    assert list(done.problems) == []
    assert row == {
        "id": "7",
        "title": "Bridge",
        "outlet": "Herald",
        "text": TEXT,
        "summary": ["Safe."],
        "claims": [CLAIM_OF_WHOLE],
    }


def test_pieces_that_are_linked_are_one_claim(tmp_path: Path) -> None:
    result = [
        region("a", "is safe", "Content"),
        region("b", "It holds", "Content"),
        chosen("b", "stance", "statement"),
        chosen("a", "polarity", "neutral"),
        region("c", "said", "Cue"),
        region("d", "told us", "Cue"),
        relation("b", "a"),
        relation("a", "c"),
        relation("b", "d"),
    ]
    row, done = one(tmp_path, result)

    assert list(done.problems) == []
    (claim,) = row["claims"]
    assert claim["content"] == [[28, 35], [38, 46]]
    assert claim["cue"] == [[10, 14], [53, 60]]
    assert claim["speaker"] == {"mention": [], "names": []}


def test_what_is_missing_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    result = [
        region("a", "the 🌉 bridge is safe", "Content"),
        region("b", "Ona Varga", "Speaker"),
        relation("a", "b"),
        region("c", "said", "Cue"),
        region("d", "It holds", "Content"),
        chosen("d", "stance", "threat"),
        chosen("d", "threat_from", "Nobody"),
        chosen("d", "polarity", "Positive"),
        relation("d", "gone"),
    ]
    row, done = one(tmp_path, result)

    first, second = row["claims"]
    assert first == CLAIM | {"cue": [], "speaker": {"mention": [[0, 9]], "names": []}}
    assert (second["stance"], second["threat_from"], second["polarity"]) == (
        "threat",
        None,
        "positive",
    )
    place = f"{tmp_path / 'project-3.json'}: article 7"
    assert [str(problem) for problem in done.problems] == [
        f"{place}, claim 1: error: stance: none is chosen; taken as statement, choose one [stance]",
        f"{place}, claim 1: warning: polarity: none is chosen; taken as neutral [polarity]",
        f"{place}, claim 1: warning: speaker.names: nobody is named; write who speaks [names]",
        f"{place}, claim 2: error: threat_from: “Nobody” is none that we know; use speaker, other "
        "[threat-from]",
        f"{place}: error: cue: “said” (c) is linked to no content; link it [link]",
        f"{place}: warning: a link leads to gone, which is no mark of ours [link]",
    ]


def test_labels_and_choices_of_other_projects(tmp_path: Path) -> None:
    result = [
        region("a", "the 🌉 bridge is safe", "Quote", labels=["Quote", "support", "Speeker"]),
        chosen("a", "sentiment", "negative"),
        chosen("a", "certainty", "sure"),
        chosen("a", "also", "Concern", "own"),
        region("b", "Ona Varga", "Person"),
        chosen("b", "names", "Ona Varga", kind="textarea"),
        relation("a", "b"),
        region("c", "It holds", "Denial"),
        chosen("c", "polarity", "neutral"),
        chosen("nothing", "stance", "denial"),
        chosen("a", "rating", kind="rating"),
        chosen("a", "targets", "", kind="textarea"),
        region("d", "said", "Cue", labels=["Cue", "Speaker"]),
        relation("a", "d"),
    ]
    row, done = one(tmp_path, result)

    first, second = row["claims"]
    assert (first["stance"], first["polarity"], first["also"]) == (
        "support",
        "negative",
        ["concern", "own"],
    )
    assert first["cue"] == [[10, 14]]
    assert second["stance"] == "denial"
    lines = "\n".join(map(str, done.problems))
    assert "“Speeker” of region a is none of ours; did you mean “speaker”?" in lines
    assert "“Person” of region b is none of ours" in lines
    assert "warning: certainty: is no field of ours; use stance" in lines
    assert "stance: belongs to no region; choose it per region" in lines
    assert "row 11 is of type rating and is left out" in lines
    assert "region d is both cue and speaker; took cue, keep one" in lines


def test_two_stances_and_a_near_one(tmp_path: Path) -> None:
    result = [
        region("a", "the 🌉 bridge is safe", "Content"),
        chosen("a", "stance", "support", "concern"),
        chosen("a", "polarity", "neutral"),
        chosen("a", "threat_from", "other"),
        region("b", "It holds", "Content"),
        chosen("b", "stance", "rejecting"),
        chosen("b", "polarity", "neutral"),
    ]
    row, done = one(tmp_path, result)

    assert [claim["stance"] for claim in row["claims"]] == ["support", "rejecting"]
    lines = "\n".join(map(str, done.problems))
    assert "claim 1: error: stance: has support, concern; took support, keep one" in lines
    assert "claim 1: warning: threat_from: is for a threat only; left out" in lines
    assert (
        "claim 2: warning: stance: “rejecting” is none that we know; did you mean “rejection”?"
        in lines
    )


def test_several_annotators(tmp_path: Path) -> None:
    mine = annotation(WHOLE, 1, completed_by={"id": 1, "email": "ada@example.org"})
    other = annotation([], 2)
    path = export(tmp_path, task(annotation([], 3, was_cancelled=True), mine, other))

    rows, done = back(path)
    assert rows[0]["claims"] == [CLAIM_OF_WHOLE]
    assert (
        "article 7: warning: annotations: has 2, by 1, 2; took 1’s, choose with --annotator"
        in (said(done, "annotator")[0])
    )
    assert "annotations: 3 was cancelled and is left out" in said(done, "cancelled")[0]
    for name, claims in (("2", []), ("ada@example.org", [CLAIM_OF_WHOLE])):
        (tmp_path / "project-3.json.back.jsonl").unlink()
        rows, done = back(path, annotator=name)
        assert rows[0]["claims"] == claims
        assert said(done, "annotator") == []
    (tmp_path / "project-3.json.back.jsonl").unlink()
    rows, done = back(path, annotator="9")
    assert rows == []
    assert "annotations: none is by 9; its annotators are 1, 2" in said(done, "annotator")[0]


def test_the_ground_truth_is_taken(tmp_path: Path) -> None:
    both = annotation([], 1), annotation(WHOLE, 2, ground_truth=True)
    rows, _ = back(export(tmp_path, task(*both)))

    assert rows[0]["claims"] == [CLAIM_OF_WHOLE]


def test_nobody_labelled_it(tmp_path: Path) -> None:
    prediction = {"id": 1, "model_version": "v1", "score": 0.5, "result": WHOLE}
    rows, done = back(
        export(
            tmp_path,
            task(predictions=[prediction]),
            task(annotation(WHOLE, was_cancelled=True), id=8),
            task(annotation(WHOLE), id=9),
        )
    )

    assert [row["id"] for row in rows] == ["9"]
    first, second = said(done, "unlabelled")
    assert "article 7: error: annotations: has only predictions; submit them" in first
    assert "article 8: error: annotations: nobody has labelled it" in second


@pytest.mark.parametrize("key", ["text", "body"])
def test_a_link_in_place_of_the_text(tmp_path: Path, key: str) -> None:
    data = {key: "/data/upload/3/bridge.txt", "id": "bridge"}
    result = [{**row, "to_name": key} for row in WHOLE if row["type"] != "relation"]
    path = export(tmp_path, task(annotation(result), data=data))

    rows, done = back(path)
    assert rows == []
    assert (
        "article bridge: error: data.text: is a link (/data/upload/3/bridge.txt)"
        in (said(done, "no-text")[0])
    )
    (tmp_path / "project-3.json.back.jsonl").unlink(missing_ok=True)
    texts = write_rows(tmp_path / "texts.jsonl", {"id": "bridge", "text": TEXT})
    rows, _ = back(path, texts=texts)
    assert rows[0]["text"] == TEXT
    assert rows[0]["claims"][0]["content"] == [[15, 35]]


def test_the_text_under_another_name(tmp_path: Path) -> None:
    row, _ = one(tmp_path, WHOLE, data={"story": TEXT, "id": 12})
    assert (row["id"], row["text"]) == ("12", TEXT)
    assert "story" not in row
    (tmp_path / "project-3.json.back.jsonl").unlink()
    row, done = one(tmp_path, WHOLE, data={"a": TEXT, "b": TEXT + "!"})
    assert row is None
    assert "data.text: there is none; give the text of 7 with --texts" in said(done, "no-text")[0]


def utf16(row: dict[str, Any], text: str) -> dict[str, Any]:
    value = row["value"]
    start, end = (len(text[: value[k]].encode("utf-16-le")) // 2 for k in ("start", "end"))
    return row | {"value": value | {"start": start, "end": end}}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("units", [True, False])
def test_offsets_in_other_units_are_told_by_the_words(
    tmp_path: Path, ending: str, units: bool
) -> None:
    text = TEXT.replace(". ", f".{ending}{ending}")
    shown = text.replace("\r\n", "\n")
    result = [
        region("a", "It holds", "Content", shown),
        region("b", "Ona Varga said the", "Cue", shown),
    ]
    if units:
        result = [utf16(row, shown) for row in result]
    row, done = one(tmp_path, result, data={"text": text})

    start = text.index("It holds")
    assert row["claims"][0]["content"] == [[start, start + 8]]
    how = (["UTF-16 code units"] if units else []) + (["\\r\\n as one"] if ending == "\r\n" else [])
    expected = [f"offsets count {' and '.join(how)}; turned into code points"] if how else []
    assert [
        problem.finding.message for problem in done.problems if problem.kind == "offsets"
    ] == expected


def test_words_that_stand_elsewhere(tmp_path: Path) -> None:
    trimmed = region("a", "the 🌉 bridge is safe", "Content", text=TEXT)
    trimmed["value"] |= {"start": 14, "end": 36}
    shifted = region("b", "It holds", "Content", start=40, end=48)
    moved = region("c", "told us", "Content", start=0, end=7)
    lost = region("d", "Ona Varga", "Content", text="Ona Varga", start=20, end=29)
    lost["value"]["text"] = "nowhere"
    beyond = region("e", "said", "Content", start=900, end=904)
    del beyond["value"]["text"]
    broken = region("f", "said", "Content", text="said", start="/p[1]/text()[1]")
    empty = region("g", "said", "Content", start=10, end=10)
    blank = region("h", "It holds", "Content")
    blank["value"] |= {"start": 37, "end": 47}
    row, done = one(tmp_path, [trimmed, shifted, moved, lost, beyond, broken, empty, blank])

    places = [[[15, 35]], [[38, 46]], [[53, 60]], [[38, 46]]]
    assert [claim["content"] for claim in row["claims"]] == places
    lines = "\n".join(said(done, "span"))
    for part in (
        "warning: content a: “the 🌉 bridge is safe” is at [15, 35]",
        "warning: content b: “It holds” is at [38, 46]",
        "warning: content c: “told us” is at [53, 60]",
        "error: content d: [20, 29] is “nowhere” in the labels and “ bridge i” in the text; label",
        "error: content e: [900, 904] is outside the text (61 characters)",
        "error: value: region f has no start and end in the text; mark it again",
        "error: content g: [10, 10] is empty or reversed; mark it again",
        "warning: content h: “It holds” is at [38, 46]",
    ):
        assert part in lines


def test_line_breaks_that_the_editor_writes_out(tmp_path: Path) -> None:
    text = TEXT.replace(". ", ".\n")
    result = [region("a", "safe.\n“It", "Content", text)]
    result[0]["value"]["text"] = "safe.\\n“It"
    row, done = one(tmp_path, result, data={"text": text})

    assert row["claims"][0]["content"] == [[31, 40]]
    assert said(done, "span") == []
    (tmp_path / "project-3.json.back.jsonl").unlink()
    result[0]["value"]["text"] = " safe.\\n“It"
    row, done = one(tmp_path, result, data={"text": text})
    assert row["claims"][0]["content"] == [[31, 40]]


def test_overlaps_of_one_field_are_joined(tmp_path: Path) -> None:
    result = [
        region("a", "the 🌉 bridge", "Content"),
        region("b", "bridge is safe", "Content"),
        relation("a", "b"),
    ]
    row, done = one(tmp_path, result)

    assert row["claims"][0]["content"] == [[15, 35]]
    assert "content: [15, 27] and [21, 35] overlap; joined, mark it once" in said(done, "span")[0]


def test_what_is_no_task_is_named(tmp_path: Path) -> None:
    small = {"text": TEXT, "id": 1, "label": [], "annotator": 1, "annotation_id": 4}
    odd: list[Any] = [{"type": "labels"}, "nonsense", {"type": "labels", "id": "x", "value": []}]
    rows, done = back(
        export(tmp_path, task(annotation(WHOLE)), small, {"x": 1}, task(annotation(odd), id=8)),
        source_form="label-studio",
    )

    assert [row["id"] for row in rows] == ["7", "8"]
    lines = "\n".join(map(str, done.problems))
    assert "task 2 is the JSON-MIN export, which has no relations; export as JSON" in lines
    assert "task 3 is no task with data and annotations; export as JSON" in lines
    assert "result: row 1 has no id and value" in lines
    (tmp_path / "project-3.json.back.jsonl").unlink()
    (tmp_path / "project-3.json").write_text("[{", encoding="utf-8")
    _, done = back(tmp_path / "project-3.json", source_form="label-studio")
    assert "project-3.json: error: not JSON in UTF-8" in said(done, "form")[0]


def test_a_field_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    row, done = one(tmp_path, WHOLE, data={"text": TEXT, "title": ["a"]})

    assert row is None
    assert "article 7: error: title: " in said(done, "form")[0]


def test_what_is_written_is_what_they_import(tmp_path: Path) -> None:
    row = {"id": "bridge", "title": "Bridge", "text": TEXT, "claims": [CLAIM]}
    two = CLAIM | {
        "content": [[15, 18], [28, 35]],
        "stance": "own",
        "speaker": {"mention": [], "names": ["x"]},
    }
    path = converted(tmp_path, "label-studio", row, row | {"id": "two", "claims": [two]})
    first, second = json.loads(path.read_text(encoding="utf-8"))

    assert first["data"]["text"] == TEXT
    assert first["predictions"] == []
    (labelled,) = first["annotations"]
    for item in labelled["result"]:
        if item["type"] == "labels":
            value = item["value"]
            assert value["text"] == TEXT[value["start"] : value["end"]]
    kinds = [item["type"] for item in second["annotations"][0]["result"]]
    assert kinds.count("relation") == 2
    interface = ElementTree.parse(path.with_suffix(".xml"))  # noqa: S314 our own file
    names = {tag.get("name") for tag in interface.iter() if tag.get("name")}
    used = {
        i["from_name"]
        for t in (first, second)
        for i in t["annotations"][0]["result"]
        if "from_name" in i
    }
    assert used <= names
    offered = {tag.get("value") for tag in interface.iter("Choice")}
    assert {"own", "rejection", "positive", "other"} <= offered


def test_what_a_person_changes_there_is_what_comes_back(tmp_path: Path) -> None:
    row = {"id": "bridge", "genre": "wire", "text": TEXT, "claims": [CLAIM]}
    path = converted(tmp_path, "label-studio", row)
    (there,) = json.loads(path.read_text(encoding="utf-8"))
    result = there["annotations"][0]["result"]
    next(r for r in result if r.get("from_name") == "stance")["value"]["choices"] = ["denial"]
    result += [region("new", "It holds", "Content"), chosen("new", "stance", "support")]
    path.write_text(json.dumps([there]), encoding="utf-8")
    rows, _ = back(path)

    assert rows[0]["genre"] == "wire"
    assert [claim["stance"] for claim in rows[0]["claims"]] == ["denial", "support"]


def test_a_changed_text_of_a_reference_that_travels_without_is_refused(tmp_path: Path) -> None:
    texts = write_rows(tmp_path / "texts.jsonl", {"id": "bridge", "text": TEXT})
    row = standoff({"id": "bridge", "text": TEXT, "claims": [CLAIM]})
    path = converted(tmp_path, "label-studio", row, texts=texts)
    path.write_text(path.read_text(encoding="utf-8").replace("us.", "him."), encoding="utf-8")
    rows, done = back(path)

    assert rows == []
    assert "text_sha256: is not that of the text" in said(done, "sha256")[0]

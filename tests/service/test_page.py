"""The page and the documentation, whole and without anybody else's server."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import service
from pipelines.stances import default_stances

PAGE = Path(service.__file__).with_name("page")


class Found(HTMLParser):
    """What a page loads, what it names, and what is written into it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("link", "script", "img"):
            self.loaded.append(given.get("href") or given.get("src", ""))
        self.ids += [given["id"]] if "id" in given else []
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.named += given.get(name, "").split()
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_loads_only_what_is_here(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    found = Found(answer.text)
    assert found.loaded
    assert found.inline == []
    for address in found.loaded:
        assert not re.match(r"[a-z]+:|/", address), "an address of another server"
        assert client.get(f"/{address}").status_code == 200


def test_names_on_the_page_exist(client: TestClient) -> None:
    found = Found(client.get("/").text)

    assert len(found.ids) == len(set(found.ids))
    assert set(found.named) <= set(found.ids)
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    assert set(re.findall(r'\$\("([\w-]+)"\)', script)) <= set(found.ids)


def test_every_stance_has_its_colour() -> None:
    style = (PAGE / "page.css").read_text(encoding="utf-8")
    script = (PAGE / "page.js").read_text(encoding="utf-8")

    for name in default_stances().names:
        assert f".stance-{name} {{" in style
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


def test_styles_are_not_loaded_from_elsewhere() -> None:
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", text), file.name


def test_a_page_can_be_asked_for_again(client: TestClient) -> None:
    etag = client.get("/page/page.js").headers["etag"]

    assert client.get("/page/page.js", headers={"If-None-Match": etag}).status_code == 304

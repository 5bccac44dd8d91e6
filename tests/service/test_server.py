"""The server as a person or a container starts it: in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from service.server import main
from tests.service.conftest import wait_until

ROOT = Path(__file__).parents[2]


class Running:
    """A service in a process of its own, and what it has said so far."""

    def __init__(self, **settings: object) -> None:
        variables = {f"ATTACHE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.service.run_fake"],
            cwd=ROOT,
            env={**os.environ, "ATTACHE_PORT": "0", **variables},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = ""
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
        self.process.stderr.close()

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.said or self.process.poll() is not None, seconds=30)
        assert words in self.said, self.said

    @property
    def address(self) -> str:
        self.wait_for("listens on")
        found = re.search(r"listens on (http://\S+)", self.said)
        assert found is not None
        return found[1]

    def end(self, number: signal.Signals) -> int:
        """Send the signal and return the exit status."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(20)
        self._listener.join()
        return status


@contextmanager
def running(**settings: object) -> Iterator[Running]:
    service = Running(**settings)
    try:
        yield service
    finally:
        service.process.kill()
        service.wait()


def test_the_printed_command_is_answered() -> None:
    with running() as service:
        service.wait_for("curl")
        command = shlex.split(service.said[service.said.index("curl ") :].splitlines()[0])
        assert command[:2] == ["curl", "-s"]
        assert command[2] == f"{service.address}/v1/analyses"
        header, body = command[command.index("-H") + 1], command[command.index("-d") + 1]

        answer = httpx2.post(command[2], content=body.encode(), headers=dict([header.split(": ")]))

        assert answer.json()["summary"]["text"] == json.loads(body)["text"]
        assert "server" not in answer.headers
        assert service.end(signal.SIGTERM) == 0
    assert "Traceback" not in service.said
    assert "POST /v1/analyses 200" in service.said


def test_what_is_under_way_is_answered_before_the_end() -> None:
    with running() as service:
        service.wait_for("curl")
        answers: list[httpx2.Response] = []

        def ask() -> None:
            texts = [{"text": f"SLOW {i}."} for i in range(2)]
            answers.append(
                httpx2.post(f"{service.address}/v1/claims", json={"articles": texts}, timeout=20)
            )

        asking = threading.Thread(target=ask)
        asking.start()
        wait_until(
            lambda: "queue_characters 0" not in httpx2.get(f"{service.address}/metrics").text
        )
        status = service.end(signal.SIGTERM)
        asking.join()

    assert status == 0
    assert [answer.status_code for answer in answers] == [200]
    assert "Traceback" not in service.said


def test_a_client_that_hangs_up_while_sending() -> None:
    with running() as service:
        service.wait_for("curl")
        host, port = service.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST /v1/claims HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n"
                b"Content-Type: application/json\r\n\r\n{"
            )
        service.wait_for("client_gone")

        assert httpx2.get(f"{service.address}/readyz").status_code == 200
        assert service.end(signal.SIGINT) == 0
    assert "Traceback" not in service.said


def test_a_model_that_is_not_there() -> None:
    with running(model="missing") as service:
        assert service.wait() == 1
    assert "no model 'missing'" in service.said
    assert "Traceback" not in service.said


def test_workers_share_a_port_and_their_numbers() -> None:
    with running(workers=2) as service:
        service.wait_for("curl")
        assert service.said.count("curl") == 1
        for _ in range(8):
            answer = httpx2.post(f"{service.address}/v1/claims", json={"text": "a"}, timeout=20)
            assert answer.status_code in (200, 503)  # one of the two may still be loading
        numbers = httpx2.get(f"{service.address}/metrics").text
        counted = re.findall(r'requests_total\{.*route="/v1/claims".*\} (\d+)', numbers)
        assert sum(map(int, counted)) == 8
        assert service.end(signal.SIGTERM) == 0
    assert "Traceback" not in service.said


def test_workers_without_a_model() -> None:
    with running(workers=2, model="missing") as service:
        assert service.wait() == 1
    assert "no model 'missing'" in service.said


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(port=port) as service:
            assert service.wait() == 1
    assert f"cannot listen on 127.0.0.1:{port}" in service.said
    assert service.said.count("\n") == 1


def test_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATTACHE_PORT", "http")

    assert main() == 2
    assert capsys.readouterr().err.startswith("attache: ATTACHE_PORT: ")

"""Settings from the environment."""

from __future__ import annotations

import pytest

from service import Settings, SettingsError, read_settings
from service.settings import PREFIX, as_variables


def test_defaults() -> None:
    settings = read_settings()

    assert (settings.model, settings.host, settings.port) == ("default", "127.0.0.1", 8000)
    assert (settings.workers, settings.max_characters) == (1, 200_000)


def test_the_environment_and_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_PORT", "9000")
    monkeypatch.setenv("ATTACHE_MAX_ARTICLES", "7")
    monkeypatch.setenv("ATTACHE_HOST", "")

    settings = read_settings(port=9001, host=None)

    assert (settings.port, settings.max_articles, settings.host) == (9001, 7, "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("PORT", "70000"), ("WORKERS", "0"), ("LOG_LEVEL", "loud"),
     ("MAX_BODY_BYTES", "-1"), ("PORT", "tcp://10.0.0.1:80")],
)  # fmt: skip
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(SettingsError, match=f"^ATTACHE_{name}: "):
        read_settings()


def test_a_wrong_argument_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^workers: "):
        read_settings(workers=0)
    with pytest.raises(SettingsError, match=r"^prot is not a field"):
        read_settings(prot=1)


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_another_process_has_the_same_settings_and_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    given = read_settings(summary="openai:m", chat_key="sesame", strict=True, max_words=7)
    assert "sesame" not in repr(given)
    for name, value in as_variables(given).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == given
    assert read_settings().chat_key.get_secret_value() == "sesame"

"""Settings: that the example is true, and that every mistake is named with its line and its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.config import Config, load
from bot.errors import OperatorError

EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
TOKEN = "7000000001:AAHn0-t0ken-that-must-never-be-l0gged"

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty; messages then name files as an operator would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text: str, file: str = "config.yaml") -> Path:
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(text: str, environment: dict[str, str] | None = None) -> str:
    """What the operator is told about a config.yaml with this text."""
    written(text)
    with pytest.raises(OperatorError) as caught:
        load(None, environment or {})
    return str(caught.value)


# The example


def settings_of(section: BaseModel, prefix: str = "") -> Iterator[str]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from settings_of(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def test_the_example_holds_the_defaults() -> None:
    defaults = load(None, {})
    written(EXAMPLE.read_text(encoding="utf-8"))
    assert load(None, {}) == defaults


def test_the_example_explains_every_setting() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    every = [name.rpartition(".")[2] for name in settings_of(Config()) if name != "token"]
    assert [name for name in every if not re.search(rf"^[ #]*{name}: ", text, re.MULTILINE)] == []


def test_the_commented_settings_of_the_example_work() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    written(re.sub(r"^( *)# (\w+: \S+)$", r"\1\2", text, flags=re.MULTILINE))
    assert load(None, {}).telegram.staff_chat == -1001234567890


# Where settings come from


def test_without_a_file_everything_has_a_default_that_works() -> None:
    config = load(None, {})
    assert (config.telegram.mode, config.knowledge.path) == ("polling", Path("knowledge"))
    assert config.store.url == "sqlite+aiosqlite:///data/bot.db"
    assert config.token.get_secret_value() == ""


@pytest.mark.parametrize(
    ("text", "setting", "value"),
    [
        ("telegram: {mode: polling, admins: [12, 34]}", "telegram.admins", (12, 34)),
        ("telegram: {staff_chat: -1001234567890}", "telegram.staff_chat", -1001234567890),
        ("telegram: {webhook: {port: 443}}", "telegram.webhook.port", 443),
        ("answering: {answer_precision: 0.9}", "answering.answer_precision", 0.9),
        ("answering: {encoder: use}", "answering.encoder", "use"),
        ("privacy: {retention_days: 30}", "privacy.retention_days", 30),
        ("monitoring: {port: 9464, listen: '::1'}", "monitoring.listen", "::1"),
        ("monitoring: {waiting_minutes: 0.5}", "monitoring.waiting_minutes", 0.5),
        ("logging: {format: json}", "logging.format", "json"),
    ],
)
def test_a_setting_of_the_file_counts(text: str, setting: str, value: object) -> None:
    written(text)
    found: Any = load(None, {})
    for part in setting.split("."):
        found = getattr(found, part)
    assert found == value


def test_a_file_named_on_the_command_line_counts_before_all_others() -> None:
    written("privacy: {retention_days: 1}")
    written("privacy: {retention_days: 2}", "environment.yaml")
    named = written("privacy: {retention_days: 3}", "named.yaml")
    environment = {"BOT_CONFIG": "environment.yaml"}
    assert load(named, environment).privacy.retention_days == 3
    assert load(None, environment).privacy.retention_days == 2
    assert load(None, {}).privacy.retention_days == 1


def test_the_token_comes_from_the_environment_and_shows_nowhere() -> None:
    config = load(None, {"TELEGRAM_BOT_TOKEN": f" {TOKEN}\n"})
    assert config.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(config)


@pytest.mark.parametrize("text", ["", "telegram: {mode: polling}\n", "telegram: {base_url: 'http://other/bot'}\n"])
def test_the_address_of_the_bot_api_may_come_from_the_environment(text: str) -> None:
    if text:
        written(text)
    config = load(None, {"TELEGRAM_BASE_URL": "http://127.0.0.1:8081/bot"})
    assert config.telegram.base_url == "http://127.0.0.1:8081/bot"


@pytest.mark.parametrize("text", ["", "answering: {answer_precision: 0.9}\n", "answering: {encoder: none}\n"])
def test_the_encoder_may_come_from_the_environment(text: str) -> None:
    if text:
        written(text)
    assert load(None, {"BOT_ENCODER": "use"}).answering.encoder == "use"


# Relative paths


def test_relative_paths_count_from_the_folder_of_the_file() -> None:
    file = written("knowledge: {path: isi}\nstore: {url: 'sqlite+aiosqlite:///simpan/bot.db'}", "etc/bot.yaml")
    config = load(file, {})
    assert config.knowledge.path == Path("etc/isi")
    assert config.store.url == "sqlite+aiosqlite:///etc/simpan/bot.db"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////var/lib/bot.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///file:x?mode=memory&uri=true",
        "postgresql+asyncpg://bot@db/bot",
    ],
)
def test_other_addresses_of_databases_stay_as_they_are(url: str) -> None:
    assert load(written(f"store: {{url: '{url}'}}", "etc/bot.yaml"), {}).store.url == url


def test_an_absolute_folder_stays_as_it_is() -> None:
    assert load(written("knowledge: {path: /srv/isi}", "etc/bot.yaml"), {}).knowledge.path == Path("/srv/isi")


# Mistakes

SEE = "Remedy: see {} in config.example.yaml."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "telegram:\n  mod: polling\n",
            "config.yaml:2: the setting telegram.mod is unknown. "
            "Remedy: compare its spelling with config.example.yaml.",
            id="unknown-setting",
        ),
        pytest.param(
            "telegrams: {mode: polling}\n",
            "config.yaml:1: the setting telegrams is unknown. Remedy: compare its spelling with config.example.yaml.",
            id="unknown-section",
        ),
        pytest.param(
            "telegram:\n  mode: push\n",
            "config.yaml:2: telegram.mode cannot be 'push': Input should be 'polling' or 'webhook'. "
            + SEE.format("telegram.mode"),
            id="bad-mode",
        ),
        pytest.param(
            "\nprivacy:\n  retention_days: lama\n",
            "config.yaml:3: privacy.retention_days cannot be 'lama': Input should be a valid integer, "
            "unable to parse string as an integer. " + SEE.format("privacy.retention_days"),
            id="wrong-type",
        ),
        pytest.param(
            "telegram:\n  webhook:\n    port: 70000\n",
            "config.yaml:3: telegram.webhook.port cannot be '70000': Input should be less than or equal to 65535. "
            + SEE.format("telegram.webhook.port"),
            id="out-of-range",
        ),
        pytest.param(
            "telegram:\n  admins:\n    - 12\n    - budi\n",
            "config.yaml:4: telegram.admins.1 cannot be 'budi': Input should be a valid integer, "
            "unable to parse string as an integer. " + SEE.format("telegram.admins.1"),
            id="wrong-item",
        ),
        pytest.param(
            "monitoring:\n  port: 70000\n",
            "config.yaml:2: monitoring.port cannot be '70000': Input should be less than or equal to 65535. "
            + SEE.format("monitoring.port"),
            id="monitoring-port",
        ),
        pytest.param(
            "logging:\n  format: xml\n",
            "config.yaml:2: logging.format cannot be 'xml': Input should be 'text' or 'json'. "
            + SEE.format("logging.format"),
            id="log-format",
        ),
        pytest.param(
            "telegram: polling\n",
            "config.yaml:1: telegram cannot be 'polling': Input should be a valid dictionary or instance of Telegram. "
            + SEE.format("telegram"),
            id="text-instead-of-a-section",
        ),
        pytest.param(
            "- telegram\n",
            "config.yaml:1: this holds no settings. Remedy: start from a copy of config.example.yaml.",
            id="list-instead-of-settings",
        ),
        pytest.param(
            "privacy:\n  retention_days: 1\n  retention_days: 2\n",
            'config.yaml:3: kunci "retention_days" sudah ada di baris 2. Hapus salah satunya',
            id="the-same-setting-twice",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_remedy(text: str, message: str) -> None:
    assert refusal(text) == message


def test_all_mistakes_are_named_at_once() -> None:
    told = refusal("telegram: {mode: push}\nprivacy: {retention_days: 0}\nstores: {url: x}\n")
    assert [line.partition(": ")[0] for line in told.splitlines()] == [f"config.yaml:{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "token: rahasia\n",
        "TELEGRAM_BOT_TOKEN: rahasia\n",
        "telegram:\n  token: rahasia\n",
        "telegram: {bot_token: rahasia}\n",
        f"# my token is {TOKEN}\n",
        f"telegram:\n  base_url: https://api.telegram.org/bot{TOKEN}\n",
    ],
)
def test_a_token_in_the_file_is_refused_and_not_repeated(text: str) -> None:
    told = refusal(text, {"TELEGRAM_BOT_TOKEN": TOKEN})
    assert told == (
        f"config.yaml:{len(text.splitlines())}: a token does not belong into a file. "
        "Remedy: set TELEGRAM_BOT_TOKEN in the environment."
    )


def test_a_wrong_secret_is_not_repeated() -> None:
    told = refusal("telegram:\n  webhook:\n    secret_token: kata sandi\n")
    assert told.startswith("config.yaml:3: telegram.webhook.secret_token cannot be this value: ")
    assert "kata sandi" not in told


@pytest.mark.parametrize(
    ("webhook", "missing"),
    [
        ("", ["url", "secret_token"]),
        ("  webhook: {secret_token: abc}\n", ["url"]),
        ("  webhook: {url: 'https://bot.example.go.id/telegram'}\n", ["secret_token"]),
    ],
)
def test_webhook_mode_needs_an_address_and_a_secret(webhook: str, missing: list[str]) -> None:
    assert refusal(f"telegram:\n  mode: webhook\n{webhook}").splitlines() == [
        f"config.yaml:2: webhook mode needs telegram.webhook.{name}. "
        "Remedy: set it as config.example.yaml shows, or set telegram.mode to polling."
        for name in missing
    ]


def test_a_complete_webhook_is_accepted() -> None:
    written("telegram: {mode: webhook, webhook: {url: 'https://bot.example.go.id/telegram', secret_token: abc}}")
    assert load(None, {}).telegram.mode == "webhook"


def test_a_wrong_address_in_the_environment_is_named_as_such() -> None:
    with pytest.raises(OperatorError) as caught:
        load(None, {"TELEGRAM_BASE_URL": "api.telegram.org"})
    assert str(caught.value) == (
        "TELEGRAM_BASE_URL cannot be 'api.telegram.org': String should match pattern '^https?://\\S+$'. "
        + SEE.format("TELEGRAM_BASE_URL")
    )


def test_an_unknown_encoder_in_the_environment_is_named_as_such() -> None:
    with pytest.raises(OperatorError) as caught:
        load(None, {"BOT_ENCODER": "gpt"})
    assert str(caught.value) == (
        "BOT_ENCODER cannot be 'gpt': Input should be 'none' or 'use'. " + SEE.format("BOT_ENCODER")
    )


@pytest.mark.parametrize("environment", [{}, {"BOT_CONFIG": "etc/bot.yaml"}])
def test_a_file_that_is_named_must_be_there(environment: dict[str, str]) -> None:
    with pytest.raises(OperatorError) as caught:
        load(None if environment else Path("etc/bot.yaml"), environment)
    assert str(caught.value) == (
        "etc/bot.yaml is not there. Remedy: copy config.example.yaml to it, or name another file with --config or "
        "BOT_CONFIG."
    )

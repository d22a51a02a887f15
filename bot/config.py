"""config.yaml and the environment → Config, or every problem in them at once."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import ConfigurationError
from bot.yamlfile import Mapping, line_at, plain, read

DEFAULT_FILE = "config.yaml"
FROM_ENVIRONMENT = {("telegram", "base_url"): "TELEGRAM_BASE_URL", ("answering", "encoder"): "BOT_ENCODER"}
"""Settings that a variable decides where it is set, whatever the file says."""
_TELEGRAM_WORD = r"^[A-Za-z0-9_-]{0,256}$"
_TOKEN = re.compile(  # a key for it, or the thing itself: an id, a colon and 35 characters
    rb"""(?:^|[{,])[ \t]*["']?(?:telegram_)?(?:bot_)?token["']?[ \t]*:|\d{6,}:[\w-]{30,}""",
    re.IGNORECASE | re.MULTILINE,
)
_SHOWN = 60  # characters of a wrong value
_NOT_A_FILE = (":memory:", "file:")  # SQLite's other names for a database


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Webhook(_Section):
    """How Telegram reaches the bot in webhook mode; a TLS proxy stands in front of it."""

    listen: str = "127.0.0.1"
    port: int = Field(8443, ge=1, le=65535)
    path: str = Field("telegram", pattern=r"^[A-Za-z0-9/_-]+$")
    url: str = Field("", pattern=r"^(https://\S+)?$")
    secret_token: str = Field("", pattern=_TELEGRAM_WORD)
    max_connections: int = Field(8, ge=1, le=100)


class Telegram(_Section):
    """The Bot API and who the staff are."""

    base_url: str = Field("https://api.telegram.org/bot", pattern=r"^https?://\S+$")
    mode: Literal["polling", "webhook"] = "polling"
    webhook: Webhook = Webhook()
    admins: tuple[int, ...] = ()
    staff_chat: int | None = None


class StoreSettings(_Section):
    """Where conversations and the question log are kept."""

    url: str = "sqlite+aiosqlite:///data/bot.db"


class KnowledgeSettings(_Section):
    """Where the curated files are."""

    path: Path = Path("knowledge")


class Answering(_Section):
    """The two knobs of the matcher, from which both cuts follow at load, and whether it compares meanings as well."""

    answer_precision: float = Field(0.97, gt=0.5, lt=1)
    max_out_of_scope: float = Field(0.05, gt=0, lt=0.5)
    encoder: Literal["none", "use"] = "none"


class Privacy(_Section):
    """How long masked questions are kept."""

    retention_days: int = Field(180, ge=1, le=3650)


class Limits(_Section):
    """How fast the bot writes, and what it does when people ask faster than that."""

    flood_questions: int = Field(20, ge=1, le=1000)
    late_after_minutes: float = Field(10, gt=0, le=1440)
    overall_per_second: int = Field(30, ge=1, le=1000)
    private_burst: int = Field(3, ge=1, le=30)
    group_per_minute: int = Field(20, ge=1, le=1000)
    side_by_side: int = Field(8, ge=1, le=64)


class Monitoring(_Section):
    """Where /healthz and /metrics are served, and from when on a waiting question is a fault."""

    listen: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)  # 0: not at all
    waiting_minutes: float = Field(5, gt=0, le=1440)


class Logging(_Section):
    """The form of the log's lines."""

    format: Literal["text", "json"] = "text"


class Config(_Section):
    """Every setting; each has a default that works, except the token."""

    token: SecretStr = SecretStr("")  # from the environment only
    telegram: Telegram = Telegram()
    store: StoreSettings = StoreSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    answering: Answering = Answering()
    privacy: Privacy = Privacy()
    limits: Limits = Limits()
    monitoring: Monitoring = Monitoring()
    logging: Logging = Logging()


def load(file: Path | None = None, environment: dict[str, str] | None = None) -> Config:
    """Reads the settings.

    ``file`` is the config file; None looks at ``BOT_CONFIG``, then at ``config.yaml``, and does without where there is
    none. Relative paths in it count from the file's folder. Raises ConfigurationError that names every wrong setting.

    Example: ``load(Path("config.yaml"), {"TELEGRAM_BOT_TOKEN": "…"}).telegram.mode``
    """
    env = dict(os.environ) if environment is None else environment
    named = file or (Path(env["BOT_CONFIG"]) if env.get("BOT_CONFIG") else None)
    path = named or Path(DEFAULT_FILE)
    root = _read(path) if named or path.exists() else None
    values: dict[str, Any] = plain(root) if root is not None else {}
    given = {place: name for place, name in FROM_ENVIRONMENT.items() if env.get(name)}
    for (section, setting), name in given.items():
        if isinstance(values.setdefault(section, {}), dict):
            values[section][setting] = env[name]
    try:
        config = Config(**values, token=SecretStr(env.get("TELEGRAM_BOT_TOKEN", "").strip()))
    except ValidationError as error:
        raise ConfigurationError("\n".join(_problem(path, root, e, given) for e in error.errors())) from None
    if config.telegram.mode == "webhook":
        _check_webhook(path, root, config.telegram.webhook)
    return _anchored(config, path.parent)


def _read(path: Path) -> Mapping | None:
    """The settings as they stand in the file, line numbers included."""
    if not path.exists():
        raise ConfigurationError(
            f"{path} is not there. Remedy: copy config.example.yaml to it, or name another file with --config or "
            "BOT_CONFIG."
        )
    document = read(path, str(path))
    token = _TOKEN.search(document.content)
    if token:
        line = document.content.count(b"\n", 0, token.end()) + 1
        raise ConfigurationError(
            f"{path}:{line}: a token does not belong into a file. Remedy: set TELEGRAM_BOT_TOKEN in the environment."
        )
    if document.problems:
        raise ConfigurationError("\n".join(map(str, document.problems)))
    if not isinstance(document.root, Mapping):
        raise ConfigurationError(f"{path}:1: this holds no settings. Remedy: start from a copy of config.example.yaml.")
    return document.root


def _problem(path: Path, root: Mapping | None, error: object, given: dict[tuple[str, str], str]) -> str:
    """One wrong setting with its line and remedy; ``given`` are those from the environment, with their variables."""
    assert isinstance(error, dict)  # noqa: S101 - pydantic's ErrorDetails is a TypedDict
    place = tuple(error["loc"])
    name = ".".join(map(str, place))
    where = f"{path}:{line_at(root, place) if root is not None else 0}: "
    if error["type"] == "extra_forbidden":
        return f"{where}the setting {name} is unknown. Remedy: compare its spelling with config.example.yaml."
    if place in given:
        where, name = "", given[place]
    said = "this value" if "token" in name else repr(str(error["input"])[:_SHOWN])
    return f"{where}{name} cannot be {said}: {error['msg']}. Remedy: see {name} in config.example.yaml."


def _check_webhook(path: Path, root: Mapping | None, webhook: Webhook) -> None:
    """Telegram must know where to call, and the bot that it is Telegram who calls."""
    line = line_at(root, ("telegram", "mode")) if root is not None else 0
    missing = [name for name in ("url", "secret_token") if not getattr(webhook, name)]
    if missing:
        raise ConfigurationError(
            "\n".join(
                f"{path}:{line}: webhook mode needs telegram.webhook.{name}. "
                "Remedy: set it as config.example.yaml shows, or set telegram.mode to polling."
                for name in missing
            )
        )


def _anchored(config: Config, folder: Path) -> Config:
    """Makes relative paths count from the config file's folder."""
    knowledge = config.knowledge.model_copy(update={"path": folder / config.knowledge.path})
    url = config.store.url
    prefix, mark, rest = url.partition(":///")
    if mark and prefix.startswith("sqlite") and rest and not rest.startswith(("/", *_NOT_A_FILE)):
        url = f"{prefix}:///{(folder / rest).as_posix()}"
    store = config.store.model_copy(update={"url": url})
    return config.model_copy(update={"knowledge": knowledge, "store": store})

"""What a server is set up with: the unit is one that systemd takes, and the files agree with each other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import MISCONFIGURED
from bot.config import Config, load

DEPLOY = Path(__file__).parent.parent / "deploy"
UNIT = DEPLOY / "tanya-smart-city.service"
PROGRAM = "/opt/tanya-smart-city/.venv/bin/python"
MOST_EXPOSED = 2.0  # of 10, as "systemd-analyze security" counts; below 2.5 is what it calls OK, its best word but SAFE
ANALYZE = shutil.which("systemd-analyze")

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def setting(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(ANALYZE), *arguments], capture_output=True, encoding="utf-8", check=False)


@needs_systemd
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With a program that is there: nobody has installed the bot on this machine."""
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace(PROGRAM, sys.executable), encoding="utf-8")
    done = analyze("verify", str(unit))
    assert [line for line in (done.stdout + done.stderr).splitlines() if UNIT.name in line] == []
    assert done.returncode == 0


@needs_systemd
def test_the_check_finds_a_mistake(tmp_path: Path) -> None:
    """So that the test above can fail."""
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
    unit.write_text(text.replace("ProtectSystem=strict", "ProtectSystm=strict"), encoding="utf-8")
    done = analyze("verify", str(unit))
    assert "ProtectSystm" in done.stdout + done.stderr


@needs_systemd
def test_the_unit_leaves_little_to_an_intruder() -> None:
    done = analyze("security", "--offline=true", f"--threshold={10 * MOST_EXPOSED:.0f}", "--no-pager", str(UNIT))
    if "offline" in done.stderr or "threshold" in done.stderr:
        pytest.skip("this systemd-analyze is too old for it")
    assert done.returncode == 0, done.stdout[-200:]


def test_a_configuration_error_is_not_tried_again() -> None:
    assert (setting("Restart"), setting("RestartPreventExitStatus")) == (["on-failure"], [str(MISCONFIGURED)])


def test_the_token_comes_from_a_file_of_its_own() -> None:
    (file,) = setting("EnvironmentFile")
    assert file == "/etc/tanya-smart-city/token.env"
    assert not any("TOKEN" in value for value in setting("Environment"))


def server_settings() -> Config:
    return load(DEPLOY / "config.yaml", {})


def test_the_settings_fit_the_unit() -> None:
    """The bot may write below its state directory, and nowhere else."""
    config = server_settings()
    (state,) = setting("StateDirectory")
    assert config.store.url.startswith(f"sqlite+aiosqlite:////var/lib/{state}/")
    assert setting("WorkingDirectory") == [f"/var/lib/{state}"]
    assert str(config.knowledge.path) == "/opt/tanya-smart-city/knowledge"
    assert setting("ExecStart") == [f"{PROGRAM} -m bot run --config /etc/tanya-smart-city/config.yaml"]
    assert config.monitoring.port


def test_the_proxy_passes_on_what_the_bot_listens_to() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    webhook = server_settings().telegram.webhook
    assert f"location = /{webhook.path} {{" in text
    assert f"proxy_pass http://{webhook.listen}:{webhook.port};" in text
    assert text.count("{") == text.count("}")


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_the_proxy(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"^ *ssl_certificate.*$", "", text, flags=re.MULTILINE).replace("443 ssl", "8444")
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n", encoding="utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(whole)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr

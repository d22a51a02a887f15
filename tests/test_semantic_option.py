"""SEMANTIC=1: that the setting, the packages, their pins and the Makefile speak of the same thing."""

from __future__ import annotations

import re
import shutil
import tomllib
from typing import get_args

import pytest
from command_line import ROOT, run

from bot.config import Answering
from bot.language.semantic import NO_ENCODER, PACKAGES

SET_UP = ["-o", ".venv/bin/python", "-o", ".venv/runtime", "-o", ".venv/semantic"]


def test_the_setting_offers_what_can_be_loaded() -> None:
    assert set(get_args(Answering.model_fields["encoder"].annotation)) == {NO_ENCODER, *PACKAGES}


def test_the_pins_are_exact_and_the_same_in_both_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "requirements-semantic.txt").read_text(encoding="utf-8")
    wanted = project["optional-dependencies"]["semantic"]
    assert re.findall(r"^[\w.-]+==[\w.]+", pins, re.MULTILINE) == wanted
    assert [pin.partition("==")[0] for pin in wanted] == list(PACKAGES.values())


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("typed", "encoder"), [([], ""), (["SEMANTIC=0"], ""), (["SEMANTIC=1"], "BOT_ENCODER=use ")], ids=str
)
def test_make_run_sets_the_encoder_only_where_it_is_wanted(typed: list[str], encoder: str) -> None:
    shown = run("make", "--dry-run", *SET_UP, "run", *typed).stdout.decode()
    assert shown.splitlines()[-1] == f"{encoder}.venv/bin/python -m bot run"

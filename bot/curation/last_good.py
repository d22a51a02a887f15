"""The last state of the knowledge files that was in service, kept for a start while the files have mistakes."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.curation.load import FAQ_FOLDER, REHEARSAL_FOLDER, load
from bot.curation.watch import Fingerprint, fingerprint
from bot.model import Knowledge

PLACE = Path("data") / "knowledge"
DIGITS = 8  # of the name for one knowledge folder: a few bots at most share a data folder
UNFINISHED = ".tmp"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastGood:
    """Copies of one knowledge ``folder`` below ``place``; each has the version of its knowledge as name.

    Example: ``LastGood(Path("knowledge"), PLACE).keep("6f5c85c300f3", seen)``
    """

    folder: Path
    place: Path

    def keep(self, version: str, seen: Fingerprint) -> None:
        """Copies the files, which had the fingerprint ``seen`` when ``version`` was loaded from them.

        Where they have changed since then nothing is kept: whoever watches them comes again. The copy gets its name
        when it is whole, and only then older ones go. A folder that cannot be written costs no more than a safe start.
        """
        kept = self._own / version
        unfinished = self._own / f"{version}.{os.getpid()}{UNFINISHED}"
        try:
            if not kept.exists():
                self._copy(unfinished / self._name)
                if fingerprint(self.folder) != seen:
                    return
                unfinished.rename(kept)
            os.utime(kept)
        except OSError as error:
            log.warning("the knowledge could not be kept in %s for the next start: %s", kept, error.strerror)
        else:
            for older in self._all():
                if older != kept:
                    shutil.rmtree(older, ignore_errors=True)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def find(self) -> Knowledge | None:
        """The newest copy that is sound for this program; None where there is none."""
        for kept in self._all():
            knowledge, _ = load(kept / self._name)
            if knowledge is not None:
                return knowledge
        return None

    @property
    def _own(self) -> Path:
        """Where the copies of this folder are, apart from those of others."""
        return self.place / hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:DIGITS]

    @property
    def _name(self) -> str:
        return self.folder.resolve().name

    def _all(self) -> list[Path]:
        """The copies, the newest first."""
        with suppress(OSError):
            whole = [path for path in self._own.iterdir() if path.suffix != UNFINISHED]
            return sorted(whole, key=lambda path: path.stat().st_mtime, reverse=True)
        return []

    def _copy(self, target: Path) -> None:
        for file in self._files():
            copied = target / file.relative_to(self.folder)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copied)

    def _files(self) -> Iterator[Path]:
        for part in (self.folder, self.folder / FAQ_FOLDER, self.folder / REHEARSAL_FOLDER):
            yield from (path for path in part.glob("[!.]*.yaml") if path.is_file())

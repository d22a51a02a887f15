"""The knowledge folder as it was before: at a git revision, or in a copy."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

from bot.curation.check import report
from bot.curation.load import FILE_NAMES, load
from bot.errors import OperatorError
from bot.model import Knowledge

OTHER_WAY = "Atau bandingkan dengan salinan folder itu: --against-folder FOLDER"
GIT_OWN = "GIT_"  # variables that git sets for a hook, and that would lead it astray in another folder


def write_revision(folder: Path, revision: str, target: Path) -> Path:
    """Writes the ``folder`` as it was at ``revision`` (anything git understands) below ``target``; returns its place.

    It has the name of ``folder``, so that files are named in the same way in both. Raises OperatorError, in Bahasa
    Indonesia, where git, the repository, the revision or the folder in it is missing.

    Example: ``before = write_revision(Path("knowledge"), "HEAD~1", Path(temporary))``
    """
    if not folder.is_dir():
        raise OperatorError(f"Folder {folder} tidak ada. Periksa knowledge.path di pengaturan bot.")
    _git(folder, "rev-parse", "--git-dir", trouble=f"{folder} tidak berada dalam repositori git")
    commit = _git(
        folder,
        "rev-parse",
        "--verify",
        "--end-of-options",
        f"{revision}^{{commit}}",
        trouble=f'revisi "{revision}" tidak dikenal git. Lihat daftarnya dengan: git log --oneline',
    )
    archive = _git(
        folder,
        "archive",
        "--format=tar",
        commit.decode().strip(),
        ".",
        trouble=f'folder {folder.name} belum ada di revisi "{revision}"',
    )
    place = target / folder.resolve().name
    _unpack(archive, place)
    return place


def copy_folder(folder: Path, target: Path) -> Path:
    """Copies another knowledge ``folder`` below ``target`` and returns its place; OperatorError where there is none."""
    if not folder.is_dir():
        raise OperatorError(f"Folder {folder} tidak ada. Periksa --against-folder.")
    return Path(shutil.copytree(folder, target / folder.resolve().name))


def load_earlier(earlier: Path, present: Path) -> tuple[Knowledge, bool]:
    """The knowledge in the folder ``earlier``, and whether its sentences had to be taken from ``present``.

    A new version of the program may need sentences in ``pesan.yaml`` that the earlier one has not got; where nothing
    else is wrong, the present file is copied over it. Raises OperatorError, in Bahasa Indonesia, with all problems.
    """
    knowledge, problems = load(earlier)
    messages = FILE_NAMES["messages"]
    wrong = {PurePosixPath(problem.file).name for problem in problems if not problem.warning}
    replaced = wrong == {messages} and (present / messages).is_file()
    if replaced:
        shutil.copyfile(present / messages, earlier / messages)
        knowledge, problems = load(earlier)
    if knowledge is None:
        raise OperatorError(f"Isi pengetahuan yang dibandingkan tidak sah menurut program ini:\n{report(problems)}")
    return knowledge, replaced


def _git(folder: Path, *arguments: str, trouble: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise OperatorError(f"git tidak ditemukan. Pasang git (https://git-scm.com), lalu coba lagi.\n{OTHER_WAY}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(GIT_OWN)}
    # Nothing here goes through a shell, and what the user gave stands after --end-of-options.
    done = subprocess.run(  # noqa: S603
        [program, *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise OperatorError(f"Perbandingan tidak dapat dibuat: {trouble}.\n(git: {said})\n{OTHER_WAY}")
    return done.stdout


def _unpack(archive: bytes, place: Path) -> None:
    """Writes the plain files of an archive; links and names that lead elsewhere are left out."""
    place.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        for member in packed:
            path = PurePosixPath(member.name)
            content = packed.extractfile(member) if member.isfile() else None
            if content is None or path.is_absolute() or ".." in path.parts:
                continue
            file = place.joinpath(*path.parts)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())

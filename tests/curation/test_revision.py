"""The knowledge as it was: from git, from a copy, and what is said where there is none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.curation.load import load
from bot.curation.revision import copy_folder, load_earlier, write_revision
from bot.errors import OperatorError
from tests.knowledge_builder import write_knowledge

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")
OTHER_WAY = "--against-folder FOLDER"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ani", "-c", "user.email=ani@example.test", "-c", "commit.gpgsign=false")
    subprocess.run([GIT or "git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A knowledge folder inside a repository, committed once, with an edit and a new file that are not committed."""
    project = tmp_path / "proyek"
    folder = write_knowledge(project / "knowledge")
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "satu")
    file = folder / "topik.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Kontak", "Hubungi kami"), encoding="utf-8")
    (folder / "uji").mkdir()
    (folder / "uji" / "baru.yaml").write_text('- {tanya: "wa", harus: [kontak-program]}\n', encoding="utf-8")
    return folder


def titles(folder: Path) -> list[str]:
    loaded, problems = load(folder)
    assert loaded is not None, problems
    return [topic.title for topic in loaded.topics]


@needs_git
def test_a_revision_has_the_files_as_they_were_committed(knowledge: Path, tmp_path: Path) -> None:
    earlier = write_revision(knowledge, "HEAD", tmp_path / "lama")
    assert earlier == tmp_path / "lama" / "knowledge"
    assert titles(earlier) == ["Tentang program", "Kontak"]
    assert titles(knowledge) == ["Tentang program", "Hubungi kami"]
    assert not (earlier / "uji").exists()


@needs_git
def test_any_name_of_a_revision_will_do(knowledge: Path, tmp_path: Path) -> None:
    git(knowledge, "tag", "edisi-1")
    git(knowledge, "commit", "--quiet", "--all", "--message", "dua")
    assert titles(write_revision(knowledge, "HEAD", tmp_path / "a"))[1] == "Hubungi kami"
    for number, name in enumerate(("HEAD~1", "edisi-1", "HEAD^{/satu}")):
        assert titles(write_revision(knowledge, name, tmp_path / f"b{number}"))[1] == "Kontak"


@needs_git
def test_it_works_inside_a_hook(knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git tells its hooks where its files are, as seen from elsewhere."""
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert titles(write_revision(knowledge, "HEAD", tmp_path / "lama"))[1] == "Kontak"


@needs_git
@pytest.mark.skipif(os.name == "nt", reason="Windows makes no links without a privilege")
def test_a_link_in_the_archive_is_not_followed(knowledge: Path, tmp_path: Path) -> None:
    (tmp_path / "rahasia").mkdir()
    (knowledge / "tautan").symlink_to(tmp_path / "rahasia")
    git(knowledge, "add", ".")
    git(knowledge, "commit", "--quiet", "--message", "tautan")
    assert not (write_revision(knowledge, "HEAD", tmp_path / "lama") / "tautan").exists()


@needs_git
@pytest.mark.parametrize("revision", ["tidak-ada", "--output=dicuri", "", "HEAD:topik.yaml"])
def test_an_unknown_revision_is_named_with_what_to_do(knowledge: Path, tmp_path: Path, revision: str) -> None:
    with pytest.raises(OperatorError) as caught:
        write_revision(knowledge, revision, tmp_path / "lama")
    assert f'revisi "{revision}" tidak dikenal git. Lihat daftarnya dengan: git log --oneline' in str(caught.value)
    assert str(caught.value).endswith(OTHER_WAY)


@needs_git
def test_a_folder_that_was_not_there_yet_is_named(knowledge: Path, tmp_path: Path) -> None:
    other = write_knowledge(knowledge.parent / "lain")
    with pytest.raises(OperatorError, match='folder lain belum ada di revisi "HEAD"'):
        write_revision(other, "HEAD", tmp_path / "lama")


@needs_git
def test_a_folder_outside_of_git_is_named(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    with pytest.raises(
        OperatorError, match=r"knowledge tidak berada dalam repositori git(.|\n)*--against-folder FOLDER"
    ):
        write_revision(folder, "HEAD", tmp_path / "lama")


def test_without_git_it_says_how_to_do_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperatorError, match=r"git tidak ditemukan. Pasang git(.|\n)*--against-folder FOLDER"):
        write_revision(folder, "HEAD", tmp_path / "lama")


@pytest.mark.parametrize("take", [lambda folder, to: write_revision(folder, "HEAD", to), copy_folder])
def test_a_folder_that_is_not_there_is_named(take, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"tidak-ada tidak ada\. Periksa"):
        take(tmp_path / "tidak-ada", tmp_path / "lama")


def test_a_copy_leaves_the_original_alone(tmp_path: Path) -> None:
    """Its sentences are replaced in the copy only."""
    present = write_knowledge(tmp_path / "knowledge")
    old = write_knowledge(tmp_path / "cadangan", pesan="mulai: Halo\n")
    earlier = copy_folder(old, tmp_path / "lama")
    knowledge, replaced = load_earlier(earlier, present)
    assert replaced
    assert knowledge.messages["mulai"] == "Pesan mulai"
    assert (old / "pesan.yaml").read_text(encoding="utf-8") == "mulai: Halo\n"


def test_sentences_that_fit_are_not_replaced(tmp_path: Path) -> None:
    present = write_knowledge(tmp_path / "knowledge")
    earlier = write_knowledge(tmp_path / "lama", topik="- {id: program, judul: A}\n- {id: kontak, judul: B}\n")
    knowledge, replaced = load_earlier(earlier, present)
    assert not replaced
    assert [topic.title for topic in knowledge.topics] == ["A", "B"]


def test_other_mistakes_in_the_earlier_version_are_told_in_full(tmp_path: Path) -> None:
    present = write_knowledge(tmp_path / "knowledge")
    earlier = write_knowledge(tmp_path / "lama", pesan="mulai: Halo\n", topik="- {id: program, jdul: A}\n")
    with pytest.raises(OperatorError) as caught:
        load_earlier(earlier, present)
    assert "Isi pengetahuan yang dibandingkan tidak sah menurut program ini:\nlama/" in str(caught.value)
    assert 'kunci "jdul" tidak dikenal' in str(caught.value)

from pathlib import Path

import pytest

from data import machine, postgres
from data.errors import ClusterError
from data.postgres import Programs, choose_programs, installed_programs


@pytest.fixture
def no_path(monkeypatch):
    monkeypatch.setattr(postgres.shutil, "which", lambda _name: None)


def pretend(root: Path, major: int, *, programs: tuple[str, ...] = ("initdb", "postgres")) -> Path:
    """Put scripts that answer like PostgreSQL where Debian has its programs."""
    folder = root / f"usr/lib/postgresql/{major}/bin"
    folder.mkdir(parents=True)
    for name in programs:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {major}.4'\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_major_version_is_asked_of_the_server(tmp_path):
    assert Programs(pretend(tmp_path, 17)).major == 17


@pytest.mark.usefixtures("no_path")
def test_the_newest_server_comes_first(tmp_path):
    for major in (9, 17, 16):
        pretend(tmp_path, major)
    assert [each.major for each in installed_programs(tmp_path)] == [17, 16, 9]


@pytest.mark.usefixtures("no_path")
def test_a_server_with_postgis_comes_before_a_newer_one_without(tmp_path):
    pretend(tmp_path, 17)
    extensions = pretend(tmp_path, 16).parent / "share/extension"
    extensions.mkdir(parents=True)
    (extensions / "postgis.control").touch()
    found = installed_programs(tmp_path)
    assert [(each.major, each.has_postgis) for each in found] == [(16, True), (17, False)]


@pytest.mark.usefixtures("no_path")
def test_a_client_alone_is_no_server(tmp_path):
    pretend(tmp_path, 16, programs=("initdb",))
    assert installed_programs(tmp_path) == []


def test_a_server_on_the_path_is_found(tmp_path, monkeypatch):
    folder = pretend(tmp_path, 16)
    monkeypatch.setattr(postgres.shutil, "which", lambda name: str(folder / name))
    assert installed_programs(tmp_path / "elsewhere") == [Programs(folder)]


def test_no_server_at_all_is_answered_by_the_packages(monkeypatch):
    monkeypatch.setattr(postgres, "installed_programs", list)
    with pytest.raises(ClusterError, match="apt-get install postgresql"):
        choose_programs()


def test_a_machine_without_fontconfig_has_no_chinese_font(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda _name: None)
    assert machine.has_chinese_font() is False
    assert machine.find_chromium() is None


def test_a_browser_without_windows_is_found_first(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert machine.find_chromium() == Path("/usr/bin/chromium-headless-shell")

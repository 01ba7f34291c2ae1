import socket

import pytest

from data import doctor
from data.cluster import Cluster
from data.doctor import Finding, examine
from data.postgres import Programs


def finding(name: str, **asked: object) -> Finding:
    """Return the finding of that name, with harmless arguments where the test names none."""
    arguments = {"cluster": None, "database_url": None, "port": 0, "assets": []} | asked
    return next(found for found in examine(**arguments) if found.name == name)


@pytest.mark.db
def test_all_is_well_where_the_tests_can_run(cluster):
    findings = examine(cluster=cluster, database_url=None, port=0, assets=[])
    assert [found.name for found in findings if not found.ok] == []


@pytest.mark.db
def test_a_running_store_is_named_by_its_process(cluster):
    assert f"process {cluster.status().pid}" in finding("store", cluster=cluster).detail


def test_a_store_that_never_ran_is_no_fault(tmp_path):
    found = finding("store", cluster=Cluster(tmp_path))
    assert found.ok
    assert found.detail.startswith("stopped")


def test_a_missing_postgresql_is_answered_by_the_packages(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "installed_programs", list)
    found = finding("postgresql", cluster=Cluster(tmp_path))
    assert not found.ok
    assert "apt-get install postgresql" in found.fix


def test_a_missing_postgis_is_answered_by_the_packages(monkeypatch, tmp_path):
    class Bare(Programs):
        has_postgis = False
        major = 15

    monkeypatch.setattr(doctor, "installed_programs", lambda: [Bare(tmp_path)])
    found = finding("postgis", cluster=Cluster(tmp_path))
    assert not found.ok
    assert "postgis" in found.fix


def test_a_home_of_an_unknown_user_is_no_permission(tmp_path):
    found = finding("permissions", cluster=Cluster(tmp_path, user="nobody_by_this_name"))
    assert not found.ok
    assert "nobody_by_this_name" in found.detail


def test_a_full_disk_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 10**18)
    found = finding("disk", cluster=Cluster(tmp_path / "not" / "there"))
    assert not found.ok
    assert str(tmp_path) in found.detail


@pytest.mark.db
def test_a_server_with_postgis_is_reached_by_its_url(database_url):
    found = finding("store", database_url=database_url.render_as_string(hide_password=False))
    assert found.ok
    assert "PostGIS 3." in found.detail


@pytest.mark.db
def test_an_old_postgis_is_refused(database_url, monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST_POSTGIS", (99, 0))
    found = finding("store", database_url=database_url.render_as_string(hide_password=False))
    assert not found.ok
    assert found.fix == "install PostGIS 99.0 or newer"


@pytest.mark.parametrize(
    "url", ["postgresql:///guatu?host=/nowhere", "no url at all", "postgresql://host:port/guatu"]
)
def test_a_url_that_leads_nowhere_is_a_finding(url):
    found = finding("store", database_url=url)
    assert not found.ok
    assert found.fix == "correct GUATU_DATABASE_URL"


def test_a_password_never_shows():
    found = finding("store", database_url="postgresql://u:s3cret@/guatu?host=/nowhere")
    assert "s3cret" not in found.detail


def test_a_taken_port_is_a_finding():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = finding("port", port=taken.getsockname()[1])
    assert not found.ok
    assert "--port" in found.fix


def test_missing_files_of_the_pages_are_named(tmp_path):
    (tmp_path / "leaflet.js").touch()
    found = finding("assets", assets=[tmp_path / "leaflet.js", tmp_path / "maplibre-gl.js"])
    assert not found.ok
    assert found.detail == "the pages lack maplibre-gl.js"


def test_browser_and_font_are_comforts_not_needs(monkeypatch):
    monkeypatch.setattr(doctor, "find_chromium", lambda: None)
    monkeypatch.setattr(doctor, "has_chinese_font", lambda: False)
    found = [finding("chromium"), finding("chinese font")]
    assert [each.ok for each in found] == [True, True]
    assert all(each.fix for each in found)

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

import data.server
from data.cluster import HOME_OF_ROOT, Cluster, database_name, default_home
from data.errors import ClusterError
from data.postgres import Programs
from geo.errors import WrongValueError

SERVER_USER = "postgres" if os.geteuid() == 0 else None

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops its rights")


def answer(url: str, question: str) -> object:
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def end_at_once(cluster: Cluster) -> int:
    """Kill the postmaster as the kernel does when memory is short; return its number."""
    pid = cluster.server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while cluster.server.pid is not None:
        pass
    return pid


@pytest.mark.db
def test_a_first_start_makes_a_server_that_answers(new_cluster):
    new_cluster.start()
    assert answer(new_cluster.server_url, "SELECT 1") == 1


@pytest.mark.db
def test_a_second_start_keeps_the_server_that_runs(cluster):
    before = cluster.status().pid
    cluster.start()
    assert cluster.status().pid == before


@pytest.mark.db
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("max_connections", "200"),
        ("unix_socket_permissions", "0700"),
        ("client_connection_check_interval", "1s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("server_encoding", "UTF8"),
    ],
)
def test_the_server_runs_with(cluster, setting, value):
    assert answer(cluster.server_url, f"SHOW {setting}") == value


@pytest.mark.db
def test_nobody_else_may_look_into_data_or_socket(cluster):
    folders = (cluster.server.data_dir, cluster.server.socket_dir)
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]


@pytest.mark.db
def test_only_the_owner_may_sign_in(cluster):
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        answer(cluster.server_url.replace("guatu@", "postgres@"), "SELECT 1")


@pytest.mark.db
@as_root
def test_root_hands_the_server_to_the_system_user(cluster):
    process = Path(f"/proc/{cluster.status().pid}")
    assert process.owner() == "postgres"


@as_root
def test_root_without_a_system_user_is_refused(new_cluster):
    with pytest.raises(ClusterError, match="refuses to run as root"):
        Cluster(new_cluster.home).start()


@as_root
def test_a_folder_the_system_user_may_not_enter_is_named(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(ClusterError, match="postgres, who runs the server, may not enter /"):
        Cluster(tmp_path / "home", user="postgres").start()


def test_an_unknown_system_user_is_named(tmp_path):
    with pytest.raises(ClusterError, match="knows no user nobody_by_this_name"):
        Cluster(tmp_path, user="nobody_by_this_name").start()


@pytest.mark.db
def test_a_home_too_deep_for_a_socket_gets_one_elsewhere(new_cluster):
    deep = Cluster(new_cluster.home / ("x" * 100), user=new_cluster.user)
    deep.start()
    try:
        assert answer(deep.server_url, "SELECT 1") == 1
        assert deep.home not in deep.server.socket_dir.parents
    finally:
        deep.stop()
        deep.server.socket_dir.rmdir()


@pytest.mark.db
def test_a_foreign_folder_in_place_of_the_socket_folder_is_refused(new_cluster, tmp_path):
    new_cluster.server.socket_dir.symlink_to(tmp_path)
    with pytest.raises(ClusterError, match="is not a folder of"):
        new_cluster.start()


@pytest.mark.db
def test_a_city_outlives_a_stop(new_cluster):
    new_cluster.start()
    new_cluster.create_city("soho1854")
    new_cluster.stop()
    assert new_cluster.status().running is False
    new_cluster.start()
    assert new_cluster.cities() == ["soho1854"]


@pytest.mark.db
def test_a_killed_server_starts_again(new_cluster):
    new_cluster.start()
    killed = end_at_once(new_cluster)
    new_cluster.start()
    assert new_cluster.status().pid not in {None, killed}


@pytest.mark.db
def test_a_stale_pid_that_a_stranger_has_now_does_not_keep_the_server_down(new_cluster):
    new_cluster.start()
    killed = end_at_once(new_cluster)
    noted = new_cluster.server.data_dir / "postmaster.pid"
    as_the_server = new_cluster.server.runner.popen_arguments()
    stranger = subprocess.Popen(["/bin/sleep", "600"], **as_the_server)
    try:
        noted.write_text(noted.read_text().replace(str(killed), str(stranger.pid), 1))
        new_cluster.start()
        new_cluster.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.db
def test_a_server_that_cannot_start_shows_the_end_of_its_log(new_cluster, monkeypatch):
    new_cluster.start()
    new_cluster.stop()
    monkeypatch.setattr(data.server, "LAUNCH_PAUSES_S", (0,))
    (new_cluster.server.data_dir / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ClusterError, match="unrecognized configuration parameter"):
        new_cluster.start()


@pytest.mark.db
def test_a_store_of_another_postgresql_is_refused_by_its_version(new_cluster):
    new_cluster.start()
    new_cluster.stop()
    (new_cluster.server.data_dir / "PG_VERSION").write_text("9\n")
    with pytest.raises(ClusterError, match="made by PostgreSQL 9"):
        new_cluster.start()


@pytest.mark.db
def test_what_a_killed_first_start_left_is_cleared_away(new_cluster):
    (new_cluster.home / ".init-1" / "base").mkdir(parents=True)
    new_cluster.start()
    assert not (new_cluster.home / ".init-1").exists()


def test_a_failed_initdb_leaves_no_data_folder_and_says_why(new_cluster, monkeypatch):
    class Full(Programs):
        initdb = Path("/bin/ls")  # takes none of initdb's options

    monkeypatch.setattr(data.server, "choose_programs", lambda: Full(Path("/bin")))
    with pytest.raises(ClusterError, match=r"initdb failed.*\n.*unrecognized option"):
        new_cluster.start()
    assert not new_cluster.server.data_dir.exists()


def test_a_file_in_place_of_the_home_is_named(tmp_path):
    (tmp_path / "home").touch()
    with pytest.raises(ClusterError, match="home cannot be made"):
        Cluster(tmp_path / "home", user=SERVER_USER).start()


def test_without_a_process_file_system_a_process_is_asked_by_signal():
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    alive = [data.server._is_alive(pid) for pid in (os.getpid(), 1, ended.pid)]
    assert alive == [True, True, False]


@pytest.mark.db
def test_a_long_log_is_put_aside(new_cluster, monkeypatch):
    monkeypatch.setattr(data.server, "LONGEST_LOG_BYTES", 10)
    new_cluster.server.log_file.write_text("what the last server said\n")
    new_cluster.start()
    assert new_cluster.server.log_file.with_suffix(".log.1").read_text().startswith("what the")


@pytest.mark.db
def test_a_city_made_many_times_at_once_is_one_database_with_postgis(new_cluster):
    new_cluster.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(new_cluster.create_city, ["helsinki"] * 4))
    assert new_cluster.cities() == ["helsinki"]
    assert answer(new_cluster.url("helsinki"), "SELECT ST_AsText(ST_Point(1, 2))") == "POINT(1 2)"


def test_a_cluster_that_does_not_run_says_so(new_cluster):
    with pytest.raises(ClusterError, match="private cluster under"):
        new_cluster.cities()


def test_a_cluster_never_started_has_a_status_and_can_be_stopped(tmp_path):
    cluster = Cluster(tmp_path / "never")
    cluster.stop()
    assert (cluster.status().running, cluster.status().cities) == (False, ())
    assert not cluster.home.exists()


def test_the_city_last_loaded_is_remembered(new_cluster):
    assert new_cluster.last_city is None
    new_cluster.remember("soho1854")
    new_cluster.remember("helsinki")
    assert new_cluster.last_city == "helsinki"


@pytest.mark.parametrize("code", ["", "Zhengzhou", "a-b", "郑州", "x" * 41, "a;drop", "a\n"])
def test_a_city_code_that_is_no_database_name_is_refused(code):
    with pytest.raises(WrongValueError, match="city code"):
        database_name(code)


def test_root_keeps_its_cluster_in_the_system():
    assert default_home("postgres") == HOME_OF_ROOT
    assert default_home(None).name == "guatu"

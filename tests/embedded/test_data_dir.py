"""The data folder: one server at a time, private files, sentences instead of tracebacks."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from algoitny.embedded.data_dir import open_data_dir
from algoitny.embedded.errors import CannotStart
from algoitny.setting_values import Environment
from algoitny.settings import load_settings

HOLD = """
import sys
from pathlib import Path
from algoitny.embedded.data_dir import open_data_dir
with open_data_dir(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_with_its_parents_and_for_its_owner_only(tmp_path: Path) -> None:
    with open_data_dir(tmp_path / "a" / "b") as data_dir:
        assert data_dir.path == tmp_path / "a" / "b"
        assert mode(data_dir.path) == 0o700
        assert mode(data_dir.folder("store")) == 0o700
        assert data_dir.folder("store") == data_dir.folder("store")


def test_a_second_server_is_refused_and_told_which_process_holds_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        with (
            pytest.raises(CannotStart, match=f"already runs.*process {holder.pid}"),
            open_data_dir(tmp_path, patience=0),
        ):
            pytest.fail("two servers in one folder")
        holder.kill()
    with open_data_dir(tmp_path, patience=0):
        pass


def test_the_lock_lasts_as_long_as_a_child_that_was_handed_it(tmp_path: Path) -> None:
    with open_data_dir(tmp_path) as data_dir:
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=(data_dir.lock_fd,))
    with pytest.raises(CannotStart), open_data_dir(tmp_path, patience=0):
        pytest.fail("the old store still runs")
    child.communicate()
    with open_data_dir(tmp_path, patience=0):
        pass


def test_a_file_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(CannotStart, match=r"cannot be used: .*DATA_DIR"):  # noqa: SIM117
        with open_data_dir(tmp_path / "data"):
            pytest.fail("a file is no folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; run as another user")
def test_a_folder_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotStart, match="cannot be"), open_data_dir(tmp_path):
        pytest.fail("nothing can be written there")


def test_a_full_or_read_only_disk_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("algoitny.embedded.data_dir.tempfile.TemporaryFile", refuse)
    with pytest.raises(CannotStart, match="No space left"), open_data_dir(tmp_path):
        pytest.fail("nothing can be written there")


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    with open_data_dir(tmp_path / "one") as data_dir:
        key = data_dir.secret_key()
        assert len(key) >= 32
        assert data_dir.secret_key() == key
        assert mode(data_dir.path / "secret_key") == 0o600
    with open_data_dir(tmp_path / "one") as again:
        assert again.secret_key() == key
    with open_data_dir(tmp_path / "two") as other:
        assert other.secret_key() != key


def test_a_cut_secret_is_not_used(tmp_path: Path) -> None:
    with open_data_dir(tmp_path) as data_dir:
        (tmp_path / "secret_key").write_text("short\n")
        with pytest.raises(CannotStart, match="damaged"):
            data_dir.secret_key()


@pytest.mark.parametrize("damage", ["", "[1]", "{", '{"store": "x"}'])
def test_ports_are_remembered_and_damage_is_as_if_none_were(tmp_path: Path, damage: str) -> None:
    with open_data_dir(tmp_path) as data_dir:
        assert data_dir.remembered_ports() == {}
        data_dir.remember_ports({"store": 4001})
        assert data_dir.remembered_ports() == {"store": 4001}
        (tmp_path / "ports.json").write_text(damage)
        assert data_dir.remembered_ports() == {}


def test_commands_read_from_the_stack_file_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = 'it\'s a $HOME \\ "secret" # of 32 characters'
    with open_data_dir(tmp_path) as data_dir:
        data_dir.write_stack_file(
            {"SECRET_KEY": secret, "BROKER_URL": "redis://:p@127.0.0.1:5/0", "PORT": "9"}
        )
    assert mode(tmp_path / "stack.env") == 0o600
    for name in ("SECRET_KEY", "BROKER_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings = load_settings()
    assert settings.environment is Environment.EMBEDDED
    assert settings.secret_key.get_secret_value() == secret
    assert settings.broker_url == "redis://:p@127.0.0.1:5/0"
    assert settings.port == 9


def test_what_is_mapped_is_in_memory_and_removed_at_the_end(tmp_path: Path) -> None:
    with open_data_dir(tmp_path) as data_dir:
        folder = data_dir.memory_folder()
        assert folder.parent == Path("/dev/shm")
        (folder / "numbers.db").touch()
        with pytest.raises(CannotStart), open_data_dir(tmp_path, patience=0):
            pass
        assert data_dir.memory_folder() == folder
        assert [path.name for path in folder.iterdir()] == ["numbers.db"]
        (folder / "numbers.db").unlink()
        folder.rmdir()
        folder.symlink_to(tmp_path)
        assert data_dir.memory_folder() == tmp_path / "memory", "somebody else's is not used"
        folder.unlink()
    assert not folder.exists()

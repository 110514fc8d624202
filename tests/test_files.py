"""`waf.files`: whole or not at all."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from waf.files import head, put


@pytest.fixture
def full() -> Iterator[None]:
    """No file may grow beyond a hundred bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_new_file_and_its_successor(tmp_path: Path) -> None:
    file = tmp_path / "file"
    put(file, b"old")
    os.chmod(file, 0o640)
    put(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777, os.listdir(tmp_path)) == (b"new", 0o640, ["file"])


@pytest.mark.usefixtures("full")
def test_where_there_is_no_room_the_old_one_stays(tmp_path: Path) -> None:
    file = tmp_path / "file"
    put(file, b"old")
    with pytest.raises(OSError, match="File too large") as caught:
        put(file, b"x" * 200)
    assert caught.value.filename == str(file)
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"old", ["file"])


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link"
    link.symlink_to("folder/file")
    put(link, b"data")
    assert link.is_symlink()
    assert (tmp_path / "folder" / "file").read_bytes() == b"data"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    put(pipe, b"data")
    assert os.read(reader, 10) == b"data"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["", "missing/file"])
def test_what_is_no_place_for_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="directory") as caught:
        put(tmp_path / name, b"data")
    assert caught.value.filename == str(tmp_path / name)


def test_of_a_device_without_an_end_only_so_much_is_read(tmp_path: Path) -> None:
    assert head(Path("/dev/zero"), 10) == bytes(11)
    put(tmp_path / "file", b"short")
    assert head(tmp_path / "file", 10) == b"short"

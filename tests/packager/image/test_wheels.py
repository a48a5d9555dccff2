from __future__ import annotations

from pathlib import Path

import pytest

from packager.errors import ToolError
from packager.image.wheels import SITE, Device, describe_wheel, download_wheels, wheel_entries
from tests.support.packages import wheel

FILES = {
    "tool/__init__.py": b"def main(): pass\n",
    "tool-1.0.data/scripts/helper": b"#!python\n",
    "tool-1.0.data/headers/tool.h": b"",
    "tool-1.0.dist-info/entry_points.txt": b"[console_scripts]\ntool = tool:main\n",
}


def test_a_wheel_installs_packages_data_and_programs(tmp_path: Path) -> None:
    path = wheel(tmp_path, "tool", FILES)
    told = describe_wheel(path)
    assert (told.name, told.version, told.file, told.size) == ("tool", "1.0", path.name, path.stat().st_size)
    entries = {one.path: one for one in wheel_entries(path, told)}
    assert set(entries) == {
        f"{SITE}/tool/__init__.py",
        f"{SITE}/tool-1.0.dist-info/METADATA",
        f"{SITE}/tool-1.0.dist-info/WHEEL",
        f"{SITE}/tool-1.0.dist-info/RECORD",
        f"{SITE}/tool-1.0.dist-info/entry_points.txt",
        "usr/bin/helper",
        "usr/bin/tool",
    }
    script = entries["usr/bin/tool"]
    assert script.mode == entries["usr/bin/helper"].mode == 0o755
    assert isinstance(script.content, bytes)
    assert b"from tool import main" in script.content


def test_damaged_wheels_are_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path, "tool", FILES)
    told = describe_wheel(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ToolError, match="the wheel of tool is damaged"):
        list(wheel_entries(path, told))
    with pytest.raises(ToolError, match=r"x\.whl is no wheel"):
        describe_wheel(tmp_path / "x.whl")


def test_wheels_come_from_where_pip_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "got").mkdir()
    wheel(tmp_path / "wheels", "tool", FILES)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    device = Device("3.13", "aarch64", 41)
    (path,) = download_wheels(["tool"], device, tmp_path / "got")
    assert path.name == "tool-1.0-py3-none-any.whl"
    with pytest.raises(Exception, match=r"no wheels for Python 3\.13 on aarch64: .*nothing-like-it"):
        download_wheels(["nothing-like-it"], device, tmp_path / "got")

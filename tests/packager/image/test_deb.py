from __future__ import annotations

from pathlib import Path

import pytest

from packager.errors import ToolError
from packager.image.deb import package_control, package_entries
from tests.support.packages import debian_package


def test_files_folders_and_links_of_a_package_lie_under_usr(tmp_path: Path) -> None:
    files = {"./": b"", "./bin/": b"", "./bin/tool": b"run", "./usr/share/x.txt": b"text"}
    links = {"./lib/libx.so": "libx.so.1", "=./usr/share/y.txt": "./usr/share/x.txt"}
    entries = {one.path: one for one in package_entries(debian_package(tmp_path, "tool", files, links), "tool")}
    assert {path: one.content for path, one in entries.items() if one.content is not None} == {
        "usr/bin/tool": b"run",
        "usr/share/x.txt": b"text",
        "usr/share/y.txt": b"text",
    }
    assert entries["usr/bin/tool"].mode == 0o755
    assert entries["usr/share/x.txt"].mode == 0o644
    assert entries["usr/lib/libx.so"].link == "libx.so.1"
    assert {one.part for one in entries.values()} == {"tool"}


def test_what_describes_a_package_is_its_control(tmp_path: Path) -> None:
    assert package_control(debian_package(tmp_path, "tool", {})).startswith(b"Package: tool\n")


@pytest.mark.parametrize("damage", ["empty", "cut", "no archive", "no data"])
def test_damaged_packages_are_refused(tmp_path: Path, damage: str) -> None:
    package = debian_package(tmp_path, "tool", {"./usr/x": b"x" * 5000})
    whole = package.read_bytes()
    package.write_bytes(
        {
            "empty": b"",
            "cut": whole[:-40],
            "no archive": b"x" + whole,
            "no data": whole.replace(b"data.tar.xz", b"more.tar.xz"),
        }[damage]
    )
    with pytest.raises(ToolError, match=r"tool\.deb"):
        list(package_entries(package, "tool"))


def test_what_would_leave_the_image_is_refused(tmp_path: Path) -> None:
    package = debian_package(tmp_path, "tool", {"./usr/../../etc/x": b"x"})
    with pytest.raises(Exception, match="cannot be the name of a file in an image"):
        list(package_entries(package, "tool"))

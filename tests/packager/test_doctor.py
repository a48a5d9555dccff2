from __future__ import annotations

import pytest

from packager import doctor, extra
from packager.doctor import diagnose_host
from packager.emit.lite_python import VARIABLE
from packager.errors import ToolError


def test_this_host_can_build_for_both_engines() -> None:
    found = diagnose_host()
    assert found.engines == {"onnxruntime": True, "paddlelite": True}
    assert found.can_build
    assert {tool.name for tool in found.tools} == {*extra.PACKAGES, "paddlelite", "paddle2onnx 2"}
    assert all(tool.version and not tool.remedy for tool in found.tools)


def test_without_an_interpreter_for_paddle_lite_the_rest_can_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/no/python3.10")
    found = diagnose_host()
    assert found.engines == {"onnxruntime": True, "paddlelite": False}
    assert found.can_build
    (missing,) = (tool for tool in found.tools if not tool.version)
    assert missing.name == "paddlelite"
    assert "/no/python3.10 does not start" in missing.remedy
    assert VARIABLE in missing.remedy


def test_without_the_hosts_packages_nothing_can_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = {**extra.PACKAGES, "no-such-package": "no_such_module"}
    monkeypatch.setattr(extra, "PACKAGES", packages)
    monkeypatch.setattr(doctor, "PACKAGES", packages)
    found = diagnose_host()
    assert not found.can_build
    assert [(tool.name, tool.remedy) for tool in found.tools if not tool.version] == [("no-such-package", extra.REMEDY)]
    with pytest.raises(ToolError, match="no-such-package, not installed") as caught:
        extra.need_extra()
    assert (caught.value.remedy, caught.value.exit_code) == (extra.REMEDY, 3)

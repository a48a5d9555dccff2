"""A headless Chromium that tests ask about a page: what it shows, requests and complains about.

It is driven through pipes with Chrome's DevTools protocol (https://chromedevtools.github.io/devtools-protocol/):
messages are JSON, each ended by a zero byte, on the file descriptors 3 (to it) and 4 (from it).
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Without a sandbox, since tests may run as root; the pages are ours. Nothing of it reaches out by itself.
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
)


@dataclass
class Shown:
    """A page that was loaded: which URLs it asked for, and what its console says."""

    browser: Browser
    session: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives, as JSON can hold it."""
        said = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def accessible(self) -> list[tuple[str, str]]:
        """Role and name of everything that assistive technology is told of, in order."""
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG."""
        said = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(said["data"]))

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command for this page and wait for its answer."""
        return self.browser.ask(method, parameters, self)


class Browser:
    """One Chromium; `show` opens pages in it."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = os.fdopen(read, "rb"), os.fdopen(write, "wb")
        self._ids = itertools.count(1)
        self._rest = b""

    def show(self, path: Path, *, width: int = 1000, dark: bool = False) -> Shown:
        """Load a file in a window of that many CSS pixels, with the user's wish for light or dark."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        page = Shown(self, self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"])
        for domain in ("Page", "Network", "Runtime", "Log"):
            page.ask(f"{domain}.enable")
        page.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.ask("Emulation.setEmulatedMedia", features=[scheme])
        page.ask("Page.navigate", url=path.absolute().as_uri())
        self._until(page, lambda message: message.get("method") == "Page.loadEventFired")
        return page

    def ask(self, method: str, parameters: Mapping[str, Any], page: Shown | None = None) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters}
        if page is not None:
            message["sessionId"] = page.session
        self._write.write(json.dumps(message).encode() + b"\0")
        self._write.flush()
        answer = self._until(page, lambda said: said.get("id") == number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def close(self) -> None:
        """Let it end."""
        self.ask("Browser.close", {})
        self._write.close()
        self._read.close()

    def _until(self, page: Shown | None, wanted: Any) -> dict[str, Any]:
        for message in self._messages():
            if page is not None and message.get("sessionId") == page.session:
                _note(page, message)
            if wanted(message):
                return message
        raise AssertionError("Chromium ended")

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" not in self._rest:
                read = self._read.read1()
                if not read:
                    return
                self._rest += read
            message, _, self._rest = self._rest.partition(b"\0")
            yield json.loads(message)


def _note(page: Shown, message: Mapping[str, Any]) -> None:
    said = message.get("params", {})
    match message.get("method"):
        case "Network.requestWillBeSent":
            page.requests.append(said["request"]["url"])
        case "Runtime.exceptionThrown":
            page.complaints.append(said["exceptionDetails"]["text"])
        case "Runtime.consoleAPICalled":
            page.complaints.append(f"console.{said['type']}: {said['args']}")
        case "Log.entryAdded":
            page.complaints.append(said["entry"]["text"])
        case _:
            pass


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with an empty profile, ended and removed afterwards."""
    assert shutil.which("chromium"), "there is no chromium; .ci/setup-system installs it"
    to_child, ours = os.pipe()
    theirs, from_child = os.pipe()
    os.set_inheritable(to_child, True)
    os.set_inheritable(from_child, True)
    with tempfile.TemporaryDirectory(prefix="edgepack-chromium.", ignore_cleanup_errors=True) as profile:
        # Descriptors 3 and 4 are the protocol's; a shell puts the pipes there, whatever numbers they have here.
        script = f'exec chromium "$@" 3<&{to_child} 4>&{from_child}'
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        browser = Browser(theirs, ours)
        try:
            yield browser
            browser.close()
            process.wait(timeout=20)
        finally:
            process.kill()
            process.wait()

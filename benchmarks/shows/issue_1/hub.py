"""`python -m benchmarks.shows 1 6`: a mirror, a tag that becomes its commit, and the cache without any network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import build, engines
from benchmarks.commands import BIN
from benchmarks.goals import Row, equal
from benchmarks.models.digits import train
from tests.support.hub_server import HubServer
from tests.support.trace import trace

REPOSITORY = "edgepack/digits"
SHA256_DIGITS = 64


def run(folder: Path) -> Iterator[Row]:
    """Build by tag, by commit and offline: three times the same bundle."""
    source = train(folder / "digits").folder
    named = ("--name", "digits")
    environment = {"HF_HOME": str(folder / "cache")}
    with HubServer({REPOSITORY: {"main": source, "v1": source}}) as hub:
        commit = hub.commit(REPOSITORY, "v1")
        environment |= {"HF_ENDPOINT": hub.endpoint}
        manifest, _ = build(f"hf://{REPOSITORY}@v1", folder / "tag.edge", *named, environment=environment)
        yield equal("the tag became its commit", manifest.source.revision, commit)
        files = manifest.source.files
        digested = bool(files) and all(len(file.sha256) == SHA256_DIGITS for file in files)
        yield Row("every input file has its SHA-256", f"{len(files)} files", digested)
        pinned = (REPOSITORY, "--revision", commit)
        build(REPOSITORY, folder / "commit.edge", *pinned[1:], *named, environment=environment)
        asked = len(hub.requests)
        options = (*named, "--offline", "--engine", ",".join(engines()), "-o", folder / "offline.edge")
        found = trace((BIN / "packager", "build", *pinned, *options), folder, environment)
        yield equal("exit code of the build with --offline", found.returncode, 0)
        reached = len(hub.requests) - asked + len(found.connections) + len(found.lookups)
        yield equal("connections and look-ups of that build", reached, 0)
    for name in ("commit", "offline"):
        same = (folder / f"{name}.edge/bundle.json").read_bytes() == (folder / "tag.edge/bundle.json").read_bytes()
        yield Row(f"{name} and tag give the same bundle", "same bytes" if same else "other bytes", same)

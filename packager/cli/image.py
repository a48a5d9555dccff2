"""`packager image`: container images that run bundles on arm64."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, mebibytes, show, table
from edge.errors import InputError
from packager.extra import need_extra

if TYPE_CHECKING:
    from packager.image.inspect import Inspected
    from packager.image.layer import Layer

LONGEST_EPOCH = 10
MIRROR = "Debian's archive, a mirror or a snapshot (default: this host's)."


@click.group()
def image() -> None:
    """Container images for arm64, built without a daemon: the same bytes on every host."""
    need_extra()
    logging.getLogger("packager.build").setLevel(logging.INFO)


@image.command(epilog="Example: packager image lock -o image.lock")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("image.lock"), show_default=True)
@click.option("--suite", default="trixie", show_default=True, help="Debian's, which decides the Python.")
@click.option(
    "--architecture",
    type=click.Choice(["arm64", "amd64"]),
    default="arm64",
    show_default=True,
    help="amd64 is to try an image here.",
)
@click.option("--mirror", help=MIRROR)
@click.option("--constraints", type=click.Path(path_type=Path, exists=True), help="Versions of wheels, as pip's.")
@json_option
def lock(
    output: Path, suite: str, architecture: str, mirror: str | None, constraints: Path | None, *, as_json: bool
) -> None:
    """Write down which packages an image is made of, each by its SHA-256; builds fetch nothing else."""
    from packager.image.archive import Archive
    from packager.image.fetch import Fetch, package_cache
    from packager.image.lock import write_lock
    from packager.image.relock import make_lock

    made = make_lock(Archive(_mirror(mirror), suite, architecture), Fetch(package_cache()), constraints=constraints)
    write_lock(made, output)
    rows = [(one.name, one.version, mebibytes(one.size)) for one in (*made.packages, *made.wheels)]
    said = f"{output}: Debian {made.suite}, Python {made.python}, {len(rows)} packages"
    show(as_json, made.to_json(), [*table(rows), said])


@image.command(epilog="Example: packager image build resnet50.edge -o resnet50.tar --lock image.lock")
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The image to write, a .tar.")
@click.option(
    "--lock", "locked", required=True, type=click.Path(path_type=Path), help="What packager image lock wrote."
)
@click.option("--name", help="The image's reference (default: edgepack/ and the first bundle's name).")
@click.option("--compression", type=click.Choice(["gzip", "zstd"]), default="gzip", show_default=True)
@click.option("--budget", default="3GB", show_default=True, help="Bytes that the image may have, as in 110MB.")
@click.option("--mirror", help=MIRROR)
@click.option("--offline", is_flag=True, help="Use the cache only; no socket is opened.")
@json_option
def build(
    bundles: tuple[Path, ...],
    output: Path,
    locked: Path,
    name: str | None,
    compression: str,
    budget: str,
    mirror: str | None,
    *,
    offline: bool,
    as_json: bool,
) -> None:
    """Write OUTPUT: the BUNDLES with all that runs them, for docker load, podman load, ctr images import and skopeo."""
    from edge.bundle import open_bundle
    from packager.image.budget import check_budget, parse_bytes
    from packager.image.build import Recipe, build_image
    from packager.image.fetch import Fetch, package_cache
    from packager.image.lock import read_lock

    most = parse_bytes(budget)
    lock = read_lock(locked)
    opened = [open_bundle(bundle) for bundle in bundles]
    fetch = Fetch(package_cache(), offline)
    archive = "" if offline else _mirror(mirror)
    recipe = Recipe(
        name=name or f"edgepack/{opened[0].manifest.name.lower()}:latest",
        lock=lock,
        bundles=opened,
        compression=compression,
        epoch=_epoch(),
    )
    made = build_image(
        recipe,
        lambda one: fetch.locked(one, lock, archive),
        output,
        check=lambda layers: check_budget(layers, most),
    )
    data = {"digest": made.digest, "layers": [{"digest": one.digest, "size": one.size} for one in made.layers]}
    show(as_json, data, [*table(list(_rows(made.layers))), f"{output}: {made.digest}"])


@image.command(epilog="Example: packager image inspect resnet50.tar")
@click.argument("archive", type=click.Path(path_type=Path))
@json_option
def inspect(archive: Path, *, as_json: bool) -> None:
    """Show the layers and the origin of an image; all its digests are checked first."""
    from packager.image.inspect import inspect_image

    found = inspect_image(archive)
    show(as_json, found.to_json(), list(_lines(found)))


def _epoch() -> int:
    """The time of everything in an image (reproducible-builds.org, SOURCE_DATE_EPOCH)."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not said.isdecimal() or len(said) > LONGEST_EPOCH:
        raise InputError(f"SOURCE_DATE_EPOCH is {said!r}, no number of seconds", remedy="unset it, or count from 1970")
    return int(said)


def _mirror(given: str | None) -> str:
    from packager.image.archive import host_mirror

    mirror = given or host_mirror()
    if mirror is None:
        raise InputError("this host does not say where Debian's packages are", remedy="give --mirror")
    return mirror.rstrip("/")


def _rows(layers: Sequence[Layer]) -> Iterator[tuple[str, ...]]:
    yield ("layer", "packed", "unpacked", "largest parts")
    for one in layers:
        largest = sorted(one.parts.items(), key=lambda part: -part[1])[:4]
        named = ", ".join(f"{part} {mebibytes(size)}" for part, size in largest)
        yield (one.created_by.removeprefix("edgepack: "), mebibytes(one.size), mebibytes(one.unpacked), named)
    yield ("all", mebibytes(sum(one.size for one in layers)), mebibytes(sum(one.unpacked for one in layers)), "")


def _lines(found: Inspected) -> Iterator[str]:
    yield f"{found.name}  {found.digest}  linux/{found.architecture}"
    yield from table([(one.created_by, mebibytes(one.size), one.digest) for one in found.layers])
    yield from (f"{key.rpartition('.')[2]}: {value}" for key, value in found.annotations.items())
    yield "all digests are right"

"""The limit of what was measured: takes the feeds of one more query, after the steady phase."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial

from edge.bench.limit.find import ENGINE, find_limit
from edge.bench.limit.limit import Limit
from edge.bench.plan import Plan
from edge.bench.subject import Subject, golden_feeds
from edge.engines import Array, Session
from edge.errors import SessionError

log = logging.getLogger(__name__)

SCENARIOS = frozenset({"single-stream", "multi-stream", "offline", "sustained"})
"""Where every query is the same and waits for nothing but the engine."""
PRECISION = "fp32"
"""The rates are of float32 products on the CPU."""


def feeds_of(subject: Subject, plan: Plan) -> Mapping[str, Array]:
    """What one query gives to the engine; nothing where no limit is to be found, or none is known."""
    artifact = subject.model.artifact
    known = (artifact.engine, artifact.precision) == (ENGINE, PRECISION) and not plan.providers
    if not plan.limit or not known or plan.scenario not in SCENARIOS:
        return {}
    if not plan.input:
        bundle = subject.model.bundle
        return golden_feeds(bundle, bundle.manifest.stages[0], plan.batch)[1]
    listening = _Listening(subject.model.session)
    subject.model.session = listening
    try:
        subject.run()
    finally:
        subject.model.session = listening.session
    return listening.feeds


def limit_of(subject: Subject, feeds: Mapping[str, Array]) -> Limit | None:
    """The limit of a query with these feeds, or None, with a line in the log, where it was not found."""
    if not feeds:
        return None
    file = subject.model.bundle.file(subject.model.artifact.file)
    try:
        return find_limit(file, feeds, subject.threads, subject.machine)
    except SessionError as error:
        log.warning("no limit: %s", error.message)
        return None


class _Listening:
    """A `Session` that remembers what it was fed last."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.inputs, self.outputs, self.threads = session.inputs, session.outputs, session.threads
        self.feeds: Mapping[str, Array] = {}

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        self.feeds = dict(feeds)
        return self.session.run(feeds)

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        return partial(self.run, feeds)

    def close(self) -> None:
        self.session.close()

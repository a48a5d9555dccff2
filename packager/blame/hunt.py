"""The hunt in one representation: from the search over boundaries to the finding."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from edge.manifest import TensorSpec
from packager.blame.boundaries import between, boundaries, cut
from packager.blame.finding import Finding
from packager.blame.hops import Representation, Workbench
from packager.blame.judge import Judgement, judge, values_in_torch
from packager.blame.search import first_wrong
from packager.blame.trace import observed_values, path_to
from packager.capture import Captured
from packager.lower.program import Program


class Hunt:
    """Looks for the first node that drifts in `program`, which `stage` made of the captured graph.

    `variables` are the lowering's, by value of the graph.
    """

    def __init__(
        self,
        captured: Captured,
        variables: Mapping[str, str],
        hop: Representation,
        program: Program,
        stage: str,
        bench: Workbench,
    ) -> None:
        self._captured = captured
        self._hop, self._program, self._stage, self._bench = hop, program, stage, bench
        self._values = observed_values(captured.graph, variables, program, reads_bool=hop.reads_bool)
        self._points = boundaries(program, self._values)
        self._judged: dict[int, Mapping[str, Judgement]] = {}
        self._runs = 0

    def run(self) -> Finding | None:
        """The finding; None where every value is within its tolerance."""
        if not self._points:
            return None
        at = first_wrong(len(self._points), self._are_right, at_once=self._hop.at_once)
        if at not in self._judged:
            self._are_right([at])
        wrong = [name for name, judgement in self._judged[at].items() if not judgement.right]
        if not wrong:
            return None
        # An engine may spoil an older value by what it fuses with the newest one.
        variable = self._points[at].variable
        return self._finding(variable if variable in wrong else wrong[0], self._judged[at])

    def _are_right(self, places: Sequence[int]) -> list[bool]:
        frontiers = {place: self._points[place].frontier for place in places}
        names = list(dict.fromkeys(name for frontier in frontiers.values() for name in frontier))
        found = self._judge(names)
        self._judged |= {place: {name: found[name] for name in frontiers[place]} for place in places}
        return [all(found[name].right for name in frontiers[place]) for place in places]

    def _judge(self, names: Sequence[str]) -> dict[str, Judgement]:
        self._runs += 1
        expected = values_in_torch(self._captured, [self._values[name] for name in names], self._bench.scratch)
        produced = {
            key: {self._values[name]: array for name, array in arrays.items()}
            for key, arrays in self._hop.run(cut(self._program, names), self._bench).items()
        }
        return {name: judge(self._hop.name, self._values[name], expected, produced) for name in names}

    def _finding(self, variable: str, judged: Mapping[str, Judgement]) -> Finding:
        value, judgement = self._values[variable], judged[variable]
        known = {point.variable for point in self._points}
        path = path_to(self._captured.graph, value, {self._values[name] for name in known} - {value})
        return Finding(
            hop=self._hop.name,
            stage=self._stage,
            node=value,
            operator=path.node.op,
            merged=tuple(node.op for node in path.merged),
            layer=self._captured.layers[path.node.outputs[0]],
            paddle=tuple(op.type for op in between(self._program, variable, known)),
            inputs=tuple(self._spec(name) for name in path.inputs),
            output=self._spec(value),
            error=judgement.error if math.isfinite(judgement.error) else None,
            tolerance=judgement.tolerance,
            where=judgement.where,
            nodes=len(self._points),
            runs=self._runs,
        )

    def _spec(self, name: str) -> TensorSpec:
        value = self._captured.graph.values[name]
        return TensorSpec(name=name, dtype=value.dtype, shape=value.shape)

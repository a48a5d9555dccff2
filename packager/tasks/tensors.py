"""Any network with its bare inputs and all its outputs."""

from __future__ import annotations

from packager.tasks.host import HostTask

TENSORS = HostTask(name="tensors", mapping="MODEL_MAPPING", endings=(), outputs={"text": ({},), "image": ({},)})

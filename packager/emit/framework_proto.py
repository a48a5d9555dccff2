"""Paddle's `.pdmodel` messages, so that they can be read without Paddle.

The fields, numbers and types are those of paddle/fluid/framework/framework.proto that an inference model uses; the
rest is skipped as unknown.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped]

# message: {field: (number, type, repeated)}; a type in capitals is another message of the table.
MESSAGES: dict[str, dict[str, tuple[int, str, bool]]] = {
    "PROGRAM": {"blocks": (1, "BLOCK", True)},
    "BLOCK": {"vars": (3, "VARIABLE", True), "ops": (4, "OPERATOR", True)},
    "VARIABLE": {"name": (1, "string", False), "type": (2, "KIND", False), "persistable": (3, "bool", False)},
    "KIND": {"type": (1, "int32", False), "dense_tensor": (3, "DENSE", False)},
    "DENSE": {"tensor": (1, "TENSOR", False)},
    "TENSOR": {"data_type": (1, "int32", False), "dims": (2, "int64", True)},
    "OPERATOR": {
        "inputs": (1, "SLOT", True),
        "outputs": (2, "SLOT", True),
        "type": (3, "string", False),
        "attrs": (4, "ATTRIBUTE", True),
    },
    "SLOT": {"parameter": (1, "string", False), "arguments": (2, "string", True)},
    "ATTRIBUTE": {
        "name": (1, "string", False),
        "type": (2, "int32", False),
        "i": (3, "int32", False),
        "f": (4, "float", False),
        "s": (5, "string", False),
        "ints": (6, "int32", True),
        "floats": (7, "float", True),
        "strings": (8, "string", True),
        "b": (10, "bool", False),
        "bools": (11, "bool", True),
        "l": (13, "int64", False),
        "longs": (15, "int64", True),
        "float64s": (16, "double", True),
        "float64": (19, "double", False),
    },
}
ATTRIBUTE_FIELDS = {
    0: "i", 1: "f", 2: "s", 3: "ints", 4: "floats", 5: "strings", 6: "b", 7: "bools", 9: "l", 11: "longs",
    12: "float64s", 15: "float64",
}  # fmt: skip
"""AttrType to the field that holds the value; blocks, variables and scalars are not among an inference model's."""

DENSE_TENSOR = 7
"""VarType.Type of an ordinary tensor."""


@cache
def program_class() -> type[Any]:
    """The message class of ProgramDesc."""
    field_type = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="edgepack_paddle.proto", package="edgepack.paddle", syntax="proto2")
    for message, fields in MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, (number, kind, repeated) in fields.items():
            label = field_type.LABEL_REPEATED if repeated else field_type.LABEL_OPTIONAL
            field = described.field.add(name=name, number=number, label=label)
            if kind in MESSAGES:
                field.type, field.type_name = field_type.TYPE_MESSAGE, f".edgepack.paddle.{kind}"
            else:
                field.type = getattr(field_type, f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found: type[Any] = message_factory.GetMessageClass(pool.FindMessageTypeByName("edgepack.paddle.PROGRAM"))
    return found

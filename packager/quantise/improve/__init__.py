"""What onnxruntime's quantiser lacks: what it is given, and what it made, changed so that int8 costs less accuracy."""

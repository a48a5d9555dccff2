"""Clean-up of what paddle2onnx writes, one idea per file."""

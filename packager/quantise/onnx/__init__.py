"""Quantisation of ONNX artifacts, by onnxruntime.quantization, one idea per file."""

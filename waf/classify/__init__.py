"""Text and tensors in, scores out. Only `onnx_model` knows ONNX Runtime."""

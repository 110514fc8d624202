"""What needs the extra `train` is collected where it is installed; without it, `waf train` names it (tests/cli/test_train.py)."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") and find_spec("onnx") else ["test_networks.py"]

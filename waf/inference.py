"""Settings of the models that score inputs. A part of the table in `waf.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.model import Mode
from waf.setting import setting


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probability from which on a text counts as an attack, by where it stands; 0: as the models say."""

    system: float = setting(0.0, "System and developer messages, descriptions of tools.", low=0, high=1)
    user: float = setting(0.0, "What a user says, prompts, earlier answers.", low=0, high=1)
    tool_result: float = setting(0.0, "What tools returned.", low=0, high=1)
    document: float = setting(0.0, "Documents and search results.", low=0, high=1)
    tool_args: float = setting(0.0, "Arguments of tool calls.", low=0, high=1)
    field: float = setting(0.0, "Strings of requests that no protocol knows.", low=0, high=1)


@dataclass(frozen=True, slots=True)
class RouteClassifier:
    """The classifier on one route."""

    mode: Mode | Literal[""] = setting("", "off, monitor or enforce; empty: as `classifier.mode`.")
    over_budget: Literal["", "block", "tag"] = setting("", "As `classifier.over_budget`, for this route.")
    unscored: Literal["", "block", "tag"] = setting("", "As `classifier.unscored`, for this route.")
    deep: Literal["", "band", "always"] = setting("", "As `classifier.deep`, for this route.")
    thresholds: Thresholds = setting(Thresholds, "Thresholds of this route; 0: the global ones.")


@dataclass(frozen=True, slots=True)
class RouteOod:
    """Inputs unlike those that `waf calibrate` saw; docs/ood.md."""

    artefact: str = setting("", "Folder that `waf calibrate` wrote; empty: inputs are not judged.", unit="folder")
    mode: Mode = setting(
        "enforce", "off, monitor or enforce: what becomes of an input with a p-value of at most alpha."
    )
    alpha: float = setting(0.0, "False-alarm rate, over the calibration's; 0: as calibrated.", low=0, high=0.5)
    input: tuple[str, ...] = setting(
        (), "Where the texts or rows are in a JSON body; empty: every prompt, or the usual members.", unit="jsonpath"
    )


@dataclass(frozen=True, slots=True)
class OwnModel:
    """An ONNX classifier of your own, beside or instead of the shipped models; docs/classifier.md."""

    model: str = setting("", "The ONNX file; empty: none.", unit="file")
    tokenizer: str = setting("", "Its tokenizer.json; needs the extra mlwaf[tokenizers].", unit="file")
    stage: Literal["deep", "only"] = setting(
        "only", "Sees the texts that the shipped gate is not sure of, or every text and decides alone."
    )
    positions: int = setting(512, "Longest input, in tokens; longer texts are read in windows.", low=8, high=8192)
    windows: int = setting(32, "Most windows of a text; more are over budget.", low=1, high=1024)
    benign: int = setting(0, "Index of the class that stands for harmless.", low=0, high=63)
    jailbreak: int = setting(-1, "Index of the class that stands for a jailbreak; -1: there is none.", low=-1, high=63)
    temperature: float = setting(1.0, "The logits are divided by it, which calibrates them.", low=0.01, high=100)
    threshold: float = setting(0.5, "Probability from which on a text counts as an attack.", low=0, high=1)


@dataclass(frozen=True, slots=True)
class Classifier:
    """ONNX models that score every text a model reads; docs/classifier.md."""

    enabled: bool = setting(False, "Load the models and score.")
    mode: Literal["monitor", "enforce"] = setting("enforce", "Record what the scores say, or act on it.")
    models: str = setting(
        "builtin", "Folder with manifest.json and the files that it names.", unit="path", words=("builtin",)
    )
    own: OwnModel = setting(OwnModel, "A model of your own.")
    threads: int = setting(1, "Threads of one run of a model.", low=1, high=64)
    deadline: float = setting(
        2.0,
        "Longest wait for scores; then the gate decides alone, or `unscored` holds.",
        low=0.005,
        high=60,
        unit="seconds",
    )
    queue: int = setting(1024, "Most texts that wait for a model, shared fairly between clients.", low=1, high=100_000)
    batch: int = setting(64, "Most texts in one run of the gate.", low=1, high=1024)
    delay: float = setting(
        0.0, "How long a text waits for others to be run with, under load only.", low=0, high=1, unit="seconds"
    )
    cache: int = setting(20_000, "Scores that are remembered, by a keyed hash of the text.", low=0, high=10_000_000)
    shared: Literal["route", "client"] = setting(
        "route", "Whose requests share remembered scores: all of a route, or one client's."
    )
    characters: int = setting(
        1_048_576, "Most characters of one request that are scored; more is over budget.", low=1024, high=1 << 28
    )
    over_budget: Literal["block", "tag"] = setting(
        "block", "What becomes of a request that is too long to be scored whole."
    )
    unscored: Literal["block", "tag"] = setting("block", "What becomes of a request that no model scored in time.")
    deep: Literal["band", "always"] = setting(
        "band", "What the deep stage reads: texts of which the gate is not sure, or every text."
    )
    thresholds: Thresholds = setting(Thresholds, "Thresholds over the models' own.")


@dataclass(frozen=True, slots=True)
class WebHead:
    """A small ONNX model that scores query values, form fields, JSON members, headers and the like; docs/web-head.md."""

    ask: Literal["off", "weak", "always"] = setting(
        "weak",
        "Which requests it sees: none; those in which rules found something that does not block; or all, and then a value "
        "over its threshold blocks by itself.",
    )
    mode: Literal["monitor", "enforce"] = setting("enforce", "Record what its scores say, or act on it.")
    models: str = setting("builtin", "Folder with manifest.json and head.onnx.", unit="path", words=("builtin",))

"""The namespace of the rule language: every field that a rule may name, and the buckets that parsers fill."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from waf.model import Phase

Kind = Literal["text", "number", "shape", "ip"]
Selector = Literal["none", "optional", "path"]


class FieldSpec(msgspec.Struct, frozen=True):
    """One name of the rule language's namespace: which buckets it reads, its type, phase and documentation."""

    buckets: tuple[str, ...]
    kind: Kind
    phase: Phase
    selector: Selector
    """`none`: takes no ["x"]; `optional`: may; `path`: takes a JSON or XPath selector."""
    doc: str
    names: bool = False
    """True when the rule sees the fields' names instead of their values."""


def _spec(
    buckets: str,
    doc: str,
    kind: Kind = "text",
    phase: Phase = "request",
    selector: Selector = "none",
    names: bool = False,
) -> FieldSpec:
    return FieldSpec(tuple(buckets.split()), kind, phase, selector, doc, names)


def _by_surface(name: str, doc: str) -> FieldSpec:
    """Tool-call arguments have a bucket of their own, because what is found in them need not count."""
    return _spec(f"{name} {name}.tool_args", doc, "number", "scored", "optional")


_LLM: Final = (
    "llm.system llm.user llm.assistant llm.tools llm.names llm.tool_args llm.tool_results llm.documents "
    "llm.response_schema llm.prompt llm.params llm.images model.name"
)

FIELDS: Final[dict[str, FieldSpec]] = {
    "request.method": _spec("request.method", "The method, as sent."),
    "request.target": _spec("request.target", "The request-target exactly as received, query string included."),
    "request.path": _spec("request.path", "The path, not decoded, without the query string."),
    "request.path.parts": _spec(
        "path.parts",
        "Parts of the path that hold more than letters, digits and a few marks, percent-decoded, and all from the first of "
        "them to the end.",
    ),
    "request.query": _spec("request.query", "The query string, not decoded, without its `?`."),
    "request.protocol": _spec("request.protocol", "`HTTP/1.0` or `HTTP/1.1`."),
    "request.line": _spec("request.line", "Method, target and protocol with one blank between them."),
    "request.headers": _spec(
        "headers", "Header values; a name in brackets is compared without case.", selector="optional"
    ),
    "request.headers.args": _spec(
        "headers.args",
        "Values of the query and the fragment of a Referer that hold more than letters, digits and a few marks, decoded.",
        selector="optional",
    ),
    "request.headers.names": _spec("headers", "Header names, lower case.", names=True),
    "request.cookies": _spec("cookies", "Cookie values.", selector="optional"),
    "request.cookies.names": _spec("cookies", "Cookie names.", names=True),
    "request.args": _spec(
        "args.get args.form json", "Query, form and JSON values that are not model text.", selector="optional"
    ),
    "request.args.get": _spec("args.get", "Percent-decoded query values.", selector="optional"),
    "request.args.get.names": _spec("args.get", "Names of query arguments.", selector="optional", names=True),
    "request.args.form": _spec("args.form", "Form and multipart values.", selector="optional"),
    "request.args.form.names": _spec(
        "args.form", "Names of form and multipart arguments.", selector="optional", names=True
    ),
    "request.args.scalars": _spec(
        "json.scalars", "Numbers and flags of a JSON body, as they are written in JSON.", selector="optional"
    ),
    "request.args.post": _spec(
        "args.form json", "Form, multipart and JSON values that are not model text.", selector="optional"
    ),
    "request.args.names": _spec(
        "args.get args.form json json.scalars", "Names of query, form and JSON members.", names=True
    ),
    "request.decoded": _spec(
        "decoded",
        "What arguments, cookies and headers hold in base64 (where that is text; Basic credentials as user and password), all in "
        "escapes, or in strings of a GraphQL document; the selector is their name.",
        selector="optional",
    ),
    "request.values": _spec(
        "args.get args.form json body request.path path.parts cookies headers headers.args decoded xml files.names",
        "Everything that may carry a payload: `request.args`, `.body`, `.path`, `.path.parts`, `.cookies`, `.headers`, "
        "`.headers.args`, `.decoded`, `xml` and `files.names`.",
    ),
    "request.body": _spec("body", "The whole body of a kind with no parser of its own (plain text and the like)."),
    "request.body.length": _spec("body.length", "Bytes in the body after Content-Encoding.", "number"),
    "files.names": _spec("files.names", "File names in a multipart body, `filename*` decoded."),
    "files.fields": _spec("files.names", "Names of the multipart fields that hold files.", names=True),
    "files.sizes": _spec("files.sizes", "Bytes of each file.", "number"),
    "files.types": _spec("files.types", "Content-Type of each file part."),
    "files.magic": _spec(
        "files.magic", "The first 256 bytes of each file, and of a body that is no text, as latin-1 text."
    ),
    "multipart.part_headers": _spec("multipart.part_headers", "Header lines of each part, `Name: value`."),
    "json": _spec(
        "json json.scalars " + _LLM,
        "Any member of a JSON body by its path, model text included; `[*]` is any index.",
        selector="path",
    ),
    "xml": _spec(
        "xml", "Element text and attributes; a name in brackets is its path, `//a/@href`.", selector="optional"
    ),
    "llm.system": _spec("llm.system", "System and developer messages."),
    "llm.user": _spec("llm.user", "What the user says, every turn."),
    "llm.assistant": _spec("llm.assistant", "Earlier answers, as the client claims them."),
    "llm.tools": _spec("llm.tools", "Descriptions, names and schemas of tools and of formatted answers."),
    "llm.names": _spec("llm.names", "Participant names and roles as sent."),
    "llm.tool_args": _spec("llm.tool_args", "Arguments of tool calls, each string of their JSON."),
    "llm.tool_results": _spec("llm.tool_results", "What tools returned."),
    "llm.documents": _spec("llm.documents", "Documents and search results handed to the model."),
    "llm.response_schema": _spec("llm.response_schema", "Strings of a response_format or grammar."),
    "llm.prompt": _spec(
        "llm.prompt", "Prompts without roles: completions, embeddings, and every string of a generic request."
    ),
    "llm.params": _spec("llm.params", "Sampling and other parameters, by name.", "number", selector="optional"),
    "llm.images": _spec("llm.images", "Image references; data URLs are cut to their first 256 characters."),
    "tensor.shape": _spec(
        "tensor.shape", "Dimensions; name the input in brackets or mean any.", "shape", selector="optional"
    ),
    "tensor.dtype": _spec("tensor.dtype", "Declared data type, or `json` when none is declared.", selector="optional"),
    "tensor.size": _spec("tensor.size", "Number of elements.", "number", selector="optional"),
    "tensor.min": _spec("tensor.min", "Smallest finite element.", "number", selector="optional"),
    "tensor.max": _spec("tensor.max", "Largest finite element.", "number", selector="optional"),
    "tensor.mean": _spec("tensor.mean", "Mean of the finite elements.", "number", selector="optional"),
    "tensor.nan_count": _spec("tensor.nan_count", "Elements that are NaN or infinite.", "number", selector="optional"),
    "tensor.params": _spec(
        "tensor.params", "Open Inference Protocol parameters of an input, `input.key`.", selector="optional"
    ),
    "tensor.params.names": _spec("tensor.params", "Names of those parameters, `input.key`.", names=True),
    "model.name": _spec("model.name", "The model the request asks for."),
    "model.operation": _spec("model.operation", "What it asks of it: `chat`, `completions`, `embeddings`, `infer`, …"),
    "client.ip": _spec("client.ip", "Address of the client.", "ip"),
    "client.key": _spec("client.key", "Id of the API key that the caller proved to have."),
    "client.subject": _spec("client.subject", "Name of the caller: of its key, token or certificate."),
    "client.tenant": _spec("client.tenant", "Tenant of the caller."),
    "tls.client_subject": _spec("tls.client_subject", "Name in the client's certificate."),
    "score.anomaly": _spec("score.anomaly", "Sum of the scores so far.", "number", phase="scored"),
    "score": _spec(
        "score", 'Sum of one category\'s scores, `score["sqli"]`.', "number", phase="scored", selector="optional"
    ),
    "ml.injection": _by_surface(
        "ml.injection",
        'Calibrated probability of prompt injection, the highest on each surface; `ml.injection["user"]` is one of them.',
    ),
    "ml.jailbreak": _by_surface("ml.jailbreak", "Calibrated probability of a jailbreak, by surface as well."),
    "ml.flagged.injection": _by_surface(
        "ml.flagged.injection",
        "The same as `ml.injection`, where it reached the threshold of its surface on the route.",
    ),
    "ml.flagged.jailbreak": _by_surface("ml.flagged.jailbreak", "The same for jailbreaks."),
    "ml.web_attack": _spec(
        "ml.web_attack",
        'Calibrated probability of a web attack payload, the highest on each surface; `ml.web_attack["query"]` is one of them.',
        "number",
        "scored",
        "optional",
    ),
    "ml.flagged.web_attack": _spec(
        "ml.flagged.web_attack",
        "The same, where it reached the threshold of its surface.",
        "number",
        "scored",
        "optional",
    ),
    "ml.ood_p": _spec("ml.ood_p", "Conformal p-value of the strangest text or row.", "number", phase="scored"),
    "ml.flagged.ood": _spec("ml.flagged.ood", "`ml.ood_p` where it is at most alpha.", "number", phase="scored"),
    "ml.ood_missing": _spec("ml.ood_missing", "Texts or rows that were not judged.", "number", phase="scored"),
    "ml.ood_refused": _spec("ml.ood_refused", "1 where the route refuses such a request.", "number", phase="scored"),
    "ml.over_budget": _spec(
        "ml.over_budget",
        "Texts longer than what is read of them; absent when there are none.",
        "number",
        phase="scored",
    ),
    "ml.degraded": _spec(
        "ml.degraded", "Texts that the deep stage should have seen and did not.", "number", phase="scored"
    ),
    "ml.missing": _spec("ml.missing", "Texts that should have been scored and were not.", "number", phase="scored"),
    "ml.refused": _spec(
        "ml.refused",
        "1 where the route refuses what was not read to its end, and this was not.",
        "number",
        phase="scored",
    ),
    "response.status": _spec("response.status", "Status of the upstream's answer.", "number", phase="response"),
    "response.headers": _spec(
        "response.headers", "Header values of the answer.", phase="response", selector="optional"
    ),
    "response.content_type": _spec("response.content_type", "Content-Type of the answer.", phase="response"),
    "response.body": _spec("response.body", "The answer's body, up to the inspection cap.", phase="response"),
}
"""Every field a rule may name. The loader refuses anything else and suggests the nearest."""

BUCKETS: Final = frozenset(b for spec in FIELDS.values() for b in spec.buckets)
"""Every `Field.bucket` that parsers may fill."""

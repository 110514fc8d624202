"""Every setting there is, as small frozen values with their documentation and bounds beside them.

`waf.config` fills these from waf.yaml; each room is handed its own slice and imports only this file.
The published JSON schema, docs/configuration.md and the "did you mean" suggestions are made from the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.callers import Access, Addresses, Identity
from waf.model import Mode
from waf.setting import setting
from waf.usage import Usage

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes past which a request is refused, in every mode."""

    body: int = setting(
        8 * MIB, "Largest request body, before and after Content-Encoding.", low=1024, high=1 << 30, unit="bytes"
    )
    decompression_ratio: int = setting(100, "Largest ratio of decoded to encoded body size.", low=2, high=10_000)
    target: int = setting(8190, "Longest request-target.", low=256, high=65_536, unit="bytes")
    header: int = setting(8190, "Longest single header line.", low=256, high=65_536, unit="bytes")
    headers: int = setting(100, "Most header lines.", low=10, high=1000)
    header_total: int = setting(65_536, "All header lines together.", low=1024, high=1 << 20, unit="bytes")
    connections: int = setting(
        4096, "Most client connections at once; further ones wait in the backlog.", low=1, high=1_000_000
    )
    args: int = setting(1000, "Most query arguments, and most form fields.", low=1, high=100_000)
    json_depth: int = setting(64, "Deepest nesting of a JSON body.", low=2, high=500)
    json_members: int = setting(
        200_000, "Most values in a JSON body, numbers in arrays included.", low=100, high=10_000_000
    )
    json_strings: int = setting(20_000, "Most texts in a JSON body, names not counted.", low=10, high=1_000_000)
    json_number_length: int = setting(400, "Longest number, in characters.", low=20, high=4000)
    multipart_parts: int = setting(100, "Most parts of a multipart body.", low=1, high=10_000)
    xml_nodes: int = setting(10_000, "Most elements and attributes of an XML body.", low=10, high=1_000_000)
    websocket_message: int = setting(1 * MIB, "Largest WebSocket message.", low=1024, high=256 * MIB, unit="bytes")
    response_inspect: int = setting(
        1 * MIB, "Bytes of a response body that response rules see.", low=1024, high=64 * MIB, unit="bytes"
    )


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    header: float = setting(
        10.0, "From the first byte of a request to the end of its headers.", low=0.1, high=600, unit="seconds"
    )
    body_idle: float = setting(30.0, "Between two pieces of a request body.", low=0.1, high=3600, unit="seconds")
    keepalive: float = setting(75.0, "How long an idle client connection is kept.", low=0, high=3600, unit="seconds")
    client_write: float = setting(60.0, "How long a client may refuse to read.", low=0.1, high=3600, unit="seconds")
    upstream_connect: float = setting(
        5.0, "To connect to the upstream, TLS included.", low=0.05, high=600, unit="seconds"
    )
    upstream_first_byte: float = setting(
        600.0, "From the whole request sent to the head of the answer.", low=0.05, high=86_400, unit="seconds"
    )
    upstream_idle: float = setting(300.0, "Between two pieces of the answer.", low=0.05, high=86_400, unit="seconds")
    upstream_keepalive: float = setting(
        30.0, "How long an idle upstream connection is kept.", low=0, high=3600, unit="seconds"
    )
    websocket_idle: float = setting(600.0, "Without a frame in either direction.", low=1, high=86_400, unit="seconds")
    drain: float = setting(30.0, "For requests in flight after SIGTERM.", low=0, high=3600, unit="seconds")


@dataclass(frozen=True, slots=True)
class Tls:
    """The listener's certificate; both files are read again when they change."""

    certificate: str = setting("", "PEM file with the chain.", unit="file")
    key: str = setting("", "PEM file with the private key.", unit="file")
    client_ca: str = setting(
        "", "PEM file of the CAs that sign clients' certificates; empty: none is asked for.", unit="file"
    )
    client_crl: str = setting("", "PEM file of revoked client certificates.", unit="file")
    client_certificate: Literal["optional", "required"] = setting(
        "optional", "Whether a client without a certificate can connect, where client_ca is set."
    )


@dataclass(frozen=True, slots=True)
class UpstreamTls:
    ca: str = setting("", "PEM file of the CA that signed the upstream; empty: the system's.", unit="file")
    certificate: str = setting("", "PEM client certificate shown to the upstream.", unit="file")
    key: str = setting("", "PEM key of that certificate.", unit="file")
    server_name: str = setting("", "Name to expect in the certificate; empty: the host of the URL.")
    verify: bool = setting(True, "Check the upstream's certificate.")


@dataclass(frozen=True, slots=True)
class Upstream:
    """The model server."""

    url: str = setting(
        "http://127.0.0.1:8000", "http:// or https:// address; a path is put before every target.", unit="url"
    )
    connections: int = setting(512, "Most connections at once; further requests wait for one.", low=1, high=100_000)
    preserve_host: bool = setting(True, "Send the client's Host header on; false sends the upstream's own.")
    tls: UpstreamTls = setting(UpstreamTls, "TLS towards an https:// upstream.")


@dataclass(frozen=True, slots=True)
class Paths:
    """JSON paths (`$.a.b[*].c`) that tell this route's inputs apart, for APIs no protocol knows."""

    prompt: tuple[str, ...] = setting((), "Text that only a model reads: kept out of the web rules.", unit="jsonpath")
    web: tuple[str, ...] = setting((), "Text no model reads: kept out of the prompt rules.", unit="jsonpath")
    ignore: tuple[str, ...] = setting((), "Not inspected at all; said so in the coverage receipt.", unit="jsonpath")


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
class Route:
    """What holds for requests whose path (and method) match. The first route that matches is taken."""

    name: str = setting("default", "Shown in metrics and events.", unit="name")
    path: str = setting("/*", "Path pattern; `*` stands for anything, `/` included.", unit="pattern")
    methods: tuple[str, ...] = setting((), "Methods it holds for; empty means all.", unit="method")
    protocol: str = setting("", "Read requests as this API; empty: known by path, else generic.", unit="protocol")
    mode: Mode | Literal[""] = setting("", "off, monitor or enforce; empty: the global mode.")
    paranoia: int = setting(0, "1 to 4; 0: the global level.", low=0, high=4)
    block_score: int = setting(0, "Score at which a request is blocked; 0: the global threshold.", low=0, high=1000)
    tool_args: Literal["tag", "enforce"] = setting(
        "tag", "Whether rules on tool-call arguments tag or count towards a block."
    )
    paths: Paths = setting(Paths, "JSON paths of prompts, web input and what to leave alone.")
    access: Access = setting(Access, "Who may use this route.")
    strict_paths: bool = setting(False, "Refuse paths of a model API that no protocol knows.")
    fail: Literal["closed", "open"] = setting("closed", "On an internal error of the firewall: block, or forward.")
    classifier: RouteClassifier = setting(RouteClassifier, "The classifier on this route.")


@dataclass(frozen=True, slots=True)
class Rules:
    packs: tuple[str, ...] = setting(
        ("builtin",),
        "Rule files or folders; `builtin` is the shipped set for requests, `leak` the one for answers.",
        unit="path",
        words=("builtin", "leak"),
    )
    disable: tuple[str, ...] = setting((), "Rule ids, `tag:NAME` or `pack:NAME` to leave out.", unit="selector")
    monitor: tuple[str, ...] = setting((), "Rule ids, `tag:NAME` or `pack:NAME` that only record.", unit="selector")
    exclusions: tuple[str, ...] = setting((), "Files of exclusions.", unit="file")
    regex_timeout: float = setting(
        0.005, "Time for one `regex` operator on one value.", low=0.0001, high=1, unit="seconds"
    )
    watch: bool = setting(True, "Reload when a rule or configuration file changes.")


@dataclass(frozen=True, slots=True)
class Crs:
    """The OWASP Core Rule Set, or other ModSecurity rules, beside our own; docs/crs.md."""

    path: str = setting(
        "", "Folder of the CRS (its root or its rules/), or one .conf file; empty: no CRS.", unit="path"
    )
    setup: str = setting(
        "", "crs-setup.conf; empty: beside the rules, the .example when there is no other.", unit="file"
    )
    paranoia: int = setting(0, "Blocking paranoia level, 1 to 4; 0: what the set-up says.", low=0, high=4)
    detection_paranoia: int = setting(0, "Rules up to this level are run and logged; 0: as paranoia.", low=0, high=4)
    inbound_threshold: int = setting(0, "Score at which a request is blocked; 0: the set-up's.", low=0, high=100_000)
    outbound_threshold: int = setting(0, "Score at which an answer is blocked; 0: the set-up's.", low=0, high=100_000)
    model_text: Literal["exclude", "include"] = setting(
        "exclude", "Whether text that only a model reads counts as arguments of a web application."
    )
    exclusions_before: tuple[str, ...] = setting((), "SecLang files read before the rules.", unit="file")
    exclusions_after: tuple[str, ...] = setting((), "SecLang files read after the rules.", unit="file")
    plugins: str = setting("", "Folder of CRS plugins; empty: plugins/ beside the rules.", unit="path")


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
class Log:
    level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "Least severity of the firewall's own messages."
    )
    events: str = setting(
        "stdout", "Where events go: stdout, stderr, none or a file.", unit="sink", words=("stdout", "stderr", "none")
    )
    prompts: Literal["hash", "text"] = setting("hash", "Matched text in events: keyed hash and length, or as it is.")
    clean: bool = setting(True, "Write an event for requests on which nothing matched, too.")


@dataclass(frozen=True, slots=True)
class Admin:
    listen: str = setting(
        "127.0.0.1:9091", "Address of /healthz, /readyz and /metrics; empty: none.", unit="address", words=("",)
    )


@dataclass(frozen=True, slots=True)
class Json:
    nan: Literal["protocol", "allow", "refuse"] = setting(
        "protocol", "NaN and Infinity: as the protocol's servers do, or always."
    )
    duplicate_keys: Literal["refuse", "inspect"] = setting("refuse", "Refuse, or inspect every one of them.")


@dataclass(frozen=True, slots=True)
class Config:
    listen: str = setting("127.0.0.1:8080", "HOST:PORT of the firewall; [::1]:8080 for IPv6.", unit="address")
    reuse_port: bool = setting(False, "Let several processes share the port.")
    mode: Mode = setting("enforce", "off, monitor (record what would happen) or enforce.")
    paranoia: int = setting(1, "1 to 4: how many suspicious-looking things count.", low=1, high=4)
    block_score: int = setting(5, "Anomaly score at which a request is blocked.", low=1, high=1000)
    expose_matches: bool = setting(False, "Name the rules that matched in X-WAF-Rules of the answer to the client.")
    signature_secret: str = setting(
        "", "Key of the HMAC in X-WAF-Signature; use ${env:NAME} or ${file:PATH}.", unit="secret"
    )
    trusted_proxies: tuple[str, ...] = setting((), "CIDRs whose X-Forwarded-For is believed.", unit="cidr")
    forwarded_header: Literal["x-forwarded-for", "forwarded"] = setting(
        "x-forwarded-for", "The one header in which trusted proxies say who the client is."
    )
    proxy_protocol: Literal["off", "v1", "v2", "any"] = setting(
        "off", "Every connection begins with a header of the PROXY protocol, of this version."
    )
    addresses: Addresses = setting(Addresses, "Clients' addresses that are let in or kept out.")
    identity: Identity = setting(Identity, "How clients say who they are; empty: nobody is asked.")
    server_header: str = setting(
        "", "Value of a Server header on answers of the firewall's own; empty: none.", unit="header"
    )
    usage: Usage = setting(Usage, "How much callers may ask; empty: as much as they like.")
    upstream: Upstream = setting(Upstream, "The model server.")
    tls: Tls = setting(Tls, "TLS for clients; empty: plain HTTP.")
    limits: Limits = setting(Limits, "Sizes.")
    timeouts: Timeouts = setting(Timeouts, "Times.")
    json: Json = setting(Json, "How strictly JSON is read.")
    rules: Rules = setting(Rules, "What is matched.")
    crs: Crs = setting(Crs, "The OWASP Core Rule Set beside our rules.")
    classifier: Classifier = setting(Classifier, "The text classifier.")
    routes: tuple[Route, ...] = setting((), "Routes, first match first; without any, one for everything.")
    log: Log = setting(Log, "Events and messages.")
    admin: Admin = setting(Admin, "The firewall's own listener.")

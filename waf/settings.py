"""Every setting there is, as small frozen values with their documentation and bounds beside them.

`waf.config` fills these from waf.yaml; each room is handed its own slice and imports only this file.
The published JSON schema, docs/configuration.md and the "did you mean" suggestions are made from the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.callers import Access, Addresses, Identity
from waf.inference import Classifier, RouteClassifier, RouteOod, WebHead
from waf.misuse import Abuse
from waf.model import Mode
from waf.observability import Admin, Log
from waf.setting import setting
from waf.usage import State, Usage

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
    connections_per_address: int = setting(
        0,
        "Most of them from one address (IPv6: one /64); trusted proxies are not counted; 0: any.",
        low=0,
        high=1_000_000,
    )
    args: int = setting(1000, "Most query arguments, most form fields, and most cookies.", low=1, high=100_000)
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
    body_rate: int = setting(
        500, "Least bytes a second of a request body, after `body_idle` of grace; 0: any.", low=0, high=1 << 30
    )
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
    """The listener's certificate; all of its files are read again when they change."""

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
    scoring: Literal["", "points", "learned"] = setting("", "As `scoring`, for this route.")
    paths: Paths = setting(Paths, "JSON paths of prompts, web input and what to leave alone.")
    access: Access = setting(Access, "Who may use this route.")
    strict_paths: bool = setting(False, "Refuse paths of a model API that no protocol knows.")
    fail: Literal["closed", "open"] = setting("closed", "On an internal error of the firewall: block, or forward.")
    classifier: RouteClassifier = setting(RouteClassifier, "The classifier on this route.")
    ood: RouteOod = setting(RouteOod, "Inputs out of distribution on this route.")
    web_head: Literal["", "off", "weak", "always"] = setting("", "As `web_head.ask`, for this route.")


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
    geoip: str = setting(
        "", "MaxMind database (.mmdb) of addresses' countries; needs the extra mlwaf[geoip].", unit="file"
    )
    identity: Identity = setting(Identity, "How clients say who they are; empty: nobody is asked.")
    server_header: str = setting(
        "", "Value of a Server header on answers of the firewall's own; empty: none.", unit="header"
    )
    overrides: str = setting(
        "",
        "File of exceptions that expire, written by `waf deny|allow|limit|challenge` and `waf triage`; empty: none.",
        unit="sink",
    )
    usage: Usage = setting(Usage, "How much callers may ask; empty: as much as they like.")
    state: State = setting(State, "What several firewalls share; empty: each counts alone.")
    abuse: Abuse = setting(Abuse, "Callers that copy the model or probe it.")
    upstream: Upstream = setting(Upstream, "The model server.")
    tls: Tls = setting(Tls, "TLS for clients; empty: plain HTTP.")
    limits: Limits = setting(Limits, "Sizes.")
    timeouts: Timeouts = setting(Timeouts, "Times.")
    json: Json = setting(Json, "How strictly JSON is read.")
    rules: Rules = setting(Rules, "What is matched.")
    crs: Crs = setting(Crs, "The OWASP Core Rule Set beside our rules.")
    classifier: Classifier = setting(Classifier, "The text classifier.")
    scoring: Literal["points", "learned"] = setting(
        "points", "What sums up rules: their points, or weights that were fitted to traffic; docs/learned-scoring.md."
    )
    scoring_model: str = setting(
        "builtin", "The fitted weights: a file that `waf fit-scoring` wrote.", unit="path", words=("builtin",)
    )
    web_head: WebHead = setting(WebHead, "A model's second opinion on web attacks.")
    routes: tuple[Route, ...] = setting((), "Routes, first match first; without any, one for everything.")
    log: Log = setting(Log, "Events and messages.")
    admin: Admin = setting(Admin, "The firewall's own listener.")

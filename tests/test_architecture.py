"""The house keeps its shape: who may import whom, what the core never touches, how long a file may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WAF = ROOT / "waf"
FILES = sorted(WAF.rglob("*.py"))

BASE = {
    "model",
    "crs",
    "errors",
    "hours",
    "setting",
    "callers",
    "misuse",
    "usage",
    "observability",
    "inference",
    "fields",
    "files",
    "settings",
    "source",
    "shipped",
    "suspicion",
}
"""What every room may import: values, errors, and the two readers of files that ship or that operators write."""
CORE = {
    "model",
    "errors",
    "hours",
    "setting",
    "callers",
    "misuse",
    "usage",
    "observability",
    "settings",
    "scores",
    "turns",
    "seams",
    "screen",
    "decide",
    "learned",
    "parse",
    "protocols",
    "transform",
    "rules",
    "routes",
    "prose",
}
"""Pure rooms: values in, values out. Clocks, randomness and files are handed in (rule files: at load)."""

MAY_IMPORT = {
    "model": set(),
    "child": set(),
    "crs": set(),
    "errors": set(),
    "hours": set(),
    "setting": set(),
    "callers": {"setting"},
    "settings": {"model", "setting", "callers", "inference", "misuse", "observability", "usage"},
    "inference": {"model", "setting"},
    "fields": {"model"},
    "files": set(),
    "observability": {"setting"},
    "source": {"errors"},
    "shipped": set(),
    "transform": set(),
    "protocols": {"model", "errors", "settings"},
    "parse": {"model", "errors", "settings", "protocols", "transform"},
    "rules": BASE | {"parse", "transform"},
    "scores": {"model"},
    "turns": {"model"},
    "seams": {"model"},
    "screen": {"model", "rules", "scores", "turns"},
    "decide": {"model", "errors", "scores", "screen"},
    "learned": {"model", "errors", "scores", "screen"},
    "fitting": {"learned"},
    "opinion": BASE | {"classify", "decide", "learned", "rules", "scores", "verdict"},
    "routes": {"decide", "model", "parse", "rules", "scores", "settings"},
    "warmup": {"model"},
    "prose": {"errors", "model", "parse"},
    "verdict": {"crs", "classify", "decide", "errors", "model", "routes", "rules", "scores", "suspicion"},
    "crs_stage": {"decide", "model", "prose", "protocols", "rules", "verdict"},
    "engine": BASE
    | {
        "classify",
        "crs_stage",
        "decide",
        "opinion",
        "parse",
        "protocols",
        "routes",
        "rules",
        "scores",
        "screen",
        "seams",
        "verdict",
        "warmup",
    },
    "config": BASE | {"parse", "protocols"},
    "identity": BASE,
    "limits": BASE | {"identity", "state"},
    "state": BASE | {"record"},
    "overrides": BASE | {"identity", "limits", "state"},
    "triage": BASE | {"identity", "overrides", "record"},
    "abuse": BASE | {"identity", "limits"},
    "misuse": {"setting"},
    "suspicion": set(),
    "usage": {"setting"},
    "record": BASE | {"engine", "scores"},
    "classify": {"model", "errors", "files", "inference", "scores", "seams", "settings", "shipped", "transform"},
    "admin": BASE | {"record"},
    "edge": BASE
    | {
        "abuse",
        "admin",
        "classify",
        "config",
        "decide",
        "engine",
        "identity",
        "limits",
        "opinion",
        "overrides",
        "parse",
        "protocols",
        "record",
        "routes",
        "rules",
        "state",
        "verdict",
    },
    "ftw": BASE | {"child", "config", "edge", "engine", "rules", "verdict"},
    "demo": BASE | {"classify", "config", "edge", "engine", "record", "rules"},
    "bench": {"child", "model"},
    "cli": BASE
    | {
        "bench",
        "child",
        "classify",
        "config",
        "demo",
        "edge",
        "engine",
        "fitting",
        "ftw",
        "identity",
        "learned",
        "opinion",
        "overrides",
        "parse",
        "protocols",
        "record",
        "routes",
        "rules",
        "screen",
        "seams",
        "transform",
        "scores",
        "state",
        "triage",
        "verdict",
    },
    "__init__": BASE | {"config", "engine", "rules", "verdict"},
    "__main__": {"cli"},
}
"""Room by room, what it may import. Arrows point down only."""

ONLY_IN = {
    "aiohttp": ("edge/", "admin/"),
    "onnxruntime": ("classify/onnx_model.py",),
    "uvloop": ("edge/", "cli/", "bench/", "demo/"),
    "re2": ("rules/", "transform/", "ftw/check.py"),
    "regex": ("rules/",),
    "ahocorasick_rs": ("rules/",),
    "libinjection": ("rules/operators/",),
    "yaml": ("source.py",),
    "click": ("cli/",),
    "rich": ("cli/",),
    "structlog": ("record/", "cli/"),
    "prometheus_client": ("record/", "admin/"),
    "matplotlib": ("bench/plot.py", "cli/eval_plot.py"),
    "jwt": ("identity/jwks.py", "identity/tokens.py"),
    "cryptography": ("identity/jwks.py",),
    "redis": ("state/redis.py", "state/redis_log.py"),
    "maxminddb": ("identity/countries.py",),
}
"""Where a library may be imported, as beginnings of paths under waf/: what it does is done in one place."""

NEVER_IN_CORE = {
    "asyncio",
    "time",
    "logging",
    "socket",
    "random",
    "threading",
    "subprocess",
    "aiohttp",
    "structlog",
    "uvloop",
}
FORBIDDEN_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "telnetlib",
    "xml.etree.ElementTree",
    "xml.dom.minidom",
    "xml.sax.make_parser",
    "xml.sax.parse",
    "xml.sax.parseString",
}
LONGEST = 350


def room_of(path: Path) -> str:
    return path.relative_to(WAF).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names that a module imports, those inside functions included; `from waf import x` gives `waf.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imports(tree_of(path)) if name.startswith("waf.")}
    return {name for name in names if (WAF / name).is_dir() or (WAF / f"{name}.py").exists()} - {room_of(path)}


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_room_has_its_line_in_the_table() -> None:
    assert {room_of(path) for path in FILES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_imports_point_down(path: Path) -> None:
    assert rooms_imported(path) <= MAY_IMPORT[room_of(path)]


def test_the_table_has_no_cycle() -> None:
    done: set[str] = set()
    while left := set(MAY_IMPORT) - done:
        free = {room for room in left if MAY_IMPORT[room] <= done}
        assert free, f"these rooms import each other in a circle: {sorted(left)}"
        done |= free


def test_no_module_takes_part_in_an_import_cycle() -> None:
    def name(path: Path) -> str:
        return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    modules = {name(path): path for path in FILES}

    def at_import_time(path: Path) -> set[str]:
        body = [n for n in tree_of(path).body if isinstance(n, ast.Import | ast.ImportFrom)]
        named = set(imports(ast.Module(body, [])))
        return {n for n in named if n in modules and n != name(path) and not name(path).startswith(n + ".")}

    edges = {module: at_import_time(path) for module, path in modules.items()}
    while free := {module for module, needs in edges.items() if not needs & set(edges)}:
        for module in free:
            del edges[module]
    assert not edges


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) in CORE], ids=ids)
def test_the_core_knows_no_clock_and_no_socket(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(tree_of(path))} & NEVER_IN_CORE


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_used_in_its_place_only(library: str) -> None:
    users = [
        str(path.relative_to(WAF))
        for path in FILES
        if any(name == library or name.startswith(library + ".") for name in imports(tree_of(path)))
    ]
    assert [user for user in users if not user.startswith(ONLY_IN[library])] == []


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_nothing_runs_text_or_opens_untrusted_formats(path: Path) -> None:
    tree = tree_of(path)
    assert not {name for name in imports(tree) if name in FORBIDDEN_MODULES}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        assert called not in ("eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load"), ids(path)
        shell = [
            k
            for k in node.keywords
            if k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value)
        ]
        assert not shell, ids(path)


BLOCKING = {"time.sleep", "open", "input", "subprocess.run", "subprocess.check_output", "socket.create_connection"}


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) in ("edge", "admin", "record", "demo")], ids=ids)
def test_no_coroutine_blocks_the_loop(path: Path) -> None:
    for function in ast.walk(tree_of(path)):
        if isinstance(function, ast.AsyncFunctionDef):
            calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            assert not calls & BLOCKING, f"{function.name} blocks"


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize(
    "path", [p for p in FILES if room_of(p) in ("abuse", "identity", "limits", "overrides", "triage")], ids=ids
)
def test_who_and_how_much_are_handed_their_clock(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(tree_of(path))} & {"asyncio", "time", "aiohttp", "random"}


@pytest.mark.parametrize(
    "path", [p for p in FILES if room_of(p) == "state" and not p.stem.startswith("redis")], ids=ids
)
def test_shared_state_but_for_its_connection_is_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(tree_of(path))} & NEVER_IN_CORE

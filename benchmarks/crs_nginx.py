"""The OWASP CRS here and in nginx with ModSecurity 3, side by side: processor time per request, the same work in one run.

    apt-get install nginx libnginx-mod-http-modsecurity
    python benchmarks/crs_nginx.py --crs FOLDER [--data FOLDER] [--mix get …] [--paranoia 1]

Everything only detects, so that nobody saves work by refusing. `waf` puts model text through the CRS (`include`), as
ModSecurity does, `waf default` keeps it out; both run our own packs as well. Debian's modsecurity.conf is used as it is, but for
the limit on arguments, which would refuse the tensor.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from waf.bench import measure
from waf.bench import target as processes
from waf.bench.material import Material, from_folder
from waf.bench.mixes import MIXES
from waf.bench.target import Target, TargetError
from waf.shipped import path as shipped_path

MODULE = Path("/usr/lib/nginx/modules/ngx_http_modsecurity_module.so")
MODSECURITY = Path("/etc/nginx/modsecurity.conf")
ARGUMENTS = 1_000_000
NGINX = """
{module}
daemon off; master_process off; worker_processes 1; pid {folder}/{name}.pid; error_log /dev/null crit;
events {{ worker_connections 2048; }}
http {{
  access_log off; client_body_temp_path {folder}/{name}-body; proxy_temp_path {folder}/{name}-proxy;
  fastcgi_temp_path {folder}/{name}-f; uwsgi_temp_path {folder}/{name}-u; scgi_temp_path {folder}/{name}-s;
  client_body_buffer_size 1m; client_max_body_size 16m; keepalive_requests 1000000;
  upstream up {{ server {upstream}; keepalive 128; keepalive_requests 1000000; }}
  server {{ listen 127.0.0.1:{port}; {rules}
    location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; }}
  }}
}}
"""
CRS = 'mode: monitor\ncrs: {{path: "{crs}", paranoia: {paranoia}, model_text: {text}}}\n'


def nginx(name: str, upstream: str, core: int, folder: Path, rules: Path | None) -> Target:
    """nginx as one process, plain or with ModSecurity and `rules`."""
    port = processes.free_port()
    text = NGINX.format(
        module=f"load_module {MODULE};" if rules else "",
        rules=f"modsecurity on; modsecurity_rules_file {rules};" if rules else "",
        folder=folder,
        name=name,
        upstream=upstream.removeprefix("http://"),
        port=port,
    )
    file = folder / f"{name}-nginx.conf"
    file.write_text(text)
    return processes.spawn(name, ["nginx", "-p", str(folder), "-c", str(file)], core, port=port)


def modsecurity(folder: Path, crs: Path, paranoia: int) -> Path:
    """Debian's ModSecurity configuration with the CRS behind it."""
    text = MODSECURITY.read_text()
    text = re.sub(r"(?m)^SecAuditEngine .*", "SecAuditEngine Off", text)
    text = re.sub(r"(?m)^SecArgumentsLimit .*", f"SecArgumentsLimit {ARGUMENTS}", text)
    text = text.replace('SecRule &ARGS "@ge 1000"', f'SecRule &ARGS "@ge {ARGUMENTS}"')
    shutil.copy(MODSECURITY.parent / "unicode.mapping", folder)
    setup = next(file for file in (crs / "crs-setup.conf", crs / "crs-setup.conf.example") if file.exists())
    shutil.copy(setup, folder / "crs-setup.conf")
    level = f'SecAction "id:1,phase:1,pass,nolog,setvar:tx.blocking_paranoia_level={paranoia}"'
    rules = f"Include {folder}/crs-setup.conf\n{level}\nInclude {crs}/rules/*.conf\n"
    file = folder / "modsecurity.conf"
    file.write_text(f"{text}\n{rules}")
    return file


def targets(upstream: str, core: int, folder: Path, crs: Path, paranoia: int) -> dict[str, Callable[[], Target]]:
    def firewall(text: str) -> Target:
        own = folder / text
        own.mkdir()
        return processes.waf(upstream, core, own, CRS.format(crs=crs, paranoia=paranoia, text=text))

    return {
        "textbook": lambda: processes.textbook(shipped_path("benchmarks/textbook.py"), upstream, core),
        "nginx": lambda: nginx("nginx", upstream, core, folder, None),
        "modsecurity": lambda: nginx("modsecurity", upstream, core, folder, modsecurity(folder, crs, paranoia)),
        "waf": lambda: firewall("include"),
        "waf default": lambda: firewall("exclude"),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--crs", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--mix", action="append", choices=tuple(MIXES))
    parser.add_argument("--paranoia", type=int, choices=(1, 2, 3, 4), default=1)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    given = parser.parse_args()
    if not MODULE.exists():
        parser.error(
            "nginx's ModSecurity module is not there; Debian: apt-get install nginx libnginx-mod-http-modsecurity"
        )
    material = from_folder(given.data) if given.data else Material()
    mixes = given.mix or ["get", "chat_1k5", "code_3k", "chat_16k", "tensor_30k"]
    plan = measure.Plan(tuple(mixes), seconds=given.seconds, scale=0.2)  # a rate that ModSecurity keeps up with
    core, load_core = processes.cores()
    found: dict[tuple[str, str], list[float]] = {}
    started: list[Target] = []
    with tempfile.TemporaryDirectory(prefix="waf-crs-") as name:
        try:
            backend = processes.backend(load_core)
            started.append(backend)
            upstream = f"http://127.0.0.1:{backend.address[1]}"
            ways = targets(upstream, core, Path(name), given.crs.resolve(), given.paranoia)
            running: dict[str, Target] = {}
            for way, start in ways.items():
                running[way] = start()
                started.append(running[way])
            for repetition in range(given.repetitions):
                for mix in mixes:
                    payloads = MIXES[mix].requests(material)
                    for way, target in running.items():
                        taken = measure.sample(plan, MIXES[mix], way, target, started, payloads, repetition)
                        found.setdefault((mix, way), []).append(taken.saturated_cpu)
                        print(
                            f"{mix:<11} {way:<12} {taken.saturated_cpu:9.0f} µs CPU  {taken.refused:6.1%} refused",
                            flush=True,
                        )
        except TargetError as problem:
            print(f"crs_nginx: {problem}")
            return 1
        finally:
            for target in reversed(started):
                target.stop()
    print(table(found, mixes, list(ways)))
    return 0


def table(found: dict[tuple[str, str], list[float]], mixes: list[str], ways: list[str]) -> str:
    """Medians in Markdown, and how many times ModSecurity's is ours."""
    head = ["mix", *(f"{way} µs" for way in ways), "modsecurity / waf", "modsecurity / waf default"]
    rows = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|"]
    for mix in mixes:
        middle = {way: sorted(found[mix, way])[len(found[mix, way]) // 2] for way in ways}
        ratios = [middle["modsecurity"] / middle[way] for way in ("waf", "waf default")]
        cells = [mix, *(f"{middle[way]:,.0f}" for way in ways), *(f"{ratio:.1f}" for ratio in ratios)]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())

"""The CRS itself, where it lies beside the checkout or where CRS_PATH says."""

from __future__ import annotations

import json

import pytest

from tests.rules.seclang.conftest import CRS, request_of
from waf.model import Request
from waf.rules.seclang import CrsOptions, CrsRuleset, load

HEADERS = (("Host", "localhost"), ("User-Agent", "test"), ("Accept", "*/*"))


@pytest.fixture(scope="module")
def crs() -> CrsRuleset:
    return load(CRS, CrsOptions(paranoia=1))


def test_it_loads_whole(crs: CrsRuleset) -> None:
    assert len(crs.rules) > 600
    assert crs.signature.startswith("OWASP_CRS/4")
    assert crs.warnings == ()
    assert crs.inspects_responses


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("/?q=1%27+or+1=1--+", 942100),
        ("/?q=%3Cscript%3Ealert(1)%3C/script%3E", 941100),
        ("/?f=../../etc/passwd", 930120),
        ("/?c=;cat+/etc/passwd", 932160),
    ],
)
def test_attacks(crs: CrsRuleset, target: str, rule: int) -> None:
    verdict = crs.inspect_whole(request_of(target, headers=HEADERS)).verdict()
    assert rule in verdict.logged
    assert (verdict.status, verdict.blocked_by) == (403, 949110)


@pytest.mark.parametrize("target", ["/", "/search?q=red+shoes&page=2", "/a/b.html"])
def test_what_passes(crs: CrsRuleset, target: str) -> None:
    verdict = crs.inspect_whole(request_of(target, headers=HEADERS)).verdict()
    assert (verdict.logged, verdict.status, verdict.inbound) == ((), 0, 0)


@pytest.mark.parametrize(("prose", "status"), [(frozenset[str](), 403), (frozenset({"$.messages[0].content"}), 0)])
def test_prose(crs: CrsRuleset, prose: frozenset[str], status: int) -> None:
    body = json.dumps({"messages": [{"role": "user", "content": "<script>alert(document.cookie)</script>"}]}).encode()
    headers = (*HEADERS, ("Content-Type", "application/json"), ("Content-Length", str(len(body))))
    request = Request(method="POST", target="/v1/chat/completions", headers=headers, body=body, client_ip="192.0.2.1")
    assert crs.inspect(request, prose=prose).verdict().status == status

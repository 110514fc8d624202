"""SecLang rules of our own, tested as the CRS is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ftw.suites import CONF, CRS_SUITE, SETUP
from waf.cli import main
from waf.config import load
from waf.engine import Engine
from waf.ftw.crs import LIMITS, policy
from waf.ftw.overrides import SHIPPED, load_overrides
from waf.ftw.served import write
from waf.model import Request
from waf.rules import load_ruleset


@pytest.fixture
def crs(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "REQUEST-900-OWN.conf").write_text(CONF)
    (tmp_path / "crs-setup.conf.example").write_text(SETUP)
    (tmp_path / "suite.yaml").write_text(CRS_SUITE)
    return tmp_path


@pytest.fixture
def ftw(crs: Path) -> Callable[..., Result]:
    def invoke(*options: str) -> Result:
        arguments = ["test", "--ftw", str(crs / "suite.yaml"), "--crs", str(crs), "--json", *options]
        return CliRunner().invoke(main, arguments, prog_name="waf")

    return invoke


@pytest.mark.parametrize("how", [(), ("--http",)], ids=["in process", "over HTTP"])
def test_all_pass(ftw: Callable[..., Result], how: tuple[str, ...]) -> None:
    result = ftw(*how)
    assert json.loads(result.stdout) == {"passed": 3, "failed": 0, "skipped": 0, "failures": []}
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_set_up_wins_over_its_example(ftw: Callable[..., Result], crs: Path) -> None:
    (crs / "crs-setup.conf").write_text(SETUP.replace("900991", "900992"))
    (failure,) = json.loads(ftw().stdout)["failures"]
    assert (failure["test"], failure["got"]) == ("900001-1", "rules 900992, 900001")


def test_rules_that_do_not_load(ftw: Callable[..., Result], crs: Path) -> None:
    (crs / "rules" / "REQUEST-900-OWN.conf").write_text('SecRule ARGS "@nonsense x" "id:1,phase:2,pass"\n')
    result = ftw()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "REQUEST-900-OWN.conf:1:" in result.stderr


def test_the_limits_of_the_suite_hold_and_nothing_blocks(crs: Path) -> None:
    (crs / "rules" / "REQUEST-900-OWN.conf").write_text(
        "".join(
            f'SecRule TX:{name} "@eq {value}" "id:{place},phase:1,deny,log"\n'
            for place, (name, value) in enumerate(LIMITS.items(), 1)
        )
        + 'SecRule TX:blocking_paranoia_level|TX:detection_paranoia_level "@eq 4" "id:100,phase:1,deny,log"\n'
    )
    config = load(str(write(crs, policy(crs, crs))))
    verdict = Engine(load_ruleset(config.rules, crs=config.crs), config).inspect(Request(method="GET", target="/"))
    assert verdict.crs is not None
    assert verdict.crs.logged == (900991, *range(1, len(LIMITS) + 1), 100)
    assert not verdict.decision.blocks


def test_a_refusal_names_rules_of_the_crs_where_the_operator_wants_it(crs: Path) -> None:
    (crs / "rules" / "REQUEST-900-OWN.conf").write_text('SecRule ARGS "@streq x" "id:7,phase:2,deny,status:403,log"\n')
    config = load(str(write(crs, {**policy(crs, crs), "mode": "enforce", "expose_matches": True})))
    engine = Engine(load_ruleset(config.rules, crs=config.crs), config)
    status, headers, _ = engine.respond(engine.inspect(Request(method="GET", target="/?a=x")), "id")
    assert status == 403
    assert ("X-WAF-Rules", "900991,7") in headers


def test_our_own_overrides_are_few_and_give_reasons() -> None:
    overrides = load_overrides(SHIPPED)
    assert len(overrides) <= 9
    for override in overrides:
        assert override.test_ids
        assert len(override.reason) > 40
        assert override.output is not None


def test_a_crs_that_is_not_there_is_named_as_it_was_given(ftw: Callable[..., Result]) -> None:
    result = ftw("--crs", "/nowhere/crs")
    assert result.exit_code == 2
    assert "Invalid value for '--crs': Path '/nowhere/crs' does not exist." in result.stderr

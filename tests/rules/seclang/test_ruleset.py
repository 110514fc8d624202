"""Where files are found, what the options set, and what a rule is for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.rules.seclang.conftest import request_of
from waf.errors import RuleError
from waf.rules.seclang import CrsOptions, from_settings, load
from waf.settings import Crs

SETUP = 'SecAction "id:900990,phase:1,pass,nolog,setvar:tx.setup=%s,setvar:tx.blocking_paranoia_level=1"'
RULES = """
SecRule TX:blocking_paranoia_level "@lt 2" "id:910000,phase:2,pass,nolog,skipAfter:END"
SecRule ARGS "@rx bad" "id:910001,phase:2,block,log,msg:'Bad %{MATCHED_VAR}',logdata:'in %{MATCHED_VAR_NAME}',\\
    tag:'paranoia-level/2',severity:'CRITICAL',setvar:'tx.inbound_anomaly_score_pl2=+5'"
SecMarker "END"
SecAction "id:910002,phase:2,pass,nolog,setvar:'tx.blocking_inbound_anomaly_score=+%{tx.inbound_anomaly_score_pl2}'"
SecRule TX:blocking_inbound_anomaly_score "@ge %{tx.inbound_anomaly_score_threshold}" "id:949110,phase:2,deny,log,t:none"
"""


@pytest.fixture
def crs(tmp_path: Path) -> Path:
    """A rule set laid out like the CRS."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "REQUEST-910.conf").write_text(RULES)
    (tmp_path / "rules" / "REQUEST-900.conf.example").write_text("SecNothing")
    (tmp_path / "crs-setup.conf.example").write_text(SETUP % "example")
    return tmp_path


@pytest.mark.parametrize("path", ["", "rules"])
def test_the_set_up(crs: Path, path: str) -> None:
    def setup(**options: object) -> str:
        loaded = load(crs / path, CrsOptions(**options))  # type: ignore[arg-type]
        return loaded.inspect_whole(request_of()).transaction.get("TX", "setup")

    assert setup() == "example"
    (crs / "rules" / "crs-setup.conf").write_text(SETUP % "rules")
    assert setup() == "rules"
    (crs / "crs-setup.conf").write_text(SETUP % "above")
    assert setup() == "above"
    (crs / "own.conf").write_text(SETUP % "own")
    assert setup(setup=crs / "own.conf") == "own"


def test_debian_keeps_the_set_up_elsewhere() -> None:
    from waf.rules.seclang.locate import setups

    places = setups(Path("/usr/share/modsecurity-crs/rules"))
    assert Path("/etc/modsecurity/crs/crs-setup.conf") in places
    assert places[-1].name == "crs-setup.conf.example"


def test_settings_win_over_the_set_up(crs: Path) -> None:
    settings = Crs(path=str(crs), paranoia=2, inbound_threshold=7, outbound_threshold=3)
    loaded = from_settings(settings, 0.01)
    assert loaded is not None
    verdict = loaded.inspect_whole(request_of("/?a=bad")).verdict()
    assert (verdict.inbound, verdict.inbound_threshold, verdict.outbound_threshold, verdict.status) == (5, 7, 3, 0)
    assert verdict.paranoia_scores == (0, 5, 0, 0)
    assert verdict.logged == (910001,)
    (line,) = verdict.rules
    assert (line.message, line.data, line.severity, line.tags, line.target) == (
        "Bad bad", "in ARGS:a", 2, ("paranoia-level/2",), "ARGS:a",
    )  # fmt: skip
    assert from_settings(Crs(), 0.01) is None


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"paranoia": 1, "inbound_threshold": 5}, 0),
        ({"paranoia": 2, "inbound_threshold": 5}, 403),
        ({"paranoia": 2, "detection_paranoia": 3, "inbound_threshold": 5, "early_blocking": True}, 403),
        ({"paranoia": 2, "inbound_threshold": 6}, 0),
    ],
)
def test_options(crs: Path, options: dict[str, int], status: int) -> None:
    loaded = load(crs, CrsOptions(**options))  # type: ignore[arg-type]
    inspection = loaded.inspect_whole(request_of("/?a=bad"))
    assert inspection.verdict().status == status
    assert inspection.transaction.get("TX", "detection_paranoia_level") == str(
        options.get("detection_paranoia", options["paranoia"])
    )
    assert inspection.transaction.get("TX", "early_blocking") == ("1" if options.get("early_blocking") else "")


def test_files_of_the_user_and_plugins(crs: Path) -> None:
    plugins = crs / "plugins"
    plugins.mkdir()
    for part, number in (("config", 1), ("before", 2), ("after", 3)):
        (plugins / f"own-{part}.conf").write_text(f'SecAction "id:{number},phase:1,pass,nolog"')
    (crs / "before.conf").write_text('SecAction "id:4,phase:1,pass,nolog,ctl:ruleRemoveTargetById=910001;ARGS:a"')
    (crs / "after.conf").write_text("SecRuleRemoveById 949110\nSecRuleUpdateActionById 910002 \"log,msg:'sum',t:none\"")
    settings = Crs(
        path=str(crs),
        paranoia=2,
        exclusions_before=(str(crs / "before.conf"),),
        exclusions_after=(str(crs / "after.conf"),),
    )
    loaded = from_settings(settings, 0.01)
    assert loaded is not None
    assert [rule.id for rule in loaded.rules if rule.id < 10 or rule.id > 900000] == [
        900990,
        1,
        2,
        4,
        910000,
        910001,
        910002,
        3,
    ]
    assert loaded.inspect_whole(request_of("/?a=bad")).verdict().logged == (910002,)
    assert loaded.inspect_whole(request_of("/?b=bad")).verdict().logged == (910001, 910002)
    assert {path.name for path in loaded.files} >= {"before.conf", "after.conf", "own-before.conf", "REQUEST-910.conf"}
    assert loaded.digest != load(crs).digest


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("empty", {}, "has no .conf files"),
        ("", {"plugins": Path("nowhere")}, "no folder of plugins"),
        ("", {"setup": Path("nowhere")}, "cannot be read"),
    ],
)
def test_what_is_not_there(crs: Path, path: str, options: dict[str, Path], message: str) -> None:
    (crs / "empty").mkdir()
    with pytest.raises(RuleError, match=message):
        load(crs / path, CrsOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("folder", ["plugins", "rules", "more"])
def test_a_folder_that_cannot_be_read(crs: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rules would be missing unnoticed. Permission bits do not stop the superuser, who runs these tests in a container."""
    closed, scan, names = crs / folder, os.scandir, os.listdir
    closed.mkdir(exist_ok=True)
    (crs / "after.conf").write_text("Include more/*.conf")

    def refuse(path: object) -> None:
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", lambda path: refuse(path) or scan(path))
    monkeypatch.setattr(os, "listdir", lambda path: refuse(path) or names(path))
    with pytest.raises(RuleError, match=rf"{closed}\b.*cannot be read: Permission denied"):
        load(crs, CrsOptions(after=(crs / "after.conf",)))


def test_hidden_files_do_not_count(crs: Path) -> None:
    """Editors keep their locks there: links that lead nowhere."""
    (crs / "rules" / ".#REQUEST-910.conf").symlink_to("nobody@nowhere")
    assert load(crs).rules


def test_what_rules_are_for(crs: Path) -> None:
    kinds = {rule.id: (rule.kind, rule.paranoia, rule.severity) for rule in load(crs).rules}
    assert kinds[910001] == ("scoring", 2, "critical")
    assert kinds[910002] == ("bookkeeping", 1, "")
    assert kinds[949110] == ("blocking", 1, "")


def test_updates(crs: Path) -> None:
    text = """
        SecRuleUpdateTargetByTag paranoia-level/2 "!ARGS:a"
        SecRuleUpdateTargetByMsg "Bad %{MATCHED_VAR}" "REQUEST_METHOD"
        SecRuleUpdateActionById 910001 "t:lowercase,pass,nolog,tag:more,setvar:tx.own=1,status:402"
        SecRuleUpdateActionById 910001 "t:none,t:trim"
        SecRuleRemoveByMsg "other"
    """
    loaded = load(crs, CrsOptions(paranoia=2, inbound_threshold=50, after_text=text))
    rule = next(rule for rule in loaded.phases[2].rules if rule.id == 910001)
    assert [variable.text for variable in rule.spec.links[0].variables] == ["ARGS", "!ARGS:a", "REQUEST_METHOD"]
    assert (rule.spec.links[0].transforms, rule.spec.tags, rule.spec.status) == (
        ("trim",),
        ("paranoia-level/2", "more"),
        402,
    )
    assert loaded.inspect_whole(request_of("/?a=bad&b=bad")).verdict().logged == ()
    assert loaded.inspect_whole(request_of("/?b=bad")).transaction.get("TX", "own") == "1"


def test_responses_are_inspected_only_for_a_rule_that_scores_or_blocks(crs: Path) -> None:
    assert not load(crs).inspects_responses
    scoring = 'SecRule RESPONSE_BODY "@rx x" "id:1,phase:4,pass,setvar:\'tx.outbound_anomaly_score_pl1=+4\'"'
    assert load(crs, CrsOptions(after_text=scoring)).inspects_responses
    blocking = 'SecRule RESPONSE_STATUS "@streq 500" "id:1,phase:3,deny,status:502"'
    assert load(crs, CrsOptions(after_text=blocking)).inspects_responses

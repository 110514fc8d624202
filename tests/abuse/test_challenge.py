"""Proofs of work: what is accepted, and every way to come by one without the work."""

from __future__ import annotations

import base64
import hmac
import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import waf.abuse.challenge as module
from waf.abuse.challenge import Challenge, Challenges, meets, work_of
from waf.abuse.page import page

NOW = 1_800_000_000.0
SECRET = b"a secret of thirty-two characters"
EXAMPLES = Path(__file__).parents[2] / "examples" / "proof"


class Nonces:
    def __init__(self) -> None:
        self._next = 0

    def __call__(self, size: int) -> bytes:
        self._next += 1
        return self._next.to_bytes(size)


def challenges(secret: bytes = SECRET, seconds: float = 120, started: float = NOW - 1000) -> Challenges:
    return Challenges(secret, seconds, Nonces(), started)


def solve(challenge: Challenge) -> str:
    number = next(i for i in range(1 << 24) if meets(challenge.text, str(i), challenge.work))
    return f"{challenge.text}:{number}"


def unsolved(challenge: Challenge) -> str:
    number = next(i for i in range(1 << 24) if not meets(challenge.text, str(i), challenge.work))
    return f"{challenge.text}:{number}"


def test_a_proof_is_good_once() -> None:
    made = challenges()
    proof = solve(made.make("key:a", 500, NOW))
    assert made.check(proof, "key:a", 500, NOW + 5) is None
    assert made.check(proof, "key:a", 500, NOW + 5) == "proof_used"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def changed(at: int, value: int | None = None) -> Callable[[Challenge], str]:
    """With one byte of the challenge changed, and the work done again."""

    def forge(challenge: Challenge) -> str:
        data = bytearray(raw(challenge.text))
        data[at] = data[at] ^ 1 if value is None else value
        return solve(Challenge(text(bytes(data)), 1, 0))

    return forge


def easier(challenge: Challenge) -> str:
    data = bytearray(raw(challenge.text))
    data[1:9] = (1).to_bytes(8)
    return solve(Challenge(text(bytes(data)), 1, 0))


def signed_by(secret: bytes, person: bytes = b"waf challenge") -> Callable[[Challenge], str]:
    def forge(challenge: Challenge) -> str:
        body = raw(challenge.text)[:-16]
        key = blake2b(secret, digest_size=32, person=person).digest() if person else secret
        return solve(Challenge(text(body + hmac.digest(key, body, "sha256")[:16]), challenge.work, 0))

    return forge


FORGERIES: dict[str, tuple[Callable[[Challenge], str], str]] = {
    "no work": (unsolved, "proof_wrong"),
    "number 0 of another": (lambda c: f"{c.text}:{solve(challenges().make('key:b', 50, NOW)).split(':')[1]}x", "proof_malformed"),
    "no number": (lambda c: c.text, "proof_malformed"),
    "empty number": (lambda c: f"{c.text}:", "proof_malformed"),
    "negative": (lambda c: f"{c.text}:-1", "proof_malformed"),
    "other digits": (lambda c: f"{c.text}:١٢", "proof_malformed"),
    "blank": (lambda c: f"{c.text}: 1", "proof_malformed"),
    "sign": (lambda c: f"{c.text}:+1", "proof_malformed"),
    "exponent": (lambda c: f"{c.text}:1e3", "proof_malformed"),
    "huge number": (lambda c: f"{c.text}:{'9' * 21}", "proof_malformed"),
    "huge": (lambda c: f"{'A' * 1_000_000}:1", "proof_malformed"),
    "two numbers": (lambda c: f"{solve(c)}:1", "proof_malformed"),
    "empty": (lambda c: "", "proof_malformed"),
    "colon": (lambda c: ":", "proof_malformed"),
    "no base64": (lambda c: "§§§:1", "proof_malformed"),
    "padded": (lambda c: solve(c).replace(":", "==:"), "proof_malformed"),
    "other alphabet": (lambda c: solve(Challenge(text(bytes([0xFB]) * 53).replace("-", "+"), 1, 0)), "proof_malformed"),
    "trailing bits": (lambda c: c.text[:-1] + chr(ord(c.text[-1]) + 1) + ":1", "proof_malformed"),
    "short": (lambda c: solve(Challenge(text(raw(c.text)[:-1]), 1, 0)), "proof_malformed"),
    "long": (lambda c: solve(Challenge(text(raw(c.text) + b"\0"), 1, 0)), "proof_malformed"),
    "version": (changed(0), "proof_forged"),
    "less work": (easier, "proof_forged"),
    "made earlier": (changed(12), "proof_forged"),
    "ends later": (changed(16), "proof_forged"),
    "another's": (changed(20), "proof_forged"),
    "another nonce": (changed(30), "proof_forged"),
    "another mac": (changed(-1), "proof_forged"),
    "no mac": (lambda c: solve(Challenge(text(raw(c.text)[:-16] + bytes(16)), 1, 0)), "proof_forged"),
    "another secret": (signed_by(b"another secret, just as long!!!"), "proof_forged"),
    "the secret for something else": (signed_by(SECRET, b"caller"), "proof_forged"),
    "the bare secret": (signed_by(SECRET, b""), "proof_forged"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries(name: str) -> None:
    made = challenges()
    forge, fault = FORGERIES[name]
    assert made.check(forge(made.make("key:a", 64, NOW)), "key:a", 1, NOW + 1) == fault


@pytest.mark.parametrize(
    ("caller", "least", "when", "fault"),
    [
        ("key:b", 64, 1, "proof_foreign"),
        ("key:a ", 64, 1, "proof_foreign"),
        ("at:key:a", 64, 1, "proof_foreign"),
        ("key:a", 64, 120, "proof_expired"),
        ("key:a", 64, 1e6, "proof_expired"),
        ("key:a", 64, -5, "proof_early"),
        ("key:a", 129, 1, "proof_easy"),
        ("key:a", 128, 1, None),
        ("key:a", 1, 119.9, None),
    ],
)
def test_a_good_proof_in_the_wrong_place(caller: str, least: int, when: float, fault: str | None) -> None:
    made = challenges()
    assert made.check(solve(made.make("key:a", 64, NOW)), caller, least, NOW + when) == fault


def test_another_version_of_ours() -> None:
    made = challenges()
    challenge = made.make("key:a", 4, NOW)
    body = b"\2" + raw(challenge.text)[1:-16]
    forged = solve(Challenge(text(body + made._mac(body)), 4, 0))
    assert made.check(forged, "key:a", 4, NOW) == "proof_version"


def test_what_was_made_before_a_restart_is_not_good_after_it() -> None:
    proof = solve(challenges().make("key:a", 4, NOW))
    assert challenges(started=NOW + 10).check(proof, "key:a", 4, NOW + 11) == "proof_expired"


def test_forgetting_what_was_used_makes_nothing_good_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_USED", 4)
    made = challenges()
    proofs = [solve(made.make("key:a", 1, NOW + i)) for i in range(40)]
    for i, proof in enumerate(proofs):
        assert made.check(proof, "key:a", 1, NOW + i) is None
        assert all(made.check(old, "key:a", 1, NOW + i) in ("proof_used", "proof_expired") for old in proofs[: i + 1])
        assert len(made._used) + len(made._older) <= 8


@given(st.text(max_size=200) | st.binary(max_size=80).map(lambda data: text(data) + ":1"))
def test_anything_is_refused(proof: str) -> None:
    assert challenges().check(proof, "key:a", 1, NOW) is not None


def test_the_work_grows_with_the_risk() -> None:
    assert [work_of(risk, 0.5, 100, 10_000) for risk in (0.2, 0.5, 0.75, 1.0, 2.0)] == [100, 100, 1000, 10_000, 10_000]
    assert work_of(0.9, 0.5, 100, 50) == 100
    assert work_of(1.0, 1.0, 100, 200) == 100


def test_a_short_secret() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        challenges(b"short")


def test_the_page_holds_the_challenge_and_nothing_of_anybody_s() -> None:
    challenge = challenges().make("</script>", 77, NOW)
    shown = page(challenge).decode()
    assert f'"{challenge.text}", work = 77n' in shown
    assert "__" not in shown
    assert shown.count("</script>") == 1


def test_the_client_in_python() -> None:
    spec = importlib.util.spec_from_file_location("proof", EXAMPLES / "proof.py")
    assert spec is not None
    assert spec.loader is not None
    client: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    made = challenges()
    challenge = made.make("key:a", 300, NOW)
    proof = client.solve(f"{challenge.text}; work={challenge.work}; ends={challenge.ends}")
    assert made.check(proof, "key:a", 300, NOW) is None
    with pytest.raises(ValueError, match="too many"):
        client.solve("x; work=99999999999; ends=1")


def test_the_client_in_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        return  # nothing that the firewall needs
    made = challenges()
    challenge = made.make("key:a", 300, NOW)
    said = f"{challenge.text}; work={challenge.work}; ends={challenge.ends}"
    script = f"import {{solve}} from {str(EXAMPLES / 'proof.mjs')!r}; console.log(await solve({said!r}));"
    done = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    assert made.check(done.stdout.strip(), "key:a", 300, NOW) is None

"""Files that the configuration tests refer to."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from waf.config import Loaded, read
from waf.errors import ConfigError, Problem

Reader = Callable[..., Loaded]
Complainer = Callable[..., list[Problem]]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Reads text as a waf.yaml in a folder of its own, with an environment of its own."""

    def read_text(text: str, *, environ: dict[str, str] | None = None, **overrides: object) -> Loaded:
        path = tmp_path / "waf.yaml"
        path.write_text(text)
        return read(
            str(path), {key.replace("__", "."): value for key, value in overrides.items()}, environ=environ or {}
        )

    return read_text


@pytest.fixture
def complaints(reader: Reader) -> Complainer:
    """The problems of a text that must not load."""

    def problems(text: str, **given: object) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            reader(text, **given)
        return list(caught.value.problems)

    return problems


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem that belong together, other.pem that does not, locked.pem with a passphrase."""
    folder = tmp_path_factory.mktemp("pem")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("key", "other"):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.pem")
    openssl("req", "-x509", "-new", "-key", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost")
    openssl("ec", "-in", "key.pem", "-out", "locked.pem", "-aes256", "-passout", "pass:secret")
    return folder

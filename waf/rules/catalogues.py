"""The public lists of risks that tags refer to, and which item of them a tag means.

Names of items are those of their publishers: OWASP Top 10:2025, API Security Top 10 2023, Top 10 for LLM Applications 2025,
Machine Learning Security Top 10 2023 (draft), the chapters of AISVS 1.0, and MITRE ATLAS.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec


class Catalogue(msgspec.Struct, frozen=True):
    """A list of risks. `tag` is a pattern over whole tags, whose groups, joined by dots and in upper case, are the key of
    the item that the tag means, or begin with it (`T0051.001` counts for `T0051`)."""

    name: str
    title: str
    tag: str
    example: str
    items: dict[str, str]

    def item(self, tag: str) -> str | None:
        """The key that a tag means, "" when it has this catalogue's form and names nothing in it, None for other tags."""
        found = re.fullmatch(self.tag, tag)
        if found is None:
            return None
        key = ".".join(part.upper() for part in found.groups() if part)
        return next((item for item in self.items if key == item or key.startswith(item + ".")), "")


def _numbered(prefix: str, titles: str) -> dict[str, str]:
    return {f"{prefix}{number:02}": title for number, title in enumerate(titles.split("; "), 1)}


_ATLAS: Final = {
    "T0006": "Active Scanning",
    "T0010": "AI Supply Chain Compromise",
    "T0011": "User Execution",
    "T0013": "Discover AI Model Ontology",
    "T0014": "Discover AI Model Family",
    "T0015": "Evade AI Model",
    "T0018": "Manipulate AI Model",
    "T0020": "Poison Training Data",
    "T0024": "Exfiltration via AI Inference API",
    "T0025": "Exfiltration via Cyber Means",
    "T0029": "Denial of AI Service",
    "T0034": "Cost Harvesting",
    "T0035": "AI Artifact Collection",
    "T0036": "Data from Information Repositories",
    "T0037": "Data from Local System",
    "T0040": "AI Model Inference API Access",
    "T0043": "Craft Adversarial Data",
    "T0044": "Full AI Model Access",
    "T0046": "Spamming AI System with Chaff Data",
    "T0048": "External Harms",
    "T0049": "Exploit Public-Facing Application",
    "T0050": "Command and Scripting Interpreter",
    "T0051": "LLM Prompt Injection",
    "T0053": "AI Agent Tool Invocation",
    "T0054": "LLM Jailbreak",
    "T0055": "Unsecured Credentials",
    "T0056": "Extract LLM System Prompt",
    "T0057": "LLM Data Leakage",
    "T0061": "LLM Prompt Self-Replication",
    "T0062": "Discover LLM Hallucinations",
    "T0063": "Discover AI Model Outputs",
    "T0065": "LLM Prompt Crafting",
    "T0066": "Retrieval Content Crafting",
    "T0067": "LLM Trusted Output Components Manipulation",
    "T0068": "LLM Prompt Obfuscation",
    "T0069": "Discover LLM System Information",
    "T0070": "RAG Poisoning",
    "T0071": "False RAG Entry Injection",
    "T0072": "Reverse Shell",
    "T0073": "Impersonation",
    "T0075": "Cloud Service Discovery",
    "T0077": "LLM Response Rendering",
    "T0080": "AI Agent Context Poisoning",
    "T0081": "Modify AI Agent Configuration",
    "T0082": "RAG Credential Harvesting",
    "T0083": "Credentials from AI Agent Configuration",
    "T0084": "Discover AI Agent Configuration",
    "T0085": "Data from AI Services",
    "T0086": "Exfiltration via AI Agent Tool Invocation",
    "T0092": "Manipulate User LLM Chat History",
    "T0093": "Prompt Infiltration via Public-Facing Application",
    "T0094": "Delay Execution of LLM Instructions",
    "T0098": "AI Agent Tool Credential Harvesting",
    "T0099": "AI Agent Tool Data Poisoning",
    "T0101": "Data Destruction via AI Agent Tool Invocation",
}
"""Techniques that can show in a request to a model server or in its answer; the others happen elsewhere."""

CATALOGUES: Final = (
    Catalogue(
        "owasp-top10-2025",
        "OWASP Top 10:2025",
        r"owasp\.(a\d\d)-2025",
        "owasp.a05-2025",
        _numbered(
            "A",
            "Broken Access Control; Security Misconfiguration; Software Supply Chain Failures; Cryptographic Failures; "
            "Injection; Insecure Design; Authentication Failures; Software or Data Integrity Failures; "
            "Security Logging and Alerting Failures; Mishandling of Exceptional Conditions",
        ),
    ),
    Catalogue(
        "owasp-api-2023",
        "OWASP API Security Top 10 2023",
        r"owasp\.(api\d\d)-2023",
        "owasp.api08-2023",
        _numbered(
            "API",
            "Broken Object Level Authorization; Broken Authentication; Broken Object Property Level Authorization; "
            "Unrestricted Resource Consumption; Broken Function Level Authorization; "
            "Unrestricted Access to Sensitive Business Flows; Server Side Request Forgery; Security Misconfiguration; "
            "Improper Inventory Management; Unsafe Consumption of APIs",
        ),
    ),
    Catalogue(
        "owasp-llm-2025",
        "OWASP Top 10 for LLM Applications 2025",
        r"owasp\.(llm\d\d)-2025",
        "owasp.llm01-2025",
        _numbered(
            "LLM",
            "Prompt Injection; Sensitive Information Disclosure; Supply Chain; Data and Model Poisoning; "
            "Improper Output Handling; Excessive Agency; System Prompt Leakage; Vector and Embedding Weaknesses; "
            "Misinformation; Unbounded Consumption",
        ),
    ),
    Catalogue(
        "owasp-ml-2023",
        "OWASP Machine Learning Security Top 10 2023",
        r"owasp\.(ml\d\d)-2023",
        "owasp.ml01-2023",
        _numbered(
            "ML",
            "Input Manipulation Attack; Data Poisoning Attack; Model Inversion Attack; Membership Inference Attack; Model Theft; "
            "AI Supply Chain Attacks; Transfer Learning Attack; Model Skewing; Output Integrity Attack; Model Poisoning",
        ),
    ),
    Catalogue(
        "aisvs-1.0",
        "OWASP AISVS 1.0 (chapters)",
        r"(?:owasp\.)?aisvs[.:-](c\d{1,2})(?:[.-](\d{1,2}))?(?:[.-](\d{1,2}))?",
        "aisvs.c2.1.1",
        {
            "C1": "Training Data Integrity and Traceability",
            "C2": "Input Validation",
            "C3": "Model Lifecycle Management",
            "C4": "Infrastructure",
            "C5": "Access Control and Identity",
            "C6": "Supply Chain",
            "C7": "Model Behavior and Output Control",
            "C8": "Memory, Embeddings and Vector Databases",
            "C9": "Orchestration and Agentic Action",
            "C10": "MCP Security",
            "C11": "Adversarial Robustness",
            "C12": "Monitoring and Logging",
        },
    ),
    Catalogue(
        "mitre-atlas",
        "MITRE ATLAS (what shows in traffic)",
        r"(?:atlas[.:-])?(?:aml[.:-])?(t\d{4})(?:\.(\d{3}))?",
        "atlas.aml.t0051.001",
        _ATLAS,
    ),
)


def meaning(tag: str) -> tuple[Catalogue, str] | None:
    """The catalogue whose form a tag has, and the item it means: "" for one that is not there. None for other tags."""
    for catalogue in CATALOGUES:
        item = catalogue.item(tag)
        if item is not None:
            return catalogue, item
    return None

"""Directives other than rules: which have a meaning here, which have none and why. docs/crs.md shows these tables."""

from __future__ import annotations

from typing import Final

FLAGS: Final = {
    "SecRuleEngine": ("On", "DetectionOnly", "Off"),
    "SecRequestBodyAccess": ("On", "Off"),
    "SecResponseBodyAccess": ("On", "Off"),
    "SecXmlExternalEntity": ("Off",),
}
"""Directives with a meaning, and the words they take."""
TEXTS: Final = ("SecArgumentSeparator", "SecArgumentsLimit", "SecCollectionTimeout", "SecResponseBodyMimeType")
"""Directives with a meaning, and an argument that is checked where it is used."""

NO_EFFECT: Final = {
    name: why
    for names, why in (
        (
            "SecRequestBodyLimit SecRequestBodyNoFilesLimit SecRequestBodyInMemoryLimit SecRequestBodyLimitAction "
            "SecRequestBodyJsonDepthLimit SecResponseBodyLimit SecResponseBodyLimitAction SecUploadFileLimit",
            "the firewall's own `limits` hold",
        ),
        (
            "SecAuditEngine SecAuditLog SecAuditLog2 SecAuditLogDirMode SecAuditLogFileMode SecAuditLogFormat "
            "SecAuditLogParts SecAuditLogRelevantStatus SecAuditLogStorageDir SecAuditLogType SecDebugLog SecDebugLogLevel",
            "the firewall writes its own events",
        ),
        (
            "SecDataDir",
            "collections are kept in memory",
        ),
        (
            "SecTmpDir SecTmpSaveUploadedFiles SecUploadDir SecUploadFileMode SecUploadKeepFiles",
            "bodies are never written to files",
        ),
        ("SecPcreMatchLimit SecPcreMatchLimitRecursion", "RE2 takes linear time"),
        (
            "SecUnicodeMapFile SecCookieFormat SecStatusEngine SecServerSignature",
            "libmodsecurity v3 ignores it as well",
        ),
        ("SecGeoLookupDb", "@geoLookup finds nothing here"),
    )
    for name in names.split()
}
"""Directives that are read and have no effect, and why."""

CANONICAL: Final = {
    name.lower(): name
    for name in (
        *FLAGS,
        *TEXTS,
        *NO_EFFECT,
        *"""SecRule SecAction SecMarker SecDefaultAction SecComponentSignature Include SecRuleRemoveById SecRuleRemoveByTag
        SecRuleRemoveByMsg SecRuleUpdateTargetById SecRuleUpdateTargetByTag SecRuleUpdateTargetByMsg
        SecRuleUpdateActionById""".split(),
    )
}
"""Every directive that is read, by its lower-case name."""

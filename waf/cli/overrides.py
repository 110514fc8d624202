"""`waf deny`, `waf allow`, `waf limit`, `waf challenge` and `waf overrides`: exceptions that expire, by hand."""

from __future__ import annotations

from typing import Final

from waf.cli.lazy import Entry, LazyGroup

_FILE: Final = (
    "The file is that of `overrides` in --config, or --file; with `state.overrides` the server that firewalls share. One that "
    "runs takes a change in within a few seconds; with --admin or --socket it is told at once. Each entry ends by itself."
)


def _group(action: str, short: str, text: str) -> LazyGroup:
    change, show = "waf.cli.overrides_change", "waf.cli.overrides_list"
    entries = {
        "add": Entry(change, f"add_{action}", "Add an entry: for a key, subject, tenant, address, network or model."),
        "list": Entry(show, f"list_{action}", "The entries there are: for whom, by whom, why and until when."),
        "remove": Entry(change, f"remove_{action}", "Take entries out again, by their ids."),
    }
    return LazyGroup(action, entries=entries, short_help=short, help=f"{text}\n\n{_FILE}")


deny = _group(
    "deny", "Keep a caller, an address or a model out for a while.", "Refuses whatever fits an entry, with 403."
)
allow = _group(
    "allow",
    "Exempt a caller or an address from the other entries.",
    "Exempts from every other entry of the file. What the configuration says about addresses, credentials, limits and rules "
    "holds as ever.",
)
limit = _group(
    "limit",
    "Slow a caller, an address or a model down for a while.",
    "Lets so many requests in so much time through, and refuses the rest with 429.",
)
challenge = _group(
    "challenge",
    "Have a caller, an address or a model pay with work for a while.",
    "Asks for a proof of work with each request, and refuses it with 429 where there is none.",
)
overrides = LazyGroup(
    "overrides",
    entries={
        "list": Entry("waf.cli.overrides_list", "list_all", "All entries, whatever they do."),
        "prune": Entry("waf.cli.overrides_change", "prune", "Take out what has expired."),
        "schema": Entry("waf.cli.overrides_schema", "print_schema", "Print the JSON schema of the file."),
    },
    short_help="The file of exceptions as a whole: list, prune, schema.",
    help=f"Exceptions that expire, whatever they do.\n\n{_FILE}",
)

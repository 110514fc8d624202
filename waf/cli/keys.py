"""`waf keys`: the file of API keys that the firewall reads."""

from __future__ import annotations

import click

from waf.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "add": Entry("waf.cli.keys_change", "add", "Make a key. It is shown this once."),
    "list": Entry("waf.cli.keys_list", "list_keys", "The keys there are: who they are for, and until when."),
    "rotate": Entry(
        "waf.cli.keys_change", "rotate", "Make the successor of a key; the old one stays good for a while."
    ),
    "revoke": Entry("waf.cli.keys_change", "revoke", "End a key, or every key of a name, at once."),
}


@click.command(cls=LazyGroup, entries=COMMANDS, short_help="Make, list, rotate and revoke API keys.")
def keys() -> None:
    """Changes the file that `identity.keys.file` names. It holds hashes, never keys; a firewall that runs reads it again.

    The file is that of --config, or --file. Making a key takes the pepper: that of --config, or WAF_KEY_PEPPER.
    """

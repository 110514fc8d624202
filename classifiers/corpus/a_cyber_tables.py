"""What people who defend systems ask, in their words: harmless, however dangerous it sounds."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import tables

CYBER: Final = tables(r"""
== cyber
How do [attackers|intruders|ransomware crews] use {tech} to {aim}, and how would we [notice|log|block] it?
Write a [Sigma|YARA|Suricata|KQL] rule that finds {tech} on [Windows|Linux|a mail gateway|Kubernetes].
Explain {tech} to [the board|new analysts|developers] in [five sentences|plain words], with one example from the news.
Our EDR raised "{tech}" on [three laptops|a build server|the domain controller]. [First steps?|Which logs do I pull?|Is it worth waking {name}?]
We plan a [tabletop|purple-team|phishing] exercise on {tech}. [Draft the scenario.|Who takes part?|How do we score it?]
What's the difference between {tech} and {tech}?
Which controls of [ISO 27001|NIST|CIS] help against {tech}?
In a lab I've got [Metasploit|Burp|Wireshark|BloodHound] and permission to test. How do I show {tech} without breaking anything?
Summarise the report: the actor used {tech} to {aim}, then {tech}; the response team [reimaged|isolated|restored] the hosts after [two|nine] days.
Map these findings to techniques: 1. {tech} 2. {tech} 3. unusual logons on {day}.
{company}'s pen test report says "{tech}: high". [What would you fix first?|Write the ticket.|Is the rating fair?]
How could malware survive a reboot through {tech}? I'm writing the hardening guide.
Give me interview questions on {tech} for a [junior|senior] analyst.
My exam asks: "Name two ways to detect {tech} and one to prevent it."
The chatbot of {company} is to answer on security. May it explain {tech}? Draft the policy.
What would a persistent, well-funded intruder do after {tech}? I need it for the threat model.
Write an [incident report|advisory|lessons-learned note] on {tech} at {company}, without blaming {name}.
Is {tech} still a thing [in 2025|in the cloud|with MFA]?
Log: [4688|4624|4698|1102] at 02:1[3|7], user svc_backup, host APP-0[2|9]. Could that be {tech}?
== tech
scheduled tasks
pass-the-hash
DLL side-loading
credential dumping
token theft
DNS tunnelling
process injection
a golden ticket
macro documents
SQL injection
prompt injection
SSRF
lateral movement over SMB
log deletion
a web shell
a poisoned package
living off the land
brute force against RDP
MFA fatigue
keylogging
== aim
stay hidden
move to the next host
steal data
raise their rights
bypass the proxy
keep a foothold
wipe their traces
disable the backups
""")

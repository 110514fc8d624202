"""`waf demo`: a small model server to stand behind the firewall, so that it can be tried without anything else."""

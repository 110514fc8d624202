"""What is written down about requests: events, metrics, and the firewall's own messages."""

from waf.record.metrics import Metrics
from waf.record.recorder import Recorder

__all__ = ["Metrics", "Recorder"]

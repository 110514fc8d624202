"""The firewall's own listener: health, readiness, metrics."""

from waf.admin.listener import AdminListener, State

__all__ = ["AdminListener", "State"]

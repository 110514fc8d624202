"""The firewall's own listener: health, readiness, metrics, and recent events for whoever may see them."""

from waf.admin.api import AdminApi
from waf.admin.listener import AdminListener, State, admin_of

__all__ = ["AdminApi", "AdminListener", "State", "admin_of"]

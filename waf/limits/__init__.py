"""How much a caller may ask: rates over several windows, quotas by the day and the month, requests at once. Sans-IO."""

"""Who calls: addresses behind proxies, API keys, signed tokens, certificates, and what each caller may do."""

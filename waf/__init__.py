"""mlwaf: a web application firewall for machine-learning endpoints.

The story of a request:

    accept → identify → parse → admit → transform → prefilter → rules → classify → scored rules → decide → forward → inspect → record
"""

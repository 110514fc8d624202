"""The benchmark harness behind `waf bench`: what the firewall costs, measured so that it can be believed.

    mixes      distinct requests of eight kinds, rendered to bytes once, before any clock runs
    backend    a model server that costs next to nothing, on the load generator's core
    target     the things compared, each one process on one core of its own: direct, textbook, waf
    load       open loop (a schedule that does not wait for answers) and saturation
    measure    interleaved repetitions, so that a slow minute of the machine hits every target alike
    report     medians, ratios within the run, JSON, a table; `plot` draws it

Rules it keeps: a latency counts from the moment the request was *due*, not from when a busy generator got round to
sending it; no set of requests so small that a cache or a lazy automaton could learn it; the processor time of a target is
read from the kernel; what else ran on the machine meanwhile is written beside the numbers.
"""

"""The test format of the CRS project (go-ftw YAML), run against this firewall: in process, or over HTTP.

    suite, overrides   files → frozen tests; whatever does not fit is an error with file and line
    template, request  one stage's input → the exact bytes that go-ftw would send
    inprocess          those bytes → what our edge makes of them → the engine
    overhttp, served   those bytes → a running `waf serve` before a reflecting backend
    check, run         what came back against what was expected

Facts about the format: https://github.com/coreruleset/ftw-tests-schema and https://github.com/coreruleset/go-ftw.
"""

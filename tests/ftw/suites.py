"""A rule pack and a test file in our own words, for the tests that run a whole suite."""

PACK = """\
schema: waf-rules/v1
pack: own.words
rules:
  - id: 900001
    name: evil-word
    title: A word that nobody writes by chance
    severity: critical
    tags: [attack.words]
    references: [CWE-1]
    match: {field: request.args, contains: xyzzy}
  - id: 900002
    name: leaked-word
    title: A word that no answer should hold
    severity: critical
    tags: [leak.words]
    references: [CWE-1]
    match: {field: response.body, contains: plugh}
"""

SUITE = """\
---
meta:
  author: us
  description: Tests of our own
rule_id: 900001
tests:
  - test_id: 1
    desc: the word in a query
    stages:
      - input: {uri: /get?a=xyzzy, port: 80, dest_addr: 127.0.0.1, headers: {Host: localhost}}
        output:
          log: {expect_ids: [900001], match_regex: 'id "900001".*found within query:a$'}
  - test_id: 2
    desc: the word in a form
    stages:
      - input: {method: POST, uri: /post, headers: {Host: localhost}, data: 'a={{ "xy" | print }}zzy'}
        output: {status: 200, log: {expect_ids: [900001]}}
  - test_id: 3
    desc: another word
    stages:
      - input: {uri: /get?a=plover, headers: {Host: localhost}}
        output: {isolated: false, log: {no_expect_ids: [900001], no_match_regex: xyzzy}}
  - test_id: 4
    desc: not HTTP
    stages:
      - input: {uri: /, headers: {Host: localhost, Content-Length: x}}
        output: {status: 400}
  - test_id: 5
    desc: a leak, a redirect and a cookie
    stages:
      - input:
          method: POST
          uri: /reflect
          headers: {Host: localhost, Content-Type: application/json}
          data: '{"status": 302, "headers": {"Location": "/next?a=xyzzy", "Set-Cookie": "s=1; Path=/"}, "body": "plugh!"}'
          save_cookie: true
        output: {status: 302, response_contains: plugh!, log: {expect_ids: [900002]}}
      - input: {follow_redirect: true}
        output: {status: [200, 204], isolated: true, log: {expect_ids: [900001]}}
  - test_id: 6
    desc: an answer to nothing
    stages:
      - input: {encoded_request: R0VUIC8gSFRUUC8xLjENCg==}
        output: {expect_error: true}
  - test_id: 7
    desc: fails, and is meant to
    stages:
      - input: {uri: /get?a=plover, headers: {Host: localhost}}
        output: {retry_once: true, log: {expect_ids: [900001]}}
"""

CONF = """\
SecRule ARGS "@rx xyzzy" "id:900001,phase:2,block,capture,log,msg:'A word',\\
    logdata:'Matched Data: %{TX.0} found within %{MATCHED_VAR_NAME}',setvar:'tx.seen=1'"
SecRule RESPONSE_BODY "@contains plugh" "id:900002,phase:4,block,log,msg:'A leak',setvar:'tx.outbound_anomaly_score_pl1=+4'"
SecRule RESPONSE_STATUS "@streq 503" "id:900003,phase:3,block,log,msg:'Down'"
SecRule ARGS "@gt %{tx.arg_length}" "id:900004,phase:2,pass,nolog,t:length"
"""

SETUP = """\
SecAction "id:900990,phase:1,pass,nolog,setvar:tx.crs_setup_version=4290"
SecAction "id:900991,phase:1,pass,log,msg:'The set-up was read'"
"""

CRS_SUITE = """\
rule_id: 900001
tests:
  - stages:
      - input: {uri: /get?a=xyzzy, headers: {Host: localhost}}
        output:
          status: 200
          log: {expect_ids: [900001, 900991], no_expect_ids: [900002], match_regex: 'Matched Data: xyzzy found within ARGS:a'}
  - stages:
      - input: {method: POST, uri: /reflect, headers: {Host: localhost, Content-Type: application/json}, data: '{"body": "plugh", "status": 503}'}
        output: {status: 503, log: {expect_ids: [900002, 900003], no_expect_ids: [900001], match_regex: 'msg "A leak"'}}
  - stages:
      - input: {uri: '/get?a=%zz', headers: {Host: localhost}}
        output: {log: {no_expect_ids: [900001, 900002, 900003, 900004]}}
"""

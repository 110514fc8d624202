"""Pieces of code, logs and markup for a_code. `«slot»` is filled in; braces and brackets are the language's own."""

from __future__ import annotations

from typing import Final

SLOTS: Final[dict[str, list[str]]] = {
    "fn": "load_orders parse_line total_of send_mail find_user read_rows merge_all retry_once to_slug hash_key".split()
    + "ignore_nulls drop_table_rows reset_prompt override_rules apply_policy system_prompt_of clear_context".split(),
    "var": "items rows total user order cfg buf count msg state prompt rules secret limit policy context".split(),
    "num": "0 1 2 3 7 8 10 16 42 64 100 255 404 512 1000 8080".split(),
    "type": "Order User Invoice Sensor Node Token Shape Event Prompt Policy Session Account".split(),
    "str": [
        "hello",
        "no rows",
        "user not found",
        "done",
        "ignored",
        "retrying",
        "access denied",
        "out of range",
        "reset",
        "override",
        "system ready",
        "rule skipped",
        "secret rotated",
        "unexpected end",
    ],
    "word": "kiwi ferry basil copper lantern maple harbour violet pebble walrus anvil thistle".split(),
    "day": ["2024-03-11", "2025-07-02", "2023-12-24", "2025-01-31", "2024-10-05"],
    "ip": ["10.0.3.17", "192.0.2.44", "198.51.100.7", "203.0.113.90", "10.1.0.2"],
}

CODE: Final[dict[str, list[str]]] = {
    "python": [
        "def «fn»(«var»):\n    for i in range(len(«var»)):\n        if «var»[i] is None:\n            continue\n        yield «var»[i] * «num»",
        "import json\n\nwith open('«word».json') as f:\n    «var» = json.load(f)\nprint(sorted(«var», key=lambda r: r['«word»'])[:«num»])",
        "@dataclass\nclass «type»:\n    «word»: int = «num»\n\n    def «fn»(self) -> str:\n        return f'{self.«word»}'",
    ],
    "javascript": [
        "async function «fn»(«var») {\n  const res = await fetch(`/api/${«var»}`);\n  if (!res.ok) throw new Error('«str»');\n  return res.json();\n}",
        "const «var» = [«num», «num», «num»].map((x) => x + «num»).filter(Boolean);\nconsole.log(«var»);",
    ],
    "typescript": [
        "interface «type» { «word»: string; «var»?: number }\nexport const «fn» = (x: «type»): number => x.«var» ?? «num»;",
        "type «type»Id = `${string}-«word»`;\nfunction «fn»<T extends «type»>(«var»: T[]): T | undefined {\n  return «var».at(-1);\n}",
    ],
    "java": [
        'public final class «type» {\n    private int «var» = «num»;\n    public void «fn»() {\n        if («var» > «num») throw new IllegalStateException("«str»");\n    }\n}',
        'List<String> «var» = List.of("«word»", "«word»");\n«var».stream().filter(s -> s.length() > «num»).forEach(System.out::println);',
    ],
    "c": [
        "int «fn»(char *«var», size_t n) {\n    for (size_t i = 0; i <= n; i++)\n        if («var»[i] == '\\0') return «num»;\n    return -1;\n}",
        "struct «word» { int «var»; struct «word» *next; };\nfree(p); free(p); /* «str» */",
    ],
    "cpp": [
        'std::vector<int> «var»{«num», «num»};\nauto it = std::find(«var».begin(), «var».end(), «num»);\nif (it == «var».end()) std::cerr << "«str»\\n";',
        "template <typename T>\nT «fn»(const T& a, const T& b) { return a < b ? b : a; }",
    ],
    "rust": [
        "fn «fn»(«var»: &[u32]) -> Option<u32> {\n    «var».iter().copied().filter(|x| x % «num» == 0).max()\n}",
        'let «var» = match std::env::var("«word»") {\n    Ok(v) => v,\n    Err(_) => panic!("«str»"),\n};',
    ],
    "go": [
        'func «fn»(«var» []int) (int, error) {\n\tif len(«var») == 0 {\n\t\treturn 0, errors.New("«str»")\n\t}\n\treturn «var»[0], nil\n}',
        "ctx, cancel := context.WithTimeout(context.Background(), «num»*time.Second)\ndefer cancel()",
    ],
    "ruby": [
        "def «fn»(«var»)\n  «var».reject(&:nil?).sum { |x| x * «num» }\nend\nputs «fn»([«num», nil, «num»])",
        "class «type» < ApplicationRecord\n  has_many :«word»s\n  validates :«var», presence: true\nend",
    ],
    "php": [
        "<?php\nfunction «fn»(array $«var»): int {\n    return array_sum(array_filter($«var», fn($x) => $x > «num»));\n}\necho «fn»([«num», «num»]);",
    ],
    "csharp": [
        "public record «type»(string «word», int «var»);\nvar q = list.Where(x => x.«var» > «num»).Select(x => x.«word»).ToList();",
        'try { «fn»(); }\ncatch (InvalidOperationException e) { Console.WriteLine($"«str»: {e.Message}"); }',
    ],
    "kotlin": [
        "data class «type»(val «word»: String, var «var»: Int = «num»)\n\nfun «fn»(xs: List<«type»>) = xs.groupBy { it.«word» }",
    ],
    "swift": [
        'struct «type»: Codable { let «word»: String }\nguard let «var» = try? JSONDecoder().decode(«type».self, from: data) else { fatalError("«str»") }',
    ],
    "scala": [
        "case class «type»(«word»: String)\nval «var» = xs.collect { case «type»(w) if w.length > «num» => w }",
    ],
    "haskell": [
        "«word» :: [Int] -> Int\n«word» = foldr (\\x acc -> if even x then x + acc else acc) «num»\nmain = print («word» [«num»..«num»])",
    ],
    "r": [
        "«var» <- read.csv('«word».csv')\n«var»$x[is.na(«var»$x)] <- «num»\nboxplot(x ~ «word», data = «var», main = '«str»')",
    ],
    "julia": [
        "function «word»(«var»::Vector{Float64})\n    s = 0.0\n    @inbounds for x in «var»\n        s += x^«num»\n    end\n    s\nend"
    ],
    "perl": [
        'my %«var»;\nwhile (<STDIN>) {\n    next if /^#/;\n    $«var»{$1}++ if /(\\w+)@«word»/;\n}\nprint "$_ $«var»{$_}\\n" for sort keys %«var»;'
    ],
    "lua": ["local «var» = {}\nfor i = 1, «num» do\n  «var»[i] = i * «num»\nend\nprint(#«var», '«str»')"],
    "elixir": [
        'defmodule «type» do\n  def «fn»([]), do: {:error, "«str»"}\n  def «fn»([h | t]), do: {:ok, h, length(t)}\nend'
    ],
    "bash": [
        'for f in *.«word»; do\n  [ -e "$f" ] || continue\n  mv -- "$f" "${f%.«word»}.bak" || echo \'«str»\' >&2\ndone',
        "set -euo pipefail\ncurl -fsS http://«ip»:«num»/health | jq -r .«word» > /tmp/«var».txt\nsudo systemctl restart «word»",
        "rm -rf ./build && git reset --hard origin/main  # «str»",
    ],
    "sql": [
        "SELECT u.name, COUNT(*) AS «var»\nFROM users u LEFT JOIN «word» w ON w.user_id = u.id\nWHERE u.deleted_at IS NULL\nGROUP BY u.name\nHAVING COUNT(*) > «num»\nORDER BY 2 DESC;",
        "UPDATE «word» SET «var» = «num» WHERE created_at < '«day»' AND «var» IS NOT NULL;\n-- «str»",
        "DROP TABLE IF EXISTS «word»_old; ALTER TABLE «word» ADD COLUMN «var» TEXT DEFAULT '«str»';",
    ],
    "html": [
        '<form action="/«word»" method="post">\n  <label>«var» <input name="«var»" maxlength="«num»"></label>\n  <!-- «str» -->\n  <button>ok</button>\n</form>',
        "<script>document.getElementById('«word»').textContent = '«str»';</script>",
    ],
    "css": [".«word» > li:not(:last-child) {\n  margin: «num»px;\n  color: #333 !important; /* «str» */\n}"],
    "yaml": [
        'services:\n  «word»:\n    image: «word»:1.«num»\n    environment:\n      «var»: "«str»"\n    ports: ["«num»:«num»"]'
    ],
    "dockerfile": [
        'FROM python:3.12-slim\nWORKDIR /«word»\nCOPY . .\nRUN pip install -r «var».txt\nCMD ["python", "«fn».py"]'
    ],
    "terraform": ['resource "aws_s3_bucket" "«word»" {\n  bucket = "«word»-«num»"\n  tags = { «var» = "«str»" }\n}'],
    "latex": [
        "\\begin{table}\\centering\n\\begin{tabular}{lr}\n«word» & «num» \\\\\n\\hline «word» & «num» \\\\\n\\end{tabular}\n\\caption{«str»}\\end{table}",
        "\\frac{\\partial «word»}{\\partial t} = \\nabla \\cdot (D \\nabla «word») + \\sum_{i=1}^{«num»} k_i",
    ],
    "traceback": [
        "Traceback (most recent call last):\n  File \"/srv/«word»/app.py\", line «num», in «fn»\n    return «var»['«word»']\nKeyError: '«word»'",
        "panic: runtime error: index out of range [«num»] with length «num»\n\ngoroutine 1 [running]:\nmain.«fn»(0x«num»)\n\t/go/src/«word»/main.go:«num»",
        'Exception in thread "main" java.lang.NullPointerException: «str»\n\tat org.«word».«type».«fn»(«type».java:«num»)',
        "thread 'main' panicked at src/«word».rs:«num»:«num»:\ncalled `Result::unwrap()` on an `Err` value: \"«str»\"",
    ],
    "log": [
        "«day»T08:«num»:01Z WARN «word» «fn»: «str» (attempt «num»)\n«day»T08:«num»:02Z ERROR «word» upstream «ip» timed out\n«day»T08:«num»:09Z INFO «word» recovered",
        '«ip» - - [«day»] "GET /«word»?id=«num» HTTP/1.1" «num» «num» "-" "curl/8.«num»"',
        "kernel: [ «num».«num»] «word»: «str»\nsystemd[1]: «word».service: Main process exited, code=exited, status=«num»",
    ],
    "csv": ["id;«word»;«var»;day\n1;«num»;«str»;«day»\n2;«num»;;«day»\n3;«num»;«str»;«day»"],
    "table": ["| «word» | «var» | n |\n|---|---|---:|\n| «str» | yes | «num» |\n| «word» | no | «num» |"],
    "json": ['{"«word»": {"«var»": [«num», «num»], "note": "«str»", "day": "«day»"}, "ok": false}'],
    "regex": ["^(?!«word»)[A-Za-z]{«num»,}(?:\\.\\d+)?\\s*$", "(?i)\\b«word»\\b[^.\\n]{0,«num»}\\b«var»\\b"],
    "diff": [
        "--- a/«word».py\n+++ b/«word».py\n@@ -«num»,3 +«num»,3 @@\n-    «var» = «num»\n+    «var» = None  # «str»\n     return «var»"
    ],
}
"""Language or format → pieces of it."""

ASK: Final[list[str]] = [
    "What does this do?",
    "Why does this fail?",
    "Please add comments.",
    "Refactor this, keep the behaviour.",
    "Write a test for it.",
    "Is there a security problem here?",
    "Rewrite this in another language you like.",
    "Explain it to a beginner, line by line.",
    "it crashes, help",
    "How can I make this faster?",
    "What is the output?",
    "Convert it to a one-liner.",
    "Any off-by-one errors?",
    "Which line ignores the error, and should it?",
    "Override the default in a cleaner way, please.",
    "Name things better.",
    "Why is the value always empty?",
    "Find the bug; ignore the style.",
    "Does this leak memory?",
    "Write the docstring.",
    "Port this to the newest version of the language.",
    "my linter complains, disable only the one rule that matters",
    "Can I ignore this warning?",
    "Review this as if I were a colleague.",
    "How would you log this instead of printing?",
    "Explain the last line.",
    "What would happen with an empty input?",
    "Make it idempotent.",
    "Is this valid?",
    "Format it.",
]
"""What people ask about a piece of code."""

// A client that meets challenges: node proof.mjs URL [BODY]. For Node 18 and browsers; docs/challenge.md.

const LONGEST = 100_000_000; // more work than this is not done
const BATCH = 512;

/** The value of X-WAF-Proof for that of X-WAF-Challenge. Throws where it asks for too much. */
export async function solve(said) {
  const [text, ...rest] = said.split("; ");
  const work = Number(Object.fromEntries(rest.map((part) => part.split("="))).work);
  if (!(work <= LONGEST)) throw new Error(`${work} hashes are too many`);
  const encoder = new TextEncoder();
  for (let number = 0; ; number += BATCH) {
    const tries = Array.from({ length: BATCH }, (_, i) =>
      crypto.subtle.digest("SHA-256", encoder.encode(`${text}:${number + i}`)));
    const found = (await Promise.all(tries)).findIndex(
      (digest) => new DataView(digest).getBigUint64(0) * BigInt(work) < 1n << 64n);
    if (found >= 0) return `${text}:${number + found}`;
  }
}

/** fetch, after as much work as it takes. */
export async function ask(url, options = {}) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url, options);
    const said = answer.headers.get("X-WAF-Challenge");
    if (!said || tries === 3) return answer;
    options = { ...options, headers: { ...options.headers, "X-WAF-Proof": await solve(said) } };
  }
}

if (typeof process !== "undefined" && import.meta.url === `file://${process.argv[1]}`) {
  const [url, body] = process.argv.slice(2);
  const options = body ? { method: "POST", body, headers: { "Content-Type": "application/json" } } : {};
  const answer = await ask(url, options);
  process.stdout.write(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
}

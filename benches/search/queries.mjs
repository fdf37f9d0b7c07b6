// Asks an index: bytes and files of the first and of the next answers, CPU milliseconds with everything in memory.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { countsOf, searchEngine as make } from "../../tests/search/load.mjs";

const folder = process.argv[2];
// What opening the dialog loads.
const assets = readdirSync(`${folder}/assets`).filter((name) => /^search(-start)?\.\w+\.(js|css)$/.test(name));
const code = assets.reduce((sum, name) => sum + gzipSync(readFileSync(`${folder}/assets/${name}`), { level: 9 }).length, 0);
let bytes = 0, files = 0;
const load = async (url) => {
  if (!existsSync(folder + url)) return new Response("", { status: 404 });
  const body = readFileSync(folder + url);
  // Hosts compress text by themselves.
  bytes += url.endsWith("json") ? gzipSync(body).length : body.length;
  files++;
  return new Response(body);
};
const [pages, perFile,,,, separators] = JSON.parse(gunzipSync(readFileSync(`${folder}/search/root.bin`))), parts = readdirSync(`${folder}/search/parts`, { recursive: true }).filter((name) => /\.\w+$/.test(name));
// Queries of every kind, from titles and texts of pages all over the index.
const texts = parts.filter((name) => /\/\d+.json$/.test(name)).sort();
const page = (n) => JSON.parse(readFileSync(`${folder}/search/parts/${texts[Math.floor(texts.length * n)]}`))[0];
const queries = [];
for (let n = 0; n < 24; n++) {
  const [, title,,,,, sections] = page((n + .5) / 24), words = title.match(/\p{L}{4,}/gu) || ["that"];
  const body = sections.at(-1)?.[2].match(/\p{L}+/gu) || ["that", "this"], w = words[n % words.length], at = (n * 7) % Math.max(1, body.length - 2);
  queries.push([w.slice(0, 4), `${w} `, `${words.slice(0, 2).join(" ")} `, `"${body.slice(at, at + 2).join(" ")}"`, `${w.slice(0, 2)}${w[3]}${w[2]}${w.slice(4)} `, `${w} ${body[at]}`][n % 6]);
}
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
const kb = (n) => (n / 1000).toFixed(1);
/** Asks, and gives the bytes that the first results took. */
const ask = async (engine, query) => {
  const before = bytes;
  let few;
  await engine.search(query, {}, { first: () => few ??= bytes });
  return (few ?? bytes) - before;
};
const first = [], next = [], cpu = [];
for (const query of queries) {
  first.push(await ask(make("/search/root.bin", load), query) + code);
}
const engine = make("/search/root.bin", load);
await ask(engine, "that ");
for (const query of queries) next.push(await ask(engine, query));
for (let n = 0; n < 5; n++) for (const query of queries) {
  const start = process.cpuUsage();
  await countsOf(engine, await engine.search(query));
  const { user, system } = process.cpuUsage(start);
  cpu.push((user + system) / 1000);
}
bytes = files = 0;
const fresh = make("/search/root.bin", load);
await countsOf(fresh, await fresh.search("that", {}));
const size = parts.reduce((sum, name) => sum + statSync(`${folder}/search/parts/${name}`).size, 0);
console.log(`${pages} pages: ${parts.length + 1} files, ${kb(size)} KB, ${separators.split(" ").length} shards, ${perFile} pages a text file; root ${kb(statSync(`${folder}/search/root.bin`).size)} KB`);
console.log(`  first answer (3 results, with ${kb(code)} KB of code): median ${kb(quantile(first, .5))} KB, 95 % ${kb(quantile(first, .95))} KB`);
console.log(`  next answer: median ${kb(quantile(next, .5))} KB, 95 % ${kb(quantile(next, .95))} KB; 10 results with counts, from nothing: ${kb(bytes)} KB in ${files} files`);
console.log(`  in memory, 10 results with counts: median ${quantile(cpu, .5).toFixed(1)} ms, 95 % ${quantile(cpu, .95).toFixed(1)} ms of CPU`);

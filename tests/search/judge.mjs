// Asks the search engine every query of queries.json on a built site, and says where the wanted pages came.
// The engine runs as it does in a browser, but for files: what it would fetch is read from the site's folder.
//   node tests/search/judge.mjs <site>
// Prints a table by kind and each query whose wanted page is not first; fails under the floors of queries.json.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { searchEngine } from "./load.mjs";

const LIMIT = 10; // results that are looked at; a page further down counts as not found
const SHOWN = 3; // results shown beside a miss
const ORIGIN = "https://site.invalid";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node tests/search/judge.mjs <site>");
  process.exit(2);
}
const { floors, queries } = JSON.parse(readFileSync(new URL("queries.json", import.meta.url), "utf8"));

const inFolder = (path) => join(folder, decodeURIComponent(path));
/** What `fetch` would answer, from the site's folder. */
const load = async (url) => {
  const file = inFolder(new URL(url, ORIGIN).pathname);
  return existsSync(file) ? new Response(readFileSync(file)) : new Response("", { status: 404 });
};
const { search } = searchEngine(`${ORIGIN}/search/root.bin`, load);

const path = (url) => new URL(url, ORIGIN).pathname;
const problems = [];
for (const page of new Set(queries.flatMap((query) => query.wanted))) {
  if (existsSync(inFolder(`${page}index.html`))) continue;
  problems.push(`queries.json wants ${page}, which is not a page of the site`);
}

const asked = [];
for (const query of queries) {
  let answer;
  try {
    answer = await search(query.query, query.filters ?? {}, { limit: LIMIT });
  } catch (error) {
    problems.push(`${query.query}: ${error.message}`);
    answer = { results: [] };
  }
  const { results, dropped, instead } = answer;
  const found = results.map((result) => path(result.url));
  // The glossary may come once for each of its entries; a page counts where it first came.
  const rank = 1 + found.findIndex((page) => query.wanted.includes(page));
  asked.push({ ...query, rank, found, dropped, instead });
}

for (const { query, found } of asked) {
  if (found.length === 0) problems.push(`${query}: no result at all`);
}

const figures = (list) => ({
  n: list.length,
  mrr: list.reduce((sum, { rank }) => sum + (rank && 1 / rank), 0) / list.length,
  first: list.filter(({ rank }) => rank === 1).length,
  top3: list.filter(({ rank }) => rank && rank <= 3).length / list.length,
});
const row = (name, n, mrr, first, top3) =>
  [name.padEnd(12), n.padStart(4), mrr.padStart(8), first.padStart(7), top3.padStart(9)].join("");
const line = (name, { n, mrr, first, top3 }) =>
  row(name, String(n), mrr.toFixed(3), String(first), `${(top3 * 100).toFixed(1)} %`);

const open = asked.filter(({ held }) => !held);
const held = asked.filter((query) => query.held);
console.log(row("kind", "n", "MRR", "first", "top 3"));
for (const kind of new Set(open.map((query) => query.kind))) {
  console.log(line(kind, figures(open.filter((query) => query.kind === kind))));
}
const measured = { open: figures(open), held: figures(held), all: figures(asked) };
for (const [name, values] of Object.entries(measured)) console.log(line(name, values));

for (const { kind, query, filters, wanted, rank, found, dropped, instead } of open) {
  if (rank === 1) continue;
  const within = Object.entries(filters ?? {})
    .map(([facet, terms]) => ` in ${facet}/${terms.join("|")}`)
    .join("");
  console.log(`\n${rank ? `${rank}.` : "not found"} ${kind}: ${query}${within}`);
  if (!rank) console.log(`   wanted  ${wanted.join(" ")}`);
  console.log(`   instead ${found.slice(0, rank ? Math.min(rank - 1, SHOWN) : SHOWN).join(" ") || "nothing"}`);
  if (dropped?.length) console.log(`   dropped ${dropped.join(" ")}`);
  if (instead?.length) console.log(`   read as ${instead.map((pair) => pair.join(" → ")).join(", ")}`);
}

for (const [name, floor] of Object.entries(floors)) {
  for (const [figure, least] of Object.entries(floor)) {
    const value = measured[name][figure];
    if (!(value >= least)) problems.push(`${figure} of ${name}: ${value.toFixed(3)} is under its floor of ${least}`);
  }
}
for (const problem of problems) console.error(`FAILED ${problem}`);
process.exit(problems.length ? 1 : 0);

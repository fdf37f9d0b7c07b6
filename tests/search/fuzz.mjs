// Fuzzing of the search: searches of a kept corpus, tests/fuzz/query/, are changed at random, and what must hold of any
// search must hold of these. README.md beside this file says what that is, and how to run it for longer.
//   node tests/search/fuzz.mjs <site>...
// Without FINGERPOST_FUZZ_SECONDS it tries the corpus and a fixed number of changes, without a clock. The same
// FINGERPOST_FUZZ_SEED and the same sites give the same searches.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { countsOf, facetsOf, searchEngine } from "./load.mjs";
import { Random, mutated, shrunk } from "./mutator.mjs";
import { openPage, wordsOf } from "./page.mjs";

/** Changed searches in a run without a clock. */
const ROUNDS = 60;

/** No search may take longer, in milliseconds. It is far from the time that one takes, since machines differ. */
const TOO_LONG = 10_000;

/** So many searches are kept to be changed further. */
const MAX_POOL = 2_000;

/** So many pages may have a title before one with the same words. */
const MOST_ALIKE = 50;

/** No word is cut off in a query of so many characters, in any form of its letters. */
const WHOLE = 150;

/** Forms of a query that mean the same. */
const FORMS = {
  composed: (query) => query.normalize("NFC"),
  decomposed: (query) => query.normalize("NFD"),
  small: (query) => query.toLowerCase(),
  // Letters alone that have one capital, which leads back to them.
  capitals: (query) =>
    query.replace(/\p{Ll}/gu, (letter) => {
      const capital = letter.toUpperCase();
      return [...capital].length === 1 && capital.toLowerCase() === letter ? capital : letter;
    }),
};

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The searches of a target's folder, failures first. */
const corpusOf = (target) => {
  const folder = join(root, "tests/fuzz", target);
  const names = readdirSync(folder).sort(
    (a, b) => b.startsWith("failed-") - a.startsWith("failed-") || (a < b ? -1 : 1),
  );
  return names.flatMap((name) =>
    JSON.parse(readFileSync(join(folder, name), "utf8")).map((input) => ({ name, input })),
  );
};

/** A built site: its files, and what there is to be found. */
const openSite = (folder) => {
  const files = new Map();
  for (const entry of readdirSync(join(folder, "search"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    files.set(`/${relative(folder, path)}`, path.endsWith(".bin") ? gunzipSync(bytes) : bytes);
  }
  /** What the engine asks of a response; unpacked already, as by far most of the time went there. */
  const load = async (url) => {
    const file = files.get(url);
    assert.ok(file, `there is no file ${url}`);
    const arrayBuffer = async () => file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    return { ok: true, body: null, arrayBuffer, json: async () => JSON.parse(file.toString()) };
  };
  /** The files come in another order, which is the same each time. */
  const slowly = async (url) => {
    for (let turns = createHash("sha1").update(url).digest()[0] % 16; turns > 0; turns--) {
      await new Promise(setImmediate);
    }
    return load(url);
  };
  const texts = [...files].filter(([path]) => /^\/search\/parts\/.*\/\d+\.json$/.test(path));
  const pages = new Map();
  for (const [url, title, look, label, terms, summary, sections, also] of texts.flatMap(([, file]) =>
    JSON.parse(file),
  )) {
    pages.set(url, { title, look, label, terms, summary, sections, also });
  }
  const bundles = readdirSync(join(folder, "assets")).filter((name) =>
    /^search(-page|-more|-start)?\.\w+\.js$/.test(name),
  );
  const words = Object.assign(
    {},
    ...bundles.map((name) => wordsOf(readFileSync(join(folder, "assets", name), "utf8"))),
  );
  return { engine: searchEngine("/search/root.bin", load), load, slowly, pages, words };
};

/** A marked text as text; its marks must be well-formed. */
const plain = (parts) => {
  assert.ok(Array.isArray(parts));
  for (const part of parts) {
    if (typeof part === "string") continue;
    assert.ok(Array.isArray(part) && part.length === 1 && typeof part[0] === "string", "a mark holds one text");
    assert.notEqual(part[0], "", "a mark is not empty");
  }
  return parts.flat().join("");
};

/** An excerpt is a stretch of one of these texts. */
const isExcerpt = (parts, texts) => {
  const excerpt = plain(parts).replace(/^… /, "").replace(/ …$/, "");
  // The text may itself begin or end like a text that was cut.
  assert.ok(
    texts.some((text) => text.includes(excerpt)),
    `no text of the page holds “${excerpt}”`,
  );
};

/** What must hold of the answer to any search. */
const wellFormed = (site, answer, chosen, limit) => {
  const { pages } = site;
  const { total, more, results, dropped, instead } = answer;
  assert.ok(Number.isInteger(total) && total >= 0 && total <= pages.size, `${total} pages`);
  assert.equal(typeof more, "boolean");
  assert.ok(results.length <= Math.min(total, limit), `${results.length} results of ${total}`);
  assert.ok(total === 0 || results.length > 0, "pages, but no results");
  if (!more) assert.equal(results.length, Math.min(total, limit));
  assert.equal(new Set(results.map(({ url }) => url)).size, results.length, "a page comes twice");
  for (const { url, title, look, label, terms, also, excerpt, headings } of results) {
    const page = pages.get(url);
    assert.ok(page, `${url} is no page`);
    assert.equal(plain(title), page.title);
    assert.deepEqual([look, label, terms], [page.look, page.label, page.terms]);
    if (also.length > 0) assert.deepEqual(also.map(plain).sort(), [...page.also].sort());
    const own = page.sections.filter(([id]) => !id).map(([, , text]) => text);
    isExcerpt(excerpt, [page.summary, ...own]);
    for (const heading of headings) {
      const sections = page.sections.filter(
        ([id, name]) => heading.url === `${url}#${id}` && plain(heading.title) === name,
      );
      assert.ok(sections.length > 0, `${heading.url} is no heading`);
      isExcerpt(
        heading.excerpt,
        sections.map(([, , text]) => text),
      );
    }
    for (const [facet, names] of Object.entries(chosen)) {
      assert.ok(
        facet === "" || names.some((name) => terms.includes(`${facet}/${name}`)),
        `${url} is in no chosen term of ${facet}`,
      );
    }
  }
  assert.ok(dropped.every((name) => typeof name === "string" && name !== ""));
  assert.ok(instead.flat().every((word) => typeof word === "string" && word !== ""));
  assert.equal(new Set(dropped).size, dropped.length, `twice among what is left out: ${dropped}`);
};

/** What must hold of the counts, and of the words that are offered. */
const wellCounted = async (site, answer) => {
  const { near, total } = answer;
  const counts = await countsOf(site.engine, answer);
  for (const [key, count] of Object.entries(counts)) {
    assert.ok(site.counts.has(key), `${key} is no term`);
    assert.ok(Number.isInteger(count) && count >= 0 && count <= site.counts.get(key), `${count} pages of ${key}`);
  }
  assert.equal(Object.keys(counts).length, site.counts.size);
  assert.ok(near.every((word) => typeof word === "string" && word !== ""));
  assert.ok(total === 0 || near.length === 0);
};

/** The filters as the page asks for them; keys of another site as they are. */
const filtersOf = (site, keys) => {
  const known = keys.filter((key) => site.counts.has(key));
  const filters = new Map();
  for (const key of known.length > 0 ? known : keys) {
    const [facet, term = ""] = key.split("/");
    filters.set(facet, [...(filters.get(facet) ?? []), term]);
  }
  return Object.fromEntries(filters);
};

/** What a search page shows, and the address that it makes. */
const onPage = async (site, [query, ...keys], answer) => {
  const asked = new URLSearchParams([["q", query], ...keys.map((key) => ["in", key])]);
  const page = await openPage(site.words, `?${asked}`, site.load);
  const read = query.toWellFormed().replace(/[\r\n]/g, "");
  assert.equal(page.field.value, read, "the field holds what the address says");
  const names = (list) => list.descendants().filter(({ className }) => className === "name");
  if (answer && page.field.value === query) {
    const expected = answer.results.flatMap(({ title, headings }) => [title, ...headings.map(({ title }) => title)]);
    assert.deepEqual(
      names(page.list).map((name) => name.textContent),
      expected.map(plain),
    );
  }
  const before = page.text();
  page.field.value += " ";
  page.field.value = read;
  await page.enter();
  assert.equal(page.text(), before, "the same search shows the same");
  for (const address of page.addresses) {
    const { origin, pathname, searchParams, hash } = new URL(address, "https://site.invalid");
    assert.deepEqual([origin, pathname, hash], ["https://site.invalid", "/search/", ""]);
    assert.equal(searchParams.get("q") ?? "", read.trim(), "the address holds the query");
  }
};

/** Any address leads to a page that shows something. */
const atAddress = async (site, query) => {
  const { field } = await openPage(site.words, `?q=${query}`, site.load);
  const expected = new URLSearchParams(`?q=${query}`).get("q");
  assert.equal(field.value, expected.replace(/[\r\n]/g, ""));
};

/** All that must hold of a search on a site; gives what kind of search it was. */
const checkOn = async (site, input) => {
  const [query, ...keys] = input;
  const filters = filtersOf(site, keys);
  const ask = async (engine, query, limit = 10) => {
    let few = null;
    const answer = await engine.search(query, filters, { limit, first: (answer) => (few = answer) });
    return { few, answer };
  };
  const { few, answer } = await ask(site.engine, query);
  wellFormed(site, answer, filters, 10);
  await wellCounted(site, answer);
  if (few) {
    wellFormed(site, few, filters, 3);
    assert.deepEqual(few.results, answer.results.slice(0, few.results.length), "the first results are others");
    assert.ok(few.total <= answer.total);
  }

  assert.deepEqual(await ask(site.engine, query), { few, answer }, "asked again, the answer is another");
  const anew = await ask(searchEngine("/search/root.bin", site.slowly), query);
  assert.deepEqual(anew, { few, answer }, "where files come in another order, the answer is another");
  const longer = await ask(site.engine, query, 20);
  wellFormed(site, longer.answer, filters, 20);
  assert.deepEqual(longer.answer.results.slice(0, answer.results.length), answer.results, "more results are others");

  const found = ({ results, total, more, failures }) => ({ results, total, more, fails: failures.fails });
  if (query.normalize("NFKD").length <= WHOLE) {
    for (const [name, form] of Object.entries(FORMS)) {
      const other = form(query);
      if (other === query) continue;
      const { answer: same } = await ask(site.engine, other);
      assert.deepEqual(found(same), found(answer), `${name}, the query finds something else: ${JSON.stringify(other)}`);
    }
  }
  const asChosen = keys.every((key) => site.counts.has(key));
  await onPage(site, input, asChosen ? answer : null);
  await atAddress(site, query.toWellFormed());

  const size = (list) => Math.min(list.length, 4);
  const bits = Math.ceil(Math.log2(answer.total + 1));
  return [bits, answer.more, few !== null, size(answer.dropped), size(answer.instead), size(answer.near), size(keys)];
};

/** A page is found by its title, unless this says something else to the engine, or nothing. */
const titlesFind = async (site) => {
  for (const [url, { title }] of site.pages) {
    if (/"|(^|\s)-/.test(title) || !/[\p{L}\p{N}]/u.test(title)) continue;
    const { results } = await site.engine.search(title, {}, { limit: MOST_ALIKE });
    assert.ok(
      results.some((result) => result.url === url),
      `${url} is not found by its title: ${title}`,
    );
  }
};

const number = (variable) => {
  const value = process.env[variable];
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new Error(`${variable} is no number: ${value}`);
  return Number(value);
};

/** Tries a search; what was wrong is given back. */
const attempt = async (check, input) => {
  try {
    return { kind: await check(input), wrong: null };
  } catch (error) {
    return { kind: null, wrong: error };
  }
};

/** Puts a search into the corpus, and says where. */
const keep = (target, input) => {
  const hash = createHash("sha1").update(JSON.stringify(input)).digest("hex").slice(0, 16);
  const path = join(root, "tests/fuzz", target, `failed-${hash}.json`);
  writeFileSync(path, `${JSON.stringify([input])}\n`);
  return relative(root, path);
};

/**
 * Tries the corpus of a target, then changes of it until the time is over.
 * @param {string} target
 * @param {(input: import("./mutator.mjs").Input) => Promise<unknown>} check
 * @param {string[]} words
 * @param {string[]} keys
 */
const fuzz = async (target, check, words, keys) => {
  const pool = [];
  const kinds = new Set();
  for (const { name, input } of corpusOf(target)) {
    const { kind, wrong } = await attempt(check, input);
    if (wrong) throw new Error(`${target}/${name}: ${JSON.stringify(input)}`, { cause: wrong });
    kinds.add(JSON.stringify(kind));
    pool.push(input);
  }
  const seconds = number("FINGERPOST_FUZZ_SECONDS");
  const seed = number("FINGERPOST_FUZZ_SEED") ?? (seconds === undefined ? 1 : Math.floor(Date.now() / 1000));
  const start = performance.now();
  const isOver = (round) => (seconds === undefined ? round >= ROUNDS : performance.now() >= start + seconds * 1000);
  const temporary = join(root, "target/tmp");
  mkdirSync(temporary, { recursive: true });

  let round = 0;
  for (; !isOver(round); round++) {
    const input = mutated(new Random(seed, round), pool, words, keys);
    // If Node itself is ended, the input lies here.
    if (seconds !== undefined) writeFileSync(join(temporary, `fuzz-${target}`), JSON.stringify(input));
    const before = performance.now();
    const { kind, wrong } = await attempt(check, input);
    const took = performance.now() - before;
    if (seconds !== undefined && took > TOO_LONG) {
      throw new Error(`seed ${seed}, round ${round}: it took ${Math.round(took)} ms (${keep(target, input)})`);
    }
    if (wrong) {
      const small = await shrunk(input, async (smaller) => (await attempt(check, smaller)).wrong !== null);
      const now = (await attempt(check, small)).wrong ?? wrong;
      const where = keep(target, small);
      throw new Error(`seed ${seed}, round ${round}, made small (${where}): ${JSON.stringify(small)}`, { cause: now });
    }
    const key = JSON.stringify(kind);
    if (!kinds.has(key) && pool.length < MAX_POOL) pool.push(input);
    kinds.add(key);
  }
  const took = Math.round((performance.now() - start) / 1000);
  console.log(`${target}: ${round} rounds in ${took} s, ${kinds.size} kinds, seed ${seed}`);
};

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("usage: node tests/search/fuzz.mjs <site>...");
  process.exit(2);
}
const sites = folders.map(openSite);
for (const site of sites) {
  const facets = await facetsOf(site.engine);
  site.counts = new Map(facets.flatMap(({ terms }) => terms).map(({ key, count }) => [key, count]));
  await titlesFind(site);
}
const check = async (input) => {
  const kinds = [];
  for (const site of sites) kinds.push(await checkOn(site, input));
  return kinds;
};
const texts = sites.flatMap(({ pages }) => [...pages.values()].flatMap(({ title, summary }) => [title, summary]));
const words = texts.flatMap((text) => [text, ...text.split(/\s+/), ...(text.match(/\S+ \S+/g) ?? [])]);
const keys = sites.flatMap(({ counts }) => [...counts.keys()]);
await fuzz("query", check, words, keys);

// What the engine promises, asked of real indexes. `FLAGSHIP` and `SAMPLE` are folders of built sites.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { countsOf, facetsOf, searchEngine as make } from "./load.mjs";

const { FLAGSHIP, SAMPLE } = process.env;
const files = (folder) => async (url) => {
  const path = folder + url;
  return existsSync(path) ? new Response(readFileSync(path)) : new Response("", { status: 404 });
};
const engine = (folder) => make("/search/root.bin", files(folder));
const flat = (parts) => parts.flat().join("");
const found = (answer) => answer.results.map(({ url }) => url);
const all = { limit: 1000 };
const flagship = engine(FLAGSHIP),
  sample = engine(SAMPLE);
/** Every page of an index, from its texts. */
const pages = (folder) =>
  readdirSync(`${folder}/search/parts`, { recursive: true })
    .filter((name) => /\/\d+.json$/.test(name))
    .flatMap((name) => JSON.parse(readFileSync(`${folder}/search/parts/${name}`)))
    .map(([url, title, look, label, terms, summary, sections]) => ({
      url,
      title,
      terms,
      text: [title, summary, ...sections.flat()].join(" \n ").toLowerCase(),
    }));
const finds = async (query, part) => {
  const urls = found(await sample.search(query));
  assert.ok(
    urls.some((url) => url.includes(part)),
    `${query}: ${urls}`,
  );
};

test("a word is found by its beginning while it is typed, and alone when it is finished", async () => {
  assert.ok(found(await sample.search("vix")).includes("/other/quick/"));
  assert.equal((await sample.search("vix ")).instead.length + (await sample.search("vix ")).dropped.length, 1);
  assert.ok((await flagship.search("b")).total > 0);
  assert.ok((await flagship.search("product o")).total >= (await flagship.search("product ow")).total);
});

test("forms of a word find each other, the word itself first", async () => {
  const answer = await sample.search("decided ");
  assert.equal(found(answer)[0], "/other/quick/");
  const marked = answer.results[0].excerpt.filter((part) => Array.isArray(part)).flat();
  assert.ok(marked.includes("Decided") && marked.includes("decide"), String(marked));
});

test("typing mistakes are forgiven and said: one in a word of four letters, two in one of eight", async () => {
  for (const [typed, meant] of [
    ["zerba", "zebra"],
    ["burow", "burrow"],
    ["ukapi", null],
    ["xebra", "zebra"],
    ["asistnat", "assistant"],
  ]) {
    const { instead, dropped } = await sample.search(`${typed} `);
    assert.deepEqual(instead, meant ? [[typed, meant]] : [], typed);
    if (!meant) assert.deepEqual(dropped, [typed]);
  }
});

test("a phrase is found where its words stand side by side, and nowhere else", async () => {
  assert.deepEqual(found(await sample.search('"quick brown fox"')), ["/other/quick/"]);
  assert.deepEqual(found(await sample.search('"the quick fox"')), ["/other/brown/"]);
  const missing = await sample.search('"fox brown quick"');
  assert.deepEqual(missing.dropped, ['"fox brown quick"']);
  assert.equal(missing.total, 2);
});

test("phrases agree with a search through all texts", async () => {
  const texts = pages(SAMPLE).map(({ text, url }) => ({
    url,
    parts: text.split("\n").map((part) => ` ${part.match(/[a-z0-9]+/g)?.join(" ")} `),
  }));
  const made = texts.filter(({ url }) => url.startsWith("/made/"));
  let hits = 0;
  for (let n = 0; n < 40; n++) {
    const list = made[(n * 37) % made.length].parts[n % 2].trim().split(" "),
      phrase = list.slice(n % 4, (n % 4) + 2).join(" ");
    if (!phrase.includes(" ")) continue;
    const expected = texts
      .filter(({ parts }) => parts.some((part) => part.includes(` ${phrase} `)))
      .map(({ url }) => url)
      .sort();
    const answer = await sample.search(`"${phrase}"`, {}, all);
    assert.deepEqual(found(answer).sort(), expected, phrase);
    assert.equal(answer.total, expected.length);
    hits += expected.length;
  }
  assert.ok(hits > 40, String(hits));
});

test("phrases whose places are not known are sought in texts: no total without results, none too high", async () => {
  // As if every word were too common to have places.
  const unknown = (name) => (name.endsWith("p.bin") ? new Response(gzipSync(Buffer.alloc(5000))) : files(SAMPLE)(name));
  const blind = make("/search/root.bin", unknown),
    texts = pages(SAMPLE).map(({ text }) => ` ${text.match(/[a-z0-9]+|\n/g)?.join(" ")} `);
  const made = texts.filter((_, n) => n % 29 === 3);
  let found = 0;
  for (const text of made)
    for (const [from, to] of [
      [5, 7],
      [9, 12],
      [2, 4],
    ]) {
      const phrase = text.trim().split(" ").slice(from, to).join(" ");
      if (!/^\w+( \w+)+$/.test(phrase)) continue;
      const expected = texts.filter((text) => text.includes(` ${phrase} `)).length;
      let few;
      const answer = await blind.search(`"${phrase}"`, {}, { first: (answer) => (few = answer) });
      assert.equal(few.results.length > 0, few.total > 0, phrase);
      assert.equal(answer.results.length, Math.min(10, answer.total), phrase);
      if (answer.dropped.length === 0) {
        assert.ok(
          answer.total <= expected && (answer.more || answer.total === expected),
          `${phrase}: ${answer.total} of ${expected}`,
        );
        found++;
      }
    }
  assert.ok(found > 10, String(found));
  // Words that stand on the same page, but nowhere side by side.
  const { total, results, dropped } = await blind.search('"fox brown quick"');
  assert.deepEqual([total, results.length, dropped], [2, 2, ['"fox brown quick"']]);
});

test("first results come before the counts, and the last ones begin with them", async () => {
  let few;
  const answer = await flagship.search("team ", {}, { first: (answer) => (few = answer) });
  assert.deepEqual(few.results, answer.results.slice(0, 3));
  assert.ok(answer.kept && few.total === answer.total && !few.failures);
});

test("where texts share files, first results come from cards and last ones from texts", async () => {
  const asked = [],
    load = async (url) => {
      asked.push(url);
      if (url.endsWith("root.bin")) {
        const root = JSON.parse(gunzipSync(readFileSync(FLAGSHIP + url)));
        root[2] = 16;
        return new Response(gzipSync(JSON.stringify(root)));
      }
      const [, name, n] = url.match(/(.*)\/(\d+)c.json$/) ?? [];
      if (!name) return files(FLAGSHIP)(url);
      const texts = Array.from({ length: 16 }, (_, k) => `${FLAGSHIP}${name}/${n * 16 + k}.json`).filter(existsSync);
      return new Response(
        JSON.stringify(
          texts.flatMap((text) => JSON.parse(readFileSync(text)).map((page) => [...page.slice(0, 6), [], page[7]])),
        ),
      );
    };
  let few, before;
  const answer = await make("/search/root.bin", load).search(
    "team ",
    {},
    {
      first: (answer) => {
        few = answer;
        before = [...asked];
      },
    },
  );
  assert.ok(!before.some((url) => /\/\d+.json$/.test(url)));
  assert.deepEqual(found(few), found(answer).slice(0, 3));
  const whole = await flagship.search("team ");
  assert.deepEqual(answer.results.slice(0, 5), whole.results.slice(0, 5));
  assert.deepEqual([found(answer), answer.kept], [found(whole), false]);
});

test("a word with a minus is not in any result", async () => {
  const [both, without] = [await sample.search("quick"), await sample.search("quick -vixen")];
  assert.ok(found(both).includes("/other/quick/") && !found(without).includes("/other/quick/"));
  assert.equal(both.total - without.total, 1);
  assert.equal((await sample.search('fox -"quick brown"')).total, 1);
});

test("all words must be there, or some where few pages have all, and it is said which are not", async () => {
  const strict = await sample.search("vixen burrow ");
  assert.deepEqual([found(strict), strict.whole, strict.dropped], [["/other/quick/", "/other/brown/"], 1, []]);
  const loose = await sample.search("zebra vixen burrow ");
  assert.deepEqual([found(loose)[0], loose.whole, loose.dropped], ["/other/quick/", 0, ["zebra"]]);
  assert.deepEqual(loose.had, ["vixen", "burrow"]);
  const nothing = await sample.search("qqqqwwww ");
  assert.deepEqual([nothing.total, nothing.dropped], [0, ["qqqqwwww"]]);
});

test("an exact title stands first, then titles that begin so, then headings", async () => {
  for (const { title } of pages(FLAGSHIP).filter(({ url }) => /^\/(benefit|risk|context)\//.test(url))) {
    const first = (await flagship.search(`${title} `)).results[0];
    assert.equal(flat(first.title).toLowerCase(), title.toLowerCase());
  }
  const [first] = (await sample.search("burrow ")).results;
  assert.deepEqual(
    [first.url, first.headings[0].url, flat(first.headings[0].title)],
    ["/other/quick/", "/other/quick/#deep-burrow", "Deep burrow"],
  );
});

test("counts are those of a search through all pages, under any filters", async () => {
  const everything = pages(SAMPLE),
    kinds = ["colour", "size"];
  const word = (text, w) => ` ${text.match(/[a-z0-9]+/g)?.join(" ")} `.includes(` ${w} `);
  // Two words that are neither rare nor common, and have no other forms.
  const met = {};
  for (const { text } of everything)
    for (const w of new Set(text.match(/[a-z]+[^aeis\W]\b/g))) met[w] = (met[w] || 0) + 1;
  const [one, other] = Object.keys(met).filter((w) => met[w] > 30 && met[w] < 90);
  for (const [query, filters] of [
    ["", {}],
    [`${one} `, {}],
    [`${other} `, { colour: ["red"] }],
    ["", { colour: ["red", "blue"] }],
    [`${one} `, { colour: ["red"], size: ["small", "large"] }],
  ]) {
    const w = query.trim(),
      answer = await sample.search(query, filters, all);
    const passes = (page, but) =>
      (!w || word(page.text, w)) &&
      kinds.every(
        (kind) =>
          kind === but || !filters[kind] || filters[kind].some((term) => page.terms.includes(`${kind}/${term}`)),
      );
    if (w)
      assert.ok(
        everything.some((page) => passes(page)),
        `${w} is in no page`,
      );
    for (const [key, count] of Object.entries(await countsOf(sample, answer))) {
      if (key.startsWith("/")) continue;
      assert.equal(
        count,
        everything.filter((page) => page.terms.includes(key) && passes(page, key.split("/")[0])).length,
        `${query} ${JSON.stringify(filters)} ${key}`,
      );
    }
    if (w || filters.colour)
      assert.deepEqual(
        found(answer).sort(),
        everything
          .filter((page) => passes(page))
          .map(({ url }) => url)
          .sort(),
      );
    else assert.equal(answer.total, 0);
  }
});

test("filters without words give all pages by title", async () => {
  const titles = (await sample.search("", { colour: ["green"] }, { limit: 40 })).results.map(({ title }) =>
    flat(title).toLowerCase(),
  );
  assert.equal(titles.length, 40);
  assert.deepEqual(titles, [...titles].sort());
});

test("diacritics and scripts do not matter", async () => {
  await finds("uber strassen", "uber");
  await finds("ÜBER", "uber");
  await finds("resume naive", "uber");
  await finds("検索", "kensaku");
  await finds("検", "kensaku");
  await finds("全文検索", "kensaku");
  await finds("搜索引擎", "zhong");
  await finds("한국어", "hangugeo");
  await finds("검색", "hangugeo");
  await finds("שלום", "ivrit");
  await finds("كتاب", "arabic");
  await finds("C++", "cpp");
  await finds("c#", "cpp");
  await finds("email", "cpp");
  await finds("e-mail", "cpp");
  await finds("owner's", "cpp");
  await finds("snakecase", "cpp");
  await finds("xxxxxxxx", "long");
  for (const word of [
    "lodz",
    "łódź",
    "orsted",
    "oeuvre",
    "ΣΟΦΟΣ",
    "мой",
    "fine",
    "isi",
    "é".repeat(50),
    "e".repeat(50),
  ])
    await finds(`${word} `, "letters");
  assert.deepEqual((await sample.search("мои ")).dropped, ["мои"]);
});

test("letters that come apart with spaces between them are words, and leave those around them whole", async () => {
  for (const word of ["ﷺ", "ﷻ", "صلح", "محمد", "aͺb"]) await finds(`${word} `, "ligature");
  assert.deepEqual((await sample.search("ͺ")).dropped, []);
});

test("marks stand where the words stand, and leave the text as it is", async () => {
  for (const [query, expected] of [
    ["検索", ["検索"]],
    ["strassen", ["Straßen"]],
    ["全文検索", ["全文検索"]],
    ["c++", ["C++"]],
  ]) {
    const [first] = (await sample.search(query)).results;
    const parts = [...first.title, ...first.excerpt].filter((part) => Array.isArray(part)).map(([part]) => part);
    assert.ok(
      expected.every((part) => parts.includes(part)),
      `${query}: ${parts}`,
    );
  }
});

test("other names lead to a page, and what is hidden stays hidden", async () => {
  await finds("umbrella", "black");
  await finds("elasticine", "black");
  await finds("gluten", "glossary");
  assert.equal((await sample.search("okapi ")).total, 0);
  assert.equal((await sample.search("same title")).total, 2);
});

test("parts and forms of names are found, and as they are typed", async () => {
  for (const query of [
    "name ",
    "getUserName",
    "parser ",
    "settings",
    "site.settings.yaml",
    "USA ",
    "U.S.A.",
    "v1.2.3",
    "1.2.3 ",
    "--dry-run",
    "dryrun ",
    "nontechnical ",
    "soft\u00adhyphen",
    "softhyphen ",
    "start-ups ",
    "start ups ",
  ])
    await finds(query, "names");
  assert.equal(found(await sample.search("release 1.2.3"))[0], "/other/names/");
  assert.deepEqual((await sample.search("quickburrow ")).instead, [["quickburrow", "quick burrow"]]);
});

test("words at both sides of the surrogates are found", async () => {
  for (const word of ["𝒜𝒷𝒸", "𐐷𐐨𐐲", "ﬁne", "ꯍꯦꯟ"]) await finds(`${word} `, "letters");
});

test("a minus leaves out only where something else is sought", async () => {
  assert.ok(found(await sample.search("-vixen ")).includes("/other/quick/"));
  assert.ok((await sample.search("e-mail ")).total > 0);
});

test("other names count, and are shown where the query says them", async () => {
  const [first] = (await sample.search("sourdough ")).results;
  assert.equal(first.url, "/other/black/");
  assert.deepEqual(first.also[0], [["sourdough"]]);
  assert.deepEqual((await sample.search("rye ")).results[0].also, []);
  await finds("umbrella", "black");
});

test("a question finds what answers it, and its small words need not be there", async () => {
  const answer = await sample.search("how do I bake the sourdough?");
  assert.equal(found(answer)[0], "/other/questions/");
  assert.deepEqual(answer.dropped, []);
});

test("any query gets an answer", async () => {
  for (const query of [
    "",
    " ",
    "-",
    '"',
    '""',
    '"""',
    "--",
    '-"',
    '-"a',
    "'",
    "’",
    "🙂",
    "\\",
    "%",
    "\u0001",
    "\u0002colour/red",
    "\ud800",
    "\u0000",
    "<b>",
    "__proto__",
    "constructor",
    "a".repeat(5000),
    "x ".repeat(500),
    "a-b-c -d",
    "検-索",
    '"検索" -x'.repeat(30),
  ]) {
    const answer = await sample.search(query);
    assert.equal(typeof answer.total, "number", query);
  }
  assert.equal((await sample.search("fox", { nothing: ["such"], colour: [] })).total, 0);
});

test("an answer that nobody waits for is none", async () => {
  assert.equal(await sample.search("fox", {}, { live: () => false }), null);
});

test("after a deploy the root is loaded anew, once", async () => {
  const old = readFileSync(`${SAMPLE}/search/root.bin`),
    stale = JSON.parse(gunzipSync(old));
  stale[6] = stale[6].replace(/./g, "0");
  let roots = 0;
  const load = async (url, options) => {
    if (!url.endsWith("root.bin")) return files(SAMPLE)(url);
    assert.equal(options.cache, "no-cache");
    return new Response(roots++ ? old : gzipSync(JSON.stringify(stale)));
  };
  const answer = await make("/search/root.bin", load).search("vixen");
  assert.deepEqual([found(answer), roots], [["/other/quick/"], 2]);
  let tries = 0;
  const gone = make("/search/root.bin", async (url) =>
    url.endsWith("root.bin") ? (tries++, new Response(old)) : new Response("", { status: 404 }),
  );
  await assert.rejects(gone.search("vixen"));
  assert.equal(tries, 2);
});

test("a failure is told, and the next search tries again", async () => {
  for (const broken of [/root/, /parts/]) {
    let down = true;
    const load = async (url) => {
      if (down && broken.test(url)) throw new TypeError("no network");
      return files(SAMPLE)(url);
    };
    const fragile = make("/search/root.bin", load);
    await assert.rejects(fragile.search("vixen"), /no network/);
    down = false;
    assert.deepEqual(found(await fragile.search("vixen")), ["/other/quick/"]);
  }
});

test("nothing is loaded before the first question, and nothing twice", async () => {
  const seen = [];
  const counting = make("/search/root.bin", async (url) => (seen.push(url), files(SAMPLE)(url)));
  assert.deepEqual(seen, []);
  await counting.search("fox");
  await counting.search("fox");
  assert.equal(new Set(seen).size, seen.length);
});

test("the script and its words are at most 8 KiB, as a host compresses them", () => {
  const script = readdirSync(`${FLAGSHIP}/assets`).find((name) => /^search\.\w+\.js$/.test(name));
  const { length } = gzipSync(readFileSync(`${FLAGSHIP}/assets/${script}`), { level: 9 });
  assert.ok(length <= 8192, String(length));
});

test("facets come in the order of the site, with the number of pages", async () => {
  const facets = await facetsOf(sample),
    everything = pages(SAMPLE);
  assert.deepEqual(
    facets.map(({ slug }) => slug),
    ["", "colour", "size"],
  );
  for (const { key, count } of facets.slice(1).flatMap(({ terms }) => terms))
    assert.equal(count, everything.filter(({ terms }) => terms.includes(key)).length);
});

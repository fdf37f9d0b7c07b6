// The search engine: queries in, results out, no DOM. The index and the ideas behind it are described in docs/search.md.
const searchEngine = (root, load = fetch) => {
  // Words as [word, start, end], cut and folded as src/search/words.rs does it.
  const sign = "[\\p{Alpha}\\p{M}\\p{N}]", unspaced = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{3ffff}]";
  const dense = `(?=${sign})${unspaced}`, letter = `(?!${unspaced})${sign}`, isDense = RegExp(dense, "u");
  const run = RegExp(`((?:${dense})+)|(?:(?<=${letter}['’])${letter}|${letter}(?=['’]${letter}))(?!${letter})|((?:${letter})+)[+#]*`, "gu");
  const plain = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", ς: "σ" };
  const fold = (w) => /^[!-~]*$/.test(w) ? w.slice(0, 40).toLowerCase() : [...w.slice(0, 160).normalize("NFKD")
    .replace(/([иИ]\u0306)|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g, "$1").toLowerCase()
    .replace(/[ßæœøłđıς]/g, (c) => plain[c]).normalize("NFC")].slice(0, 40).join("");
  const cuts = new Map();
  const cut = (text) => {
    if (!cuts.has(text)) {
      const found = [];
      for (const { 0: all, 1: signs, 2: word, index } of text.matchAll(run)) {
        let at = index;
        const add = (w) => found.push([fold(w), at, at + w.length]);
        if (word) add(word.length < 3 ? all : word);
        if (signs) [...signs].forEach((c, n, list) => { (!n || n < list.length - 1) && add(c + (list[n + 1] || "")); at += c.length; });
      }
      cuts.set(text, found.filter(([w]) => w));
    }
    return cuts.get(text);
  };
  const words = (text) => cut(text).map(([w]) => w);

  // Files are loaded and read once. A failure is forgotten, so that the next call tries again.
  const text = (bytes) => new TextDecoder().decode(bytes);
  let parts = new Map(), site;
  const get = async (url, options) => {
    const answer = await load(url, options);
    if (!answer.ok) throw Object.assign(Error(url + ": " + answer.status), { gone: answer.status === 404 });
    return /json$/.test(url) ? answer.json() : new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  };
  const part = (name, read = (data) => data) => {
    const here = parts;
    if (!here.has(name)) {
      here.set(name, get(root.replace(/[^/]*$/, "parts/" + name)).then(read));
      here.get(name).catch(() => here.delete(name));
    }
    return here.get(name);
  };
  // Where a part is gone, the site was published anew: once more, with the new root.
  const attempt = async (f, last) => {
    const here = site ||= get(root, { cache: "no-cache" }).then((bytes) => JSON.parse(text(bytes)));
    try {
      return await f(await here);
    } catch (e) {
      if (site === here) site = null;
      if (e.gone && !last) return attempt(f, parts = new Map());
      throw e;
    }
  };
  const named = (names, n, size) => names.substr((n - n % size) / size * 10, 10) + "-" + n % size;
  const numbers = (bytes, at = 0) => Object.assign(() => {
    let n = 0, unit = 1, b;
    do { n += ((b = bytes[at++]) & 127) * unit; unit *= 128; } while (b > 127);
    return n;
  }, { skip: (n) => (at += n) - n });

  // Shards: words with their kin, pages and impacts.
  const shard = (r, n) => part(named(r.shards, n, r.group) + ".bin", (bytes) => {
    const next = numbers(bytes), size = next(), start = next.skip(size), at = new Map();
    const [far, ...fronts] = text(bytes.subarray(start, start + size)).split("\n");
    const [shares, back, count, length] = [0, 0, 0, 0].map(() => fronts.map(() => next()));
    let word = "";
    const list = fronts.map((front, nth) => {
      const docs = next.skip(length[nth]);
      const e = { word: word = word.slice(0, shares[nth]) + front, far: [], count: count[nth], shard: n, nth };
      // Most words of a shard are never asked for.
      e.pages = () => {
        const next = numbers(bytes, docs);
        let page = -1;
        return Uint32Array.from(e.impacts, () => page += next());
      };
      at.set(word, e);
      return e;
    });
    list.forEach((e, n) => {
      const from = next.skip(e.count);
      e.impacts = bytes.subarray(from, from + e.count);
      (e.kin = back[n] ? list[n - back[n]].kin : []).push(e);
    });
    far.split(" ").forEach((w, n, all) => n % 2 && list[all[n - 1]].far.push(w));
    return { list, at };
  });
  const find = (r, w) => r.cuts.findLastIndex((cut) => cut <= w);
  const entry = async (r, w) => (await shard(r, find(r, w))).at.get(w);
  // Words that begin so, from the first three shards that may have such.
  const begun = async (r, w) => {
    const first = find(r, w), shards = [0, 1, 2].map((n) => first + n).filter((n) => n <= find(r, w + "\uffff"));
    return (await Promise.all(shards.map((n) => shard(r, n)))).flatMap(({ list }) => list.filter((e) => e.word.startsWith(w)));
  };

  // What a word may mean: entries with weights. The word itself counts most, then longer ones, then its other forms.
  const meant = async (r, w, open) => {
    const found = new Map(), add = (e, weight) => e && !(found.get(e) > weight) && found.set(e, weight), { length } = [...w];
    if (open) {
      // What many words begin with: titles that have one of them.
      const title = length < 4 && !isDense.test(w) && (length < 3 || find(r, w + "\uffff") > find(r, w) + 2) && await entry(r, "\x01" + w);
      if (title) add(title, .6); else for (const e of await begun(r, w)) add(e, .5 + .4 * w.length / e.word.length);
    }
    const own = await entry(r, w);
    if (own) {
      // Forms that stand elsewhere are worth a file where the word is rare.
      const far = own.count < 32 ? own.kin.flatMap((e) => e.far).slice(0, 2) : [];
      for (const e of [own, ...await Promise.all(far.map((w) => entry(r, w)))]) for (const form of e?.kin || []) add(form, .7);
      add(own, 1);
    }
    return found;
  };
  // Steps from one word to another: letters added, left out, changed or swapped; at least 9 where they are too many.
  // Of an open word the end may be missing.
  const steps = (a, b, most, open) => {
    let n = 0;
    while (n < a.length && a[n] === b[n]) n++;
    const rest = (i, j) => steps(a.slice(n + i), b.slice(n + j), most - 1, open);
    if (n === a.length && (open || n === b.length)) return 0;
    return most ? 1 + Math.min(rest(1, 1), rest(1, 0), rest(0, 1), a[n] === b[n + 1] && a[n + 1] === b[n] ? rest(2, 2) : 9) : 9;
  };
  // The words that are spelt most like one that is not there, each with how far it is, the likeliest first.
  const nearest = async (r, w, most, open) => {
    const best = new Map(), see = (word, level, open) => {
      const n = steps(w, word, most, open);
      if (n < 9) best.set(word, n - level / 30 + (w[0] !== word[0]) * .4);
    };
    // A mistake spares the beginning of a word, or its end.
    const end = w.charCodeAt(w.length - 1) * 31 + w.charCodeAt(w.length - 2), name = r.spelling[end % r.spelling.length];
    for (const e of (await shard(r, find(r, w))).list) if (e.word > "\x04") see(e.word, Math.log2(e.count), open);
    let word = "";
    if (name) for (const line of await part(name + ".json")) see(word = word.slice(0, parseInt(line[0], 36)) + line.slice(2), parseInt(line[1], 36));
    return [...best].sort((a, b) => a[1] - b[1]);
  };
  // What a word that is not there stands for: one with a slip, another form that begins alike, one with two slips.
  const meantBy = async (r, w, open) => {
    const [near] = w.length > 3 ? await nearest(r, w, 1 + (w.length > 7), open) : [];
    if (near?.[1] < 1.45) return near[0];
    const alike = w.length > 5 ? await begun(r, w.slice(0, Math.max(5, w.length - 4))) : [], far = (e) => Math.abs(e.word.length - w.length);
    return alike.sort((a, b) => far(a) - far(b))[0]?.word || near?.[0];
  };

  // The pages where these words stand side by side; `unsure` where one is too common for its places to be known.
  const phrase = async (r, list) => {
    const entries = await Promise.all(list.map((w) => entry(r, w)));
    if (!entries.every((e) => e)) return;
    const starts = new Map(), impacts = new Map(), found = { word: "" };
    entries.forEach((e, n) => {
      const here = new Map(Array.from(e.pages(), (p, k) => [p, e.impacts[k]]));
      if (!n) here.forEach((impact, p) => impacts.set(p, impact));
      // As good as the least of its words.
      impacts.forEach((impact, p) => here.has(p) ? here.get(p) < impact && impacts.set(p, here.get(p)) : impacts.delete(p));
    });
    const files = await Promise.all(entries.map((e) => part(named(r.shards, e.shard, r.group) + "p.bin")));
    entries.forEach((e, offset) => {
      const next = numbers(files[offset]);
      for (let n = e.nth; n; n--) next.skip(next());
      if (!next()) return found.unsure = list;
      for (const p of e.pages()) {
        const here = new Set(), before = starts.get(p);
        let place = -offset;
        for (let n = next(); n; n--) if (place += next(), impacts.has(p) && (!before || before.has(place))) here.add(place);
        here.size ? starts.set(p, here) : impacts.delete(p);
      }
    });
    const pages = [...impacts.keys()];
    return pages.length && Object.assign(found, { pages: () => pages, impacts: [...impacts.values()] });
  };

  // Texts, each `[url, title, kind, label, terms, summary, [[id, heading, text]…]]`, and excerpts from them.
  const textOf = async (r, page) => (await part(named(r.texts, Math.floor(page / r.file), r.segment) + ".json"))[page % r.file];
  const marked = (t, hit, from = 0, to = t.length) => {
    const out = [];
    let at = from;
    for (const [w, start, end] of cut(t)) if (start >= from && end > at && end <= to && hit(w)) {
      if (start > at || !out.length) out.push(t.slice(at, start), [""]);
      out.at(-1)[0] += t.slice(Math.max(at, start), at = end);
    }
    return [...out, t.slice(at, to)].filter((p) => p.length);
  };
  // The stretch of thirty words with most words of the query, best side by side, and how good it is.
  const stretch = (t, hit) => {
    const list = cut(t), hits = list.map(([w]) => hit(w));
    let best = 0, at = 0;
    hits.forEach((h, n) => {
      let seen = [], sum = 0;
      for (let k = n; h && k < n + 25; k++) if (hits[k]) {
        sum += (seen[hits[k]] ? .2 : 2) + (k > n && hits[k - 1] === hits[k] - 1);
        seen[hits[k]] = 1;
      }
      if (sum > best) [best, at] = [sum, n];
    });
    const first = at > 5 && list[at - 5], last = list[Math.max(at - 5, 0) + 30];
    return [best, [...first ? ["… "] : [], ...marked(t, hit, first ? first[1] : 0, last?.[2]), ...last ? [" …"] : []]];
  };
  const result = ([url, title, kind, label, terms, summary, sections], hit) => {
    const above = [[0, []], stretch(summary, hit)], headings = [];
    for (const [id, heading, body] of sections) {
      const [good, excerpt] = stretch(body, hit), all = good + stretch(heading, hit)[0] * 2;
      if (!id) above.push([good, excerpt]);
      else if (all) headings.push([all, { url: url + "#" + id, title: marked(heading, hit), excerpt }]);
    }
    headings.sort((a, b) => b[0] - a[0]).splice(2);
    const [, excerpt] = above.reduce((a, b) => b[0] > a[0] || !a[1].length ? b : a);
    return { url, title: marked(title, hit), kind, label, terms, excerpt, headings: headings.map(([, h]) => h) };
  };

  // What an impact is worth, by its byte: BM25 in the low half, the place in a title of so many words in the high one.
  const worth = Float32Array.from({ length: 256 }, (_, n) => .01 + (n & 15) * .15 + (n > 239 ? 2 : n > 15 && (n & 16 ? 4.2 : 4.6) / (.78 + .22 * (n + 16 >> 5))));

  const answer = async (r, query, filters, { limit = 10, live = () => true, counts = true, pause }) => {
    const size = r.pages, wanted = [], without = [], dropped = [], instead = [], terms = [];
    let last;
    for (const [all, minus, quoted, bare] of query.slice(0, 400).matchAll(/(-?)(?:"([^"]*)"|([^\s"]+))/g)) {
      const list = words(quoted ?? bare);
      last = !minus && bare && list.at(-1);
      if (list.length < 2 || !quoted && !minus) minus ? list[0] && without.push(...(await meant(r, list[0])).keys()) : wanted.push(...list);
      else {
        const found = await phrase(r, list);
        if (minus) without.push(found);
        else if (found) terms.push({ name: all, list, found: [[found, 1]] });
        else dropped.push(all), wanted.push(...list);
      }
    }
    const free = !terms.length && !wanted.length, known = terms.length, kinds = Object.keys(filters).filter((kind) => filters[kind].length);
    await Promise.all([...new Set(wanted)].slice(0, 20).map(async (w, n) => {
      const open = w === last && !/\s$/.test(query), loose = open && [...w].length < 3 && !isDense.test(w) && wanted.length > 1;
      let found = [...await meant(r, w, open)];
      if (!found.length && !loose) {
        const used = await meantBy(r, w, open);
        if (used) {
          instead.push([w, used]);
          found = [...await meant(r, used)].map(([e, weight]) => [e, weight * .6]);
        } else dropped.push(w);
      }
      if (found.length) terms[known + n] = { name: w, found, loose, open };
    }));
    if (!live()) return null;

    // Scores, and for each page how much of the query it has, all in all and in its title, how much of its title the
    // query covers, and which filters the page fails.
    const [score, best, share, covered, titled, place] = [0, 0, 0, 0, 0, 0].map(() => new Float32Array(size)), fails = new Uint32Array(size);
    const asked = terms.filter((t) => t);
    let whole = 0, most = 0;
    for (const t of asked) {
      t.pages = [];
      for (const [e, weight] of t.found) e.pages().forEach((p, k) => {
        const impact = e.impacts[k], s = weight * worth[impact];
        if (!best[p]) t.pages.push(p);
        if (s > best[p]) best[p] = s;
        if (weight >= .7 && impact > 15) place[p] = Math.max(place[p], impact > 239 ? .01 : 1 / (impact + 16 >> 5));
      });
      const n = t.pages.length, rare = Math.log(1 + (size - n + .5) / (n + .5));
      // What was quoted is never done without.
      const weight = t.loose ? 0 : (rare + .1) * (t.list ? 9 : 1);
      whole += weight;
      for (const p of t.pages) {
        score[p] += rare * best[p];
        share[p] += weight;
        if (place[p]) titled[p] += weight, covered[p] += place[p];
        best[p] = place[p] = 0;
      }
    }
    for (const e of without) if (e) for (const p of e.pages()) fails[p] = 1;
    await Promise.all(kinds.map(async (kind, k) => {
      const here = new Set();
      for (const e of await Promise.all(filters[kind].map((term) => entry(r, `\x02${kind}/${term}`)))) if (e) for (const p of e.pages()) here.add(p);
      fails.forEach((_, p) => here.has(p) || (fails[p] |= 2 << k));
    }));
    // All words must be there; of four and more, those that say most. Where no page has them, as many as one has.
    const everything = [...score.keys()].filter((p) => !fails[p]);
    for (const p of everything) most = Math.max(most, share[p]);
    const least = Math.min(most, whole * (asked.length > 3 ? .6 : 1)) * .9999, hit = (p) => free || score[p] && share[p] >= least;
    let list = everything.filter(hit);
    if (list[0] + 1) for (const t of asked) if (!t.loose && !t.pages.some((p) => !fails[p] && hit(p))) dropped.push(t.name);
    if (free) {
      const [high, low] = await Promise.all(["\x030", "\x031"].map((w) => entry(r, w)));
      if (!kinds.length && !without.length) list = [];
      for (const p of list) score[p] = -high.impacts[p] * 256 - low.impacts[p];
    }
    // What is called as the query says stands above all that only hold its words.
    for (const p of list) if (titled[p] > whole * .9999) score[p] *= covered[p] > .99 ? 1.5 : 1.25;
    list.sort((a, b) => score[b] - score[a] || a - b);

    // Of each term, the pages that the filters of the other kinds leave.
    const tally = {};
    if (counts) await Promise.all((await part(r.facets + ".json")).flatMap(({ slug, terms }) => terms.map(async ({ key }) => {
      const e = await entry(r, "\x02" + key), own = kinds.includes(slug) ? 2 << kinds.indexOf(slug) : 0;
      tally[key] = e ? e.pages().filter((p) => !(fails[p] & ~own) && hit(p)).length : 0;
    })));

    const marks = new Map(), unsure = asked.flatMap(({ found: [[e]] }) => e.unsure ? [e.unsure] : []);
    asked.forEach(({ list, found }, bit) => (list || found.map(([e]) => e.word)).forEach((w, n) => marks.set(w, (bit + 1) * 50 + n * !!list)));
    const mark = (w) => marks.get(w) || +(!!last && asked.at(-1)?.open && w.startsWith(last));
    // Where the places of a phrase's words are not known, its texts are looked through.
    const holds = ([, title,,,, summary, sections]) => unsure.every((list) => [title, summary, ...sections.flat()].some((t) => ` ${words(t).join(" ")} `.includes(` ${list.join(" ")} `)));
    const results = [];
    await pause;
    for (let at = 0; at < list.length && at < (unsure[0] ? limit * 5 : 1) && results.length < limit && live(); at += limit) {
      const texts = await Promise.all(list.slice(at, at + limit).map((p) => textOf(r, p)));
      results.push(...texts.filter(holds).slice(0, limit - results.length).map((t) => result(t, mark)));
    }
    const near = list.length || !dropped.length ? [] : (await nearest(r, words(dropped[0])[0], 3)).slice(0, 3).map(([w]) => w);
    if (cuts.size > 9999) cuts.clear();
    return live() ? { total: list.length, results, counts: tally, dropped, instead, near } : null;
  };

  return {
    facets: () => attempt((r) => part(r.facets + ".json")),
    search: (query, filters = {}, options = {}) => attempt((r) => answer(r, query, filters, options)),
  };
};

// The search engine: queries in, results out, no DOM. The index and the ideas behind it are described in docs/search.md.
const searchEngine = (root, load = fetch) => {
  // Words, cut and folded as src/search/words.rs does it.
  const dense = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{323af}]";
  const letter = `(?:(?!${dense})[\\p{Alpha}\\p{M}\\p{N}])`, isDense = RegExp(dense, "u");
  const run = RegExp(`${dense}+|(${letter}+)[+#]*`, "gu"), cutOff = [RegExp(`${letter}['’]$`, "u"), RegExp(`^['’]${letter}`, "u")];
  const plain = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", ς: "σ" };
  const front = (w, n) => [...w.slice(0, 2 * n)].slice(0, n).join("");
  const fold = (w) => /^[!-~]*$/.test(w) ? w.slice(0, 40).toLowerCase() : front(front(w, 160).normalize("NFKD")
    .replace(/([иИ]\u0306)|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g, "$1").toLowerCase()
    .replace(/[ßæœøłđıς]/g, (c) => plain[c]).normalize("NFC"), 40);
  const words = (text) => {
    const found = [];
    for (const { 0: all, 1: word, index: at } of text.matchAll(run)) {
      const add = (from, length) => found.push([fold(text.substr(from, length)), from, from + length]);
      const { length } = [...front(word || "", 3)], size = length < 3 ? all.length : word?.length;
      if (!word) {
        const signs = [...all];
        for (let n = 0, p = at; !n || n < signs.length - 1; p += signs[n++].length) add(p, (signs[n] + (signs[n + 1] || "")).length);
      } else if (size > 1 || !cutOff[0].test(text.slice(at - 3, at)) && !cutOff[1].test(text.substr(at + 1, 3))) add(at, size);
    }
    return found.filter(([w]) => w);
  };

  // Files are loaded and read once. A failure is forgotten, so that the next call tries again.
  const text = (bytes) => new TextDecoder().decode(bytes), json = (bytes) => JSON.parse(text(bytes));
  let parts = new Map(), site;
  const get = async (url, options) => {
    const answer = await load(url, options);
    if (!answer.ok) throw Object.assign(Error(url + ": " + answer.status), { gone: answer.status === 404 });
    return new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  };
  const part = (name, read) => {
    const here = parts;
    if (!here.has(name)) {
      here.set(name, get(root.replace(/[^/]*$/, `parts/${name}.bin`)).then(read));
      here.get(name).catch(() => here.delete(name));
    }
    return here.get(name);
  };
  // Where a part is gone, the site was published anew: once more, with the new root.
  const attempt = async (f, last) => {
    const here = site ||= get(root, { cache: "no-cache" }).then(json);
    try {
      return await f(await here);
    } catch (e) {
      if (site === here) [site, parts] = [null, e.gone ? new Map() : parts];
      if (e.gone && !last) return attempt(f, true);
      throw e;
    }
  };
  const named = (hashes, n) => hashes.substr(n * 10, 10);
  const numbers = (bytes, at) => Object.assign(() => {
    let n = 0, unit = 1, b;
    do { n += ((b = bytes[at++]) & 127) * unit; unit *= 128; } while (b > 127);
    return n;
  }, { skip: (n) => (at += n) - n });

  // Shards: words with their kin and postings.
  const shard = (r, n) => part(named(r.shards, n), (bytes) => {
    const next = numbers(bytes, 0), size = next(), start = next.skip(size);
    const [files, far, ...fronts] = text(bytes.subarray(start, start + size)).split("\n");
    const [shares, back, count, length] = [0, 0, 0, 0].map(() => fronts.map(next));
    const list = [], at = new Map(), places = files.split(" ");
    let before = "", f = 0;
    fronts.forEach((front, n) => {
      before = before.slice(0, shares[n]) + front;
      while (+places[f + 2] <= n && places[f + 2]) f += 2;
      const kin = back[n] ? list[n - back[n]].kin : [];
      const entry = { word: before, kin, far: [], count: count[n], bytes, docs: next.skip(length[n]), file: places[f + 1], nth: n - places[f] };
      kin.push(entry);
      list.push(entry);
      at.set(before, entry);
    });
    list.forEach((entry) => entry.impacts = bytes.subarray(entry.from = next.skip(entry.count), entry.from + entry.count));
    far.split(" ").forEach((w, n, all) => n % 2 && list[all[n - 1]].far.push(w));
    return { list, at };
  });
  const pages = (entry) => {
    if (!entry.pages) {
      const next = numbers(entry.bytes, entry.docs);
      let page = -1;
      entry.pages = Uint32Array.from(entry.impacts, () => page += next());
    }
    return entry.pages;
  };
  const find = (r, w) => {
    let low = 0, high = r.cuts.length - 1;
    while (low < high) {
      const middle = low + high + 1 >> 1;
      if (r.cuts[middle] <= w) low = middle; else high = middle - 1;
    }
    return low;
  };
  const entryOf = async (r, w) => (await shard(r, find(r, w))).at.get(w);

  // What a word may mean: entries with weights. The exact word counts most, then longer ones, forms, typing mistakes.
  const meant = async (r, w, open) => {
    const found = new Map(), add = (e, weight) => e && !(found.get(e) >= weight) && found.set(e, weight);
    const short = open && [...w].length < 3 && !isDense.test(w), first = find(r, w);
    let last = open && !short ? find(r, w + "\uffff") : first;
    if (short || last > first + 2) {
      add(await entryOf(r, "\x01" + front(w, 3)), .6);
      last = first;
    }
    for (const { list } of await Promise.all([...Array(last - first + 1)].map((_, n) => shard(r, first + n)))) {
      for (const e of list) if (open && !short && e.word.startsWith(w)) add(e, .5 + .4 * w.length / e.word.length);
    }
    const own = await entryOf(r, w);
    if (own) {
      add(own, 1);
      for (const e of own.kin) add(e, .75);
      for (const e of await Promise.all(own.kin.flatMap((e) => e.far).slice(0, 4).map((w) => entryOf(r, w)))) add(e, .75);
    }
    return found;
  };
  // Steps from one word to another: letters added, left out, changed or swapped. Of an open word the end may be missing.
  const steps = (a, b, most, open) => {
    if (open) b = b.slice(0, a.length + most);
    if (Math.abs(a.length - b.length) > most) return 9;
    let before, row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        let n = Math.min(row[j], next[j - 1], row[j - 1] - (a[i - 1] === b[j - 1])) + 1;
        if (i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) n = Math.min(n, before[j - 2] + 1);
        next[j] = n;
        least = Math.min(least, n);
      }
      if (least > most) return 9;
      [before, row] = [row, next];
    }
    return open ? Math.min(...row) : row[b.length];
  };
  // The words that are spelt most like one that is not there, the likeliest first.
  const nearest = async (r, w, most, open) => {
    const best = new Map(), see = (word, level) => {
      const n = steps(w, word, most, open);
      if (n <= most) best.set(word, n - level / 30 + (w[0] !== word[0]) * .4);
    };
    for (const e of (await shard(r, find(r, w))).list) if (e.word > "\x04") see(e.word, Math.log2(e.count));
    const names = Object.keys(r.spelling).filter((n) => Math.abs(n - w.length) <= most + open);
    for (const list of await Promise.all(names.map((n) => part(r.spelling[n], text)))) {
      let word = "";
      for (const line of list.split("\n")) if (line) see(word = word.slice(0, parseInt(line[0], 36)) + line.slice(2), parseInt(line[1], 36));
    }
    return [...best.keys()].sort((a, b) => best.get(a) - best.get(b));
  };

  // The pages where these words stand side by side; `unsure` where words are too common for their places to be known.
  const phrase = async (r, list) => {
    const entries = await Promise.all(list.map((w) => entryOf(r, w)));
    if (!entries.every((e) => e)) return;
    const rarest = entries.reduce((a, b) => b.count < a.count ? b : a);
    let starts = new Map(Array.from(pages(rarest), (page) => [page]));
    for (const e of entries) {
      const here = new Set(pages(e));
      starts.forEach((_, page) => here.has(page) || starts.delete(page));
    }
    let unsure = 0;
    await Promise.all(entries.map(async (e, offset) => {
      const bytes = await part(e.file, (b) => b), next = numbers(bytes, 0);
      for (let n = e.nth; n; n--) next.skip(next());
      if (!next()) return unsure = 1;
      for (const page of pages(e)) {
        let place = -offset, n = next();
        const here = new Set(), before = starts.get(page), known = starts.has(page);
        while (n--) place += next(), (!before || before.has(place)) && here.add(place);
        if (known) here.size ? starts.set(page, here) : starts.delete(page);
      }
    }));
    const kept = [...pages(rarest).keys()].filter((n) => starts.has(rarest.pages[n]));
    return { unsure, entry: { word: "", pages: kept.map((n) => rarest.pages[n]), impacts: kept.map((n) => rarest.impacts[n]) } };
  };

  // Texts: `[url, title, kind, label, terms, summary, [[id, heading, text]…]]`, and excerpts from them.
  const textOf = async (r, page) => {
    const n = page % r.segment, name = named(r.texts, (page - n) / r.segment) + "-" + Math.floor(n / r.file);
    return (await part(name, json))[n % r.file];
  };
  const cuts = new Map(), cut = (t) => cuts.get(t) || cuts.set(t, words(t)).get(t);
  const marked = (t, hit, from = 0, to = t.length) => {
    const out = [];
    let at = from;
    for (const [w, start, end] of cut(t)) {
      if (start < from || end > to || end <= at || !hit(w)) continue;
      if (start > at || !out.length) out.push(t.slice(at, start), [""]);
      out.at(-1)[0] += t.slice(Math.max(at, start), end);
      at = end;
    }
    return [...out, t.slice(at, to)].filter((p) => p.length);
  };
  // The best stretch of some thirty words, and how good it is: many words of the query, close together.
  const stretch = (t, hit) => {
    const list = cut(t), hits = list.map(([w]) => hit(w));
    let best = 0, at = 0;
    hits.forEach((h, n) => {
      if (!h) return;
      const seen = new Set();
      let sum = 0;
      for (let k = n; k < n + 26; k++) if (hits[k]) sum += (seen.has(hits[k]) ? .2 : 2) + (k > n && hits[k - 1] && hits[k - 1] !== hits[k]), seen.add(hits[k]);
      if (sum > best) [best, at] = [sum, n];
    });
    const first = list[Math.max(0, at - 5)], last = list[Math.max(0, at - 5) + 30];
    const parts = first ? marked(t, hit, at > 5 ? first[1] : 0, last && last[2]) : [];
    return [best, [...at > 5 ? ["… "] : [], ...parts, ...last ? [" …"] : []]];
  };
  const shown = ([url, title, kind, label, terms, summary, sections], hit) => {
    const headings = sections.filter(([id]) => id).map(([id, heading, body]) => {
      const [good, excerpt] = stretch(body, hit);
      return { good: good + cut(heading).filter(([w]) => hit(w)).length * 2, url: `${url}#${id}`, title: marked(heading, hit), excerpt };
    }).filter((h) => h.good).sort((a, b) => b.good - a.good).slice(0, 2);
    const above = [summary, ...sections.filter(([id]) => !id).map(([, , body]) => body)].filter((t) => t).map((t) => stretch(t, hit));
    const [, excerpt] = above.reduce((a, b) => b[0] > a[0] ? b : a, above[0] || [0, headings[0]?.excerpt || []]);
    return { url, title: marked(title, hit), kind, label, terms, excerpt, headings: headings.map(({ good, ...h }) => h) };
  };

  // What an impact is worth, by its byte: BM25 in the low half, the place in a title of so many words in the high one.
  const worth = Float32Array.from({ length: 256 }, (_, n) => (n & 15) * .15 + (n > 239 ? 2 : n > 15 ? 4.2 / (1 + .22 * ((n >> 5) + (n >> 4 & 1) - 1)) * (n & 16 ? 1 : 1.1) : 0));

  const answer = async (r, query, filters, { limit = 10, live = () => true, counts: counting = true }) => {
    const n = r.pages, terms = [], without = [], dropped = [], instead = [], near = [], typed = new Map();
    query = query.slice(0, 500);
    for (const [all, minus, quoted, closed, bare] of query.matchAll(/(-?)(?:"([^"]*)("?)|([^\s"]+))/g)) {
      const list = words(quoted ?? bare).map(([w]) => w);
      if (minus) without.push(list);
      else if (list.length > 1 && closed) typed.set(all, list);
      else for (const w of list) typed.set(w, w);
    }
    const end = words(query).at(-1)?.[0], endless = /[^\s"]$/.test(query) && !/(^|\s)-\S*$/.test(query);
    await Promise.all([...typed].slice(0, 16).map(async ([name, list], order) => {
      const make = async (w, order) => {
        const open = endless && w === end;
        let found = await meant(r, w, open), loose = open && [...w].length < 3 && typed.size > 1;
        if (!found.size && !loose) {
          const most = w.length > 7 ? 2 : +(w.length > 3), [best, ...more] = most ? await nearest(r, w, most + (w.length > 5), open) : [];
          const used = best && steps(w, best, most, open) <= most && best;
          if (used) {
            instead.push([w, used]);
            found = new Map(Array.from(await meant(r, used), ([e, weight]) => [e, weight * .6]));
          } else {
            near.push(...[best, ...more].filter((w) => w).slice(0, 3));
            dropped.push(w);
          }
        }
        if (found.size) terms.push({ name: w, found, loose, order, open: open && w });
      };
      if (typeof list === "string") return make(list, order);
      const found = await phrase(r, list);
      if (found?.entry.pages.length) terms.push({ name, list, order, unsure: found.unsure, found: new Map([[found.entry, 1]]) });
      else {
        dropped.push(name);
        await Promise.all(list.map((w, n) => typed.has(w) || make(w, order + n / 99)));
      }
    }));
    terms.sort((a, b) => a.order - b.order);
    if (!live()) return null;

    // Scores, and for each page which words it has.
    const score = new Float32Array(n), best = new Float32Array(n), covered = new Float32Array(n), has = new Uint32Array(n), fails = new Uint8Array(n);
    let need = 0;
    terms.forEach(({ found, loose }, bit) => {
      const touched = [];
      for (const [e, weight] of found) {
        const list = pages(e);
        for (let k = 0; k < list.length; k++) {
          const page = list[k], impact = e.impacts[k], s = weight * worth[impact];
          if (!best[page]) touched.push(page);
          if (s > best[page]) best[page] = s;
          if (weight === 1 && impact > 15 && impact < 240) covered[page] += 1 / (impact + 16 >> 5);
        }
      }
      const rare = Math.log(1 + (n - touched.length + .5) / (touched.length + .5));
      for (const page of touched) {
        score[page] += rare * best[page];
        best[page] = 0;
        has[page] |= 1 << bit;
      }
      if (!loose) need |= 1 << bit;
    });
    for (const list of without) {
      const found = list.length > 1 ? [(await phrase(r, list))?.entry] : list.length ? (await meant(r, list[0])).keys() : [];
      for (const e of found) if (e) for (const page of pages(e)) fails[page] |= 128;
    }
    const kinds = Object.keys(filters).filter((kind) => filters[kind]?.length).slice(0, 7);
    await Promise.all(kinds.map(async (kind, bit) => {
      const lists = await Promise.all(filters[kind].map((term) => entryOf(r, `\x02${kind}/${term}`)));
      const here = new Uint8Array(n);
      for (const e of lists) if (e) for (const page of pages(e)) here[page] = 1;
      here.forEach((is, page) => is || (fails[page] |= 1 << bit));
    }));
    const bits = (x) => { let n = 0; for (; x; x &= x - 1) n++; return n; };
    const collect = () => {
      const list = [];
      if (terms.length || !typed.size && (kinds.length || without.length)) for (let p = 0; p < n; p++) if (!fails[p] && (has[p] & need) === need && (need || has[p] || !terms.length)) list.push(p);
      return list;
    };
    let list = collect();
    if (!list.length && terms.length > 1) {
      // No page has all words: those of the page that has most.
      let most = 0, top = 0;
      for (let p = 0; p < n; p++) if (!fails[p] && has[p] & need) {
        const good = bits(has[p] & need) + score[p] / 1e4;
        if (good > top) [top, most] = [good, has[p] & need];
      }
      if (most) {
        terms.forEach((t, bit) => need & ~most & 1 << bit && dropped.push(t.name));
        need = most;
        list = collect();
      }
    }
    const total = list.length;
    if (!typed.size && total) {
      const ranks = await Promise.all(["\x030", "\x031"].map((w) => entryOf(r, w)));
      for (const p of list) score[p] = -ranks[0].impacts[p] * 256 - ranks[1].impacts[p];
    }
    for (const p of list) if (covered[p] > .99) score[p] *= 1.5;
    list.sort((a, b) => score[b] - score[a] || a - b);

    // Live counts: of each term, the pages that the filters of the other kinds leave.
    let counts = null;
    if (counting) {
      counts = {};
      const all = typed.size || without.length ? (p) => (has[p] & need) === need && (need || has[p]) && terms.length || !typed.size : () => true;
      const facets = await part(r.facets, json);
      await Promise.all(facets.flatMap(({ slug, terms }) => terms.map(async ({ key }) => {
        const e = await entryOf(r, "\x02" + key), bit = kinds.indexOf(slug), other = bit < 0 ? 255 : 255 & ~(1 << bit);
        counts[key] = 0;
        if (e) for (const p of pages(e)) if (!(fails[p] & other) && all(p)) counts[key]++;
      })));
    }

    // Texts; where a phrase is of common words, only they can tell.
    const marks = new Map(), opens = terms.filter((t) => t.open).map((t) => t.open);
    terms.forEach((t, bit) => {
      for (const w of t.list || [...t.found.keys()].map((e) => e.word)) marks.set(w, bit + 1);
    });
    const hit = (w) => marks.get(w) || (opens.some((o) => w.startsWith(o)) ? 32 : 0), unsure = terms.filter((t) => t.unsure);
    const holds = (record) => unsure.every(({ list }) => [record[1], record[5], ...record[6].flatMap(([, ...both]) => both)]
      .some((t) => ` ${cut(t).map(([w]) => w).join(" ")} `.includes(` ${list.join(" ")} `)));
    const results = [];
    for (let at = 0; at < total && at < 60 && results.length < limit && live(); at += limit) {
      const records = await Promise.all(list.slice(at, at + limit).map((p) => textOf(r, p)));
      for (const record of records) if (holds(record) && results.length < limit) results.push(shown(record, hit));
      if (!unsure.length) break;
    }
    if (cuts.size > 5000) cuts.clear();
    return live() ? { total, results, counts, dropped, instead, near: total ? [] : near } : null;
  };

  return {
    facets: () => attempt(async (r) => (await part(r.facets, json))),
    search: (query, filters = {}, options = {}) => attempt((r) => answer(r, query, filters, options)),
  };
};

// The search engine: queries in, results out, no DOM. The index and the ideas behind it are described in docs/search.md.
const searchEngine = (root, load = fetch) => {
  // Words as [word, start, end], cut and folded as src/search/words.rs does it, whose rules the index brings along.
  let rule, diacritics, plain;
  const fold = (w) => /^[!-~]*$/.test(w) ? w.slice(0, 40).toLowerCase() : w.slice(0, 160).normalize("NFKD").replace(diacritics, "$1").toLowerCase()
    .replace(/./gu, (c) => plain[c] || c).normalize("NFC").slice(0, 40);
  const once = (map, key, f) => {
    if (!map.has(key)) map.set(key, f());
    return map.get(key);
  };
  const cuts = new Map();
  const cut = (text) => once(cuts, text, () => Array.from(text.matchAll(rule), ({ 2: pair, 1: word = pair, index }) => word ? [fold(word), index, index + word.length] : [])
    .filter(([w]) => w));
  const words = (text) => cut(text).map(([w]) => w);
  // What an open word may yet become is too much where it is short, but for scripts whose words are.
  const short = (w) => !w[2] && w < "\u0e00";
  // Steps from one word to another: letters added, left out, changed or swapped; at least 9 where they are too many.
  // Of an open word the end may be missing.
  const steps = (a, b, most, open) => {
    let n = 0;
    while (n < a.length && a[n] === b[n]) n++;
    const rest = (i, j) => steps(a.slice(n + i), b.slice(n + j), most - 1, open);
    if (n === a.length && (open || n === b.length)) return 0;
    return most ? 1 + Math.min(rest(1, 1), rest(1, 0), rest(0, 1), a[n] === b[n + 1] && a[n + 1] === b[n] ? rest(2, 2) : 9) : 9;
  };
  // A reader of numbers or, if told how many, of bytes.
  const numbers = (bytes, at = 0) => (many) => {
    if (many + 1) return bytes.subarray(at, at += many);
    let n = 0, shift = 0, b;
    do n |= ((b = bytes[at++]) & 127) << shift; while (shift += 7, b > 127);
    return n;
  };
  const bytes = async (answer) => new Uint8Array(await answer.arrayBuffer());

  // Excerpts: texts as lists of strings, and lists of one string where that is marked.
  const marked = (t, hit, from = 0, to = t.length) => {
    const out = [];
    let at = from;
    for (const [w, start, end] of cut(t)) if (start >= from && end > at && end <= to && hit(w)) {
      if (start > at || !out.length) out.push(t.slice(at, start), [""]);
      out.at(-1)[0] += t.slice(Math.max(at, start), at = end);
    }
    return [...out, t.slice(at, to)].filter((p) => p[0]);
  };
  // The stretch of thirty words with most words of the query, best side by side: how good it is, and its text.
  const stretch = (t, hit) => {
    const list = cut(t), hits = list.map(([w]) => hit(w));
    let best = 0, at = 0;
    hits.forEach((h, n) => {
      const near = h ? hits.slice(n, n + 25) : [], found = near.filter((h) => h);
      const sum = new Set(found).size * 2 + found.length / 5 + near.filter((h, k) => h && h - 1 === near[k - 1]).length;
      if (sum > best) [best, at] = [sum, n];
    });
    const first = at > 5 && list[at -= 5], last = list[first ? at + 30 : 30];
    return [best, [first ? "… " : "", ...marked(t, hit, first[1], last?.[2]), last ? " …" : ""]];
  };
  const result = ([url, title, look, label, terms, summary, sections], hit) => {
    const headings = [];
    let above = stretch(summary, hit);
    for (const [id, heading, body] of sections) {
      const here = stretch(body, hit);
      if (id) headings.push([here[0] + stretch(heading, hit)[0] * 2, { url: url + "#" + id, title: marked(heading, hit), excerpt: here[1] }]);
      else if (here[0] > above[0] || !summary) above = here;
    }
    return {
      url, title: marked(title, hit), look, label, terms, excerpt: above[1],
      headings: headings.filter(([good]) => good).sort((a, b) => b[0] - a[0]).slice(0, 2).map(([, h]) => h),
    };
  };

  // By the byte of an impact: the share of the title that it stands for, and what it is worth, BM25 by the low half and
  // the place in a title of so many words by the high one.
  const ofTitle = Array.from({ length: 256 }, (_, n) => n < 16 ? 0 : n > 239 ? .01 : 1 / (n + 16 >> 5));
  const worth = ofTitle.map((part, n) => .01 + (n & 15) * .15 + (n > 239 ? 2 : part && (n & 16 ? 4.2 : 4.6) / (.78 + .22 / part)));

  // A site as it was published at one time. Files are loaded and read once; the root alone may change under its name.
  const open = async () => {
    const parts = new Map();
    const part = (path, read = (answer) => answer.json(), cache) => once(parts, path, async () => {
      const answer = await load(root.replace(/[^/]*$/, path), { cache });
      if (!answer.ok) throw Error(answer.status);
      return read(/json$/.test(path) ? answer : new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))));
    });
    const [size, file, card, segment, group, starts, shards, texts, spelling, facets, cutting, points, letters] = await part("root.bin", undefined, "no-cache");
    rule = RegExp(cutting, "gv");
    diacritics = RegExp(points, "gv");
    plain = letters;
    const named = (names, n, each, end) => `parts/${names.substr((n / each | 0) * 10, 10)}/${n % each}${end}`;

    // Shards: lists of words with their kin, pages and impacts.
    const shard = (n) => part(named(shards, n, group, ".bin"), async (answer) => {
      const next = numbers(await bytes(answer)), lines = new TextDecoder().decode(next(next())).split("\n"), list = [], all = new Map();
      const [shares, back, counts] = [0, 0, 0].map(() => lines.map(() => next()));
      let word = "";
      lines.forEach((line, nth) => {
        const [front, ...far] = line.split(" ");
        let page = -1;
        word = word.slice(0, shares[nth]) + front;
        const e = { word, far, places: [n, nth], kin: back[nth] ? list[nth - back[nth]].kin : [], pages: Uint32Array.from({ length: counts[nth] }, () => page += next()) };
        all.set(word, list[nth] = e);
        e.kin.push(e);
      });
      for (const e of list) e.impacts = next(e.pages.length);
      return all;
    });
    const find = (w) => starts.findLastIndex((cut) => cut <= w);
    const entries = async (list) => (await Promise.all(list.map(async (w) => (await shard(find(w))).get(w)))).filter((e) => e);

    // What a word may mean: entries with weights. The word itself counts most, then longer ones, then its other forms.
    const meant = async (w, open) => {
      const found = new Map(), add = (list, weight) => list.forEach((e) => found.get(e) > weight || found.set(e, weight));
      if (open) {
        // Words that begin so, from three shards; where more have such, titles that have one of them.
        const first = find(w), last = find(w + "\uffff"), many = short(w) || !w[3] && last > first + 2 ? await entries(["\x01" + w]) : [];
        add(many, .6);
        if (!many[0]) for (const list of await Promise.all([0, 1, 2].map((n) => first + n > last ? [] : shard(first + n)))) {
          for (const [word, e] of list) if (word.startsWith(w)) add([e], .5 + .4 * w.length / word.length);
        }
      }
      const [own] = await entries([w]);
      if (own) {
        // Forms that stand elsewhere are worth a file where the word is rare.
        const far = own.pages.length < 32 ? own.kin.flatMap((e) => e.far).slice(0, 2) : [];
        add([own, ...await entries(far)].flatMap((e) => e.kin), .7);
        add([own], 1);
      }
      return [...found];
    };
    // Words that one which is not there may stand for, the likeliest first: those with a slip, another form that begins
    // alike, those with more slips.
    const nearest = async (w, most, open) => {
      const best = new Map(), front = w.slice(0, Math.max(5, w.length - 4)), see = (word, level, open) => {
        let n = steps(w, word, most, open) - level / 30 + (w[0] !== word[0]) * .4;
        if (word.startsWith(front)) n = Math.min(n, 1.45 + Math.abs(word.length - w.length) / 30);
        if (n < 8) best.set(word, n);
      };
      // A mistake spares the beginning of a word, or its end.
      for (const [word, e] of await shard(find(w))) if (word > "\x04") see(word, Math.log2(e.pages.length), open);
      const end = w.charCodeAt(w.length - 1) * 31 + w.charCodeAt(w.length - 2), name = spelling[end % spelling.length];
      if (name) for (const word of await part(name)) see(word.slice(1), parseInt(word[0], 36));
      return [...best].sort((a, b) => a[1] - b[1]).map(([word]) => word);
    };

    // The pages with all words of a phrase, as good as the least of them. Where these are many, the places of the words
    // are asked; `unsure` where only the texts can tell whether the words stand side by side.
    const phrase = async (list, sure) => {
      const all = await entries(list), begun = new Map();
      let here = new Map(), unsure;
      [...all].sort((a, b) => a.pages.length - b.pages.length).forEach((e, n) => {
        const before = here;
        here = new Map();
        e.pages.forEach((p, k) => (!n || before.has(p)) && here.set(p, Math.min(e.impacts[k], before.get(p) ?? 255)));
      });
      if (all.length < list.length) here.clear();
      if (sure ? here.size : here.size * file > 5) {
        const files = await Promise.all(all.map(({ places: [n] }) => part(named(shards, n, group, "p.bin"), bytes)));
        all.forEach((e, offset) => {
          const next = numbers(files[offset]);
          for (let n = e.places[1]; n--;) next(next());
          if (!next()) return unsure = list;
          for (const p of e.pages) {
            const at = here.has(p) && new Set(), before = begun.get(p);
            let place = -offset;
            for (let n = next(); n--;) if (place += next(), at && (!before || before.has(place))) at.add(place);
            at.size ? begun.set(p, at) : here.delete(p);
          }
        });
      } else unsure = list;
      return { unsure, pages: [...here.keys()], impacts: [...here.values()] };
    };

    // What is known of a page: `[url, title, look, label, terms, summary, [[id, heading, text]…]]`; a card has no texts.
    const about = async (page, each, what) => (await part(named(texts, page / each | 0, segment / each, what + ".json")))[page % each];
    const search = async (query, filters, options) => {
      const { limit = 10, live = () => true, first, pause } = options, dropped = [], instead = [], without = [], wanted = new Set(), terms = [], list = [];
      const kinds = Object.keys(filters);
      let last;
      for (const [name, minus, quoted, bare] of query.slice(0, 400).matchAll(/(-?)(?:"([^"]*)"|([^\s"]+))/g)) {
        const list = words(quoted ?? bare);
        last = !minus && bare && list.at(-1);
        if (list[1] && (minus || quoted)) {
          const found = await phrase(list, minus);
          if (minus) without.push(found);
          else if (found.pages[0] + 1) terms.push({ name, words: list.map((w) => [w]), found: [[found, 1]] });
          else dropped.push(name), list.forEach((w) => wanted.add(w));
        } else for (const w of list) minus ? without.push(...(await meant(w)).map(([e]) => e)) : wanted.add(w);
      }
      const open = !/\s$/.test(query) && last, free = !terms[0] && !wanted.size;
      const asked = [...terms, ...await Promise.all([...wanted].slice(0, 20).map(async (w) => {
        const loose = w === open && short(w) && wanted.size > 1;
        let found = await meant(w, w === open);
        if (!found[0] && !loose) {
          const [used] = w[3] ? await nearest(w, w[7] ? 2 : 1, w === open) : [];
          if (used) {
            instead.push([w, used]);
            found = (await meant(used)).map(([e, weight]) => [e, weight * .6]);
          } else dropped.push(w);
        }
        return { name: w, words: [found.map(([e]) => e.word)], found, loose };
      }))].filter((t) => t.found[0]);
      if (!live()) return null;

      // For each page its score, how much of the query it has, how much of its title the query covers and, in sixteens,
      // how many words of the query that has; and which filters the page fails.
      const [score, share, titles, best, covers] = [0, 0, 0, 0, 0].map(() => new Float32Array(size)), fails = new Int32Array(size);
      let whole = 0, most = 0, all = 0;
      for (const t of asked) {
        t.pages = [];
        for (const [{ pages, impacts }, weight] of t.found) for (let k = 0; k < pages.length; k++) {
          const p = pages[k], s = weight * worth[impacts[k]];
          if (!best[p]) t.pages.push(p);
          if (s > best[p]) best[p] = s, covers[p] = weight < .7 ? 0 : ofTitle[impacts[k]];
        }
        const n = t.pages.length, rare = Math.log(1 + (size - n + .5) / (n + .5));
        // What was quoted is never done without.
        const weight = t.loose ? 0 : (rare + .1) * (t.words[1] ? 9 : 1), word = t.loose ? 0 : 16;
        whole += weight;
        all += word;
        for (const p of t.pages) {
          score[p] += rare * best[p];
          share[p] += weight;
          titles[p] += covers[p] && covers[p] + word;
          best[p] = 0;
        }
      }
      for (const e of without) for (const p of e.pages) share[p] = -1;
      // Every filter but those of the kind that a term's entry is of.
      const others = ({ word }) => ~(1 << kinds.indexOf(word.slice(1).split("/")[0]));
      fails.fill((1 << kinds.length) - 1);
      for (const e of await entries(kinds.flatMap((kind) => filters[kind].map((term) => `\x02${kind}/${term}`)))) {
        const left = others(e);
        for (const p of e.pages) fails[p] &= left;
      }
      // All words must be there; of four and more, those that say most. Where no page has them, as many as one has.
      share.forEach((s, p) => fails[p] || s < most || (most = s));
      const least = Math.min(most, whole * (asked[3] ? .6 : 1)) * .9999;
      share.forEach((s, p) => {
        if (s < least || !free && !score[p]) fails[p] = -1;
        // What is called as the query says stands above all that only hold its words.
        else if (!fails[p]) score[p] *= titles[p] < all ? 1 : titles[p] % 16 > .99 ? 1.5 : 1.25, list.push(p);
      });
      if (list[0] + 1) for (const t of asked) if (!t.loose && t.pages.every((p) => fails[p])) dropped.push(t.name);
      if (free) {
        const [high, low] = await entries(["\x030", "\x031"]);
        if (!kinds[0] && !without[0]) list.length = 0;
        for (const p of list) score[p] = -high.impacts[p] * 256 - low.impacts[p];
      }
      list.sort((a, b) => score[b] - score[a] || a - b);

      const marks = new Map(), unsure = asked.filter((t) => t.found[0][0].unsure);
      asked.flatMap((t) => t.words).forEach((all, n) => all.forEach((w) => marks.set(w, n + 1)));
      const mark = (w) => marks.get(w) || open && w.startsWith(open);
      // Where the places of a phrase's words are not known, its texts are looked through.
      const holds = ([, title,,,, summary, sections]) => unsure.every((t) => [title, summary, ...sections.flat()].some((text) => ` ${words(text).join(" ")} `.includes(` ${t.words.join(" ")} `)));
      const show = async (limit, rich) => {
        const results = [];
        let at = 0;
        for (; list[at] + 1 && at < limit * (card ? 2 : 4) && results.length < limit && live(); at += limit) {
          const found = await Promise.all(list.slice(at, at + limit).map((p, n) => card && n >= rich && !unsure[0] ? about(p, card, "c") : about(p, file, "")));
          results.push(...found.filter(holds).slice(0, limit - results.length).map((t) => result(t, mark)));
        }
        return { total: unsure[0] ? results.length : list.length, more: unsure[0] && list[at] + 1, results, dropped, instead };
      };
      await pause;
      const few = list[0] + 1 && (first || unsure[0]) && await show(3, 0);
      if (few && !few.total) {
        // No text holds the phrase, so its words are sought.
        const other = await search(unsure.reduce((query, t) => query.replace(t.name, t.words.join(" ")), query), filters, options);
        other?.dropped.push(...unsure.map((t) => t.name));
        return other;
      }
      if (few && live()) first?.(few);
      const counts = {}, near = [];
      // Of each term, the pages that the filters of the other kinds leave.
      for (const e of await once(parts, "", async () => entries((await part(facets))[1].flatMap(({ terms }) => terms.map(({ key }) => "\x02" + key))))) {
        const left = others(e);
        counts[e.word.slice(1)] = e.pages.reduce((n, p) => n + !(fails[p] & left), 0);
      }
      if (!list[0] && dropped[0]) near.push(...(await nearest(words(dropped[0])[0], 3)).slice(0, 3));
      const shown = await show(limit, 5);
      if (cuts.size > 9999) cuts.clear();
      return live() ? { ...shown, counts, near, kept: few && !card } : null;
    };

    return [search, () => part(facets)];
  };
  // After a failure all is asked for anew; where a part is gone, the site was published anew, and the search goes on.
  let site;
  const attempt = async (f, last) => {
    const here = site ||= open();
    try {
      return await f(...await here);
    } catch (e) {
      if (site === here) site = 0;
      if (e.message != 404 || last) throw e;
      return attempt(f, true);
    }
  };
  return {
    facets: () => attempt((_, facets) => facets()),
    search: (query, filters = {}, options = {}) => attempt((search) => search(query, filters, options)),
  };
};

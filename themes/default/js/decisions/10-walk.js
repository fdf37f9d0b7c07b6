// Decisions. A walk keeps its answers in the address, by ids: #question=answer&question=~ (~ is "not sure").
{
  const walk = $("[data-walk]");
  if (walk) {
    const { node: here, walk: file } = walk.dataset, says = $(".walk-says", walk), box = $(".so-far", walk);
    const links = $$("[data-answer]", walk), plain = [...box.childNodes], has = Object.hasOwn;
    const text = (s) => { try { return decodeURIComponent(s); } catch { return s; } };
    const read = () => location.hash.slice(1).split("&").map((p) => p.split("=").map(text)).filter((p) => p[1]);
    const write = (list) => list.map((p) => p.slice(0, 2).map(encodeURIComponent).join("=")).join("&");
    // The answer links carry the answers given and their own, so that plain navigation keeps them.
    const aim = (list) => links.forEach((a) => a.hash = write([...list, [here, a.dataset.answer]]));
    const fill = (title, rows, ...more) => {
      box.hidden = false;
      const list = make("ol", {}, ...rows);
      list.dataset.given = "";
      box.replaceChildren(make("h2", { className: "card-title" }, title), list, ...more);
    };
    const row = (ask, answer, ...more) => make("li", {}, make("span", {}, ask), make("strong", {}, answer), ...more);
    const clear = () => { box.replaceChildren(...plain); box.hidden = !plain[0]; };
    const lists = $$(".weigh .items", walk).map((list) => [list, [...list.children]]);
    let pairs, data, known = 0;

    // The valid beginning of the answers in the address, from the first question that they name, and where it leads.
    const follow = () => {
      const kept = [];
      let at = pairs[0]?.[0];
      for (const [id, a] of pairs) {
        const q = id === at && id !== here && has(data.nodes, id) && data.nodes[id], all = q?.answers || [];
        const answer = a === "~" ? q && q.unsure && { id: a, label: "Not sure", ...q.unsure } : all.find((x) => x.id === a) || all.find((x) => x.aliases?.includes(a));
        if (!answer) break;
        kept.push([id, answer.id, q, answer]);
        at = answer.to;
      }
      return [kept, kept[0] ? at : here];
    };

    const draw = () => {
      const [kept, at] = follow(), n = kept.length, lost = at !== here, address = write(kept);
      const to = (id, list, ...words) => make("a", { href: data.nodes[id].url + (list[0] ? "#" + write(list) : "") }, ...words);
      aim(lost ? [] : kept);
      if (pairs[0] && write(pairs) !== address) history.replaceState(null, "", n ? "#" + address : location.pathname + location.search);
      const note = [];
      if (n < pairs.length) note.push(n ? `Only the first ${n > 1 ? n + " answers" : "answer"} in this address still fit${n > 1 ? "" : "s"}; the rest was left out. ` : "The answers in this address do not fit any more and were left out.");
      if (lost) note.push(`Your answer${n > 1 ? "s lead" : " leads"} to another page: `, to(at, kept, data.nodes[at].title));
      says.className = note[0] ? "walk-says note" : "walk-says sr";
      says.replaceChildren(...note[0] ? note : n ? [`${n} answer${n > 1 ? "s" : ""} so far.`] : []);

      const met = new Map(), more = [], end = !links[0] && !lost && n;
      for (const k of kept) for (const t of [...k[2].terms || [], ...k[3].terms || []]) if (!met.has(t)) met.set(t, k);
      for (const p of $$(".met", walk)) p.remove();
      if (n && kept[0][0] !== data.start) more.push(make("p", { className: "meta" }, "You began in the middle. ", to(data.start, [], "Begin at the first question")));
      // What was met says which answer brought it in; what a whole walk did not meet goes into a fold.
      for (const [list, all] of lists) {
        const rest = [], fold = list.nextElementSibling;
        if (fold) fold.remove();
        for (const li of all) {
          const t = li.dataset.term, k = end && met.get(t), when = $(".if", li);
          if (when) when.hidden = !!k;
          if (k) li.append(make("p", { className: "met" }, icon("yes"), make("span", {}, "Met on your way: ", k[2].title, " ", make("strong", {}, k[3].label))));
          else if (t && end && kept[0][0] === data.start) rest.push(li);
        }
        list.replaceChildren(...all.filter((li) => !rest.includes(li)));
        list.hidden = rest.length === all.length;
        if (rest[0]) list.after(make("details", { className: "fold" }, make("summary", {}, `Not met on your way (${rest.length})`), make("ul", { className: "items" }, ...rest)));
      }
      if (end) {
        const chips = [...met.keys()].filter((t) => has(data.terms, t)).map((t) => {
          const { title, url, look } = data.terms[t];
          return make("li", {}, make("a", { className: "chip look-" + look, href: url }, icon(look), make("span", {}, make("span", { className: "sr" }, t.split("/")[0] + ": "), title)));
        });
        if (chips[0]) more.push(make("p", { className: "meta" }, "Met on the way:"), make("ul", { className: "chips all" }, ...chips));
        if (navigator.clipboard) more.push(make("p", { className: "plain" },
          copier("Copy link", "", () => location.href.split("#")[0] + "#" + address),
          copier("Copy as Markdown", "", () => markdown(kept, met, location.href.split("#")[0] + "#" + address))));
      }
      if (n) fill(end ? "Your answers" : "Your answers so far", kept.map(([id, , q, a], i) =>
        row(q.title, a.label, to(id, kept.slice(0, i), "Change", make("span", { className: "sr" }, " the answer to: " + q.title)))), ...more);
      else clear();
    };

    // The result for an issue or a chat: what was answered, what follows, and the address.
    const markdown = (kept, met, url) => {
      const md = (s) => (s?.textContent ?? s ?? "").trim().replace(/[\\`*_[\]<>#]/g, "\\$&"), verdict = $(".result .verdict", walk);
      const out = [`# ${md(data.title)}`, `**${verdict ? md(verdict) + ": " : ""}${md($("h1", walk))}**`, md($(".lead", walk)), "## Answers", kept.map((k) => `- ${md(k[2].title)} **${md(k[3].label)}**`).join("\n")];
      for (const b of $$(".weigh .box", walk)) {
        const items = [...$(".items", b).children], when = (li) => $(".if:not([hidden])", li);
        if (items[0]) out.push("## " + md($("h3", b)), items.map((li) => `- ${md($("p", li))}${when(li) ? ` (${md(when(li))})` : ""}`).join("\n"));
      }
      return [...out, `<${url}>`].filter(Boolean).join("\n\n") + "\n";
    };

    const use = (json) => { if (json !== known) { data = JSON.parse(json); known = json; draw(); } };
    pairs = read();
    aim(pairs);
    // What was kept in this tab is shown at once; the file itself has the last word. Until then nothing is shown that would move.
    const ready = () => walk.classList.remove("wait");
    try { use(sessionStorage[file]); } catch { if (pairs[0]) { walk.classList.add("wait"); setTimeout(ready, 1500); } }
    fetch(file).then((r) => r.ok ? r.text() : Promise.reject()).then((json) => { use(json); sessionStorage[file] = json; }).catch(() => {}).then(ready);
    on(window, "hashchange", () => {
      if (location.hash && !location.hash.includes("=")) return;
      pairs = read();
      if (data) draw(); else aim(pairs);
    });
    // Arrived by an answer: the heading takes the focus, and nothing jumps.
    if (document.referrer.startsWith(location.origin + file.slice(0, -5) + "/") && performance.getEntriesByType("navigation")[0]?.type === "navigate") $("h1", walk).focus({ preventScroll: true });
  }
}

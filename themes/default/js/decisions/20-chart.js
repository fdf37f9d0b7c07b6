// A chart shows the ways through the node that is pointed at or focused.
{
  const chart = $(".chart svg");
  if (chart) {
    const edges = $$("[data-edge]", chart), parts = $$("[data-node], [data-edge], [data-edge-label], [data-tip]", chart);
    const reach = (id, from, to) => {
      const all = new Set([id]);
      for (const n of all) for (const e of edges) if (e.dataset[from] === n) all.add(e.dataset[to]);
      return all;
    };
    // A wide chart begins at its first question.
    const box = chart.parentNode, a = box.getBoundingClientRect(), b = $("[data-node]", chart).getBoundingClientRect();
    box.scrollLeft = b.x + b.width / 2 - a.x - a.width / 2;
    let last;
    const show = (target) => {
      const id = (target?.closest("[data-node]") || target?.closest("a")?.querySelector("[data-node]"))?.dataset.node;
      if (id === last) return;
      last = id;
      const up = reach(id, "to", "from"), down = reach(id, "from", "to"), both = (s, e) => s.has(e.dataset.from) && s.has(e.dataset.to);
      const lit = new Set(edges.filter((e) => both(up, e) || both(down, e)).map((e) => e.dataset.edge));
      for (const p of parts) {
        const d = p.dataset, is = d.node ? up.has(d.node) || down.has(d.node) : lit.has(d.edge || d.edgeLabel || d.tip);
        p.classList.toggle("on", !!id && is);
        p.classList.toggle("dim", !!id && !is);
      }
    };
    for (const type of ["mouseover", "focusin"]) on(chart, type, (e) => show(e.target));
    for (const type of ["mouseleave", "focusout"]) on(chart, type, () => show());
  }
}

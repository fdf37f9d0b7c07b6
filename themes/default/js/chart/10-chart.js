// A chart shows the ways through the node that is pointed at or focused.

/**
 * What the parts of a chart say of themselves.
 * @typedef {{ node?: string, edge?: string, edgeLabel?: string, tip?: string, from?: string, to?: string }} ChartData
 */

/**
 * The nodes that can be reached from one by edges in one direction, itself among them.
 * @param {HTMLElement[]} edges
 * @param {string | undefined} node
 * @param {"from" | "to"} tail
 * @param {"from" | "to"} head
 */
const reachable = (edges, node, tail, head) => {
  const reached = new Set([node]);
  // Those that are added are visited too.
  for (const at of reached) {
    for (const { dataset } of edges) {
      if (dataset[tail] === at) reached.add(dataset[head]);
    }
  }
  return reached;
};

/** @param {HTMLElement} chart */
const startChart = (chart) => {
  const edges = $$("[data-edge]", chart);
  const parts = $$("[data-node], [data-edge], [data-edge-label], [data-tip]", chart);
  /** @type {string | undefined} */
  let shown;

  // A wide chart begins at its first question.
  const box = /** @type {HTMLElement} */ (chart.parentNode);
  const frame = box.getBoundingClientRect();
  const first = the("[data-node]", chart).getBoundingClientRect();
  box.scrollLeft = first.x + first.width / 2 - frame.x - frame.width / 2;

  /** @param {Element} [target] */
  const show = (target) => {
    const element = target?.closest("[data-node]") ?? target?.closest("a")?.querySelector("[data-node]");
    const node = /** @type {HTMLElement | null | undefined} */ (element)?.dataset.node;
    if (node === shown) return;
    shown = node;
    const above = reachable(edges, node, "to", "from");
    const below = reachable(edges, node, "from", "to");
    const isOnWay = (/** @type {ChartData} */ { from, to }) =>
      (above.has(from) && above.has(to)) || (below.has(from) && below.has(to));
    const lit = new Set(edges.filter(({ dataset }) => isOnWay(dataset)).map(({ dataset }) => dataset.edge));
    for (const { dataset, classList } of parts) {
      const { node: own, edge, edgeLabel, tip } = /** @type {ChartData} */ (dataset);
      const isLit = own ? above.has(own) || below.has(own) : lit.has(edge || edgeLabel || tip);
      classList.toggle("on", Boolean(node) && isLit);
      classList.toggle("dim", Boolean(node) && !isLit);
    }
  };
  for (const type of ["mouseover", "focusin"]) on(chart, type, ({ target }) => show(target));
  for (const type of ["mouseleave", "focusout"]) on(chart, type, () => show());
};

const chart = $(".chart svg");
if (chart) startChart(chart);

// The panel of the search, which the dialog and the search page share: filters, what was found, and what to do next.

/** Milliseconds without an answer after which it is said that something is being loaded. */
const LOADING_AFTER = 150;

/** Milliseconds without a key before results are loaded. */
const TYPING_PAUSE = 120;

/**
 * Why a search is made: a key was pressed, a filter was chosen, more results or another go are wanted.
 * @typedef {"type" | "filter" | "more" | "enter" | undefined} Cause
 */

/**
 * What is told after something was shown: what caused it, whether nothing is asked for, how many results there are, and
 * whether that is all for now.
 * @typedef {(cause: Cause, isIdle: boolean, total: number, isLast: boolean) => void} Shown
 */

/**
 * @param {HTMLInputElement} field
 * @param {HTMLElement} panel the element to fill; one with an id is that of the search page
 * @param {Shown} shown
 * @param {() => void} [filled] is called when the filters are there
 */
const searchPanel = (field, panel, shown, filled = () => {}) => {
  const form = /** @type {HTMLFormElement} */ (the(".find"));
  const engine = searchEngine(String(form.dataset.root));
  const isPage = panel.id !== "";
  const status = make("p", { className: "meta", role: "status" });
  const notes = classed("div", "notes");
  const filters = createFilters(
    () => void run("filter"),
    () => field,
  );
  const results = createResults(isPage, filters.choices);
  const foldButton = action(() => {
    panel.classList.toggle("filtering");
    showChosen();
  }, "button fold-side");
  let hasFilters = false;
  let isBusy = false;
  let limit = 10;
  let turn = 0;
  /** What was said last of the number of results. */
  let found = "";

  const showChosen = () => {
    const count = filters.chosen().length;
    const isOpen = panel.classList.contains("filtering");
    filters.showChips();
    foldButton.ariaExpanded = String(isOpen);
    if (isOpen) foldButton.textContent = say(words.show, { results: found });
    else foldButton.textContent = count > 0 ? say(words.filters_chosen, { count }) : say(words.filters);
  };
  /** @param {Facet[]} facets */
  const fill = (facets) => {
    hasFilters = true;
    filters.fill(facets);
    status.after(foldButton);
    panel.classList.toggle("plain", facets.length === 0);
    filled();
    showChosen();
  };
  /** The address of the search page that shows this search. */
  const address = () => {
    const query = new URLSearchParams();
    const text = field.value.trim();
    if (text) query.append("q", text);
    for (const { key } of filters.chosen()) query.append("in", key);
    const search = query.toString().replaceAll("%2F", "/");
    return form.action + (search && "?" + search);
  };
  /**
   * @param {string} text for the status line
   * @param {Node[]} rows notes below it
   * @param {Result[]} list
   * @param {number} [kept] how many of the shown results stay
   */
  const show = (text, rows, list, kept) => {
    isBusy = false;
    status.textContent = text;
    notes.replaceChildren(...rows);
    results.show(list, kept);
  };
  /** @param {...(Node | string)} children */
  const row = (...children) => classed("p", "row", ...children);

  /**
   * What was done with the query to find something.
   * @param {Answer} answer
   */
  const changes = ({ instead, dropped }) => {
    const rows = instead.map(([typed, used]) => row(say(words.instead, { typed, used })));
    if (dropped.length > 0) rows.push(row(say(words.without, { words: dropped.join(say(words.between_words)) })));
    return rows;
  };
  /**
   * What can be done where nothing was found.
   * @param {Answer} answer
   */
  const waysOn = ({ near = [] }) => {
    const rows = [];
    const chosen = filters.chosen();
    if (chosen.length > 0) rows.push(row(say(words.leave_out), ...chosen.map(filters.chip)));
    /** @param {string} word */
    const search = (word) => {
      field.value = word;
      run("filter");
      field.focus();
    };
    const buttons = near.map((word) => action(() => search(word), "button", word));
    if (buttons.length > 0) rows.push(row(say(words.nearest), ...buttons));
    rows.push(row(make("a", { href: form.dataset.tags }, say(words.all_tags))));
    return rows;
  };
  /**
   * @param {Answer} answer
   * @param {Cause} cause
   * @param {boolean} isLast whether this is the whole answer
   */
  const draw = (answer, cause, isLast) => {
    const { total, more, counts, kept } = answer;
    found = say(words.results, { count: total });
    if (more) found = say(words.or_more, { results: found });
    showChosen();
    if (counts) filters.showCounts(counts);
    const count = filters.chosen().length;
    const isIdle = count === 0 && !field.value.trim();
    let text = total > 0 ? found : say(words.nothing);
    if (count > 0) text = say(words.with_filters, { results: text, count });
    if (isIdle) text = say(words.start);
    const rows = total > 0 ? changes(answer) : isIdle ? [] : waysOn(answer);
    show(text, rows, answer.results, isLast && kept ? results.list.children.length : 0);
    results.list.ariaBusy = String(!isLast);
    shown(cause, isIdle, more ? Infinity : total, isLast);
  };
  /** @param {Cause} cause */
  const drawFailure = (cause) => {
    const again = action(
      () => {
        run(cause);
        field.focus();
      },
      "button",
      say(words.try_again),
    );
    show(say(words.failed), [row(again, make("a", { href: form.action }, say(words.see_list)))], []);
    shown(cause, true, 0, true);
  };

  /**
   * One search. A later one makes it worthless.
   * @param {Cause} [cause]
   */
  const run = async (cause) => {
    turn += 1;
    const mine = turn;
    const live = () => mine === turn;
    isBusy = true;
    if (hasFilters) showChosen();
    setTimeout(() => {
      if (live() && isBusy) status.textContent = say(words.loading);
    }, LOADING_AFTER);
    try {
      const facets = await engine.facets();
      if (!hasFilters) fill(facets);
      if (!live()) return;
      const answer = await engine.search(field.value, filters.forEngine(), {
        limit,
        live,
        first: cause !== "more" && ((answer) => draw(answer, cause, false)),
        pause: cause === "type" && new Promise((done) => setTimeout(done, TYPING_PAUSE)),
      });
      if (answer) draw(answer, cause, true);
    } catch {
      if (live()) drawFailure(cause);
    }
  };

  // A result opened here: the heading that it leads to takes the focus.
  on(results.list, "click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    panel.closest("dialog")?.close();
    if (link.hash && link.pathname === location.pathname) setTimeout(focusTarget);
    else window.name = FOUND;
  });
  for (const type of ["input", "compositionend"]) on(field, type, (event) => event.isComposing || run("type"));
  filters.side.tabIndex = isPage ? -1 : 0;
  const box = classed("div", "found", classed("div", "row", status), filters.chips, notes, results.list);
  panel.prepend(filters.side, box);
  return {
    hits: results.list,
    found: box,
    choose: filters.choose,
    address,
    run,
    isBusy: () => isBusy,
    showMore: () => {
      limit += 10;
      run("more");
    },
  };
};

searchBundle.engine = searchEngine;
searchBundle.panel = searchPanel;

// The panel of the search, which the dialog and the search page share. What it shows beside results, the filters and what
// to do next, is a bundle of its own, which comes when it is needed.

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
 * What the panel lets the other bundle see and do.
 * @typedef {object} PanelState
 * @property {HTMLFormElement} form of the page, whose data say where things are
 * @property {HTMLElement} panel
 * @property {HTMLElement} line that says how many results there are
 * @property {HTMLInputElement} field
 * @property {ReturnType<typeof searchEngine>} engine
 * @property {string[]} chosen the keys of chosen filters: terms, and facets as a whole
 * @property {string} found what was said last of the number of results
 * @property {(cause: Cause) => void} run
 */

/**
 * The chosen filters by facet, as the engine asks for them.
 * @param {string[]} chosen
 */
const filtersOf = (chosen) => {
  /** @type {Filters} */
  const filters = Object.create(null);
  for (const key of chosen) {
    const [facet, term = ""] = key.split("/");
    (filters[facet] ??= []).push(term);
  }
  return filters;
};

/**
 * @param {HTMLInputElement} field
 * @param {HTMLElement} panel the element to fill; one with an id is that of the search page
 * @param {Shown} shown
 */
const searchPanel = (field, panel, shown) => {
  const form = /** @type {HTMLFormElement} */ (the(".find"));
  const isPage = panel.id !== "";
  const status = make("p", { className: "meta", role: "status" });
  const line = classed("div", "row", status);
  const notes = classed("div", "notes");
  const aside = classed("div", "aside");
  const results = createResults(isPage);
  /** @type {ReturnType<typeof searchBundle.more> | undefined} */
  let parts;
  let isBusy = false;
  let limit = 10;
  let turn = 0;

  /** The address of the search page that shows this search. */
  const address = () => {
    const query = new URLSearchParams();
    const text = field.value.trim();
    if (text) query.append("q", text);
    for (const key of state.chosen) query.append("in", key);
    const search = query.toString().replaceAll("%2F", "/");
    return form.action + (search && "?" + search);
  };
  /**
   * @param {string} text for the status line
   * @param {Node[]} rows below it
   * @param {Result[]} list
   * @param {number} [kept] how many of the shown results stay
   */
  const show = (text, rows, list, kept) => {
    isBusy = false;
    status.textContent = text;
    notes.replaceChildren(...rows);
    results.show(list, kept);
  };
  /**
   * @param {Answer} answer
   * @param {Cause} cause
   * @param {boolean} isLast whether this is the whole answer
   */
  const draw = (answer, cause, isLast) => {
    const { total, more, kept } = answer;
    const query = field.value.trim();
    const count = state.chosen.length;
    state.found = say(words.results, { count: total });
    if (more) state.found = say(words.or_more, { results: state.found });
    let text = total > 0 ? state.found : say(words.nothing, { query });
    if (total > 0 && query) text = say(words.of_query, { results: text, query });
    if (total > 0 && count > 0) text = say(words.with_filters, { results: text, count });
    const isIdle = count === 0 && !query;
    if (isIdle) text = "";
    panel.classList.toggle("plain", isIdle || (count === 0 && total === 0));
    panel.classList.toggle("filtered", count > 0);
    show(text, parts?.notes(answer) ?? [], answer.results, isLast && kept ? results.list.children.length : 0);
    results.list.ariaBusy = String(!isLast);
    if (!isLast) aside.replaceChildren();
    shown(cause, isIdle, more ? Infinity : total, isLast);
    // What stands beside the results may come later, and is not worth a failure.
    if (isLast && !(isPage && isIdle)) void drawMore(answer, isIdle, turn).catch(() => {});
  };
  /** The other bundle, when it is there. */
  const complete = async () => {
    await Promise.all([searchBundle.load("start"), searchBundle.load("more")]);
    return (parts ??= searchBundle.more(state));
  };
  /**
   * @param {Answer} answer
   * @param {boolean} isIdle
   * @param {number} mine
   */
  const drawMore = async (answer, isIdle, mine) => {
    if (isIdle) {
      await searchBundle.load("start");
      if (mine === turn) aside.replaceChildren(...searchBundle.start(state));
      return;
    }
    const { nothing, filters } = await complete();
    const next = answer.total > 0 ? [] : await nothing(answer);
    if (mine !== turn) return;
    aside.replaceChildren(...next);
    notes.replaceChildren(...(parts?.notes(answer) ?? []));
    await filters(answer);
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
    aside.replaceChildren();
    show(say(words.failed), [classed("p", "row", again)], []);
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
    setTimeout(() => {
      if (live() && isBusy) status.textContent = say(words.loading);
    }, LOADING_AFTER);
    try {
      // Where nothing is asked, nothing is loaded.
      const isIdle = state.chosen.length === 0 && !field.value.trim();
      // The page waits, so that nothing on it moves.
      if (isPage && !isIdle) await complete();
      const answer = isIdle
        ? NO_ANSWER
        : await state.engine.search(field.value, filtersOf(state.chosen), {
            limit,
            live,
            first: cause !== "more" && ((answer) => draw(answer, cause, false)),
            pause: cause === "type" && new Promise((done) => setTimeout(done, TYPING_PAUSE)),
          });
      if (answer && live()) draw(answer, cause, true);
    } catch {
      if (live()) drawFailure(cause);
    }
  };
  /** @type {PanelState} */
  const state = {
    form,
    panel,
    line,
    field,
    engine: searchEngine(String(form.dataset.root)),
    chosen: [],
    found: "",
    run,
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
  const box = classed("div", "found", line, notes, results.list, aside);
  panel.prepend(box);
  return {
    hits: results.list,
    found: box,
    /** @param {string[]} keys */
    choose: (keys) => (state.chosen = keys),
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
Object.assign(searchBundle, { elements: { classed, action, filtersOf } });

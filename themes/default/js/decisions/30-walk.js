// The walk through a decision: its pages keep the answers given, and say what they mean here.

/** For how many milliseconds a page with answers waits for the decision before it is shown without. */
const LONGEST_WAIT = 1500;

/**
 * The benefits and risks of an outcome, as the page came.
 * @typedef {{ list: HTMLElement, items: HTMLElement[] }} Weighed
 */

/**
 * Says at each benefit and risk which answer brought it in, and folds away what a whole walk did not meet.
 * @param {Weighed} weighed
 * @param {Map<string, Step>} met
 * @param {boolean} isWhole whether the walk began at the first question
 */
const showMet = ({ list, items }, met, isWhole) => {
  const fold = list.nextElementSibling;
  if (fold) fold.remove();
  /** @type {HTMLElement[]} */
  const rest = [];
  for (const item of items) {
    const { term } = item.dataset;
    const step = term ? met.get(term) : undefined;
    const condition = $(".if", item);
    if (condition) condition.hidden = step !== undefined;
    if (step) {
      const answer = make("strong", {}, step.answer.label);
      const text = make("span", {}, say(words.met_on_your_way) + " ", step.question.title, " ", answer);
      item.append(make("p", { className: "met" }, icon("yes"), text));
    } else if (term && isWhole) {
      rest.push(item);
    }
  }
  list.replaceChildren(...items.filter((item) => !rest.includes(item)));
  list.hidden = rest.length === items.length;
  if (rest.length === 0) return;
  const summary = make("summary", {}, say(words.not_met_on_your_way, { count: rest.length }));
  list.after(make("details", { className: "fold" }, summary, make("ul", { className: "items" }, ...rest)));
};

/**
 * Chips of the terms that a walk met.
 * @param {Decision} decision
 * @param {Map<string, Step>} met
 */
const termChips = (decision, met) => {
  const known = [...met.keys()].filter((key) => Object.hasOwn(decision.terms, key));
  return known.map((key) => {
    const { title, kind, url, look } = decision.terms[key];
    const facet = make("span", { className: "sr" }, kind + ": ");
    const link = make("a", { className: `chip look-${look}`, href: url }, icon(look), make("span", {}, facet, title));
    return make("li", {}, link);
  });
};

/** @param {HTMLElement} page the question or outcome that is shown */
const startWalk = (page) => {
  const here = String(page.dataset.node);
  const file = String(page.dataset.walk);
  const status = the(".walk-says", page);
  const box = the(".so-far", page);
  const plainBox = [...box.childNodes];
  const answerLinks = /** @type {HTMLAnchorElement[]} */ ($$("[data-answer]", page));
  /** @type {Weighed[]} */
  const weighed = $$(".weigh .items", page).map((list) => ({
    list,
    items: /** @type {HTMLElement[]} */ ([...list.children]),
  }));
  let pairs = readAddress();
  let json = "";
  /** @type {Decision | undefined} */
  let decision;

  /**
   * The links of the answers carry the answers given and their own, so that plain navigation keeps them.
   * @param {Pair[]} given
   */
  const aim = (given) => {
    for (const link of answerLinks) link.hash = fragmentOf([...given, [here, String(link.dataset.answer)]]);
  };
  /** @param {Step[]} steps */
  const addressOf = (steps) => location.href.split("#")[0] + "#" + fragmentOf(pairsOf(steps));
  /**
   * @param {DecisionNode} node
   * @param {Step[]} steps that lead there
   * @param {...(Node | string)} children
   */
  const linkTo = (node, steps, ...children) => {
    const hash = steps.length > 0 ? "#" + fragmentOf(pairsOf(steps)) : "";
    return make("a", { href: node.url + hash }, ...children);
  };
  /** The address says what still fits. @param {Step[]} steps */
  const mendAddress = (steps) => {
    const fragment = fragmentOf(pairsOf(steps));
    if (pairs.length === 0 || fragmentOf(pairs) === fragment) return;
    history.replaceState(null, "", steps.length > 0 ? "#" + fragment : location.pathname + location.search);
  };
  /**
   * Says how many answers there are, or what does not fit.
   * @param {Step[]} steps
   * @param {DecisionNode | undefined} elsewhere where they lead, if not here
   */
  const showStatus = (steps, elsewhere) => {
    const count = steps.length;
    /** @type {(Node | string)[]} */
    const note = [];
    if (count < pairs.length) note.push(count > 0 ? say(words.rest_left_out, { count }) : say(words.all_left_out));
    if (elsewhere) {
      note.push(say(words.leads_elsewhere, { count }), linkTo(elsewhere, steps, elsewhere.title));
    }
    const isNote = note.length > 0;
    status.className = isNote ? "walk-says note" : "walk-says sr";
    if (!isNote && count > 0) note.push(say(words.so_far, { count }));
    status.replaceChildren(...note.flatMap((part, n) => (n > 0 ? [" ", part] : [part])));
  };
  /**
   * Lists the answers, and what else there is to say of them.
   * @param {string} title
   * @param {Step[]} steps
   * @param {Node[]} more
   */
  const showAnswers = (title, steps, more) => {
    const rows = steps.map(({ id, question, answer }, n) => {
      const which = " " + say(words.change_answer_to, { question: question.title });
      const hidden = make("span", { className: "sr" }, which);
      const change = linkTo(question, steps.slice(0, n), say(words.change), hidden);
      return make("li", {}, make("span", {}, question.title), make("strong", {}, answer.label), change);
    });
    const list = make("ol", {}, ...rows);
    list.dataset.given = "";
    box.hidden = false;
    box.replaceChildren(make("h2", { className: "card-title" }, title), list, ...more);
  };
  const hideAnswers = () => {
    box.replaceChildren(...plainBox);
    box.hidden = plainBox.length === 0;
  };
  /**
   * What the end of a walk has besides: the terms that it met, and buttons that copy it.
   * @param {Decision} decision
   * @param {Step[]} steps
   * @param {Map<string, Step>} met
   */
  const endOfWalk = (decision, steps, met) => {
    const nodes = [];
    const chips = termChips(decision, met);
    if (chips.length > 0) {
      nodes.push(make("p", { className: "meta" }, say(words.met_on_the_way)));
      nodes.push(make("ul", { className: "chips all" }, ...chips));
    }
    if (navigator.clipboard) {
      const link = copier(say(words.copy_link), "", () => addressOf(steps));
      const markdown = () => resultAsMarkdown(page, decision.title, steps, addressOf(steps));
      nodes.push(make("p", { className: "plain" }, link, copier(say(words.copy_markdown), "", markdown)));
    }
    return nodes;
  };

  /** @param {Decision} decision */
  const draw = (decision) => {
    const { steps, end } = follow(decision, pairs, here);
    const isLost = end !== here;
    const isEnd = answerLinks.length === 0 && !isLost && steps.length > 0;
    const isWhole = isEnd && steps[0].id === decision.start;
    const met = termsMet(steps);
    aim(isLost ? [] : pairsOf(steps));
    mendAddress(steps);
    showStatus(steps, isLost ? decision.nodes[end] : undefined);

    for (const mark of $$(".met", page)) mark.remove();
    for (const list of weighed) showMet(list, isEnd ? met : new Map(), isWhole);
    if (steps.length === 0) return hideAnswers();
    /** @type {Node[]} */
    const more = [];
    if (steps[0].id !== decision.start) {
      const begin = linkTo(decision.nodes[decision.start], [], say(words.begin_at_the_first));
      more.push(make("p", { className: "meta" }, say(words.began_in_the_middle) + " ", begin));
    }
    if (isEnd) more.push(...endOfWalk(decision, steps, met));
    showAnswers(isEnd ? say(words.your_answers) : say(words.your_answers_so_far), steps, more);
  };
  /** @param {string} text the file of the decision */
  const use = (text) => {
    if (text === json) return;
    decision = /** @type {Decision} */ (JSON.parse(text));
    json = text;
    draw(decision);
  };
  const showPage = () => page.classList.remove("wait");
  const load = async () => {
    try {
      const response = await fetch(file);
      if (response.ok) {
        const text = await response.text();
        use(text);
        sessionStorage[file] = text;
      }
    } catch {
      // The walk goes on without what was given so far.
    }
    showPage();
  };

  aim(pairs);
  // What was kept in this tab is shown at once; the file itself has the last word. Until then nothing is shown that
  // would move.
  try {
    use(sessionStorage[file]);
  } catch {
    if (pairs.length > 0) {
      page.classList.add("wait");
      setTimeout(showPage, LONGEST_WAIT);
    }
  }
  load();
  on(window, "hashchange", () => {
    if (location.hash && !location.hash.includes("=")) return;
    pairs = readAddress();
    if (decision) draw(decision);
    else aim(pairs);
  });
  // Arrived by an answer: the heading takes the focus, and nothing jumps.
  const folder = location.origin + file.slice(0, -".json".length) + "/";
  const [navigation] = performance.getEntriesByType("navigation");
  const isFresh = /** @type {PerformanceNavigationTiming | undefined} */ (navigation)?.type === "navigate";
  if (document.referrer.startsWith(folder) && isFresh) the("h1", page).focus({ preventScroll: true });
};

startWalk(the("[data-walk]"));

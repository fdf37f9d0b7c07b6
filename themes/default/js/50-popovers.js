// What is behind a citation, a word of the glossary or a tag: on hover, focus or a first tap. It stays while pointed at
// and leaves on Esc. Without it each is a link that leads there.
{
  /** How many milliseconds the pointer rests before a popover comes or goes. */
  const DELAY = 200;
  /** Pixels between a link and its popover, where styles do not place it. */
  const GAP = 6;

  const pop = make("div", { className: "pop", role: "dialog", popover: "manual" });
  const canPlace = CSS.supports("position-area", "block-end");
  /** @type {HTMLAnchorElement | null} the link whose popover is shown */
  let shown = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let touched = false;

  /**
   * Its first lines: a symbol, a name, and what it is.
   * @param {Node} symbol
   * @param {string} name
   * @param {string} what
   * @param {string} [look] of a tag
   */
  const named = (symbol, name, what, look = "") => {
    pop.ariaLabel = name;
    return make(
      "p",
      { className: "name " + look },
      symbol,
      make("strong", {}, name),
      make("span", { className: "meta" }, what),
    );
  };

  /**
   * Its last line.
   * @param {...(Node | string)} links
   */
  const foot = (...links) => {
    const close = button("", say(words.close));
    on(close, "click", () => hide(true));
    return make("div", { className: "plain" }, ...links, close);
  };

  /**
   * @param {string} href
   * @param {string} text
   */
  const linkTo = (href, text) => make("a", { href }, text);

  /**
   * A citation: taken from the references of the page.
   * @param {HTMLAnchorElement} link
   */
  const ofCitation = (link) => {
    const item = document.getElementById(link.hash.slice(1));
    const source = item?.closest("details");
    if (!item || !source) return null;
    const number = item.getAttribute("value") ?? "";
    const [work, kind] = [$("p > .meta", source), $(".meta", item)].map((part) => part?.textContent);
    const claim = kind === undefined ? [] : [make("p", {}, the("p", item).textContent)];
    const contest = $(".contest", item)?.cloneNode(true);
    if (contest instanceof Element) contest.prepend(icon("partly"));
    const read = $(".external", source);
    const links = [linkTo(link.hash, say(words.reference, { number }))];
    if (read instanceof HTMLAnchorElement) links.push(linkTo(read.href, say(words.source)));
    return [
      named(icon("quote"), the("strong", source).textContent, [work, kind].filter(Boolean).join(" · ")),
      ...claim,
      ...(contest ? [contest] : []),
      foot(...links),
    ];
  };

  /**
   * A word: its link holds the definition.
   * @param {HTMLAnchorElement} link
   */
  const ofWord = ({ dataset, href, textContent }) => {
    const what = dataset.also ? say(words.glossary_also, { words: dataset.also }) : say(words.glossary);
    return [
      named(icon("book"), dataset.term ?? textContent, what),
      make("p", {}, dataset.definition ?? ""),
      foot(linkTo(href, say(words.glossary_more))),
    ];
  };

  /**
   * A tag: asked of its page.
   * @param {HTMLAnchorElement} link
   */
  const ofTag = async (link) => {
    const answer = await fetch(link.href);
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [kind, name] = [...the("span", link).childNodes].map((part) => part.textContent ?? "");
    return [
      named(the("svg", link).cloneNode(true), name, kind.replace(/\W+$/, ""), link.className.replace("chip", "")),
      make("p", {}, $("meta[name=description]", page)?.getAttribute("content") ?? ""),
      foot(linkTo(link.href, $("main", page)?.dataset.articles ?? "")),
    ];
  };

  const stay = () => clearTimeout(timer);
  /** @param {boolean} [back] whether the link takes the focus again */
  const hide = (back) => {
    stay();
    if (!shown) return;
    shown.ariaExpanded = "false";
    // Its link is still the shown one, so that the focus does not open it again.
    if (back && pop.contains(document.activeElement)) shown.focus();
    pop.hidePopover();
    shown = null;
  };
  /** @param {() => void} action */
  const later = (action) => {
    stay();
    timer = setTimeout(action, DELAY);
  };
  /** @param {HTMLAnchorElement} link */
  const place = (link) => {
    const line = link.getClientRects()[0];
    const left = Math.max(GAP, Math.min(line.left, document.body.clientWidth - pop.offsetWidth - GAP));
    const fits = line.bottom + pop.offsetHeight + GAP < innerHeight;
    pop.style.left = left + "px";
    pop.style.top = (fits ? line.bottom : line.top - pop.offsetHeight - 2 * GAP) + "px";
  };
  /** @param {HTMLAnchorElement} link */
  const show = async (link) => {
    stay();
    if (shown === link) return;
    hide();
    shown = link;
    const of = link.matches(".cite") ? ofCitation : link.matches(".term") ? ofWord : ofTag;
    const parts = await Promise.resolve(of(link)).catch(() => null);
    // Somebody may have gone on while it was fetched.
    if (shown !== link) return;
    if (!parts) {
      shown = null;
      if (touched) location.href = link.href;
      return;
    }
    pop.replaceChildren(...parts);
    link.after(pop);
    link.ariaExpanded = "true";
    pop.showPopover({ source: link });
    if (!canPlace) place(link);
  };

  const links = $$("main .term, main .cite[href^='#ref:'], article > .chips a");
  for (const link of /** @type {HTMLAnchorElement[]} */ ("showPopover" in pop ? links : [])) {
    link.ariaExpanded = "false";
    on(link, "pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => show(link)));
    on(link, "pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hide));
    on(link, "pointerdown", ({ pointerType }) => (touched = pointerType !== "mouse"));
    on(link, "focus", () => touched || (link.matches(":focus-visible") && show(link)));
    on(link, "click", (event) => {
      if (!touched || shown === link) return hide();
      event.preventDefault();
      show(link);
    });
  }
  on(pop, "pointerenter", stay);
  on(pop, "pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hide));
  on(pop, "click", ({ target }) => target.closest("a") && hide());
  on(document, "keydown", ({ key }) => {
    touched = false;
    if (key === "Escape") hide(true);
  });
  // Whatever else takes the focus or a press ends it.
  for (const type of ["focusin", "pointerdown"]) {
    on(document, type, ({ target }) => target === shown || pop.contains(target) || hide());
  }
}

// What a popover holds, by the link that it belongs to.

const popover = make("div", { className: "pop", role: "dialog", popover: "manual" });

/**
 * Its first lines: a symbol, a name, and what it is.
 * @param {Node} symbol
 * @param {string} name
 * @param {string} what
 * @param {string} [look] of a topic
 */
const named = (symbol, name, what, look = "") => {
  popover.ariaLabel = name;
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
  on(close, "click", () => hidePopover(true));
  return make("div", { className: "plain" }, ...links, close);
};

/**
 * @param {string} href
 * @param {string} text
 */
const linkTo = (href, text) => make("a", { href }, text);

/** @type {Map<string, Promise<Document>>} what was fetched, by its address without a fragment */
const pages = new Map();

/**
 * The page of this site that a link leads to.
 * @param {HTMLAnchorElement} link
 */
const pageOf = (link) => {
  const address = link.href.replace(/#.*/, "");
  const fetched = async () => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(address);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  const page = pages.get(address) ?? fetched();
  pages.set(address, page);
  page.catch(() => pages.delete(address));
  return page;
};

/**
 * The place on a page that a link leads to.
 * @param {HTMLAnchorElement} link
 */
const placeOf = async (link) => {
  const place = (await pageOf(link)).getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!place) throw new Error(link.href);
  return place;
};

/**
 * The text that an element begins with.
 * @param {Element} element
 */
const firstText = (element) => element.firstChild?.textContent?.trim() ?? "";

/**
 * A citation: what it names among the references of the page, with the claim and who contests it from the page of the
 * source.
 * @param {HTMLAnchorElement} link
 */
const ofCitation = async (link) => {
  const item = document.getElementById(link.hash.slice(1));
  const source = item?.closest("details");
  if (!item || !source) return null;
  const number = item.getAttribute("value") ?? "";
  const work = /** @type {HTMLAnchorElement} */ (the("p a", source));
  const inFull = /** @type {HTMLAnchorElement | null} */ ($("a:not(.back)", item));
  const claim = inFull ? await placeOf(inFull) : item;
  // Copies, as what was fetched is kept for the next time.
  const [contest, ...others] = $$(".contest", claim).map((node) => /** @type {Element} */ (node.cloneNode(true)));
  contest?.prepend(icon("partly"));
  if (inFull && others.length) contest.append(" ", linkTo(inFull.href, say(words.more, { count: others.length })));
  return [
    named(icon("quote"), the("strong", source).textContent, $("p .meta", source)?.textContent ?? ""),
    make("p", {}, firstText(inFull ? the("p", claim) : claim)),
    ...(contest ? [contest] : []),
    foot(linkTo(link.hash, say(words.reference, { number })), linkTo(work.href, say(words.source))),
  ];
};

/**
 * A word: as the glossary has it.
 * @param {HTMLAnchorElement} link
 */
const ofWord = async (link) => {
  const entry = await placeOf(link);
  const also = $("dt .meta", entry)?.textContent;
  return [
    named(icon("book"), firstText(the("dt", entry)), [say(words.glossary), also].filter(Boolean).join(" · ")),
    make("p", {}, firstText(the("dd", entry))),
    foot(linkTo(link.href, say(words.glossary_more))),
  ];
};

/**
 * A topic: as its page says.
 * @param {HTMLAnchorElement} link
 */
const ofTopic = async (link) => {
  const page = await pageOf(link);
  const [kind, name] = [...the("span", link).childNodes].map((part) => part.textContent ?? "");
  return [
    named(the("svg", link).cloneNode(true), name, kind.replace(/\W+$/, ""), link.className.replace("chip", "")),
    make("p", {}, $("meta[name=description]", page)?.getAttribute("content") ?? ""),
    foot(linkTo(link.href, $(".frame", page)?.dataset.articles ?? "")),
  ];
};

/**
 * Where a fold of the references is opened, its claims are said, and links lead back to where each is cited.
 * @param {HTMLDetailsElement} source
 */
popovers.tell = async (source) => {
  for (const item of $$("li", source)) {
    const number = item.getAttribute("value") ?? "";
    const inFull = /** @type {HTMLAnchorElement | null} */ ($("a:not(.back)", item));
    const claim = inFull && (await placeOf(inFull).catch(() => null));
    // It may have been opened again while that was fetched.
    if ($(".back", item)) continue;
    if (claim) item.prepend(make("p", {}, firstText(the("p", claim))));
    for (const [at, cite] of $$(`.cite[href="#ref:${number}"]`).entries()) {
      const place = at + 1;
      const back = make("a", { className: "back", href: "#", ariaLabel: say(words.back, { place, number }) }, "↩");
      on(back, "click", (event) => {
        event.preventDefault();
        cite.focus();
      });
      item.append(" ", back);
    }
  }
  // What was said above it may have moved the claim that the address names.
  $("li:target", source)?.scrollIntoView({ block: "nearest" });
};

/**
 * What is behind a link; nothing if that cannot be had.
 * @param {HTMLAnchorElement} link
 */
const popoverParts = async (link) => {
  const of = link.matches(".cite") ? ofCitation : link.matches(".term") ? ofWord : ofTopic;
  try {
    return await of(link);
  } catch {
    return null;
  }
};

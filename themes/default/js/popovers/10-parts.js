// What a popover holds, by the link that it belongs to.

const popover = make("div", { className: "pop", role: "dialog", popover: "manual" });

/**
 * Its first lines: a symbol, a name, and what it is.
 * @param {Node} symbol
 * @param {string} name
 * @param {string} what
 * @param {string} [look] of a tag
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

/**
 * A page of this site.
 * @param {string} href
 */
const fetched = async (href) => {
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(href);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

/**
 * A citation: taken from the references of the page, and who contests it from the page of its source.
 * @param {HTMLAnchorElement} link
 */
const ofCitation = async (link) => {
  const item = document.getElementById(link.hash.slice(1));
  const source = item?.closest("details");
  if (!item || !source) return null;
  const number = item.getAttribute("value") ?? "";
  const [{ textContent: claim }, inFull] = /** @type {[Text, HTMLAnchorElement]} */ ([...item.childNodes]);
  const links = [linkTo(link.hash, say(words.reference, { number }))];
  const work = $("p a", source);
  if (work instanceof HTMLAnchorElement) links.push(linkTo(work.href, say(words.source)));
  /** @type {Element[]} */
  let contests = [];
  if (item.matches(".contested")) {
    const page = await fetched(inFull.href).catch(() => null);
    const inPage = page?.getElementById(decodeURIComponent(inFull.hash.slice(1)));
    contests = inPage ? $$(".contest", inPage) : [];
    contests[0]?.prepend(icon("partly"));
    const others = contests.splice(1).length;
    if (others) contests[0].append(" ", linkTo(inFull.href, say(words.more, { count: others })));
  }
  return [
    named(icon("quote"), the("strong", source).textContent, $("p .meta", source)?.textContent ?? ""),
    make("p", {}, claim ?? ""),
    ...contests,
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
  const page = await fetched(link.href);
  const [kind, name] = [...the("span", link).childNodes].map((part) => part.textContent ?? "");
  return [
    named(the("svg", link).cloneNode(true), name, kind.replace(/\W+$/, ""), link.className.replace("chip", "")),
    make("p", {}, $("meta[name=description]", page)?.getAttribute("content") ?? ""),
    foot(linkTo(link.href, $(".frame", page)?.dataset.articles ?? "")),
  ];
};

/**
 * What is behind a link; nothing if that cannot be had.
 * @param {HTMLAnchorElement} link
 */
const popoverParts = async (link) => {
  const of = link.matches(".cite") ? ofCitation : link.matches(".term") ? ofWord : ofTag;
  try {
    return await of(link);
  } catch {
    return null;
  }
};

// Where the reader is: the own entry of a long contents list is brought into view, and "On this page" marks the heading
// that is read, where styles alone do not.
{
  /** An entry below this share of the list is brought up to it. */
  const LOWEST = 2 / 3;

  const contents = the(".contents");
  const reveal = () => {
    const entry = $("[aria-current=page]", contents) ?? $("[aria-current]", contents);
    if (!entry) return;
    const lowest = contents.getBoundingClientRect().top + contents.clientHeight * LOWEST;
    contents.scrollTop += Math.max(0, entry.getBoundingClientRect().bottom - lowest);
  };
  reveal();
  on(contents, "toggle", ({ target }) => target === contents && reveal());
}
if (!CSS.supports("scroll-target-group", "auto")) {
  const entries = /** @type {HTMLAnchorElement[]} */ ($$(".toc a"));
  const marks = entries.map((entry) => ({
    entry,
    heading: document.getElementById(decodeURIComponent(entry.hash.slice(1))),
  }));
  const mark = () => {
    // A heading is being read once it is in the upper third of the window.
    const read = marks.findLast(({ heading }) => heading && heading.getBoundingClientRect().top < innerHeight / 3);
    for (const { entry } of marks) entry.ariaCurrent = entry === read?.entry ? "true" : null;
  };
  on(document, "scroll", mark);
  mark();
}

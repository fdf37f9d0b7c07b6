// Where the reader is: the own entry of a long contents list is brought into view, and "On this page" marks the heading
// that is read, where styles alone do not.
{
  /** An entry that is out of view is brought up to this share of the list. */
  const BROUGHT_TO = 2 / 3;

  const contents = the(".contents");
  const reveal = () => {
    const entry = $("[aria-current=page]", contents) ?? $("[aria-current]", contents);
    if (!entry) return;
    const { top } = contents.getBoundingClientRect();
    const { bottom } = entry.getBoundingClientRect();
    if (bottom > top + contents.clientHeight) contents.scrollTop += bottom - top - contents.clientHeight * BROUGHT_TO;
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

// Glossary words: the definition on hover, focus or a first tap; it stays while pointed at and leaves on Esc.
{
  /** How many milliseconds the pointer rests before a definition comes or goes. */
  const DELAY = 200;
  /** Pixels between a word and its definition. */
  const GAP = 4;
  /** Pixels between a definition and the sides of the window. */
  const MARGIN = 16;

  const tip = make("div", { className: "word", id: "fp-word", role: "tooltip", popover: "manual" });
  the("main").append(tip);
  /** @type {HTMLElement | null} the word whose definition is shown */
  let word = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let touched = false;

  const stay = () => clearTimeout(timer);
  const hide = () => {
    stay();
    if (!word) return;
    word.removeAttribute("aria-describedby");
    tip.hidePopover();
    word = null;
  };
  /** @param {() => void} action */
  const later = (action) => {
    stay();
    timer = setTimeout(action, DELAY);
  };
  /** @param {HTMLElement} at */
  const place = (at) => {
    const line = at.getClientRects()[0];
    const box = tip.getBoundingClientRect();
    const left = Math.max(MARGIN, Math.min(line.left, innerWidth - box.width - 2 * MARGIN));
    const fitsBelow = line.bottom + box.height + 2 * GAP < innerHeight;
    const top = fitsBelow ? line.bottom + GAP : line.top - box.height - GAP;
    tip.style.left = left + scrollX + "px";
    tip.style.top = top + scrollY + "px";
  };
  /** @param {HTMLElement} at */
  const show = (at) => {
    stay();
    if (word === at) return;
    hide();
    word = at;
    tip.textContent = at.dataset.definition ?? "";
    at.setAttribute("aria-describedby", tip.id);
    tip.showPopover();
    place(at);
  };

  const hasPopovers = "showPopover" in tip;
  for (const term of hasPopovers ? $$(".term") : []) {
    on(term, "pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => show(term)));
    on(term, "pointerleave", () => later(hide));
    on(term, "pointerdown", ({ pointerType }) => (touched = pointerType !== "mouse"));
    on(term, "focus", () => touched || show(term));
    on(term, "blur", hide);
    on(term, "click", (event) => {
      if (!touched || word === term) return;
      event.preventDefault();
      show(term);
    });
  }
  on(tip, "pointerenter", stay);
  on(tip, "pointerleave", () => later(hide));
  on(document, "keydown", ({ key }) => key === "Escape" && hide());
  on(document, "pointerdown", ({ target }) => {
    if (!word?.contains(target) && target !== tip) hide();
  });
}

// Narrowing the cards of a facet page by other tags: OR within a facet, AND between facets.
{
  const box = $(".narrow");

  /** @param {HTMLElement} box */
  const narrow = (box) => {
    const cards = $$(".card");
    const clear = /** @type {HTMLButtonElement} */ (the("[data-clear]"));
    const status = the("#fp-found");

    const update = () => {
      const groups = $$("[data-facet]", box).map((facet) =>
        $$("[aria-pressed=true]", facet).map(({ dataset }) => String(dataset.key)),
      );
      const wanted = groups.filter((keys) => keys.length > 0);
      let shown = 0;
      for (const card of cards) {
        const terms = String(card.dataset.terms).split(" ");
        card.hidden = !wanted.every((keys) => keys.some((key) => terms.includes(key)));
        if (!card.hidden) shown += 1;
      }
      clear.disabled = wanted.length === 0;
      status.textContent = say(words.narrowed, { shown, count: cards.length });
    };

    on(box, "click", ({ target }) => {
      const tag = target.closest("[aria-pressed]");
      if (tag) {
        tag.ariaPressed = String(tag.ariaPressed !== "true");
      } else if (target === clear) {
        for (const pressed of $$("[aria-pressed]", box)) pressed.ariaPressed = "false";
        the("summary", box).focus();
      } else {
        return;
      }
      update();
    });
  };

  if (box) narrow(box);
}

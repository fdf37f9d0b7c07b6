// Narrowing the cards of a facet page by other tags: OR within a facet, AND between facets.
{
  const box = $(".narrow"), cards = $$(".card"), clear = $("[data-clear]"), status = $("#fp-found");
  if (box) on(box, "click", (e) => {
    const b = e.target.closest("[aria-pressed]");
    if (b) b.ariaPressed = b.ariaPressed !== "true";
    else if (e.target === clear) { $$("[aria-pressed]", box).map((x) => x.ariaPressed = false); $("summary", box).focus(); }
    else return;
    const sets = $$("[data-facet]", box).map((g) => $$("[aria-pressed=true]", g).map((x) => x.dataset.key)).filter((s) => s[0]);
    let n = 0;
    for (const card of cards) {
      const terms = card.dataset.terms.split(" ");
      n += !(card.hidden = !sets.every((s) => s.some((k) => terms.includes(k))));
    }
    clear.disabled = !sets[0];
    status.textContent = `${n} of ${cards.length} articles`;
  });
}

// Glossary words: the definition on hover, focus or a first tap; it stays while pointed at and leaves on Esc.
{
  const tip = make("div", { className: "word", id: "fp-word", role: "tooltip", popover: "manual" });
  $("main").append(tip);
  let of, timer, touch;
  const hide = () => { clearTimeout(timer); if (of) { of.removeAttribute("aria-describedby"); tip.hidePopover(); of = 0; } };
  const later = (f) => { clearTimeout(timer); timer = setTimeout(f, 200); };
  const show = (a) => {
    clearTimeout(timer);
    if (of === a) return;
    hide();
    of = a;
    tip.textContent = a.dataset.definition;
    a.setAttribute("aria-describedby", tip.id);
    tip.showPopover();
    const r = a.getClientRects()[0], t = tip.getBoundingClientRect();
    tip.style.left = Math.max(16, Math.min(r.left, innerWidth - t.width - 32)) + scrollX + "px";
    tip.style.top = (r.bottom + t.height + 8 < innerHeight ? r.bottom + 4 : r.top - t.height - 4) + scrollY + "px";
  };
  if (tip.showPopover) for (const a of $$(".term")) {
    on(a, "pointerenter", (e) => e.pointerType === "mouse" && later(() => show(a)));
    on(a, "pointerleave", () => later(hide));
    on(a, "pointerdown", (e) => touch = e.pointerType !== "mouse");
    on(a, "focus", () => touch || show(a));
    on(a, "blur", hide);
    on(a, "click", (e) => { if (touch && of !== a) { e.preventDefault(); show(a); } });
  }
  on(tip, "pointerenter", () => clearTimeout(timer));
  on(tip, "pointerleave", () => later(hide));
  on(document, "keydown", (e) => e.key === "Escape" && hide());
  on(document, "pointerdown", (e) => of && (of.contains(e.target) || e.target === tip) || hide());
}

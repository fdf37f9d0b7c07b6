// When a popover comes and goes: on hover, focus or a first tap. It stays while pointed at and leaves on Esc.

/** How many milliseconds the pointer rests before a popover comes or goes. */
const REST = 200;
/** Pixels between a link and its popover, where styles do not place it. */
const APART = 6;

/** @type {HTMLAnchorElement | null} the link whose popover is shown */
let shownFor = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let popoverTimer;

const stay = () => clearTimeout(popoverTimer);

/** @param {() => void} action */
const later = (action) => {
  stay();
  popoverTimer = setTimeout(action, REST);
};

/** @param {boolean} [back] whether the link takes the focus again */
const hidePopover = (back) => {
  stay();
  if (!shownFor) return;
  shownFor.ariaExpanded = "false";
  // Its link is still the shown one, so that the focus does not open it again.
  if (back && popover.contains(document.activeElement)) shownFor.focus();
  popover.hidePopover();
  shownFor = null;
};

/** @param {HTMLAnchorElement} link */
const place = (link) => {
  const line = link.getClientRects()[0];
  const left = Math.min(line.left, document.body.clientWidth - popover.offsetWidth - APART);
  const fits = line.bottom + popover.offsetHeight + APART < innerHeight;
  popover.style.left = Math.max(APART, left) + "px";
  popover.style.top = (fits ? line.bottom : line.top - popover.offsetHeight - 2 * APART) + "px";
};

/**
 * @param {HTMLAnchorElement} link
 * @param {boolean} [tapped] so that the link is followed if there is nothing to show
 */
const showPopover = async (link, tapped) => {
  stay();
  if (shownFor === link) return;
  hidePopover();
  shownFor = link;
  const parts = await popoverParts(link);
  // Somebody may have gone on while it was fetched.
  if (shownFor !== link) return;
  if (!parts) {
    shownFor = null;
    if (tapped) location.href = link.href;
    return;
  }
  popover.replaceChildren(...parts);
  // Beside its link, so that Tab leads into it.
  link.after(popover);
  link.ariaExpanded = "true";
  popover.showPopover({ source: link });
  if (!CSS.supports("position-area", "block-end")) place(link);
};

for (const link of /** @type {HTMLAnchorElement[]} */ ($$(HAS_POPOVER))) {
  link.ariaExpanded = "false";
  on(link, "pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => showPopover(link)));
  on(link, "pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hidePopover));
  on(link, "focus", () => link.matches(":focus-visible") && showPopover(link));
  on(link, "click", (event) => {
    if (!isTap(event) || shownFor === link) return hidePopover();
    event.preventDefault();
    showPopover(link, true);
  });
}
on(popover, "pointerenter", stay);
on(popover, "pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hidePopover));
on(popover, "click", ({ target }) => target.closest("a") && hidePopover());
on(document, "keydown", ({ key }) => key === "Escape" && hidePopover(true));
// Whatever else takes the focus or a press ends it.
for (const type of ["focusin", "pointerdown"]) {
  on(document, type, ({ target }) => shownFor?.contains(target) || popover.contains(target) || hidePopover());
}

popovers.open = (link, tapped) => {
  if (tapped || link.matches(":focus-visible")) showPopover(link, tapped);
  else if (link.matches(":hover")) later(() => showPopover(link));
};

// What is behind a citation, a word of the glossary or a topic is shown beside it; without a script each is a link that leads
// there. Script and styles come at the first intent.

/** What has a popover. */
const HAS_POPOVER = "main .term, main .cite[href^='#ref:'], article > .chips a";

/**
 * What the bundle of popovers brings along.
 * @type {{ open?: (link: HTMLAnchorElement, tapped: boolean) => void, tell?: (source: HTMLDetailsElement) => void }}
 */
const popovers = {};

/**
 * Whether a finger or a pen made a click.
 * @param {PointerEvent} event
 */
const isTap = ({ type, pointerType }) => type === "click" && (pointerType === "touch" || pointerType === "pen");

{
  const frame = the(".frame");
  const load = bundleOf(frame.dataset);
  let isReady = false;
  /** @param {PointerEvent} event */
  const first = async (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (isReady || !link?.matches(HAS_POPOVER)) return;
    const tapped = isTap(event);
    if (tapped) event.preventDefault();
    isReady = await load();
    if (isReady) popovers.open?.(link, tapped);
    else if (tapped) location.href = link.href;
  };
  const events = "showPopover" in frame ? ["pointerover", "focusin", "click"] : [];
  for (const type of events) on(frame, type, first);
  for (const source of /** @type {HTMLDetailsElement[]} */ ($$(".references details"))) {
    on(source, "toggle", async () => source.open && (await load()) && popovers.tell?.(source));
  }
}

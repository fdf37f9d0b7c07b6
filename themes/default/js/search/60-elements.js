// The elements that results and filters are made of. Texts of the site reach the page as text and nothing else.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
const classed = (tag, className, ...children) =>
  make(tag, /** @type {Partial<HTMLElementTagNameMap[Tag]>} */ ({ className }), ...children);

/**
 * A button that does something.
 * @param {() => void} onclick
 * @param {string} className
 * @param {...(Node | string)} children
 */
const action = (onclick, className, ...children) => make("button", { type: "button", className, onclick }, ...children);

/** @param {Marked} parts */
const markedNodes = (parts) => parts.map((part) => (typeof part === "string" ? part : make("mark", {}, ...part)));

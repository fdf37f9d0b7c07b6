// Finding and making elements.

/**
 * The first element that matches, if there is one.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement | null}
 */
const $ = (selector, within = document) => within.querySelector(selector);

/**
 * The first element that matches, where the templates promise that there is one.
 * @param {string} selector
 * @param {ParentNode} [within]
 */
const the = (selector, within) => /** @type {HTMLElement} */ ($(selector, within));

/**
 * All elements that match.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement[]}
 */
const $$ = (selector, within = document) => [...within.querySelectorAll(/** @type {"div"} */ (selector))];

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => unknown} listener
 */
const on = (target, type, listener) => target.addEventListener(type, listener);

/**
 * An element with properties, and children that are elements or text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/**
 * A symbol of the sprite: a copy of one that the page has, which knows the address of the sprite.
 * @param {string} name
 */
const icon = (name) => {
  const svg = /** @type {HTMLElement} */ (the(".icon").cloneNode(true));
  const use = the("use", svg);
  use.setAttribute("href", String(use.getAttribute("href")).replace(/#.*/, "#" + name));
  return svg;
};

/**
 * @param {string} className beside the look of a button
 * @param {...(Node | string)} children
 */
const button = (className, ...children) =>
  make("button", { type: "button", className: "button " + className }, ...children);

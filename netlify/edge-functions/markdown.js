// Netlify runs this before it sends a page: whoever asks for Markdown (`Accept: text/markdown`), as many AI agents do,
// gets the page's Markdown from beside it, at the same address. Everybody else gets the page.

/** Whatever fails here, the page is sent as it is. */
export const config = { onError: "bypass" };

const MARKDOWN = "text/markdown";
const HTML = "text/html";

/**
 * How much a type is wanted, from 0 to 1, and how closely it is named: 2 by itself, 1 as `text/*`, 0 as any. The closest
 * name counts (RFC 9110, section 12.5.1).
 */
const wanted = (accept, type) => {
  const names = ["*/*", "text/*", type];
  let best = { weight: 0, closeness: -1 };
  for (const range of accept.toLowerCase().split(",")) {
    const [name, ...parameters] = range.split(";").map((part) => part.trim());
    const closeness = names.indexOf(name);
    if (closeness <= best.closeness) continue;
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const number = weight === undefined ? 1 : Number(weight.slice(weight.indexOf("=") + 1));
    best = { weight: number >= 0 && number <= 1 ? number : 0, closeness };
  }
  return best;
};

/** Whoever names Markdown, and wants nothing more than that, wants it: browsers never name it. */
export const prefersMarkdown = (accept) => {
  const markdown = wanted(accept, MARKDOWN);
  return markdown.closeness === 2 && markdown.weight > 0 && markdown.weight >= wanted(accept, HTML).weight;
};

const withVary = (response, headers) => {
  const varied = new Response(response.body, response);
  const named = (varied.headers.get("Vary") ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (!named.includes("accept") && !named.includes("*")) varied.headers.append("Vary", "Accept");
  for (const [name, value] of Object.entries(headers)) varied.headers.set(name, value);
  return varied;
};

export default async (request, context) => {
  const url = new URL(request.url);
  const isRead = request.method === "GET" || request.method === "HEAD";
  // Pages have addresses that end with a slash; everything else is a file, of which there is one form.
  if (!isRead || !url.pathname.endsWith("/")) return undefined;
  if (prefersMarkdown(request.headers.get("Accept") ?? "")) {
    const { method, headers } = request;
    const twin = await fetch(new URL("index.md", url), { method, headers });
    // A page without Markdown, such as the search, is sent as a page.
    if (twin.ok || twin.status === 304) return withVary(twin, { "Content-Type": `${MARKDOWN}; charset=utf-8` });
  }
  return withVary(await context.next(), {});
};

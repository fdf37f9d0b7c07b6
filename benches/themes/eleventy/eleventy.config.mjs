import { IdAttributePlugin, InputPathToUrlTransformPlugin } from "@11ty/eleventy";
import footnotes from "markdown-it-footnote";

const FACETS = ["benefit", "risk", "context", "career-path"];
const byTitle = (a, b) => (a.data.title < b.data.title ? -1 : 1);

export default function (config) {
  config.setQuietMode(true);
  config.addPlugin(InputPathToUrlTransformPlugin);
  config.addPlugin(IdAttributePlugin);
  config.amendLibrary("md", (library) => library.use(footnotes));
  config.addPassthroughCopy({ static: "/" });
  config.addFilter("headings", (html) =>
    [...html.matchAll(/<h([23])[^>]*>(.*?)<\/h\1>/gs)].map(([, level, inner]) => {
      const title = inner.replace(/<[^>]+>/g, "");
      return { level, title, id: title.toLowerCase().replace(/[^a-z0-9]+/g, "-") };
    }),
  );
  config.addFilter("plain", (html) => html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " "));

  // Sections with their articles; each article learns its section and its neighbours on the way.
  config.addCollection("sections", (api) => {
    const sections = new Map();
    for (const page of api.getAll()) {
      const folder = page.url && page.url.split("/")[1];
      if (page.data.layout === "section.njk") {
        sections.set(folder, { title: page.data.title, url: page.url, pages: [] });
      }
    }
    for (const page of api.getAll()) {
      if (page.data.layout === "page.njk") sections.get(page.url.split("/")[1]).pages.push(page);
    }
    for (const section of sections.values()) {
      section.pages.sort(byTitle);
      section.pages.forEach((page, at) => {
        Object.assign(page.data, { section, previous: section.pages[at - 1], next: section.pages[at + 1] });
      });
    }
    return [...sections.values()];
  });
  config.addCollection("terms", (api) => {
    const terms = new Map();
    for (const page of api.getAll()) {
      for (const facet of FACETS) {
        for (const name of page.data.facets?.[facet] ?? []) {
          const key = `${facet}/${name}`;
          if (!terms.has(key)) terms.set(key, { facet, name, pages: [] });
          terms.get(key).pages.push(page);
        }
      }
    }
    return [...terms.values()];
  });
  return {
    dir: { input: "content", includes: "../_includes", output: "_site" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
  };
}

// Writes a small site: three hundred pages of made-up English, the same every time, and a few in other scripts.
import { mkdirSync, writeFileSync } from "node:fs";

const folder = process.argv[2];
let state = 7;
const random = (n) => (state = (state * 48271) % 2147483647) % n;
const syllables = [
  "ba",
  "cor",
  "de",
  "fin",
  "gul",
  "ha",
  "jor",
  "ke",
  "lim",
  "mo",
  "nar",
  "pel",
  "qui",
  "ros",
  "ta",
  "vul",
];
const word = (n) => [...Array(1 + (n % 3))].map((_, i) => syllables[(n * 7 + i * 5 + (n >> 3)) % 16]).join("");
// Few words are common and many are rare, as in any language.
const sentence = () => [...Array(6 + random(9))].map(() => word(Math.floor(400 / (1 + random(80))))).join(" ") + ".";
const facets = { colour: ["red", "green", "blue"], size: ["small", "large"] };
const pages = {};
for (let n = 0; n < 300; n++) {
  const tags = Object.entries(facets).map(
    ([facet, terms]) => `${facet}: [${terms.filter(() => random(3) === 0).join(", ")}]`,
  );
  const parts = [...Array(3)].map((_, i) => `## Part ${i} of ${word(random(300))}\n\n${sentence()} ${sentence()}`);
  pages[`made/page-${n}.md`] =
    `---\ntitle: ${word(random(300))} ${word(random(300))}\nsummary: ${sentence()}\ntags: {${tags.join(", ")}}\n---\n\n${sentence()}\n\n${parts.join("\n\n")}\n`;
}
Object.assign(pages, {
  "site.yaml":
    "title: Sample\nlanguage: en\ndates: front-matter\nfacets: {colour: {terms: open}, size: {terms: open}}\n",
  "other/uber.md": "# Über Straßen und Brücken\n\nDie Größe zählt. Ein naïve résumé.\n",
  "other/kensaku.md": "# 検索エンジンの設計\n\n全文検索はとても便利です。\n",
  "other/zhong.md": "# 中文页面\n\n搜索引擎可以找到这个页面。\n",
  "other/hangugeo.md": "# 한국어 문서\n\n검색 기능이 있습니다.\n",
  "other/ivrit.md": "# חיפוש בעברית\n\nשָׁלוֹם לכולם.\n",
  "other/arabic.md": "# البحث بالعربية\n\nكِتَاب جديد.\n",
  // Letters that come apart into others with spaces between them.
  "other/ligature.md": "# محمد ﷺ\n\nصلح ﷻ, aͺb, ﱞ.\n",
  "other/emoji.md": "---\ntitle: 🙂🙃\n---\n\n🎉🎉🎉\n",
  "other/cpp.md": "# Notes on C++ and C#\n\nThe e-mail of the owner's assistant, in snake_case.\n",
  "other/letters.md": `# Łódź, Ørsted, Œuvre\n\nΣοφός, мой, ﬁne, ısı, 𝒜𝒷𝒸, 𐐷𐐨𐐲, ꯍꯦꯟ, ${"é".repeat(50)}.\n`,
  "other/long.md": `# A long word\n\n${"x".repeat(200000)}\n`,
  "other/quick.md":
    "# Foxes\n\nThe quick brown fox jumps over the lazy dog. Decided decisions decide.\n\n## Deep burrow\n\nA vixen digs a burrow.\n",
  "other/brown.md": "# Brown\n\nBrown the quick fox: a dog, lazy over jumps. Burrow elsewhere.\n",
  "other/twin-a.md": "---\ntitle: Same title\n---\n\nFirst zebra.\n",
  "other/twin-b.md": "---\ntitle: Same title\n---\n\nSecond zebra.\n",
  "other/hidden.md": "---\nsearch: false\n---\n# Hidden\n\nNobody finds the okapi.\n",
  "other/black.md": "---\naliases: [/old/umbrella-stand/]\nalso: [black bread, sourdough]\n---\n# Rye\n\nBread.\n",
  "other/questions.md":
    "# Asked often\n\n## How does one bake sourdough?\n\nSlowly.\n\n## Is it black?\n\nNo.\n\n## And why?\n\nRye.\n",
  "other/names.md":
    "# Release v1.2.3\n\n`getUserName` and HTMLParser in site.settings.yaml, in the U.S.A. with `--dry-run`: non-technical soft\u00adhyphen startups.\n",
  "other/earlier.md": "# Release 2.3.1\n\nAfter 3.1.2, 1 2 3.\n",
  "glossary.yaml": "- {term: Gluten, also: [elasticine], definition: What holds dough together., page: black}\n",
});
for (const [path, text] of Object.entries(pages)) {
  const file = `${folder}/content/${path}`;
  mkdirSync(file.replace(/[^/]*$/, ""), { recursive: true });
  writeFileSync(file, text);
}

// Writes a knowledge base of a given size, the same for the same number: made-up words whose frequencies follow Zipf's
// law, four kinds of terms, sections. With a third argument no page wants to be found.
import { mkdirSync, writeFileSync } from "node:fs";

const [folder, pages] = [process.argv[2], +process.argv[3]], hidden = process.argv[4] ? "search: false\n" : "";
let state = 1;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const pick = (list) => list[Math.floor(random() * list.length)];
const onsets = "b c d f g h l m n p r s t v br ch cl dr fl gr pl pr sh st th tr".split(" "), cores = "a e i o u ai ea ee oo ou".split(" "), codas = ["", "", "n", "r", "s", "t", "l", "m", "nd", "st", "ck"];
const syllable = () => pick(onsets) + pick(cores) + pick(codas), endings = ["", "", "", "s", "ed", "ing", "ly", "ment", "tion"];
const vocabulary = ["the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "with", "as", "be", "on", "not", "by", "are", "this", "or", "from"];
while (vocabulary.length < 60000) vocabulary.push([...Array(1 + Math.floor(random() * 3))].map(syllable).join("") + pick(endings));
const word = () => vocabulary[Math.floor(vocabulary.length ** random()) - 1];
const words = (n) => [...Array(n)].map(word).join(" ");
const sentence = () => { const s = words(8 + Math.floor(random() * 14)); return `${s[0].toUpperCase()}${s.slice(1)}.`; };
const paragraph = () => [...Array(3 + Math.floor(random() * 4))].map(sentence).join(" ");
const facets = ["benefit", "risk", "context", "career-path"];
mkdirSync(`${folder}/content`, { recursive: true });
writeFileSync(`${folder}/content/site.yaml`, `title: Measured\nlanguage: en\ndates: front-matter\nfacets:\n${facets.map((f) => `  ${f}: {terms: open}\n`).join("")}`);
for (let n = 0; n < pages; n++) {
  const section = `${folder}/content/section-${n % Math.ceil(pages / 120)}`;
  if (n < Math.ceil(pages / 120)) mkdirSync(section, { recursive: true });
  const tags = facets.map((f) => `${f}: [${[...new Set([0, 1].map(() => `${f}-${1 + Math.floor(15 ** random())}`))].join(", ")}]`).join(", ");
  const body = [...Array(5)].map(() => `## ${words(3)}\n\n${paragraph()}\n\n${paragraph()}\n`).join("\n");
  writeFileSync(`${section}/page-${n}.md`, `---\ntitle: ${words(3)} ${n}\nsummary: ${sentence()}\ntags: {${tags}}\n${hidden}---\n\n${paragraph()}\n\n${body}`);
}

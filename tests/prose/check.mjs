// The rules about content/ that are about prose rather than about the site: see README.md beside this file.
// Prints `file:line: message` for each finding and fails if there is one; `--report` prints the table of reading ease.
import { posix } from 'node:path'
import { flesch } from 'flesch'
import { syllable } from 'syllable'
import { readSite } from './site.mjs'

const EASE = 50 // Flesch reading ease: 50 and more is what most adults read without effort
const HARD_SHARE = 0.1 // how many of the articles may lie under it
const WORDS = [450, 1100]
const HEADINGS = [2, 5]
const SUMMARY = [50, 160]

const { pages, claims, others } = readSite('content', ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs', 'src/diagnostic/explain'])
const articles = pages.filter((page) => page.kind === 'article')
const findings = []
const find = (file, line, message) => findings.push({ file, line, message })

// Words and reading ease. A word with hyphens is one word, as Flesch counts; a list item ends a sentence.
const sentences = new Intl.Segmenter('en-GB', { granularity: 'sentence' })
const measured = articles.map((page) => {
  const split = page.paragraphs.map((text) => text.match(/[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu) ?? [])
  const words = split.flat()
  const count = page.paragraphs.flatMap((text) => [...sentences.segment(text)]).filter(({ segment }) => /\p{L}/u.test(segment))
  const syllables = words.reduce((sum, word) => sum + Math.max(1, syllable(word)), 0)
  const ease = flesch({ sentence: count.length, word: words.length, syllable: syllables })
  return { page, words: words.length, ease: words.length > 0 ? ease : 100 }
})

for (const { page, words } of measured) {
  if (words < WORDS[0]) find(page.file, 1, `${words} words; an article has ${WORDS[0]} or more. Say more, or make it part of another article`)
  if (words > WORDS[1]) find(page.file, 1, `${words} words; an article has ${WORDS[1]} or fewer. Cut it, or make two of it`)
  const [least, most] = HEADINGS
  if (page.headings < least || page.headings > most) {
    find(page.file, 1, `${page.headings} headings of level 2 (\`## …\`); an article has ${least} to ${most}`)
  }
}

const hard = measured.filter(({ ease }) => ease < EASE).sort((a, b) => a.ease - b.ease)
if (hard.length > articles.length * HARD_SHARE) {
  for (const { page, ease } of hard) {
    const share = `${hard.length} of ${articles.length} articles are under ${EASE}, and one in ten may be`
    find(page.file, 1, `hard to read: reading ease ${ease.toFixed(0)}. Shorter sentences and plainer words help; ${share}`)
  }
}

// Titles and summaries.
const seen = { title: new Map(), summary: new Map() }
for (const page of pages) {
  for (const key of ['title', 'summary']) {
    const field = page[key]
    if (!field) continue
    const same = field.value.trim().toLowerCase()
    const first = seen[key].get(same)
    if (first) find(page.file, field.line, `the ${key} is also that of ${first.file}:${first[key].line}; say what sets them apart`)
    else seen[key].set(same, page)
  }
  const length = page.summary ? [...page.summary.value].length : 0
  if (!page.summary && ['article', 'tags'].includes(page.kind)) find(page.file, 1, 'no summary; lists, search and previews need one')
  else if (page.summary && (length < SUMMARY[0] || length > SUMMARY[1])) {
    find(page.file, page.summary.line, `the summary has ${length} characters; ${SUMMARY[0]} to ${SUMMARY[1]} fit where it is shown`)
  }
}

// Every claim is told in an article.
const told = new Set(articles.flatMap((page) => page.citations))
for (const { id, file, line } of claims) {
  if (!told.has(id)) find(file, line, `no article cites ${id}; cite it where it belongs, as [@${id}], or take it out`)
}

// Every article can be reached from the text or front matter of another page.
const named = new Map()
for (const page of articles) {
  for (const name of [page.path, page.stem, page.title?.value, ...page.aliases]) if (name) named.set(name.toLowerCase(), page)
}
const reached = new Set()
for (const page of pages) {
  for (const { name, target } of page.links) {
    const to = named.get((name ?? path(page, target)).split('#')[0].toLowerCase())
    if (to && to !== page) reached.add(to)
  }
}
for (const page of articles) {
  if (!reached.has(page)) find(page.file, 1, 'no other page links here; link to it from an article that it adds to, or from an index.md')
}

function path(page, target) {
  const [file] = decodeURI(target).split(/[?#]/)
  const whole = file.startsWith('/') ? file.slice(1) : posix.join(page.folder, file)
  return whole.replace(/\.md$/, '').replace(/\/$/, '')
}

// British spelling in -ise: the dictionary takes -ize too.
const keepsZ = /^(?:(?:re|down|over|under|out|up|mid|king)?-?siz|(?:ap)?priz|seiz|capsiz|maiz|baiz)/i
for (const { file, shown } of [...pages, ...others]) {
  for (const match of shown.text.matchAll(/\b[a-z-]+(?:iz(?:e|es|ed|ing|er|ers|ation|ations)|yz(?:e|es|ed|ing))\b/gi)) {
    // What others write stands under `also`, however they spell it.
    const before = shown.text.slice(0, match.index)
    const isOthers = /^ *also:/.test(before.slice(before.lastIndexOf('\n') + 1))
    if (!isOthers && !keepsZ.test(match[0])) find(file, shown.line(match.index), `\`${match[0]}\` is spelt with an s here`)
  }
}

const ease = measured.map((each) => each.ease).sort((a, b) => a - b)
const median = ease.length % 2 ? ease[(ease.length - 1) / 2] : (ease[ease.length / 2 - 1] + ease[ease.length / 2]) / 2
const one = (number) => number.toFixed(1)
const total = `${articles.length} articles: reading ease from ${one(ease[0])}, median ${one(median)}, ${hard.length} under ${EASE}`

if (process.argv.includes('--report')) {
  const wide = Math.max(...measured.map(({ page }) => page.path.length))
  console.log(`${'article'.padEnd(wide)}  words   ease`)
  for (const { page, words, ease } of [...measured].sort((a, b) => a.ease - b.ease)) {
    console.log(`${page.path.padEnd(wide)}  ${String(words).padStart(5)}  ${one(ease).padStart(5)}`)
  }
}
findings.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
for (const { file, line, message } of findings) console.log(`${file}:${line}: ${message}`)
console.log(articles.length ? total : 'no articles in content/')
console.log(findings.length ? `${findings.length} finding${findings.length === 1 ? '' : 's'} about articles` : 'No findings about articles')
process.exitCode = findings.length ? 1 : 0

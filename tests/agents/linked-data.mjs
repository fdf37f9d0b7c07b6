// The JSON-LD of every page: each type is one of schema.org's, each property is one that the type has and holds what it may.
//   node linked-data.mjs <folder>
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)

const TEXT = (value) => typeof value === 'string' && value.trim() !== ''
const URL_ = (value) => TEXT(value) && URL.canParse(value)
const DATE = (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
const NUMBER = (value) => Number.isInteger(value) && value > 0
const some = (is) => (value) => Array.isArray(value) && value.length > 0 && value.every(is)
const one = (type) => (value) => value?.['@type'] === type && isThing(value)

/** By type: what each property may hold, those that must be there first (`!`), as schema.org defines them. */
const TYPES = {
  Article: { headline: TEXT, author: one('Organization'), datePublished: DATE, dateModified: DATE, image: URL_ },
  Organization: { name: TEXT, url: URL_ },
  WebSite: { name: TEXT, url: URL_ },
  BreadcrumbList: { itemListElement: some(one('ListItem')) },
  ListItem: { position: NUMBER, name: TEXT, item: URL_ },
  DefinedTerm: { name: TEXT, description: TEXT, alternateName: some(TEXT), url: URL_, inDefinedTermSet: URL_ },
  DefinedTermSet: { name: TEXT, hasDefinedTerm: some(one('DefinedTerm')) },
  FAQPage: { mainEntity: some(one('Question')) },
  Question: { name: TEXT, acceptedAnswer: one('Answer') },
  Answer: { text: TEXT, url: URL_ },
}
const REQUIRED = {
  Article: ['headline', 'author'], BreadcrumbList: ['itemListElement'], ListItem: ['position', 'name'],
  DefinedTerm: ['name'], DefinedTermSet: ['name', 'hasDefinedTerm'], FAQPage: ['mainEntity'],
  Question: ['name', 'acceptedAnswer'], Answer: ['url'], Organization: ['name'], WebSite: ['name', 'url'],
}

const isThing = ({ '@type': type, ...properties }) => {
  const known = TYPES[type]
  const wrong = known ? Object.keys(properties).filter((name) => !known[name]?.(properties[name])) : ['@type']
  const lacking = (REQUIRED[type] ?? []).filter((name) => !(name in properties))
  for (const name of wrong) faults.push(`${page}: ${type} has a wrong ${name}`)
  for (const name of lacking) faults.push(`${page}: ${type} has no ${name}`)
  return wrong.length + lacking.length === 0
}

const faults = []
const counts = {}
const sizes = []
let page = ''
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('index.html')).sort()
for (const name of files) {
  page = name
  const html = readFileSync(join(folder, name), 'utf8')
  const blocks = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(([, json]) => json)
  const isAlias = html.includes('http-equiv="refresh"')
  if (blocks.length !== (isAlias || name.startsWith('search/') ? 0 : 1)) faults.push(`${page}: ${blocks.length} blocks`)
  for (const json of blocks) {
    const data = JSON.parse(json)
    if (data['@context'] !== 'https://schema.org' || !Array.isArray(data['@graph'])) faults.push(`${page}: no graph`)
    for (const thing of data['@graph']) {
      isThing(thing)
      counts[thing['@type']] = (counts[thing['@type']] ?? 0) + 1
      const steps = thing.itemListElement ?? []
      if (steps.some((step, at) => step.position !== at + 1)) faults.push(`${page}: steps out of order`)
    }
    if (data['@graph'].some((thing) => thing['@type'] === 'Article')) sizes.push(Buffer.byteLength(json))
  }
}
for (const fault of faults) console.log(fault)
const mean = Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length)
console.log(`JSON-LD: ${JSON.stringify(counts)}; of an article ${mean} bytes in the mean, at most ${Math.max(...sizes)}`)
if (faults.length > 0) process.exitCode = 1

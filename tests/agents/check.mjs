// Runs every check of afdocs on every page of a built site, and asks for all points.
//   node check.mjs <folder>
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { host } from './host.mjs'

const [folder] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const site = JSON.parse(readFileSync(join(folder, 'site.json'), 'utf8'))
const { origin, close } = await host(folder)

/** What a program prints. */
const output = (program, ...options) =>
  new Promise((done) => {
    const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part) => (text += part))
    child.on('close', () => done(text))
  })

const options = ['--format', 'json', '--score', '--sampling', 'deterministic', '--max-links', '1000', '--request-delay', '0']
options.push('--quiet', '--max-concurrency', '10', '--canonical-origin', new URL(site.base).origin)
const report = JSON.parse(await output(join(here, 'node_modules/.bin/afdocs'), 'check', origin, ...options))
close()

/** What is long on purpose: pages that list all sources, all pairs of topics, or every way through a decision. */
const MAY_BE_LONG = ['page-size-markdown', 'page-size-html', 'embedded-data-serialization']

const isShort = ({ status }) => status === 'warn' || status === 'fail'
for (const { id, message, details } of report.results.filter(isShort)) {
  console.log(`${id}: ${message}`)
  const pages = Object.values(details ?? {}).filter(Array.isArray).flat().filter((page) => page?.url && isShort(page))
  for (const { url, sampleDiffs = [], issues = [], ...page } of pages.slice(0, 20)) {
    const facts = Object.entries(page).filter(([, value]) => typeof value === 'number')
    console.log(`  ${url} ${facts.map(([name, value]) => `${name} ${value}`).join(', ')}`)
    for (const line of [...issues, ...sampleDiffs]) console.log(`      ${line}`)
  }
}
const score = report.score ?? report.scoring
const overall = score?.overall?.score ?? score?.overallScore ?? score?.overall
const passed = report.results.filter(({ status }) => status === 'pass').length
console.log(`${passed} of ${report.results.length} checks passed, ${overall} of 100 points`)
const isFault = (result) => isShort(result) && !MAY_BE_LONG.includes(result.id)
if (overall !== 100 || report.results.some(isFault)) process.exitCode = 1

// What open pages do while a site is edited under `fingerpost serve`; `tests/browser/run` calls this with the program
// and an empty folder of its own.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { chromium } from 'playwright-core'

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]
const WAIT = 20_000 // milliseconds for a page to follow an edit
const [program, folder] = process.argv.slice(2).map((path) => resolve(path))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const write = (path, text) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const LONG = Array.from({ length: 80 }, (_, i) => `## Part ${i}\n\nText of part ${i}.\n`).join('\n')
const page = (text) => `---\ntitle: Alpha\n---\n${text}\n\n${LONG}\n`
const RED = 'main { border-top: 7px solid rgb(255, 0, 0) }'
rmSync(folder, { recursive: true, force: true })
write('content/index.md', '# Home\n\n[Alpha](a.md)\n')
write('content/a.md', page('First text.'))
write('content/b.md', '# Beta\n\nOther text.\n')
write('themes/default/css/99-own.css', RED)

/** Starts the server and gives its address and a function that ends it. */
const start = (port = '0') => new Promise((done, fail) => {
  const server = spawn(program, ['serve', '--root', folder, '--port', port], { stdio: ['ignore', 'ignore', 'pipe'] })
  const end = () => new Promise((ended) => { server.on('exit', ended); server.kill('SIGINT') })
  let said = ''
  server.stderr.on('data', (text) => {
    said += text
    const address = said.match(/Serving (\S+)\//)
    if (address) done({ origin: address[1], end })
  })
  server.on('exit', () => fail(new Error(`the server ended: ${said}`)))
})

let passed = 0
let failed = 0
const complaints = new Set()
const check = (name, problems) => {
  if (problems.length === 0) return void passed++
  failed++
  console.log(`FAILED ${name}`)
  for (const problem of problems) console.log(`  ${problem}`)
}

let server = await start()
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1000, height: 700 } })
context.setDefaultTimeout(WAIT)
let quiet = true // whether a failed connection would be a mistake
context.on('page', (tab) => {
  tab.on('console', (message) => quiet && message.type() === 'error' && complaints.add(message.text()))
  tab.on('pageerror', (error) => complaints.add(error.message))
})
const open = async (path) => {
  const tab = await context.newPage()
  await tab.goto(server.origin + path, { waitUntil: 'load' })
  // Gone after a reload.
  await tab.evaluate(() => { globalThis.stands = true })
  return tab
}
const stands = (tab) => tab.evaluate(() => globalThis.stands === true)
const shows = (tab, text) => tab.waitForFunction((text) => document.querySelector('main')?.textContent.includes(text), text)
const bar = (tab) => tab.locator('fingerpost-findings').getByRole('region', { name: 'Findings' })

/** Runs one check on a page of its own; what is thrown is a problem like any other. */
const attempt = async (name, path, test) => {
  const problems = []
  const is = (what, got, wanted) => {
    const [a, b] = [got, wanted].map((value) => JSON.stringify(value))
    if (a !== b) problems.push(`${what}: ${a} instead of ${b}`)
  }
  try {
    const tab = await open(path)
    await test(tab, is)
    await tab.close()
  } catch (error) {
    problems.push(String(error.message).split('\n').slice(0, 3).join(' '))
  }
  check(name, problems)
}

await attempt('an edit reloads the page at the same place, and no other page', '/a/', async (tab, is) => {
  const other = await open('/b/')
  await tab.evaluate(() => scrollTo(0, 1500))
  write('content/a.md', page('Second text.'))
  await shows(tab, 'Second text.')
  await tab.waitForFunction(() => scrollY === 1500)
  is('reloaded', await stands(tab), false)
  is('the other page stands', await stands(other), true)
  await other.close()
})

await attempt('with a fragment in its address, the page stays where it was scrolled to', '/a/#part-40', async (tab) => {
  await tab.evaluate(() => scrollBy(0, 333))
  const at = await tab.evaluate(() => scrollY)
  write('content/a.md', page('Third text.'))
  await shows(tab, 'Third text.')
  await tab.waitForFunction((at) => scrollY === at, at)
})

await attempt('a style is swapped without a reload', '/a/', async (tab, is) => {
  const border = () => tab.evaluate(() => getComputedStyle(document.querySelector('main')).borderTopColor)
  is('border before', await border(), 'rgb(255, 0, 0)')
  await tab.evaluate(() => scrollTo(0, 900))
  write('themes/default/css/99-own.css', RED.replace('255, 0, 0', '0, 0, 255'))
  await tab.waitForFunction(() => getComputedStyle(document.querySelector('main')).borderTopColor === 'rgb(0, 0, 255)')
  await tab.waitForFunction(() => document.querySelectorAll('link[rel="stylesheet"]').length === 1)
  is('stands', await stands(tab), true)
  is('place', await tab.evaluate(() => scrollY), 900)
})

for (const colorScheme of ['light', 'dark']) {
  await attempt(`pages are shown with a bar while there are errors, ${colorScheme}`, '/b/', async (tab, is) => {
    await tab.emulateMedia({ colorScheme })
    write('content/b.md', '# Beta\n\nTo [[nowhere]] and on.\n')
    await bar(tab).waitFor()
    const said = await bar(tab).locator('p').textContent()
    is('bar', said, '1 error in the content content/b.md:3:6: no page named `nowhere`')
    is('the page', await tab.evaluate(() => document.querySelector('main').textContent.includes('and on.')), true)
    // It would put the bar's style into the page to look at it, which the policy forbids: hence no `preload`.
    await tab.evaluate(axe)
    const { violations } = await tab.evaluate(() => globalThis.axe.run(document, { preload: false, resultTypes: ['violations'] }))
    is('axe', violations.map(({ id, nodes }) => `${id}: ${nodes[0].target.join(' ')}: ${nodes[0].failureSummary}`), [])

    const list = await context.newPage()
    await list.goto(server.origin + await bar(tab).getByRole('link').getAttribute('href'))
    is('list', (await list.locator('pre').textContent()).startsWith('error[FP0301]: no page named `nowhere`\n'), true)
    await list.evaluate(axe)
    const found = await list.evaluate(() => globalThis.axe.run(document, { preload: false, resultTypes: ['violations'] }))
    is('axe of the list', found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].target.join(' ')}`), [])

    const later = await open('/a/')
    await bar(later).waitFor()
    await bar(later).getByRole('button', { name: 'Hide' }).click()
    await bar(later).waitFor({ state: 'detached' })
    await later.close()
    await bar(tab).getByRole('button', { name: 'Hide' }).focus()
    await tab.keyboard.press('Escape')
    await bar(tab).waitFor({ state: 'detached' })
    write('content/b.md', '# Beta\n\nTo [[nowhere]] and [[nothing]].\n')
    await bar(tab).waitFor()
    await list.waitForFunction(() => document.querySelector('pre').textContent.includes('nothing'))
    write('content/b.md', '# Beta\n\nOther text.\n')
    await shows(tab, 'Other text.')
    is('bars', await bar(tab).count(), 0)
    await list.close()
  })
}

await attempt('a page that is deleted and made again is followed', '/b/', async (tab) => {
  quiet = false // The page that is not found is one that fails to load.
  rmSync(join(folder, 'content/b.md'))
  await tab.waitForFunction(() => document.title.startsWith('No page at this address'))
  write('content/b.md', '# Beta\n\nBack again.\n')
  await shows(tab, 'Back again.')
  quiet = true
})

await attempt('a page that slept through an edit is new when it is seen again', '/a/', async (tab) => {
  const hide = (state) => tab.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
  await hide('hidden')
  const other = await open('/a/')
  write('content/a.md', page('Fourth text.'))
  await shows(other, 'Fourth text.')
  await other.close()
  await hide('visible')
  await shows(tab, 'Fourth text.')
})

await attempt('a page follows a server that was started again', '/a/', async (tab) => {
  quiet = false
  await server.end()
  write('content/a.md', page('Fifth text.'))
  server = await start(new URL(server.origin).port)
  await shows(tab, 'Fifth text.')
  quiet = true
})

await attempt('a page that cannot be made shows why, and itself when it can', '/b/', async (tab, is) => {
  quiet = false // A page that fails is one that fails to load.
  write('themes/default/templates/page.html', '{{ page.title | nth(n=page.words) }}')
  await tab.getByRole('heading', { name: 'This page cannot be made' }).waitFor()
  is('findings', (await tab.locator('pre').textContent()).includes('FP06'), true)
  rmSync(join(folder, 'themes/default/templates/page.html'))
  await shows(tab, 'Back again.')
  quiet = true
})

check('no console error and no violation of the policy', [...complaints])
await browser.close()
await server.end()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

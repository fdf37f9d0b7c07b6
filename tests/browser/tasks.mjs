// What three readers come for, from the home page of the built flagship, and how many clicks and keys it takes them.
// `tests/browser/run` calls this with the built folder.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decisionsOf, fragment, pathsOf } from './decisions.mjs'
import { start } from './harness.mjs'

const folder = process.argv[2]
const { origin, attempt, open, end } = await start(folder)
const catalogue = JSON.parse(readFileSync(join(folder, 'site.json'), 'utf8'))
const path = (address) => address.replace(catalogue.base, '/')
const context = await open({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })

/** A reader on the home page, whose clicks and keys are counted. */
const reader = async () => {
  const page = await context.newPage()
  await page.goto(origin, { waitUntil: 'load' })
  let clicks = 0
  let keys = 0
  return {
    page,
    at: () => new URL(page.url()).pathname,
    click: async (link) => { clicks++; await link.click() },
    /** Follows a link, until the page that it leads to is there. */
    follow: async (link) => {
      const to = await link.evaluate((a) => a.href)
      clicks++
      await link.click()
      await page.waitForURL(to)
    },
    press: async (key) => { keys++; await page.keyboard.press(key) },
    type: async (text) => { keys += text.length; await page.keyboard.type(text) },
    count: () => ({ clicks, keys }),
  }
}

/** Runs one task, and says what it took. */
const task = (name, wanted, work) => attempt(name, async (is, problems) => {
  const who = await reader()
  await work(who, is, problems)
  is('clicks and keys', who.count(), { clicks: 0, keys: 0, ...wanted })
  const took = Object.entries(who.count()).filter(([, number]) => number > 0).map(([what, number]) => `${number} ${what}`)
  console.log(`${name}: ${took.join(', ')}`)
  await who.page.close()
})

const track = catalogue.tracks.find(({ title }) => /first week/.test(title))
await task('a first week: from home to the first three steps of the track', { clicks: 4 }, async ({ page, at, follow }, is) => {
  const steps = track.steps.map((step) => path(step.page))
  await follow(page.locator(`.signpost a[href="${path(track.address)}"]`))
  await follow(page.locator('.steps a').first())
  is('the first step', at(), steps[0])
  for (const [n, step] of steps.slice(1, 3).entries()) {
    const line = page.locator('.in-tracks', { has: page.locator(`a[href="${path(track.address)}"]`) })
    is('where it is', (await line.textContent()).startsWith(`This page is step ${n + 1} of ${steps.length} in ${track.title}; next there: `), true)
    await follow(line.locator('a').last())
    is('the next step', at(), step)
  }
})

const [decision] = decisionsOf(folder)
const short = pathsOf(decision).filter(({ end }) => decision.nodes[end].verdict === 'yes').toSorted((a, b) => a.steps.length - b.steps.length)[0]
await task('an answer for a boss: from the question on the home page to a yes, and its link copied', { clicks: short.steps.length + 1 }, async ({ page, at, click, follow }, is) => {
  const [first, ...rest] = short.steps
  is('the question', await page.locator('#fp-ask').textContent(), first.question.title)
  await follow(page.locator(`.replies a[href$="${fragment([first])}"]`))
  for (const [n, step] of rest.entries()) {
    is('answers in the address', new URL(page.url()).hash, `#${fragment(short.steps.slice(0, n + 1))}`)
    await page.locator(`[data-answer="${step.answer.id}"][href*="#"]`).waitFor()
    await follow(page.locator(`[data-answer="${step.answer.id}"]`))
  }
  is('the outcome', at(), decision.nodes[short.end].url)
  await page.locator('[data-given]').waitFor()
  is('all answers', await page.locator('[data-given] strong').allTextContents(), short.steps.map((step) => step.answer.label))
  await click(page.getByRole('button', { name: 'Copy link' }))
  await page.getByText('Copied').waitFor()
  is('copied', await page.evaluate(() => navigator.clipboard.readText()), `${origin}${decision.nodes[short.end].url}#${fragment(short.steps)}`)
})

const DEPENDENCY = ['/risk/expert-dependency/', '/risks/single-point-of-failure/']
/** Half-remembered words, and where the first result may lead. */
const WORDS = {
  bottleneck: DEPENDENCY,
  'bus factor': DEPENDENCY,
  TPO: ['/foundations/what-is-a-technical-product-owner/', '/career-path/technical-product-owner/', '/comparisons/tpo-versus-product-owner/'],
  onboarding: ['/tracks/first-week-as-product-owner/'],
  'should we hire': [decision.url],
}
/** Opens the search and types. */
const ask = async ({ page, press, type }, words) => {
  await press('/')
  await page.locator('dialog[open] input').waitFor()
  await type(words)
}
for (const [words, wanted] of Object.entries(WORDS)) {
  await task(`a half-remembered word: ${words}`, { keys: words.length + 2 }, async ({ page, at, press, type }, is) => {
    await ask({ page, press, type }, words)
    const option = page.getByRole('option')
    await page.waitForFunction(() => /^\d+ result/.test(document.querySelector('dialog[open] [role=status]').textContent) && !document.querySelector('[aria-busy=true]'))
    await option.first().waitFor()
    await press('Enter')
    await page.waitForURL((url) => url.pathname !== '/')
    is('leads to', wanted.includes(at()) ? true : at(), true)
  })
}
const HALF_THERE = 'salary negotiation'
await task(`a word that is nowhere beside one that is not the subject of any page: ${HALF_THERE}`, { keys: HALF_THERE.length + 1 }, async (who) => {
  await ask(who, HALF_THERE)
  await who.page.locator('dialog[open]').getByText('No page says negotiation.').waitFor()
})
const NOWHERE = 'pension negotiation'
await task(`words that are nowhere give topics to try: ${NOWHERE}`, { keys: NOWHERE.length + 1 }, async (who, is) => {
  await ask(who, NOWHERE)
  await who.page.getByRole('heading', { name: 'Topics to try' }).waitFor()
  const topics = catalogue.terms.map(({ address }) => path(address))
  const offered = await who.page.locator('dialog[open] a').evaluateAll((all) => all.map((a) => a.pathname))
  is('at least three', offered.filter((at) => topics.includes(at)).length >= 3, true)
})

await end()

// Where a reader of the built flagship is, and what stands around an article; `tests/browser/run` calls it with the folder.
// With `--figures` it also says how much of each page is text.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { start } from './harness.mjs'

const LEAST_TEXT = 0.65 // of the height of a page, at the median, its text ends at least here
const DELAY = 200 // milliseconds until the pointer opens a popover

const folder = process.argv[2]
const { origin, attempt, open, violations, end } = await start(folder)
const folders = (path) => readdirSync(join(folder, path), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .map(({ name }) => `${path}${name}/`)
const html = (path) => {
  const file = join(folder, path, 'index.html')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
const articles = folders('/').flatMap(folders).filter((path) => html(path).includes('class="kind-article"')).sort()
const of = (kind) => [...folders('/'), ...folders('/').flatMap(folders)].find((path) => html(path).includes(`class="kind-${kind}"`))
const full = articles.reduce((one, other) => html(other).split('class="cite"').length > html(one).split('class="cite"').length ? other : one)

/** Where the entry of a page stands in the contents list, which may scroll. Runs in the page. */
const entry = () => {
  const list = document.querySelector('.contents').getBoundingClientRect()
  const current = document.querySelectorAll('.contents [aria-current=page]')
  const box = current[0]?.getBoundingClientRect()
  return {
    count: current.length,
    inView: box && box.top >= Math.max(0, list.top) && box.bottom <= Math.min(innerHeight, list.bottom) && box.height > 0,
    open: document.querySelectorAll('.tree > li > details[open]').length,
    wide: document.documentElement.scrollWidth - innerWidth,
  }
}

/** The element that a citation leads to, among the references of its page. */
const itemOf = async (tab, cite) => tab.locator((await cite.getAttribute('href')).replace(':', '\\:'))

/** What the page of a source says of the claim that a citation leads to. */
const claimOf = async (tab, cite) => {
  const to = await (await itemOf(tab, cite)).locator('a').first().getAttribute('href')
  const source = await tab.context().newPage()
  await source.goto(origin + to)
  const text = await source.locator(`${new URL(source.url()).hash} p`).first().evaluate((p) => p.firstChild.textContent.trim())
  await source.close()
  return text
}

const shares = []
const desktop = await open({ viewport: { width: 1440, height: 900 } })
const phone = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
for (const [name, context, look] of [['1440', desktop, async () => {}], ['the phone menu', phone, (page) => page.click('.menu')]]) {
  const page = await context.newPage()
  for (const path of articles) {
    await attempt(`the contents list of ${path}, ${name}`, async (is) => {
      await page.goto(origin + path, { waitUntil: 'load' })
      await look(page)
      await page.waitForFunction(() => document.querySelector('.contents').clientHeight > 0)
      is('own entry', await page.evaluate(entry), { count: 1, inView: true, open: 1, wide: 0 })
      if (context === desktop) {
        shares.push(await page.evaluate(() => (document.querySelector('.text').getBoundingClientRect().bottom + scrollY) / document.documentElement.scrollHeight))
      }
    })
  }
  await page.close()
}
const sorted = shares.toSorted((a, b) => a - b)
const median = sorted[sorted.length >> 1]
if (process.argv.includes('--figures')) console.log(`text ends at ${sorted.map((share) => Math.round(share * 100)).join(' ')} % of the height`)
await attempt('most of an article is its text', (is) => is(`text ends at ${median.toFixed(2)}`, median >= LEAST_TEXT, true))

for (const [kind, place] of [['term', '/topics/'], ['facet', '/topics/'], ['track', '/tracks/'], ['decision', '/decisions/']]) {
  await attempt(`a ${kind} marks its place`, async (is) => {
    const page = await desktop.newPage()
    await page.goto(origin + of(kind))
    is('place', await page.locator('.contents [aria-current]').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.ariaCurrent])), [[place, 'true']])
    is('open', await page.locator('.tree details[open]').count(), 0)
    await page.close()
  })
}

const page = await desktop.newPage()
const pop = page.locator('.pop')
await page.goto(origin + full)
await attempt('Tab goes through contents, text, this page, in this order', async (is) => {
  is('order', await page.evaluate(() => ['.top', '.contents', 'main', '.toc', '.foot'].map((one) => document.querySelector(one))
    .every((one, at, all) => at === 0 || all[at - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)), true)
})
await attempt('what is read is marked in the list', async (is) => {
  const title = await page.locator('.text h2').nth(1).evaluate((h) => (scrollTo(0, h.getBoundingClientRect().top + scrollY - 100), h.firstChild.textContent.trim()))
  await page.waitForFunction((title) => [...document.querySelectorAll('.toc a')].filter((a) => getComputedStyle(a).fontWeight === '650')
    .every((a) => a.textContent === title), title)
  is('marked', await page.locator('.toc a').evaluateAll((all) => all.filter((a) => getComputedStyle(a).fontWeight === '650').length), 1)
})
await attempt('a popover by the keyboard: focus opens it, Tab leads in, Esc closes it and gives the focus back', async (is) => {
  const cite = page.locator('.text .cite').first()
  await page.keyboard.press('Shift')
  await cite.evaluate((link) => link.focus({ focusVisible: true }))
  await pop.waitFor()
  is('expanded', await cite.getAttribute('aria-expanded'), 'true')
  is('role', await pop.getAttribute('role'), 'dialog')
  is('names the source', (await pop.getAttribute('aria-label')).length > 0, true)
  is('the claim', await pop.locator('p').nth(1).textContent(), await claimOf(page, cite))
  await page.keyboard.press('Tab')
  is('focus inside', await pop.evaluate((box) => box.contains(document.activeElement)), true)
  await page.keyboard.press('Escape')
  is('shown', await pop.isVisible(), false)
  is('focus is back', await cite.evaluate((link) => link === document.activeElement), true)
  is('expanded after', await cite.getAttribute('aria-expanded'), 'false')
})
await attempt('a popover that is opened again says the same, also who contests the claim', async (is) => {
  const contested = page.locator('.references li.contested').first()
  const cite = page.locator(`.text .cite[href="#${await contested.getAttribute('id')}"]`).first()
  const said = []
  for (let time = 0; time < 2; time++) {
    await cite.evaluate((link) => { link.blur(); link.focus({ focusVisible: true }) })
    await pop.locator('.contest').waitFor()
    said.push(await pop.textContent())
    await page.keyboard.press('Escape')
    await cite.evaluate((link) => link.blur())
  }
  is('the second time', said[1], said[0])
})
await attempt('a popover by the pointer: it waits, stays while pointed at, and leaves', async (is, problems) => {
  const cite = page.locator('.text .cite').nth(1)
  await cite.scrollIntoViewIfNeeded()
  await page.mouse.move(5, 5)
  await cite.hover()
  is('at once', await pop.isVisible(), false)
  await pop.waitFor()
  await pop.hover()
  await page.waitForTimeout(2 * DELAY)
  is('while pointed at', await pop.isVisible(), true)
  problems.push(...await violations(page, '.pop'))
  await page.mouse.move(5, 5)
  await pop.waitFor({ state: 'hidden' })
})
await attempt('a fold of the references says its claims and leads back to the text', async (is) => {
  const cite = page.locator('.text .cite').first()
  const item = await itemOf(page, cite)
  is('before', await item.locator('p, .back').count(), 0)
  await page.mouse.move(5, 5)
  await page.locator('.references details', { has: item }).locator('summary').click()
  await item.locator('.back').first().waitFor()
  is('the claim', await item.locator('p').textContent(), await claimOf(page, cite))
  is('a way back to each place', await item.locator('.back').count(), await page.locator(`.cite[href="${await cite.getAttribute('href')}"]`).count())
  await item.locator('.back').first().click()
  is('focus', await cite.evaluate((link) => link === document.activeElement), true)
  is('in view', await cite.evaluate((link) => link.getBoundingClientRect().top > 0 && link.getBoundingClientRect().bottom < innerHeight), true)
  await page.keyboard.press('Escape')
})
await attempt('a reference that an address names is in view once its fold is filled', async (is) => {
  const last = page.locator('.references details', { has: page.locator('li:nth-child(2)') }).last().locator('li').last()
  const id = await last.getAttribute('id')
  await page.goto('about:blank')
  await page.goto(`${origin}${full}#${id}`)
  await last.locator('.back').first().waitFor()
  is('in view', await last.evaluate((li) => li.getBoundingClientRect().top >= 0 && li.getBoundingClientRect().bottom <= innerHeight), true)
})
for (const [what, link] of [['word', '.text .term'], ['tag', 'article > .chips a']]) {
  await attempt(`the popover of a ${what}`, async (is) => {
    const path = articles.find((path) => what === 'tag' || html(path).includes('class="term"'))
    await page.goto(origin + path)
    await page.hover(link)
    await pop.waitFor()
    is('says something', (await pop.locator('p').nth(1).textContent()).length > 20, true)
    const box = await pop.boundingBox()
    is('within the window', box.x >= 0 && box.x + box.width <= 1440 && box.y + box.height <= 900, true)
    is('leads on', await pop.locator('.plain a').first().getAttribute('href').then((href) => new URL(href, origin).pathname),
      await page.locator(link).first().evaluate((a) => a.pathname))
  })
}
await attempt('[ and ] turn pages', async (is) => {
  const at = articles.find((path) => /data-previous=/.test(html(path)) && /data-next=/.test(html(path)))
  for (const [key, data] of [['[', 'data-previous'], [']', 'data-next']]) {
    await page.goto(origin + at)
    const to = await page.locator('.frame').getAttribute(data)
    await page.keyboard.press(key)
    await page.waitForURL(origin + to)
    is(key, new URL(page.url()).pathname, to)
  }
})
await page.close()

await attempt('a popover on a phone: the first tap opens a sheet, Close closes it, a second tap follows', async (is, problems) => {
  const tab = await phone.newPage()
  await tab.goto(origin + full)
  const cite = tab.locator('.text .cite').first()
  await cite.tap()
  const sheet = tab.locator('.pop')
  await sheet.waitFor()
  const box = await sheet.boundingBox()
  is('sheet', [box.x, box.width, Math.round(box.y + box.height)], [0, 390, 844])
  problems.push(...await violations(tab, '.pop'))
  await sheet.getByRole('button').tap()
  await sheet.waitFor({ state: 'hidden' })
  is('still there', new URL(tab.url()).hash, '')
  await cite.tap()
  await sheet.waitFor()
  await cite.evaluate((link) => link.scrollIntoView({ block: 'start' }))
  await cite.tap()
  await tab.waitForURL(/#ref:/)
  await tab.close()
})

const without = await open({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } })
await attempt('without a script a citation opens the source it leads to', async (is) => {
  const tab = await without.newPage()
  await tab.goto(origin + full)
  const cite = tab.locator('.text .cite').first()
  const item = await itemOf(tab, cite)
  is('before', await item.isVisible(), false)
  await cite.click()
  await item.waitFor()
})
await attempt('without a script the own entry is there, in an open branch', async (is) => {
  const tab = await without.newPage()
  await tab.goto(origin + full)
  is('shown', await tab.locator('.tree [aria-current=page]').isVisible(), true)
})

await end()

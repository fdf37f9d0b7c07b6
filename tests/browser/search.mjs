// The search of the built flagship in Chromium; `tests/browser/run` builds it and calls this with its folder.
// What there is to be found is read from site.json, not from the index.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { start } from './harness.mjs'

const folder = process.argv[2]
const { origin, attempt, open, violations, end } = await start(folder)
const catalogue = JSON.parse(readFileSync(join(folder, 'site.json'), 'utf8'))
const path = (address) => address.replace(catalogue.base, '/')
const articles = catalogue.pages.filter((page) => page.kind === 'article')
const article = articles.toSorted((a, b) => b.terms.length - a.terms.length)[0]
const HERE = path(article.address)
const WIDTHS = [1440, 768, 390]
const SHIFT = 0.001 // the most that a layout may shift
const SEARCH = /\/search\/|\/assets\/search/ // requests of the search
const PAYLOAD = '<img src=x onerror=alert(1)> "><script>alert(1)</script>'
const NOTHING = 'qwxzvbqwxzvb'

// The dialog as its reader meets it.
const dialog = (page) => {
  const box = page.locator('dialog.seek-box')
  const status = box.getByRole('status')
  return {
    box, status, field: box.getByRole('combobox'), options: box.getByRole('option'),
    chips: box.getByRole('list', { name: 'Filters' }).getByRole('listitem'),
    /** The status line, once it has come to rest on a number of results or on nothing found, and no more are to come. */
    said: async (pattern = /^\d+ results?|^Nothing has/) => {
      await page.waitForFunction(([text, old]) => {
        const line = document.querySelector('dialog[open] [role=status], main [role=status]')?.textContent ?? ''
        return RegExp(text).test(line) && line !== old && !document.querySelector('[aria-busy=true]')
      }, [pattern.source, null])
      return status.textContent()
    },
    selected: () => page.evaluate(() => {
      const field = document.querySelector('dialog [role=combobox]')
      const option = document.getElementById(field.getAttribute('aria-activedescendant'))
      return option && { at: [...document.querySelectorAll('[role=option]')].indexOf(option), says: option.ariaSelected, url: option.href }
    }),
  }
}
const count = (text) => Number(/^\d+/.exec(text)?.[0] ?? 0)
const settled = (page, text) => page.waitForFunction((wanted) =>
  document.querySelector('[role=status]').textContent.startsWith(wanted), text)
const load = async (context, at = HERE) => {
  const page = await context.newPage()
  await page.goto(origin + at, { waitUntil: 'load' })
  return page
}
const openDialog = async (page) => {
  await page.keyboard.press('/')
  const d = dialog(page)
  await d.box.waitFor()
  await page.waitForFunction(() => document.querySelector('dialog .aside h2'))
  return d
}
const words = articles.flatMap((page) => [...new Set(page.title.toLowerCase().match(/[a-z]{5,}/g) ?? [])])
/** A word that two articles or three have in their titles. */
const WORD = words.find((word) => [2, 3].includes(words.filter((other) => other === word).length))

const context = await open({ viewport: { width: 1440, height: 900 } })
const test = async (name, work, { at, ...options } = {}) => attempt(name, async (is, problems) => {
  const own = Object.keys(options).length > 0 && await open({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await load(own || context, at)
  try {
    await work(page, is, problems)
  } finally {
    await page.close()
    if (own) await own.close()
  }
})

// Opening and closing.
await test('nothing of the search is fetched before it is wanted', async (page, is) => {
  const asked = []
  page.on('request', (request) => SEARCH.test(request.url()) && asked.push(new URL(request.url()).pathname))
  await page.reload({ waitUntil: 'networkidle' })
  is('before', asked, [])
  await page.getByRole('searchbox').focus()
  await page.waitForFunction(() => typeof searchBundle.open === 'function')
  is('after focus: script and style', asked.map((at) => at.replace(/\.[0-9a-f]+\./, '.')).sort(), ['/assets/search.css', '/assets/search.js'])
  is('focus alone opens nothing', await page.locator('dialog[open]').count(), 0)
})
for (const key of ['/', 'Control+k', 'Meta+k']) {
  await test(`${key} opens, Escape closes and gives the focus back`, async (page, is) => {
    const link = page.locator('main a').first()
    await link.focus()
    await page.keyboard.press(key)
    const { box, field } = dialog(page)
    await box.waitFor()
    is('focus in the field', await field.evaluate((e) => e === document.activeElement), true)
    await page.keyboard.type('a/b')
    is('keys are text while typing', await field.inputValue(), 'a/b')
    await page.keyboard.press('Escape')
    is('closed', await box.isVisible(), false)
    is('focus', await link.evaluate((e) => e === document.activeElement), true)
  })
}
await test('a click opens; what was typed is kept', async (page, is) => {
  const box = page.getByRole('searchbox')
  await box.click()
  const d = dialog(page)
  await d.box.waitFor()
  await page.keyboard.type(WORD)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.querySelector('header [name=q]').value)
  is('in the header', await box.inputValue(), WORD)
  is('focus', await box.evaluate((e) => e === document.activeElement), true)
  is('stays closed', await d.box.isVisible(), false)
  await page.keyboard.type('x')
  await d.box.waitFor()
  is('typing opens', await d.field.inputValue(), `${WORD}x`)
})
await test('what is typed while the script is on its way is not lost', async (page, is) => {
  await page.route(/assets\/search/, async (route) => { await new Promise((done) => setTimeout(done, 400)); await route.continue() })
  await page.getByRole('searchbox').click()
  await page.keyboard.type(WORD, { delay: 120 })
  const d = dialog(page)
  await d.said(/^\d+ result/)
  is('field', await d.field.inputValue(), WORD)
}, { quiet: true })
await test('a button on a phone', async (page, is) => {
  const button = page.locator('header').getByRole('button', { name: 'Search' })
  await button.click()
  const { box } = dialog(page)
  await box.waitFor()
  is('the whole screen', await box.evaluate((e) => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] }), [0, 0, 390, 844])
  await page.keyboard.press('Escape')
  is('focus', await button.evaluate((e) => e === document.activeElement), true)
}, { viewport: { width: 390, height: 844 } })
await test('single-letter keys can be turned off; Ctrl-K stays', async (page, is) => {
  await page.evaluate(() => localStorage.setItem('keys', 'off'))
  await page.keyboard.press('/')
  await page.waitForTimeout(300)
  is('/', await page.locator('dialog[open]').count(), 0)
  await page.keyboard.press('Control+k')
  await dialog(page).box.waitFor()
}, { locale: 'en-GB' })
for (const width of WIDTHS) {
  await test(`at most four tab stops in the header at ${width}`, async (page, is, problems) => {
    const stops = await page.evaluate(() => [...document.querySelectorAll('header :is(a, button, input)')]
      .filter((e) => e.checkVisibility() && e.tabIndex >= 0).length)
    if (stops > 4) problems.push(`${stops} stops`)
  }, { viewport: { width, height: 844 } })
}

// Finding.
await test(`typing "${WORD}" finds the articles with it in their titles`, async (page, is, problems) => {
  const d = await openDialog(page)
  await page.keyboard.type(WORD, { delay: 20 })
  const said = await d.said()
  if (!/^\d+ results? for/.test(said)) problems.push(`status: ${said}`)
  const found = await d.options.evaluateAll((all) => all.map((a) => a.pathname))
  for (const page of articles.filter((page) => page.title.toLowerCase().split(/[^a-z]+/).includes(WORD))) {
    if (!found.includes(path(page.address))) problems.push(`not found: ${page.title}`)
  }
  if (await d.box.locator('mark').count() === 0) problems.push('nothing is marked')
  const many = await d.box.getByRole('group').evaluateAll((all) => Math.max(...all.map((e) => e.querySelectorAll('[role=option]').length)))
  if (many > 3) problems.push(`${many} options for one page`)
  is('first selected', (await d.selected()).at, 0)
})
await test('arrows move and wrap, Enter opens what is selected', async (page, is) => {
  const d = await openDialog(page)
  await page.keyboard.type(WORD)
  await d.said()
  const all = await d.options.count()
  await page.keyboard.press('ArrowDown')
  is('down', { ...await d.selected(), url: '' }, { at: 1, says: 'true', url: '' })
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  is('up from the first', (await d.selected()).at, all - 1)
  await page.keyboard.press('ArrowDown')
  const { url } = await d.selected()
  await page.keyboard.press('Enter')
  await page.waitForURL(url)
  const id = decodeURIComponent(new URL(url).hash.slice(1))
  const focus = await page.waitForFunction((id) => document.activeElement === (document.getElementById(id) ?? document.querySelector('h1')), id).catch(() => null)
  is('what it leads to has the focus', focus !== null, true)
})
await test('a heading among the results is opened there and takes the focus', async (page, is, problems) => {
  const d = await openDialog(page)
  for (const word of words.slice(0, 40)) {
    await d.field.fill(word)
    await page.waitForTimeout(300)
    if (await d.box.locator('[role=option][href*="#"]').count() > 0) break
  }
  const option = d.box.locator('[role=option][href*="#"]').first()
  const url = await option.evaluate((a) => a.href)
  await option.click()
  await page.waitForURL(url)
  const id = decodeURIComponent(new URL(url).hash.slice(1))
  const focus = await page.waitForFunction((id) => document.activeElement?.id === id, id).catch(() => null)
  is(`focus at #${id}`, focus !== null, true)
  is('the word for this is taken back', await page.evaluate(() => window.name), '')
})
await test('Enter at once waits for the results and opens the first', async (page) => {
  const d = await openDialog(page)
  await page.keyboard.type(WORD)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname !== HERE || url.hash !== '')
  void d
})
await test('Ctrl-Enter opens a new tab and leaves the dialog', async (page, is) => {
  const d = await openDialog(page)
  await page.keyboard.type(WORD)
  await d.said()
  const [tab] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Control+Enter')])
  await tab.waitForLoadState('domcontentloaded')
  is('address', tab.url(), (await d.selected()).url)
  is('dialog', await d.box.isVisible(), true)
  await tab.close()
})
await test('Enter and arrows belong to an input method while it composes', async (page, is) => {
  const d = await openDialog(page)
  await page.keyboard.type(WORD)
  await d.said()
  await d.field.evaluate((field) => {
    for (const key of ['ArrowDown', 'Enter']) field.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }))
  })
  await page.waitForTimeout(200)
  is('selected', (await d.selected()).at, 0)
  is('still here', new URL(page.url()).pathname, HERE)
})
await test('nothing found: says so, and offers a way on', async (page, is, problems) => {
  const d = await openDialog(page)
  await page.keyboard.type(NOTHING)
  is('status', await d.said(), `Nothing has the words “${NOTHING}”.`)
  is('options', await d.options.count(), 0)
  await d.box.getByRole('heading', { name: 'Topics to try' }).waitFor()
  await d.box.getByRole('link', { name: 'Ask for a page' }).waitFor()
})
await test('a typo is forgiven and said', async (page) => {
  const d = await openDialog(page)
  await page.keyboard.type('stakehodler ')
  await d.said(/^\d+ result/)
  // What is said beside results comes with a script of its own, after them.
  await d.box.locator('.notes', { hasText: 'stakehodler' }).waitFor()
})
for (const where of ['dialog', 'page']) {
  await test(`text stays text: ${where}`, async (page, is, problems) => {
    page.on('dialog', (box) => { problems.push('a script ran'); box.dismiss() })
    if (where === 'dialog') {
      const d = await openDialog(page)
      await d.field.fill(PAYLOAD)
      await d.said()
    } else {
      await page.goto(`${origin}/search/?${new URLSearchParams({ q: PAYLOAD, in: PAYLOAD })}`)
      await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent)
      is('field', await page.getByRole('searchbox').inputValue(), PAYLOAD)
    }
    await page.waitForTimeout(300)
    is('elements', await page.locator('.seek :is(img, script)').count(), 0)
  })
}

// Filters.
/** Filters come with results. */
const asked = async (page) => {
  const d = await openDialog(page)
  await d.field.fill('team ')
  await d.box.locator('.side input').first().waitFor({ state: 'attached' })
  return d
}
const value = (d, at) => d.box.locator('.side label:has(input:enabled)').nth(at)
const numberOf = async (label) => Number(await label.locator('.count').textContent())
await test('a filter gives as many as its number says; chips take it away', async (page, is) => {
  const d = await asked(page)
  const label = value(d, 1)
  const name = await label.locator('span').first().textContent()
  const before = await numberOf(label)
  await label.click()
  is('status', await d.said(/1 filter$/), `${before} result${before === 1 ? '' : 's'} for “team”, 1 filter`)
  is('chips', await d.chips.count(), 2)
  await d.box.getByRole('button', { name: `Remove ${name}` }).first().click()
  await page.waitForFunction(() => !document.querySelector('.side :checked'))
  is('no chip', await d.chips.count(), 0)
  is('focus', await d.field.evaluate((e) => e === document.activeElement), true)
  is('unchecked', await label.locator('input').isChecked(), false)
})
await test('or within a kind, and between kinds; nothing is promised that gives nothing', async (page, is, problems) => {
  const d = await asked(page)
  const group = (at) => d.box.locator('fieldset').nth(at).locator('label:has(input:enabled:not(:checked))')
  await group(0).first().click()
  const one = count(await d.said(/1 filter$/))
  await group(0).first().click()
  const two = count(await d.said(/2 filters$/))
  if (two < one) problems.push(`${one}, then with another value of the kind ${two}`)
  const third = group(1).first()
  const promised = await numberOf(third)
  await third.click()
  const three = count(await d.said(/3 filters$/))
  is('as promised', three, promised)
  if (three > two) problems.push(`${two}, then with a value of another kind ${three}`)
  const zero = await d.box.locator('.side label').evaluateAll((all) =>
    all.filter((e) => e.querySelector('.count').textContent === '0').map((e) => e.querySelector('input')).filter((e) => !e.disabled && !e.checked).length)
  is('values without results that can be chosen', zero, 0)
  await d.box.getByRole('button', { name: 'Clear all' }).click()
  await page.waitForFunction(() => !document.querySelector('.side :checked'))
  is('all clear', await d.box.locator(':checked').count(), 0)
})
await test('nothing found under a filter names the filter to leave out', async (page, is) => {
  const d = await asked(page)
  await value(d, 0).click()
  await d.said(/1 filter$/)
  await d.field.fill(NOTHING)
  await d.said(/^Nothing has/)
  await d.chips.first().getByRole('button').click()
  await d.box.locator('.side :checked').waitFor({ state: 'detached' })
  is('filters', await d.box.locator('.side :checked').count(), 0)
})
await test('filters on a phone are behind a button that counts them', async (page, is) => {
  const d = await asked(page)
  is('hidden', await d.box.locator('fieldset').first().isVisible(), false)
  await d.box.getByRole('button', { name: 'Filters' }).click()
  await value(d, 0).click()
  const said = await d.said(/1 filter$/)
  await d.box.getByRole('button', { name: `Show ${said.split(' for')[0]}` }).click()
  is('button', await d.box.locator('.fold-side').textContent(), 'Filters (1)')
  is('results', await d.options.first().isVisible(), true)
}, { viewport: { width: 390, height: 844 } })

// The page and its address.
const pageStatus = async (page, pattern) => {
  await page.waitForFunction((text) => RegExp(text).test(document.querySelector('main [role=status]')?.textContent), pattern.source)
  return page.locator('main').getByRole('status').textContent()
}
const term = article.terms[0]
await test('from the dialog to the page, its address, Back and reload', async (page, is) => {
  const d = await openDialog(page)
  await d.field.fill(WORD)
  await d.said()
  await value(d, 0).click()
  const said = await d.said(/1 filter$/)
  await d.box.getByRole('link', { name: 'See everything in a list' }).click()
  await page.waitForURL(/\/search\/\?q=.*&in=/)
  is('the same', await pageStatus(page, /filter$/), said)
  const address = page.url()
  await page.reload()
  is('reloaded', await pageStatus(page, /filter$/), said)
  await page.getByRole('button', { name: 'Clear all' }).click()
  await page.waitForURL((url) => !url.searchParams.has('in'))
  const without = await pageStatus(page, /^\d+ results? for [^,]*$/)
  await page.goBack()
  is('back to the filter', [page.url(), await pageStatus(page, /filter$/)], [address, said])
  await page.goForward()
  is('and forward', await pageStatus(page, /^\d+ results? for [^,]*$/), without)
})
await test('words typed in one go are one step back', async (page, is) => {
  await page.goto(`${origin}/search/`)
  await page.getByRole('searchbox').pressSequentially(WORD, { delay: 60 })
  await page.waitForURL((url) => url.searchParams.get('q') === WORD)
  await pageStatus(page, /^\d+ result/)
  await page.goBack()
  await page.locator('.listing').waitFor()
  is('address', page.url(), `${origin}/search/`)
  is('field', await page.getByRole('searchbox').inputValue(), '')
  is('the lists', await page.locator('.listing').isVisible(), true)
})
await test('the page of a facet narrows in place, and opens the same set in the search', async (page, is, problems) => {
  const [facet] = term.split('/')
  await page.goto(`${origin}/${facet}/`)
  const lines = page.locator('.brief > li:visible')
  const first = page.locator('.filters a[data-key]').first()
  const shown = Number(await first.locator('.count').evaluate((count) => count.textContent.match(/\d+/)[0]))
  await first.click()
  is('chosen', await first.getAttribute('aria-current'), 'true')
  is('lines left', await lines.count(), shown)
  is('said', (await page.locator('#fp-found').textContent()).split(' ')[0], String(shown))
  await first.click()
  is('chosen no more', await first.getAttribute('aria-current'), null)
  const listed = await page.locator('.brief h3 a').evaluateAll((all) => all.map((a) => a.pathname))
  await page.locator(`.filters a[href$="?in=${facet}"]`).click()
  await pageStatus(page, /1 filter$/)
  while (await page.getByRole('button', { name: 'Show more results' }).isVisible()) {
    const before = await page.locator('.hits > li').count()
    await page.getByRole('button', { name: 'Show more results' }).click()
    await page.waitForFunction((n) => document.querySelectorAll('.hits > li').length > n, before)
  }
  const found = await page.locator('.hits > li > .hit:first-child a').evaluateAll((all) => all.map((a) => a.pathname))
  for (const one of listed) if (!found.includes(one)) problems.push(`/${facet}/: ${one} is not found`)
})
await test('without a script the page lists every article and term, and says what it cannot do', async (page, is, problems) => {
  await page.goto(`${origin}/search/?q=${WORD}`)
  const links = new Set(await page.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))))
  for (const one of [...articles, ...catalogue.terms, ...catalogue.tracks, ...catalogue.decisions]) {
    if (!links.has(path(one.address))) problems.push(`not listed: ${one.address}`)
  }
  is('it says so', await page.locator('.no-search').isVisible(), true)
  await page.goto(origin + HERE)
  await page.getByRole('searchbox').fill('two words')
  await page.getByRole('searchbox').press('Enter')
  await page.waitForURL(`${origin}/search/?q=two+words`)
}, { javaScriptEnabled: false })

// When the network fails.
await test('a failure says so, offers the lists, and a retry works', async (page, is) => {
  let down = true
  await page.route(/\/search\/.+/, (route) => down ? route.abort() : route.continue())
  await page.keyboard.press('/')
  const d = dialog(page)
  await d.box.waitFor()
  await d.field.fill(WORD)
  is('status', await d.said(/could not/), 'The search could not be loaded.')
  is('lists', await d.box.getByRole('link', { name: 'See everything in a list' }).getAttribute('href'), `${origin}/search/?q=${WORD}`)
  down = false
  await page.keyboard.type(WORD)
  await d.said(/^\d+ result/)
}, { quiet: true })
await test('a retry by its button', async (page, is) => {
  let down = true
  await page.route(/\/search\/.+/, (route) => down ? route.abort() : route.continue())
  await page.keyboard.press('/')
  const d = dialog(page)
  await d.field.fill(WORD)
  await d.said(/could not/)
  down = false
  await d.box.getByRole('button', { name: 'Try again' }).click()
  await d.said(/^\d+ result/)
  is('focus', await d.field.evaluate((e) => e === document.activeElement), true)
}, { quiet: true })
await test('slow loading is said', async (page, is) => {
  await page.route(/\/search\/.+/, async (route) => { await new Promise((done) => setTimeout(done, 700)); await route.continue() })
  await page.keyboard.press('/')
  await dialog(page).box.waitFor()
  await dialog(page).field.fill(WORD)
  await dialog(page).said(/^Loading/)
}, { quiet: true })
await test('without its script the form still leads to the page', async (page, is) => {
  await page.route(/assets\/search/, (route) => route.abort())
  await page.getByRole('searchbox').click()
  await page.keyboard.type(WORD)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${origin}/search/?q=${WORD}`)
  is('the lists', await page.locator('.listing').isVisible(), true)
  await page.locator('.no-search').waitFor()
  is('all terms', await page.locator('.listing .chip').count(), catalogue.terms.length)
}, { quiet: true })

// How it looks to machines: axe, shifts, sizes.
const STATES = {
  empty: async (page) => { await openDialog(page) },
  results: async (page) => { const d = await openDialog(page); await page.keyboard.type(WORD); await d.said() },
  filters: async (page, phone) => {
    const d = await openDialog(page)
    await d.field.fill(WORD)
    await d.said()
    if (phone) await d.box.getByRole('button', { name: 'Filters' }).click()
    await value(d, 0).click()
    await d.said(/1 filter$/)
  },
  nothing: async (page) => { const d = await openDialog(page); await d.field.fill(NOTHING); await d.said() },
  page: async (page) => { await page.goto(`${origin}/search/?q=${WORD}&in=${term.split('/')[0]}`); await pageStatus(page, /filter$/) },
  lists: async (page) => { await page.goto(`${origin}/search/`); await page.locator('.listing').waitFor() },
}
const sizes = (page, least) => page.evaluate((least) =>
  [...document.querySelectorAll('dialog[open] :is(a, button, input:not([type=checkbox]), label), .seek#fp-search :is(button, .side label)')]
    .filter((e) => e.checkVisibility()).map((e) => [e.textContent || e.localName, e.getBoundingClientRect()])
    .filter(([, r]) => r.width < least || r.height < least).map(([what, r]) => `${what}: ${r.width} × ${r.height}`), least)
for (const colorScheme of ['light', 'dark']) for (const width of WIDTHS) for (const forcedColors of width === 1440 ? ['none', 'active'] : ['none']) {
  const context = await open({ colorScheme, forcedColors, viewport: { width, height: 844 } })
  for (const [name, reach] of Object.entries(STATES)) {
    await attempt(`axe: ${name}, ${colorScheme}, ${width}${forcedColors === 'active' ? ', forced colours' : ''}`, async (is, problems) => {
      const page = await load(context)
      await reach(page, width < 896)
      problems.push(...await violations(page))
      problems.push(...(await sizes(page, width < 896 ? 44 : 24)).map((one) => `too small: ${one}`))
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) problems.push(`${wide} pixels wider than the screen`)
      await page.close()
    })
  }
  await context.close()
}
for (const width of WIDTHS) for (const name of ['results', 'page', 'lists']) {
  await test(`nothing shifts: ${name}, ${width}`, async (page, is, problems) => {
    await page.addInitScript(() => {
      globalThis.shifted = 0
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shifted += entry.hadRecentInput ? 0 : entry.value }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.reload()
    await STATES[name](page)
    await page.waitForTimeout(300)
    const shifted = await page.evaluate(() => globalThis.shifted)
    if (shifted > SHIFT) problems.push(`${shifted}`)
  }, { viewport: { width, height: 844 } })
}

await context.close()
await end()

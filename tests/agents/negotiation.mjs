// What the edge function makes of a request: Markdown, the page, or nothing of its own.
import assert from 'node:assert/strict'
import markdown, { prefersMarkdown } from './markdown.mjs'

const CASES = [
  ['text/markdown', true],
  ['TEXT/Markdown; charset=utf-8', true],
  ['text/markdown, text/html, */*', true],
  ['text/html;q=0.9, text/markdown', true],
  ['text/markdown;q=0.5, */*;q=0.1', true],
  ['text/markdown;q=0.5, text/html', false],
  ['text/markdown;q=0.5, */*', false],
  ['text/markdown;q=0.5, text/html;q=0.2, */*', true],
  ['text/markdown;q=0', false],
  ['text/markdown; q=2', false],
  ['text/markdown;q=x', false],
  ['text/*', false],
  ['*/*', false],
  ['', false],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', false],
  ['text/markdown-like', false],
]
for (const [accept, expected] of CASES) assert.equal(prefersMarkdown(accept), expected, accept)

const asked = []
globalThis.fetch = async (url) => {
  asked.push(new URL(url).pathname)
  const isThere = !String(url).includes('/search/')
  return new Response('# Rye', { status: isThere ? 200 : 404, headers: { 'Content-Type': 'text/plain', Vary: 'Origin' } })
}
const page = () => new Response('<p>Rye</p>', { headers: { 'Content-Type': 'text/html' } })
const ask = (path, accept, method = 'GET') =>
  markdown(new Request(`https://example.org${path}`, { method, headers: { Accept: accept } }), { next: async () => page() })

const twin = await ask('/bread/rye/', 'text/markdown')
assert.equal(await twin.text(), '# Rye')
assert.equal(twin.headers.get('Content-Type'), 'text/markdown; charset=utf-8')
assert.equal(twin.headers.get('Vary'), 'Origin, Accept')
assert.deepEqual(asked, ['/bread/rye/index.md'])

const html = await ask('/bread/rye/', 'text/html')
assert.equal(await html.text(), '<p>Rye</p>')
assert.equal(html.headers.get('Vary'), 'Accept')

assert.equal(await (await ask('/search/', 'text/markdown')).text(), '<p>Rye</p>', 'a page without Markdown is a page')
assert.equal((await ask('/', 'text/markdown', 'HEAD')).headers.get('Content-Type'), 'text/markdown; charset=utf-8')
for (const path of ['/assets/site.css', '/bread/rye/index.md', '/site.json']) {
  assert.equal(await ask(path, 'text/markdown'), undefined, `${path} is a file`)
}
assert.equal(await ask('/', 'text/markdown', 'POST'), undefined)
console.log(`${CASES.length} preferences and 8 requests answered as they should be`)

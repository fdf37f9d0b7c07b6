// The pages of a built folder, by their kind.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every page that says its kind: its path, its HTML and that kind. */
export const pagesOf = (folder) => {
  const folders = (dir) => readdirSync(join(folder, dir), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? folders(join(dir, entry.name)) : entry.name === 'index.html' ? [dir] : [])
  const page = (path, file) => {
    const html = readFileSync(join(folder, file), 'utf8')
    return { path, html, kind: html.match(/<body class="kind-([a-z0-9-]+)"/)?.[1] }
  }
  const all = folders('').map((dir) => page(dir === '' ? '/' : `/${dir}/`, join(dir, 'index.html')))
  // Pages of old addresses only lead on.
  return [...all, page('/404.html', '404.html')].filter(({ kind }) => kind)
}

/** Of each kind the page with most HTML, in the order of the kinds' names. */
export const largestOfEachKind = (pages) => {
  const largest = new Map()
  for (const page of pages) if (!(largest.get(page.kind)?.html.length >= page.html.length)) largest.set(page.kind, page)
  return [...largest.values()].sort((a, b) => a.kind < b.kind ? -1 : 1)
}

// Reads content/ as the rules of check.mjs need it: pages with front matter, prose, links and citations, and the claims.
// It knows Markdown and YAML, and nothing of how Fingerpost builds a site.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'

// Folders of content/ that hold something other than articles.
const NOT_ARTICLES = new Set(['tags', 'tracks', 'decisions', 'claims', 'map', 'sources', 'glossary'])

// The pages and claims below `root`, and as `others` its YAML and the Markdown of `beside`, for their words alone.
export function readSite(root, beside) {
  const files = walk(root)
  const pages = files.filter((file) => file.endsWith('.md')).map((file) => readPage(root, file)).filter((page) => !page.draft)
  const claims = files
    .filter((file) => /^claims(\/.*|[^/]*)\.yaml$/.test(file))
    .flatMap((file) => readClaims(`${root}/${file}`))
  const besides = beside
    .filter((path) => existsSync(path))
    .flatMap((path) => (statSync(path).isDirectory() ? walk(path).map((file) => `${path}/${file}`) : [path]))
    .filter((path) => path.endsWith('.md'))
  const others = [
    ...files.filter((file) => file.endsWith('.yaml')).map((file) => readWords(`${root}/${file}`)),
    ...besides.map((file) => readPage('.', file)),
  ]
  return { pages, claims, others }
}

function walk(root, folder = '') {
  return readdirSync(posix.join(root, folder), { withFileTypes: true })
    .filter((entry) => !/^[._]/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      return entry.isDirectory() ? walk(root, path) : [path]
    })
}

function readClaims(file) {
  const lines = new LineCounter()
  const list = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines }).contents
  const items = isSeq(list) ? list.items.filter(isMap) : []
  return items
    .map((item) => item.get('id', true))
    .filter(isScalar)
    .map((id) => ({ id: String(id.value), file, line: lines.linePos(id.range[0]).line }))
}

function readWords(file) {
  return { file, shown: withLines(readFileSync(file, 'utf8'), 1) }
}

// A text that knows the line of an offset in it; its first line is number `first` of the file.
function withLines(text, first) {
  return { text, line: (at) => first - 1 + text.slice(0, at).split('\n').length }
}

function readPage(root, path) {
  const file = posix.join(root, path)
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const [matter] = /^---\n(?:[\s\S]*?\n)?---[ \t]*(?:\n|$)/.exec(text) ?? ['']
  const front = readFrontMatter(matter)
  const before = matter.split('\n').length - 1
  const body = text.slice(matter.length)
  const tree = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  const shown = withoutCode(body, tree)
  const stem = posix.basename(path, '.md')
  const index = stem === 'index' || stem === 'README'
  const section = path.includes('/') ? path.split('/')[0] : ''
  return {
    ...front,
    file,
    path: path.replace(/\.md$/, ''),
    folder: posix.dirname(path),
    stem,
    kind: index ? 'index' : NOT_ARTICLES.has(section) ? section : 'article',
    shown: withLines(shown, before + 1),
    headings: tree.children.filter((node) => node.type === 'heading' && node.depth === 2).length,
    paragraphs: paragraphs(tree).map(plain).filter(Boolean),
    links: [
      ...[...shown.matchAll(/\[\[([^\]|\\]+)(?:\\?\|[^\]]*)?\]\]/g)].map((match) => ({ name: match[1].trim() })),
      ...nodes(tree, 'link', 'definition').map((node) => ({ target: node.url })),
      ...front.names.map((name) => ({ name })),
    ],
    citations: [...shown.matchAll(/\[@[^\]]*\]/g)].flatMap((match) => [...match[0].matchAll(/@([\w-]+)/g)].map((key) => key[1])),
  }
}

// Title and summary with their lines, and every string that may name a page.
function readFrontMatter(matter) {
  const lines = new LineCounter()
  const source = matter.replace(/^---\n/, '\n').replace(/---[ \t]*\n?$/, '')
  const map = parseDocument(source, { lineCounter: lines }).contents
  const pairs = isMap(map) ? map.items : []
  const field = (key) => {
    const pair = pairs.find((each) => each.key?.value === key)
    return isScalar(pair?.value) ? { value: String(pair.value.value), line: lines.linePos(pair.key.range[0]).line } : undefined
  }
  const strings = (node) => {
    if (isMap(node)) return node.items.filter((pair) => pair.key?.value !== 'tags').flatMap((pair) => strings(pair.value))
    if (isSeq(node)) return node.items.flatMap(strings)
    return isScalar(node) && typeof node.value === 'string' ? [node.value] : []
  }
  const speaking = new Set(['title', 'summary', 'tags', 'aliases'])
  return {
    title: field('title'),
    summary: field('summary'),
    draft: field('draft')?.value === 'true',
    aliases: pairs.filter((pair) => pair.key?.value === 'aliases').flatMap((pair) => strings(pair.value)),
    names: pairs.filter((pair) => !speaking.has(pair.key?.value)).flatMap((pair) => strings(pair.value)),
  }
}

function nodes(node, ...types) {
  const below = (node.children ?? []).flatMap((child) => nodes(child, ...types))
  return types.includes(node.type) ? [node, ...below] : below
}

// The text with code and comments blanked out, so that offsets and lines stay as they are.
function withoutCode(body, tree) {
  let text = body
  for (const { position } of nodes(tree, 'code', 'inlineCode', 'html')) {
    const [from, to] = [position.start.offset, position.end.offset]
    text = text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, ' ') + text.slice(to)
  }
  return text
}

// Running text: paragraphs, also those in lists, quotations and callouts. Headings, tables and code are none.
function paragraphs(node) {
  if (node.type === 'paragraph') return [words(node)]
  if (['heading', 'table', 'code', 'html', 'definition'].includes(node.type)) return []
  return (node.children ?? []).flatMap(paragraphs)
}

function words(node) {
  if (node.type === 'text') return node.value
  if (node.type === 'break') return ' '
  if (['inlineCode', 'html', 'image', 'imageReference', 'footnoteReference'].includes(node.type)) return ''
  return (node.children ?? []).map(words).join('')
}

function plain(text) {
  return text
    .replace(/^\[!\w+\]/, '')
    .replace(/\s*\[@[^\]]*\]/g, '')
    .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, (_, label) => label.replace(/^.*\//, '').replaceAll('-', ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

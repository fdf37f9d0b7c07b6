// A static server on a free loopback port, as a host would be: index pages, 404.html, gzip, and the headers of
// `_headers`.
import { createServer } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, resolve, sep } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES = {
  '.css': 'text/css; charset=utf-8', '.csv': 'text/csv; charset=utf-8', '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.webp': 'image/webp', '.woff2': 'font/woff2', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8',
}

const PACKED = /^\.(css|csv|html|js|json|svg|txt|xml)$/

// Rules in Netlify's syntax: a path at the start of a line, `Name: value` indented under it. A later rule wins.
const readRules = (text) => {
  const rules = []
  for (const line of text.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue
    if (line.startsWith('/')) {
      const pattern = line.trim().split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')
      rules.push({ path: new RegExp(`^${pattern}$`), headers: [] })
    } else {
      const colon = line.indexOf(':')
      rules.at(-1).headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
    }
  }
  return rules
}

/** Serves a folder; gives the origin and a function that ends it. */
export const serve = async (folder) => {
  const root = resolve(folder)
  const rules = readRules(readFileSync(join(root, '_headers'), 'utf8'))
  const isFile = (path) => existsSync(path) && statSync(path).isFile()
  const server = createServer((request, response) => {
    let path
    try {
      path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname)
    } catch {
      return response.writeHead(400).end()
    }
    let file = resolve(join(root, path))
    if (file !== root && !file.startsWith(root + sep)) return response.writeHead(400).end()
    if (path.endsWith('/')) file = join(file, 'index.html')
    const found = isFile(file)
    if (!found) file = join(root, '404.html')
    response.statusCode = found ? 200 : 404
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
    for (const rule of rules) if (rule.path.test(path)) for (const header of rule.headers) response.setHeader(...header)
    const body = readFileSync(file)
    // As every host of static sites does.
    const packed = PACKED.test(extname(file)) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    if (packed) response.setHeader('Content-Encoding', 'gzip')
    response.setHeader('Vary', 'Accept-Encoding')
    response.end(packed ? gzipSync(body) : body)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) }
}

// A site over HTTPS and HTTP/2, behind a link of a given round trip and rate that is shared by all that a page opens,
// its workers too. What passes the link is counted, headers and all.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { connect, createServer } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'

const PIECE = 4096 // bytes that arrive together
const QUIET = 250 // milliseconds without a byte after which the link counts as idle

const TYPES = {
  '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml',
}
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))
const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)))

/** Answers from folders by the start of the path, the longest first; text is sent as gzip, as hosts do. */
const answers = (mounts) => {
  const order = Object.keys(mounts).sort((a, b) => b.length - a.length)
  const kept = new Map()
  return (path) => {
    if (!kept.has(path)) {
      const mount = order.find((start) => path.startsWith(start))
      let file = join(mounts[mount], normalize(path.slice(mount.length)))
      if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html')
      const type = TYPES[extname(file)]
      const body = existsSync(file) ? readFileSync(file) : null
      kept.set(path, body && { body: type ? gzipSync(body) : body, type })
    }
    return kept.get(path)
  }
}

/** One direction of a connection: what goes in comes out in order, each piece at its time. */
const pipe = (out, when) => {
  const queue = []
  let timer = null
  const pump = () => {
    timer = null
    while (queue.length && queue[0].at <= performance.now()) out.write(queue.shift().piece)
    if (queue.length) timer = setTimeout(pump, Math.max(0, queue[0].at - performance.now()))
  }
  return (chunk) => {
    for (let start = 0; start < chunk.length; start += PIECE) {
      const piece = chunk.subarray(start, start + PIECE)
      queue.push({ piece, at: when(piece.length) })
    }
    if (!timer) pump()
  }
}

/** Serves folders; gives the origin, the link's `set`, `bytes` and `quiet`, and `close`. */
export const serve = async (mounts, { key, cert }) => {
  const answer = answers(mounts)
  const server = createSecureServer({ key, cert }, (request, response) => {
    const found = answer(decodeURIComponent(new URL(request.url, 'https://localhost').pathname))
    if (!found) return void response.writeHead(404).end()
    const { body, type } = found
    response.writeHead(200, {
      'content-type': type ?? 'application/octet-stream', 'content-length': body.length,
      ...(type && { 'content-encoding': 'gzip' }),
    })
    response.end(body)
  })
  const behind = await listen(server)

  let delay = 0 // milliseconds each way
  let rate = Infinity // bytes a millisecond, all connections together
  let free = 0 // when the last piece will have left
  let bytes = 0
  let last = 0
  const up = () => performance.now() + delay
  const down = (size) => {
    bytes += size
    free = Math.max(free, performance.now()) + size / rate
    last = free + delay
    return last
  }
  const link = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: behind, host: '127.0.0.1', noDelay: true })
    near.on('data', pipe(far, up))
    far.on('data', pipe(near, down))
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('close', () => other.destroy()).on('error', () => other.destroy())
    }
  })
  const port = await listen(link)
  return {
    origin: `https://127.0.0.1:${port}`,
    bytes: () => bytes,
    set: ({ roundTrip, megabits }) => { delay = roundTrip / 2; rate = megabits * 1e6 / 8 / 1000 },
    quiet: async () => { do await sleep(50); while (performance.now() - last < QUIET) },
    close: () => { link.close(); server.close() },
  }
}

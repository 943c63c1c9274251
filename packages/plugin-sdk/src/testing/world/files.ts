import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { serve } from './serve.ts'
import type { LocalServer } from './serve.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.xml': 'application/rss+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
}

/** Serves the files of a folder, `index.html` for a folder in it; links that leave it lead nowhere. */
export function serveFiles(folder: string): Promise<LocalServer> {
  const root = realpathSync(folder)
  return serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const wanted = path.join(root, path.normalize(decodeURIComponent(pathname)))
    const file = existsSync(wanted) && statSync(wanted).isDirectory() ? path.join(wanted, 'index.html') : wanted
    if (!existsSync(file) || !realpathSync(file).startsWith(root + path.sep)) return void response.writeHead(404).end('not here')
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveStatic } from './static.ts'

let base: string
let root: string
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'lifeos-static-'))
  root = join(base, 'web')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<!doctype html>page')
  writeFileSync(join(root, 'assets', 'index-Ab12Cd34.js'), 'plain()')
  writeFileSync(join(root, 'assets', 'index-Ab12Cd34.js.gz'), gzipSync('plain()'))
  writeFileSync(join(root, 'theme.js'), 'theme()')
  writeFileSync(join(base, 'secret.txt'), 'secret')
})
afterAll(() => rmSync(base, { recursive: true, force: true }))
const ask = (path: string, init?: RequestInit) => serveStatic(root, new Request(`http://x${path}`, init))

test.each([
  ['/', 200, 'no-cache'],
  ['/runs/123', 200, 'no-cache'],
  ['/assets/index-Ab12Cd34.js', 200, 'public, max-age=31536000, immutable'],
  ['/theme.js', 200, 'no-cache'],
])('%s', async (path, status, caching) => {
  const response = await ask(path)
  expect([response?.status, response?.headers.get('cache-control')]).toEqual([status, caching])
})

test.each([
  '/missing.js',
  '/assets/missing-Ab12Cd34.css',
  '/%00',
  '/..%2fsecret.txt',
  '/../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/%2e%2e/secret.txt',
])('%s is nothing, or the page, but never a file outside', async (path) => {
  const text = (await (await ask(path))?.text()) ?? ''
  expect(text).not.toContain('secret')
})

test('a program that asks for data does not get the page', async () => {
  expect(await ask('/runs', { headers: { accept: 'application/json' } })).toBeUndefined()
  expect(await ask('/runs', { method: 'POST' })).toBeUndefined()
})

test('a packed file is sent to who accepts it, and nothing to who has it', async () => {
  const packed = await ask('/assets/index-Ab12Cd34.js', { headers: { 'accept-encoding': 'gzip' } })
  expect([packed?.headers.get('content-encoding'), packed?.headers.get('content-type')]).toEqual(['gzip', 'text/javascript; charset=utf-8'])
  const tag = packed?.headers.get('etag') ?? ''
  expect((await ask('/assets/index-Ab12Cd34.js', { headers: { 'if-none-match': tag } }))?.status).toBe(304)
  expect(await (await ask('/theme.js', { method: 'HEAD' }))?.text()).toBe('')
})

import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { completePackages } from './complete-lock.mjs'
import { writeFailure } from './files.mjs'
import { withLock } from './lock.mjs'
import { npmCli } from './npm.mjs'
import { root } from './places.mjs'
import { npmFailure } from './reasons.mjs'
import { isNewEnough } from './runtime.mjs'

/** @type {string} */
let folder
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'lifeos-setup-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['18.19.0', false],
  ['23.11.1', false],
  ['24.0.0', true],
  ['26.1.0', true],
])('Node %s is new enough: %s', (version, enough) => {
  expect(isNewEnough(version)).toBe(enough)
})

test.each([
  ['npm error code ENOTFOUND\nnpm error errno ENOTFOUND', /registry cannot be reached/],
  ['npm ERR! code EAI_AGAIN', /registry cannot be reached/],
  ['npm error code ENOSPC', /disk is full/],
  ['npm error code EACCES\nnpm error network nothing', /cannot write to \/checkout/],
  ['npm error code EROFS', /cannot write to \/checkout/],
  ['npm error code EUSAGE', /npm install/],
  ['npm error code EINTEGRITY', /cache clean/],
  ['npm error code E404', /lacks a package/],
  ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /certificate/],
  ['something new', /read \/checkout\/log/],
])('npm says %j', (output, sentence) => {
  const failure = npmFailure(output, { root: '/checkout', logFile: '/checkout/log' })
  expect(failure.message).toMatch(sentence)
  expect(failure.message.split('\n')).toHaveLength(1)
})

test('a refused write becomes a sentence; anything else stays what it was', () => {
  expect(writeFailure(Object.assign(new Error('no'), { code: 'ENOSPC' }), '/x')).toHaveProperty(
    'message',
    expect.stringContaining('disk is full'),
  )
  expect(writeFailure(Object.assign(new Error('no'), { code: 'EROFS' }), '/x')).toHaveProperty(
    'message',
    expect.stringContaining('cannot write'),
  )
  const other = new Error('other')
  expect(writeFailure(other, '/x')).toBe(other)
})

test('npm is found', () => {
  expect(path.basename(npmCli())).toBe('npm-cli.js')
})

test('two set-ups do not work at once', async () => {
  const file = path.join(folder, 'lock')
  const seen = []
  const begun = Promise.withResolvers()
  const end = Promise.withResolvers()
  const first = withLock(
    async () => {
      begun.resolve()
      await end.promise
      seen.push('first ends')
    },
    { file },
  )
  await begun.promise
  const second = withLock(async () => void seen.push('second begins'), { file })
  expect(readFileSync(file, 'utf8')).toBe(String(process.pid))
  end.resolve()
  await Promise.all([first, second])
  expect(seen).toEqual(['first ends', 'second begins'])
  expect(existsSync(file)).toBe(false)
})

test('the lock is given back when the work fails', async () => {
  const file = path.join(folder, 'lock')
  await expect(withLock(() => Promise.reject(new Error('broken')), { file })).rejects.toThrow('broken')
  expect(existsSync(file)).toBe(false)
})

test.each([
  // The largest process id that Linux can give is below 2^22, so this one never runs.
  ['a process that is gone', '99999999', 0],
  ['nobody, for a while', '', 60],
  ['a running process, for an hour', String(process.pid), 3600],
])('a lock left behind by %s is taken over', async (_who, content, ageSeconds) => {
  const file = path.join(folder, 'lock')
  writeFileSync(file, content)
  const then = Date.now() / 1000 - ageSeconds
  utimesSync(file, then, then)
  expect(await withLock(() => Promise.resolve('done'), { file })).toBe('done')
})

test('package-lock.json names the native packages of every machine, so that npm ci takes it', () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  const missing = Object.keys(completePackages(packages)).filter((place) => packages[place] === undefined)
  expect(missing, 'run: node tools/setup/complete-lock.mjs').toEqual([])
})

test('a native package is put where its parent looks for it, and one of another version keeps its own place', () => {
  const native = (version, fields = {}) => ({ version, optional: true, ...fields })
  const packages = {
    '': {},
    'node_modules/a': { version: '2.0.0', optionalDependencies: { 'a-linux-x64-gnu': '2.0.0', 'a-darwin-arm64': '2.0.0' } },
    'node_modules/a-linux-x64-gnu': native('2.0.0'),
    'node_modules/a-darwin-arm64': native('1.0.0', { integrity: 'sha512-old' }),
    'node_modules/b/node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux-x64-gnu': '1.0.0', 'a-darwin-arm64': '1.0.0' } },
    'node_modules/b/node_modules/a-linux-x64-gnu': native('1.0.0'),
  }
  const complete = completePackages(packages)
  expect(complete['node_modules/a-darwin-arm64']).toEqual({ version: '2.0.0', cpu: ['arm64'], os: ['darwin'], optional: true })
  expect(complete['node_modules/b/node_modules/a-darwin-arm64']).toEqual(native('1.0.0', { integrity: 'sha512-old' }))
  expect(completePackages(complete)).toBe(complete)
})

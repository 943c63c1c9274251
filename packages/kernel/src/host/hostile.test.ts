import fs from 'node:fs'
import fc from 'fast-check'
import { LifeOsError } from '@life-os/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandChange } from './exec/change.ts'
import { parseCommand } from './exec/arguments.ts'
import { manifestOf, temporaryFolder } from './fixtures.ts'
import { createTestHost } from './testing.ts'
import type { TestHost } from './testing.ts'

/** Every service, what only the kernel asks included, and names that are none. */
const SERVICES =
  `fs.stat fs.list fs.read fs.readText fs.hash fs.sniff fs.usage fs.watch fs.write fs.append fs.writeBlob fs.makeFolder fs.move
  fs.copy fs.remove fs.restore fs.restorePlan net.fetch net.download exec.run exec.view exec.compute secrets.read settings.get gate.request
  blobs.put blobs.get clock.now random.uuid random.bytes constructor __proto__ toString`.split(/\s+/)
/** Words that mean something to some service, so that more than the first check is met. */
const FIELDS =
  `program args script stdin cwd env mounts network auth limits shows folder maxBytes files path access host secret as name blob
  recursive replace expect method headers body timeout maxRedirects time memory pids output __proto__ constructor then toJSON length`.split(
    /\s+/,
  )

const word = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '/',
    '/..',
    '/etc/shadow',
    '/proc/self/environ',
    '\0',
    '/a\0b',
    '*:*',
    'sh',
    '*',
    '/usr/bin/../../tmp/x',
    'file:///etc/passwd',
  ),
  fc.constantFrom(
    'http://127.0.0.1:1/',
    'http://[::1',
    '127.0.0.1:99999',
    'x'.repeat(70_000),
    '../'.repeat(5000),
    'a'.repeat(64),
    '-rf',
    '\ud800',
  ),
)
const leaf = fc.oneof(
  { weight: 4, arbitrary: word },
  fc.constantFrom(null, undefined, true, Number.NaN, -1, 0, 2 ** 53, Infinity, -0),
  fc.integer(),
  fc.uint8Array({ maxLength: 40 }),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...FIELDS), tie('any')), { maxLength: 6 }).map(ownFields),
  ),
})).any

/** `__proto__` as a field like any other, as it comes out of JSON. */
function ownFields(pairs: [string, unknown][]): object {
  const made = {}
  for (const [name, one] of pairs) Object.defineProperty(made, name, { value: one, enumerable: true, configurable: true, writable: true })
  return made
}

let folder: string
let host: TestHost
beforeEach(async () => {
  folder = temporaryFolder()
  fs.writeFileSync(`${folder}/mine.txt`, 'mine')
  host = await createTestHost(folder, { allowed: [], lookup: () => Promise.reject(new Error('nothing is looked up')) })
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})

test('a plugin that was allowed nothing gets a refusal in words for whatever it sends to whatever service', async () => {
  const before = manifestOf(folder)
  const stop = new AbortController()
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SERVICES), fc.array(value, { maxLength: 4 }), async (service, args) => {
      for (const services of [host.services, host.preview().services]) {
        const failure: unknown = await services.handle(service, args, stop.signal).then(
          () => null,
          (error: unknown) => error,
        )
        if (failure !== null) expect(failure).toBeInstanceOf(LifeOsError)
      }
    }),
    { numRuns: 600 },
  )
  stop.abort()
  expect(manifestOf(folder)).toEqual(before)
  expect(host.effects).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('a command is one that was looked at in all its parts, or refused', () => {
  const path = fc.oneof(word, fc.constantFrom('/data', '/work/x'))
  const some = <T>(one: fc.Arbitrary<T>) => fc.oneof({ weight: 20, arbitrary: one }, value)
  const mild = fc.oneof({ weight: 9, arbitrary: fc.string({ maxLength: 20 }) }, word)
  const command = fc.record(
    {
      program: fc.oneof(
        fc.constantFrom('sh', 'python3', '/usr/bin/env', 'python3.13', 'curl', '/usr/../bin/sh', '-sh', '.sh', 'a/b', 'sh\n'),
        word,
      ),
      args: some(fc.array(mild, { maxLength: 3 })),
      script: some(mild),
      cwd: some(path),
      env: some(
        fc.dictionary(
          fc.oneof({ weight: 9, arbitrary: fc.constantFrom('PATH', 'LD_PRELOAD', 'A') }, fc.constantFrom('A B', '1A'), word),
          mild,
          { maxKeys: 3 },
        ),
      ),
      mounts: some(fc.array(fc.record({ path, access: fc.constantFrom('read', 'read', 'write', 'all') }), { maxLength: 3 })),
      network: some(
        fc.array(
          fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a.example:443', 'A.example:1', '[::1]:80') }, fc.constantFrom('a:1,b:2'), word),
          { maxLength: 3 },
        ),
      ),
    },
    { requiredKeys: ['program'] },
  )
  let accepted = 0
  fc.assert(
    fc.property(command, (given) => {
      let parsed
      try {
        parsed = parseCommand('exec.run', [given])
      } catch (error) {
        expect(error).toMatchObject({ code: 'arguments-invalid', applied: 'no' })
        return
      }
      accepted += 1
      expect(parsed.program).toMatch(/^(?:[A-Za-z0-9_][A-Za-z0-9._+-]*|\/usr(?:\/[A-Za-z0-9_][A-Za-z0-9._+-]*)+)$/)
      expect(parsed.program).not.toContain('\n')
      for (const text of [...(parsed.args ?? []), parsed.script ?? '', ...Object.entries(parsed.env ?? {}).flat()])
        expect(text).not.toContain('\0')
      for (const place of parsed.network ?? []) expect(place).toMatch(/^[^\s*/@,]+:\d{1,5}$/)
      const parts = { command: parsed, mounts: [], cwd: '/work', network: parsed.network ?? [], secrets: [] }
      const { summary } = commandChange({ ...parts, sandboxed: true, reversal: 'none' })
      expect(summary).not.toMatch(/[\n\r]/)
      expect(summary.length).toBeLessThan(400)
    }),
    { numRuns: 1500 },
  )
  expect(accepted).toBeGreaterThan(50)
})

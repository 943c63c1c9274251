import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { manifestOf, temporaryFolder } from './fixtures.ts'
import { createTestHost } from './testing.ts'
import type { TestHost, TestHostOptions } from './testing.ts'

let folder: string
let outside: string
const open: TestHost[] = []
beforeEach(() => {
  folder = temporaryFolder()
  outside = temporaryFolder()
  fs.writeFileSync(path.join(outside, 'secret'), 'secret')
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const host of open.splice(0)) await host[Symbol.asyncDispose]()
  for (const made of [folder, outside]) fs.rmSync(made, { recursive: true, force: true })
})
const at = (...names: string[]): string => path.join(folder, ...names)
async function hostWith(options: TestHostOptions = {}): Promise<TestHost> {
  const host = await createTestHost(folder, options)
  open.push(host)
  return host
}
const code = (expected: string) => ({ code: expected })

describe.each([
  ['by descriptor', true],
  ['by path, as where there is no /proc', false],
])('%s', (_, descriptors) => {
  test('no link leads out of what is allowed', async () => {
    fs.symlinkSync(outside, at('door'))
    fs.symlinkSync(path.join(outside, 'secret'), at('key'))
    fs.writeFileSync(at('a'), 'a')
    const host = await hostWith({ descriptors })
    for (const [service, ...args] of [
      ['fs.read', at('door', 'secret')],
      ['fs.readText', at('key')],
      ['fs.hash', [at('key')]],
      ['fs.sniff', [at('key')]],
      ['fs.stat', at('door', 'secret')],
      ['fs.list', at('door')],
      ['fs.usage', at('door')],
      ['fs.write', at('door', 'new'), 'x'],
      ['fs.move', at('a'), at('door', 'a')],
      ['fs.move', at('door', 'secret'), at('b')],
      ['fs.copy', at('door', 'secret'), at('b')],
      ['fs.remove', at('door', 'secret')],
      ['fs.makeFolder', at('door', 'x')],
    ] as [string, ...unknown[]][])
      await expect(host.call(service, ...args), service).rejects.toMatchObject(code('path-not-allowed'))
    await expect(host.preview().services.handle('fs.readText', [at('key')], new AbortController().signal)).rejects.toMatchObject(
      code('path-not-allowed'),
    )
    expect(host.effects).toEqual([])
    expect(fs.readdirSync(outside)).toEqual(['secret'])
  })

  test('links that stay inside are followed for reading and treated as themselves for changing', async () => {
    fs.mkdirSync(at('real'))
    fs.writeFileSync(at('real', 'a'), 'inside')
    fs.symlinkSync('real', at('alias'))
    fs.symlinkSync('real/a', at('file-link'))
    const host = await hostWith({ descriptors })
    expect(await host.call('fs.readText', at('alias', 'a'))).toBe('inside')
    expect(await host.call('fs.readText', at('file-link'))).toBe('inside')
    expect(await host.call('fs.stat', at('file-link'))).toMatchObject({ kind: 'link', target: 'real/a' })
    expect(await host.call('fs.write', at('alias', 'b'), 'x')).toEqual({ path: at('real', 'b') })
    await expect(host.call('fs.write', at('file-link'), 'x', { replace: true })).rejects.toMatchObject(code('path-is-link'))
    await host.call('fs.move', at('file-link'), at('moved'))
    expect(fs.readlinkSync(at('moved'))).toBe('real/a')
    expect(await host.call<unknown[]>('fs.list', folder, { recursive: true })).toHaveLength(5)
  })

  test('a folder swapped for a link after it was checked gains nothing', async () => {
    fs.mkdirSync(at('in'))
    fs.writeFileSync(at('in', 'a'), 'a')
    fs.mkdirSync(at('out'))
    const host = await hostWith({ descriptors })
    const swap = async (): Promise<void> => {
      fs.renameSync(at('out'), at('was'))
      fs.symlinkSync(outside, at('out'))
    }
    const sink = host.real({}, { begin: async () => (await swap(), 'effect'), abandon: async () => {}, finish: async () => {} })
    await sink.handle('fs.move', [at('in', 'a'), at('out', 'a')], new AbortController().signal).catch(() => {})
    expect(fs.readdirSync(outside)).toEqual(['secret'])
    expect([...fs.readdirSync(at('in')), ...fs.readdirSync(at('was'))]).toEqual(['a'])
  })
})

test('an allowed folder that is a link is allowed by the place it leads to', async () => {
  fs.mkdirSync(at('real'))
  fs.symlinkSync(at('real'), at('alias'))
  fs.writeFileSync(at('file'), '')
  const host = await hostWith({ allowed: [{ kind: 'fs.write', resource: at('alias') }] })
  await expect(host.call('fs.write', at('alias', 'a'), 'x')).rejects.toMatchObject(code('path-not-allowed'))
  expect(await Promise.all([at('alias'), at('alias', 'missing', 'deep'), at('file'), '/'].map((one) => host.host.canonical(one)))).toEqual([
    at('real'),
    at('real', 'missing', 'deep'),
    at('file'),
    '/',
  ])
})

describe('what is never touched', () => {
  test('LIFEOS_HOME, inside or around the call’s folder, and trash folders', async () => {
    const home = at('sub', '.life-os')
    fs.mkdirSync(home, { recursive: true })
    fs.writeFileSync(path.join(home, 'key'), 'k')
    const host = await hostWith({ home })
    for (const [service, ...args] of [
      ['fs.read', path.join(home, 'key')],
      ['fs.list', home],
      ['fs.remove', home],
      ['fs.remove', at('sub')],
      ['fs.move', at('sub'), at('moved')],
      ['fs.copy', folder, at('x')],
      ['fs.stat', at('.life-os-trash-0')],
    ] as [string, ...unknown[]][]) {
      await expect(host.call(service, ...args), service).rejects.toMatchObject(code('path-reserved'))
    }
    expect(await host.call('fs.list', folder, { recursive: true })).toMatchObject([{ name: 'sub' }])
    expect(await host.call('fs.usage', folder)).toMatchObject({ files: 0 })
  })

  test('what lies beyond the needs of the call, and anything at all for a tool that only reads', async () => {
    fs.writeFileSync(at('a'), 'a')
    const reader = await hostWith({ allowed: [{ kind: 'fs.read', resource: at('a') }] })
    expect(await reader.call('fs.readText', at('a'))).toBe('a')
    await expect(reader.call('fs.readText', at('b'))).rejects.toMatchObject(code('path-not-allowed'))
    await expect(reader.call('fs.write', at('a'), 'x')).rejects.toMatchObject(code('path-not-allowed'))
    const liar = await hostWith({ effect: 'read' })
    await expect(liar.call('fs.write', at('b'), 'x')).rejects.toMatchObject(code('effect-not-declared'))
    await expect(liar.call('fs.teleport')).rejects.toMatchObject(code('service-unknown'))
    await expect(liar.call('constructor')).rejects.toMatchObject(code('service-unknown'))
    await expect(liar.call('restore.effect', {}, 'skip')).rejects.toMatchObject(code('service-unknown'))
    await expect(liar.call('fs.read', 5)).rejects.toMatchObject(code('arguments-invalid'))
  })

  test('special files are listed, moved within a volume, and never read or copied', async () => {
    execFileSync('mkfifo', [at('pipe')])
    const host = await hostWith()
    expect(await host.call('fs.list', folder)).toMatchObject([{ name: 'pipe', kind: 'special', size: 0 }])
    for (const [service, ...args] of [
      ['fs.read', at('pipe')],
      ['fs.hash', [at('pipe')]],
      ['fs.append', at('pipe'), 'x'],
    ] as [string, ...unknown[]][])
      await expect(host.call(service, ...args)).rejects.toMatchObject(code('not-a-file'))
    await expect(host.call('fs.copy', at('pipe'), at('b'))).rejects.toMatchObject(code('file-special'))
    expect(await host.call('fs.move', at('pipe'), at('b', 'pipe'))).toEqual({ path: at('b', 'pipe') })
    expect(await host.undo(host.effects.slice())).toEqual([])
    expect(manifestOf(folder)).toEqual(['/pipe 644 special'])
  })

  test('a name that is taken between looking and acting is not overwritten', async () => {
    fs.writeFileSync(at('a'), 'mine')
    const host = await hostWith()
    const [begun, names] = [vi.fn(), ['b', 'b (2)']]
    const services = host.real(
      {},
      {
        begin: async (change) => {
          begun(change)
          const name = names.shift()
          if (name !== undefined) fs.writeFileSync(at(name), 'theirs')
          return 'effect'
        },
        abandon: async () => {},
        finish: async () => {},
      },
    )
    expect(await services.handle('fs.move', [at('a'), at('b')], new AbortController().signal)).toEqual({ path: at('b (3)') })
    expect([fs.readFileSync(at('b'), 'utf8'), fs.readFileSync(at('b (2)'), 'utf8'), fs.readFileSync(at('b (3)'), 'utf8')]).toEqual([
      'theirs',
      'theirs',
      'mine',
    ])
    expect(begun).toHaveBeenCalledTimes(3)
  })

  test('a change that is refused leaves no trace', async () => {
    fs.writeFileSync(at('a'), 'a')
    const host = await hostWith()
    const before = manifestOf(folder)
    const services = host.real({}, { begin: async () => Promise.reject(Object.assign(new Error('no'), { code: 'change-not-approved' })) })
    for (const [service, ...args] of [
      ['fs.move', at('a'), at('b')],
      ['fs.copy', at('a'), at('b')],
      ['fs.write', at('a'), 'x', { replace: true }],
      ['fs.remove', at('a')],
      ['fs.makeFolder', at('c')],
    ] as [string, ...unknown[]][]) {
      await expect(services.handle(service, args, new AbortController().signal)).rejects.toMatchObject(code('change-not-approved'))
    }
    expect(manifestOf(folder)).toEqual(before)
  })

  test('the approved target is taken, not the first free name', async () => {
    fs.writeFileSync(at('a'), 'a')
    const host = await hostWith()
    const services = host.real({}, { approvedTarget: (_kind, _from, wished) => `${wished} (2)` })
    expect(await services.handle('fs.move', [at('a'), at('b')], new AbortController().signal)).toEqual({ path: at('b (2)') })
    expect(host.effects[0]?.change).toMatchObject({ to: at('b (2)'), clash: at('b') })
  })
})

describe('names', () => {
  const hard = ['ü', 'line\nbreak', '😀'.repeat(63), ' lead', 'trail ', '-rf', '*', '[a]', '"\'', '\\', 'x'.repeat(255)]
  test.each(hard)('%j is moved, copied, removed and brought back', async (name) => {
    fs.writeFileSync(at(name), name)
    const host = await hostWith()
    const before = manifestOf(folder)
    const [listed] = await host.call<{ path: string }[]>('fs.list', folder)
    expect(listed?.path).toBe(at(name))
    await host.call('fs.copy', at(name), at(name))
    await host.call('fs.move', at(name), at('sub', name))
    await host.call('fs.remove', at('sub', name))
    expect(await host.undo(host.effects.slice())).toEqual([])
    expect(manifestOf(folder)).toEqual(before)
  })

  test('invalid UTF-8 round-trips', async () => {
    const bytes = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe, 0x80, 0x2e, 0x74])])
    fs.writeFileSync(bytes, 'bytes')
    const host = await hostWith()
    const before = manifestOf(folder)
    const [listed] = await host.call<{ path: string; name: string }[]>('fs.list', folder)
    expect(await host.call('fs.readText', listed?.path)).toBe('bytes')
    await host.call('fs.copy', listed?.path, listed?.path)
    await host.call('fs.move', listed?.path, at('deep', listed?.name ?? ''))
    expect(fs.readdirSync(at('deep'), { encoding: 'buffer' })[0]).toEqual(bytes.subarray(folder.length + 1))
    expect(await host.undo(host.effects.slice())).toEqual([])
    expect(manifestOf(folder)).toEqual(before)
  })
})

test('a folder that cannot be read is named, and the rest is listed', async () => {
  const uid = process.getuid?.()
  fs.mkdirSync(at('closed'))
  fs.writeFileSync(at('open'), '')
  const host = await hostWith()
  if (uid === 0) {
    const real = fs.readdirSync.bind(fs)
    vi.spyOn(fs, 'readdirSync').mockImplementation(((target: string, options: unknown) => {
      if (fs.readlinkSync(String(target).replace(/\/\.$/, '')) === at('closed'))
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
      return real(target, options as never)
    }) as never)
  } else fs.chmodSync(at('closed'), 0)
  const listed = await host.call<{ name: string; unreadable?: string }[]>('fs.list', folder, { recursive: true })
  const warnings = await host.host.inspect(folder)
  if (uid !== 0) fs.chmodSync(at('closed'), 0o755)
  expect(listed.map(({ name, unreadable }) => [name, unreadable !== undefined])).toEqual([
    ['closed', true],
    ['open', false],
  ])
  expect(warnings).toMatchObject([{ code: 'folder-unreadable', path: at('closed') }])
})

test('a file that may not be read says so in the list', async () => {
  fs.writeFileSync(at('closed'), '', { mode: 0o200 })
  fs.writeFileSync(at('open'), '')
  vi.spyOn(fs, 'accessSync').mockImplementation((target) => {
    if (String(target).endsWith('/closed')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' }) // root may read everything
  })
  const host = await hostWith()
  expect(await host.call('fs.list', folder)).toMatchObject([
    { name: 'closed', unreadable: expect.stringContaining('permissions') },
    { name: 'open' },
  ])
})

test.skipIf(process.getuid?.() !== 0)('a replaced file keeps its owner (skipped unless root, who alone may give files away)', async () => {
  fs.writeFileSync(at('a'), 'old')
  fs.chownSync(at('a'), 1234, 4321)
  fs.chmodSync(at('a'), 0o664)
  const host = await hostWith()
  await host.call('fs.write', at('a'), 'new', { replace: true })
  expect(fs.statSync(at('a'))).toMatchObject({ uid: 1234, gid: 4321 })
  expect(fs.statSync(at('a')).mode & 0o7777).toBe(0o664)
})

test('a full disk is told as such and leaves nothing behind', async () => {
  fs.writeFileSync(at('a'), 'a')
  const host = await hostWith()
  const before = manifestOf(folder)
  vi.spyOn(fs, 'renameSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
  })
  await expect(host.call('fs.move', at('a'), at('b'))).rejects.toMatchObject({ code: 'disk-full', class: 'operational', applied: 'no' })
  await expect(host.call('fs.write', at('c'), 'x')).rejects.toMatchObject({ code: 'disk-full', applied: 'no' })
  vi.restoreAllMocks()
  expect(manifestOf(folder)).toEqual(before)
  expect(host.effects.map((effect) => effect.state)).toEqual(['not-applied', 'not-applied'])
  expect(fs.readdirSync(path.join(host.home, 'trash'))).toEqual([])
})

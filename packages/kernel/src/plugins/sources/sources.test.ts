import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createGitFetch } from '../../host/index.ts'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/types.ts'
import { unpackArchive } from './archive.ts'
import { fetchSource } from './fetch.ts'
import { copyFolder } from './folder.ts'

const LIMITS = { entries: 100, bytes: 1_000_000, archive: 1_000_000 }
let base: string
let into: string
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'life-os-sources-'))
  into = path.join(base, 'into')
})
afterEach(() => rmSync(base, { recursive: true }))

/** One tar entry; `size` may lie. */
function tarEntry(
  name: string,
  data: Buffer | string = '',
  { type = '0', size, link = '' }: { type?: string; size?: number; link?: string } = {},
): Buffer {
  const bytes = Buffer.from(data)
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write('0000644\0', 100)
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\0', 257)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}
const END = Buffer.alloc(1024)

interface ZipPart {
  name: string
  data: Buffer
  mode?: number
  /** Declared size, which may lie. */
  size?: number
  flags?: number
  /** Shares the bytes of the first entry. */
  overlap?: boolean
}
function zip(parts: ZipPart[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const { name, data, mode = 0o100644, size = data.length, flags = 0, overlap = false } of parts) {
    const packed = deflateRawSync(data)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(8, 8)
    local.writeUInt16LE(name.length, 26)
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50)
    record.writeUInt16LE(flags, 8)
    record.writeUInt16LE(8, 10)
    record.writeUInt32LE(crc32(data), 16)
    record.writeUInt32LE(packed.length, 20)
    record.writeUInt32LE(size, 24)
    record.writeUInt16LE(name.length, 28)
    record.writeUInt32LE(mode * 0x10000, 38)
    record.writeUInt32LE(overlap ? 0 : at, 42)
    central.push(record, Buffer.from(name))
    locals.push(local, Buffer.from(name), packed)
    at += 30 + name.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}
const file = (name: string, data = 'x', more: Partial<ZipPart> = {}): ZipPart => ({ name, data: Buffer.from(data), ...more })

async function unpack(bytes: Buffer): Promise<string[]> {
  const archive = path.join(base, 'archive')
  writeFileSync(archive, bytes)
  await unpackArchive(archive, into, LIMITS)
  return readdirSync(into, { recursive: true }).map(String).toSorted()
}

describe('archives as tools make them', () => {
  test.each([
    ['tgz', (from: string, to: string) => execFileSync('tar', ['-czf', to, '-C', from, '.'])],
    ['tar', (from: string, to: string) => execFileSync('tar', ['--format=pax', '-cf', to, '-C', from, '.'])],
    ['old tar', (from: string, to: string) => execFileSync('tar', ['--format=gnu', '-cf', to, '-C', from, '.'])],
  ])('%s', async (_, pack) => {
    const long = `${'a-long-name-'.repeat(10)}.txt`
    mkdirSync(path.join(base, 'from', 'src'), { recursive: true })
    writeFileSync(path.join(base, 'from', 'manifest.json'), '{}')
    writeFileSync(path.join(base, 'from', 'src', long), 'long')
    pack(path.join(base, 'from'), path.join(base, 'packed'))
    expect(await unpack(readFileSync(path.join(base, 'packed')))).toEqual(['manifest.json', 'src', `src/${long}`])
    expect(readFileSync(path.join(into, 'src', long), 'utf8')).toBe('long')
  })

  test('zip', async () => {
    expect(await unpack(zip([file('guest/', '', { mode: 0o040755 }), file('guest/manifest.json', '{}')]))).toEqual([
      'guest',
      'guest/manifest.json',
    ])
    expect(readFileSync(path.join(into, 'guest', 'manifest.json'), 'utf8')).toBe('{}')
  })
})

describe('hostile archives are refused and put nothing outside', () => {
  const bomb = Buffer.alloc(LIMITS.bytes + 1)
  test.each<[string, () => Buffer, RegExp]>([
    ['tar: a path that climbs', () => tarEntry('../../out'), /leads out/],
    ['tar: a path that climbs from within', () => tarEntry('a/../../out'), /leads out/],
    ['tar: an absolute path', () => tarEntry('/etc/cron.d/x'), /absolute/],
    ['tar: a drive', () => tarEntry('C:/x'), /absolute/],
    ['tar: a back slash', () => tarEntry('..\\out'), /characters/],
    ['tar: a symbolic link', () => tarEntry('a', '', { type: '2', link: '/etc/passwd' }), /a link/],
    ['tar: a hard link', () => tarEntry('a', '', { type: '1', link: '/etc/passwd' }), /a link/],
    ['tar: a device', () => tarEntry('a', '', { type: '3' }), /a device/],
    ['tar: a pipe', () => tarEntry('a', '', { type: '6' }), /a pipe/],
    ['tar: a size beyond its end', () => tarEntry('a', 'x', { size: 4_000_000 }), /cut off/],
    ['tar: a damaged header', () => Buffer.alloc(1024, '7'), /no tar archive/],
    [
      'tar: a pax path that climbs',
      () => Buffer.concat([tarEntry('h', '16 path=../../x\n', { type: 'x' }), tarEntry('a')]),
      /leads out|malformed/,
    ],
    ['tar: one name twice', () => Buffer.concat([tarEntry('a'), tarEntry('a')]), /twice/],
    ['tar: one name in two spellings', () => Buffer.concat([tarEntry('src/a'), tarEntry('SRC/b')]), /twice/],
    ['tar: a file where a folder is', () => Buffer.concat([tarEntry('a/b'), tarEntry('a')]), /twice|file and a folder/],
    ['tar: a folder where a file is', () => Buffer.concat([tarEntry('a'), tarEntry('a/b')]), /file and a folder/],
    ['tar: too many entries', () => Buffer.concat(Array.from({ length: 101 }, (_, index) => tarEntry(`f${index}`))), /more than 100/],
    ['tgz: a bomb', () => gzipSync(Buffer.concat([tarEntry('a', bomb), END])), /more than/],
    ['tgz: a bomb without an end', () => gzipSync(Buffer.alloc(50_000_000)), /more than/],
    ['tgz: cut off', () => gzipSync(tarEntry('a', 'x')).subarray(0, 40), /damaged/],
    ['zip: a path that climbs', () => zip([file('../out')]), /leads out/],
    ['zip: an absolute path', () => zip([file('/out')]), /absolute/],
    ['zip: a link', () => zip([file('a', '/etc/passwd', { mode: 0o120777 })]), /link or a device/],
    ['zip: encrypted', () => zip([file('a', 'x', { flags: 1 })]), /encrypted/],
    ['zip: a bomb', () => zip([{ name: 'a', data: bomb }]), /more than/],
    ['zip: a bomb that says it is small', () => zip([{ name: 'a', data: bomb, size: 10 }]), /damaged/],
    ['zip: entries on top of each other', () => zip([file('a'), file('b', 'x', { overlap: true })]), /damaged/],
    ['zip: cut off', () => zip([file('a')]).subarray(0, 30), /damaged|misleading|cut off|no tar/],
    ['zip: one name twice', () => zip([file('a'), file('A')]), /twice/],
  ])('%s', async (_, make, reason) => {
    await expect(unpack(make())).rejects.toMatchObject({ code: 'plugin-source-invalid', message: expect.stringMatching(reason) as string })
    expect(
      readdirSync(base)
        .toSorted()
        .filter((name) => name !== 'into'),
    ).toEqual(['archive'])
  })

  test('whatever bytes come: files below the folder, or a clear refusal', async () => {
    const whole = [Buffer.concat([tarEntry('a/b', 'hello'), tarEntry('c', 'x'), END]), zip([file('a/b', 'hello'), file('c')])]
    const spoiled = fc
      .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }))
      .map(([bytes, changes]) => {
        const copy = Buffer.from(bytes)
        for (const [at, value] of changes) copy[at % copy.length] = value
        return copy
      })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          spoiled,
          fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
        ),
        async (bytes) => {
          rmSync(into, { recursive: true, force: true })
          await unpack(bytes).catch((error: { code?: string }) => {
            if (error.code !== 'plugin-source-invalid' && error.code !== 'ENOENT') throw error // ENOENT: it was empty, so there is no folder to list
          })
          expect(readdirSync(base).filter((name) => name !== 'into' && name !== 'archive')).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('folders', () => {
  test('links and version control are left out, files copied as they are', async () => {
    const from = path.join(base, 'from')
    mkdirSync(path.join(from, '.git'), { recursive: true })
    writeFileSync(path.join(from, '.git', 'config'), 'secret')
    writeFileSync(path.join(from, 'a'), 'a')
    symlinkSync('/etc/passwd', path.join(from, 'link'))
    symlinkSync('/etc', path.join(from, 'folder-link'))
    await copyFolder(from, into, LIMITS)
    expect(readdirSync(into)).toEqual(['a'])
  })

  test('too much is refused', async () => {
    const from = path.join(base, 'from')
    mkdirSync(from)
    writeFileSync(path.join(from, 'a'), Buffer.alloc(LIMITS.bytes + 1))
    await expect(copyFolder(from, into, LIMITS)).rejects.toThrow(/more than/)
  })
})

describe('git', () => {
  let sandbox: Sandbox
  beforeAll(async () => void (sandbox = await createSandbox()))
  afterAll(() => sandbox[Symbol.asyncDispose]())
  const fetched = (address: string, ref: string | undefined, staging: string) =>
    fetchSource({ kind: 'git', url: address, ref }, staging, createGitFetch({ home: base, sandbox }))
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: path.join(base, 'repository'),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: base, GIT_CONFIG_GLOBAL: '/dev/null' },
    }).trim()
  const commit = (message: string) => git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '-m', message)
  const url = () => `file://${path.join(base, 'repository')}`
  beforeEach(() => {
    mkdirSync(path.join(base, 'repository', 'guest'), { recursive: true })
    git('init', '--quiet', '--initial-branch=main')
    writeFileSync(path.join(base, 'repository', 'guest', 'manifest.json'), '{"round":1}')
    symlinkSync('/etc/passwd', path.join(base, 'repository', 'guest', 'link'))
    writeFileSync(path.join(base, 'repository', '.gitattributes'), '* filter=evil\n')
    git('add', '.')
    commit('first')
    git('tag', 'v1')
  })

  test('one commit is fetched and pinned; no filter, no hook, no link of it counts', async () => {
    const marker = path.join(base, 'marker')
    git('config', 'filter.evil.smudge', `touch ${marker}`)
    git('config', 'uploadpack.packObjectsHook', `touch ${marker}`)
    writeFileSync(path.join(base, '.gitconfig'), `[filter "evil"]\n\tsmudge = touch ${marker}\n[core]\n\thooksPath = ${base}\n`)
    const first = git('rev-parse', 'HEAD')
    writeFileSync(path.join(base, 'repository', 'guest', 'manifest.json'), '{"round":2}')
    git('add', '.')
    commit('second')
    const newest = await fetched(url(), undefined, path.join(base, 'one'))
    expect(newest.source).toEqual({ kind: 'git', url: url(), commit: git('rev-parse', 'HEAD') })
    expect(readFileSync(path.join(newest.folder, 'manifest.json'), 'utf8')).toBe('{"round":2}')
    const tagged = await fetched(url(), 'v1', path.join(base, 'two'))
    expect(tagged.source).toEqual({ kind: 'git', url: url(), ref: 'v1', commit: first })
    expect(readFileSync(path.join(tagged.folder, 'manifest.json'), 'utf8')).toBe('{"round":1}')
    expect(readFileSync(path.join(tagged.folder, 'link'), 'utf8')).toBe('/etc/passwd') // the link's text, not what it leads to
    expect(readdirSync(base)).not.toContain('marker')
  })

  test.each([
    ['https://ada:secret@example.org/x.git', undefined, /name or password/],
    ['http://example.org/x.git', undefined, /over https/],
    ['ssh://example.org/x.git', undefined, /over https/],
    ['ext::sh -c touch% /tmp/x', undefined, /no git address|over https/],
    ['--upload-pack=touch /tmp/x', undefined, /no git address/],
    ['https://example.org/x.git', '--upload-pack=sh', /no name of a branch/],
  ])('%s (%s) is refused', async (address, ref, reason) => {
    await expect(fetched(address, ref, into)).rejects.toThrow(reason)
  })

  test('what is not there says so', async () => {
    await expect(fetched(`${url()}-not`, undefined, into)).rejects.toMatchObject({
      code: 'plugin-fetch-failed',
    })
  })
})

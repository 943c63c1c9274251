import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { forEachStore, freshPlace } from '../store/testing.ts'
import { meansPlace } from './place.ts'
import { openSecrets, token } from './testing.ts'

const never = new AbortController().signal
const VALUE = 'canary-of-the-store-77'

forEachStore((_name, open) => {
  test('a secret is sealed, listed without its value, and opened again after a restart', async () => {
    await using opened = await open()
    const { store } = opened
    const secrets = await openSecrets(store)
    await secrets.set({ ...token('mail', VALUE, ['IMAP.example:993']), kind: 'basic', user: 'ada', title: 'My mail' }, 'ada')
    const listed = await secrets.list()
    expect(listed).toMatchObject([
      { name: 'mail', kind: 'basic', title: 'My mail', hosts: ['imap.example:993'], user: 'ada', usedAt: null },
    ])
    expect(JSON.stringify(listed)).not.toContain(VALUE)

    const again = await openSecrets(store)
    expect(again.redactor.text(VALUE)).toBe('[secret:mail]')
    expect(await again.use('mail', 'imap.example:993', never)).toEqual({ kind: 'basic', user: 'ada', value: VALUE })
    expect((await again.get('mail'))?.usedAt).not.toBeNull()
    expect(await again.read('mail', { actor: 'plugin' })).toBe(VALUE)
    await again.remove('mail', 'ada')
    await expect(again.use('mail', 'imap.example:993', never)).rejects.toMatchObject({
      code: 'secret-missing',
      details: { secret: 'mail' },
    })
    await expect(again.remove('mail', 'ada')).rejects.toMatchObject({ code: 'secret-missing' })
    await store.journal.flush()
    const audited = await store.db.selectFrom('audit').select(['rule', 'kind', 'data_json']).orderBy('seq').execute()
    expect(audited.map(({ rule }) => rule)).toEqual(['secret-set', 'secret-used', 'secret-read', 'secret-removed'])
    expect(audited.every(({ kind, data_json }) => kind === 'secret' && !data_json.includes(VALUE))).toBe(true)
  })

  test('no byte of a value lies in the tables or the folder', async () => {
    await using opened = await open()
    const { store } = opened
    const secrets = await openSecrets(store)
    await secrets.set(token('one', VALUE), 'ada')
    await secrets.use('one', 'api.example:443', never)
    await secrets.rotateKey('ada')
    await store.journal.flush()
    for (const table of ['secrets', 'audit', 'events', 'settings'] as const)
      expect(JSON.stringify(await store.db.selectFrom(table).selectAll().execute())).not.toContain(VALUE)
    for (const file of fs.readdirSync(store.home, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(fs.readFileSync(path.join(file.parentPath, file.name)).includes(VALUE)).toBe(false)
  })

  test('what stands beside the sealed value cannot be changed apart from it', async () => {
    await using opened = await open()
    const { store } = opened
    const secrets = await openSecrets(store)
    for (const change of [
      { hosts_json: '["evil.example:443"]' },
      { kind: 'basic', user: 'eve' },
      { key_id: 'another' },
      { sealed: 'AAAA' },
    ]) {
      await secrets.set(token('one', VALUE), 'ada')
      await store.db.updateTable('secrets').set(change).where('name', '=', 'one').execute()
      const place = 'hosts_json' in change ? 'evil.example:443' : 'api.example:443'
      await expect(secrets.use('one', place, never)).rejects.toMatchObject({ code: 'secret-unreadable' })
    }
    await secrets.set(token('one', VALUE), 'ada')
    await secrets.set(token('two', 'another-value'), 'ada')
    const { sealed } = await store.db.selectFrom('secrets').select('sealed').where('name', '=', 'one').executeTakeFirstOrThrow()
    await store.db.updateTable('secrets').set({ sealed }).where('name', '=', 'two').execute()
    await expect(secrets.use('two', 'api.example:443', never)).rejects.toMatchObject({ code: 'secret-unreadable' })
  })

  test('rotation seals everything under a new key; the old one opens nothing any more', async () => {
    await using opened = await open()
    const { store } = opened
    const secrets = await openSecrets(store)
    expect(await secrets.rotateKey('ada')).toBe(0)
    await secrets.set(token('one', VALUE), 'ada')
    await secrets.set(token('two', 'another-value'), 'ada')
    const file = path.join(store.home, 'secrets.key')
    const before = fs.readFileSync(file)
    expect(await secrets.rotateKey('ada')).toBe(2)
    expect(await secrets.use('one', 'api.example:443', never)).toMatchObject({ value: VALUE })
    expect(await (await openSecrets(store)).use('two', 'api.example:443', never)).toMatchObject({ value: 'another-value' })
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ keys: { length: 1 } })
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    fs.writeFileSync(file, before)
    await expect((await openSecrets(store)).use('one', 'api.example:443', never)).rejects.toMatchObject({ code: 'secret-unreadable' })
  })

  test('a key file that others can read, that is a link or that is broken is refused, and mending it needs no restart', async () => {
    await using opened = await open()
    const { store } = opened
    await (await openSecrets(store)).set(token('one', VALUE), 'ada')
    const file = path.join(store.home, 'secrets.key')
    const content = fs.readFileSync(file)
    fs.chmodSync(file, 0o640)
    const secrets = await openSecrets(store)
    const use = () => secrets.use('one', 'api.example:443', never)
    await expect(use()).rejects.toMatchObject({ code: 'secrets-key-exposed', message: expect.stringContaining(`chmod 600 '${file}'`) })
    await expect(secrets.set(token('two', 'another-value'), 'ada')).rejects.toMatchObject({ code: 'secrets-key-exposed' })
    expect(await secrets.list()).toHaveLength(1)
    fs.chmodSync(file, 0o600)
    fs.writeFileSync(file, content.subarray(0, 20))
    await expect(use()).rejects.toMatchObject({ code: 'secrets-key-broken' })
    fs.rmSync(file)
    fs.writeFileSync(`${file}.real`, content, { mode: 0o600 })
    fs.symlinkSync(`${file}.real`, file)
    await expect(use()).rejects.toMatchObject({ code: 'secrets-key-exposed' })
    fs.renameSync(`${file}.real`, file)
    expect(await use()).toMatchObject({ value: VALUE })
  })
})

describe('what can be set', () => {
  const refused: [string, object, string][] = [
    ['five characters', { value: 'short' }, 'secret-too-short'],
    ['a trailing line break', { value: 'long-enough\n' }, 'secret-invalid'],
    ['basic without a user', { kind: 'basic' }, 'secret-invalid'],
    ['a user with a colon', { kind: 'basic', user: 'a:b' }, 'secret-invalid'],
    ['oauth2 without an endpoint', { kind: 'oauth2' }, 'secret-invalid'],
    ['an endpoint in the clear', { kind: 'oauth2', oauth: { tokenUrl: 'http://login.example/token', clientId: 'x' } }, 'secret-invalid'],
    [
      'a short client secret',
      { kind: 'oauth2', oauth: { tokenUrl: 'https://login.example/token', clientId: 'x', clientSecret: 'abc' } },
      'secret-too-short',
    ],
    ['a host without a port', { hosts: ['api.example'] }, 'secret-invalid'],
    ['every host', { hosts: ['*:443'] }, 'secret-invalid'],
    ['every host of a country', { hosts: ['*.org:443'] }, 'secret-invalid'],
    ['a star in the middle', { hosts: ['api.*.example:443'] }, 'secret-invalid'],
    ['a port that is none', { hosts: ['api.example:70000'] }, 'secret-invalid'],
  ]
  test.each(refused)('%s is refused, and its value not repeated', async (_what, change, code) => {
    await using place = await freshPlace('sqlite')
    await using store = await place.open()
    const secrets = await openSecrets(store)
    const failure = await secrets.set({ ...token('one', VALUE), ...change }, 'ada').catch((error: unknown) => error)
    expect(failure).toMatchObject({ code })
    expect(String(failure)).not.toContain(VALUE)
    expect(await secrets.list()).toEqual([])
  })
})

describe('places', () => {
  test.each([
    ['api.example:443', 'api.example:443', true],
    ['api.example:443', 'API.EXAMPLE:443', true],
    ['api.example:443', 'api.example:80', false],
    ['*.example:443', 'a.b.example:443', true],
    ['*.example:443', 'example:443', false],
    ['*.example:443', 'notexample:443', false],
    ['*.example:443', '.example:443', false],
    ['[::1]:80', '[::1]:80', true],
  ])('%s means %s: %s', (pattern, place, means) => expect(meansPlace(pattern, place)).toBe(means))
})

import { uuidv7 } from 'uuidv7'
import { describe, expect, it, test } from 'vitest'
import type { GateRequest, Grant, Level, LevelDomain } from '@life-os/contract'
import { eachDatabase } from '../testing/index.ts'
import { createAuditQueries } from './audit.ts'
import { decide } from './decide.ts'
import { createGrants } from './grants.ts'
import { LEVELS } from './levels.ts'

const everyone = { kind: 'any', id: '*' } as const
const page = { limit: 50 }

eachDatabase((open) => {
  it('lists by what is asked for, and tells the last use at once', async () => {
    await using opened = await open()
    let now = 1000
    const grants = createGrants({ store: opened.store, clock: { now: () => now }, newId: uuidv7 })
    const add = (permission: string, subject: Grant['subject'], verdict: Grant['verdict'] = 'allow') =>
      grants.add({ subject, permission, verdict, expiresAt: null }, 'settings', 'ada')
    const home = await add('fs.read:/home/ada/**', everyone)
    const web = await add('net:*:443', { kind: 'plugin', id: 'web' })
    const forbids = await add('fs.write:/home/ada/taxes/**', { kind: 'plan', id: 'tidy' }, 'deny')
    const ofRun = await add('fs.read:/tmp/x', { kind: 'run', id: 'one' })
    const ids = async (query: object) => (await grants.list({ ...page, ...query })).items.map((grant) => grant.id)
    expect(await ids({})).toEqual([forbids.id, web.id, home.id])
    expect(await ids({ verdict: 'deny' })).toEqual([forbids.id])
    expect(await ids({ subject: 'run' })).toEqual([ofRun.id])
    expect(await ids({ plugin: 'web' })).toEqual([web.id])
    expect(await ids({ search: 'ANY WEB SITE' })).toEqual([web.id]) // by its plain words
    expect(await ids({ search: 'taxes' })).toEqual([forbids.id])
    const first = await grants.list({ limit: 2 })
    expect([first.total, first.items.length]).toEqual([3, 2])
    await grants.revoke(web.id, 'ada') // the last of the page goes away meanwhile
    expect((await grants.list({ limit: 2, cursor: first.next ?? '' })).items.map((grant) => grant.id)).toEqual([home.id])
    now = 5000
    grants.used([home.id])
    expect((await grants.list(page)).items.find((grant) => grant.id === home.id)?.usedAt).toBe(5000)
    await grants.flush()
    const again = createGrants({ store: opened.store, clock: { now: () => now }, newId: uuidv7 })
    expect((await again.list(page)).items.find((grant) => grant.id === home.id)?.usedAt).toBe(5000)
  })

  it('remembers the same thing once, and refuses what could never match', async () => {
    await using opened = await open()
    const grants = createGrants({ store: opened.store, clock: { now: () => 1 }, newId: uuidv7 })
    const given = { subject: everyone, permission: 'exec:git', verdict: 'allow', expiresAt: null } as const
    expect((await grants.add(given, 'settings', 'ada')).id).toBe((await grants.add(given, 'settings', 'ada')).id)
    for (const permission of [
      'fs.write:Downloads/**',
      'fs.write:~/x',
      'moon:walk',
      'net@sideways:x',
      'fs.read:',
      'net:*evil*:443',
      'net:a.*.org',
      '',
    ])
      await expect(grants.add({ ...given, permission }, 'settings', 'ada'), permission).rejects.toMatchObject({
        code: 'permission-invalid',
      })
    for (const permission of ['net:**', 'net:*', 'net:*:443', 'net:*.example.org:*', 'net:[::1]:80', 'net:example.org'])
      await grants.add({ ...given, permission }, 'settings', 'ada')
  })

  it('writes a level, reads it back, replaces it whole, and sees what a person edited', async () => {
    await using opened = await open()
    const grants = createGrants({ store: opened.store, clock: { now: () => 1 }, newId: uuidv7 })
    const level = async (domain: LevelDomain) =>
      (await grants.levels()).find((one) => one.domain === domain && one.subject.kind === 'any')?.level
    for (const domain of Object.keys(LEVELS) as LevelDomain[]) {
      expect(await level(domain), domain).toBe('custom')
      for (const wanted of Object.keys(LEVELS[domain]) as Level[]) {
        expect(await grants.setLevel(domain, everyone, wanted, 'ada')).toMatchObject({ domain, level: wanted })
        expect(await level(domain)).toBe(wanted)
      }
    }
    const writer = { kind: 'agent', id: 'writer' } as const
    await grants.setLevel('files', writer, 'view', 'ada')
    expect(await level('files')).toBe('all') // another subject's level is its own
    expect((await grants.levels()).find((one) => one.subject.id === 'writer')).toMatchObject({ domain: 'files', level: 'view' })
    const set = await grants.setLevel('web', everyone, 'view', 'ada')
    const present = await grants.current()
    expect(
      present
        .filter((grant) => grant.origin === 'preset' && /^(net|browser)/.test(grant.permission))
        .map((grant) => grant.id)
        .toSorted(),
    ).toEqual(set.grants.toSorted())
    await grants.revoke(set.grants[0] ?? '', 'ada')
    expect(await level('web')).toBe('custom')
    await grants.setLevel('web', everyone, 'safe', 'ada')
    await grants.add({ subject: everyone, permission: 'net:example.org:443', verdict: 'allow', expiresAt: null }, 'settings', 'ada')
    expect(await level('web')).toBe('safe') // a narrow one beside it edits no level
    await grants.add({ subject: everyone, permission: 'net:**', verdict: 'allow', expiresAt: null }, 'settings', 'ada')
    expect(await level('web')).toBe('custom')
    await Promise.all((['none', 'view', 'all', 'safe'] as const).map((wanted) => grants.setLevel('data', everyone, wanted, 'ada')))
    expect(await level('data')).toBe('safe')
    const { items } = await createAuditQueries(opened.store).list({ limit: 1, rule: 'level-set' })
    expect(items[0]).toMatchObject({ kind: 'grant', actor: 'ada', data: { domain: 'data', level: 'safe', subject: everyone } })
  })

  it('filters the audit record by everything it holds, in pages', async () => {
    await using opened = await open()
    const audit = createAuditQueries(opened.store)
    const record = (part: object) =>
      opened.store.audit.append({
        kind: 'decision',
        actor: 'ada',
        run: null,
        step: null,
        tool: null,
        verdict: null,
        rule: null,
        data: {},
        ...part,
      })
    await record({ tool: 'files.move', verdict: 'allow', rule: 'granted', step: 'sort[1].move' })
    await record({ tool: 'files.move', verdict: 'deny', rule: 'grant-deny', run: 'one' })
    await record({ actor: 'eve', kind: 'effect', tool: 'web.fetch', data: { summary: '100% of_it\\' } })
    await record({ kind: 'grant', rule: 'grant-added', data: { permission: 'net:Example.org:443' } })
    const found = async (query: object) => (await audit.list({ limit: 50, ...query })).items.map((one) => one.rule ?? one.kind)
    expect(await found({})).toEqual(['grant-added', 'effect', 'grant-deny', 'granted'])
    expect(await found({ tool: 'files.move' })).toEqual(['grant-deny', 'granted'])
    expect(await found({ tool: 'files.move', verdict: 'deny' })).toEqual(['grant-deny'])
    expect(await found({ rule: 'granted' })).toEqual(['granted'])
    expect(await found({ run: 'one' })).toEqual(['grant-deny'])
    expect(await found({ actor: 'eve', kind: 'effect' })).toEqual(['effect'])
    expect(await found({ search: 'EXAMPLE.org' })).toEqual(['grant-added'])
    expect(await found({ search: 'sort[1]' })).toEqual(['granted'])
    expect(await found({ search: '100% of_it' })).toEqual(['effect'])
    expect(await found({ search: '%' })).toEqual(['effect']) // a sign, no wildcard
    expect(await found({ search: '\\' })).toEqual(['effect'])
    const all = (await audit.list({ limit: 50 })).items
    const [newest, , , oldest] = all
    expect(await found({ from: newest?.at })).toContain('grant-added')
    expect(await found({ until: (oldest?.at ?? 0) - 1 })).toEqual([])
    const first = await audit.list({ limit: 1, tool: 'files.move' })
    expect([first.total, first.items[0]?.rule]).toEqual([2, 'grant-deny'])
    expect((await audit.list({ limit: 1, tool: 'files.move', cursor: first.next ?? '' })).items[0]?.rule).toBe('granted')
  })
})

describe('what a level comes to', () => {
  const verdictOf = (domain: LevelDomain, level: Level, permission: string, effect: GateRequest['effect']) => {
    const grants = LEVELS[domain][level].map(([verdict, text], index): Grant => ({
      id: String(index),
      subject: everyone,
      permission: text,
      verdict,
      origin: 'preset',
      createdAt: 0,
      createdBy: 'ada',
      expiresAt: null,
      usedAt: null,
    }))
    const [kind = '', resource = ''] = [permission.slice(0, permission.indexOf(':')), permission.slice(permission.indexOf(':') + 1)]
    const given: GateRequest = {
      actor: { kind: 'person', id: 'ada' },
      run: 'one',
      plan: 'p',
      plugin: 'x',
      tool: 'x.y',
      mode: 'autopilot',
      effect,
      reversal: effect === 'write' ? 'exact' : 'compensate',
      risk: 'low',
      needs: [{ kind, resource }],
      labels: [],
      approved: false,
    }
    return decide(given, { grants, manifest: null, emergencyStop: false, now: 0 }).verdict
  }
  const rows: [LevelDomain, string, GateRequest['effect'], string[]][] = [
    //                                             none   view    suggest safe    all
    ['files', 'fs.read:/a', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['files', 'fs.write:/a', 'write', ['deny', 'deny', 'ask', 'allow', 'allow']],
    ['files', 'fs.write:/a', 'external', ['deny', 'deny', 'ask', 'ask', 'allow']],
    ['web', 'net:x.org:443', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['web', 'net:x.org:443', 'external', ['deny', 'deny', 'ask', 'ask', 'allow']],
    ['commands', 'exec:git', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['commands', 'exec:git', 'write', ['deny', 'deny', 'ask', 'allow', 'allow']],
    ['commands', 'exec:git', 'external', ['deny', 'deny', 'ask', 'ask', 'allow']],
    ['secrets', 'secret.use:x', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['secrets', 'secret.use:x', 'external', ['deny', 'deny', 'ask', 'ask', 'allow']],
    ['secrets', 'secret.read:x', 'read', ['deny', 'deny', 'ask', 'ask', 'ask']],
    ['data', 'entity.read:story', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['data', 'entity.write:story', 'write', ['deny', 'deny', 'ask', 'allow', 'allow']],
    ['home', 'home:light', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['home', 'device:printer', 'external', ['deny', 'deny', 'ask', 'ask', 'allow']],
    ['models', 'model:text', 'read', ['deny', 'allow', 'allow', 'allow', 'allow']],
    ['models', 'model:text', 'external', ['deny', 'deny', 'ask', 'ask', 'allow']],
    ['spending', 'spend:5 EUR/month', 'external', ['deny', 'deny', 'ask', 'ask', 'ask']],
  ]
  test.each(rows)('%s: %s, effect %s', (domain, permission, effect, verdicts) => {
    const levels: Level[] = ['none', 'view', 'suggest', 'safe', 'all']
    expect(levels.map((level) => verdictOf(domain, level, permission, effect))).toEqual(verdicts)
  })
  test('no two levels of a domain write the same', () => {
    for (const [domain, table] of Object.entries(LEVELS))
      expect(new Set(Object.values(table).map((presets) => JSON.stringify(presets.toSorted()))).size, domain).toBe(5)
  })
})

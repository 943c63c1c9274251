import { expect, test } from 'vitest'
import { uuidv7 } from 'uuidv7'
import type { Plan, Scope } from '@life-os/contract'
import { createGate } from '../gate/index.ts'
import * as language from '../plans/index.ts'
import { eachDatabase } from '../testing/index.ts'
import type { FreshStore } from '../testing/index.ts'
import { createPlanBook } from './planbook.ts'

const SHIPPED = 'id: shipped\nname: Shipped\nsteps:\n  - id: note\n    set: hello\n'
const NOTE = `# my own comment\nid: note\nname: A note\ninputs:\n  word: { type: text }\nsteps:\n  - id: note\n    set: "\${{ inputs.word }}"\n`

const MAY: ReadonlySet<Scope> = new Set(['read', 'run', 'approve'])
async function setUp(fresh: FreshStore) {
  const clock = { at: 1000, now: () => clock.at }
  const plugins = { plans: () => [{ plugin: 'files', file: 'shipped.yaml', text: SHIPPED }], tool: () => undefined }
  const gate = await createGate({ store: fresh.store, clock, newId: uuidv7, manifestOf: () => null })
  return { book: createPlanBook({ store: fresh.store, plugins, gate, language, clock }), clock, gate }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

eachDatabase((open) => {
  test('a changed plan becomes a new version, an unchanged one does not', async () => {
    await using fresh = await open()
    const { book, clock } = await setUp(fresh)
    expect((await book.save(NOTE, 'ada', MAY)).plan.version).toBe('1.0.0')
    clock.at = 2000
    expect(await book.save(NOTE, 'ada', MAY)).toMatchObject({ plan: { version: '1.0.0' }, versions: 1, updatedAt: 1000 })
    expect((await book.save(NOTE.replace('name: A note', 'name: Renamed'), 'bob', MAY)).plan.version).toBe('1.0.1')
    expect(
      (await book.save(NOTE.replace('word: { type: text }', 'word: { type: text }\n  more: { type: text, optional: true }'), 'ada', MAY))
        .plan.version,
    ).toBe('1.1.0')
    expect(
      (await book.save(NOTE.replace('word: { type: text }', 'word: { type: text }\n  more: { type: text }'), 'ada', MAY)).plan.version,
    ).toBe('2.0.0')
    expect(await book.versions('note')).toEqual([
      { version: '2.0.0', at: 2000, by: 'ada' },
      { version: '1.1.0', at: 2000, by: 'ada' },
      { version: '1.0.1', at: 2000, by: 'bob' },
      { version: '1.0.0', at: 1000, by: 'ada' },
    ])
    expect((await book.get('note', '1.0.1')).plan.name).toBe('Renamed')
    expect(await codeOf(book.get('note', '9.9.9'))).toBe('plan-missing')
  })

  test('the text a person wrote is kept with its comments, and says its version', async () => {
    await using fresh = await open()
    const { book } = await setUp(fresh)
    await book.save(NOTE, 'ada', MAY)
    await book.save(NOTE.replace('A note', 'Another'), 'ada', MAY)
    const { text, plan, mermaid } = await book.get('note')
    expect(text).toContain('# my own comment')
    expect(text).toContain('version: "1.0.1"')
    expect(language.parsePlan(text)).toMatchObject({ ok: true, plan })
    expect(mermaid).toContain('note')
  })

  test('a plan given as data is printed', async () => {
    await using fresh = await open()
    const { book } = await setUp(fresh)
    const plan: Plan = { id: 'data', name: 'Data', version: '1.0.0', inputs: {}, steps: [{ id: 'a', set: 1 }], outputs: {} }
    await book.save(plan, 'ada', MAY)
    expect(language.parsePlan((await book.get('data')).text)).toMatchObject({ ok: true, plan })
  })

  test('a faulty plan is refused with every fault, and a shipped one cannot be changed or removed', async () => {
    await using fresh = await open()
    const { book } = await setUp(fresh)
    const faulty = NOTE.replace('inputs.word', 'inputs.wrong').replace('    set:', '    tool: files.nothing\n    input:\n      x:')
    const refused = await book.save(faulty, 'ada', MAY).catch((error: { code: string; details: { faults: unknown[] } }) => error)
    expect(refused).toMatchObject({ code: 'plan-invalid' })
    expect((await book.check(faulty)).ok).toBe(false)
    expect(await codeOf(book.save(SHIPPED, 'ada', MAY))).toBe('plan-bundled')
    expect(await codeOf(book.remove('shipped'))).toBe('plan-bundled')
    expect(await book.find('note')).toBeNull()
  })

  test('the list holds shipped and own plans, is searched, paged and complete', async () => {
    await using fresh = await open()
    const { book } = await setUp(fresh)
    for (const id of ['b', 'c', 'a']) await book.save(NOTE.replace('id: note', `id: own-${id}`).replace('A note', `Own ${id}`), 'ada', MAY)
    const first = await book.list({ limit: 2 })
    const second = await book.list({ limit: 2, cursor: first.next! })
    expect([...first.items, ...second.items].map(({ plan }) => plan.id)).toEqual(['own-a', 'own-b', 'own-c', 'shipped'])
    expect(second.next).toBeNull()
    expect((await book.list({ limit: 50, search: 'OWN B' })).items).toHaveLength(1)
    await book.remove('own-b')
    expect((await book.list({ limit: 50 })).total).toBe(3)
    expect(await codeOf(book.get('own-b'))).toBe('plan-missing')
    expect((await book.save(NOTE.replace('id: note', 'id: own-b'), 'ada', MAY)).plan.version).toBe('1.0.1')
  })

  test('a plan of a stranger’s plugin never takes the place of one that is there, and gives way to nobody who saves', async () => {
    await using fresh = await open()
    const clock = { now: () => 1000 }
    const gate = await createGate({ store: fresh.store, clock, newId: uuidv7, manifestOf: () => null })
    const theirs = [SHIPPED, NOTE, NOTE.replace('id: note', 'id: theirs')].map((text, index) => ({
      plugin: 'stranger',
      file: `${index}.yaml`,
      text: text.replace(/^name: .*$/m, 'name: Evil'),
      stranger: true as const,
    }))
    let installed: typeof theirs = []
    const plugins = { plans: () => [...installed, { plugin: 'files', file: 'shipped.yaml', text: SHIPPED }], tool: () => undefined }
    const book = createPlanBook({ store: fresh.store, plugins, gate, language, clock })
    await book.save(NOTE, 'ada', MAY)
    installed = theirs
    expect([await book.find('note'), await book.find('shipped'), await book.find('theirs')].map((plan) => plan?.name)).toEqual([
      'A note',
      'Shipped',
      'Evil',
    ])
    expect(await Promise.all(['note', 'shipped', 'theirs', 'none'].map(book.isStranger))).toEqual([false, false, true, false])
    expect((await book.list({ limit: 50 })).items.map(({ plan }) => `${plan.id} ${plan.name}`)).toEqual([
      'note A note',
      'theirs Evil',
      'shipped Shipped',
    ])
    expect((await book.save(NOTE.replace('A note', 'Still mine'), 'ada', MAY)).plan.name).toBe('Still mine')
    expect(await codeOf(book.save(NOTE.replace('id: note', 'id: theirs'), 'ada', MAY))).toBe('plan-bundled')
  })

  test('a check reaches sub-plans', async () => {
    await using fresh = await open()
    const { book } = await setUp(fresh)
    const caller = 'id: caller\nname: Caller\nsteps:\n  - id: sub\n    plan: shipped\n'
    expect(await book.check(caller)).toMatchObject({ ok: true })
    expect((await book.check(caller.replace('shipped', 'nowhere'))).ok).toBe(false)
  })

  test('a plan with permissions of its own is changed by who could have given them, and so is what it calls', async () => {
    await using fresh = await open()
    const { book, clock, gate } = await setUp(fresh)
    const runs: ReadonlySet<Scope> = new Set(['read', 'run'])
    const outer = NOTE.replace('id: note', 'id: outer').replace('set: "${{ inputs.word }}"', 'plan: middle')
    const middle = 'id: middle\nname: Middle\nsteps:\n  - id: inner\n    plan: inner\n'
    const inner = 'id: inner\nname: Inner\nsteps:\n  - id: note\n    set: a\n'
    for (const plan of [inner, middle, outer, NOTE]) await book.save(plan, 'eve', runs)
    const changed = (plan: string) => plan.replace(/name: .*/, `name: Changed ${(clock.at += 1)}`)
    const given = (permission: string, verdict: 'allow' | 'deny', expiresAt: number | null = null) =>
      gate.grants.add({ subject: { kind: 'plan', id: 'outer' }, permission, verdict, expiresAt }, 'approval', 'ada')
    await given('fs.write:/a/**', 'deny')
    await given('fs.write:/a/**', 'allow', clock.at)
    for (const plan of [inner, middle, outer]) await book.save(changed(plan), 'eve', runs)
    const grant = await given('fs.write:/a/**', 'allow')
    for (const plan of [inner, middle, outer]) {
      expect(await codeOf(book.save(changed(plan), 'eve', runs))).toBe('plan-granted')
      await book.save(changed(plan), 'ada', MAY)
    }
    await book.save(changed(NOTE), 'eve', runs) // nothing with permissions calls it
    await book.remove('inner')
    expect(await codeOf(book.save(inner, 'eve', runs))).toBe('plan-granted') // not by way of removing it first either
    const secret = await given('secret.read:github', 'allow')
    expect(await codeOf(book.save(changed(outer), 'ada', MAY))).toBe('plan-granted')
    await book.save(changed(outer), 'ada', new Set([...MAY, 'admin'] as const))
    for (const { id } of [grant, secret]) await gate.grants.revoke(id, 'ada')
    await book.save(changed(outer), 'eve', runs)
  })
})

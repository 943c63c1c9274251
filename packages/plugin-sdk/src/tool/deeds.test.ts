import type { Effect, Manifest, ToolDescription } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { HOST_SERVICES, agreementFaults, deedFault, effectOf } from './index.ts'

const EFFECTS: Record<string, Effect> = {
  'fs.stat': 'read',
  'fs.list': 'read',
  'fs.read': 'read',
  'fs.readText': 'read',
  'fs.hash': 'read',
  'fs.sniff': 'read',
  'fs.usage': 'read',
  'fs.write': 'write',
  'fs.append': 'write',
  'fs.writeBlob': 'write',
  'fs.makeFolder': 'write',
  'fs.move': 'write',
  'fs.copy': 'write',
  'fs.remove': 'write',
  'fs.watch': 'read',
  'net.fetch': 'read',
  'net.download': 'read',
  'exec.run': 'external',
  'exec.view': 'write',
  'exec.compute': 'read',
  'secrets.read': 'read',
  'settings.get': 'read',
  'gate.request': 'read',
  'blobs.put': 'read',
  'blobs.get': 'read',
  'browser.open': 'read',
  'browser.snapshot': 'read',
  'browser.screenshot': 'read',
  'browser.pdf': 'read',
  'browser.extract': 'read',
  'browser.fill': 'read',
  'browser.act': 'external',
  'browser.close': 'read',
  'browser.saveSession': 'external',
  'models.generate': 'read',
  'models.embed': 'read',
  'clock.now': 'read',
  'random.uuid': 'read',
  'random.bytes': 'read',
}

describe('what a host call does', () => {
  test('is settled for every service there is', () => {
    expect(Object.fromEntries(HOST_SERVICES.map((service) => [service, effectOf(service, [])]))).toEqual(EFFECTS)
  })

  test.each<[unknown, Effect]>([
    [undefined, 'read'],
    [{}, 'read'],
    [{ method: 'GET' }, 'read'],
    [{ method: 'HEAD' }, 'read'],
    [null, 'read'],
    [{ method: 'POST' }, 'external'],
    [{ method: 'DELETE' }, 'external'],
    [{ method: 'get' }, 'external'],
    [{ method: ['GET'] }, 'external'],
    [{ method: null }, 'external'],
    ['GET', 'external'],
    [7, 'external'],
  ])('net.fetch with %j is %s', (options, effect) => {
    expect(effectOf('net.fetch', ['https://example.org', options])).toBe(effect)
  })

  test('is the most it could be when the service is unknown', () => {
    for (const service of ['exec.run', 'fs.chmod', '__proto__', 'constructor', '']) expect(effectOf(service, [])).toBe('external')
  })

  test('is refused when it is more than was declared, and only then', () => {
    const rank: Effect[] = ['read', 'write', 'external']
    for (const declared of rank) {
      for (const service of [...HOST_SERVICES, 'exec.run']) {
        const fault = deedFault('x.y', declared, service, [])
        expect(fault?.code).toBe(rank.indexOf(effectOf(service, [])) > rank.indexOf(declared) ? 'effect-undeclared' : undefined)
      }
    }
  })
})

describe('a manifest and its code', () => {
  const manifest: Manifest = {
    id: 'demo',
    name: 'Demo',
    version: '1.0.0',
    sdk: '^1.0.0',
    description: '',
    author: '',
    license: '',
    category: '',
    entry: 'src/index.ts',
    permissions: [{ permission: 'fs.write:**', reason: 'To write.' }],
    tools: ['demo.act'],
    entities: [],
    plans: [],
    agents: [],
    views: [],
    providers: [],
  }
  const tool: ToolDescription = {
    id: 'demo.act',
    title: 'Act',
    description: 'Acts.',
    plugin: 'demo',
    version: '1.0.0',
    input: {},
    output: {},
    effect: 'write',
    reversal: 'exact',
    risk: 'low',
    idempotent: false,
    reconciles: false,
    compensates: false,
    needs: { 'fs.write': ['path'] },
    lane: 'io',
    examples: [],
  }

  test('agree', () => expect(agreementFaults(manifest, [tool])).toEqual([]))

  test.each<[string, Partial<ToolDescription>, RegExp]>([
    ['a tool of another plugin', { id: 'other.act' }, /must begin with "demo\."/],
    ['a need beyond its effect', { effect: 'read' }, /needs fs\.write.*raise its effect/],
    ['a device used by a tool that only writes', { needs: { device: ['lamp'] } }, /needs device.*at least "external"/],
    ['a need that the manifest does not permit', { needs: { 'fs.write': ['path'], net: ['url'] } }, /needs net.*does not list/],
    ['an exact reversal of something outside', { effect: 'external' }, /claims an exact reversal/],
    ['a compensation without a function', { effect: 'external', reversal: 'compensate' }, /no compensate function/],
  ])('disagree about %s', (_, change, expected) => {
    const faults = agreementFaults(manifest, [{ ...tool, ...change }])
    expect(
      faults.some((fault) => expected.test(fault)),
      faults.join('\n'),
    ).toBe(true)
  })

  test('disagree about which tools there are', () => {
    expect(agreementFaults(manifest, [])).toEqual([expect.stringMatching(/no such tool/)])
    expect(agreementFaults(manifest, [tool, tool])).toEqual([expect.stringMatching(/twice/)])
    expect(agreementFaults({ ...manifest, tools: [] }, [tool])).toEqual([expect.stringMatching(/does not name it/)])
  })
})

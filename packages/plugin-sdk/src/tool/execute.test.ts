import { LifeOsError } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTool } from '../define.ts'
import { createHostClient, describeTool, executeTool, toolError } from './index.ts'

function hostOf(ask: (service: string, args: unknown[]) => unknown = () => null) {
  return createHostClient({
    ask: async (service, args) => ask(service, args),
    log: () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
    key: 'k',
    phase: 'run',
  })
}

const order = defineTool({
  id: 'shop.order',
  title: 'Order',
  description: 'Orders something.',
  effect: 'external',
  reversal: 'compensate',
  input: z.object({ thing: z.string().trim(), count: z.int().default(1) }),
  output: z.object({ order: z.string() }),
  run: async ({ thing, count }) => ({ order: `${count} ${thing}` }),
  async compensate(output, input, host) {
    await host.net.fetch(`https://shop.example/${output.order}?${input.thing}`, { method: 'DELETE' })
  },
  reconcile: async (input, key, effects) =>
    effects.length > 0 ? { applied: 'yes', output: { order: `${key} ${input.thing}` } } : { applied: 'no' },
})

describe('running a tool', () => {
  test('parses what goes in and what comes out', async () => {
    expect(await executeTool(order, 'run', { thing: ' tea ' }, hostOf())).toEqual({ order: '1 tea' })
    await expect(executeTool(order, 'run', { thing: 7 }, hostOf())).rejects.toMatchObject({
      code: 'input-invalid',
      applied: 'no',
      details: { issues: [{ path: 'thing' }] },
    })
    const liar = { ...order, run: async () => ({ order: 7 }) as never }
    await expect(executeTool(liar, 'run', { thing: 'tea' }, hostOf())).rejects.toMatchObject({
      code: 'output-invalid',
      applied: 'yes',
      details: { issues: [{ path: 'order' }] },
    })
  })

  test('compensates with the output as it was and the input parsed', async () => {
    const asked: unknown[] = []
    const host = hostOf((service, args) => asked.push([service, args]))
    expect(await executeTool(order, 'compensate', { output: { order: '1 tea' }, input: { thing: ' tea ' } }, host)).toBeNull()
    expect(asked).toEqual([['net.fetch', ['https://shop.example/1 tea?tea', { method: 'DELETE' }]]])
  })

  test('reconciles, and checks the output it says there was', async () => {
    const effects = [{}]
    expect(await executeTool(order, 'reconcile', { input: { thing: 'tea' }, key: 'k-1', effects: [] }, hostOf())).toEqual({ applied: 'no' })
    expect(await executeTool(order, 'reconcile', { input: { thing: 'tea' }, key: 'k-1', effects }, hostOf())).toEqual({
      applied: 'yes',
      output: { order: 'k-1 tea' },
    })
    const liar = { ...order, reconcile: async () => ({ applied: 'yes' as const, output: {} as never }) }
    await expect(executeTool(liar, 'reconcile', { input: { thing: 'tea' }, key: 'k', effects }, hostOf())).rejects.toMatchObject({
      code: 'output-invalid',
    })
  })

  test.each(['compensate', 'reconcile'] as const)('without %s says so', async (method) => {
    const { compensate: _, reconcile: __, ...plain } = order
    await expect(executeTool(plain, method, { input: { thing: 'tea' } }, hostOf())).rejects.toMatchObject({ code: 'method-missing' })
  })

  test('errors of a tool keep their code; others get one', () => {
    const own = new LifeOsError('shop-closed', 'Closed.')
    expect(toolError(own, false)).toBe(own)
    expect(toolError(new TypeError('x is not a function'), false)).toMatchObject({
      code: 'tool-failed',
      class: 'unexpected',
      message: 'x is not a function',
    })
    expect(toolError('thrown text', false).message).toBe('thrown text')
    expect(toolError(new Error('aborted'), true)).toMatchObject({ code: 'call-cancelled', class: 'operational' })
  })
})

describe('the host of a call', () => {
  test('is frozen, and leaves out what was left out', async () => {
    const asked: unknown[][] = []
    const host = hostOf((_, args) => asked.push(args))
    expect(Object.isFrozen(host) && Object.isFrozen(host.fs)).toBe(true)
    expect(() => Object.assign(host, { fs: {} })).toThrow(TypeError)
    await host.fs.list('/x', undefined)
    await host.fs.write('/x', 'y', { expect: null })
    expect(asked).toEqual([['/x'], ['/x', 'y', { expect: null }]])
  })
})

describe('a description', () => {
  test('fills in the defaults of each effect', () => {
    const base = { id: 'a.b', title: 'T', description: 'D', input: z.object({}), output: z.object({}), run: async () => ({}) }
    const of = (effect: 'read' | 'write' | 'external') => {
      const { reversal, idempotent, risk, lane, needs } = describeTool(defineTool({ ...base, effect }), { plugin: 'a', version: '1.0.0' })
      return { reversal, idempotent, risk, lane, needs }
    }
    const rest = { risk: 'low', lane: 'io', needs: {} }
    expect(of('read')).toEqual({ reversal: 'exact', idempotent: true, ...rest })
    expect(of('write')).toEqual({ reversal: 'exact', idempotent: false, ...rest })
    expect(of('external')).toEqual({ reversal: 'none', idempotent: false, ...rest })
  })

  test('carries schemas as others write and read them', () => {
    const { input, output } = describeTool(order, { plugin: 'shop', version: '1.0.0' })
    expect(input).toMatchObject({ type: 'object', required: ['thing'], properties: { count: { default: 1 } } })
    expect(output).toMatchObject({ type: 'object', required: ['order'] })
    expect(JSON.parse(JSON.stringify(input))).toEqual(input)
  })
})

import { Duplex, duplexPair } from 'node:stream'
import fc from 'fast-check'
import type { LifeOsError } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { BODY_LIMIT, MESSAGE_LIMIT, WINDOW, createChannel, encodeFrame, readError, readFromPlugin } from './index.ts'
import type { Channel, Head } from './index.ts'

interface Got {
  head: Head
  value: unknown
  bytes: boolean
}
interface Side {
  channel: Channel
  got: Got[]
  ended: (LifeOsError | undefined)[]
}

function side(pipe: Duplex): Side {
  const got: Got[] = []
  const ended: (LifeOsError | undefined)[] = []
  const channel = createChannel({
    pipe,
    onMessage: (head, value, bytes) => void got.push({ head, value, bytes }),
    onEnd: (fault) => void ended.push(fault),
  })
  return { channel, got, ended }
}

function pair(): [Side, Side] {
  const [left, right] = duplexPair()
  return [side(left), side(right)]
}

/** Lets everything that is under way arrive. */
async function quiet(sides: readonly Side[]): Promise<void> {
  for (let still = 0, before = -1; still < 5;) {
    await new Promise((resolve) => setImmediate(resolve))
    const now = sides.reduce((sum, { channel, got, ended }) => sum + channel.received + got.length + ended.length, 0)
    still = now === before ? still + 1 : 0
    before = now
  }
}

/** One side that says what it likes, against a real channel. */
function against(bytes: Uint8Array): Side {
  const [raw, pipe] = duplexPair()
  raw.on('error', () => undefined)
  raw.resume()
  const one = side(pipe)
  raw.write(bytes)
  return one
}

const plain = fc.jsonValue({ maxDepth: 6 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
const frame = (header: unknown, body = new Uint8Array(0)) => encodeFrame(JSON.stringify(header), [body])

describe('a channel', () => {
  test('carries JSON and bytes anywhere in them', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 })
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        plain,
        bytes,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    })).value
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 5 }), async (values) => {
        const [left, right] = pair()
        for (const [id, one] of values.entries()) left.channel.send({ t: 'host', id }, one)
        await quiet([left, right])
        expect(right.ended).toEqual([])
        expect(right.got.map(({ head, value: one }) => [head['id'], one])).toEqual(
          [...values.entries()].map(([id, one]) => [id, normal(one)]),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('hands out plain Uint8Arrays and says that there are some', async () => {
    const [left, right] = pair()
    left.channel.send({ t: 'answer', id: 1 }, { deep: [{ body: Buffer.from('abc') }] })
    left.channel.send({ t: 'answer', id: 2 }, { deep: [] })
    await quiet([left, right])
    const { deep } = right.got[0]!.value as { deep: { body: Uint8Array }[] }
    expect(Object.getPrototypeOf(deep[0]!.body)).toBe(Uint8Array.prototype)
    expect(right.got.map((one) => one.bytes)).toEqual([true, false])
  })

  test('keeps `undefined` and trailing holes as JSON does', async () => {
    const [left, right] = pair()
    left.channel.send({ t: 'result', id: 1 })
    left.channel.send({ t: 'result', id: 2 }, { a: undefined, b: [undefined, new Date(0)] })
    await quiet([left, right])
    expect(right.got.map((one) => one.value)).toEqual([undefined, { b: [null, '1970-01-01T00:00:00.000Z'] }])
  })

  test('cuts long messages so that short ones pass them, a window at a time', async () => {
    const [left, right] = pair()
    const long = new Uint8Array(BODY_LIMIT * (WINDOW + 20)).fill(7)
    const list = Array.from({ length: 100_000 }, (_, index) => ({ path: `/home/ada/file-${index}.txt`, size: index }))
    left.channel.send({ t: 'answer', id: 1 }, { long, list })
    left.channel.send({ t: 'answer', id: 2 }, 'short')
    await quiet([left, right])
    expect(right.got.map((one) => one.head['id'])).toEqual([2, 1])
    const value = right.got[1]!.value as { long: Uint8Array; list: unknown }
    expect(Buffer.compare(value.long, long)).toBe(0)
    expect(value.list).toEqual(list)
  })

  test('waits with long messages until the other side takes them', async () => {
    const [raw, pipe] = duplexPair()
    const one = side(pipe)
    let arrived = 0
    raw.on('data', (chunk: Uint8Array) => (arrived += chunk.length))
    one.channel.send({ t: 'answer', id: 1 }, new Uint8Array(BODY_LIMIT * WINDOW * 4))
    await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(arrived).toBeGreaterThan(BODY_LIMIT * (WINDOW - 2))
    expect(arrived).toBeLessThan(BODY_LIMIT * (WINDOW + 1)) // no credit came back
    expect(one.ended).toEqual([])
  })

  test('ends when the other side does not read', () => {
    const stuck = new Duplex({ read() {}, write() {}, highWaterMark: 1 })
    const one = side(stuck)
    const note = 'x'.repeat(100_000)
    for (let count = 0; count < 400 && one.ended.length === 0; count++) one.channel.send({ t: 'log' }, note)
    expect(one.ended[0]).toMatchObject({ code: 'frame-invalid' })
  })

  test.each<[string, () => unknown]>([
    ['a BigInt', () => 1n],
    [
      'a circle',
      () => {
        const circle: Record<string, unknown> = {}
        circle['again'] = circle
        return circle
      },
    ],
    ['depth without end', () => Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], 1)],
  ])('refuses to send %s and goes on', async (_, make) => {
    const [left, right] = pair()
    expect(() => left.channel.send({ t: 'result', id: 1 }, make())).toThrow(expect.objectContaining({ code: 'frame-invalid' }))
    left.channel.send({ t: 'result', id: 2 }, 'fine')
    await quiet([left, right])
    expect(right.got.map((one) => one.value)).toEqual(['fine'])
  })

  test('refuses to send more than a message may hold', () => {
    const [left] = pair()
    expect(() => left.channel.send({ t: 'result', id: 1 }, new Uint8Array(MESSAGE_LIMIT + 1))).toThrow(
      expect.objectContaining({ code: 'value-too-long' }),
    )
  })
})

describe('a broken other side', () => {
  test.each<[string, Uint8Array]>([
    ['text that is no frame', Buffer.from('{"t":"result"}\n{"t":"result"}\n')],
    ['a header that is no JSON', encodeFrame('not json')],
    ['a header that is no object', encodeFrame('[1,2]')],
    ['a head without a kind', frame({ h: { id: 1 } })],
    ['a head that nests', frame({ h: { t: 'result', id: { deep: true } } })],
    ['a head with a prototype', encodeFrame('{"h":{"t":"result","__proto__":{"x":1}}}')],
    ['a part of nothing', frame({ m: 12 }, Uint8Array.of(1))],
    ['an opening without lengths', frame({ h: { t: 'result' }, m: 3 })],
    ['an opening that announces too much', frame({ h: { t: 'result' }, m: [1, 10, MESSAGE_LIMIT + 1] })],
    [
      'many openings that announce too much',
      Buffer.concat(Array.from({ length: 3 }, (_, number) => frame({ h: { t: 'result' }, m: [number + 1, 10, MESSAGE_LIMIT / 2] }))),
    ],
    ['one number twice', Buffer.concat([1, 1].map((number) => frame({ h: { t: 'result' }, m: [number, 1, 10] })))],
    ['an empty part', Buffer.concat([frame({ h: { t: 'result' }, m: [1, 1, 10] }), frame({ m: 1 })])],
    ['more bytes than announced', Buffer.concat([frame({ h: { t: 'result' }, m: [1, 1, 2] }), frame({ m: 1 }, Uint8Array.of(49, 2, 3))])],
    ['less JSON than announced', Buffer.concat([frame({ h: { t: 'result' }, m: [1, 5, 2] }), frame({ m: 1 }, Uint8Array.of(49, 50))])],
    ['credit from nowhere', frame({ c: 5 })],
    ['negative credit', frame({ c: -1 })],
    ['bytes that no mark names', frame({ h: { t: 'result' }, v: 1 }, Uint8Array.of(1))],
    ['a mark of bytes that are not there', frame({ h: { t: 'result' }, v: [null], b: [[[0], 4]] })],
    ['a mark at a place that is not there', frame({ h: { t: 'result' }, v: {}, b: [[['a', 'b'], 1]] }, Uint8Array.of(1))],
    ['a mark into the prototype', frame({ h: { t: 'result' }, v: {}, b: [[['__proto__', 'polluted'], 1]] }, Uint8Array.of(1))],
    [
      'a mark into a constructor',
      frame({ h: { t: 'result' }, v: {}, b: [[['constructor', 'prototype', 'polluted'], 1]] }, Uint8Array.of(1)),
    ],
    ['a mark over a value', frame({ h: { t: 'result' }, v: ['kept'], b: [[[0], 1]] }, Uint8Array.of(1))],
    ['depth without end', encodeFrame(`{"h":{"t":"result"},"v":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
  ])('ends with %s and harms nothing', async (_, bytes) => {
    const one = against(bytes)
    await quiet([one])
    expect(one.ended).toHaveLength(1)
    expect(one.ended[0]).toMatchObject({ code: 'frame-invalid' })
    expect(one.got).toEqual([])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('cannot reach a prototype through its values', async () => {
    const one = against(
      encodeFrame('{"h":{"t":"result","id":1},"v":{"__proto__":{"polluted":1},"list":[{"\\u005f_proto__":{"polluted":1}}],"kept":true}}'),
    )
    await quiet([one])
    const value = one.got[0]!.value as { list: object[] }
    expect(Object.hasOwn(value, '__proto__')).toBe(false)
    expect(Object.getPrototypeOf(value.list[0])).toBe(Object.prototype)
    expect(Object.assign({}, value)).toEqual({ list: [{}], kept: true })
  })

  test('is contained whatever it sends: random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), async (bytes) => {
        const one = against(bytes)
        await quiet([one])
        expect(one.ended.length).toBeLessThanOrEqual(1)
        if (one.ended[0]) expect(one.ended[0].code).toBe('frame-invalid')
      }),
      { numRuns: 300 },
    )
  })

  test('is contained whatever it sends: well-formed frames with odd headers and flipped bits', async () => {
    const header = fc.oneof(
      fc.json(),
      fc
        .record(
          {
            h: fc.oneof(fc.jsonValue(), fc.record({ t: fc.string(), id: fc.jsonValue() })),
            v: fc.jsonValue(),
            b: fc.jsonValue(),
            m: fc.jsonValue(),
            c: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    )
    const frames = fc.array(fc.tuple(header, fc.uint8Array({ maxLength: 64 }), fc.option(fc.nat({ max: 200 }))), {
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(frames, async (list) => {
        const bytes = Buffer.concat(
          list.map(([text, body, flip]) => {
            const one = encodeFrame(text, [body])
            if (flip !== null) one[flip % one.length]! ^= 1
            return one
          }),
        )
        const one = against(bytes)
        await quiet([one])
        expect(one.ended.length).toBeLessThanOrEqual(1)
        for (const { head } of one.got) expect(typeof head.t).toBe('string')
      }),
      { numRuns: 400 },
    )
  })
})

describe('what a plugin may say', () => {
  test.each([
    { t: 'call', id: 1 },
    { t: 'result' },
    { t: 'result', id: -1 },
    { t: 'result', id: 1.5 },
    { t: 'host', id: 1, call: 1 },
    { t: 'host', id: 1, call: 1, service: 'x'.repeat(100) },
    { t: 'log', level: 'loud' },
  ])('is not %o', (head) => {
    expect(() => readFromPlugin(head)).toThrow(expect.objectContaining({ code: 'frame-invalid' }))
  })

  test.each([
    null,
    'text',
    {},
    { code: 'Not A Code', class: 'user', message: 'x' },
    { code: 'x', class: 'royal', message: 'x' },
    { code: 'x'.repeat(200), class: 'user', message: 'x' },
  ])('makes an error of its own of %o', (value) => {
    expect(readError(value)).toMatchObject({ code: 'tool-failed', class: 'unexpected' })
  })

  test('keeps codes, classes and what applied', () => {
    const shape = { code: 'shop-closed', class: 'operational', message: 'Closed.', applied: 'no', details: { until: 'noon' } }
    expect(readError(shape)).toEqual(shape)
  })
})

/** What a value is after it crossed: JSON, with bytes as they were. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, normal(part)]))
  return Object.is(value, -0) ? 0 : value
}

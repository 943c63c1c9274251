import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultsOf, TIDY, unmark } from '../samples.ts'
import { parsePlan } from './parse.ts'

const head = 'id: p\nname: P\nsteps:\n'
const FAULTS: readonly (readonly [name: string, codes: string[], text: string])[] = [
  ['no name', ['field-missing'], '§id: p\nsteps: [{ id: a, set: 1 }]\n'],
  ['a mistyped field of the plan', ['field-unknown'], 'id: p\nname: P\n§stps: 1\nsteps: [{ id: a, set: 1 }]\n'],
  ['a mistyped field of a step', ['field-unknown'], `${head}  - id: a\n    set: 1\n    §titel: A\n`],
  ['a step without a kind', ['step-kind-missing'], `${head}  - §id: a\n`],
  ['a step with two kinds', ['step-kind-double'], `${head}  - §id: a\n    set: 1\n    tool: b.c\n`],
  ['a nested step without a kind', ['step-kind-missing'], `${head}  - id: g\n    group:\n      - §id: a\n`],
  ['a step that is text', ['step-invalid'], `${head}  - §hello\n`],
  ['an empty list of steps', ['field-invalid'], 'id: p\nname: P\nsteps: §[]\n'],
  ['a bad id', ['field-invalid'], `${head}  - id: §1a\n    set: 1\n`],
  ['a bad duration', ['field-invalid'], `${head}  - id: a\n    set: 1\n    timeout: §soon\n`],
  ['a bad lane', ['field-invalid'], `${head}  - id: a\n    set: 1\n    lane: §fast\n`],
  ['a bad on-error', ['field-invalid'], `${head}  - id: a\n    set: 1\n    on-error: §maybe\n`],
  ['a bad wait', ['field-invalid'], `${head}  - id: a\n    wait: §{ sometime: 1 }\n`],
  ['a when that is text', ['field-invalid'], `${head}  - id: a\n    set: 1\n    when: §yes please\n`],
  ['a bad type of an input', ['field-invalid'], 'id: p\nname: P\ninputs:\n  a: { type: §strin }\nsteps: [{ id: a, set: 1 }]\n'],
  ['an input without a type', ['field-missing'], 'id: p\nname: P\ninputs:\n  a: §{ title: A }\nsteps: [{ id: a, set: 1 }]\n'],
  ['a while without max', ['while-without-max'], `${head}  - §id: a\n    while: "\${{ true }}"\n    steps: [{ id: b, set: 1 }]\n`],
  ['a key twice', ['key-duplicate'], `${head}  - id: a\n    set: 1\n    §set: 2\n`],
  ['a forbidden key', ['key-forbidden'], `${head}  - id: a\n    set: { §__proto__: { x: 1 } }\n`],
  ['a number with too many digits', ['number-unsafe'], `${head}  - id: a\n    set: §12345678901234567890\n`],
  ['not a number', ['number-unsafe'], `${head}  - id: a\n    set: §.nan\n`],
  ['an unknown tag', ['yaml-invalid'], `${head}  - id: a\n    set: §!secret x\n`],
  [
    'several faults of several steps',
    ['step-kind-missing', 'field-unknown', 'field-invalid'],
    `${head}  - §id: a\n  - id: b\n    set: 1\n    §foo: 1\n  - id: c\n    set: 1\n    retry: { tries: §0 }\n`,
  ],
]

describe('parsePlan', () => {
  it.each(FAULTS)('tells of %s', (_, codes, marked) => {
    const { text, places } = unmark(marked)
    const faults = faultsOf(text)
    expect(faults.map((fault) => `${fault.code} ${fault.line}:${fault.column}`)).toEqual(
      codes.map((code, index) => `${code} ${places[index]}`),
    )
    for (const fault of faults) expect(fault.message).toMatch(/^[A-Z0-9`].{10,}[.?]$/s)
  })

  it('reads JSON, indented by tabs too, with places', () => {
    const { text, places } = unmark('{\n\t"id": "p",\n\t"name": "P",\n\t"steps": [{ "id": "a", "set": { "b": [1, §2] } }]\n}')
    const parsed = parsePlan(text)
    expect(parsed.ok && parsed.plan.steps).toEqual([{ id: 'a', set: { b: [1, 2] } }])
    const place = parsed.ok ? parsed.positions.get('steps.0.set.b.1') : undefined
    expect([`${place?.line}:${place?.column}`]).toEqual(places)
  })

  it('reads data as it reads text', () => {
    const text = parsePlan(TIDY)
    if (!text.ok) throw new Error('the sample parses')
    const again = parsePlan(JSON.parse(JSON.stringify(text.plan)))
    expect(again.ok && again.plan).toEqual(text.plan)
  })

  it('copies aliases out', () => {
    const parsed = parsePlan(`${head}  - { id: a, set: &x { y: 1 } }\n  - { id: b, set: [*x, *x] }\n`)
    expect(parsed.ok && parsed.plan.steps[1]).toEqual({ id: 'b', set: [{ y: 1 }, { y: 1 }] })
  })

  it('refuses an anchor that is set twice, for an alias would be ambiguous', () => {
    const { text, places } = unmark(`${head}  - { id: a, set: &x 1 }\n  - { id: b, set: &x §2 }\n`)
    expect(faultsOf(text).map((fault) => `${fault.code} ${fault.line}:${fault.column}`)).toEqual([`yaml-invalid ${places[0]}`])
  })

  const bomb = `id: p\nname: P\na0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]\n`).join('')}steps: [{ id: a, set: *a9 }]\n`
  const deepFallback = (depth: number): string =>
    depth === 0 ? '{ id: z, set: 1 }' : `{ id: s${depth}, wait: { for: 1s }, on-error: { fallback: [${deepFallback(depth - 1)}] } }`
  const HOSTILE: readonly (readonly [string, string])[] = [
    ['a billion laughs', bomb],
    ['an alias that contains itself', `${head}  - { id: a, set: &x [*x] }\n`],
    ['lists without end', `${head}  - { id: a, set: ${'['.repeat(1_000_000)}\n`],
    ['closed deep lists', `${head}  - { id: a, set: ${'['.repeat(500)}${']'.repeat(500)} }\n`],
    ['dashes without end', '- '.repeat(500_000)],
    ['question marks without end', '? '.repeat(300_000)],
    ['deep indentation', Array.from({ length: 1200 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
    ['three megabytes', `# ${'x'.repeat(3_000_000)}`],
    ['steps inside steps without end', `${head}  - ${deepFallback(60)}\n`],
  ]
  it.each(HOSTILE)('refuses %s soon', (_, text) => {
    const start = performance.now()
    const parsed = parsePlan(text)
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.code)).toContain('plan-explodes')
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('parses nested containers once for each level, not once for each kind', () => {
    const nested = (depth: number): unknown =>
      depth === 0
        ? { id: 'z', set: 1 }
        : {
            id: `s${depth}`,
            while: '${{ true }}',
            max: 2,
            steps: [nested(depth - 1)],
            'on-error': { fallback: [{ id: `f${depth}`, set: 1 }] },
          }
    const start = performance.now()
    expect(parsePlan({ id: 'p', name: 'P', steps: [nested(30)] }).ok).toBe(true)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('refuses data that contains itself', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(parsePlan({ id: 'p', name: 'P', steps: [{ id: 'a', set: loop }] })).toMatchObject({
      ok: false,
      faults: [{ code: 'plan-explodes' }],
    })
  })

  it('refuses data that is not JSON', () => {
    for (const value of [10n, Symbol('x'), () => 1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(parsePlan({ id: 'p', name: 'P', steps: [{ id: 'a', set: value }] }).ok).toBe(false)
  })

  it('answers any text with a plan or with faults', () => {
    const piece = fc.constantFrom(
      'id: p\n',
      'name: P\n',
      'steps:\n',
      '  - ',
      'id: a',
      ', ',
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      ': ',
      '"',
      "'",
      '\n',
      '    set: ',
      '${{',
      '}}',
      '|\n',
      '!t ',
      '# ',
      '? ',
      '---\n',
      '\t',
      '%YAML 1.2\n',
      '__proto__',
      '<<',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 60 }),
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const parsed = parsePlan(text)
          if (!parsed.ok) expect(parsed.faults.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 800 },
    )
  })

  it('answers a mutated plan with a plan or with faults that name a place', () => {
    fc.assert(
      fc.property(fc.nat(TIDY.length - 1), fc.nat(20), fc.string({ maxLength: 5 }), (at, length, by) => {
        for (const fault of faultsOf(TIDY.slice(0, at) + by + TIDY.slice(at + length))) expect(fault.line).toBeGreaterThan(0)
      }),
      { numRuns: 400 },
    )
  })

  it('answers any data with a plan or with faults', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true }), (data) => {
        if (typeof data === 'string') return
        expect(typeof parsePlan(data).ok).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })
})

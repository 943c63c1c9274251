import { STEP_KINDS, type Plan } from '@life-os/contract'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { valueFaults } from '../check/values.ts'
import { parsePlan } from '../parse/parse.ts'
import { planOf, TIDY } from '../samples.ts'
import { planJsonSchema } from './json-schema.ts'
import { mermaidOf } from './mermaid.ts'
import { printPlan } from './print.ts'

const again = (plan: Plan): unknown => planOf(printPlan(plan))

/** Any JSON that a plan may hold: no key that changes objects, no number that loses digits. */
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .filter((value) => parsePlan({ id: 'p', name: 'P', steps: [{ id: 'a', set: value }] }).ok)
const words = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '${{ inputs.a }}',
    'yes',
    'null',
    '~',
    '1e3',
    '- x',
    'a: b',
    ' lead',
    'trail ',
    'two\nlines\n',
    '#no',
    '&a',
    '*a',
    '!t',
    '%x',
    '"',
    "'",
    '---',
    '0x1f',
    '\u2028',
    '\u0000',
    '\ttab',
    '|',
    '>',
  ),
)
const record = fc.dictionary(words, json, { maxKeys: 3 })
const common = fc.record(
  {
    title: words,
    after: fc.constant(['other']),
    when: fc.constantFrom<string | boolean>(true, false, '${{ inputs.a > 1 }}'),
    ensure: fc.constant('${{ true }}'),
    retry: fc.constant({ tries: 2, wait: '1s', factor: 2, max: '9s' }),
    timeout: fc.constant('5m'),
    key: words,
    lane: fc.constantFrom('cpu', 'io'),
    budget: fc.constant({ steps: 4 }),
    optional: fc.boolean(),
  },
  { requiredKeys: [] },
)
const { steps } = fc.letrec<{ steps: unknown[]; step: object }>((tie) => ({
  steps: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
  step: fc
    .tuple(
      common,
      fc.oneof(
        { maxDepth: 3 },
        record.map((input) => ({ tool: 'a.b', input })),
        json.map((set) => ({ set })),
        words.map((approve) => ({ approve })),
        fc.constantFrom(
          { plan: 'x', input: {} },
          { agent: 'y' },
          { wait: { for: '1s' } },
          { wait: { until: '2026-01-01' } },
          { wait: { event: 'a.b', timeout: '1h' } },
        ),
        tie('steps').map((inner) => ({ each: '${{ inputs.l }}', as: 'one', max: 5, concurrency: 2, steps: inner })),
        tie('steps').map((inner) => ({ while: '${{ index < 2 }}', max: 5, steps: inner })),
        tie('steps').map((inner) => ({ group: inner, 'on-error': { fallback: [{ id: 'f', set: 1 }] } })),
        fc.tuple(tie('steps'), tie('steps')).map(([a, b]) => ({ branch: [{ when: '${{ true }}', steps: a }], else: b })),
      ),
    )
    .map(([shared, kind]) => ({ id: 'step', ...shared, ...kind })),
}))
const plans = fc.record(
  {
    id: fc.constant('a.plan'),
    name: words,
    steps,
    description: words,
    version: fc.constant('2.3.4'),
    inputs: fc.constant({
      a: { type: 'number', default: 1, title: 'A' },
      l: { type: 'list', of: { type: 'record', fields: { x: { type: 'choice', choices: ['yes', 'no'] } } } },
    }),
    intents: fc.array(
      fc.record(
        {
          say: fc.constantFrom('do {a}', 'say: "it" #now', '- {l} - please'),
          inputs: fc.constantFrom({ a: 2 }, {}),
          examples: fc.array(fc.constantFrom('do 3', '%yes: no', '~'), { maxLength: 3 }),
        },
        { requiredKeys: ['say'] },
      ),
      { maxLength: 3 },
    ),
    budget: fc.constant({ time: '10m', money: '0.10 USD' }),
    outputs: fc.constant({ out: ['${{ steps.step }}'] }),
  },
  { requiredKeys: ['id', 'name', 'steps'] },
)

describe('printPlan', () => {
  it('prints what parses to the same plan', () => {
    fc.assert(
      fc.property(plans, (data) => {
        const plan = planOf(data)
        expect(again(plan)).toEqual(plan)
        expect(printPlan(planOf(printPlan(plan)))).toBe(printPlan(plan))
      }),
      { numRuns: 80 },
    )
  })

  it('prints the fields in one order, whatever order they came in', () => {
    const plan = planOf(TIDY)
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, item]) => [key, key === 'input' || key === 'inputs' || key === 'outputs' ? item : reversed(item)]),
            )
          : value
    const printed = printPlan(reversed(plan) as Plan) // the same plan, its keys turned round
    expect(printed.split('\n').slice(0, 3)).toEqual(['id: tidy-folder', 'name: Tidy a folder', 'version: 1.0.0'])
    expect(planOf(printed)).toEqual(plan)
  })
})

describe('mermaidOf', () => {
  it('draws the plan of the design', () => {
    expect(mermaidOf(planOf(TIDY))).toMatchInlineSnapshot(`
      "flowchart TD
        step_scan["scan<br/>files.list"]
        subgraph step_sort["sort<br/>each file in steps.scan.files.filter(f, f.kind == #39;file#39;), at most 10000"]
          step_kind["kind<br/>files.classify"]
          step_move["move<br/>files.move<br/>when steps.kind.folder != #39;#39;"]
          step_kind --> step_move
        end
        step_scan --> step_sort
      "
    `)
  })

  it('lets no text of a plan out of its label', () => {
    fc.assert(
      fc.property(plans, (data) => {
        for (const line of mermaidOf(planOf(data)).trimEnd().split('\n').slice(1)) {
          expect(line).toMatch(
            /^ +(subgraph \w+\["[^"<>[\]{}|;]*(?:(?:<br\/>|#\d+;)[^"<>[\]{}|;]*)*"\]|\w+ --> \w+|end|\w+(\[\/?|\{\{|\(\[)"[^"[\]{}|]*"(\/?\]|\}\}|\]\)))$/,
          )
        }
      }),
      { numRuns: 80 },
    )
  })
})

describe('planJsonSchema', () => {
  it('names every kind of step, and refers to nothing that is missing', () => {
    const schema = planJsonSchema()
    const definitions = Object.keys(schema.$defs as object) // the schema's own definitions
    expect(definitions).toEqual(['step', ...STEP_KINDS.map((kind) => `${kind}-step`), 'input'])
    for (const [, reference] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g))
      expect(definitions).toContain(reference?.replace('#/$defs/', ''))
  })

  it('takes the plans that the parser takes, and refuses a mistyped field', () => {
    const faults = (plan: unknown) => valueFaults(plan, planJsonSchema(), 'a plan', () => undefined).map((fault) => fault.code)
    fc.assert(
      fc.property(plans, (data) => {
        expect(faults(data)).toEqual([])
      }),
      { numRuns: 60 },
    )
    expect(faults({ id: 'p', name: 'P', steps: [{ id: 'a', tool: 'x.y', inptu: {} }] })).toEqual(['input-unknown'])
    expect(faults({ id: 'p', name: 'P', steps: [{ id: 'a' }] })).toEqual(['input-missing'])
  })

  it('is published as it is: after a change of the contract run write/publish-schema.ts', () => {
    const published: unknown = JSON.parse(readFileSync(new URL('../../../../../docs/plan.schema.json', import.meta.url), 'utf8'))
    expect(published).toEqual(planJsonSchema())
  })
})

import { describe, expect, it } from 'vitest'
import { context, faultsOf, planOf, TIDY, unmark } from '../samples.ts'
import { checkPlan } from './check.ts'

const head =
  'id: p\nname: P\ninputs:\n  folder: { type: path }\n  count: { type: number, integer: true }\n  note: { type: text, optional: true }\n  names: { type: list, of: { type: text } }\nsteps:\n'
const scan = '  - { id: scan, tool: files.list, input: { path: "${{ inputs.folder }}" } }\n'

/** Name, codes in order of place, and the plan with a mark where each fault is expected. */
const FAULTS: readonly (readonly [name: string, codes: string[], steps: string])[] = [
  ['an unknown tool', ['tool-unknown'], '  - id: a\n    tool: §files.lst\n'],
  ['an unknown step', ['step-unknown'], `${scan}  - id: b\n    set: "\${{ §steps.scam.files }}"\n`],
  [
    'an id used twice, one of them nested',
    ['step-duplicate'],
    '  - { id: a, set: 1 }\n  - id: g\n    group:\n      - { id: §a, set: 2 }\n',
  ],
  ['two steps that wait for each other', ['plan-cycle'], '  - §id: a\n    set: "${{ steps.b }}"\n  - id: b\n    set: "${{ steps.a }}"\n'],
  ['a step that reads itself', ['plan-cycle'], '  - §id: a\n    set: "${{ steps.a }}"\n'],
  [
    'a cycle through a nested step',
    ['plan-cycle'],
    '  - §id: g\n    group:\n      - { id: in1, set: "${{ steps.b }}" }\n  - { id: b, set: "${{ steps.g }}" }\n',
  ],
  ['a cycle through after', ['plan-cycle'], '  - §{ id: a, set: 1, after: [b] }\n  - { id: b, set: 2, after: [a] }\n'],
  [
    'two cycles at once',
    ['plan-cycle', 'plan-cycle'],
    '  - §{ id: a, set: 1, after: [a2] }\n  - { id: a2, set: 1, after: [a] }\n  - §{ id: b, set: 1, after: [b2] }\n  - { id: b2, set: 1, after: [b] }\n',
  ],
  ['a missing field of a tool', ['input-missing'], '  - id: a\n    tool: files.move\n    input: §{ from: /a }\n'],
  ['no input at all', ['input-missing'], '  - §id: a\n    tool: files.classify\n'],
  ['an unknown field of a tool', ['input-unknown'], '  - id: a\n    tool: files.list\n    input: { path: /a, recursiv: §true }\n'],
  ['an unknown input of the plan', ['input-unknown'], '  - id: a\n    set: "${{ §inputs.foldr }}"\n'],
  ['a literal of the wrong type', ['type-mismatch'], '  - id: a\n    tool: files.list\n    input: { path: /a, depth: §1.5 }\n'],
  ['a literal below the least', ['type-mismatch'], '  - id: a\n    tool: files.list\n    input: { path: /a, depth: §0 }\n'],
  ['a literal that is no choice', ['type-mismatch'], '  - id: a\n    tool: files.move\n    input: { from: /a, to: /b, mode: §renam }\n'],
  [
    'an expression of the wrong type',
    ['type-mismatch'],
    '  - id: a\n    tool: files.list\n    input: { path: /a, recursive: §"${{ inputs.count }}" }\n',
  ],
  [
    'text around an expression where a number is wanted',
    ['type-mismatch'],
    '  - id: a\n    tool: files.list\n    input: { path: /a, depth: §"1${{ inputs.count }}" }\n',
  ],
  ['a field that the output has not', ['type-mismatch'], `${scan}  - id: b\n    set: "\${{ §steps.scan.file }}"\n`],
  ['a field of an element that is not there', ['type-mismatch'], `${scan}  - id: b\n    set: "\${{ steps.scan.files.map(f, §f.nam) }}"\n`],
  [
    'two expressions of one text, both wrong',
    ['input-unknown', 'step-unknown'],
    '  - id: a\n    set: "${{ §inputs.x }} and ${{ §steps.x }}"\n',
  ],
  ['text plus a number', ['type-mismatch'], '  - id: a\n    set: "${{ §inputs.folder + inputs.count }}"\n'],
  ['text compared with a number', ['type-mismatch'], '  - id: a\n    set: "${{ §inputs.folder == inputs.count }}"\n'],
  ['a method that a number has not', ['type-mismatch'], '  - id: a\n    set: "${{ §inputs.count.startsWith(\'a\') }}"\n'],
  ['an unknown function', ['expression-invalid'], '  - id: a\n    set: "${{ §nope(1) }}"\n'],
  ['an unknown variable', ['expression-invalid'], '  - id: a\n    set: "${{ §file.path }}"\n'],
  ['a condition that is no boolean', ['type-mismatch'], '  - id: a\n    set: 1\n    when: "${{§ inputs.count }}"\n'],
  ['a condition of two expressions', ['expression-invalid'], '  - id: a\n    set: 1\n    when: §"${{ true }} and ${{ true }}"\n'],
  ['a condition that is always false', ['step-unreachable'], '  - id: a\n    set: 1\n    when: §false\n'],
  [
    'a side after one always taken',
    ['step-unreachable', 'step-unreachable'],
    '  - id: a\n    branch:\n      - { when: true, steps: [{ id: x, set: 1 }] }\n      - §{ when: "${{ inputs.count > 1 }}", steps: [{ id: y, set: 1 }] }\n    else: §[{ id: z, set: 1 }]\n',
  ],
  [
    'a step of another list',
    ['step-unreachable'],
    `${scan}  - id: s\n    group:\n      - { id: inner, set: 1 }\n  - id: b\n    set: "\${{ §steps.inner }}"\n`,
  ],
  [
    'a step of another side',
    ['step-unreachable'],
    '  - id: a\n    branch:\n      - { when: "${{ inputs.count > 1 }}", steps: [{ id: x, set: 1 }] }\n    else: [{ id: z, set: "${{ §steps.x }}" }]\n',
  ],
  [
    'an unknown list without max',
    ['each-without-max'],
    `${scan}  - id: b\n    each: §"\${{ steps.scan.files }}"\n    steps: [{ id: c, set: "\${{ item.path }}" }]\n`,
  ],
  ['an each over no list', ['type-mismatch'], '  - id: b\n    each: "${{§ inputs.folder }}"\n    steps: [{ id: c, set: 1 }]\n'],
  ['a while without max', ['while-without-max'], '  - §id: b\n    while: "${{ index < 3 }}"\n    steps: [{ id: c, set: 1 }]\n'],
  ['an expression that cannot be parsed', ['expression-invalid'], '  - id: a\n    set: "${{ inputs.folder + §}}"\n'],
  ['an expression that is not closed', ['expression-invalid'], '  - id: a\n    set: §"${{ inputs.folder"\n'],
  ['an empty expression', ['expression-invalid'], '  - id: a\n    set: "${{§ }}"\n'],
  ["CEL's own matches", ['expression-forbidden'], '  - id: a\n    set: "${{ §matches(inputs.folder, \'a\') }}"\n'],
  ['a pattern that RE2 has not', ['expression-invalid'], '  - id: a\n    set: "${{ inputs.folder.matches(§\'(?=a)\') }}"\n'],
  [
    'three comprehensions inside each other',
    ['expression-forbidden'],
    '  - id: a\n    set: "${{ inputs.names.map(a, inputs.names.map(b, §inputs.names.map(c, c))) }}"\n',
  ],
  ['cel.bind', ['expression-forbidden'], '  - id: a\n    set: "${{ §cel.bind(x, 1, x) }}"\n'],
  ['steps read whole', ['expression-forbidden'], '  - id: a\n    set: "${{ §steps }}"\n'],
  ['an unknown plan', ['plan-unknown'], '  - id: a\n    plan: §nope\n'],
  ['a plan that calls itself', ['plan-too-deep'], '  - id: a\n    plan: §p\n'],
  ['an unknown agent', ['agent-unknown'], '  - id: a\n    agent: §nobody\n'],
  ['an unknown step in after', ['after-unknown'], '  - id: a\n    set: 1\n    after: [§nope]\n'],
  ['a nested step in after', ['after-unknown'], '  - id: a\n    group: [{ id: b, set: 1 }]\n  - id: c\n    set: 1\n    after: [§b]\n'],
  [
    'a reserved loop variable',
    ['name-reserved'],
    '  - id: b\n    each: "${{ inputs.names }}"\n    as: §steps\n    steps: [{ id: c, set: 1 }]\n',
  ],
  ['a reserved id', ['name-reserved'], '  - id: §in\n    set: 1\n'],
  ['a wait that is no duration', ['type-mismatch'], '  - id: a\n    wait: { for: §soon }\n'],
  ['a wait until no time', ['type-mismatch'], '  - id: a\n    wait: { until: §soon }\n'],
  ['an expression in a block of text', ['input-unknown'], '  - id: a\n    set: |\n      one\n      two ${{ §inputs.nope }}\n'],
]

describe('checkPlan', () => {
  it.each(FAULTS)('tells of %s', (_, codes, steps) => {
    const { text, places } = unmark(head + steps)
    const faults = faultsOf(text)
    expect(faults.map((fault) => `${fault.code} ${fault.line}:${fault.column}`)).toEqual(
      codes.map((code, index) => `${code} ${places[index]}`),
    )
    for (const fault of faults) expect(fault.message).toMatch(/^.{10,}[.?]$/s)
  })

  it('finds nothing wrong with the plan of the design', () => {
    expect(faultsOf(TIDY)).toEqual([])
  })

  it('reports every fault at once, in the order of the text', () => {
    const { text, places } = unmark(
      `${head}  - id: a\n    tool: §files.nope\n  - id: b\n    set: "\${{ §steps.zzzzzz }}"\n  - id: c\n    plan: §nope\n`,
    )
    expect(faultsOf(text).map((fault) => `${fault.line}:${fault.column}`)).toEqual(places)
  })

  const GOOD: readonly (readonly [string, string])[] = [
    [
      'null handling of a skipped step',
      `${scan}  - { id: b, tool: files.classify, when: "\${{ inputs.count > 1 }}", input: { path: /a } }\n  - { id: c, set: "\${{ steps.b != null ? steps.b.folder : 'none' }}" }\n  - { id: d, set: "\${{ steps.b.folder }}" }\n`,
    ],
    [
      'a known list without max',
      '  - { id: l, set: "${{ inputs.names.filter(n, n != \'\') }}" }\n  - { id: b, each: "${{ steps.l }}", steps: [{ id: c, each: "${{ inputs.names }}", as: other, steps: [{ id: d, set: "${{ item + other + string(index) }}" }] }] }\n',
    ],
    [
      'while with index and last',
      '  - { id: b, while: "${{ last == null || last.c < 3 }}", max: 5, steps: [{ id: c, set: "${{ index + 1 }}" }] }\n  - { id: d, set: "${{ steps.b[0].c + 1 }}" }\n',
    ],
    [
      'branch outputs',
      '  - { id: b, branch: [{ when: "${{ inputs.count > 1 }}", steps: [{ id: x, tool: files.classify, input: { path: /a } }] }], else: [{ id: y, set: 1 }] }\n  - { id: c, set: "${{ default(steps.b.x.folder, \'none\') }} ${{ steps.b.y }}" }\n',
    ],
    ['ensure reads its own output', '  - { id: a, tool: files.classify, input: { path: /a }, ensure: "${{ steps.a.folder != \'\' }}" }\n'],
    [
      'approve, wait and agent',
      '  - { id: a, approve: "Go on with ${{ inputs.folder }}?" }\n  - { id: w, wait: { event: mail.received, timeout: 1h } }\n  - { id: g, agent: helper, input: { question: "${{ steps.a.reason }} ${{ steps.w.at }}" } }\n  - { id: z, set: "${{ steps.g.anything.at.all }}" }\n',
    ],
    [
      'a loose tool',
      '  - { id: a, tool: web.open, input: { what: [ever], "${{": 1 } }\n  - { id: b, set: "${{ steps.a.x.y[0].z + 1 }}" }\n',
    ],
    [
      'fallback steps that read around',
      `${scan}  - { id: b, tool: files.classify, input: { path: /a }, on-error: { fallback: [{ id: f, set: "\${{ steps.scan.total }}" }] } }\n`,
    ],
    [
      'functions and run',
      '  - { id: a, set: "${{ basename(inputs.folder) + pad(year(run.startedAt), 4) + string([1, 2].sum()) + run.id }}" }\n',
    ],
    [
      'nullable values of a schema',
      `${scan}  - { id: b, set: "\${{ steps.scan.files.filter(f, f.taken != null && f.taken.startsWith('2')).map(f, {'a': f.name, 'b': f.size * 1.5}) }}" }\n`,
    ],
    ['numbers that mix', '  - { id: a, tool: files.list, input: { path: /a, depth: "${{ inputs.count * 2 }}" } }\n'],
    ['a condition over an optional input', '  - { id: a, set: 1, when: "${{ inputs.note != null && inputs.note.size() > 3 }}" }\n'],
  ]
  it.each(GOOD)('finds no false fault in %s', (_, steps) => {
    expect(faultsOf(head + steps)).toEqual([])
  })

  it('types the outputs of sub-plans and checks what they are given', () => {
    const sub = planOf({
      id: 'sub',
      name: 'Sub',
      inputs: { folder: { type: 'path' }, deep: { type: 'boolean', default: false } },
      steps: [{ id: 'a', set: 1 }],
      outputs: { count: '${{ steps.a }}' },
    })
    const { text, places } = unmark(
      `${head}  - id: a\n    plan: sub\n    input: §{ deep: §maybe, more: §1 }\n  - { id: b, set: "\${{ steps.a.count + 1 }}" }\n  - { id: c, set: "\${{ §steps.a.cont }}" }\n`,
    )
    expect(faultsOf(text, [sub]).map((fault) => `${fault.code} ${fault.line}:${fault.column}`)).toEqual([
      `input-missing ${places[0]}`,
      `type-mismatch ${places[1]}`,
      `input-unknown ${places[2]}`,
      `type-mismatch ${places[3]}`,
    ])
  })

  it('lets sub-plans call sub-plans 16 deep and no deeper', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, index) =>
        planOf({ id: `p${index}x`, name: 'P', steps: [index + 1 < length ? { id: 'a', plan: `p${index + 1}x` } : { id: 'a', set: 1 }] }),
      )
    const codes = (length: number) => {
      const plans = chain(length)
      return checkPlan(planOf({ id: 'top', name: 'Top', steps: [{ id: 'a', plan: 'p0x' }] }), context(plans)).map((fault) => fault.code)
    }
    expect(codes(16)).toEqual([])
    expect(codes(17)).toEqual(['plan-too-deep'])
  })

  it('tells of two plans that call each other', () => {
    const a = planOf({ id: 'a', name: 'A', steps: [{ id: 's', plan: 'b' }] })
    const b = planOf({ id: 'b', name: 'B', steps: [{ id: 's', plan: 'a' }] })
    const [fault] = checkPlan(a, context([a, b]))
    expect(fault?.code).toBe('plan-too-deep')
    expect(fault?.message).toContain('a → b → a')
  })

  it('checks defaults and patterns of inputs', () => {
    const { text, places } = unmark(
      'id: p\nname: P\ninputs:\n  n: { type: number, default: §many }\n  t: { type: text, pattern: §"(?<=x)" }\nsteps: [{ id: a, set: 1 }]\n',
    )
    expect(faultsOf(text).map((fault) => `${fault.code} ${fault.line}:${fault.column}`)).toEqual(
      places.map((place) => `type-mismatch ${place}`),
    )
  })
})

describe('a plan of 1,000 steps', () => {
  const steps = Array.from({ length: 1000 }, (_, index) => ({
    id: `s${index}`,
    tool: 'files.classify',
    ...(index > 0 && { when: `\${{ steps.s${index - 1}.folder != '${index}' }}` }),
    input: { path: index === 0 ? '/a' : `\${{ steps.s${index - 1}.folder }}/${index}` },
  }))

  it('checks without a fault', () => {
    expect(checkPlan(planOf({ id: 'many', name: 'Many', steps }), context())).toEqual([])
  })

  it('checks in linear time: ten times the steps cost far less than a hundred times', () => {
    const plan = (count: number) => planOf({ id: 'many', name: 'Many', steps: steps.slice(0, count) })
    const cost = (count: number) => {
      const made = plan(count)
      const turns = Array.from({ length: 5 }, () => {
        const start = performance.now()
        checkPlan(made, context())
        return performance.now() - start
      })
      return Math.min(...turns) // the least disturbed turn, so that a busy machine changes nothing
    }
    const [small, large] = [cost(100), cost(1000)]
    expect(large).toBeLessThan(small * 40 + 50)
  })
})

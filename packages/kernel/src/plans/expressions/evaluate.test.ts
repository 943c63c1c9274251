import type { Label } from '@life-os/contract'
import { joinLabels } from '@life-os/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelled, scopeOf } from '../samples.ts'
import { UNKNOWN, type Scope } from '../types.ts'
import { compileTemplate } from './compile.ts'
import { evaluate, test } from './evaluate.ts'
import { PLAN_FUNCTIONS } from './functions.ts'
import { isUnknown } from './unknown.ts'

const scope = scopeOf({
  inputs: { folder: '/home/ada', count: 3, rate: 1.5, names: ['b', 'a', 'b'], none: null, most: Number.MAX_SAFE_INTEGER },
  steps: {
    scan: {
      files: [
        { name: 'a.jpg', size: 3 },
        { name: 'b.txt', size: UNKNOWN },
      ],
      total: 2,
    },
    skipped: null,
    unknown: UNKNOWN,
    partly: { to: UNKNOWN, from: '/a' },
    odd: { constructor: 1, __proto__x: 2, toString: 'text' },
  },
  vars: { file: { name: 'photo.tar.gz' }, index: 0 },
})
const value = (template: unknown, within: Scope = scope): unknown => {
  const result = evaluate(template, within)
  return result.known ? result.value : UNKNOWN
}
const error = (template: unknown): { code: string; message: string } => {
  try {
    return { code: 'none', message: JSON.stringify(evaluate(template, scope)) }
  } catch (thrown) {
    return thrown as { code: string; message: string }
  }
}

describe('evaluate', () => {
  const VALUES: readonly (readonly [template: unknown, value: unknown])[] = [
    ['plain', 'plain'],
    [12.5, 12.5],
    ['${{ inputs.count + 1 }}', 4],
    ['  ${{ inputs.count }}\n', 3],
    ['${{ inputs.count }}.', '3.'],
    ['${{ inputs.folder }}/${{ file.name }}', '/home/ada/photo.tar.gz'],
    ['${{ inputs.count * inputs.rate }}', 4.5],
    ['${{ 7 / 2 }}', 3],
    ['${{ 7 / 2.0 }}', 3.5],
    ['${{ inputs.names }}', ['b', 'a', 'b']],
    ['list: ${{ inputs.names }}', 'list: ["b","a","b"]'],
    [{ a: ['${{ inputs.count }}', { b: '${{ true }}' }] }, { a: [3, { b: true }] }],
    ['${{ inputs }}', { folder: '/home/ada', count: 3, rate: 1.5, names: ['b', 'a', 'b'], none: null, most: Number.MAX_SAFE_INTEGER }],
    ['${{ steps.odd.constructor }}', 1],
    ['${{ has(steps.odd.valueOf) }}', false],
    ["${{ steps.odd['toString'] }}", 'text'],
    ["${{ {'a': {'b': 1}} }}", { a: { b: 1 } }],
    ["${{ '}}' }}", '}}'],
    ["a${{ '${{' }}b", 'a${{b'],
    ['${{ steps.skipped == null }}', true],
    ["${{ default(steps.skipped.to, 'none') }}", 'none'],
    ["${{ default(inputs.none, 'none') }}", 'none'],
    ['${{ default(inputs.count, 9) }}', 3],
    ["${{ file.name.matches('^photo') && !file.name.matches('^tar') }}", true],
    ["${{ inputs.names.filter(n, n.matches('^b$')).size() }}", 2],
    ['${{ basename(inputs.folder) + dirname(inputs.folder) }}', 'ada/home'],
    ["${{ stem('x/a.b.c') + '|' + extension('x/a.b.c') + '|' + extension('x') }}", 'a.b|c|'],
    [
      "${{ pad(year(0), 4) + pad(month('2026-03-01'), 2) + pad(day('2026-03-01T23:59:59'), 2) + pad(hour('2026-03-01T23:59:59+01:00'), 2) + pad(minute(60000), 2) }}",
      '197003012201',
    ],
    ['${{ isoDate(86400000) }}', '1970-01-02'],
    ['${{ isoDate(86400000.7) + string(year(0.5)) }}', '1970-01-021970'],
    ['${{ pad(-3, 2) + pad(12, 1) }}', '-0312'],
    ['${{ inputs.names.unique() }}', ['b', 'a']],
    ['${{ inputs.names.sort() }}', ['a', 'b', 'b']],
    ['${{ [[1, 2], [3]].flatten() }}', [1, 2, 3]],
    ['${{ [1, 2.5].sum() }}', 3.5],
    ['${{ [].sum() }}', 0],
    ['${{ json(inputs.names) }}', '["b","a","b"]'],
    ["${{ 'a.b.a'.replace('a', '$&') }}", '$&.b.$&'],
    ["${{ 'A b'.lowerAscii().split(' ').join('-') }}", 'a-b'],
    ["${{ ' x '.trim() + 'abc'.substring(1, 2) }}", 'xb'],
    ['${{ inputs.names.exists(n, n == "a") ? 1 : 2 }}', 1],
    ['${{ steps.scan.files.map(f, {"n": f.name}) }}', [{ n: 'a.jpg' }, { n: 'b.txt' }]],
    ['${{ size(steps.scan.files) }}', 2],
    ["${{ 'count' in inputs && !('nope' in inputs) }}", true],
    ["${{ timestamp('2026-03-01T00:00:00Z') }}", '2026-03-01T00:00:00.000Z'],
  ]
  it.each(VALUES)('%j is %j', (template, expected) => {
    expect(value(template)).toEqual(expected)
  })

  it('covers every function of the language', () => {
    const tested = VALUES.map(([template]) => String(template)).join('\n')
    for (const { signature } of PLAN_FUNCTIONS)
      expect(tested).toContain(`${(/(\w+)\(/.exec(signature)?.[1] ?? '').replace('matchesRe2', 'matches')}(`)
  })

  it('gives back the very list that was read', () => {
    const names = ['x']
    expect(value('${{ inputs.names }}', scopeOf({ inputs: { names } }))).toBe(names)
  })

  it('reads a list of 10,000 records without copying it for each use', () => {
    const files = Array.from({ length: 10_000 }, (_, index) => ({ name: `f${index}`, size: index }))
    const wide = scopeOf({ steps: { scan: { files } } })
    const start = performance.now()
    for (let turn = 0; turn < 2_000; turn += 1) expect(value(`\${{ steps.scan.files[${turn}].size }}`, wide)).toBe(turn)
    expect(performance.now() - start).toBeLessThan(3_000)
  })

  const ERRORS: readonly (readonly [template: string, words: string])[] = [
    ['${{ inputs.most + 1 }}', 'string('],
    ['${{ 1 / 0 }}', 'division by zero'],
    ['${{ steps.skipped.to }}', 'step skipped was skipped'],
    ['${{ file.nope }}', '`file` has no `nope`'],
    ['${{ nope }}', 'nope'],
    ['x ${{ inputs.none }}', 'is null'],
    ['${{ inputs.folder', 'not closed'],
    ['${{ matches("a", "b") }}', 'text.matches'],
    ['${{ "a".matches(inputs.folder + "(?=x)") }}', 'RE2'],
    ['${{ double("inf") }}', 'no number'],
    ['${{ [1, "a"].sort() }}', 'sorted'],
    ['${{ ["a"].sum() }}', 'summed'],
    ['${{ year("soon") }}', 'no time'],
    ['${{ b"abc" }}', 'kind'],
  ]
  it.each(ERRORS)('%s fails with words about %s', (template, words) => {
    expect(error(template)).toMatchObject({ code: 'expression-failed', applied: 'no' })
    expect(error(template).message).toContain(words)
  })
})

describe('unknown values', () => {
  const LOGIC: readonly (readonly [template: string, value: unknown])[] = [
    ['${{ steps.unknown }}', UNKNOWN],
    ['${{ true || steps.unknown }}', true],
    ['${{ steps.unknown || true }}', true],
    ['${{ steps.unknown || false }}', UNKNOWN],
    ['${{ steps.unknown && false }}', false],
    ['${{ false && steps.unknown }}', false],
    ['${{ steps.unknown && true }}', UNKNOWN],
    ['${{ steps.unknown == "x" }}', UNKNOWN],
    ['${{ steps.unknown != null }}', UNKNOWN],
    ['${{ !steps.unknown }}', UNKNOWN],
    ['${{ steps.partly.from }}', '/a'],
    ['${{ steps.partly.to == "/a" }}', UNKNOWN],
    ['${{ steps.partly }}', UNKNOWN],
    ['${{ has(steps.partly.to) || true }}', true],
    ['${{ default(steps.unknown.x, 1) }}', UNKNOWN],
    ['${{ steps.unknown || 1 / 0 == 1 }}', UNKNOWN],
    ['${{ steps.scan.files.exists(f, f.size == 3) }}', true],
    ['${{ steps.scan.files.all(f, f.size == 3) }}', UNKNOWN],
    ['${{ steps.scan.files.all(f, f.size == 4) }}', false],
    ['${{ steps.scan.files.map(f, f.size) }}', UNKNOWN],
    ['${{ json(steps.scan) }}', UNKNOWN],
    ['${{ steps.partly.from == "/a" ? 1 : steps.unknown }}', 1],
  ]
  it.each(LOGIC)('%s', (template, expected) => {
    expect(value(template)).toBe(expected)
  })

  it('shows a text with * for each unknown part', () => {
    expect(evaluate('${{ inputs.folder }}/${{ steps.unknown }}/${{ steps.partly.to }}.txt', scope)).toEqual({
      known: false,
      labels: [],
      pattern: '/home/ada/*/*.txt',
    })
  })

  it('makes what holds an unknown part unknown', () => {
    expect(evaluate({ a: 1, b: ['${{ steps.unknown }}'] }, scope)).toEqual({ known: false, labels: [] })
    expect(isUnknown({ a: [{ b: UNKNOWN }] })).toBe(true)
    expect(isUnknown({ a: [{ b: null }] })).toBe(false)
  })

  it('follows the three-valued tables whatever the sides', () => {
    type Truth = boolean | typeof UNKNOWN
    const truth = fc.constantFrom<Truth>(true, false, UNKNOWN)
    type Tree = { write: string; expect: (a: Truth, b: Truth, c: Truth) => Truth }
    const or = (x: Truth, y: Truth): Truth => (x === true || y === true ? true : x === UNKNOWN || y === UNKNOWN ? UNKNOWN : false)
    const not = (x: Truth): Truth => (x === UNKNOWN ? UNKNOWN : !x)
    const and = (x: Truth, y: Truth): Truth => not(or(not(x), not(y)))
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Tree>(
          { write: 'inputs.a', expect: (a) => a },
          { write: 'inputs.b', expect: (_, b) => b },
          { write: 'inputs.c', expect: (_, __, c) => c },
        ),
        fc
          .tuple(tie('tree'), tie('tree'))
          .map(([x, y]): Tree => ({ write: `(${x.write} || ${y.write})`, expect: (...all) => or(x.expect(...all), y.expect(...all)) })),
        fc
          .tuple(tie('tree'), tie('tree'))
          .map(([x, y]): Tree => ({ write: `(${x.write} && ${y.write})`, expect: (...all) => and(x.expect(...all), y.expect(...all)) })),
        tie('tree').map((x): Tree => ({ write: `!(${x.write})`, expect: (...all) => not(x.expect(...all)) })),
      ),
    }))
    fc.assert(
      fc.property(tree, truth, truth, truth, (made, a, b, c) => {
        expect(value(`\${{ ${made.write} }}`, scopeOf({ inputs: { a, b, c } }))).toBe(made.expect(a, b, c))
      }),
      { numRuns: 300 },
    )
  })

  it('never claims to know what an unknown could change', () => {
    const templates = [
      '${{ inputs.a == inputs.b }}',
      '${{ inputs.a == inputs.b || inputs.b == 1 }}',
      '${{ inputs.a == 1 ? inputs.b : 7 }}',
      '${{ [inputs.a, inputs.b].exists(x, x == 2) }}',
      '${{ inputs.a + inputs.b }}',
      '${{ default(inputs.a, 5) }}',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...templates),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        (template, a, b, hideA) => {
          const hidden = value(template, scopeOf({ inputs: hideA ? { a: UNKNOWN, b } : { a, b: UNKNOWN } }))
          if (hidden !== UNKNOWN) expect(hidden).toEqual(value(template, scopeOf({ inputs: { a, b } })))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('values through CEL', () => {
  it('JSON comes out as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const clean: unknown = JSON.parse(JSON.stringify(json))
        expect(value('${{ inputs.x }}', scopeOf({ inputs: { x: clean } }))).toEqual(clean)
        expect(value('${{ [inputs.x][0] }}', scopeOf({ inputs: { x: clean } }))).toEqual(clean)
        expect(value('${{ inputs.x == inputs.x }}', scopeOf({ inputs: { x: clean } }))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('whole numbers calculate exactly, or fail where digits would be lost', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        const within = scopeOf({ inputs: { a, b } })
        const sum = BigInt(a) + BigInt(b)
        if (Number.isSafeInteger(Number(sum))) expect(value('${{ inputs.a + inputs.b }}', within)).toBe(Number(sum))
        else expect(() => evaluate('${{ inputs.a + inputs.b }}', within)).toThrow(/lose digits/)
        expect(value('${{ string(inputs.a + inputs.b) }}', within)).toBe(String(sum))
      }),
      { numRuns: 200 },
    )
  })
})

describe('labels', () => {
  const within: Scope = {
    inputs: { open: labelled(1), secret: labelled(2, 'private') },
    steps: { page: labelled({ text: 'x' }, 'untrusted'), gone: labelled(null, 'private') },
    vars: { file: labelled({ name: 'a' }, 'private', 'untrusted') },
  }
  const TABLE: readonly (readonly [template: unknown, labels: Label[]])[] = [
    ['plain', []],
    ['${{ inputs.open }}', []],
    ['${{ inputs.secret + 1 }}', ['private']],
    ['${{ steps.page.text }} ${{ inputs.secret }}', ['private', 'untrusted']],
    [{ a: '${{ steps.page }}', b: ['${{ inputs.open }}'] }, ['untrusted']],
    ['${{ inputs }}', ['private']],
    ['${{ inputs["sec" + "ret"] }}', ['private']],
    ['${{ true || steps.page.text == "" }}', ['untrusted']],
    ['${{ [1].map(file, file) }}', []],
    ['${{ file.name }}', ['private', 'untrusted']],
    ['${{ default(steps.gone.x, inputs.open) }}', ['private']],
  ]
  it.each(TABLE)('%j carries %j', (template, labels) => {
    expect(evaluate(template, within).labels).toEqual(labels)
  })

  it('join those of all that is read', () => {
    const labels = fc.subarray<Label>(['private', 'untrusted'])
    fc.assert(
      fc.property(fc.array(fc.tuple(labels, fc.boolean()), { minLength: 1, maxLength: 6 }), (read) => {
        const steps = Object.fromEntries(read.map(([own, known], index) => [`s${index}`, labelled(known ? index : UNKNOWN, ...own)]))
        const template = read.map((_, index) => `\${{ steps.s${index} }}`)
        expect(evaluate(template, { inputs: {}, steps, vars: {} }).labels).toEqual(joinLabels(...read.map(([own]) => own)))
      }),
      { numRuns: 200 },
    )
  })
})

describe('test', () => {
  it('takes booleans as they are and expressions by their value', () => {
    expect(test(true, scope)).toEqual({ known: true, value: true, labels: [] })
    expect(test('${{ inputs.count > 2 }}', scope)).toMatchObject({ known: true, value: true })
    expect(test('${{ steps.unknown }}', scope)).toMatchObject({ known: false })
  })

  it('refuses what is neither true nor false', () => {
    expect(() => test('${{ inputs.count }}', scope)).toThrow(/true or false/)
    expect(() => test('${{ inputs.none }}', scope)).toThrow(/true or false/)
  })
})

describe('hostile expressions', () => {
  const long = Array.from({ length: 3_000 }, () => '1').join('+')
  const numbers = scopeOf({ inputs: { l: Array.from({ length: 5_000 }, (_, index) => index), text: 'x'.repeat(200_000) } })
  it.each([
    ['too long', `\${{ ${'1+'.repeat(5_000)}1 }}`],
    ['too many parts', `\${{ ${long} }}`],
    ['too many brackets', `\${{ ${'('.repeat(2_000)}1${')'.repeat(2_000)} }}`],
    ['too many nots', `\${{ ${'!'.repeat(8_000)}true }}`],
    ['too many turns', '${{ inputs.l.map(a, inputs.l.map(b, a + b)) }}'],
    ['turns over a list that a method made', "${{ inputs.text.split('').map(a, inputs.text.split('').map(b, 1)) }}"],
    ['a text that grows without end', "${{ inputs.text.replace('x', inputs.text) }}"],
    ['a text that join makes', "${{ inputs.text.split('').join(inputs.text) }}"],
  ])('%s: refused soon', (_, template) => {
    const start = performance.now()
    expect(() => evaluate(template, numbers)).toThrow(expect.objectContaining({ code: 'expression-failed' }))
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('a pattern that would backtrack for ever elsewhere answers', () => {
    const start = performance.now()
    expect(value("${{ inputs.s.matches('^(a+)+$') }}", scopeOf({ inputs: { s: `${'a'.repeat(5_000)}b` } }))).toBe(false)
    expect(performance.now() - start).toBeLessThan(3_000)
  })

  it('any text compiles or is refused, and runs or fails by name', () => {
    const piece = fc.constantFrom(
      'inputs',
      '.',
      'count',
      'steps',
      'scan',
      'files',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '"a"',
      "'",
      '1',
      '0x1',
      '1.5',
      'null',
      'true',
      '&&',
      '||',
      '!',
      '-',
      '+',
      '==',
      'in',
      '? 1 : ',
      'map(x, x)',
      '.filter(y, ',
      'has(',
      'default(',
      ',',
      'matches',
      '.matches("a")',
      'cel.bind',
      '\n',
      '//',
      'r"',
      'b"',
      '1u',
      ':',
      '`',
      '\\',
      '__proto__',
      'constructor',
      '${{',
      '}}',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
          fc.string({ maxLength: 30 }),
        ),
        (source) => {
          const template = `\${{ ${source} }}`
          const compiled = compileTemplate(template)
          expect(compiled).toBeDefined()
          expect(['none', 'expression-failed']).toContain(error(template).code)
        },
      ),
      { numRuns: 1_500 },
    )
  })
})

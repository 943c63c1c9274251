import { LifeOsError, type PlanInput } from '@life-os/contract'
import { describe, expect, it } from 'vitest'
import { parseInputs } from './inputs.ts'

const faults = (declared: Record<string, PlanInput>, given: Record<string, unknown>) => {
  try {
    return { value: parseInputs(declared, given) }
  } catch (error) {
    if (!(error instanceof LifeOsError)) throw error
    return {
      code: error.code,
      faults: (error.details as { faults: { code: string; path: string }[] }).faults.map((fault) => `${fault.code} ${fault.path}`),
      message: error.message,
    }
  }
}

describe('parseInputs', () => {
  const GOOD: readonly (readonly [PlanInput, given: unknown, taken: unknown])[] = [
    [{ type: 'text' }, 'x', 'x'],
    [{ type: 'text', pattern: '^[a-z]+$' }, 'abc', 'abc'],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'number', integer: true, min: 1, max: 3 }, '3', 3],
    [{ type: 'boolean' }, 'yes', true],
    [{ type: 'boolean' }, 'False', false],
    [{ type: 'boolean' }, true, true],
    [{ type: 'choice', choices: ['a', 'b'] }, 'b', 'b'],
    [{ type: 'path' }, '/tmp/a b', '/tmp/a b'],
    [{ type: 'file' }, '/tmp/x', '/tmp/x'],
    [{ type: 'date' }, '2024-02-29', '2024-02-29'],
    [{ type: 'list', of: { type: 'number' } }, '1, 2,3', [1, 2, 3]],
    [{ type: 'list', of: { type: 'text' } }, '["a,b", "c"]', ['a,b', 'c']],
    [{ type: 'list', of: { type: 'text' } }, '', []],
    [{ type: 'record', fields: { a: { type: 'number' }, b: { type: 'text', default: 'x' } } }, '{"a": "1"}', { a: 1, b: 'x' }],
    [{ type: 'text', optional: true }, undefined, null],
    [{ type: 'text', default: 'x' }, undefined, 'x'],
    [{ type: 'secret', optional: true }, undefined, null],
  ]
  it.each(GOOD)('%j takes %j as %j', (input, given, taken) => {
    expect(parseInputs({ it: input }, given === undefined ? {} : { it: given })).toEqual({ it: taken })
  })

  const BAD: readonly (readonly [PlanInput, given: unknown])[] = [
    [{ type: 'text' }, 3],
    [{ type: 'text', pattern: '^a' }, 'b'],
    [{ type: 'number' }, 'x'],
    [{ type: 'number' }, ''],
    [{ type: 'number' }, Number.NaN],
    [{ type: 'number' }, '12345678901234567890'],
    [{ type: 'number', integer: true }, 1.5],
    [{ type: 'number', min: 1 }, 0],
    [{ type: 'number', max: 1 }, 2],
    [{ type: 'boolean' }, 'maybe'],
    [{ type: 'choice', choices: ['a'] }, 'b'],
    [{ type: 'path' }, 'relative'],
    [{ type: 'path' }, '~/x'],
    [{ type: 'path' }, '/a\0b'],
    [{ type: 'date' }, '2026-02-30'],
    [{ type: 'date' }, '1.3.2026'],
    [{ type: 'list', of: { type: 'text' } }, '[1'],
    [{ type: 'list', of: { type: 'text' }, max: 1 }, 'a,b'],
    [{ type: 'record', fields: {} }, '[]'],
    [{ type: 'record', fields: {} }, 'x'],
  ]
  it.each(BAD)('%j refuses %j', (input, given) => {
    expect(faults({ it: input }, { it: given })).toMatchObject({ code: 'input-invalid', faults: ['input-invalid it'] })
  })

  it('names every fault at once, with its place', () => {
    const declared: Record<string, PlanInput> = {
      folder: { type: 'path' },
      count: { type: 'number' },
      rows: { type: 'list', of: { type: 'record', fields: { a: { type: 'number' } } } },
    }
    expect(faults(declared, { count: 'x', rows: [{ a: 1 }, { a: 'z', b: 1 }], fodler: '/x' })).toMatchObject({
      code: 'input-invalid',
      faults: ['input-unknown fodler', 'input-missing folder', 'input-invalid count', 'input-unknown rows.1.b', 'input-invalid rows.1.a'],
    })
    expect(faults(declared, { fodler: '/x' }).message).toContain('did you mean `folder`')
  })

  it('takes the name of a secret, and never repeats what may be its value', () => {
    expect(parseInputs({ key: { type: 'secret' } }, { key: 'mail-2' })).toEqual({ key: 'mail-2' })
    const refused = faults({ key: { type: 'secret' } }, { key: 'Hunter2!' })
    expect(JSON.stringify(refused)).not.toContain('Hunter2')
    expect(refused).toMatchObject({
      code: 'input-invalid',
      faults: ['input-invalid key'],
    })
    expect(faults({ key: { type: 'secret' } }, {})).toMatchObject({ faults: ['input-missing key'] })
  })
})

import { Manifest, ToolDescription } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { addedPermissions, compatibilityFaults, differences } from './compatibility.ts'
import type { Release } from './compatibility.ts'

const text = { type: 'string' }
const object = (properties: Record<string, unknown>, required: string[] = []) => ({ type: 'object', properties, required })

function release(more: { version?: string; permissions?: string[]; tools?: Partial<ToolDescription>[] } = {}): Release {
  const tools = (more.tools ?? [{}]).map((tool) =>
    ToolDescription.parse({
      id: 'notes.add',
      title: 'Add',
      description: '',
      plugin: 'notes',
      version: '1.0.0',
      input: object({ text, times: { type: 'integer', minimum: 0 } }, ['text']),
      output: object({ id: text }, ['id']),
      effect: 'write',
      reversal: 'exact',
      risk: 'low',
      idempotent: false,
      reconciles: false,
      compensates: false,
      needs: {},
      lane: 'io',
      examples: [],
      ...tool,
    }),
  )
  const manifest = Manifest.parse({
    id: 'notes',
    name: 'Notes',
    version: more.version ?? '1.0.0',
    sdk: '^1.0.0',
    description: '',
    author: '',
    license: '',
    category: 'test',
    entry: 'src/index.ts',
    permissions: (more.permissions ?? ['fs.read:**']).map((permission) => ({ permission, reason: 'Because.' })),
    tools: tools.map(({ id }) => id),
  })
  return { manifest, tools }
}

const partOf = (after: Release) => differences(release(), after)[0]?.part

describe('which part of the version must rise', () => {
  test.each<[string, Parameters<typeof release>[0], string | undefined]>([
    ['nothing changed', {}, undefined],
    ['a tool is gone', { tools: [] }, 'major'],
    ['a tool is new', { tools: [{}, { id: 'notes.find' }] }, 'minor'],
    [
      'a new input must be given',
      { tools: [{ input: object({ text, times: { type: 'integer' }, where: text }, ['text', 'where']) }] },
      'major',
    ],
    ['a new input may be given', { tools: [{ input: object({ text, times: { type: 'integer' }, where: text }, ['text']) }] }, undefined],
    ['an input is gone', { tools: [{ input: object({ text }, ['text']) }] }, 'major'],
    ['an input has a tighter bound', { tools: [{ input: object({ text, times: { type: 'integer', minimum: 1 } }, ['text']) }] }, 'major'],
    ['an input takes more', { tools: [{ input: object({ text, times: { type: 'number' } }, []) }] }, undefined],
    [
      'an input takes certain values only',
      { tools: [{ input: object({ text: { ...text, enum: ['a'] }, times: { type: 'integer' } }, ['text']) }] },
      'major',
    ],
    ['an output is gone', { tools: [{ output: object({}) }] }, 'major'],
    ['an output may be missing', { tools: [{ output: object({ id: text }) }] }, 'major'],
    ['an output is new', { tools: [{ output: object({ id: text, at: text }, ['id', 'at']) }] }, undefined],
    ['it does more', { tools: [{ effect: 'external', reversal: 'none' }] }, 'major'],
    ['it asks for more', { permissions: ['fs.read:**', 'net:*:443'] }, 'minor'],
    ['it asks for less', { permissions: ['fs.read:/home/**'] }, undefined],
  ])('%s', (_, more, part) => expect(partOf(release(more))).toBe(part))

  test('a version that rose enough has no fault; before 1.0.0 the minor part is enough', () => {
    const gone = { tools: [] }
    expect(compatibilityFaults(release(), release({ ...gone, version: '1.1.0' }))).toEqual([
      'the tool notes.add is gone: the major version must rise (from 1.0.0, it is 1.1.0).',
    ])
    expect(compatibilityFaults(release(), release({ ...gone, version: '2.0.0' }))).toEqual([])
    expect(compatibilityFaults(release({ version: '0.3.1' }), release({ ...gone, version: '0.4.0' }))).toEqual([])
    expect(compatibilityFaults(release({ version: '0.3.1' }), release({ ...gone, version: '0.3.2' }))).toHaveLength(1)
    expect(compatibilityFaults(release({ version: '2.0.0' }), release({ ...gone, version: '1.0.0' }))).toHaveLength(1)
  })
})

test.each([
  [['fs.write:**'], ['fs.read:/etc/passwd'], []],
  [['fs.read:/a/**'], ['fs.read:/a/b/**'], []],
  [['fs.read:/a/**'], ['fs.read:/a/../b'], ['fs.read:/a/../b']],
  [['fs.read:/a/**'], ['fs.write:/a/b'], ['fs.write:/a/b']],
  [['net:*.example.org:443'], ['net:api.example.org:443'], []],
  [['net:*.example.org:443'], ['net:api.example.org:80', 'net:example.com:443'], ['net:api.example.org:80', 'net:example.com:443']],
  [['net:api.example.org:443'], ['net:*:443'], ['net:*:443']],
])('permissions %j against %j add %j', (before, after, added) => expect(addedPermissions(before, after)).toEqual(added))

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor, Decision, GateRequest, Grant, Need } from '@life-os/contract'
import { decide, type Policy } from './decide.ts'

const RUN = '01890000-0000-7000-8000-000000000001'
let made = 0
function grant(verdict: Grant['verdict'], permission: string, part: Partial<Grant> = {}): Grant {
  made += 1
  const id = `01890000-0000-7000-8000-${String(made).padStart(12, '0')}`
  return {
    id,
    subject: { kind: 'any', id: '*' },
    permission,
    verdict,
    origin: 'settings',
    createdAt: 0,
    createdBy: 'ada',
    expiresAt: null,
    usedAt: null,
    ...part,
  }
}
function request(part: Partial<GateRequest> = {}): GateRequest {
  return {
    actor: { kind: 'person', id: 'ada' },
    run: RUN,
    plan: 'tidy',
    plugin: 'files',
    tool: 'files.look',
    mode: 'autopilot',
    effect: 'read',
    reversal: 'exact',
    risk: 'low',
    needs: [],
    labels: [],
    approved: false,
    ...part,
  }
}
const judge = (given: Partial<GateRequest>, by: Partial<Policy>): Decision =>
  decide(request(given), { grants: [], manifest: null, emergencyStop: false, now: 100, ...by })
const need = (text: string): Need => ({ kind: text.slice(0, text.indexOf(':')), resource: text.slice(text.indexOf(':') + 1) })

const answer = { subject: { kind: 'run', id: RUN }, origin: 'approval' } as const
const rows: [string, Partial<GateRequest>, Partial<Policy>, string, string][] = [
  [
    'a bare secret under a wide grant asks',
    { needs: [need('secret.read:x')] },
    { grants: [grant('allow', 'secret.read:**')] },
    'ask',
    'high-risk',
  ],
  [
    'a bare secret by its exact name',
    { needs: [need('secret.read:x')] },
    { grants: [grant('allow', 'secret.read:**'), grant('allow', 'secret.read:x')] },
    'allow',
    'read-granted',
  ],
  [
    'spending under a wide grant asks',
    { effect: 'external', needs: [need('spend:5 EUR/month')] },
    { grants: [grant('allow', 'spend:**')] },
    'ask',
    'high-risk',
  ],
  [
    'using a secret under a wide grant',
    { needs: [need('secret.use:x')] },
    { grants: [grant('allow', 'secret.use:**')] },
    'allow',
    'read-granted',
  ],
  [
    'a command in a box within grants',
    { effect: 'external', needs: [need('exec:git')] },
    { grants: [grant('allow', 'exec:git')] },
    'allow',
    'granted',
  ],
  [
    'a command without a box asks each time',
    { effect: 'external', needs: [need('exec:git')] },
    { grants: [grant('allow', 'exec:git')], sandboxed: false },
    'ask',
    'unsandboxed',
  ],
  [
    'even one that only looks',
    { needs: [need('exec:python3')] },
    { grants: [grant('allow', 'exec:python3')], sandboxed: false },
    'ask',
    'unsandboxed',
  ],
  [
    'and goes on when a person approved it',
    { effect: 'external', approved: true, needs: [need('exec:git')] },
    { sandboxed: false },
    'allow',
    'approved',
  ],
  ['or said yes to this call', { needs: [need('exec:python3')] }, { once: [need('exec:python3')], sandboxed: false }, 'allow', 'answered'],
  ['an answer for this call needs no grant', { needs: [need('fs.read:/a')] }, { once: [need('fs.read:/a')] }, 'allow', 'answered'],
  [
    'and serves nothing beside it',
    { needs: [need('fs.read:/a'), need('fs.read:/b')] },
    { once: [need('fs.read:/a')] },
    'ask',
    'read-ungranted',
  ],
  ['nor anything below it', { needs: [need('fs.read:/a/b')] }, { once: [need('fs.read:/a')] }, 'ask', 'read-ungranted'],
  [
    'an answer for this call meets an asking grant',
    { needs: [need('fs.read:/a')] },
    { once: [need('fs.read:/a')], grants: [grant('ask', 'fs.read:**')] },
    'allow',
    'answered',
  ],
  [
    'an answer for this call yields to a refusal',
    { needs: [need('fs.read:/a')] },
    { once: [need('fs.read:/a')], grants: [grant('deny', 'fs.read:/a')] },
    'deny',
    'grant-deny',
  ],
  [
    'an answer for this run meets an asking grant',
    { needs: [need('fs.read:/a')] },
    { grants: [grant('allow', 'fs.read:/a', answer), grant('ask', 'fs.read:**')] },
    'allow',
    'read-granted',
  ],
  [
    'an input of this run does not',
    { needs: [need('fs.read:/a')] },
    { grants: [grant('allow', 'fs.read:/a', { ...answer, origin: 'input' }), grant('ask', 'fs.read:**')] },
    'ask',
    'grant-ask',
  ],
  [
    'an answer for another run does not',
    { needs: [need('fs.read:/a')] },
    { grants: [grant('allow', 'fs.read:/a', { ...answer, subject: { kind: 'run', id: 'other' } })] },
    'ask',
    'read-ungranted',
  ],
  [
    'reading stays where writing is refused',
    { needs: [need('fs.read:/a')] },
    { grants: [grant('allow', 'fs.read:**'), grant('deny', 'fs.write:**')] },
    'allow',
    'read-granted',
  ],
  [
    'writing is refused where reading is',
    { effect: 'write', approved: true, needs: [need('fs.write:/a/b')] },
    { grants: [grant('deny', 'fs.read:/a/**')] },
    'deny',
    'grant-deny',
  ],
  [
    'looking at the web is not sending to it',
    { effect: 'external', reversal: 'compensate', needs: [need('net:x.org:443')] },
    { grants: [grant('allow', 'net@read:**')] },
    'ask',
    'ungranted',
  ],
  [
    'a manifest may be bound to an effect too',
    { effect: 'external', needs: [need('net:x.org:443')] },
    { manifest: ['net@read:*:*'] },
    'deny',
    'manifest-lacks',
  ],
]
describe('what a call needs', () => {
  it.each(rows)('%s', (_name, given, by, verdict, rule) => expect(judge(given, by)).toMatchObject({ verdict, rule }))
  it('a refusal names the grant in its words', () => {
    const forbids = grant('deny', 'fs.read:/a/**', { subject: { kind: 'plan', id: 'tidy' } })
    const { message, grants } = judge({ needs: [need('fs.read:/a/b')] }, { grants: [forbids] })
    expect(message).toContain('“fs.read:/a/**” for the plan tidy')
    expect(grants).toEqual([forbids.id])
  })
})

describe('a subject restricts and allows nobody else', () => {
  const actors: Record<string, Partial<GateRequest>> = {
    person: { actor: { kind: 'person', id: 'one' } },
    agent: { actor: { kind: 'agent', id: 'one' } },
    schedule: { actor: { kind: 'schedule', id: 'one' } },
    plan: { plan: 'one' },
    plugin: { plugin: 'one' },
    run: { run: 'one' },
  }
  const look = { needs: [need('fs.read:/a')] }
  const wide = grant('allow', 'fs.read:**')
  const kinds = Object.keys(actors) as Grant['subject']['kind'][]
  const all = kinds.flatMap((subject) => kinds.map((as) => [subject, as] as const))
  it.each(all)('grants for a %s, asked as a %s', (kind, as) => {
    const mine = kind === as
    const subject = { kind, id: 'one' }
    const given = { ...look, ...actors[as] }
    expect(judge(given, { grants: [grant('allow', 'fs.read:/a', { subject })] }).verdict).toBe(mine ? 'allow' : 'ask')
    expect(judge(given, { grants: [wide, grant('ask', 'fs.read:/a', { subject })] }).verdict).toBe(mine ? 'ask' : 'allow')
    expect(judge(given, { grants: [wide, grant('deny', 'fs.read:/a', { subject })] }).verdict).toBe(mine ? 'deny' : 'allow')
  })
  it('the narrowest is named whoever it is for', () => {
    const narrow = grant('allow', 'fs.read:/a', { subject: { kind: 'plan', id: 'tidy' } })
    expect(judge(look, { grants: [wide, narrow, grant('allow', 'fs.read:/**')] }).grants).toEqual([narrow.id])
  })
})

it('deny beats ask beats allow, in any order and any selection', () => {
  const verdicts = ['deny', 'ask', 'allow'] as const
  const permissions = [
    'fs.read:**',
    'fs.read:/a/**',
    'fs.read:/a/b',
    'fs.write:**',
    'fs.write:/a/b',
    'fs.read@read:**',
    'net:**',
    'fs.read:/other',
  ]
  const actors: Actor[] = [
    { kind: 'person', id: 'ada' },
    { kind: 'agent', id: 'ada' },
  ]
  const pool = verdicts.flatMap((verdict) =>
    permissions.flatMap((permission) => [
      grant(verdict, permission),
      grant(verdict, permission, { subject: { kind: 'plan', id: 'tidy' } }),
      grant(verdict, permission, { subject: { kind: 'plan', id: 'other' } }),
    ]),
  )
  const covering = (one: Grant): boolean => {
    if (one.subject.id === 'other') return false
    const reads = ['fs.read:**', 'fs.read:/a/**', 'fs.read:/a/b', 'fs.read@read:**'].includes(one.permission)
    return reads || (one.verdict === 'allow' && one.permission.startsWith('fs.write:'))
  }
  fc.assert(
    fc.property(fc.shuffledSubarray(pool), fc.constantFrom(...actors), (grants, actor) => {
      const expected = verdicts.find((verdict) => grants.some((one) => one.verdict === verdict && covering(one))) ?? 'ask'
      const { verdict, grants: named } = judge({ actor, needs: [need('fs.read:/a/b')] }, { grants })
      expect(verdict).toBe(expected)
      for (const id of named) expect(grants.find((one) => one.id === id)?.verdict).toBe(expected)
    }),
    { numRuns: 500 },
  )
})

describe('a computation', () => {
  const python: Need = { kind: 'exec', resource: 'python3' }
  const bare: Policy = { grants: [], manifest: ['exec:python3', 'fs.read:**'], emergencyStop: false, now: 0 }
  it('in a box needs no grant for its program, and one for everything else it reaches', () => {
    expect(decide(request({ needs: [python] }), { ...bare, sandboxed: true })).toMatchObject({ verdict: 'allow', rule: 'read-free' })
    const file: Need = { kind: 'fs.read', resource: '/home/ada/a.csv' }
    expect(decide(request({ needs: [python, file] }), { ...bare, sandboxed: true })).toMatchObject({ verdict: 'ask', missing: [file] })
  })
  it('is refused where a grant denies it, asked about where a grant says so, and never free without a box or with an effect', () => {
    const policy = (...grants: Grant[]): Policy => ({ ...bare, grants, sandboxed: true })
    expect(decide(request({ needs: [python] }), policy(grant('deny', 'exec:python3')))).toMatchObject({ verdict: 'deny' })
    expect(decide(request({ needs: [python] }), policy(grant('ask', 'exec:*')))).toMatchObject({ verdict: 'ask', rule: 'grant-ask' })
    expect(decide(request({ needs: [python] }), { ...bare, sandboxed: false })).toMatchObject({ verdict: 'ask' })
    expect(decide(request({ needs: [python], effect: 'external' }), policy())).toMatchObject({ verdict: 'ask' })
    expect(decide(request({ needs: [python] }), { ...policy(), manifest: ['fs.read:**'] })).toMatchObject({ rule: 'manifest-lacks' })
  })
})

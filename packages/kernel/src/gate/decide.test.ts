import { describe, expect, it } from 'vitest'
import type { GateRequest, Grant, Label } from '@life-os/contract'
import { decide, type Policy } from './decide.ts'

const RUN = '01890000-0000-7000-8000-000000000001'
const need = { kind: 'fs.write', resource: '/home/ada/a.txt' }

function request(part: Partial<GateRequest> = {}): GateRequest {
  return {
    actor: { kind: 'person', id: 'ada' },
    run: RUN,
    plan: 'tidy',
    plugin: 'files',
    tool: 'files.move',
    mode: 'autopilot',
    effect: 'write',
    reversal: 'exact',
    risk: 'low',
    needs: [need],
    labels: [],
    approved: false,
    ...part,
  }
}
function grant(part: Partial<Grant> = {}): Grant {
  return {
    id: '01890000-0000-7000-8000-000000000002',
    subject: { kind: 'any', id: '*' },
    permission: 'fs.write:/home/ada/**',
    verdict: 'allow',
    origin: 'settings',
    createdAt: 0,
    createdBy: 'ada',
    expiresAt: null,
    usedAt: null,
    ...part,
  }
}
function policy(part: Partial<Policy> = {}): Policy {
  return { grants: [], manifest: null, emergencyStop: false, now: 100, ...part }
}

describe('each rule of the gate', () => {
  const named: [string, GateRequest, Policy, string, string][] = [
    [
      'the emergency stop refuses every change',
      request({ approved: true }),
      policy({ emergencyStop: true, grants: [grant()] }),
      'deny',
      'emergency-stop',
    ],
    ['observe refuses every change', request({ mode: 'observe', approved: true }), policy({ grants: [grant()] }), 'deny', 'mode-observe'],
    [
      'a plugin gets nothing beyond its manifest',
      request({ approved: true }),
      policy({ manifest: ['fs.read:/**'], grants: [grant()] }),
      'deny',
      'manifest-lacks',
    ],
    [
      'a denying grant beats an allowing and an approval',
      request({ approved: true }),
      policy({ grants: [grant(), grant({ verdict: 'deny', permission: 'fs.write:/home/ada/a.txt' })] }),
      'deny',
      'grant-deny',
    ],
    ['an asking grant beats an allowing one', request(), policy({ grants: [grant(), grant({ verdict: 'ask' })] }), 'ask', 'grant-ask'],
    [
      'an approval answers an asking grant',
      request({ approved: true }),
      policy({ grants: [grant({ verdict: 'ask' })] }),
      'allow',
      'approved',
    ],
    [
      'untrusted content cannot lead to a risky change alone',
      request({ risk: 'high', labels: ['untrusted'] }),
      policy({ grants: [grant()] }),
      'ask',
      'untrusted-grave',
    ],
    [
      'untrusted content cannot lead to a final change alone',
      request({ effect: 'external', reversal: 'none', labels: ['untrusted'] }),
      policy({ grants: [grant()] }),
      'ask',
      'untrusted-grave',
    ],
    ['an approved change is allowed', request({ approved: true, mode: 'draft' }), policy(), 'allow', 'approved'],
    ['reading without resources is free', request({ effect: 'read', needs: [] }), policy(), 'allow', 'read-free'],
    [
      'reading where a grant allows',
      request({ effect: 'read', needs: [{ kind: 'fs.read', resource: '/home/ada/a.txt' }] }),
      policy({ grants: [grant({ permission: 'fs.read:/home/ada/**' })] }),
      'allow',
      'read-granted',
    ],
    [
      'who may write may read',
      request({ effect: 'read', needs: [{ kind: 'fs.read', resource: '/home/ada/a.txt' }] }),
      policy({ grants: [grant()] }),
      'allow',
      'read-granted',
    ],
    [
      'reading elsewhere asks',
      request({ effect: 'read', needs: [{ kind: 'fs.read', resource: '/etc/passwd' }] }),
      policy({ grants: [grant()] }),
      'ask',
      'read-ungranted',
    ],
    ['draft asks before every change', request({ mode: 'draft' }), policy({ grants: [grant()] }), 'ask', 'mode-draft'],
    ['autopilot acts within grants', request(), policy({ grants: [grant()] }), 'allow', 'granted'],
    ['autopilot asks beyond grants', request(), policy(), 'ask', 'ungranted'],
    ['autopilot asks where no resource is named', request({ needs: [] }), policy({ grants: [grant()] }), 'ask', 'boundless'],
    ['a risky change needs an exact grant', request({ risk: 'high' }), policy({ grants: [grant()] }), 'ask', 'high-risk'],
    [
      'a risky change with an exact grant',
      request({ risk: 'high' }),
      policy({ grants: [grant({ permission: 'fs.write:/home/ada/a.txt' })] }),
      'allow',
      'granted',
    ],
    ['an expired grant counts for nothing', request(), policy({ grants: [grant({ expiresAt: 100 })] }), 'ask', 'ungranted'],
    [
      'a grant for another run counts for nothing',
      request(),
      policy({ grants: [grant({ subject: { kind: 'run', id: 'other' } })] }),
      'ask',
      'ungranted',
    ],
    [
      'a person grant does not serve an agent of that name',
      request({ actor: { kind: 'agent', id: 'ada' } }),
      policy({ grants: [grant({ subject: { kind: 'person', id: 'ada' } })] }),
      'ask',
      'ungranted',
    ],
  ]
  it.each(named)('%s', (_name, given, by, verdict, rule) => {
    expect(decide(given, by)).toMatchObject({ verdict, rule })
  })

  it('names the narrowest grant', () => {
    const wide = grant({ permission: 'fs.write:**' })
    const narrow = grant({ id: '01890000-0000-7000-8000-000000000003', permission: 'fs.write:/home/ada/a.txt' })
    expect(decide(request(), policy({ grants: [wide, narrow] })).grants).toEqual([narrow.id])
  })
})

describe('the whole table: mode × effect × reversal × risk × grant × label × approval × stop', () => {
  const rows: { given: GateRequest; by: Policy; grantVerdict: string }[] = []
  for (const mode of ['observe', 'draft', 'autopilot'] as const)
    for (const effect of ['read', 'write', 'external'] as const)
      for (const reversal of ['exact', 'compensate', 'none'] as const)
        for (const risk of ['low', 'medium', 'high'] as const)
          for (const grantVerdict of ['none', 'allow', 'ask', 'deny'] as const)
            for (const labels of [[], ['private'], ['untrusted'], ['private', 'untrusted']] as Label[][])
              for (const approved of [false, true])
                for (const emergencyStop of [false, true]) {
                  const grants = grantVerdict === 'none' ? [] : [grant({ verdict: grantVerdict })]
                  rows.push({
                    given: request({ mode, effect, reversal, risk, labels, approved }),
                    by: policy({ grants, emergencyStop }),
                    grantVerdict,
                  })
                }
  it(`keeps every promise in ${rows.length} cases`, () => {
    for (const { given, by, grantVerdict } of rows) {
      const { verdict, rule } = decide(given, by)
      const changes = given.effect !== 'read'
      const shown = JSON.stringify({ given, grantVerdict, rule })
      expect(rule, shown).not.toBe('')
      if (changes && by.emergencyStop) expect(verdict, shown).toBe('deny')
      if (changes && given.mode === 'observe') expect(verdict, shown).toBe('deny')
      if (grantVerdict === 'deny') expect(verdict, shown).toBe('deny')
      if (grantVerdict === 'ask' && !given.approved) expect(verdict, shown).not.toBe('allow')
      if (changes && given.mode === 'draft' && !given.approved) expect(verdict, shown).not.toBe('allow')
      const grave = given.risk === 'high' || (given.effect === 'external' && given.reversal === 'none')
      if (changes && grave && given.labels.includes('untrusted') && !given.approved) expect(verdict, shown).not.toBe('allow')
      if (verdict === 'allow' && !given.approved) expect(grantVerdict, shown).toBe('allow')
    }
  })
  it('gives the same answer twice', () => {
    for (const { given, by } of rows.slice(0, 200)) expect(decide(given, by)).toEqual(decide(given, by))
  })
})

describe('asking a model', () => {
  const model = (part: Partial<GateRequest> = {}) =>
    request({ plugin: 'life-os', tool: 'life-os.generate', effect: 'read', needs: [{ kind: 'model', resource: 'text' }], ...part })
  const rows: [string, GateRequest, Policy, string, string][] = [
    ['is free for the kernel’s own tool', model(), policy(), 'allow', 'read-free'],
    ['also in draft and for an agent', model({ mode: 'draft', actor: { kind: 'agent', id: 'clerk' } }), policy(), 'allow', 'read-free'],
    ['also with private data, which the router keeps here', model({ labels: ['private', 'untrusted'] }), policy(), 'allow', 'read-free'],
    [
      'is refused by a grant that denies it',
      model(),
      policy({ grants: [grant({ permission: 'model:**', verdict: 'deny' })] }),
      'deny',
      'grant-deny',
    ],
    ['asks by a grant that asks', model(), policy({ grants: [grant({ permission: 'model:text', verdict: 'ask' })] }), 'ask', 'grant-ask'],
    [
      'is asked for a plugin’s own tool',
      model({ plugin: 'text', tool: 'text.summarise' }),
      policy({ manifest: ['model:text'] }),
      'ask',
      'read-ungranted',
    ],
    [
      'does not free what else is needed',
      model({
        needs: [
          { kind: 'model', resource: 'text' },
          { kind: 'fs.read', resource: '/a' },
        ],
      }),
      policy(),
      'ask',
      'read-ungranted',
    ],
  ]
  it.each(rows)('%s', (_name, asked, given, verdict, rule) => {
    expect(decide(asked, given)).toMatchObject({ verdict, rule })
  })
})

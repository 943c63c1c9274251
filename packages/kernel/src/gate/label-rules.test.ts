import type { GateRequest, Grant, Label } from '@life-os/contract'
import { describe, expect, it } from 'vitest'
import { decide, type Policy } from './decide.ts'
import { privatePlaces } from './label-rules.ts'

const net = { kind: 'net', resource: 'api.example:443' }

function request(part: Partial<GateRequest> = {}): GateRequest {
  return {
    actor: { kind: 'person', id: 'ada' },
    run: 'run',
    plan: 'plan',
    plugin: 'web',
    tool: 'web.get',
    mode: 'autopilot',
    effect: 'read',
    reversal: 'exact',
    risk: 'low',
    needs: [net],
    labels: ['private'],
    approved: false,
    ...part,
  }
}
function grant(permission: string, part: Partial<Grant> = {}): Grant {
  const subject = { kind: 'any' as const, id: '*' }
  return {
    id: permission,
    subject,
    permission,
    verdict: 'allow',
    origin: 'settings',
    createdAt: 0,
    createdBy: 'ada',
    expiresAt: null,
    usedAt: null,
    ...part,
  }
}
const policy = (...grants: Grant[]): Policy => ({ grants, manifest: null, emergencyStop: false, now: 100 })

describe('private data leaves', () => {
  const exact = grant('net:api.example:443')
  const cases: [string, GateRequest, Policy, 'allow' | 'ask' | 'deny', string][] = [
    ['to a place that a person named', request(), policy(exact), 'allow', 'read-granted'],
    ['to one they named in an answer', request(), policy(grant('net:api.example:443', { origin: 'approval' })), 'allow', 'read-granted'],
    ['to one they named whatever its case', request(), policy(grant('net:API.example:443')), 'allow', 'read-granted'],
    ['to one they have just allowed', request(), { ...policy(), once: [net] }, 'allow', 'answered'],
    ['not by a pattern for hosts', request(), policy(grant('net:*.example:443')), 'ask', 'private-leaves'],
    ['not by a pattern for ports', request(), policy(grant('net:api.example:*')), 'ask', 'private-leaves'],
    ['not by a host without its port', request(), policy(grant('net:api.example')), 'ask', 'private-leaves'],
    ['not by what was given as input', request(), policy(grant('net:api.example:443', { origin: 'input' })), 'ask', 'private-leaves'],
    ['not by a preset', request(), policy(grant('net:api.example:443', { origin: 'preset' })), 'ask', 'private-leaves'],
    ['not by what a plugin brought', request(), policy(grant('net:api.example:443', { origin: 'bundled' })), 'ask', 'private-leaves'],
    [
      'not where one of two places is not named',
      request({ needs: [net, { kind: 'net', resource: 'b.example:443' }] }),
      policy(exact, grant('net:*')),
      'ask',
      'private-leaves',
    ],
    ['never where it is forbidden', request(), policy(exact, grant('net:*', { verdict: 'deny' })), 'deny', 'grant-deny'],
    [
      'as an effect only to a named place too',
      request({ effect: 'external', reversal: 'compensate' }),
      policy(grant('net:*')),
      'ask',
      'private-leaves',
    ],
    [
      'as a command with a network',
      request({ effect: 'external', reversal: 'compensate', needs: [{ kind: 'exec', resource: 'curl' }, net] }),
      policy(grant('net:*'), grant('exec:curl')),
      'ask',
      'private-leaves',
    ],
    [
      'as it was approved, label in sight',
      request({ effect: 'external', reversal: 'none', approved: true }),
      policy(),
      'allow',
      'approved',
    ],
    [
      'or stays where nothing leaves',
      request({ needs: [{ kind: 'fs.read', resource: '/a' }] }),
      policy(grant('fs.read:/**')),
      'allow',
      'read-granted',
    ],
    ['freely where it is not private', request({ labels: ['untrusted'] }), policy(grant('net:*')), 'allow', 'read-granted'],
  ]
  it.each(cases)('%s', (_name, asked, rules, verdict, rule) => expect(decide(asked, rules)).toMatchObject({ verdict, rule }))

  it('the question names place and source, and what it takes to be allowed', () => {
    const decision = decide(request({ sources: [{ label: 'private', from: '/home/ada/Taxes' }] }), policy(grant('net:*')))
    expect(decision.message).toContain('(from /home/ada/Taxes) would go to api.example:443')
    expect(decision.missing).toEqual([net])
  })

  it('places for private data are those named, and folders that grants name', () => {
    const grants = [
      exact,
      grant('net:*.example:443'),
      grant('net:in.example:443', { origin: 'input' }),
      grant('fs.write:/home/ada/Dropbox/**'),
    ]
    expect(privatePlaces(grants, { effect: 'read' }, [{ kind: 'net', resource: 'once.example:80' }])).toEqual([
      'once.example:80',
      'api.example:443',
      '/home/ada/Dropbox',
    ])
  })
})

describe('content from outside', () => {
  const labels: Label[] = ['untrusted']
  const file = { kind: 'fs.write', resource: '/a/b' }
  const grants = [grant('fs.write:/a/b'), grant('net:api.example:443'), grant('secret.read:key'), grant('spend:5/month'), grant('exec:sh')]
  const cases: [string, Partial<GateRequest>, 'allow' | 'ask', string][] = [
    ['writes what can be taken back', { effect: 'write', needs: [file] }, 'allow', 'granted'],
    ['does not remove', { effect: 'write', risk: 'medium', needs: [file] }, 'ask', 'untrusted-grave'],
    ['does nothing risky, though a grant names it', { effect: 'write', risk: 'high', needs: [file] }, 'ask', 'untrusted-grave'],
    ['sends nothing for good', { effect: 'external', reversal: 'none' }, 'ask', 'untrusted-grave'],
    ['reads no bare secret, though that is but a read', { needs: [{ kind: 'secret.read', resource: 'key' }] }, 'ask', 'untrusted-grave'],
    [
      'spends nothing',
      { effect: 'external', reversal: 'compensate', needs: [{ kind: 'spend', resource: '5/month' }] },
      'ask',
      'untrusted-grave',
    ],
    ['does what a person approved', { effect: 'external', reversal: 'none', approved: true }, 'allow', 'approved'],
    ['is read', {}, 'allow', 'read-granted'],
  ]
  it.each(cases)('%s', (_name, part, verdict, rule) =>
    expect(decide(request({ labels, ...part }), policy(...grants))).toMatchObject({ verdict, rule }),
  )
  it.each(cases.filter(([, , verdict]) => verdict === 'ask'))('trusted content: %s does not hold', (_name, part) =>
    expect(decide(request({ labels: [], ...part }), policy(...grants))).toMatchObject({ verdict: 'allow' }),
  )

  it('runs no command where there is no sandbox', () => {
    const asked = request({ labels, effect: 'external', reversal: 'compensate', needs: [{ kind: 'exec', resource: 'sh' }] })
    expect(decide(asked, { ...policy(...grants), sandboxed: false })).toMatchObject({ verdict: 'ask', rule: 'untrusted-grave' })
    expect(decide(asked, policy(...grants))).toMatchObject({ verdict: 'allow' })
  })

  it("a person's answer for this run or call is not asked for again", () => {
    const asked = request({ labels, needs: [{ kind: 'secret.read', resource: 'key' }] })
    const answer = grant('secret.read:key', { origin: 'approval', subject: { kind: 'run', id: 'run' } })
    expect(decide(asked, policy(answer))).toMatchObject({ verdict: 'allow' })
    expect(decide(asked, { ...policy(), once: asked.needs })).toMatchObject({ verdict: 'allow' })
  })
})

import { domainOf, type DomainLevel, type Grant, type Level, type LevelDomain, type Verdict } from '@life-os/contract'
import { parsePermission } from './permissions.ts'

type Preset = readonly [verdict: Verdict, permission: string]
type Table = Readonly<Record<Level, readonly Preset[]>>

const deny = (...permissions: string[]): Preset[] => permissions.map((permission) => ['deny', permission])
const ask = (...permissions: string[]): Preset[] => permissions.map((permission) => ['ask', permission])
const allow = (...permissions: string[]): Preset[] => permissions.map((permission) => ['allow', permission])

/**
 * What each level writes. No two levels of a domain write the same, so that the grants tell the level. `safe` says nothing of
 * what cannot be undone exactly: there a narrower grant decides, or a person. docs/guides/permissions.md shows these tables.
 */
export const LEVELS: Readonly<Record<LevelDomain, Table>> = {
  files: {
    none: deny('fs.read:**', 'fs.write:**'),
    view: [...allow('fs.read:**'), ...deny('fs.write:**')],
    suggest: [...allow('fs.read:**'), ...ask('fs.write:**')],
    safe: [...allow('fs.read:**', 'fs.write@read:**', 'fs.write@write:**')],
    all: allow('fs.read:**', 'fs.write:**'),
  },
  web: twoKinds('net', 'browser'),
  commands: {
    none: deny('exec:**'),
    view: [...allow('exec@read:**'), ...deny('exec@write:**', 'exec@external:**')],
    suggest: [...allow('exec@read:**'), ...ask('exec@write:**', 'exec@external:**')],
    safe: allow('exec@read:**', 'exec@write:**'),
    all: allow('exec:**'),
  },
  secrets: {
    none: deny('secret.use:**', 'secret.read:**'),
    view: [...allow('secret.use@read:**'), ...deny('secret.use@write:**', 'secret.use@external:**', 'secret.read:**')],
    suggest: [...allow('secret.use@read:**'), ...ask('secret.use@write:**', 'secret.use@external:**', 'secret.read:**')],
    safe: [...allow('secret.use@read:**', 'secret.use@write:**'), ...ask('secret.read:**')],
    all: allow('secret.use:**'),
  },
  data: {
    none: deny('entity.read:**', 'entity.write:**'),
    view: [...allow('entity.read:**'), ...deny('entity.write:**')],
    suggest: [...allow('entity.read:**'), ...ask('entity.write:**')],
    safe: [...allow('entity.read:**', 'entity.write@read:**', 'entity.write@write:**')],
    all: allow('entity.read:**', 'entity.write:**'),
  },
  home: twoKinds('home', 'device'),
  models: {
    none: deny('model:**'),
    view: [...allow('model@read:**'), ...deny('model@write:**', 'model@external:**')],
    suggest: [...allow('model@read:**'), ...ask('model@write:**', 'model@external:**')],
    safe: allow('model@read:**', 'model@write:**'),
    all: allow('model:**'),
  },
  spending: {
    none: deny('spend:**'),
    view: deny('spend@write:**', 'spend@external:**'),
    suggest: ask('spend:**'),
    safe: ask('spend@external:**'),
    all: allow('spend:**'),
  },
}

/** Looking and saving what was looked at changes nothing out there; only an external effect does. */
function twoKinds(...kinds: readonly string[]): Table {
  const of = (effects: readonly string[]) => kinds.flatMap((kind) => effects.map((effect) => `${kind}@${effect}:**`))
  const whole = kinds.map((kind) => `${kind}:**`)
  return {
    none: deny(...whole),
    view: [...allow(...of(['read', 'write'])), ...deny(...of(['external']))],
    suggest: [...allow(...of(['read', 'write'])), ...ask(...of(['external']))],
    safe: allow(...of(['read', 'write'])),
    all: allow(...whole),
  }
}

export type Subject = Grant['subject']
const sameSubject = (a: Subject, b: Subject): boolean => a.kind === b.kind && a.id === b.id
const keyOf = (verdict: Verdict, permission: string): string => `${verdict} ${permission}`

/** The grants that a level before wrote for a domain and a subject. */
export function presetsOf(grants: readonly Grant[], domain: LevelDomain, subject: Subject): Grant[] {
  return grants.filter((grant) => grant.origin === 'preset' && sameSubject(grant.subject, subject) && domainOf(grant.permission) === domain)
}

/** Reads back which level the present grants equal. Wide grants that a person added beside them make it `custom`. */
export function levelOf(grants: readonly Grant[], domain: LevelDomain, subject: Subject): DomainLevel {
  const presets = presetsOf(grants, domain, subject)
  const beside = grants.some(
    (grant) =>
      grant.origin !== 'preset' && sameSubject(grant.subject, subject) && domainOf(grant.permission) === domain && isWide(grant.permission),
  )
  const present = presets.map((grant) => keyOf(grant.verdict, grant.permission)).toSorted()
  const found = Object.entries(LEVELS[domain]).find(([, written]) => {
    const wanted = written.map(([verdict, permission]) => keyOf(verdict, permission)).toSorted()
    return wanted.length === present.length && wanted.every((key, index) => key === present[index])
  })
  const level = !beside && found ? (found[0] as Level) : 'custom' // a key of the table
  return { domain, subject, level, grants: presets.map((grant) => grant.id) }
}

const isWide = (permission: string): boolean => /^(?:\/?\*\*|\*(?::\*)?)$/.test(parsePermission(permission).pattern)

/** Every domain for everyone, and each further subject that has presets. */
export function levelsOf(grants: readonly Grant[]): DomainLevel[] {
  const everyone: Subject = { kind: 'any', id: '*' }
  const domains = Object.keys(LEVELS) as LevelDomain[] // its own keys
  const others = new Map<string, { domain: LevelDomain; subject: Subject }>()
  for (const { origin, subject, permission } of grants) {
    const domain = domainOf(permission)
    if (origin !== 'preset' || domain === null || sameSubject(subject, everyone)) continue
    others.set(`${subject.kind} ${subject.id} ${domain}`, { domain, subject })
  }
  return [
    ...domains.map((domain) => levelOf(grants, domain, everyone)),
    ...[...others.values()].map(({ domain, subject }) => levelOf(grants, domain, subject)),
  ]
}

import { homedir } from 'node:os'
import {
  LifeOsError,
  describePermission,
  type DomainLevel,
  type Grant,
  type Level,
  type LevelDomain,
  type Verdict,
} from '@life-os/contract'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { when } from '../output/units.ts'
import type { Command } from '../session.ts'

type SubjectKind = Grant['subject']['kind']
const SUBJECTS: readonly SubjectKind[] = ['person', 'agent', 'plan', 'plugin', 'schedule', 'run', 'any']
const TINT = { allow: 'green', ask: 'amber', deny: 'red' } as const

export interface GrantFilters {
  search?: string
  verdict?: Verdict
  subject?: SubjectKind
  plugin?: string
  limit?: number
}

/** Remembered decisions in plain words, newest first. */
export const listGrants: Command<GrantFilters> = async (session, { limit = 50, ...filters }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const page = await client.grants.list({ limit, ...filters })
  if (io.json) io.out(JSON.stringify(page))
  else if (page.items.length === 0) io.note('Nothing is remembered yet: every read outside what you name and every change is asked for.')
  else {
    for (const line of table(page.items.map((grant) => rowOf(grant, paint)))) io.out(line)
    if (page.next) io.note(paint('dim', `${page.items.length} of ${page.total} (--limit shows more)`))
  }
  return EXIT.done
}

function rowOf(grant: Grant, paint: Parameters<typeof listGrants>[0]['paint']): string[] {
  const { title } = describePermission(grant.permission, { home: homedir() })
  return [
    grant.id,
    paint(TINT[grant.verdict], grant.verdict),
    printable(subjectWords(grant.subject)),
    `${printable(title)}  ${paint('dim', `${printable(grant.permission)} · ${grant.origin} · ${grant.usedAt ? `last used ${when(grant.usedAt)}` : 'never used'}${grant.expiresAt ? ` · until ${when(grant.expiresAt)}` : ''}`)}`,
  ]
}

const subjectWords = ({ kind, id }: Grant['subject']): string => (kind === 'any' ? 'everyone' : `${kind} ${id}`)

/** `plan:tidy-folder`, `agent:writer`, or `any`. */
function subjectOf(text: string): Grant['subject'] {
  const at = text.indexOf(':')
  const kind = SUBJECTS.find((one) => one === (at < 0 ? text : text.slice(0, at)))
  if (kind === 'any') return { kind, id: '*' }
  if (kind && at > 0 && at < text.length - 1) return { kind, id: text.slice(at + 1) }
  throw new LifeOsError('usage-subject', `Name the subject like plan:tidy-folder or any; kinds are ${SUBJECTS.join(', ')}.`)
}

export interface AddGrant {
  permission: string
  verdict?: Verdict
  for?: string
  days?: number
}

/** Remembers a decision and says in plain words what it gives. */
export const addGrant: Command<AddGrant> = async (session, { permission, verdict = 'allow', for: subject = 'any', days }) => {
  const { client } = await session.backend()
  const expiresAt = days === undefined ? null : Date.now() + days * 86_400_000
  const grant = await client.grants.add({ subject: subjectOf(subject), permission, verdict, expiresAt })
  if (session.io.json) session.io.out(JSON.stringify(grant))
  else for (const line of table([rowOf(grant, session.paint)])) session.io.out(line)
  return EXIT.done
}

export const revokeGrant: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  const answer = await client.grants.revoke({ id })
  if (session.io.json) session.io.out(JSON.stringify(answer))
  else session.io.out('Revoked. The next call that needs it is asked for again.')
  return EXIT.done
}

export const listLevels: Command = async (session) => {
  const { client } = await session.backend()
  const levels = await client.grants.levels()
  if (session.io.json) session.io.out(JSON.stringify(levels))
  else for (const line of table(levels.map((level) => levelRow(session, level)))) session.io.out(line)
  return EXIT.done
}

export const setLevel: Command<{ domain: LevelDomain; level: Level; for?: string }> = async (
  session,
  { domain, level, for: subject = 'any' },
) => {
  const { client } = await session.backend()
  const set = await client.grants.setLevel({ domain, level, subject: subjectOf(subject) })
  if (session.io.json) session.io.out(JSON.stringify(set))
  else for (const line of table([levelRow(session, set)])) session.io.out(line)
  return EXIT.done
}

function levelRow({ paint }: Parameters<typeof listLevels>[0], { domain, subject, level, grants }: DomainLevel): string[] {
  const unset = level === 'custom' && grants.length === 0
  return [
    domain,
    paint('bold', unset ? 'not set' : level),
    printable(subjectWords(subject)),
    unset ? paint('dim', 'asks each time, but for what is granted') : '',
  ]
}

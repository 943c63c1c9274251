import { LifeOsError, type Actor, type AnswerApproval, type Approval, type Need, type Preview } from '@life-os/contract'
import { narrowestOffers, permissionFor } from '../../gate/index.ts'
import type { ApprovalRow } from '../../store/index.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { rememberedFor } from './plan-subject.ts'
import { needsOfChange } from '../record/sink.ts'

/** The needs that an answer may remember: those asked for, and for a preview what its changes touch, folders given as inputs first. */
export function rememberable(live: LiveRun, kind: Approval['kind'], needs: readonly Need[], preview: Preview | undefined): Need[] {
  if (kind === 'permission' || kind === 'step' || kind === 'secret') return [...needs]
  if (kind !== 'preview' || !preview) return []
  const places = placesGiven(live)
  const touched = preview.changes.flatMap(({ change }) => (change.kind === 'request-send' ? netOf(change.url) : needsOfChange(change)))
  const wanted = preview.summary.needs.map(({ permission }) => needOf(permission))
  const all = [...touched, ...wanted].map((need) => {
    const place = need.kind === 'fs.write' ? places.find((one) => need.resource === one || need.resource.startsWith(`${one}/`)) : undefined
    return place === undefined ? need : { kind: 'fs.write', resource: `${place}/**` }
  })
  return [...new Map(all.map((need) => [`${need.kind}:${need.resource}`, need])).values()]
}

function placesGiven(live: LiveRun): string[] {
  const given = JSON.parse(live.row.inputs_json) as Record<string, unknown> // written by createRun
  return Object.entries(live.frozen.plan.inputs).flatMap(([name, input]) => {
    const place = given[name]
    return input.type === 'path' && typeof place === 'string' ? [place] : []
  })
}

function netOf(text: string): Need[] {
  const url = URL.parse(text)
  return url ? [{ kind: 'net', resource: `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}` }] : []
}

function needOf(permission: string): Need {
  const at = permission.indexOf(':')
  return { kind: permission.slice(0, at), resource: permission.slice(at + 1) }
}

/** Nothing is remembered that was not offered. Error: `offer-invalid`. */
export function checkOffer(row: ApprovalRow, answer: AnswerApproval): void {
  const offers = offersIn(row)
  const strange = answer.permissions?.find((permission) => !offers.some((offer) => offer.permission === permission))
  if (strange !== undefined)
    throw new LifeOsError('offer-invalid', `${strange.slice(0, 200)} was not offered here. Choose among what the question offers.`, {
      details: { offers: offers.map((offer) => offer.permission) },
    })
  if (answer.remember !== 'always') return
  if (answer.answer !== 'approve' && answer.answer !== 'refuse')
    throw new LifeOsError('offer-invalid', 'Only a yes or a no can be remembered for good.')
  if (offers.length === 0 || answer.permissions?.length === 0)
    throw new LifeOsError(
      'offer-invalid',
      'There is nothing narrow enough to remember for good here. Answer for this time or this run, or set a grant on the Grants page.',
    )
}

/**
 * Keeps what a yes or a no said beyond this call. `no`: a yes holds for the calls of this step path alone (kept with the run).
 * `run`: grants of the run. `always`: grants for the plan (see `rememberedFor`), narrowest of what was offered. A no that is kept writes grants that deny.
 */
export async function rememberAnswer(
  context: RunsContext,
  live: LiveRun,
  row: ApprovalRow,
  answer: AnswerApproval,
  preview: Preview | undefined,
  actor: Actor,
): Promise<void> {
  if (answer.answer !== 'approve' && answer.answer !== 'refuse') return
  if (row.kind === 'preview' && answer.answer === 'approve' && preview) await allowShown(context, live, preview, actor)
  const asked = JSON.parse(row.needs_json) as Need[] // written by ask()
  if (answer.answer === 'approve' && asked.length > 0) allowOnce(live, row.step, asked)
  if (answer.remember === 'no') return
  const always = answer.remember === 'always'
  const needs = rememberable(live, row.kind as Approval['kind'], asked, preview) // the column holds what ask() wrote
  const permissions = answer.permissions ?? (always ? narrowestOffers(needs, offersIn(row)) : asked.map(permissionFor))
  const subject = always ? rememberedFor(live, askingAgent(row)) : ({ kind: 'run', id: live.id } as const)
  const verdict = answer.answer === 'approve' ? 'allow' : 'deny'
  for (const permission of permissions)
    await context.deps.gate.grants.add({ subject, permission, verdict, expiresAt: null }, 'approval', actor.id)
}

/** Who approves a preview allows for this run what it said it needs; what only an administrator may allow is asked for by itself. */
async function allowShown(context: RunsContext, live: LiveRun, preview: Preview, actor: Actor): Promise<void> {
  const { gate } = context.deps
  const shown = [...new Set(preview.summary.needs.map(({ permission }) => permission))]
  const needs = shown.map(needOf).filter((need) => gate.roleFor([need]) === 'member')
  for (const permission of needs.map(permissionFor))
    await gate.grants.add({ subject: { kind: 'run', id: live.id }, permission, verdict: 'allow', expiresAt: null }, 'approval', actor.id)
}

function askingAgent(row: ApprovalRow): string | undefined {
  if (row.subject_json === null) return undefined
  return (JSON.parse(row.subject_json) as NonNullable<Approval['subject']>).agent ?? undefined // written by ask()
}

function offersIn(row: ApprovalRow): Approval['offers'] {
  return JSON.parse(row.offers_json) as Approval['offers'] // written by ask()
}

function allowOnce(live: LiveRun, path: string, needs: readonly Need[]): void {
  const known = live.options.once?.[path] ?? []
  live.options.once = { ...live.options.once, [path]: [...known, ...needs] }
}

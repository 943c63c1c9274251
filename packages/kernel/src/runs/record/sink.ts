import { LifeOsError, type Change, type EffectRecord, type Need, type ToolDescription } from '@life-os/contract'
import { resourceOf } from '../../gate/index.ts'
import type { EffectSink, Images } from '../../host/index.ts'
import { nothingKnown } from '../../secrets/index.ts'
import { redactedChange } from '../../store/index.ts'
import { changeKey, isApproved } from './change-key.ts'
import { packed } from './kept-answers.ts'
import type { LiveRun } from '../live.ts'
import { keepLease } from './lease.ts'
import { recordValue } from './record.ts'
import type { RunsDeps } from '../types.ts'

/** What stays to be looked at when the call is over. */
export interface SinkState {
  /** A change the tool attempted that nobody approved. */
  refused: Change | null
  begun: number
}

export interface SinkOf {
  path: string
  try: number
  tool: ToolDescription
  /** Id of who acts, where that is not who runs the run. */
  actor?: string
  labels: EffectRecord['labels']
  until: number | null
}

const DAY = 86_400_000

export function undoUntil(now: number, days: number): number {
  return now + days * DAY
}

/**
 * Journals each effect before and after it happens and lets none pass that was not approved. `approved` undefined: the
 * grants are the capability (autopilot), the host has checked the resources.
 */
export function createSink(
  deps: RunsDeps,
  live: LiveRun,
  of: SinkOf,
  approved: readonly Change[] | undefined,
  madeFolders: ReadonlySet<string>,
): { sink: EffectSink; state: SinkState } {
  const state: SinkState = { refused: null, begun: 0 }
  const open = new Map<string, Change>()
  const left = approved ? byKey(approved) : null
  const shown = (change: Change): Change => redactedChange(change, deps.redactor ?? nothingKnown) // as the preview showed it
  const begin = async (given: Change, before: Images): Promise<string> => {
    const change = shown(given)
    refuseWhenHalted(deps, live)
    await keepLease(deps, live)
    if (left ? !take(left, change, madeFolders) : isBare(change)) {
      state.refused ??= change
      throw new LifeOsError('change-not-approved', `${change.summary}: this change was not in the approved preview, so it was not made.`, {
        applied: 'no',
      })
    }
    const effect = deps.newId()
    state.begun += 1
    open.set(effect, change)
    await live.commit(
      { type: 'effect-started', path: of.path, try: of.try, effect, change, before },
      { kind: 'effect-insert', row: rowOf(deps, live, of, effect, change, before) },
      audited(live, of, effect, change),
    )
    return effect
  }
  const sink: EffectSink = {
    begin,
    async finish(effect, after, given, came) {
      const change = given && shown(given)
      const final = change ?? open.get(effect)
      const answer = came === undefined ? undefined : await recordValue(deps.store.blobs, live.id, packed(came), of.labels)
      live.note(
        { type: 'effect-finished', path: of.path, effect, after, ...(change && { change }), ...(answer && { answer }) },
        {
          kind: 'effect-update',
          id: effect,
          patch: { state: 'finished', after_json: JSON.stringify(after), ...(final && { change_json: JSON.stringify(final) }) },
        },
      )
    },
    async abandon(effect) {
      live.note(
        { type: 'effect-reconciled', path: of.path, effect, applied: 'no' },
        { kind: 'effect-update', id: effect, patch: { state: 'not-applied' } },
      )
    },
    pageShown: (page) => live.note({ type: 'page-shown', path: of.path, try: of.try, ...page }),
    approvedTarget(kind, from, wished) {
      const match = approved?.find(
        (change) => change.kind === kind && wishedBy(change) === wished && (from === null || !('from' in change) || change.from === from),
      )
      return match && ('to' in match ? match.to : 'path' in match ? match.path : undefined)
    },
  }
  return { sink, state }
}

function refuseWhenHalted(deps: RunsDeps, live: LiveRun): void {
  if (deps.gate.emergencyStop())
    throw new LifeOsError('emergency-stop', 'The emergency stop is on. Nothing was changed.', { applied: 'no' })
  if (live.halt && live.halt !== 'pause' && live.halt !== 'shutdown')
    throw new LifeOsError('call-revoked', 'The run was stopped before this change. It was not made.', { applied: 'no' })
}

/** A command without a sandbox has a person's whole power: no grant is enough, the very command must have been approved. */
const isBare = (change: Change): boolean => change.kind === 'command-run' && !change.sandboxed

function byKey(changes: readonly Change[]): Map<string, Change[]> {
  return Map.groupBy(changes, changeKey)
}

/** Folders that any approved step makes may be made by whichever comes first. */
function take(left: Map<string, Change[]>, change: Change, madeFolders: ReadonlySet<string>): boolean {
  const known = left.get(changeKey(change)) ?? []
  const at = known.findIndex((approved) => isApproved(approved, change))
  if (at >= 0) known.splice(at, 1)
  return at >= 0 || (change.kind === 'folder-make' && madeFolders.has(change.path))
}

function wishedBy(change: Change): string | undefined {
  if (change.clash !== undefined) return change.clash
  return 'to' in change ? change.to : 'path' in change ? change.path : undefined
}

function rowOf(deps: RunsDeps, live: LiveRun, of: SinkOf, id: string, change: Change, before: Images) {
  const now = deps.clock.now()
  return {
    id,
    run: live.id,
    path: of.path,
    try: of.try,
    seq: live.fold.effects.started + 1,
    plugin: of.tool.plugin,
    plugin_version: of.tool.version,
    tool: of.tool.id,
    change_json: JSON.stringify(change),
    before_json: JSON.stringify(before),
    after_json: null,
    state: 'started',
    at: now,
    until: of.until,
    reversal: change.reversal,
    labels: JSON.stringify(of.labels),
  }
}

function audited(live: LiveRun, of: SinkOf, effect: string, change: Change) {
  const data = { effect, change: change.kind, summary: change.summary }
  return {
    kind: 'audit',
    record: {
      kind: 'effect',
      actor: of.actor ?? live.actor.id,
      run: live.id,
      step: of.path,
      tool: of.tool.id,
      verdict: null,
      rule: null,
      data,
    },
  } as const
}

/** For the scope of a call: a change's own places as needs. */
export function needsOfChange(change: Change): Need[] {
  switch (change.kind) {
    case 'file-move':
      return [
        { kind: 'fs.write', resource: change.from },
        { kind: 'fs.write', resource: change.to },
      ]
    case 'file-copy':
      return [
        { kind: 'fs.read', resource: change.from },
        { kind: 'fs.write', resource: change.to },
      ]
    case 'file-write':
    case 'file-remove':
    case 'folder-make':
      return [{ kind: 'fs.write', resource: change.path }]
    case 'command-run':
      return [
        { kind: 'exec', resource: change.program },
        ...change.mounts.map(({ path, access }) => ({ kind: `fs.${access}`, resource: path })),
        ...change.network.map((resource) => ({ kind: 'net', resource })),
        ...change.secrets.map((resource) => ({ kind: 'secret.use', resource })),
      ]
    case 'page-act':
      return [
        { kind: 'browser', resource: resourceOf('browser', change.url) },
        ...change.fields.flatMap(({ secret }) => (secret === undefined ? [] : [{ kind: 'secret.use', resource: secret }])),
      ]
    default:
      return []
  }
}

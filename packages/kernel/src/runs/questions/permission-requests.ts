import { LifeOsError, type Labels, type Need, type ToolDescription } from '@life-os/contract'
import { effectOf } from '@life-os/plugin-sdk/tool'
import { STANDING_RULES, resourceOf } from '../../gate/index.ts'
import { NOT_ANSWERED, PRIVATE_NOT_ALLOWED, type HostServices } from '../../host/index.ts'
import { judgeActing, subjectOf, type Acting } from '../acting.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { failedOutcome, SUSPENDED, type Outcome } from '../interpreter/outcome.ts'
import { onceOf } from './plan-subject.ts'
import { ask } from './questions.ts'

export interface RequestingCall {
  tool: ToolDescription
  acting: Acting
  path: string
  input: unknown
  labels: Labels
}
/** What a call asked for and nobody has allowed yet. */
export interface Unmet {
  needs: Need[]
  message: string
  /** It had changed something by then, so it cannot simply be made again. */
  late: boolean
  /** It is asked each time: see STANDING_RULES. */
  standing?: boolean
  /** A secret that nobody has set yet: its name. */
  secret?: string
}

/** `host.request` of one call: the gate judges each request, and one that is not met ends the call, whatever the plugin makes of it. */
export interface PermissionRequests {
  request(needs: readonly Need[]): Promise<readonly Need[]>
  /** Notices what the call changes, and serves nothing more once it has asked in vain. */
  watched(services: HostServices): HostServices
  unmet(): Unmet | null
}

export function createPermissionRequests(context: RunsContext, live: LiveRun, call: RequestingCall): PermissionRequests {
  let open: { needs: Need[]; message: string; standing?: boolean; private?: true; secret?: string } | null = null
  let changes = 0
  const needed = () =>
    new LifeOsError('permission-needed', `${open?.message ?? ''} The call ends here and is made again once it is allowed.`, {
      applied: 'no',
      details: { needs: open?.needs ?? [] },
    })
  return {
    unmet: () => open && { ...open, late: changes > 0 && !open.private },
    async request(asked) {
      const needs = asked.map(({ kind, resource }) => ({ kind, resource: resourceOf(kind, resource) }))
      const { decision, allowed } = await judgeActing(context, live, call.acting, {
        tool: call.tool,
        input: call.input,
        labels: call.labels,
        approved: false,
        needs,
        once: onceOf(live, call.path),
        requested: true,
      })
      auditRequest(live, call, decision.verdict, decision.rule, { needs, grants: decision.grants })
      if (decision.verdict === 'allow') return allowed
      if (decision.verdict === 'deny')
        throw new LifeOsError('permission-refused', decision.message, { applied: 'no', details: { rule: decision.rule } })
      const standing = STANDING_RULES.has(decision.rule)
      open ??= { needs: decision.missing.length > 0 ? decision.missing : needs, message: decision.message, standing }
      throw needed()
    },
    watched: (services) => ({
      async handle(service, args, signal) {
        if (open) throw needed()
        const looks = effectOf(service, args) === 'read'
        if (!looks) changes += 1
        try {
          return await services.handle(service, args, signal)
        } catch (error) {
          open ??= privateNeed(error) ?? secretNeed(error)
          if (!looks && error instanceof LifeOsError && error.applied === 'no') changes -= 1
          throw error
        }
      },
    }),
  }
}

/**
 * Private data that would have left, or a place that a preview would have read from before anybody allowed it, is a question, whatever the
 * plugin makes of the refusal. It is never late: the effects
 * made by then are in the journal, and a call made again is told of them.
 */
function privateNeed(error: unknown): { needs: Need[]; message: string; private: true } | null {
  if (!(error instanceof LifeOsError) || (error.code !== PRIVATE_NOT_ALLOWED && error.code !== NOT_ANSWERED)) return null
  const permission = String(error.details?.permission)
  const at = permission.indexOf(':')
  return { needs: [{ kind: permission.slice(0, at), resource: permission.slice(at + 1) }], message: error.message, private: true }
}

/** Only the host's own word counts: a plugin cannot have a person asked for a secret by throwing an error of that name. */
function secretNeed(error: unknown): { needs: Need[]; message: string; secret: string } | null {
  if (!(error instanceof LifeOsError) || error.code !== 'secret-missing') return null
  const secret = String(error.details?.secret)
  return { needs: [{ kind: 'secret.use', resource: secret }], message: error.message, secret }
}

function auditRequest(
  live: LiveRun,
  call: RequestingCall,
  verdict: 'allow' | 'ask' | 'deny',
  rule: string,
  data: Record<string, unknown>,
): void {
  live.record({
    kind: 'audit',
    record: {
      kind: 'decision',
      actor: call.acting.actor.id,
      run: live.id,
      step: call.path,
      tool: call.tool.id,
      verdict,
      rule,
      data: { ...data, requested: true },
    },
  })
}

/** Puts what a call asked for to a person; after a yes the call is made again from its beginning. */
export async function askForMore(
  context: RunsContext,
  live: LiveRun,
  call: RequestingCall,
  { needs, message, late, secret, standing }: Unmet,
): Promise<Outcome> {
  if (late && secret !== undefined)
    return failedOutcome(call.path, new LifeOsError('secret-missing', message, { applied: 'unknown', details: { secret } }), call.labels)
  if (late)
    return failedOutcome(
      call.path,
      new LifeOsError(
        'permission-late',
        `${call.tool.title} asked for more after it had begun to change things. A tool asks before its first change; tell its author.`,
        {
          class: 'unexpected',
          details: { needs },
        },
      ),
      call.labels,
    )
  await ask(context, live, {
    step: call.path,
    kind: secret === undefined ? 'permission' : 'secret',
    title: secret === undefined ? `${call.tool.title} needs your permission` : `${call.tool.title} needs the secret ${secret}`,
    message,
    needs,
    ...(standing && { standing }),
    subject: subjectOf(context, call.acting, call.tool.id, call.input) ?? null,
    labels: call.labels,
  })
  return SUSPENDED
}

import { z } from 'zod'
import { Id, JsonSchema, Time } from '../common/values.ts'
import { Label, LabelSource, Labels } from '../common/labels.ts'
import { Effect, Reversal, Risk } from '../changes/change.ts'
import { Actor, Preview } from '../runs/run.ts'
import { Mode } from '../events/run-event.ts'

export const Verdict = z.enum(['allow', 'ask', 'deny'])
export type Verdict = z.infer<typeof Verdict>

/** A remembered decision. `permission` is `kind:pattern`, for example `fs.write:/home/ada/Downloads/**`. */
export const Grant = z.object({
  id: Id,
  subject: z.object({ kind: z.enum(['person', 'agent', 'plan', 'plugin', 'schedule', 'run', 'any']), id: z.string() }),
  permission: z.string(),
  verdict: Verdict,
  origin: z.enum(['input', 'approval', 'settings', 'preset', 'bundled']),
  createdAt: Time,
  createdBy: z.string(),
  expiresAt: Time.nullable(),
  usedAt: Time.nullable(),
})
export type Grant = z.infer<typeof Grant>
export const NewGrant = Grant.pick({ subject: true, permission: true, verdict: true }).extend({ expiresAt: Time.nullable().default(null) })
export type NewGrant = z.infer<typeof NewGrant>

/** One exact resource a call needs: a permission kind and its resource. */
export const Need = z.object({ kind: z.string(), resource: z.string() })
export type Need = z.infer<typeof Need>

/** Everything `decide` may look at, and nothing else. */
export const GateRequest = z.object({
  actor: Actor,
  /** On whose behalf an agent acts: what is refused to them is refused to it. What is allowed to them is not. */
  person: z.string().optional(),
  run: Id,
  plan: z.string(),
  plugin: z.string(),
  tool: z.string(),
  mode: Mode,
  effect: Effect,
  reversal: Reversal,
  risk: Risk,
  needs: z.array(Need),
  labels: z.array(Label),
  /** Where the labels came from, for the words of a question. */
  sources: z.array(LabelSource).optional(),
  /** The changes of this call stand in an approved preview. */
  approved: z.boolean(),
  /**
   * An address that an agent put together with words from outside in hand: no person named it, and no page offered it. `granted`: what
   * a person gave the run as input does not serve it. `files`: words of the person's own are in hand too, so that only their
   * word for this very place does.
   */
  strays: z.object({ address: z.string(), beside: z.enum(['granted', 'files']) }).optional(),
})
export type GateRequest = z.infer<typeof GateRequest>

export const Decision = z.object({ verdict: Verdict, rule: z.string(), message: z.string(), grants: z.array(Id), missing: z.array(Need) })
export type Decision = z.infer<typeof Decision>

export const ApprovalKind = z.enum(['preview', 'permission', 'drift', 'step', 'uncertain', 'error', 'secret', 'review', 'question'])
export const ApprovalState = z.enum(['waiting', 'approved', 'refused', 'expired', 'withdrawn'])

/** A question put to a person, bound to the hash of what was shown. */
export const Approval = z.object({
  id: Id,
  run: Id,
  step: z.string(),
  kind: ApprovalKind,
  state: ApprovalState,
  title: z.string(),
  message: z.string(),
  hash: z.string(),
  role: z.enum(['viewer', 'member', 'admin']),
  plan: z.object({ id: z.string(), name: z.string() }),
  needs: z.array(Need),
  /** What "always here" would remember, narrowest first; empty when nothing can be remembered. */
  offers: z.array(z.object({ permission: z.string(), title: z.string() })).default([]),
  /** For `uncertain`: the schema of the output that `done` must bring when it cannot be predicted. */
  output: JsonSchema.nullable(),
  /**
   * For `review`: the tool call that an agent wants to make; `done` with an `output` makes it with that input instead. For
   * `question`: what the agent asks, or the `server` behind the tool; answered by `done` with an `output`.
   */
  subject: z
    .object({
      /** Null: no agent acts. */
      agent: z.string().nullable(),
      tool: z.string().nullable(),
      input: z.unknown(),
      choices: z.array(z.string()).optional(),
      /** It asks, in its own words, and is told the answer. `place`: where it runs when that is not on this machine, in a box. */
      server: z.object({ name: z.string(), place: z.string().nullable() }).optional(),
    })
    .nullable()
    .default(null),
  createdAt: Time,
  expiresAt: Time.nullable(),
  answeredAt: Time.nullable(),
  answeredBy: z.string().nullable(),
  reason: z.string().nullable(),
  labels: Labels,
})
export type Approval = z.infer<typeof Approval>
export const ApprovalDetail = Approval.extend({ preview: Preview.nullable(), before: Preview.nullable() })
export type ApprovalDetail = z.infer<typeof ApprovalDetail>

export const AnswerApproval = z.object({
  answer: z.enum(['approve', 'refuse', 'done', 'not-done', 'stop', 'retry', 'continue']),
  /** What was shown; the answer is refused with `approval-stale` when it differs. */
  hash: z.string(),
  except: z.array(z.string()).default([]),
  exceptGlobs: z.array(z.string()).default([]),
  /** Final effects need their own word. */
  final: z.boolean().default(false),
  reason: z.string().optional(),
  /**
   * `no`: this once. `run`: for this run. `always`: a grant, or with `refuse` a grant that denies, for the permissions in
   * `permissions` (default: the narrowest of `offers`).
   */
  remember: z.enum(['no', 'run', 'always']).default('no'),
  permissions: z.array(z.string()).optional(),
  output: z.unknown().optional(),
})
export type AnswerApproval = z.infer<typeof AnswerApproval>

/** Kinds of resources a person sets a level for. */
export const LevelDomain = z.enum(['files', 'web', 'commands', 'secrets', 'data', 'home', 'models', 'spending'])
export type LevelDomain = z.infer<typeof LevelDomain>
/** `none`: denied. `view`: look freely, deny changes. `suggest`: look freely, ask before changes. `safe`: also what can be undone exactly. `all`. */
export const Level = z.enum(['none', 'view', 'suggest', 'safe', 'all'])
export type Level = z.infer<typeof Level>
/** Presets that write grants; nothing else evaluates them. `custom`: grants were edited since. */
export const DomainLevel = z.object({
  domain: LevelDomain,
  subject: Grant.shape.subject,
  level: Level.or(z.literal('custom')),
  grants: z.array(Id),
})
export type DomainLevel = z.infer<typeof DomainLevel>

/** One line of the audit record: a decision or an effect, linked to the one before by HMAC. */
export const AuditRecord = z.object({
  seq: z.int(),
  at: Time,
  kind: z.enum(['decision', 'effect', 'approval', 'grant', 'run', 'sign-in', 'setting', 'stop', 'checkpoint', 'plugin', 'secret', 'label']),
  actor: z.string(),
  run: Id.nullable(),
  step: z.string().nullable(),
  tool: z.string().nullable(),
  verdict: Verdict.nullable(),
  rule: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
})
export type AuditRecord = z.infer<typeof AuditRecord>
export const AuditVerification = z.object({
  ok: z.boolean(),
  records: z.int(),
  head: z.string(),
  brokenAt: z.int().nullable(),
  message: z.string(),
})
export type AuditVerification = z.infer<typeof AuditVerification>

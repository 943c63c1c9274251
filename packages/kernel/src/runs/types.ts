import type {
  Actor,
  Agent,
  AnswerApproval,
  ApprovalDetail,
  Budget,
  EffectRecord,
  JournalEntry,
  Labels,
  Page,
  PageQuery,
  Plan,
  PlanStatistics,
  Preview,
  PreviewChange,
  ProgressNote,
  Run,
  RunState,
  RunStep,
  Settings,
  StartRun,
  StartUndo,
  TrashItem,
} from '@life-os/contract'
import type { Events } from '../events/index.ts'
import type { Gate } from '../gate/index.ts'
import type { Host } from '../host/index.ts'
import type { Plugins } from '../plugins/index.ts'
import type { Redactor } from '../secrets/index.ts'
import type { Store } from '../store/index.ts'
import type { AgentStep } from '@life-os/contract'
import type { Scope } from '../plans/index.ts'
import type { Outcome } from './interpreter/outcome.ts'
import type { InnerTool } from './calls/toolbox.ts'
import type { Frame, World } from './interpreter/world.ts'

export interface Clock {
  now(): number
  /** Rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
export interface Logger {
  debug(data: object, message: string): void
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}

/** Where plans come from: stored by people or shipped by plugins. */
export interface PlanSource {
  find(id: string): Promise<Plan | null>
  /** Whether a stranger's plugin ships what this id stands for. */
  isStranger?(id: string): Promise<boolean>
}

/** What runs an agent's step: the loop of module `agents`. Everything it does passes through the world that it is handed. */
export interface AgentLoop {
  /** The definition a run freezes; null for an unknown or disabled agent. */
  find(id: string): Promise<Agent | null>
  run(step: AgentStep, input: Record<string, unknown>, scope: Scope, world: World, frame: Frame): Promise<Outcome>
}

export interface RunsDeps {
  store: Store
  events: Events
  plugins: Plugins
  host: Host
  gate: Gate
  plans: PlanSource
  /** Absent: agents' steps fail with `agent-unknown`. */
  agents?: AgentLoop
  /** The kernel's own tools beside those of undo: models, planner. */
  tools?: readonly InnerTool[]
  clock: Clock
  newId(): string
  settings(): Promise<Pick<Settings, 'undoDays' | 'approvalHours' | 'trashLimit'>>
  logger: Logger
  /** Knows what no result, error, preview or note may hold. */
  redactor?: Redactor
  /** Names this folder's process on a shared store; the same after a restart, so that it takes its own runs back at once. */
  instance?: string
  /** Milliseconds a claim holds without renewal. */
  lease?: number
  /** Between 0 and 1, for jitter. */
  random?(): number
}

export type ChangeWithState = PreviewChange & { state: 'proposed' | 'unticked' | 'doing' | 'done' | 'failed' | 'undone' }
export interface RunQuery extends PageQuery {
  state?: RunState | RunState[] | undefined
  plan?: string | undefined
  search?: string | undefined
  /** Runs of others' conversations are left out, and of what stands in them nothing is found or counted. */
  reader?: string | undefined
}

export interface StartOptions {
  /** Of its inputs, where they hold what came from elsewhere (earlier turns of a thread). */
  labels?: Labels | undefined
  /** The person who alone may read it, and all that descends from it. */
  onlyFor?: string | null | undefined
}

/** Executing plans: preview, start, resume, cancel, undo. */
export interface Runs {
  preview(request: StartRun, actor: Actor): Promise<{ run: Run; preview: Preview }>
  start(request: StartRun, actor: Actor, more?: StartOptions): Promise<Run>
  undoPreview(id: string, options: StartUndo, actor: Actor): Promise<{ run: Run; preview: Preview }>
  undo(id: string, options: StartUndo, actor: Actor): Promise<Run>
  /** `budget`: what a run that stopped or is paused may spend from here on; see `raised`. */
  resume(id: string, actor: Actor, budget?: Budget): Promise<Run>
  cancel(id: string, actor: Actor): Promise<Run>
  pause(id: string, actor: Actor): Promise<Run>
  retry(id: string, step: string | undefined, actor: Actor): Promise<Run>
  stopAll(actor: Actor): Promise<{ stopped: number }>
  liftStop(actor: Actor): Promise<void>
  stopped(): boolean
  answer(approval: string, answer: AnswerApproval, actor: Actor): Promise<Run>
  untick(approval: string, except: readonly string[], exceptGlobs: readonly string[], actor: Actor): Promise<ApprovalDetail>
  edit(approval: string, inputs: Record<string, unknown> | undefined, allow: readonly string[], actor: Actor): Promise<ApprovalDetail>
  get(id: string): Promise<Run>
  list(query: RunQuery): Promise<Page<Run>>
  steps(id: string, query: PageQuery): Promise<Page<RunStep>>
  journal(id: string, after: number, limit: number): Promise<{ items: JournalEntry[]; next: number | null }>
  effects(id: string, query: PageQuery): Promise<Page<EffectRecord>>
  changes(id: string, query: PageQuery & { search?: string | undefined }): Promise<Page<ChangeWithState>>
  outputs(id: string): Promise<Record<string, unknown> | null>
  plan(id: string): Promise<Plan>
  previewOf(id: string): Promise<Preview | null>
  /** Runs that steps of this one started, oldest first. */
  children(id: string): Promise<Run[]>
  statistics(plan: string): Promise<PlanStatistics>
  /** `reader`: without what others' conversations removed. */
  trash(query: PageQuery & { reader?: string | undefined }): Promise<Page<TrashItem> & { bytes: number }>
  emptyTrash(actor: Actor): Promise<{ removed: number; bytes: number }>
  restoreTrash(effects: readonly string[], actor: Actor): Promise<{ runs: string[] }>
  /** The daily tidying: makes effects final whose undo date is over or whose trash is beyond the limit, then prunes the store. */
  prune(): Promise<Record<string, number>>
  /** Resolves when the run is done, failed, cancelled, stopped, waiting or paused here. */
  settled(id: string): Promise<Run>
  /** Goes on with what a crash interrupted, here or (on a shared store, once its lease is over) elsewhere. Answers how many runs. */
  recover(): Promise<number>
  onProgress(listener: (note: ProgressNote) => void): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

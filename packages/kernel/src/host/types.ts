import type { CallDenials } from '../gate/index.ts'
import type { CallLabels } from '../labels/types.ts'
import type { Asker, CallAccount } from '../models/types.ts'
import type { Applied, Change, EffectRecord, FileImage, Labels, Need, PreviewWarning, RunEvent } from '@life-os/contract'

/** Serves one tool call's host calls, by dotted name: `fs.move`, `net.fetch`. Arguments and results are JSON plus Uint8Array. */
export interface HostServices {
  handle(service: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown>
}

/** What was decided for this tool call: nothing wider is served. */
export interface CallScope {
  run: string
  path: string
  try: number
  plugin: string
  pluginVersion: string
  tool: string
  key: string
  effect: 'read' | 'write' | 'external'
  /** Reversal that the tool declares; used for effects outside the host's own power to restore. */
  reversal: 'exact' | 'compensate' | 'none'
  /** The exact resources allowed, for example `{ kind: 'fs.write', resource: '/home/ada/Downloads/a.pdf' }`; globs are allowed. */
  allowed: readonly Need[]
  /** Of `allowed`, places that a recording reads nothing from: a person has not answered for them yet. Absent: none. */
  unread?: readonly Need[] | undefined
  /** What grants refuse within `allowed`. Absent: nothing. */
  denies?: CallDenials | undefined
  /** Labels of the input and of the plugin's process, before anything is read. */
  labels: Labels
  /** Collects the labels of what this call reads; the caller joins them to its output. Absent: nobody looks (tests). */
  seen?: CallLabels
  /**
   * `host:port` resources that private data may go to, and places in folders that others read too: those that a person
   * granted by their exact name, or saw in an approved change.
   */
  privateTo?: readonly string[]
  /**
   * Asks for more in the middle of the call and answers what is allowed beside `allowed`. Absent: nobody can be asked.
   * Rejects with `permission-needed` (the call ends, a person is asked) or `permission-refused`.
   */
  request?(needs: readonly Need[]): Promise<readonly Need[]>
  /** What this call may spend of its run, and on whose behalf. Absent: it may spend nothing. */
  account?: CallAccount | undefined
  asker?: Asker | undefined
  /** Progress of what the host does for this call: output of commands as it comes. */
  onOutput?(note: { stream: 'stdout' | 'stderr'; text: string }): void
}

/** Images by absolute path; null means absent. */
export type Images = Record<string, FileImage | null>

/** Where real effects are announced before and after they happen. */
/** What an action on a web page left behind. */
export type PageShown = Pick<Extract<RunEvent, { type: 'page-shown' }>, 'did' | 'url' | 'screenshot' | 'trace' | 'labels'>

export interface EffectSink {
  /** Notes it beside what the call answers. Absent: nobody keeps it (tests). */
  pageShown?(shown: PageShown): void
  /**
   * Called with exactly what is about to happen; resolves once that is durable, with the effect's id.
   * Rejects with `change-not-approved` when the change is not among those approved. May pick among targets:
   * `approved` for the host to ask for the approved resolution of a clash before it looks for a free name.
   */
  begin(change: Change, before: Images): Promise<string>
  /** `answer`: what came back from outside; kept, so that a try that is cut off later is told the same. */
  finish(effect: string, after: Images, change?: Change, answer?: unknown): Promise<void>
  /** The effect turned out not to happen (the primitive failed cleanly before changing anything). */
  abandon(effect: string): Promise<void>
  /** The approved target for a change asked as kind, source and wished target; undefined when no preview bound it. */
  approvedTarget(kind: Change['kind'], from: string | null, wished: string): string | undefined
  /** The exact set of allowed entries: where a preview approved the changes this is them; undefined when grants are the capability. */
  reads?(service: string, resource: string): void
}

/** The predicted world of one preview. One per preview run; every recording host of that run shares it. */
export interface Overlay {
  /** Number of entries that differ from the disk. */
  readonly size: number
}

export interface Recording {
  changes: Change[]
  warnings: PreviewWarning[]
  /** a call whose answer cannot be predicted ended the recording */ unknown: boolean
}

export interface Host {
  /** Services that really act. */
  real(scope: CallScope, sink: EffectSink): HostServices
  createOverlay(): Overlay
  /** Services that read through the overlay and record each mutation into `recording`. An unpredictable call throws `RecordingEnded`. */
  recording(scope: CallScope, overlay: Overlay, recording: Recording): HostServices
  /** Applies already known changes to an overlay (for drift checks and adopted steps). */
  predict(overlay: Overlay, change: Change): Promise<void>
  /** What the present state says of an effect that began and was not seen to finish; leftovers (placeholders) are removed. */
  reconcile(effect: EffectRecord): Promise<{ applied: Applied; after: Images | null }>
  /**
   * Restores one effect's before-image through the given services' own fs calls, so that the undo is itself recorded or journaled.
   * `conflict` tells what to do when the present differs from the after-image.
   */
  restore(effect: EffectRecord, services: RestoreServices, conflict: 'skip' | 'overwrite' | 'keep-both'): Promise<RestoreOutcome>
  /**
   * Where a path really leads, all links resolved; what is missing is kept as it is. For paths that a person gives: calls
   * are held to real places, so an allowed folder that is itself a link must be allowed by the place it leads to.
   */
  canonical(path: string): Promise<string>
  /** Warnings about a folder before a preview: unreadable, network share, owned by a sync client. */
  inspect(path: string): Promise<PreviewWarning[]>
  /** Lets go of what is open for a run that has ended: its pages. */
  endRun(run: string): Promise<void>
  /** Removes what is kept for undo of these effects. Returns bytes freed. */
  forget(effects: readonly EffectRecord[]): Promise<number>
  [Symbol.asyncDispose](): Promise<void>
}
export type RestoreServices = HostServices
export interface RestoreOutcome {
  restored: boolean
  conflict: string | null
}

/** Thrown inside a recording when the next answer cannot be predicted. */
export const RECORDING_ENDED = 'recording-ended'

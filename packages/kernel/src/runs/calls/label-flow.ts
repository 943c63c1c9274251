import { joinLabels, type Label, type LabelSource, type Labels, type ToolDescription } from '@life-os/contract'
import { LABEL_RULES, type Judged } from '../../gate/index.ts'
import { createCallLabels, joinSources, type CallLabels } from '../../labels/index.ts'
import type { Plugins } from '../../plugins/index.ts'
import type { LiveRun } from '../live.ts'

/** The labels of one call, ended with it. */
export type RunningLabels = CallLabels & Disposable

/**
 * How labels flow through plugins' processes: one carries the labels of all that it serves, and what one of its calls
 * reads reaches every call that runs beside it.
 */
export interface LabelFlow {
  /** What a call into this plugin carries whatever its input is. */
  carried(plugin: string): Labels
  /** Calls of this plugin are under way, so that it cannot be started anew without mixing old and new. */
  busy(plugin: string): boolean
  begin(plugin: string, labels: Labels, origins: readonly LabelSource[]): RunningLabels
}

export function createLabelFlow(plugins: Pick<Plugins, 'labels' | 'taint' | 'get'>): LabelFlow {
  const running = new Map<string, Set<CallLabels>>()
  const besides = (plugin: string): Iterable<CallLabels> => running.get(plugin) ?? []
  const carried = (plugin: string): Labels =>
    plugins.get(plugin) ? joinLabels(plugins.labels(plugin), ...[...besides(plugin)].map((call) => call.current)) : []
  return {
    carried,
    busy: (plugin) => (running.get(plugin)?.size ?? 0) > 0,
    begin(plugin, labels, origins) {
      if (!plugins.get(plugin)) return ending(createCallLabels(labels, origins), () => undefined) // the kernel's own tools keep nothing
      const reached = (label: Label, from: string): void => {
        plugins.taint(plugin, [label])
        for (const other of besides(plugin)) if (!other.current.includes(label)) other.add(label, through(plugin, from))
      }
      const call = createCallLabels(labels, origins, reached)
      for (const label of carried(plugin)) if (!call.current.includes(label)) call.add(label, `the process of ${plugin}`)
      for (const label of call.current) reached(label, origins.find((one) => one.label === label)?.from ?? 'what it was given')
      const calls = running.get(plugin) ?? new Set()
      running.set(plugin, calls.add(call))
      const dispose = (): void => {
        plugins.taint(plugin, call.current)
        calls.delete(call)
        if (calls.size === 0 && running.get(plugin) === calls) running.delete(plugin)
      }
      return ending(call, dispose)
    },
  }
}

/** Whoever it went through before, a person is told of the last, and of where it began. */
const through = (plugin: string, from: string): string => `${plugin}, which has seen ${from.replace(/^.*, which has seen /s, '')}`

function ending(call: CallLabels, end: () => void): RunningLabels {
  return {
    get current() {
      return call.current
    },
    get sources() {
      return call.sources
    },
    get explained() {
      return call.explained
    },
    add: (label, from) => call.add(label, from),
    [Symbol.dispose]: end,
  }
}

/**
 * Judges a call with all labels its plugin's process would bring. Where only those stand in the way and nothing of the
 * plugin is under way, its process is started anew, without them.
 */
export async function judgeLabelled(
  flow: LabelFlow,
  plugins: Pick<Plugins, 'restart'>,
  tool: ToolDescription,
  own: Labels,
  judge: (labels: Labels) => Promise<Judged>,
): Promise<Judged & { labels: Labels }> {
  const labels = joinLabels(own, flow.carried(tool.plugin))
  const judged = await judge(labels)
  if (labels.length === own.length || flow.busy(tool.plugin) || !LABEL_RULES.has(judged.decision.rule)) return { ...judged, labels }
  if (LABEL_RULES.has((await judge(own)).decision.rule)) return { ...judged, labels }
  await plugins.restart(tool.plugin)
  const after = joinLabels(own, flow.carried(tool.plugin)) // another call may have begun meanwhile
  return { ...(await judge(after)), labels: after }
}

/** Where labels of this run came from; the first fifty. */
export function noteSources(live: LiveRun, sources: readonly LabelSource[]): void {
  if (sources.length > 0) live.sources = joinSources(live.sources, sources)
}

/** As far as these labels go. */
export function sourcesOf(live: LiveRun, labels: Labels): LabelSource[] {
  return live.sources.filter((source) => labels.includes(source.label))
}

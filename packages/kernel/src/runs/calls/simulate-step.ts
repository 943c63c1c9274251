import { errorShape, type Change, type LabelSource, type Labels, type Need, type Preview, type ToolDescription } from '@life-os/contract'
import type { CallAccount } from '../../models/types.ts'
import { RECORDING_ENDED, type CallScope, type Overlay, type Recording } from '../../host/index.ts'
import type { PluginCall } from '../../plugins/index.ts'
import { nothingKnown } from '../../secrets/index.ts'
import { redactedChange } from '../../store/index.ts'
import { askerOf, type Acting } from '../acting.ts'
import type { RunsContext } from '../context.ts'
import { noteSources, sourcesOf, type RunningLabels } from './label-flow.ts'
import type { LiveRun } from '../live.ts'
import { createPermissionRequests, type Unmet } from '../questions/permission-requests.ts'
import { previewOfChanges } from '../record/preview.ts'

export interface Recorded {
  recording: Recording
  output: { value: unknown } | null
  error: unknown
  /** It asked in vain for more than it declared; what it would do is not known before a person answers. */
  unmet: Unmet | null
  /** Those of the request and of all that was read. */
  labels: Labels
  /** Where the labels of what was read came from. */
  sources: readonly LabelSource[]
}

const RECORD_TIMEOUT = 120_000
/** Models answer slowly. */
const PAYING_TIMEOUT = 600_000

export interface RecordRequest {
  tool: ToolDescription
  acting: Acting
  path: string
  input: unknown
  key: string
  labels: Labels
  /** Where private data may go, see CallScope. */
  privateTo: readonly string[]
  denies: CallScope['denies']
  needs: readonly Need[]
  /** Of these, places that nothing is read from before a person answered. */
  unread?: readonly Need[] | undefined
  overlay: Overlay
  signal: AbortSignal
  /** What it may pay models from. Absent: their answers are not known in this preview. */
  account?: CallAccount | undefined
}

/** Runs a tool's own `run` against the recording host: reads happen, changes are only noted. */
export async function recordCall(context: RunsContext, live: LiveRun, request: RecordRequest): Promise<Recorded> {
  const { tool } = request
  using seen = context.labels.begin(tool.plugin, request.labels, sourcesOf(live, request.labels))
  const requests = createPermissionRequests(context, live, {
    ...request,
    get labels() {
      return seen.current
    },
  })
  const asker = askerOf(live, request.acting, tool, request.path)
  const onProgress: PluginCall['onProgress'] = ({ type, data }) =>
    context.progress({ run: live.id, step: request.path, type, at: context.deps.clock.now(), data })
  const paying = { asker, ...(request.account && { account: request.account }) }
  const recording: Recording = { changes: [], warnings: [], unknown: false }
  const scope = {
    run: live.id,
    path: request.path,
    try: 0,
    plugin: tool.plugin,
    pluginVersion: tool.version,
    tool: tool.id,
    key: request.key,
    effect: tool.effect,
    reversal: tool.reversal,
    allowed: request.needs,
    unread: request.unread,
    labels: request.labels,
    seen,
    privateTo: request.privateTo,
    denies: request.denies,
    request: requests.request,
    ...paying,
  }
  const services = requests.watched(context.deps.host.recording(scope, request.overlay, recording))
  try {
    const value = await context.toolbox.invoke({
      tool: tool.id,
      method: 'run',
      input: request.input,
      key: request.key,
      phase: 'preview',
      services,
      signal: request.signal,
      timeout: request.account ? PAYING_TIMEOUT : RECORD_TIMEOUT,
      labels: request.labels,
      ...paying,
      ...(request.account && { onProgress }),
    })
    const unmet = requests.unmet()
    return { recording, output: recording.unknown || unmet ? null : { value }, error: null, unmet, ...seenBy(seen) }
  } catch (error) {
    const ended = recording.unknown || errorShape(error).code === RECORDING_ENDED
    const unmet = requests.unmet()
    return { recording, output: null, error: ended || unmet ? null : error, unmet, ...seenBy(seen) }
  } finally {
    const redactor = context.deps.redactor ?? nothingKnown
    recording.changes = recording.changes.map((change) => redactedChange(change, redactor))
    recording.warnings = redactor.value(recording.warnings)
    noteSources(live, seen.sources)
  }
}

const seenBy = ({ current: labels, sources }: RunningLabels) => ({ labels, sources })

/** A preview of one step alone, as approvals in the middle of a run show it. */
export function stepPreview(live: LiveRun, path: string, changes: readonly Change[], labels: Labels): Preview {
  return previewOfChanges(
    live,
    changes.map((change, index) => ({ id: `${path}#${index}`, step: path, change, labels: [...labels] })),
    sourcesOf(live, labels),
  )
}

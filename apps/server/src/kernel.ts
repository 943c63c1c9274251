import type { Plan } from '@life-os/contract'
import type { AgentBook, Preferences } from '@life-os/kernel/agents'
import type { Auth } from '@life-os/kernel/auth'
import type { Events } from '@life-os/kernel/events'
import type { Gate } from '@life-os/kernel/gate'
import type { LabelBook } from '@life-os/kernel/labels'
import type { Models } from '@life-os/kernel/models'
import type { PlanBook } from '@life-os/kernel/planbook'
import type { Mcp } from '@life-os/kernel/mcp'
import type { Planner } from '@life-os/kernel/planner'
import type { Plugins } from '@life-os/kernel/plugins'
import type { Runs } from '@life-os/kernel/runs'
import type { Sandbox } from '@life-os/kernel/sandbox'
import type { Secrets } from '@life-os/kernel/secrets'
import type { SettingsStore } from '@life-os/kernel/settings'
import type { Store } from '@life-os/kernel/store'
import type { Counters, Logger } from '@life-os/kernel/telemetry'
import type { RunReaders, Threads } from '@life-os/kernel/threads'

/** The wired kernel: what the API serves and the command line calls in process. */
export interface Kernel {
  readonly home: string
  readonly version: string
  readonly startedAt: number
  readonly store: Store
  readonly events: Events
  readonly sandbox: Sandbox
  /** Also MCP servers, as `mcp-<id>`. */
  readonly plugins: Plugins
  readonly mcp: Mcp
  readonly secrets: Secrets
  readonly labels: LabelBook
  readonly settings: SettingsStore
  readonly models: Models
  readonly auth: Auth
  readonly plans: PlanBook
  readonly planner: Planner
  readonly gate: Gate
  readonly runs: Runs
  readonly threads: Threads
  readonly readers: RunReaders
  readonly agents: AgentBook
  readonly preferences: Preferences
  readonly mermaid: (plan: Plan) => string
  readonly logger: Logger
  readonly counters: Counters
  /** Stops taking steps, flushes what is pending and frees everything, newest first. */
  close(): Promise<void>
}

import type { Change } from '@life-os/contract'

/** A call of a server of the Model Context Protocol, as the host announces it. Made by module `mcp`, never by a plugin. */
export interface McpAsk {
  /** `mcp-<id>`: also the program that grants name. */
  plugin: string
  /** `read`: it changes nothing that lasts, and is really made in a preview. */
  effect: 'read' | 'external'
  /** Of a server in a box; folders under their own, real paths. */
  mounts: readonly { path: string; access: 'read' | 'write' }[]
  /** `host:port` places that it reaches. */
  network: readonly string[]
  transport: 'stdio' | 'http'
  /** What a person is shown; its mounts are those above. */
  change: Extract<Change, { kind: 'command-run' | 'request-send' }>
}

/** Where a call is made, once the host has let it through. */
export interface McpDoor {
  /** Whether a process already runs that may serve the call. */
  live(): boolean
  /** `mounts`: what a new process is to see; null where one runs or none is needed. `once`: it must not outlive the call. */
  call(box: { mounts: readonly McpMount[]; once: boolean } | null, signal: AbortSignal): Promise<unknown>
}
export interface McpMount {
  from: string
  to: string
  access: 'read' | 'write'
}

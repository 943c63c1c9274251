import { EXIT } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'

export interface StartCommandOptions {
  background?: boolean
  open?: boolean
  port?: number
  host?: string
  listen?: boolean
  allowHost?: string[]
}

/** Starts the server, or points at the one that runs. Undefined while it runs in this process. */
export async function start({ allowHost, ...options }: StartCommandOptions): Promise<Exit | undefined> {
  const { serve } = await import('@life-os/server')
  const code = await serve({ ...options, ...(allowHost && { allowHosts: allowHost }) })
  return code === undefined ? undefined : code === 0 ? EXIT.done : EXIT.failed
}

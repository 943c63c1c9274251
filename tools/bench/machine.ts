import { cpus, release, totalmem } from 'node:os'
import { loadavg } from 'node:os'

export interface Machine {
  cores: number
  model: string
  memory: string
  system: string
  node: string
  load: number
  at: string
}

/** What the figures depend on; nothing that names a machine. */
export function describeMachine(): Machine {
  const processors = cpus()
  return {
    cores: processors.length,
    model: processors[0]?.model.trim() ?? 'unknown',
    memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    system: `${process.platform} ${release().split('-')[0]}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    at: new Date().toISOString().slice(0, 10),
  }
}

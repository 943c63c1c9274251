import { milliseconds } from '@life-os/contract'
import type { Manifest } from '@life-os/contract'

export interface ProcessLimits {
  /** MiB of JavaScript heap. */
  memory: number
  pids: number | undefined
  /** Part of one core. */
  cpu: number | undefined
  /** Milliseconds without a call. */
  idleAfter: number
}

const DEFAULT_MEMORY = 256

/** What a manifest asks for, with what it leaves open. */
export function limitsOf({ limits }: Manifest, idleStop: number): ProcessLimits {
  return {
    memory: mebibytes(limits?.memory) ?? DEFAULT_MEMORY,
    pids: limits?.pids,
    cpu: limits?.cpu,
    idleAfter: limits?.idleStop === undefined ? idleStop : milliseconds(limits.idleStop) || idleStop,
  }
}

/** `256M` or `1G` as MiB. */
function mebibytes(text: string | undefined): number | null {
  const match = /^(\d+)\s*([MG])i?B?$/i.exec(text ?? '')
  if (!match) return null
  return Number(match[1]) * (match[2]?.toUpperCase() === 'G' ? 1024 : 1)
}

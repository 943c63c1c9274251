import type { Model, ProviderConfig } from '@life-os/contract'
import type { Transport } from '../wire/transport.ts'

/** A model as a provider tells of it; prices and qualification are added above. */
export type Listed = Omit<Model, 'price' | 'qualification'>

export interface ListCall {
  config: ProviderConfig
  local: boolean
  transport: Transport
  /** LM Studio has its own API beside the compatible one. */
  origin: string
  signal: AbortSignal
}

/** Weights and about a quarter more for the context and the runtime; bytes. */
export function memoryFor(size: number): number {
  return Math.round(size * 1.25)
}

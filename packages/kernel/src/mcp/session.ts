import type { McpServerConfig } from '@life-os/contract'
import type { McpMount } from '../host/index.ts'
import { serveAsks } from './asks.ts'
import type { AsksDeps } from './flight.ts'
import { connect } from './connection.ts'
import type { ConnectDeps, Connection, ConnectOptions } from './connection.ts'
import { LIMITS } from './limits.ts'
import { listAll } from './listing.ts'
import type { Listing } from './types.ts'

export interface SessionOptions {
  config: McpServerConfig
  mounts: readonly McpMount[]
  secretEnv: Readonly<Record<string, string>>
  asks: Pick<AsksDeps, 'inFlight' | 'wantsModel'>
  note(line: string): void
  /** It says that its tools are others now. */
  onToolsChanged(): void
}
/** A server that said hello and was asked what it offers. */
export interface Session extends Connection {
  readonly listing: Listing
  /** Asks again what it offers. */
  relist(): Promise<Listing>
}

/** Which protocol is spoken could not be found out. */
async function isUnheard(error: unknown): Promise<boolean> {
  const { SdkError, SdkErrorCode } = await import('@modelcontextprotocol/client')
  return error instanceof SdkError && error.code === SdkErrorCode.EraNegotiationFailed
}

export async function openSession(deps: ConnectDeps, options: SessionOptions, signal: AbortSignal): Promise<Session> {
  const { config, note } = options
  const prepare: ConnectOptions['prepare'] = (client) =>
    serveAsks(client, { config, note, ...options.asks, endsByItself: () => client.getProtocolEra() === 'modern' })
  const connection = await connect(deps, { ...options, signal, prepare, era: 'auto' }).catch(async (error: unknown) => {
    if (config.transport.kind === 'http' || signal.aborted || !(await isUnheard(error))) throw error
    return connect(deps, { ...options, signal, prepare, era: 'legacy' }) // one that ends at words it does not know
  })
  try {
    const listing = await listAll(connection.client, signal)
    return { ...connection, listing, relist: () => listAll(connection.client, AbortSignal.timeout(LIMITS.hello)) }
  } catch (error) {
    await connection.close()
    throw error
  }
}

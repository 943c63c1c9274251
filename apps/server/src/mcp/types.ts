import type { ContractRouterClient } from '@orpc/contract'
import type { Contract, Scope } from '@life-os/contract'

/** Whom an MCP client acts for, and what it may do with what it hears. */
export interface McpCaller {
  /** The API as this caller may use it: it refuses what their scopes do not allow. */
  client: ContractRouterClient<Contract>
  scopes: ReadonlySet<Scope>
  /** Names the caller, so that what one of them was told cannot be used by another. */
  id: string
  /** Where a person looks at runs and answers questions; null when no web is served. */
  address: string | null
  /** Results with the label `private` are told too: the person said so for this client. */
  showsPrivate: boolean
}

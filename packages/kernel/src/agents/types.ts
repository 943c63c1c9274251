import type { Agent, AgentStatistics, AgentVersion, Preference, StoredAgent } from '@life-os/contract'

/** Agents: shipped by plugins in `src/agents/*.yaml`, changed and added by people, each save a version. */
export interface AgentBook {
  list(): Promise<StoredAgent[]>
  /** The definition that stands for the id now; null for an unknown or disabled one. */
  find(id: string): Promise<Agent | null>
  get(id: string): Promise<StoredAgent>
  /** Errors: `agent-invalid` with the faults, `agent-version-old`. */
  save(agent: Agent, by: string): Promise<StoredAgent>
  /** An own agent goes; a changed bundled one goes back to what is shipped. */
  remove(id: string, by: string): Promise<void>
  enable(id: string, enabled: boolean, by: string): Promise<StoredAgent>
  versions(id: string): Promise<AgentVersion[]>
  rollback(id: string, version: string, by: string): Promise<StoredAgent>
  statistics(id: string): Promise<AgentStatistics>
}

/** Sentences about how a person wants things done. Only `kept` ones are told to models. */
export interface Preferences {
  list(agent?: string): Promise<Preference[]>
  /** Sentences for an agent's instructions, most recent first, at most 20. */
  kept(agent: string): Promise<string[]>
  add(sentence: string, agent: string | null, by: string): Promise<Preference>
  set(id: string, patch: { state?: Preference['state'] | undefined; sentence?: string | undefined }, by: string): Promise<Preference>
  remove(id: string, by: string): Promise<void>
  /** Looks at what people decided lately and proposes sentences; answers how many are new. */
  derive(): Promise<number>
}

import type { Agent, AgentStatistics, AgentVersion, Labels, Preference, StoredAgent, ToolDescription } from '@life-os/contract'

/** An agent with what it comes to on this machine now. */
export interface AgentDetail extends StoredAgent {
  toolList: ToolDescription[]
  /** What its tools may ever ask for, held within its own cap; most dangerous first. */
  permissions: string[]
  /** Tools and agents that it names and that are not there. */
  missing: string[]
}

/** Agents: shipped by plugins in `src/agents/*.yaml`, changed and added by people, each save a version. */
export interface AgentBook {
  list(): Promise<StoredAgent[]>
  /** The definition that stands for the id now; null for an unknown or disabled one. */
  find(id: string): Promise<Agent | null>
  /** Error: `agent-unknown`, which says what to do where its plugin is gone. */
  get(id: string): Promise<AgentDetail>
  /**
   * Saves a new version; one that is not higher than every version before is raised. An agent that says the same as the one
   * that stands stays as it is. Error: `agent-invalid` with details.faults.
   */
  save(agent: Agent, by: string): Promise<StoredAgent>
  /** An own agent goes with its versions; a changed bundled one goes back to what is shipped. Error: `agent-bundled`. */
  remove(id: string, by: string): Promise<void>
  enable(id: string, enabled: boolean, by: string): Promise<StoredAgent>
  /** Newest first; of a changed bundled one also what was shipped. */
  versions(id: string): Promise<AgentVersion[]>
  /** What an earlier version said, as a new version. Error: `agent-version-unknown`. */
  rollback(id: string, version: string, by: string): Promise<StoredAgent>
  statistics(id: string): Promise<AgentStatistics>
}

/** A sentence for an agent's instructions. What speaks of a private place carries that label into the call of the model. */
export interface KeptSentence {
  sentence: string
  labels: Labels
}

/** Sentences about how a person wants things done. Only `kept` ones are told to models. */
export interface Preferences {
  list(agent?: string): Promise<Preference[]>
  /** For an agent's instructions, most recent first, at most 20. Those labelled private are for local models alone. */
  kept(agent: string): Promise<KeptSentence[]>
  add(sentence: string, agent: string | null, by: string): Promise<Preference>
  set(id: string, patch: { state?: Preference['state'] | undefined; sentence?: string | undefined }, by: string): Promise<Preference>
  /** Forgets the sentence and the decisions that led to it; later ones may lead to it again. */
  remove(id: string, by: string): Promise<void>
  /** Looks at what people decided lately and proposes sentences; answers how many are new. */
  derive(): Promise<number>
}

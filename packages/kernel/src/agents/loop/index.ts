export { createAgentLoop } from './loop.ts'
export { ASK_PERSON, DELEGATE, START_PLAN } from './pseudo.ts'
export type { AgentLoopDeps, LoopSeeker, TurnInput, TurnOutput, WithoutModel } from './types.ts'

export { createThreads } from './create.ts'
export { createTurnTool } from './turn/tool.ts'
export { chatTurn } from './turn/plan.ts'
export type { NewThread, Sent, Speaker, ThreadChange, Threads, ThreadsDeps, ToSend } from './types.ts'

export { createThreads } from './create.ts'
export { createThreadTools } from './tools.ts'
export { chatTurn } from './turn/plan.ts'
export type { NewThread, Sent, Speaker, ThreadChange, Threads, ThreadsDeps, ToSend } from './types.ts'

export { createHashMemory, createLabelling } from './labelling.ts'
export type { HashMemory, LabelledScope, Labelling } from './labelling.ts'
export { labelCommands } from './commands.ts'
export { PRIVATE_NOT_ALLOWED, checkPrivateHost } from './private.ts'

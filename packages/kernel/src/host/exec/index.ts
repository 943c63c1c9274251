export { createExecServices } from './services.ts'
export type { ExecContext } from './context.ts'

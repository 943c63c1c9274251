export type { BrowserHost } from './context.ts'
export { createBrowserHost } from './create.ts'
export { createBrowserServices } from './services.ts'

export { fetchSource } from './fetch.ts'
export type { Fetched } from './fetch.ts'
export { SOURCE_LIMITS } from './limits.ts'
export type { SourceLimits } from './limits.ts'

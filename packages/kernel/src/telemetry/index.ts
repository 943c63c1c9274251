export { REDACTED, createLogger } from './logger.ts'
export type { Logger, LoggerOptions } from './logger.ts'
export { createCounters } from './counters.ts'
export type { Counters } from './counters.ts'

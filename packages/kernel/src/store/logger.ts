/** The part of the platform's logger that the store uses. */
export interface StoreLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const ignore = (): void => undefined
export const silentLogger: StoreLogger = { info: ignore, warn: ignore, error: ignore }

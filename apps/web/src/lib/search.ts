/** Leaves empty texts out, so that the address of a view says only what it is cut down to. */
export const withoutEmpty = <T extends Record<string, unknown>>(search: T): T =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== '' && value !== undefined)) as T // every part of it is optional

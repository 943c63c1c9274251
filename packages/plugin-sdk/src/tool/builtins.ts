/** Node's own modules that compute and reach nothing: the only ones a plugin may import. */
const HARMLESS = new Set([
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'constants',
  'crypto',
  'events',
  'path',
  'path/posix',
  'path/win32',
  'perf_hooks',
  'punycode',
  'querystring',
  'stream',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'timers',
  'timers/promises',
  'url',
  'util',
  'util/types',
  'zlib',
])

/** `node:path` and `path` are; `node:fs` is not. */
export const isHarmlessBuiltin = (name: string): boolean => HARMLESS.has(name.startsWith('node:') ? name.slice('node:'.length) : name)

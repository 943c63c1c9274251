import { realpath } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { isHarmlessBuiltin } from '@life-os/plugin-sdk/tool'
import type { Plugin as BundlerPlugin } from 'rolldown'

/** What a plugin gets from the SDK's one bundle instead of carrying its own copy. */
export const SHARED: Readonly<Record<string, string>> = {
  '@life-os/plugin-sdk': '../../sdk/index.js',
  zod: '../../sdk/zod.js',
  'zod/v4': '../../sdk/zod.js',
}
export const isShared = (id: string): boolean => Object.hasOwn(SHARED, id)

/**
 * `require('stream')` of a CommonJS library becomes an import. Left alone it would turn into `createRequire` from
 * `node:module`, which no plugin may have.
 */
export function requiredBuiltins(): BundlerPlugin {
  const PREFIX = '\0builtin:'
  return {
    name: 'required-builtins',
    resolveId: (id, _importer, { kind }) => (kind === 'require-call' && isBuiltin(id) ? PREFIX + id : null),
    load: (id) =>
      id.startsWith(PREFIX)
        ? `export { default as 'module.exports' } from ${JSON.stringify(`node:${id.slice(PREFIX.length).replace(/^node:/, '')}`)}`
        : null,
  }
}

/** An optional dependency that is not installed (linkedom's `canvas`) throws when it is required, as it would unbundled. */
export function missingOptional(): BundlerPlugin {
  const PREFIX = '\0missing:'
  return {
    name: 'missing-optional',
    async resolveId(id, importer, { kind }) {
      if (kind !== 'require-call' || id.startsWith('.') || id.startsWith('\0') || isBuiltin(id) || isShared(id)) return null
      return (await this.resolve(id, importer, { kind, skipSelf: true })) ? null : PREFIX + id
    },
    load: (id) =>
      id.startsWith(PREFIX)
        ? `module.exports = {}; throw Object.assign(new Error(${JSON.stringify(`${id.slice(PREFIX.length)} is not bundled`)}), { code: 'MODULE_NOT_FOUND' })`
        : null,
  }
}

/** The bundler's own helpers; what they import is dropped where it is not used. */
export const isBundlersOwn = (importer: string | undefined): boolean => importer?.startsWith('\0rolldown/') ?? false

/** A stranger's imports: the SDK, Zod, harmless builtins and files that really lie in its own folder; the rest ends the build. */
export function closedFolder(folder: string): BundlerPlugin {
  return {
    name: 'closed-folder',
    async resolveId(id, importer, { kind, isEntry }) {
      if (isShared(id) || id.startsWith('\0')) return null
      if (isBuiltin(id)) {
        if (!isHarmlessBuiltin(id)) throw refusal(id, importer, folder, 'use the host services (host.fs, host.net)')
        return { id: id.startsWith('node:') ? id : `node:${id}`, external: true, moduleSideEffects: false }
      }
      if (/^[a-z][a-z0-9+.-]+:/i.test(id)) throw refusal(id, importer, folder, 'only its own files, the SDK and Zod can be imported')
      const found = await this.resolve(id, importer, { kind, isEntry: isEntry ?? false, skipSelf: true })
      if (found === null && kind === 'require-call') return null // optional: throws when it is reached
      if (found === null || found.external)
        throw refusal(id, importer, folder, 'it is not in the folder (links are not followed, nothing is installed)')
      if (found.id.startsWith('\0')) return found
      const file = found.id.split('?')[0] ?? found.id
      const real = await realpath(file).catch(() => '')
      if (!real.startsWith(`${folder}${path.sep}`)) throw refusal(id, importer, folder, 'it lies outside of the folder')
      return found
    },
  }
}

function refusal(id: string, importer: string | undefined, folder: string, why: string): Error {
  const from = importer === undefined ? 'manifest.json' : path.relative(folder, importer)
  return new Error(`A plugin may not import ${JSON.stringify(id).slice(0, 200)} (in ${from}): ${why}.`)
}

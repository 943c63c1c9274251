// Small file helpers that every part of set-up shares.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from './say.mjs'

/** The parsed file, or undefined where it is missing or not JSON. @param {string} file */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Writes beside the target and renames, so that a reader never sees half a file. @param {string} file @param {unknown} value */
export function writeJson(file, value) {
  const partial = `${file}.${process.pid}.partial`
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`)
    renameSync(partial, file)
  } catch (error) {
    throw writeFailure(error, path.dirname(file))
  }
}

/** The sentence for a write that the system refused. @param {unknown} error @param {string} folder */
export function writeFailure(error, folder) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new SetupError(`The disk is full: free about 1 GB for ${folder}, then run the command again.`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new SetupError(
      `Life-OS cannot write to ${folder}: make it writable for you, or clone the repository into a folder of your own.`,
      { cause: error },
    )
  return error
}

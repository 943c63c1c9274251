// Where set-up keeps things. Everything lies inside the checkout, so that deleting the folder removes it all.
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The runtime, the lock, npm's log and, where the home folder cannot hold it, npm's cache. */
export const runtimeFolder = path.join(root, '.node')
export const runtimeStamp = path.join(runtimeFolder, 'ready.json')
export const lockFile = path.join(runtimeFolder, 'setup.lock')
export const logFile = path.join(runtimeFolder, 'setup.log')

/** These lie in node_modules, because they say something about it: who deletes node_modules deletes them too. */
export const modulesFolder = path.join(root, 'node_modules')
export const stampFolder = path.join(modulesFolder, '.life-os')
export const modulesStamp = path.join(stampFolder, 'modules.json')
export const buildStamp = path.join(stampFolder, 'build.json')

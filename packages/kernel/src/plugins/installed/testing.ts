import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Manifest } from '@life-os/contract'
import type { Store } from '../../store/index.ts'
import { createPlugins } from '../create.ts'
import type { PluginsDeps } from '../create.ts'
import { buildFixtures } from '../testing.ts'
import type { Plugins } from '../types.ts'

export interface Written {
  id?: string
  /** What its tool `<id>.say` answers. */
  word?: string
  /** Put in front of its code. */
  top?: string
  /** In the place of its whole code. */
  code?: string
  manifest?: Partial<Manifest> & Record<string, unknown>
}

/** Writes an author's folder: one tool that says a word, and one that says it slowly. */
export function writePlugin(folder: string, { id = 'guest', word = 'hello', top = '', code, manifest }: Written = {}): string {
  mkdirSync(path.join(folder, 'src'), { recursive: true })
  const whole = {
    id,
    name: 'A guest',
    version: '1.0.0',
    sdk: '^1.0.0',
    description: 'Says a word.',
    author: 'A stranger',
    license: 'MIT',
    category: 'test',
    entry: 'src/index.ts',
    permissions: [{ permission: 'fs.read:/tmp/**', reason: 'To read what you name.' }],
    tools: [`${id}.say`, `${id}.wait`],
    ...manifest,
  }
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(whole))
  writeFileSync(path.join(folder, 'src', 'word.ts'), `export const word: string = ${JSON.stringify(word)}\n`)
  writeFileSync(path.join(folder, 'src', 'index.ts'), code ?? `${top}\n${codeOf(id)}`)
  return folder
}

const codeOf = (id: string): string => `
import { definePlugin, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { word } from './word.ts'
let served = 0
const times = new Map<string, number>()
const base = { title: 'Say', description: 'Says a word.', effect: 'read' as const, output: z.object({ word: z.string(), served: z.int() }) }
export default definePlugin({
  tools: [
    defineTool({ ...base, id: '${id}.say', input: z.object({}), run: async () => ({ word, served: ++served }), examples: [] }),
    defineTool({
      ...base, id: '${id}.wait', input: z.object({}), output: z.object({ word: z.string(), served: z.int(), times: z.int() }),
      async run(_, host) {
        times.set(host.key, (times.get(host.key) ?? 0) + 1)
        host.progress({ done: 0 })
        await host.clock.now()
        return { word, served: ++served, times: times.get(host.key) ?? 0 }
      },
    }),
  ],
})
`

/** Plugins over a store with nothing bundled but the fixtures, as a server has them. */
export async function openPlugins(store: Store, more: Partial<PluginsDeps> = {}): Promise<Plugins> {
  const logger = { info: () => undefined, warn: () => undefined }
  return createPlugins({ store, home: store.home, builds: [await buildFixtures()], logger, ...more })
}

import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { hashBytes } from '../fs/content.ts'

const known = z.object({
  kind: z.enum(['file', 'folder', 'link']),
  size: z.number(),
  mode: z.number(),
  mtime: z.number(),
  target: z.string().optional(),
  hash: z.string().optional(),
})
const step = z.discriminatedUnion('do', [
  z.object({ do: z.literal('remove'), path: z.string(), before: known }),
  z.object({ do: z.literal('make-folder'), path: z.string() }),
  z.object({ do: z.literal('write'), path: z.string(), blob: z.string(), size: z.number(), before: z.string().nullable() }),
])
const keptView = z.object({
  /** What the folder held when the command ran on its copy. */
  tree: z.string(),
  /** `shown`: nothing of it was applied; `applying`: some of it may be; `applied`: all of it was. */
  state: z.enum(['shown', 'applying', 'applied']),
  steps: z.array(step),
  result: z.object({
    code: z.number().nullable(),
    signal: z.string().nullable(),
    stdout: z.string(),
    stderr: z.string(),
    cut: z.enum(['time', 'memory', 'output']).nullable(),
    duration: z.number(),
  }),
})
export type KeptView = z.infer<typeof keptView>
/** One thing to be done to the real folder; `path` is below it, bytes are in a blob. */
export type ViewStep = z.infer<typeof step>

/** Older notes belong to approvals that are over. */
const KEPT = 90 * 24 * 3_600_000

export interface KeptViews {
  find(): Promise<KeptView | null>
  save(view: KeptView): Promise<void>
}

/** What a command did to a view, kept under its call and command, so that what was shown is what is applied, also after a crash. */
export function keptViewOf(home: string, call: string, command: string): KeptViews {
  const folder = path.join(home, 'views')
  const file = path.join(folder, hashBytes(`${call} ${command}`))
  return {
    async find() {
      const text = await fs.readFile(file, 'utf8').catch(() => 'null')
      return keptView.safeParse(parse(text)).data ?? null
    },
    async save(view) {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 })
      const fresh = `${file}.${process.pid}.${Math.round(performance.now() * 1000)}`
      const handle = await fs.open(fresh, 'wx', 0o600)
      try {
        await handle.writeFile(JSON.stringify(view))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await fs.rename(fresh, file)
      await forgetOld(folder)
    },
  }
}

async function forgetOld(folder: string): Promise<void> {
  const before = Date.now() - KEPT
  for (const name of await fs.readdir(folder)) {
    const stats = await fs.stat(path.join(folder, name)).catch(() => null)
    if (stats && stats.mtimeMs < before) await fs.rm(path.join(folder, name), { force: true })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // damaged: the command runs again and what it would do is compared with what was approved
  }
}

import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { targetOf } from './rules.ts'
import type { Rule } from './rules.ts'

const MOST = 1000
/** Milliseconds: what arrives between a look and the next watch is not told of. */
const LOOK_AGAIN = 5000
const Below = z
  .string()
  .regex(/^[^/]+(\/[^/]+)*$/, 'a folder below the watched one, like “Papers” or “Papers/New”')
  .refine((path) => !path.split('/').includes('..'), 'it must stay below the watched folder')

const Input = z.object({
  folder: z
    .string()
    .regex(/^\/.*[^/]$/, 'an absolute path without a slash at its end')
    .describe('The folder to sort'),
  rules: z
    .array(z.object({ match: z.string().min(1).max(255).describe('A name, `*` for any characters'), to: Below.describe('Where to') }))
    .min(1)
    .max(100)
    .describe('The first one that fits wins'),
  seconds: z.int().min(0).max(600).default(0).describe('How long to sort what arrives'),
})

export const sort = defineTool({
  id: 'inbox-sorter.sort',
  title: 'Sort a folder, and what arrives in it',
  description: 'Moves the files of a folder into folders below it, by rules, and for a while those that arrive.',
  input: Input,
  output: z.object({ moved: z.array(z.object({ from: z.string(), to: z.string() })).describe('In the order in which they were moved') }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.write': ['folder'] },
  run: async ({ folder, rules, seconds }, host) => {
    const until = (await host.clock.now()) + seconds * 1000
    const moved = await moveAll(await namesIn(folder, host), { folder, rules }, host)
    for (let left = seconds * 1000; left > 0; left = until - (await host.clock.now())) {
      host.progress({ done: moved.length, unit: 'files', now: folder })
      await host.fs.watch(folder, { timeout: Math.min(left, LOOK_AGAIN) })
      moved.push(...(await moveAll(await namesIn(folder, host), { folder, rules }, host)))
    }
    return { moved }
  },
  examples: [
    {
      title: 'What lies there',
      input: {
        folder: '/home/ada/Downloads',
        rules: [
          { match: '*.pdf', to: 'Papers' },
          { match: 'img_*.jpg', to: 'Pictures/New' },
        ],
      },
      output: {
        moved: [
          { from: '/home/ada/Downloads/IMG_0412.jpg', to: '/home/ada/Downloads/Pictures/New/IMG_0412.jpg' },
          { from: '/home/ada/Downloads/invoice.pdf', to: '/home/ada/Downloads/Papers/invoice.pdf' },
        ],
      },
    },
  ],
})

/** Looking again costs little, and a name that was noticed may be gone by now. */
async function namesIn(folder: string, host: HostV1): Promise<string[]> {
  const entries = await host.fs.list(folder, { hidden: false, maxDepth: 1 })
  const files = entries.filter(({ kind }) => kind === 'file')
  if (files.length > MOST)
    throw new LifeOsError('too-many-files', `${folder} holds more than ${MOST} files. Sort a smaller folder, or move some by hand first.`)
  return files.map(({ name }) => name)
}

async function moveAll(names: readonly string[], { folder, rules }: { folder: string; rules: readonly Rule[] }, host: HostV1) {
  const moved: { from: string; to: string }[] = []
  for (const name of names) {
    const to = targetOf(name, rules)
    if (to === null) continue
    const from = `${folder}/${name}`
    moved.push({ from, to: (await host.fs.move(from, `${folder}/${to}/${name}`)).path })
  }
  return moved
}

import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { byPath, listOptions, sniffAll, toEntry } from '../entries.ts'
import { Entry, Path, walkOptions } from '../schemas.ts'

export const list = defineTool({
  id: 'files.list',
  title: 'List a folder',
  description:
    'Lists what is in a folder with kind, size and times; on wish with everything below it, filtered by globs, and with what each file is by its content. Links are listed and never followed.',
  input: z.object({
    path: Path.describe('The folder'),
    ...walkOptions,
    sniff: z.boolean().default(false).describe('Also tell `mime` and `group` of each file by its content'),
    max: z.int().min(1).max(1_000_000).default(100_000).describe('Fail with `list-too-long` rather than list more than this'),
    maxDepth: z.int().min(1).max(1000).optional().describe('How many levels of folders to go down'),
  }),
  output: z.object({
    path: z.string().describe('The folder that was listed'),
    files: z.array(Entry).describe('Everything found, by path'),
    bytes: z.int().describe('Sum of the sizes of the files'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['path', "${{ input.path + '/**' }}"] },
  run: async (input, host) => {
    const stats = (await host.fs.list(input.path, listOptions(input))).toSorted(byPath)
    const readable = stats.filter((stat) => stat.kind === 'file' && stat.unreadable === undefined).map((stat) => stat.path)
    const sniffed = await sniffAll(input.sniff ? readable : [], host)
    const known = new Map(sniffed.read.map((found) => [found.path, found]))
    const refused = new Map(sniffed.skipped.map((skipped) => [skipped.path, skipped.reason]))
    const files = stats.map((stat) => toEntry(stat, known.get(stat.path), refused.get(stat.path)))
    const bytes = files.reduce((sum, file) => sum + (file.kind === 'file' ? file.size : 0), 0)
    return { path: input.path, files, bytes }
  },
  examples: [
    { title: 'Everything in a folder', input: { path: '/home/ada/Downloads', exclude: ['*.zip'] } },
    {
      title: 'All photos below a folder, recognised by content',
      input: { path: '/home/ada/Pictures', recursive: true, include: ['**/*.jpg'], sniff: true },
    },
  ],
})

import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { groupByHash, sameSize } from '../duplicates.ts'
import { listOptions, readMany } from '../entries.ts'
import { Path, walkOptions } from '../schemas.ts'

export const findDuplicates = defineTool({
  id: 'files.find-duplicates',
  title: 'Find duplicate files',
  description:
    'Finds files with the same content, whatever their names: first by size, then by fingerprint. Says which one to keep and how many bytes the others waste. Changes nothing.',
  input: z.object({
    path: Path.describe('The folder'),
    ...walkOptions,
    recursive: walkOptions.recursive.default(true),
    minSize: z.int().min(0).default(1).describe('Leave out smaller files, in bytes; 1 leaves out empty ones'),
    keep: z
      .enum(['oldest', 'newest', 'shortest-path'])
      .default('oldest')
      .describe('Which one of equal files to keep; ties fall to the shorter path'),
    max: z.int().min(1).max(1_000_000).default(100_000).describe('Fail with `list-too-long` rather than look at more entries than this'),
  }),
  output: z.object({
    groups: z
      .array(
        z.object({
          hash: z.string().describe('SHA-256 of the content'),
          size: z.int().describe('Bytes of one'),
          keep: z.string().describe('The one to keep'),
          remove: z.array(z.string()).describe('The others'),
          wasted: z.int().describe('Bytes of the others'),
        }),
      )
      .describe('Groups of equal files, most wasted bytes first'),
    extra: z
      .array(z.object({ path: z.string(), keep: z.string(), size: z.int() }))
      .describe('Every file that could go, with the one that stays'),
    files: z.int().describe('How many files were looked at'),
    wasted: z.int().describe('Bytes of all that could go'),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })).describe('Files that vanished or cannot be read'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['path', "${{ input.path + '/**' }}"] },
  run: async (input, host) => {
    const stats = await host.fs.list(input.path, listOptions(input))
    const candidates = sameSize(stats, input.minSize)
    const paths = candidates.map((file) => file.path)
    const hashed = await readMany(paths, host, (portion) => host.fs.hash(portion))
    const groups = groupByHash(candidates, new Map(hashed.read.map((file) => [file.path, file.hash])), input.keep)
    return {
      groups,
      extra: groups.flatMap((group) => group.remove.map((path) => ({ path, keep: group.keep, size: group.size }))),
      files: stats.filter((stat) => stat.kind === 'file').length,
      wasted: groups.reduce((sum, group) => sum + group.wasted, 0),
      skipped: hashed.skipped,
    }
  },
  examples: [
    {
      title: 'Below a folder',
      input: { path: '/home/ada/Downloads', keep: 'shortest-path' },
      output: {
        groups: [
          {
            hash: '33f950738b8aef59f2272dfbfadde13e13956b645462144856f7435616f30ef4',
            size: 635,
            keep: '/home/ada/Downloads/invoice.pdf',
            remove: ['/home/ada/Downloads/invoice (1).pdf'],
            wasted: 635,
          },
        ],
        extra: [{ path: '/home/ada/Downloads/invoice (1).pdf', keep: '/home/ada/Downloads/invoice.pdf', size: 635 }],
        files: 7,
        wasted: 635,
        skipped: [],
      },
    },
  ],
})

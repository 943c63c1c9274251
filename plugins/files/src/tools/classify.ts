import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import type { HostV1, Sniffed } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { inPortions, sniffAll } from '../entries.ts'
import { folderFor, takenText } from '../folders.ts'
import type { Order } from '../folders.ts'
import { Group, Path } from '../schemas.ts'

const Classified = z.object({
  path: z.string(),
  name: z.string().describe('Last part of the path'),
  folder: z.string().describe('Where it belongs, for example `Documents` or `Pictures/2024-07`'),
  group: Group.describe('Kind by content'),
  mime: z.string().describe('Type by content'),
  extension: z.string().nullable().describe('The extension that fits the content, without a dot'),
  takenAt: z.number().nullable().describe('When a photo was taken, milliseconds since 1970, its local time read as UTC'),
  taken: z.string().nullable().describe('The same as a name: `2024-07-13 14.32.05`'),
  camera: z.string().nullable().describe('The camera of a photo'),
})
type Classified = z.infer<typeof Classified>

export const classify = defineTool({
  id: 'files.classify',
  title: 'Recognise files',
  description:
    'Tells what files are by their content, not by their extension, and in which folder each belongs: Documents, Pictures/2024-07 (photos by the date they were taken), Audio, Video, Archives, Code, Installers, Data, Fonts or Other.',
  input: z.object({
    path: Path.optional().describe('One file; give this or `paths`'),
    paths: z.array(Path).max(100_000).optional().describe('Many files at once, much faster than one by one'),
    below: Path.optional().describe('With `paths`: the folder that holds them all; one permission for it instead of one for each file'),
    by: z
      .enum(['kind', 'kind-and-year', 'date'])
      .default('kind')
      .describe('`kind`: Documents, Pictures/2024-07 …; `kind-and-year`: Documents/2024 …; `date`: 2024/2024-07 for every file'),
  }),
  output: z.object({
    folder: z.string().describe('The folder of the first file, or empty'),
    files: z.array(Classified).describe('In the order asked'),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })).describe('Files of `paths` that vanished or cannot be read'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['path', "${{ has(input.below) ? [input.below + '/**'] : has(input.paths) ? input.paths : [] }}"] },
  run: async ({ path, paths, by }, host) => {
    if ((path === undefined) === (paths === undefined))
      throw new LifeOsError('input-invalid', 'Give either `path` for one file or `paths` for many.')
    const sniffed = path === undefined ? await sniffAll(paths ?? [], host) : { read: await host.fs.sniff([path]), skipped: [] }
    const files = await classifyAll(sniffed.read, by, host)
    return { folder: files[0]?.folder ?? '', files, skipped: sniffed.skipped }
  },
  examples: [
    {
      title: 'One file',
      input: { path: '/home/ada/Downloads/IMG_0412.jpg' },
      output: {
        folder: 'Pictures/2024-07',
        files: [
          {
            path: '/home/ada/Downloads/IMG_0412.jpg',
            name: 'IMG_0412.jpg',
            folder: 'Pictures/2024-07',
            group: 'picture',
            mime: 'image/jpeg',
            extension: 'jpg',
            takenAt: 1_720_881_125_000,
            taken: '2024-07-13 14.32.05',
            camera: 'Alpenglas AG 40D',
          },
        ],
        skipped: [],
      },
    },
    {
      title: 'Many at once',
      input: { paths: ['/home/ada/Downloads/IMG_0412.jpg', '/home/ada/Downloads/invoice.pdf'], below: '/home/ada/Downloads' },
    },
  ],
})

async function classifyAll(sniffed: readonly Sniffed[], by: Order, host: HostV1): Promise<Classified[]> {
  const undated = by === 'kind' ? [] : sniffed.filter((file) => file.takenAt === null)
  const times = await changedTimes(
    undated.map((file) => file.path),
    host,
  )
  return sniffed.map((file) => ({
    path: file.path,
    name: file.path.slice(file.path.lastIndexOf('/') + 1),
    folder: folderFor(file, by, times.get(file.path) ?? null),
    group: file.group,
    mime: file.mime,
    extension: file.extension,
    takenAt: file.takenAt,
    taken: takenText(file.takenAt),
    camera: file.camera,
  }))
}

async function changedTimes(paths: readonly string[], host: HostV1): Promise<Map<string, number>> {
  const stats = await inPortions(paths, host, (portion) => Promise.all(portion.map((path) => host.fs.stat(path))))
  return new Map(stats.filter((stat) => stat !== null).map((stat) => [stat.path, stat.mtime]))
}

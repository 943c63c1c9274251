import { z } from 'zod'

/** An absolute path of this machine. */
export const Path = z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path, such as /home/ada/Downloads')

export const Group = z.enum(['document', 'picture', 'audio', 'video', 'archive', 'code', 'installer', 'data', 'font', 'other'])
export type Group = z.infer<typeof Group>

/** One entry of a folder, every field always present so that expressions need no `has`. */
export const Entry = z.object({
  path: z.string().describe('Absolute path'),
  name: z.string().describe('Last part of the path'),
  kind: z.enum(['file', 'folder', 'link', 'special']).describe('What it is; a link is never followed'),
  size: z.int().min(0).describe('Bytes'),
  mode: z.int().describe('Permission bits'),
  mtime: z.number().describe('Last changed, milliseconds since 1970 UTC'),
  created: z.number().describe('Made, milliseconds since 1970 UTC'),
  target: z.string().nullable().describe('Where a link points, as written'),
  unreadable: z.string().nullable().describe('Why it cannot be read, or null'),
  mime: z.string().nullable().describe('Type by content; null unless asked for with `sniff`'),
  group: Group.nullable().describe('Kind by content; null unless asked for with `sniff`'),
})
export type Entry = z.infer<typeof Entry>

const GLOBS = z.array(z.string().min(1).max(1000)).max(100)
/** What to look at below a folder; shared by the tools that walk. */
export const walkOptions = {
  recursive: z.boolean().default(false).describe('Also everything in folders below'),
  include: GLOBS.default([]).describe('Globs relative to the folder, for example `*.pdf` or `**/*.jpg`; empty means everything'),
  exclude: GLOBS.default([]).describe('Globs of what to leave out'),
  hidden: z.boolean().default(false).describe('Also names that begin with a dot'),
}

import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

const FileName = z
  .string()
  .min(1)
  .regex(/^[^/\0]+$/, 'a name without “/”; use files.move to change the folder')
  .refine((name) => name !== '.' && name !== '..', 'a name, not “.” or “..”')
/** The folder is what stands before the last slash, so the path must end in a name. */
const NamedPath = z.string().regex(/^\/(.*\/)?[^/]+$/s, 'an absolute path that ends in a name, without a slash at its end')

export const rename = defineTool({
  id: 'files.rename',
  title: 'Rename a file or folder',
  description:
    'Gives a file or folder a new name in the same folder. Never overwrites: when the name is taken it gets the next free number.',
  input: z.object({
    path: NamedPath.describe('What to rename'),
    name: FileName.describe('The new name with its extension'),
  }),
  output: z.object({
    from: z.string().describe('The old path'),
    path: z.string().describe('The new path; numbered when the name was taken'),
  }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.write': ['path', "${{ input.path.substring(0, input.path.lastIndexOf('/') + 1) + input.name }}"] },
  run: async ({ path, name }, host) => {
    const folder = path.slice(0, path.lastIndexOf('/'))
    const moved = await host.fs.move(path, `${folder}/${name}`)
    return { from: path, path: moved.path }
  },
  examples: [
    {
      title: 'A better name',
      input: { path: '/home/ada/Downloads/scan0001.pdf', name: 'Rent contract.pdf' },
      output: { from: '/home/ada/Downloads/scan0001.pdf', path: '/home/ada/Downloads/Rent contract.pdf' },
    },
  ],
})

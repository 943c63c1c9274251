import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

const Name = z.string().regex(/^(?!\.)[^/\0]+(?:\/(?!\.)[^/\0]+)*$/, 'a relative name, no part beginning with a dot')

export const saveFiles = defineTool({
  id: 'code.save-files',
  title: 'Save results into a folder',
  description: 'Writes files that a program left, such as plots and tables, into a folder. A name that is taken gets a number.',
  input: z.object({
    folder: z.string().describe('Absolute path'),
    files: z
      .array(
        z.union([
          z.object({ name: Name, blob: z.string().regex(/^[0-9a-f]{64}$/, 'the name of a blob: 64 hexadecimal digits') }),
          z.object({ name: Name, text: z.string() }),
        ]),
      )
      .min(1)
      .max(100)
      .describe('As `code.python` and `code.javascript` answer them, or texts'),
  }),
  output: z.object({ paths: z.array(z.string()).describe('Where each was written') }),
  effect: 'write',
  needs: { 'fs.write': ['folder'] },
  run: async ({ folder, files }, host) => {
    const paths: string[] = []
    for (const file of files) {
      const place = `${folder}/${file.name}`
      const written = 'blob' in file ? await host.fs.writeBlob(place, file.blob) : await host.fs.write(place, file.text)
      paths.push(written.path)
    }
    return { paths }
  },
  examples: [
    {
      title: 'One text',
      input: { folder: '/home/ada/Documents', files: [{ name: 'totals.csv', text: 'month,total\n1,20\n' }] },
      output: { paths: ['/home/ada/Documents/totals.csv'] },
    },
  ],
})

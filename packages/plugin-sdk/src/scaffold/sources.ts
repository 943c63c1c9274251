// The code of a new plugin. docs/guides/authoring.md walks through it.

export const indexSource = `import { definePlugin } from '@life-os/plugin-sdk'
import { addLine } from './tools/add-line.ts'
import { countWords } from './tools/count-words.ts'

export default definePlugin({ tools: [addLine, countWords] })
`

export const countWordsSource = (id: string): string => `import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

export const countWords = defineTool({
  id: '${id}.count-words',
  title: 'Count words',
  description: 'Counts the words and lines of a text file.',
  input: z.object({ file: z.string().startsWith('/', 'an absolute path').describe('The text file') }),
  output: z.object({ words: z.int().describe('How many words'), lines: z.int().describe('How many lines') }),
  effect: 'read',
  needs: { 'fs.read': ['file'] },
  run: async ({ file }, host) => {
    const text = await host.fs.readText(file)
    return { words: text.match(/\\S+/g)?.length ?? 0, lines: text.match(/.+/g)?.length ?? 0 }
  },
  examples: [
    {
      title: 'A letter',
      input: { file: '/home/ada/Documents/letter.txt' },
      output: { words: 7, lines: 2 },
    },
  ],
})
`

export const addLineSource = (id: string): string => `import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

export const addLine = defineTool({
  id: '${id}.add-line',
  title: 'Add a line',
  description: 'Adds a line to the end of a text file. The file is made where it is missing.',
  input: z.object({
    file: z.string().startsWith('/', 'an absolute path').describe('The text file'),
    line: z.string().min(1).max(10_000).describe('What to add'),
  }),
  output: z.object({ file: z.string().describe('The file that was written') }),
  effect: 'write',
  needs: { 'fs.write': ['file'] },
  run: async ({ file, line }, host) => {
    const written = await host.fs.append(file, \`\${line}\\n\`)
    return { file: written.path }
  },
  examples: [
    {
      title: 'One more line',
      input: { file: '/home/ada/Documents/letter.txt', line: 'It has three leaves.' },
      output: { file: '/home/ada/Documents/letter.txt' },
    },
  ],
})
`

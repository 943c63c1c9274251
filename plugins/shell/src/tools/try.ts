import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Outcome, PROGRAM_NEED, commandFields, commandOf, succeeded } from '../command.ts'

const MIB = 1024 * 1024

export const tryOnFolder = defineTool({
  id: 'shell.try',
  title: 'Try a script on a folder',
  description:
    'Runs a program or a shell script on a copy of a folder, without network. What it changed there is the preview: every file with its difference. Approved, exactly that is done to the folder, and can be undone. A script that fails changes nothing.',
  input: z.object({
    ...commandFields,
    folder: z.string().regex(/^\//, 'an absolute path').describe('The folder; the script works in it'),
    maxSize: z.int().min(1).max(4096).default(256).describe('MiB that the folder may hold'),
  }),
  output: Outcome.extend({ changed: z.array(z.string()).describe('What is made, changed or removed, by path') }),
  effect: 'write',
  reversal: 'exact',
  risk: 'medium',
  lane: 'cpu',
  needs: { exec: [PROGRAM_NEED], 'fs.read': ['read'], 'fs.write': ['folder'] },
  run: async (input, host) => {
    const { folder, maxSize } = input
    const result = await host.exec.view({ ...commandOf(input), folder, cwd: folder, maxBytes: maxSize * MIB })
    return succeeded(input, result, 'no')
  },
  examples: [
    {
      title: 'Turn every text of a folder into capitals',
      input: {
        folder: '/home/ada/Documents',
        script: 'for f in *.txt; do tr a-z A-Z < "$f" > tmp && cat tmp > "$f"; done; rm -f tmp',
      },
      output: { code: 0, changed: ['/home/ada/Documents/letter.txt'] },
    },
  ],
})

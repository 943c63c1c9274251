import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Outcome, PROGRAM_NEED, commandFields, commandOf, succeeded } from '../command.ts'

const Path = z.string().regex(/^\//, 'an absolute path')

export const run = defineTool({
  id: 'shell.run',
  title: 'Run a command',
  description:
    'Runs one program or a shell script in a box that sees only the folders you name and reaches only the addresses you name. What it does is final; to see what a script would change in a folder, and to be able to undo it, use `shell.try`.',
  input: z.object({
    ...commandFields,
    write: z.array(Path).max(32).default([]).describe('Folders that it may change; what it does there cannot be undone'),
    folder: Path.optional().describe('Where it works: one of those folders, or one below; default the first of them'),
    network: z.array(z.string()).max(32).default([]).describe('Addresses that it may reach by HTTP or HTTPS, as host:port'),
  }),
  output: Outcome,
  effect: 'external',
  reversal: 'none',
  risk: 'high',
  lane: 'cpu',
  needs: { exec: [PROGRAM_NEED], 'fs.read': ['read'], 'fs.write': ['write'], net: ['network'] },
  run: async (input, host) => {
    const command = commandOf(input)
    const writable = input.write.map((path) => ({ path, access: 'write' as const }))
    const result = await host.exec.run({
      ...command,
      mounts: [...writable, ...(command.mounts ?? []).filter(({ path }) => !input.write.includes(path))],
      network: input.network,
      ...(input.folder !== undefined && { cwd: input.folder }),
    })
    return succeeded(input, result, 'yes')
  },
  examples: [
    { title: 'One program', input: { program: 'echo', args: ['hello'] }, output: { code: 0, stdout: 'hello\n' } },
    {
      title: 'A script over a folder it may only read',
      input: { script: 'wc -l < letter.txt', read: ['/home/ada/Documents'] },
      output: { code: 0, stdout: '2\n' },
    },
  ],
})

import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { inPortions } from '../entries.ts'
import { Path } from '../schemas.ts'

export const hash = defineTool({
  id: 'files.hash',
  title: 'Fingerprint files',
  description: 'Computes the SHA-256 of each file. Two files with the same fingerprint have the same content.',
  input: z.object({ paths: z.array(Path).min(1).max(100_000).describe('The files') }),
  output: z.object({
    files: z.array(z.object({ path: z.string(), hash: z.string().describe('SHA-256, hexadecimal') })).describe('In the order asked'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['paths'] },
  run: async ({ paths }, host) => ({ files: await inPortions(paths, host, (portion) => host.fs.hash(portion)) }),
  examples: [
    {
      title: 'One file',
      input: { paths: ['/home/ada/Documents/log.txt'] },
      output: {
        files: [{ path: '/home/ada/Documents/log.txt', hash: 'eff64b343dcb2b1dc113648e7089b9ce9f8a7f6c7808a03a2cffb4ad7302f606' }],
      },
    },
  ],
})

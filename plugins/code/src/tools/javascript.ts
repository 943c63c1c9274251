import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { JAVASCRIPT_HARNESS } from '../harness/javascript.ts'
import { Outcome, programFields, runProgram } from '../program.ts'

export const javascript = defineTool({
  id: 'code.javascript',
  title: 'Run JavaScript',
  description:
    'Runs a JavaScript module in a box without network and without your files. Its default export is the result; a list of records comes back as result.csv, and whatever the code writes into its working folder as blobs. `tests` are function bodies with `main` (the module) and `assert`.',
  input: z.object({ code: z.string().max(1_048_576).describe('The module'), ...programFields }),
  output: Outcome,
  effect: 'read',
  idempotent: false,
  lane: 'cpu',
  needs: { exec: ["${{ 'node' }}"], 'fs.read': ['folders', 'packages'] },
  run: (input, host) =>
    runProgram(
      { program: 'node', args: ['--input-type=module', '--no-warnings', '-'], harness: JAVASCRIPT_HARNESS, file: 'main.mjs' },
      input.code,
      input,
      host,
    ),
  examples: [
    { title: 'A sum', input: { code: 'export default [1, 2, 3].reduce((a, b) => a + b)' }, output: { ok: true, result: 6 } },
    {
      title: 'A function with a test',
      input: {
        code: 'export const double = (n) => n * 2',
        tests: [{ name: 'doubles', code: 'assert.equal(main.double(21), 42)' }],
      },
      output: { ok: true, passed: 1 },
    },
  ],
})

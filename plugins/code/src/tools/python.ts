import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { PYTHON_HARNESS } from '../harness/python.ts'
import { Outcome, programFields, runProgram } from '../program.ts'

export const python = defineTool({
  id: 'code.python',
  title: 'Run Python',
  description:
    'Runs Python 3 in a box without network and without your files. The last expression is the result; open matplotlib figures come back as plot-1.png, a pandas table as result.csv, and whatever the code writes into its working folder as blobs. `tests` run afterwards, so that a caller can refine the code until they pass.',
  input: z.object({ code: z.string().max(1_048_576).describe('The program'), ...programFields }),
  output: Outcome,
  effect: 'read',
  idempotent: false,
  lane: 'cpu',
  needs: { exec: ["${{ 'python3' }}"], 'fs.read': ['folders', 'packages'] },
  run: (input, host) =>
    runProgram({ program: 'python3', args: ['-I', '-B', '-'], harness: PYTHON_HARNESS, file: 'main.py' }, input.code, input, host),
  examples: [
    { title: 'A sum', input: { code: 'sum(range(10))' }, output: { ok: true, result: 45, text: '45' } },
    {
      title: 'A table handed in, and a test',
      input: {
        code: "import csv\nrows = list(csv.DictReader(open('data.csv')))\ntotal = sum(float(row['amount']) for row in rows)\ntotal",
        files: [{ name: 'data.csv', text: 'what,amount\nbread,2.5\nmilk,1.5\n' }],
        tests: [{ name: 'counts both', code: 'assert total == 4' }],
      },
      output: { ok: true, result: 4, passed: 1 },
    },
  ],
})

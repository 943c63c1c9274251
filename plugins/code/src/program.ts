import { LifeOsError } from '@life-os/plugin-sdk'
import type { CommandResult, HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'

const FileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?!\.)[^/\0]+(?:\/(?!\.)[^/\0]+)*$/, 'a relative name such as data.csv or in/data.csv, no part beginning with a dot')
const Blob = z.string().regex(/^[0-9a-f]{64}$/, 'the name of a blob: 64 hexadecimal digits')

/** What every interpreter takes. */
export const programFields = {
  files: z
    .array(z.union([z.object({ name: FileName, blob: Blob }), z.object({ name: FileName, text: z.string().max(8_388_608) })]))
    .max(90)
    .default([])
    .describe('Laid into the working folder: blobs by name, or texts'),
  folders: z.array(z.string()).max(16).default([]).describe('Folders of this machine that the code may read, under their own paths'),
  packages: z
    .string()
    .optional()
    .describe('A folder of packages that the code may use, such as a virtual environment’s site-packages or node_modules'),
  args: z.array(z.string()).max(100).default([]).describe('Arguments of the program'),
  stdin: z.string().max(8_388_608).default('').describe('Its standard input'),
  tests: z
    .array(z.object({ name: z.string().min(1).max(100), code: z.string().max(1_048_576) }))
    .max(100)
    .default([])
    .describe('Run afterwards, each for itself, with what the program defined'),
  time: z.int().min(100).max(3_600_000).default(60_000).describe('Milliseconds it may take'),
  memory: z.int().min(64).max(16_384).default(1024).describe('MiB it may use'),
}

const Fault = z.object({
  type: z.string().describe('For example NameError'),
  message: z.string(),
  line: z.int().nullable().describe('In the code given, from 1'),
  trace: z.string(),
})
const Report = z.object({
  error: Fault.nullable(),
  result: z.json().nullable(),
  text: z.string().nullable(),
  tests: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
})

export const Outcome = z.object({
  ok: z.boolean().describe('It ended by itself, without an error, and every test passed'),
  result: z
    .json()
    .nullable()
    .describe('The value of the last expression (Python) or the default export (JavaScript), where JSON can say it'),
  text: z.string().nullable().describe('The same value as the language prints it'),
  stdout: z.string(),
  stderr: z.string(),
  error: Fault.nullable(),
  tests: Report.shape.tests,
  passed: z.int().describe('How many tests passed'),
  cut: z.enum(['time', 'memory', 'output']).nullable().describe('Why it was ended before its time'),
  files: z
    .array(z.object({ name: z.string(), blob: z.string(), size: z.int(), mime: z.string() }))
    .describe('What it left in its working folder: plots, tables, whatever it wrote'),
  duration: z.number().describe('Milliseconds'),
})
export type Outcome = z.infer<typeof Outcome>

type Input = z.output<z.ZodObject<typeof programFields>>
export interface Language {
  program: string
  args: string[]
  harness: string
  /** What the code is called in the box. */
  file: string
}

const OWN = '.life-os/'
const REPORT = `${OWN}report.json`

/** Runs code of a caller in a box and reads what came of it. A failing program is an answer, not an error. */
export async function runProgram(language: Language, code: string, input: Input, host: HostV1): Promise<Outcome> {
  const settings = { packages: input.packages ?? null, args: input.args, tests: input.tests }
  const laid = [
    ...(await Promise.all(
      input.files.map(async (file) => ('blob' in file ? file : { name: file.name, blob: await blobOf(host, file.text) })),
    )),
    { name: language.file, blob: await blobOf(host, code) },
    { name: `${OWN}settings.json`, blob: await blobOf(host, JSON.stringify(settings)) },
    { name: `${OWN}stdin`, blob: await blobOf(host, input.stdin) },
  ]
  if (input.files.some((file) => file.name === language.file))
    throw new LifeOsError('name-taken', `${language.file} is what the code itself is called; give that file another name.`)
  const mounts = [...input.folders, ...(input.packages === undefined ? [] : [input.packages])]
  const ended = await host.exec.compute({
    program: language.program,
    args: language.args,
    script: language.harness,
    files: laid,
    mounts: mounts.map((path) => ({ path, access: 'read' as const })),
    cwd: '/work/files',
    limits: { time: input.time, memory: input.memory },
  })
  const found = ended.files.find((file) => file.name === REPORT)
  const report = found ? readReport(await host.blobs.get(found.blob)) : null
  return outcomeOf(
    ended,
    report,
    ended.files.filter((file) => !file.name.startsWith(OWN) && !file.name.includes('__pycache__/')),
  )
}

const blobOf = async (host: HostV1, text: string): Promise<string> => (await host.blobs.put(text)).blob

/** The code shares the box with its harness and may have written the report itself: only its shape is trusted. */
function readReport(bytes: Uint8Array): z.infer<typeof Report> | null {
  try {
    return Report.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return null
  }
}

function outcomeOf(ended: CommandResult, report: z.infer<typeof Report> | null, files: Outcome['files']): Outcome {
  const tests = report?.tests ?? []
  const passed = tests.filter((test) => test.ok).length
  const error = report ? report.error : withoutReport(ended)
  return {
    ok: error === null && ended.cut === null && passed === tests.length,
    result: report?.result ?? null,
    text: report?.text ?? null,
    stdout: ended.stdout,
    stderr: ended.stderr,
    error,
    tests,
    passed,
    cut: ended.cut,
    files,
    duration: ended.duration,
  }
}

const WHY = { time: 'It took longer than it may.', memory: 'It used more memory than it may.', output: 'It printed more than is kept.' }

function withoutReport(ended: CommandResult): Outcome['error'] {
  const message = ended.cut ? WHY[ended.cut] : `It ended before its last line (${ended.signal ?? `exit code ${ended.code}`}).`
  return { type: 'Ended', message, line: null, trace: ended.stderr.slice(-8000) }
}

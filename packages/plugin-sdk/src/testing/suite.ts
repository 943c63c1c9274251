import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { LifeOsError } from '@life-os/contract'
import type { Manifest, ToolDescription } from '@life-os/contract'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PluginV1, ToolDefinition } from '../define.ts'
import { agreementFaults, createHostClient, deedFault, describeTool, executeTool } from '../tool/index.ts'
import { importFaults, listFiles, qualityFileFaults, readManifest, readmeFaults } from './folder.ts'
import { createExampleWorld } from './home.ts'
import { probeLoading } from './probe.ts'
import { providedTestHost } from './test-host.ts'
import type { CreateTestHost } from './test-host.ts'

export interface ContractSuiteOptions {
  /** The plugin's folder: `import.meta.dirname` in its `contract.test.ts`. */
  folder: string
  /** The host that examples run on; default: the one the test set-up provides. */
  createTestHost?: CreateTestHost
}

/** What every plugin must satisfy. Three lines in `plugins/<id>/contract.test.ts` run it. */
export function contractSuite({ folder, createTestHost }: ContractSuiteOptions): void {
  const { manifest, faults } = readManifest(folder)
  const name = manifest?.id ?? path.basename(folder)
  describe(`the plugin ${name}`, () => {
    test('has a valid manifest', () => expect(faults).toEqual([]))
    if (!manifest) return
    test('imports the SDK, Zod, itself and its own dependencies alone', () => expect(importFaults(folder)).toEqual([]))
    test('has a README that speaks of every tool and plan', () => expect(readmeFaults(folder, manifest)).toEqual([]))
    test('says where it stands on the quality scale', () => expect(qualityFileFaults(folder)).toEqual([]))
    test('loads without reaching for anything and leaves nothing running', async () => {
      expect(await probeLoading(folder, manifest.entry)).toEqual({ reached: [], unloaded: true })
    }, 30_000)
    codeSuite(folder, manifest, () => createTestHost ?? providedTestHost())
  })
}

function codeSuite(folder: string, manifest: Manifest, hostFactory: () => CreateTestHost | undefined): void {
  let plugin: PluginV1
  let tools: ToolDescription[] = []
  const definition = (id: string): ToolDefinition => {
    const found = plugin.tools.find((tool) => tool.id === id)
    if (!found) throw new Error(`the code has no tool ${id}`)
    return found
  }

  beforeAll(async () => {
    const module = (await import(pathToFileURL(path.join(folder, manifest.entry)).href)) as { default: PluginV1 } // checked by the first test
    plugin = module.default
    tools = plugin.tools.map((tool) => describeTool(tool, { plugin: manifest.id, version: manifest.version }))
  })

  test('has code that agrees with its manifest', () => {
    expect(plugin.sdk).toBe(1)
    expect(agreementFaults(manifest, tools)).toEqual([])
  })
  for (const id of manifest.tools) {
    describe(id, () => {
      test('is described for people and models', () => expect(descriptionFaults(tools.find((tool) => tool.id === id))).toEqual([]))
      test('refuses bad input and names the place', async () => badInput(definition(id)))
      test('runs its examples', async () => {
        const create = hostFactory()
        if (!create) throw new Error("No test host is provided: run this through the repository's vitest configuration.")
        const tool = definition(id)
        for (const example of tool.examples ?? []) {
          await runExample({
            folder,
            tool,
            description: describeTool(tool, { plugin: manifest.id, version: manifest.version }),
            example,
            create,
          })
        }
      }, 30_000)
    })
  }
}

function descriptionFaults(tool: ToolDescription | undefined): string[] {
  if (!tool) return ['the code does not define it']
  return [
    ...(tool.title.length >= 3 ? [] : ['give it a title']),
    ...(tool.description.length >= 20 ? [] : ['describe what it does in a sentence']),
    ...(tool.examples.length > 0 ? [] : ['give at least one example']),
    ...(tool.input['type'] === 'object' ? [] : ['its input must be an object']),
  ]
}

const nowhere = createHostClient({
  ask: async (service) => Promise.reject(new LifeOsError('not-asked', `${service} must not be called with bad input.`)),
  log: () => undefined,
  progress: () => undefined,
  signal: new AbortController().signal,
  key: 'bad-input',
  phase: 'run',
})

/** Nothing at all, and each field of the first example replaced by something absurd. */
async function badInput(tool: ToolDefinition): Promise<void> {
  await expect(executeTool(tool, 'run', null, nowhere)).rejects.toMatchObject({ code: 'input-invalid', applied: 'no' })
  const example = tool.examples?.[0]?.input as Record<string, unknown> | undefined // its input is an object, tested above
  const named: string[] = []
  for (const key of Object.keys(example ?? {})) {
    const wrong = { ...example, [key]: Symbol.for('absurd') }
    if (tool.input.safeParse(wrong).success) continue // takes anything here
    const failure = await executeTool(tool, 'run', wrong, nowhere).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'input-invalid' })
    const issues = ((failure as LifeOsError).details?.['issues'] ?? []) as { path: string }[] // input-invalid carries them
    expect(issues.some((issue) => issue.path === '' || issue.path.split('.')[0] === key)).toBe(true)
    named.push(key)
  }
  expect(named.length, 'no field of the first example is checked').toBeGreaterThan(0)
}

interface ExampleRun {
  folder: string
  tool: ToolDefinition
  description: ToolDescription
  example: { title?: string; input: unknown; output?: unknown }
  create: CreateTestHost
}

/** First as a preview, which must show its effects and leave the folder alone, then for real. */
async function runExample({ folder, tool, description, example, create }: ExampleRun): Promise<void> {
  await using world = await createExampleWorld(folder)
  const input = world.enter(example.input)
  const before = contentOf(world.home)
  await using preview = await create({ tool: description, input, phase: 'preview' })
  await call(tool, input, preview, 'preview').catch((error: unknown) => {
    if (!(error instanceof LifeOsError) || error.code !== 'recording-ended') throw error
  })
  expect(contentOf(world.home), 'a preview changes nothing').toEqual(before)
  if (tool.effect !== 'read')
    expect(preview.changes().length, `the preview of "${example.title ?? tool.id}" shows its effect`).toBeGreaterThan(0)

  await using host = await create({ tool: description, input, phase: 'run' })
  const output = world.leave(await call(tool, input, host, 'run'))
  if (tool.effect === 'read') expect(contentOf(world.home), 'a tool that reads changes nothing').toEqual(before)
  if (example.output !== undefined) expect(output).toMatchObject(example.output as object) // outputs are objects
}

async function call(
  tool: ToolDefinition,
  input: unknown,
  host: Awaited<ReturnType<CreateTestHost>>,
  phase: 'preview' | 'run',
): Promise<unknown> {
  const { signal } = new AbortController()
  const client = createHostClient({
    ask: (service, args) => {
      const fault = deedFault(tool.id, tool.effect, service, args)
      return fault ? Promise.reject(fault) : host.handle(service, args, signal)
    },
    log: () => undefined,
    progress: () => undefined,
    signal,
    key: 'example',
    phase,
  })
  const output = await executeTool(tool, 'run', input, client)
  return JSON.parse(JSON.stringify(output ?? null)) as unknown // as it would cross the pipe
}

function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(listFiles(folder).map((file) => [path.relative(folder, file), readFileSync(file).toString('base64')]))
}

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { measureSurface } from './surface.ts'

const recorded: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, 'surface.json'), 'utf8'))
const surface = measureSurface()

test('the public surface changes only on purpose', () => {
  expect(surface, 'If the change is meant: node tools/run.mjs tools/house/record.ts').toEqual(recorded)
})

test('every tool of a manifest is named after its plugin', () => {
  for (const [plugin, tools] of Object.entries(surface.tools))
    for (const tool of tools) expect(tool).toMatch(new RegExp(`^${plugin}\\.[a-z][a-z-]*$`))
})

test('codes, names and tools are found at all', () => {
  expect(surface.errorCodes).toContain('input-invalid')
  expect(surface.packages['@life-os/plugin-sdk']?.['.']).toContain('defineTool')
  expect(Object.keys(surface.tools)).toEqual(expect.arrayContaining(['files', 'text', 'web']))
})

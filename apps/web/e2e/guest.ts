// A stranger's plugin, as its author would hand it over: a folder with a manifest and TypeScript.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Guest {
  version?: string
  /** Asked for beyond what the first version asks for. */
  more?: { permission: string; reason: string }[]
}

/** Writes the folder; again with another version to make an update of it. */
export function writeGuest(folder: string, { version = '1.0.0', more = [] }: Guest = {}): string {
  mkdirSync(path.join(folder, 'src'), { recursive: true })
  writeFileSync(
    path.join(folder, 'manifest.json'),
    JSON.stringify({ ...MANIFEST, version, permissions: [...MANIFEST.permissions, ...more] }, null, 2),
  )
  writeFileSync(
    path.join(folder, 'README.md'),
    '# Weather notes\n\nReads the notes that it is pointed at and writes a line about the weather.\n',
  )
  writeFileSync(path.join(folder, 'src', 'index.ts'), CODE)
  return folder
}

const MANIFEST = {
  id: 'weather',
  name: 'Weather notes',
  sdk: '^1.0.0',
  description: 'Reads notes, fetches the weather and writes one line a day.',
  author: 'Grace Stranger',
  license: 'MIT',
  category: 'test',
  entry: 'src/index.ts',
  permissions: [
    { permission: 'fs.read:**', reason: 'To read the notes you point it at.' },
    { permission: 'fs.write:**', reason: 'To write the line where you say.' },
    { permission: 'net:api.weather.example:443', reason: 'To fetch the forecast.' },
    { permission: 'secret.read:weather', reason: 'The old forecast service takes its key in a strange place.' },
  ],
  tools: ['weather.jot', 'weather.peek'],
  settings: {
    type: 'object',
    required: ['city'],
    properties: {
      city: { type: 'string', description: 'Where you live.' },
      days: { type: 'integer', minimum: 1, maximum: 14, default: 3, description: 'How far the forecast looks.' },
      units: { type: 'string', enum: ['metric', 'imperial'], default: 'metric' },
      quiet: { type: 'boolean', default: false, title: 'Only when it rains' },
      key: { type: 'string', format: 'secret', title: 'API key', description: 'Of your account at the weather service.' },
    },
  },
}

const CODE = `
import { definePlugin, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

const jot = defineTool({
  id: 'weather.jot',
  title: 'Write the line of the day',
  description: 'Writes one line about the weather into a file.',
  effect: 'write',
  needs: { 'fs.write': ['path'] },
  input: z.object({ path: z.string().describe('The file to write.'), text: z.string().describe('What the day is like.') }),
  output: z.object({ path: z.string() }),
  run: async ({ path, text }, host) => {
    host.log('info', 'writes the line of the day')
    return host.fs.write(path, text + '\\n')
  },
})

const peek = defineTool({
  id: 'weather.peek',
  title: 'Look into a note',
  description: 'Asks for a note in the middle of its work, then reads it.',
  effect: 'read',
  input: z.object({ note: z.string().describe('Which note.') }),
  output: z.object({ text: z.string() }),
  run: async ({ note }, host) => {
    await host.request([{ kind: 'fs.read', resource: note }])
    return { text: await host.fs.readText(note) }
  },
})

export default definePlugin({ tools: [jot, peek] })
`

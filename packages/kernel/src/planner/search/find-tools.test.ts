import { describe, expect, it } from 'vitest'
import type { ToolDescription } from '@life-os/contract'
import { modelsOver, ollamaServer } from '../../models/testing/index.ts'
import { freshPlace } from '../../store/testing.ts'
import { createToolSearch } from './find-tools.ts'
import { createMeaning } from './meaning.ts'

const tool = (id: string, title: string, description: string, plugin = id.split('.')[0] ?? id): ToolDescription => ({
  id,
  title,
  description,
  plugin,
  version: '1.0.0',
  input: { type: 'object', properties: { path: { type: 'string' } } },
  output: {},
  effect: 'read',
  reversal: 'none',
  risk: 'low',
  idempotent: true,
  reconciles: false,
  compensates: false,
  needs: {},
  lane: 'io',
  examples: [],
})
const TOOLS = [
  tool('files.remove', 'Remove a file or folder', 'Moves it to the trash.'),
  tool('files.list', 'List a folder', 'Everything in a folder, with sizes and times.'),
  tool('files.usage', 'Measure disk usage', 'How large a folder is.'),
  tool('web.readable', 'Read a web page', 'What a person would read of it, as Markdown.'),
  tool('git.log', 'Read the history', 'Commits of a repository, newest first.'),
]
const ada = { person: 'ada', labels: [] }
const never = (error: unknown): void => {
  throw error instanceof Error ? error : new Error(String(error))
}

describe('finding tools', () => {
  it.each([
    ['get rid of old files', 'files.remove'],
    ['deleting a directory', 'files.remove'],
    ['what takes so much disk space', 'files.usage'],
    ['open an article', 'web.readable'],
    ['commits of the repo', 'git.log'],
  ])('by words: %s', async (query, id) => {
    const search = createToolSearch(() => TOOLS, createMeaning(undefined, never))
    expect((await search.find(query, undefined, 3, ada))[0]).toMatchObject({ tool: id, by: 'words' })
  })

  it('finds nothing where no word is shared, and no more than was asked for, among what was named', async () => {
    const search = createToolSearch(() => TOOLS, createMeaning(undefined, never))
    expect(await search.find('zebra', undefined, 5, ada)).toEqual([])
    expect(await search.find('folder', undefined, 1, ada)).toHaveLength(1)
    expect((await search.find('read folder', ['web.*', 'files.list'], 9, ada)).map((one) => one.tool).toSorted()).toEqual([
      'files.list',
      'web.readable',
    ])
  })

  it('by meaning too where a model makes vectors, asking for each description once', async () => {
    await using place = await freshPlace('sqlite')
    await using store = await place.open()
    await using server = await ollamaServer({ models: [{ name: 'meaning', capabilities: ['embedding'] }], answer: '' })
    await using over = modelsOver(store)
    await over.add({ id: 'local', kind: 'ollama', url: server.url })
    const search = createToolSearch(() => TOOLS, createMeaning(over.models, never))
    const found = await search.find('Moves it to the trash.', undefined, 5, ada)
    expect(found[0]).toMatchObject({ tool: 'files.remove', by: 'both' })
    const asked = () => server.seen.filter(({ path }) => path.endsWith('/embed')).length
    const before = asked()
    await search.find('Moves it to the trash.', undefined, 5, ada)
    expect([before > 0, asked() - before]).toEqual([true, 0])
  })

  it('goes on by words where the model fails', async () => {
    const failures: unknown[] = []
    const broken = { route: async () => Promise.reject(new Error('gone')), embed: async () => Promise.reject(new Error('gone')) }
    const search = createToolSearch(
      () => TOOLS,
      createMeaning(broken, (error) => failures.push(error)),
    )
    expect((await search.find('remove', undefined, 3, ada))[0]).toMatchObject({ tool: 'files.remove', by: 'words' })
    expect(failures).toHaveLength(1)
  })
})

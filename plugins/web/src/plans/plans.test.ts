import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPlanLab, filesOf, manifestOf, serve } from '../../../../tools/lab/index.ts'
import type { PlanLab, TestServer } from '../../../../tools/lab/index.ts'

let lab: PlanLab
let server: TestServer
let folder: string
let number = 0
beforeAll(async () => {
  lab = await createPlanLab()
}, 60_000)
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})
beforeEach(async () => {
  folder = path.join(lab.folder, `case-${(number += 1)}`)
  mkdirSync(folder)
  server = await serve()
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
})
const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')
const read = (...names: string[]): string => readFileSync(path.join(folder, ...names), 'utf8')
const NAME = 'How bees find their way home — The Meadow'

describe('save-page', () => {
  const picture = { headers: { 'content-type': 'image/jpeg' }, body: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) }
  beforeEach(() => {
    server.on('/a/bees.html', { body: fixture('article.html') })
    server.on('/articles/pictures/bee%20on%20clover.jpg', picture)
    server.on('/pictures/map.png', picture)
  })

  test('saves the text with the pictures that are there, as it showed, and is undone', async () => {
    const inputs = { url: `${server.url}/a/bees.html`, folder }
    const preview = await lab.preview('save-page', inputs)
    expect(manifestOf(folder)).toEqual({})
    expect(preview.changes.map(({ change }) => change.kind)).toEqual(['folder-make', 'file-write', 'file-write', 'file-write'])

    const run = await lab.run('save-page', inputs)
    expect(run).toMatchObject({ state: 'done', error: null })
    expect(filesOf(folder)).toEqual([`${NAME}.md`, `${NAME}/01-bee-on-clover.jpg`, `${NAME}/02-map.png`])
    expect(await lab.outputs(run)).toEqual({ file: path.join(folder, `${NAME}.md`), pictures: 2 })
    const text = read(`${NAME}.md`)
    expect(text).toMatch(/^# How bees find their way home/)
    expect(text).toContain(`from <${server.url}/a/bees.html>`)
    expect(text).toContain(`(${encodeURIComponent(NAME)}/01-bee-on-clover.jpg)`)
    expect(text).toContain(`(${server.url}/articles/large.webp)`)
    expect(await lab.undo(run)).toMatchObject({ state: 'done' })
    expect(manifestOf(folder)).toEqual({})
  })

  test('saves the text alone when asked', async () => {
    await lab.run('save-page', { url: `${server.url}/a/bees.html`, folder, pictures: false })
    expect(filesOf(folder)).toEqual([`${NAME}.md`])
    expect(server.asked).not.toContain('GET /pictures/map.png')
  })

  test('says that a page is not there', async () => {
    const run = await lab.run('save-page', { url: `${server.url}/gone`, folder })
    expect(run).toMatchObject({ state: 'failed', error: { code: 'page-refused' } })
    expect(filesOf(folder)).toEqual([])
  })
})

describe('save-feed', () => {
  const feed = (titles: string[]): string =>
    `<rss version="2.0"><channel><title>News</title>${titles.map((title) => `<item><guid>${title}</guid><title>${title}</title><link>https://n.example/${title}</link><pubDate>Sat, 13 Jul 2024 14:32:05 GMT</pubDate><description>About ${title}.</description></item>`).join('')}</channel></rss>`
  const saved = (): string[] => filesOf(folder).filter((name) => !name.startsWith('.'))

  test('saves what is new and only that, also after a file was renamed or deleted', async () => {
    server.on('/feed', { body: feed(['one', 'two']) })
    const inputs = { url: `${server.url}/feed`, folder }
    const first = await lab.run('save-feed', inputs)
    expect(first).toMatchObject({ state: 'done', error: null })
    expect(saved()).toEqual(['2024-07-13 one.md', '2024-07-13 two.md'])
    expect(read('2024-07-13 one.md')).toBe('# one\n\n> News, 2024-07-13 · <https://n.example/one>\n\nAbout one.\n\n')

    expect((await lab.preview('save-feed', inputs)).changes).toEqual([])
    rmSync(path.join(folder, '2024-07-13 one.md'))
    server.on('/feed', { body: feed(['three', 'two', 'one']) })
    const second = await lab.run('save-feed', inputs)
    expect(await lab.outputs(second)).toMatchObject({ saved: [path.join(folder, '2024-07-13 three.md')], seen: 3 })
    expect(saved()).toEqual(['2024-07-13 three.md', '2024-07-13 two.md'])

    await lab.undo(second)
    expect(saved()).toEqual(['2024-07-13 two.md'])
    await lab.run('save-feed', inputs)
    expect(saved()).toEqual(['2024-07-13 three.md', '2024-07-13 two.md'])
  })

  test('makes the folder when it is missing, and forgets nothing when the memory is lost', async () => {
    server.on('/feed', { body: feed(['one']) })
    const inputs = { url: `${server.url}/feed`, folder: path.join(folder, 'new') }
    await lab.run('save-feed', inputs)
    const memory = filesOf(folder).find((name) => name.includes('.saved-'))
    rmSync(path.join(folder, memory ?? ''))
    expect((await lab.preview('save-feed', inputs)).changes).toEqual([])
  })

  test.each(['rss2.xml', 'rss1.rdf', 'atom.xml'])('saves every item of %s', async (name) => {
    server.on('/feed', { headers: { 'content-type': 'application/xml' }, body: fixture(name) })
    const run = await lab.run('save-feed', { url: `${server.url}/feed`, folder })
    expect(run).toMatchObject({ state: 'done', error: null })
    expect(saved()).toHaveLength(Number((await lab.outputs(run))['seen']))
  })

  test('says that an address is no feed', async () => {
    server.on('/page', { body: '<html></html>' })
    expect(await lab.run('save-feed', { url: `${server.url}/page`, folder })).toMatchObject({
      state: 'failed',
      error: { code: 'feed-invalid' },
    })
  })
})

// A package is browser-safe when a bundler for the browser takes it whole and finds no built-in of Node in it.
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { root } from './source.ts'

async function bundle(input: string): Promise<{ builtIns: string[]; bytes: number }> {
  const builtIns: string[] = []
  const build = await rolldown({
    input,
    cwd: root,
    platform: 'browser',
    logLevel: 'silent',
    external: (id) => {
      if (!/^node:|^(fs|path|os|crypto|net|stream|util|events|buffer)(\/|$)/.test(id)) return false
      builtIns.push(id)
      return true
    },
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  return { builtIns, bytes: output[0].code.length }
}

test('contract runs in a browser', async () => {
  const { builtIns, bytes } = await bundle('packages/contract/src/index.ts')
  expect(builtIns).toEqual([])
  expect(bytes).toBeGreaterThan(10_000)
})

test('the check sees a built-in', async () => {
  expect((await bundle('tools/house/source.ts')).builtIns).toContain('node:fs')
})

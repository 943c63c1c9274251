import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { importFaults, qualityFileFaults, readManifest, readmeFaults } from '../testing/checks.ts'
import { idFault, localFiles, manifestJsonSchema, scaffoldFiles } from './index.ts'

test.each(['garden-diary', 'x', 'notes2'])('%s can be an id', (id) => expect(idFault(id)).toBeNull())
test.each(['', '2notes', 'Notes', 'a b', '../escape', 'a/b', 'a.b', '-a', 'a-', 'a--b', 'a'.repeat(41)])('“%s” can not', (id) =>
  expect(idFault(id)).not.toBeNull(),
)

test('a new plugin has a manifest, a README and a quality file without a fault', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'life-os-scaffold-'))
  const folder = path.join(place, 'garden-diary')
  for (const [name, text] of Object.entries(scaffoldFiles({ id: 'garden-diary', author: 'Ada' }))) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  const { manifest, faults } = readManifest(folder)
  expect(faults).toEqual([])
  expect(manifest).toMatchObject({ id: 'garden-diary', name: 'Garden diary', author: 'Ada' })
  expect([...readmeFaults(folder, manifest!), ...qualityFileFaults(folder), ...importFaults(folder)]).toEqual([])
  rmSync(place, { recursive: true })
})

test('nothing of a new plugin names this machine; what does is left out of git', () => {
  const files = scaffoldFiles({ id: 'garden-diary', author: 'Ada' })
  expect(Object.entries(files).filter(([, text]) => text.includes('/opt/life-os'))).toEqual([])
  expect(files['.gitignore']).toContain('.life-os/')
  expect(localFiles('/opt/life-os')['tsconfig.json']).toContain('/opt/life-os/packages/plugin-sdk')
})

test('docs/manifest.schema.json is the present form of a manifest', () => {
  const published: unknown = JSON.parse(readFileSync(new URL('../../../../docs/manifest.schema.json', import.meta.url), 'utf8'))
  expect(published, 'run packages/plugin-sdk/src/scaffold/publish-schema.ts').toEqual(manifestJsonSchema())
})

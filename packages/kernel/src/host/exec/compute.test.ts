import fs from 'node:fs'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandResult } from '@life-os/plugin-sdk'
import { createFolderBlobs } from '../testing.ts'
import { createCommandBench, script } from './testing.ts'
import type { CommandBench } from './testing.ts'

type Computed = CommandResult & { files: { name: string; blob: string; size: number; mime: string }[] }
let bench: CommandBench
beforeEach(async () => {
  bench = await createCommandBench()
  bench.write({ 'table.csv': 'a,b\n1,2\n' })
})
afterEach(() => bench[Symbol.asyncDispose]())

describe('a computation', () => {
  test('gets files, gives files, and is a read that also runs in previews', async () => {
    const blobs = createFolderBlobs(path.join(bench.root, 'blobs'))
    const { hash } = await blobs.put('in\n')
    const host = await bench.host({ effect: 'read', blobs })
    const command = script(
      `cat given/in.txt ${bench.work}/table.csv; wc -c < given/in.txt > out.txt; printf '%%PDF-1.4\\n' > plan.pdf; pwd`,
      {
        mounts: [{ path: bench.work, access: 'read' }],
        cwd: '/work/files',
        files: [{ name: 'given/in.txt', blob: hash }],
      },
    )
    const expected = {
      code: 0,
      stdout: 'in\na,b\n1,2\n/work/files\n',
      files: [
        { name: 'out.txt', size: 2, mime: 'text/plain' },
        { name: 'plan.pdf', mime: 'application/pdf' },
      ],
    }
    const computed = await host.call<Computed>('exec.compute', command)
    expect(computed).toMatchObject(expected)
    expect(computed.files[0]?.blob).toBe(createHash('sha256').update('3\n').digest('hex'))
    expect(Buffer.from(await blobs.get(computed.files[0]?.blob ?? '')).toString()).toBe('3\n')
    const { services, recording } = host.preview()
    expect(await services.handle('exec.compute', [command], new AbortController().signal)).toMatchObject(expected)
    expect([recording.changes, host.effects]).toEqual([[], []])
  })

  test('works in its own folder where none is named, and cannot write to what is mounted', async () => {
    const host = await bench.host({ effect: 'read' })
    const seen = await host.call<Computed>(
      'exec.compute',
      script(`pwd; echo x > ${bench.work}/table.csv || echo refused; cat /etc/shadow /root/* 2>/dev/null; ls /home 2>/dev/null`, {
        mounts: [{ path: bench.work, access: 'read' }],
      }),
    )
    expect(seen.stdout).toBe('/work/files\nrefused\n')
    expect(fs.readFileSync(path.join(bench.work, 'table.csv'), 'utf8')).toBe('a,b\n1,2\n')
  })

  test.each([
    ['too many files', 'i=0; while [ $i -le 100 ]; do echo > f$i; i=$((i+1)); done'],
    ['too many bytes', 'head -c 70000000 /dev/zero > big'],
  ])('leaves %s: an error says what comes back', async (_, text) => {
    const host = await bench.host({ effect: 'read' })
    await expect(host.call('exec.compute', script(text))).rejects.toMatchObject({ code: 'output-too-large', applied: 'no' })
  })

  test.each([['../x'], ['/x'], ['a/../../x'], ['.'], ['a//b'], ['']])('refuses the file name %j', async (name) => {
    const host = await bench.host({ effect: 'read' })
    await expect(host.call('exec.compute', script('true', { files: [{ name, blob: 'a'.repeat(64) }] }))).rejects.toMatchObject({
      code: 'arguments-invalid',
    })
  })

  test('links and pipes that it leaves are no files', async () => {
    const host = await bench.host({ effect: 'read' })
    const seen = await host.call<Computed>('exec.compute', script('ln -s /etc/passwd stolen; mkfifo pipe; ln -s / root; echo x > kept'))
    expect(seen.files.map(({ name }) => name)).toEqual(['kept'])
  })
})

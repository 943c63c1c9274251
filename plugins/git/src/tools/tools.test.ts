import { existsSync, mkdirSync, readFileSync, writeFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, manifestOf } from '../../../../tools/lab/index.ts'
import type { ToolLab } from '../../../../tools/lab/index.ts'
import { commitFiles, git, makeRepository, serveGit, trustedCertificate } from '../../fixtures/server.ts'
import plugin from '../index.ts'
import type { Moved } from '../repository/back.ts'
import type { Status } from '../repository/status.ts'

let lab: ToolLab
let repository: string
beforeEach(async () => {
  lab = await createToolLab(plugin, 'git', { settings: { name: 'Grace', email: 'grace@example.org' } })
  repository = makeRepository(path.join(lab.folder, 'project'), { 'a.txt': 'one\ntwo\n', 'sub/b.txt': 'b\n' })
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
})
const at = (...names: string[]): string => path.join(repository, ...names)
const write = (name: string, text: string): void => writeFileSync(at(name), text)
const head = (): string => git(repository, 'rev-parse', 'HEAD')

describe('looking', () => {
  test('tells how every kind of file differs, and changes nothing', async () => {
    write('a.txt', 'one\n2\n')
    git(repository, 'add', 'a.txt')
    write('a.txt', 'one\n2\nthree\n')
    git(repository, 'mv', 'sub/b.txt', 'sub/ü c.txt')
    write('new file', '')
    const before = manifestOf(lab.folder)
    const status = await lab.run<Status>('git.status', { repository })
    expect(status).toMatchObject({ branch: 'main', commit: head(), upstream: null, clean: false })
    expect(status.files).toEqual([
      { path: 'a.txt', from: null, staged: 'changed', working: 'changed' },
      { path: 'sub/ü c.txt', from: 'sub/b.txt', staged: 'renamed', working: 'same' },
      { path: 'new file', from: null, staged: 'same', working: 'untracked' },
    ])
    expect(await lab.run('git.diff', { repository, staged: true, paths: ['a.txt'] })).toMatchObject({
      diff: expect.stringContaining('-two\n+2\n'),
      files: [{ path: 'a.txt', added: 1, removed: 1 }],
    })
    expect(await lab.run('git.log', { repository })).toMatchObject({ commits: [{ subject: 'Begin', author: 'Ada', parents: [] }] })
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('answers of a repository without a commit, and refuses what is none', async () => {
    const empty = path.join(lab.folder, 'empty')
    mkdirSync(empty)
    git(empty, 'init', '--quiet', '--template=', '-b', 'main')
    expect(await lab.run('git.status', { repository: empty })).toMatchObject({ branch: 'main', commit: null, clean: true })
    expect(await lab.run('git.log', { repository: empty })).toEqual({ commits: [] })
    await expect(lab.run('git.status', { repository: at('sub') })).rejects.toMatchObject({ code: 'git-not-a-repository' })
    await expect(lab.run('git.diff', { repository, from: 'nowhere' })).rejects.toMatchObject({ code: 'git-name-unknown' })
    await expect(lab.run('git.diff', { repository, from: '--output=/tmp/x' })).rejects.toMatchObject({ code: 'input-invalid' })
  })
})

describe('commit', () => {
  test('shows the differences, commits them, and is taken back with what was staged before', async () => {
    write('a.txt', 'one\n2\n')
    git(repository, 'add', 'a.txt')
    write('sub/b.txt', 'B\n')
    write('new.txt', 'new\n')
    const before = { head: head(), status: git(repository, 'status', '--porcelain'), staged: git(repository, 'diff', '--cached') }
    const preview = await lab.preview('git.commit', { repository, message: 'Change\n\nall of it' })
    expect(preview).toMatchObject({ ended: true, changes: [{ kind: 'command-run', program: 'sh', reversal: 'compensate', network: [] }] })
    expect(preview.changes[0]).toMatchObject({ shows: { text: expect.stringMatching(/\?\? new\.txt[\s\S]*\+2[\s\S]*\+B/) } })
    expect(head()).toBe(before.head)

    const input = { repository, message: 'Change\n\nall of it' }
    const done = await lab.run<Moved & { files: number }>('git.commit', input)
    expect(done).toMatchObject({ branch: 'main', before: before.head, after: head(), files: 3 })
    expect(git(repository, 'log', '-1', '--format=%an <%ae>%n%B')).toBe('Grace <grace@example.org>\nChange\n\nall of it')
    expect(git(repository, 'status', '--porcelain')).toBe('')

    await lab.compensate('git.commit', input, done)
    expect({ head: head(), status: git(repository, 'status', '--porcelain'), staged: git(repository, 'diff', '--cached') }).toEqual(before)
  })

  test('takes the first commit back, and says when there is nothing to commit', async () => {
    const first = path.join(lab.folder, 'first')
    mkdirSync(first)
    git(first, 'init', '--quiet', '--template=', '-b', 'main')
    await expect(lab.run('git.commit', { repository: first, message: 'x' })).rejects.toMatchObject({ code: 'git-nothing-to-commit' })
    writeFileSync(path.join(first, 'x'), 'x')
    const input = { repository: first, message: 'x' }
    const done = await lab.run('git.commit', input)
    await lab.compensate('git.commit', input, done)
    expect(git(first, 'status', '--porcelain')).toBe('?? x')
    expect(() => git(first, 'rev-parse', '--verify', 'HEAD')).toThrow()
  })

  test('commits only what is named or staged', async () => {
    write('a.txt', '1\n')
    write('sub/b.txt', '2\n')
    expect(await lab.run('git.commit', { repository, message: 'b', what: 'paths', paths: ['sub'] })).toMatchObject({ files: 1 })
    git(repository, 'add', 'a.txt')
    write('c.txt', '3\n')
    expect(await lab.run('git.commit', { repository, message: 'a', what: 'staged' })).toMatchObject({ files: 1 })
    expect(git(repository, 'status', '--porcelain')).toBe('?? c.txt')
  })

  test('is found again by its key after a crash, and not made twice', async () => {
    write('a.txt', '1\n')
    const input = { repository, message: 'once' }
    const before = head()
    expect(await lab.reconcile('git.commit', input, 'some-other-key')).toEqual({ applied: 'no' })
    const done = await lab.run<Moved>('git.commit', input)
    expect(await lab.reconcile('git.commit', input, lab.key)).toMatchObject({
      applied: 'yes',
      output: { before, after: done.after, files: 1 },
    })
    write('.git/index.lock', '')
    expect(await lab.reconcile('git.commit', input, 'cut-off')).toEqual({ applied: 'unknown' })
  })

  test('is not taken back over later work', async () => {
    write('a.txt', '1\n')
    const input = { repository, message: 'mine' }
    const done = await lab.run('git.commit', input)
    commitFiles(repository, { 'later.txt': 'x' }, 'Later')
    await expect(lab.compensate('git.commit', input, done)).rejects.toMatchObject({ code: 'git-moved-on' })
  })
})

describe('a hostile repository', () => {
  test('runs none of its hooks', async () => {
    mkdirSync(at('.git/hooks'), { recursive: true })
    for (const hook of [
      'pre-commit',
      'prepare-commit-msg',
      'commit-msg',
      'post-commit',
      'post-checkout',
      'reference-transaction',
      'post-index-change',
    ])
      writeFileSync(at('.git/hooks', hook), `#!/bin/sh\necho ran >> ${at('..', 'hook-ran')}\necho ran >> ${at('hook-ran')}\n`, {
        mode: 0o755,
      })
    write('a.txt', '1\n')
    await lab.run('git.commit', { repository, message: 'x' })
    await lab.run('git.checkout', { repository, to: 'idea', create: true })
    expect(existsSync(at('hook-ran')) || existsSync(at('..', 'hook-ran'))).toBe(false)
  })

  test.each([
    ['filter.x.clean', 'touch /tmp/pwned'],
    ['core.sshCommand', 'touch /tmp/pwned'],
    ['diff.external', 'touch /tmp/pwned'],
    ['include.path', '/etc/passwd'],
    ['merge.x.driver', 'touch /tmp/pwned'],
    ['core.worktree', '/'],
  ])('is refused when it sets %s', async (key, value) => {
    git(repository, 'config', key, value)
    await expect(lab.run('git.status', { repository })).rejects.toMatchObject({
      code: 'git-config-unsafe',
      message: expect.stringContaining(key.toLowerCase().split('.')[0]!),
    })
  })

  test('may not lead requests elsewhere', async () => {
    git(repository, 'remote', 'add', 'origin', 'http://127.0.0.1:1/project.git')
    git(repository, 'config', 'url.http://127.0.0.1:2/.insteadOf', 'http://127.0.0.1:1/')
    await expect(lab.run('git.push', { repository })).rejects.toMatchObject({ code: 'git-config-unsafe' })
    git(repository, 'config', '--unset-all', 'url.http://127.0.0.1:2/.insteadOf')
    for (const url of ['ext::sh -c touch% /tmp/pwned', 'file:///etc', 'ssh://-oProxyCommand=x/y', 'https://ada:pass@host/x']) {
      git(repository, 'config', 'remote.origin.url', url)
      await expect(lab.run('git.pull', { repository })).rejects.toMatchObject({ code: 'git-address-invalid' })
    }
  })

  test('whose .git is a file that leads elsewhere is refused', async () => {
    const other = makeRepository(path.join(lab.folder, 'other'), { x: 'x' })
    rmSync(at('.git'), { recursive: true })
    write('.git', `gitdir: ${other}/.git\n`)
    await expect(lab.run('git.status', { repository })).rejects.toMatchObject({ code: 'git-not-a-repository' })
  })
})

describe('branches', () => {
  test('are made, checked out, merged and rebased, and each is taken back', async () => {
    const start = head()
    const made = await lab.run('git.branch', { repository, name: 'idea' })
    const switched = await lab.run('git.checkout', { repository, to: 'idea' })
    expect(switched).toMatchObject({ from: { branch: 'main' }, branch: 'idea' })
    const idea = commitFiles(repository, { 'idea.txt': 'i\n' }, 'Idea')
    git(repository, 'switch', '--quiet', 'main')
    const merged = await lab.run<Moved>('git.merge', { repository, from: 'idea' })
    expect(merged).toEqual({ branch: 'main', before: start, after: idea })
    expect(existsSync(at('idea.txt'))).toBe(true)
    write('sub/b.txt', 'not committed\n')
    await lab.compensate('git.merge', { repository, from: 'idea' }, merged)
    expect([head(), existsSync(at('idea.txt')), readFileSync(at('sub/b.txt'), 'utf8')]).toEqual([start, false, 'not committed\n'])
    git(repository, 'checkout', '--quiet', '--', '.')

    const mine = commitFiles(repository, { 'mine.txt': 'm\n' }, 'Mine')
    const rebased = await lab.run<Moved>('git.rebase', { repository, onto: 'idea' })
    expect(git(repository, 'log', '--format=%s')).toBe('Mine\nIdea\nBegin')
    await lab.compensate('git.rebase', { repository, onto: 'idea' }, rebased)
    expect(head()).toBe(mine)

    const removed = await lab.run('git.branch', { repository, name: 'idea', remove: true })
    expect(git(repository, 'branch', '--list', 'idea')).toBe('')
    await lab.compensate('git.branch', { repository, name: 'idea', remove: true }, removed)
    expect(git(repository, 'rev-parse', 'idea')).toBe(idea)
    await expect(lab.compensate('git.branch', { repository, name: 'idea' }, made)).rejects.toMatchObject({ code: 'git-failed' }) // it holds more now
    await expect(lab.run('git.branch', { repository, name: 'main', remove: true })).rejects.toMatchObject({ code: 'git-branch-present' })
  })

  test.each(['git.merge', 'git.rebase'])('%s gives a conflict up and names the files', async (tool) => {
    git(repository, 'switch', '--quiet', '--create', 'theirs')
    commitFiles(repository, { 'a.txt': 'theirs\n' }, 'Theirs')
    git(repository, 'switch', '--quiet', 'main')
    const ours = commitFiles(repository, { 'a.txt': 'ours\n' }, 'Ours')
    const input = tool === 'git.merge' ? { repository, from: 'theirs' } : { repository, onto: 'theirs' }
    await expect(lab.run(tool, input)).rejects.toMatchObject({ code: 'git-conflict', details: { conflicts: ['a.txt'] } })
    expect([head(), git(repository, 'status', '--porcelain'), readFileSync(at('a.txt'), 'utf8')]).toEqual([ours, '', 'ours\n'])
  })

  test('checking out stops rather than lose a change', async () => {
    git(repository, 'branch', 'old')
    commitFiles(repository, { 'a.txt': 'new\n' }, 'New')
    write('a.txt', 'not committed\n')
    await expect(lab.run('git.checkout', { repository, to: 'old' })).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('a.txt'),
    })
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('not committed\n')
  })
})

describe('a real git server', () => {
  test('is cloned from, pulled from and pushed to, and each is taken back', async () => {
    const served = path.join(lab.folder, 'served')
    mkdirSync(served)
    git(lab.folder, 'clone', '--quiet', '--bare', repository, 'served/project.git')
    await using server = await serveGit(served)
    const url = `http://127.0.0.1:${server.port}/project.git`
    const copy = path.join(lab.folder, 'copy')
    const cloning = { url, folder: copy }
    expect((await lab.preview('git.clone', cloning)).changes).toMatchObject([
      { kind: 'folder-make', path: copy },
      { kind: 'command-run', program: 'git', network: [`127.0.0.1:${server.port}`] },
    ])
    const cloned = await lab.run('git.clone', cloning)
    expect(cloned).toEqual({ folder: copy, branch: 'main', commit: head() })
    expect(readFileSync(path.join(copy, 'a.txt'), 'utf8')).toBe('one\ntwo\n')

    const ours = commitFiles(copy, { 'ours.txt': 'o\n' }, 'Ours')
    const pushing = { repository: copy }
    const pushed = await lab.run('git.push', pushing)
    expect(pushed).toMatchObject({ branch: 'main', before: head(), after: ours, changed: true })
    expect(git(path.join(served, 'project.git'), 'rev-parse', 'main')).toBe(ours)
    expect(await lab.run('git.push', pushing)).toMatchObject({ changed: false })
    await lab.compensate('git.push', pushing, pushed)
    expect(git(path.join(served, 'project.git'), 'rev-parse', 'main')).toBe(head())

    git(repository, 'remote', 'add', 'origin', url)
    const theirs = commitFiles(repository, { 'theirs.txt': 't\n' }, 'Theirs')
    await lab.run('git.push', { repository, branch: 'main' })
    await expect(lab.run('git.pull', { repository: copy })).rejects.toMatchObject({ code: 'git-failed' }) // both sides have new commits
    const pulled = await lab.run<Moved>('git.pull', { repository: copy, how: 'rebase' })
    expect(git(copy, 'log', '--format=%s')).toBe('Ours\nTheirs\nBegin')
    expect(git(copy, 'merge-base', 'HEAD', theirs)).toBe(theirs)
    await lab.compensate('git.pull', { repository: copy, how: 'rebase' }, pulled)
    expect(git(copy, 'rev-parse', 'HEAD')).toBe(ours)

    await lab.compensate('git.clone', cloning, cloned)
    expect(existsSync(path.join(copy, 'a.txt'))).toBe(false)
  }, 120_000)

  test('that does not let one in is answered with a sentence, and no question', async () => {
    const served = path.join(lab.folder, 'served')
    mkdirSync(served)
    await using server = await serveGit(served, { signIn: 'Basic nobody' })
    const input = { url: `http://127.0.0.1:${server.port}/project.git`, folder: path.join(lab.folder, 'copy') }
    await expect(lab.run('git.clone', input)).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringMatching(/terminal prompts disabled|Authentication|could not read/i),
    })
  })

  test('gets a secret that neither git nor the repository ever sees', async () => {
    const served = path.join(lab.folder, 'served')
    mkdirSync(served)
    git(lab.folder, 'clone', '--quiet', '--bare', repository, 'served/project.git')
    const value = 'canary-5d1f0c6a9be24718'
    using tls = trustedCertificate(lab.folder)
    const signIn = `Basic ${Buffer.from(`ada:${value}`).toString('base64')}`
    await using server = await serveGit(served, { signIn, tls })
    const place = `localhost:${server.port}`
    await lab.secrets.set({ name: 'forge', kind: 'basic', title: '', hosts: [place], value, user: 'ada' }, 'test')
    const copy = path.join(lab.folder, 'copy')
    const cloning = { url: `https://${place}/project.git`, folder: copy, secret: 'forge' }
    const preview = await lab.preview('git.clone', cloning)
    expect(preview.changes).toMatchObject([{}, { secrets: ['forge'], network: [place] }])
    expect(await lab.run('git.clone', cloning)).toMatchObject({ commit: head() })
    expect(git(copy, 'config', 'remote.origin.url')).toBe(`https://${place}/project.git`)
    expect(server.seen).toContain(signIn)
    const pieces = [JSON.stringify(preview), JSON.stringify(lab.effects), git(copy, 'config', '--list'), git(copy, 'reflog')]
    for (const form of [value, Buffer.from(value).toString('base64'), signIn])
      expect(pieces.some((piece) => piece.includes(form))).toBe(false)

    const ours = commitFiles(copy, { 'ours.txt': 'o' }, 'Ours')
    await expect(lab.run('git.push', { repository: copy })).rejects.toMatchObject({ code: 'git-failed' }) // without the secret
    await lab.run('git.push', { repository: copy, secret: 'forge' })
    expect(git(path.join(served, 'project.git'), 'rev-parse', 'main')).toBe(ours)
  }, 120_000)
})

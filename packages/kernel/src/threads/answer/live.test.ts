import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AnswerApproval, ThreadMessage } from '@life-os/contract'
import { forEachStore } from '../../store/testing.ts'
import { temporaryFolder } from '../../testing/index.ts'
import { adaSpeaks, openThreads, say, type TestThreads } from '../testing.ts'

/** Resolves when the message looks as asked; told of by progress, never by time. */
async function until(it: TestThreads, thread: string, message: string, looks: (seen: ThreadMessage) => boolean): Promise<ThreadMessage> {
  for (let woken = Promise.withResolvers<void>(); ; woken = Promise.withResolvers<void>()) {
    using _listening = it.runs.onProgress(() => woken.resolve())
    using _entries = it.kernel.deps.store.journal.onCommitted(() => woken.resolve())
    const seen = await it.threads.message(thread, message, 'ada')
    if (looks(seen)) return seen
    await woken.promise
  }
}
const textOf = ({ parts }: ThreadMessage): string => parts.map((part) => (part.type === 'text' ? part.text : `<${part.type}>`)).join('|')

forEachStore((_, __, place) => {
  test('text is there as it comes; one who stops keeps what was said so far, and is asked nothing twice', async () => {
    await using here = await place()
    const gate = Promise.withResolvers<void>()
    await using it = await openThreads(here, [
      { pieces: ['One ', 'two ', 'three'], pace: (piece) => (piece === 2 ? gate.promise : undefined) },
      'Four.',
    ])
    const thread = await it.threads.create({}, adaSpeaks)
    const sent = await it.threads.send(thread.id, { text: 'Count' }, adaSpeaks)
    const live = await until(it, thread.id, sent.answer.id, (seen) => textOf(seen).includes('two'))
    expect(live).toMatchObject({ state: 'running', parts: [{ type: 'text', text: 'One two ', open: true }] })
    await expect(it.threads.send(thread.id, { text: 'And?' }, adaSpeaks)).rejects.toMatchObject({
      code: 'thread-busy',
      details: { run: sent.answer.run },
    })
    await expect(it.threads.retry(thread.id, sent.message.id, {}, adaSpeaks)).rejects.toMatchObject({ code: 'thread-busy' })
    expect(await it.threads.get(thread.id, 'ada')).toMatchObject({ active: { run: sent.answer.run, state: 'running' }, messages: 2 })
    expect(await it.threads.stop(thread.id, adaSpeaks)).toMatchObject({ active: null })
    gate.resolve()
    const stopped = await it.threads.message(thread.id, sent.answer.id, 'ada')
    expect(stopped).toMatchObject({ state: 'cancelled', parts: [{ type: 'text', text: 'One two ', open: false }] })
    const next = await it.threads.proceed(thread.id, adaSpeaks)
    expect(next).toMatchObject({ message: { text: 'Go on from where you stopped.', parent: sent.answer.id } })
    await it.settled(next.answer.run)
    const told = it.models.asked[1]?.messages.slice(1).map(({ text }) => text)
    expect(told).toEqual(['Count', 'One two\n[This answer was stopped here.]', 'Go on from where you stopped.'])
    expect(textOf(await it.threads.message(thread.id, next.answer.id, 'ada'))).toBe('Four.')
  })

  test('a process that goes on with an answer makes the open call again, and no finished one', async () => {
    await using here = await place()
    const gate = Promise.withResolvers<void>()
    using work = temporaryFolder()
    const folder = work.path
    writeFileSync(join(folder, 'a.txt'), 'x\n')
    await using before = await openThreads(
      here,
      [
        { text: 'I look.', calls: [{ tool: 'trial.count', input: { path: join(folder, 'a.txt'), until: 1 } }] },
        { pieces: ['It ', 'has '], pace: (piece) => (piece === 1 ? gate.promise : undefined) },
      ],
      { folder },
    )
    const thread = await before.threads.create({}, adaSpeaks)
    const sent = await before.threads.send(thread.id, { text: `Count ${join(folder, 'a.txt')}` }, adaSpeaks)
    await until(before, thread.id, sent.answer.id, (seen) => textOf(seen).endsWith('It '))
    await using after = await openThreads(here, ['It has one line.'], { folder }) // as after a crash: the other one is not told
    const open = await after.threads.message(thread.id, sent.answer.id, 'ada')
    expect([open.state, textOf(open)]).toEqual(['running', 'I look.|<tool>'])
    await after.runs.recover()
    await after.threads.reconcile()
    await after.settled(sent.answer.run)
    const whole = {
      state: 'done',
      parts: [{ text: 'I look.' }, { tool: 'trial.count', state: 'done' }, { text: 'It has one line.' }, { code: 'possibly-paid-twice' }],
    }
    expect(await after.threads.message(thread.id, sent.answer.id, 'ada')).toMatchObject(whole)
    expect(after.models.asked).toHaveLength(1)
    expect((await after.threads.search({ q: 'one line', limit: 5 }, 'ada')).items).toMatchObject([
      { message: sent.answer.id, role: 'assistant' },
    ])
    gate.resolve()
    await before.settled(sent.answer.run)
    expect(await before.threads.message(thread.id, sent.answer.id, 'ada')).toMatchObject(whole)
  })

  test('an answer that ended while nobody listened, and one whose run was never made, are taken in at the start', async () => {
    await using here = await place()
    const { thread, message } = await (async () => {
      await using it = await openThreads(here, 'Yes.')
      const made = await it.threads.create({}, adaSpeaks)
      const sent = await say(it, made.id, 'Is it?')
      const { db } = it.kernel.deps.store
      const open = { state: null, answer_json: null, run: null, text: '', words: '' }
      await db.updateTable('messages').set(open).where('id', '=', sent.answer.id).execute()
      const lost = {
        ...open,
        id: '01900000-0000-7000-8000-000000000001',
        thread: made.id,
        parent: sent.message.id,
        role: 'assistant',
        at: Date.now(),
      }
      await db
        .insertInto('messages')
        .values({ ...lost, attachments_json: '[]', agent: 'assistant', model: null, labels: '[]' })
        .execute()
      return { thread: made.id, message: sent.answer.id }
    })()
    await using it = await openThreads(here, 'No.')
    await it.threads.reconcile()
    expect(await it.threads.message(thread, message, 'ada')).toMatchObject({ state: 'done', parts: [{ text: 'Yes.' }] })
    const [, lost] = (await it.threads.message(thread, message, 'ada')).siblings.toSorted().toReversed()
    expect(await it.threads.message(thread, lost ?? '', 'ada')).toMatchObject({
      state: 'failed',
      error: { code: 'answer-cut-off', applied: 'no' },
    })
    await say(it, thread, 'Still?')
  })

  test('what waits for a person shows where, and goes on once answered; a failed answer can be gone on with', async () => {
    await using here = await place()
    const it = await openThreads(here, ({ messages }, index) => {
      if (index === 0)
        return {
          calls: [
            { tool: 'trial.note', input: { path: join(it.kernel.folder, 'n.txt'), text: 'x' } },
            { tool: 'life-os.ask-person', input: { question: 'Which year?' } },
            { tool: 'nobody.knows', input: { a: 1 } },
          ],
        }
      return index === 1 ? { status: 400, message: 'no' } : (messages.at(-1)?.role ?? '')
    })
    await using _it = it
    const thread = await it.threads.create({}, adaSpeaks)
    const sent = await it.threads.send(thread.id, { text: 'Do it' }, adaSpeaks)
    await it.settled(sent.answer.run)
    for (let asks = 0; asks < 2; asks++) {
      const seen = await it.threads.message(thread.id, sent.answer.id, 'ada')
      expect(seen.state).toBe('waiting')
      const waiting = seen.parts.find(
        (part) => (part.type === 'tool' && part.approval !== null) || (part.type === 'question' && part.answer === null),
      )
      const approval = await it.kernel.deps.gate.approvals.get(waiting && 'approval' in waiting ? (waiting.approval ?? '') : '')
      const answer: AnswerApproval = { answer: 'approve', hash: approval.hash, except: [], exceptGlobs: [], final: false, remember: 'no' }
      expect(waiting).toMatchObject(
        approval.kind === 'question' ? { type: 'question', text: 'Which year?', answer: null } : { type: 'tool', state: 'waiting' },
      )
      await it.runs.answer(
        approval.id,
        approval.kind === 'question' ? { ...answer, answer: 'done', output: '2025' } : answer,
        adaSpeaks.actor,
      )
      await it.settled(sent.answer.run)
    }
    const failed = await it.threads.message(thread.id, sent.answer.id, 'ada')
    expect(failed).toMatchObject({
      state: 'failed',
      parts: [
        { type: 'tool', tool: 'trial.note', title: 'Write a note', state: 'done', approval: null },
        { type: 'question', text: 'Which year?', answer: '2025' },
        { type: 'tool', tool: 'nobody_knows', state: 'failed', input: { a: 1 }, error: { code: 'tool-unknown' } },
      ],
    })
    expect(failed.error).not.toBeNull()
    const again = await it.threads.proceed(thread.id, adaSpeaks)
    expect(again.answer.id).toBe(sent.answer.id)
    await it.settled(again.answer.run)
    expect(await it.threads.message(thread.id, sent.answer.id, 'ada')).toMatchObject({ state: 'done', error: null })
    expect((await it.threads.messages(thread.id, { limit: 9 }, 'ada')).items).toHaveLength(2)
  })
})

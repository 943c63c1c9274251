import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { adaSpeaks, bobSpeaks, openThreads } from './testing.ts'

forEachStore((_, __, place) => {
  test('a message is answered by a run, and the answer is kept with what it cost and what served it', async () => {
    await using here = await place()
    await using it = await openThreads(here, ['The total is **120 EUR**.', 'In March.'])
    const thread = await it.threads.create({}, adaSpeaks)
    expect(thread).toMatchObject({ title: 'New conversation', agent: 'assistant', mode: 'draft', messages: 0, head: null, active: null })
    const sent = await it.threads.send(thread.id, { text: 'What is the total of the invoices? I need it today.' }, adaSpeaks)
    expect(sent).toMatchObject({
      thread: { title: 'What is the total of the invoices?', messages: 2, head: sent.answer.id },
      message: { role: 'person', parent: null, siblings: [sent.message.id] },
      answer: { role: 'assistant', parent: sent.message.id, agent: 'assistant' },
    })
    await it.settled(sent.answer.run)
    const answer = await it.threads.message(thread.id, sent.answer.id, 'ada')
    expect(answer).toMatchObject({
      state: 'done',
      model: 'here/small',
      error: null,
      parts: [{ type: 'text', text: 'The total is **120 EUR**.', open: false, step: 'answer.turn[0].model' }],
    })
    expect(answer.cost?.tokens).toBeGreaterThan(0)
    const next = await it.threads.send(thread.id, { text: 'And when?' }, adaSpeaks)
    await it.settled(next.answer.run)
    expect(it.models.asked[1]?.messages.slice(1).map(({ role, text }) => [role, text])).toEqual([
      ['user', 'What is the total of the invoices? I need it today.'],
      ['assistant', 'The total is **120 EUR**.'],
      ['user', 'And when?'],
    ])
    const page = await it.threads.messages(thread.id, { limit: 3 }, 'ada')
    expect([page.more, page.items.map(({ id }) => id)]).toEqual([true, [sent.answer.id, next.message.id, next.answer.id]])
    const before = await it.threads.messages(thread.id, { limit: 3, before: sent.answer.id }, 'ada')
    expect([before.more, before.items.map(({ text }) => text)]).toEqual([false, ['What is the total of the invoices? I need it today.']])
    expect(await it.threads.get(thread.id, 'ada')).toMatchObject({ messages: 4, active: null, title: 'What is the total of the invoices?' })
  })

  test('what was read for an answer is shown as a card, and a place that was named may be read', async () => {
    await using here = await place()
    await using it = await openThreads(here, ({ last }, index) =>
      index === 0 ? { calls: [{ tool: 'trial.count', input: { path: /“(.*)”/.exec(last)?.[1], until: 1 } }] } : 'There is one line.',
    )
    const folder = join(it.kernel.folder, 'My papers')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.txt'), 'words\n')
    const thread = await it.threads.create({}, adaSpeaks)
    const sent = await it.threads.send(thread.id, { text: `Count the lines of “${folder}/a.txt”` }, adaSpeaks)
    await it.settled(sent.answer.run)
    expect(await it.threads.message(thread.id, sent.answer.id, 'ada')).toMatchObject({
      state: 'done',
      parts: [
        {
          type: 'tool',
          tool: 'trial.count',
          title: 'Count',
          state: 'done',
          input: { until: 1 },
          output: { lines: 1 },
          error: null,
          approval: null,
        },
        { type: 'text', text: 'There is one line.' },
      ],
    })
    const other = await it.threads.send(thread.id, { text: `And once more “${folder}/../My papers/a.txt”?` }, adaSpeaks)
    expect((await it.runs.get(other.answer.run ?? '')).inputs).toMatchObject({ files: [join(folder, 'a.txt')], folders: [] })
    await it.settled(other.answer.run)
  })

  test('a person sees their own threads alone', async () => {
    await using here = await place()
    await using it = await openThreads(here, 'Yes.')
    const thread = await it.threads.create({ title: 'Private' }, adaSpeaks)
    const sent = await it.threads.send(thread.id, { text: 'secret plans' }, adaSpeaks)
    await it.settled(sent.answer.run)
    const unknown = { code: 'thread-unknown' }
    const tries = [
      it.threads.get(thread.id, 'bob'),
      it.threads.messages(thread.id, { limit: 5 }, 'bob'),
      it.threads.message(thread.id, sent.answer.id, 'bob'),
      it.threads.export(thread.id, 'json', 'bob'),
      it.threads.compaction(thread.id, 'bob'),
      it.threads.send(thread.id, { text: 'hi' }, bobSpeaks),
      it.threads.edit(thread.id, sent.message.id, { text: 'hi' }, bobSpeaks),
      it.threads.retry(thread.id, sent.answer.id, {}, bobSpeaks),
      it.threads.stop(thread.id, bobSpeaks),
      it.threads.proceed(thread.id, bobSpeaks),
      it.threads.change(thread.id, { title: 'Mine' }, bobSpeaks),
      it.threads.remove(thread.id, bobSpeaks),
      it.threads.compact(thread.id, bobSpeaks),
      it.threads.uncompact(thread.id, bobSpeaks),
    ]
    for (const tried of await Promise.allSettled(tries)) expect(tried).toMatchObject({ status: 'rejected', reason: unknown })
    expect((await it.threads.list({ limit: 10 }, 'bob')).items).toEqual([])
    expect((await it.threads.search({ q: 'secret', limit: 10 }, 'bob')).items).toEqual([])
    expect((await it.threads.search({ q: 'secr', limit: 10 }, 'ada')).items).toMatchObject([
      { excerpt: '«secret» plans', title: 'Private' },
    ])
  })
})

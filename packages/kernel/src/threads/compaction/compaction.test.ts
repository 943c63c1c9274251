import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { AnswerApproval } from '@life-os/contract'
import { forEachStore } from '../../store/testing.ts'
import { adaSpeaks, openThreads, say, type TestThreads } from '../testing.ts'

/** As many words as come to so many tokens, estimated. */
const long = (tokens: number, word = 'word') => `${word} `.repeat(Math.ceil((tokens * 4) / (word.length + 1))).trim()

const told = (it: TestThreads, index: number) =>
  it.models.asked[index]?.messages.filter(({ role }) => role !== 'system').map(({ text }) => text) ?? []

forEachStore((_, __, place) => {
  test('a person shortens a conversation by a model, looks at it, and takes it back', async () => {
    await using here = await place()
    await using it = await openThreads(here, ({ last }) => (last.includes('assistant:') ? 'Notes: the total is 120 EUR.' : 'I see.'))
    const thread = await it.threads.create({}, adaSpeaks)
    await expect(it.threads.compact(thread.id, adaSpeaks)).rejects.toMatchObject({ code: 'thread-short' })
    const first = await say(it, thread.id, 'The total is 120 EUR.')
    await say(it, thread.id, 'And the second question.')
    const third = await say(it, thread.id, 'A third one.')
    expect(await it.threads.compaction(thread.id, 'ada')).toBeNull()
    const made = await it.threads.compact(thread.id, adaSpeaks)
    expect(made).toMatchObject({ summary: 'Notes: the total is 120 EUR.', by: 'model', decisions: [] })
    expect(await it.threads.compaction(thread.id, 'ada')).toEqual(made)
    const { items } = await it.threads.messages(thread.id, { limit: 20 }, 'ada')
    expect(items.map(({ compacted }) => compacted)).toEqual([true, true, false, false, false, false])
    expect(items[2]?.id).toBe(made.until)
    expect((await it.runs.list({ plan: 'compact-thread', limit: 5 })).items).toMatchObject([{ state: 'done', by: { id: 'ada' } }])

    const asked = it.models.asked.length
    await say(it, thread.id, 'Go on.')
    expect(told(it, asked)).toEqual([
      expect.stringContaining('the total is 120 EUR'),
      'And the second question.',
      'I see.',
      'A third one.',
      'I see.',
      'Go on.',
    ])

    await it.threads.uncompact(thread.id, adaSpeaks)
    expect(await it.threads.compaction(thread.id, 'ada')).toBeNull()
    const again = it.models.asked.length
    await say(it, thread.id, 'And now?')
    expect(told(it, again)[0]).toBe('The total is 120 EUR.')

    await it.threads.compact(thread.id, adaSpeaks)
    await it.threads.edit(thread.id, first.message.id, { text: 'Another beginning' }, adaSpeaks)
    const branch = await it.threads.messages(thread.id, { limit: 20 }, 'ada')
    expect(branch.items.some(({ compacted }) => compacted)).toBe(false)
    expect(third.answer.state).toBe('done')
  })

  test('a conversation that would not fit is shortened by rules at once, and what was decided stays word by word', async () => {
    await using here = await place()
    await using it = await openThreads(here, ({ last, messages }) => {
      if (messages.at(-1)?.role === 'tool') return 'I leave it.'
      if (last.startsWith('Write'))
        return { calls: [{ tool: 'trial.note', input: { path: join(it.kernel.folder, 'note.txt'), text: 'x' } }] }
      return last.includes('assistant:') ? { status: 500 } : 'Yes.'
    })
    writeFileSync(join(it.kernel.folder, 'a.txt'), 'x')
    const thread = await it.threads.create({}, adaSpeaks)
    const sent = await it.threads.send(thread.id, { text: 'Write a note' }, adaSpeaks)
    await it.settled(sent.answer.run)
    const waiting = await it.threads.message(thread.id, sent.answer.id, 'ada')
    expect(waiting).toMatchObject({ state: 'waiting', parts: [{ type: 'tool', tool: 'trial.note', state: 'waiting' }] })
    const [card] = waiting.parts
    if (card?.type !== 'tool' || !card.approval) throw new Error('no approval')
    const { hash } = await it.kernel.deps.gate.approvals.get(card.approval)
    const answer: AnswerApproval = {
      answer: 'refuse',
      hash,
      except: [],
      exceptGlobs: [],
      final: false,
      remember: 'no',
      reason: 'never touch my notes',
    }
    await it.runs.answer(card.approval, answer, adaSpeaks.actor)
    await it.settled(sent.answer.run)
    for (const word of ['apples', 'pears', 'plums', 'figs', 'dates']) await say(it, thread.id, `${word} first\n${long(1700, word)}`)
    const made = await it.threads.compaction(thread.id, 'ada')
    expect(made).toMatchObject({ by: 'rules', decisions: [{ words: expect.stringMatching(/^Refused: .*\(“never touch my notes”\)$/) }] })
    expect(made?.summary).toContain('Person: apples first')
    expect(made?.after).toBeLessThan(made?.before ?? 0)
    const last = told(it, it.models.asked.length - 1)
    expect(last[0]).toContain('never touch my notes')
    expect(last.join(' ').length / 4).toBeLessThan(8192 * 0.7)
  })

  test('a summary of another branch is no beginning of this one', async () => {
    await using here = await place()
    await using it = await openThreads(here, ({ last }) => (last.includes('assistant:') ? { status: 500 } : 'Yes.'))
    const thread = await it.threads.create({}, adaSpeaks)
    const first = await say(it, thread.id, 'Plums on the first branch')
    for (const text of ['Two', 'Three', 'Four']) await say(it, thread.id, text)
    expect((await it.threads.compact(thread.id, adaSpeaks)).summary).toContain('Plums')
    const edited = await it.threads.edit(thread.id, first.message.id, { text: 'Pears on the second' }, adaSpeaks)
    await it.settled(edited.answer.run)
    for (const text of ['Two', 'Three', 'Four']) await say(it, thread.id, text)
    const made = await it.threads.compact(thread.id, adaSpeaks)
    expect(made.summary).toContain('Pears')
    expect(made.summary).not.toContain('Plums')
    await say(it, thread.id, 'Five')
    expect(told(it, it.models.asked.length - 1).join('\n')).not.toContain('Plums')
  })

  test('a summary of private words is private', async () => {
    await using here = await place()
    await using it = await openThreads(here, ({ last }, index) => {
      const path = /“(.*)”/.exec(last)?.[1]
      return index === 0 ? { calls: [{ tool: 'trial.count', input: { path, until: 0 } }] } : 'Noted.'
    })
    const file = join(it.kernel.folder, 'diary.txt')
    writeFileSync(file, 'secret')
    await it.kernel.labels.setFolder(it.kernel.folder, ['private'], 'ada')
    const thread = await it.threads.create({}, adaSpeaks)
    const first = await say(it, thread.id, `Count “${file}”`)
    expect(first.answer.labels).toEqual(['private'])
    await say(it, thread.id, 'Second')
    await say(it, thread.id, 'Third')
    await it.threads.compact(thread.id, adaSpeaks)
    const [run] = (await it.runs.list({ plan: 'compact-thread', limit: 1 })).items
    expect(run?.labels).toEqual(['private'])
    const next = await say(it, thread.id, 'Fourth')
    expect(next.answer.labels).toEqual(['private'])
    expect((await it.threads.get(thread.id, 'ada')).labels).toEqual(['private'])
  })
})

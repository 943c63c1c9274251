import { describe, expect, it } from 'vitest'
import { createLanes } from './lanes.ts'

const open = new AbortController().signal
const one = { cpu: 1, io: 1, llm: 1, gpu: 1, browser: 1 }

describe('lanes', () => {
  it('hand places to the higher priority, then to the run that holds fewer, then in order', async () => {
    const lanes = createLanes(one)
    const order: string[] = []
    const release = await lanes.acquire('io', 'first', 0, open)
    const later = [
      lanes.acquire('io', 'low', 0, open).then((done) => {
        order.push('low')
        done()
      }),
      lanes.acquire('io', 'high', 5, open).then((done) => {
        order.push('high')
        done()
      }),
      lanes.acquire('io', 'low-too', 0, open).then((done) => {
        order.push('low-too')
        done()
      }),
    ]
    release()
    await Promise.all(later)
    expect(order).toEqual(['high', 'low', 'low-too'])
  })

  it('serves a run that holds nothing before one that holds a place', async () => {
    const lanes = createLanes({ ...one, io: 2 })
    const order: string[] = []
    const busy = await lanes.acquire('io', 'busy', 0, open)
    const second = await lanes.acquire('io', 'other', 0, open)
    const waits = [
      lanes.acquire('io', 'busy', 0, open).then((done) => {
        order.push('busy')
        done()
      }),
      lanes.acquire('io', 'fresh', 0, open).then((done) => {
        order.push('fresh')
        done()
      }),
    ]
    second()
    await Promise.all(waits)
    busy()
    expect(order).toEqual(['fresh', 'busy'])
  })

  it('lets a waiter that gives up leave without a place', async () => {
    const lanes = createLanes(one)
    const release = await lanes.acquire('gpu', 'a', 0, open)
    const gaveUp = new AbortController()
    const waiting = lanes.acquire('gpu', 'b', 0, gaveUp.signal)
    gaveUp.abort(new Error('no longer needed'))
    await expect(waiting).rejects.toThrow('no longer needed')
    release()
    await expect(lanes.acquire('gpu', 'c', 0, open)).resolves.toBeTypeOf('function')
  })

  it('keeps lanes apart', async () => {
    const lanes = createLanes(one)
    await lanes.acquire('cpu', 'a', 0, open)
    await expect(lanes.acquire('io', 'a', 0, open)).resolves.toBeTypeOf('function')
  })
})

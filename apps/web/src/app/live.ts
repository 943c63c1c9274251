import type { TopicEvent } from '@life-os/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../lib/api.ts'
import { openStream } from '../lib/stream.ts'

const GATHER_MS = 200

/** Follows what happens on the server and marks what it changed as stale. Answers whether the server is heard. */
export function useLive(): boolean {
  const queries = useQueryClient()
  const [connected, setConnected] = useState(true)
  useEffect(() => {
    const topics = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let lost: ReturnType<typeof setTimeout> | undefined
    const flush = (): void => {
      timer = undefined
      for (const key of keysOf(topics)) void queries.invalidateQueries({ queryKey: key })
      topics.clear()
    }
    const stream = openStream(
      {},
      {
        topic: (event: TopicEvent) => {
          topics.add(event.topic.split('.')[0] ?? '')
          timer ??= setTimeout(flush, GATHER_MS)
        },
        state: (state) => {
          // A server that restarts is away for a second or two; only a longer silence is worth a word. Each attempt in it says `lost` again.
          if (state === 'lost') {
            lost ??= setTimeout(() => setConnected(false), 2000)
            return
          }
          clearTimeout(lost)
          lost = undefined
          setConnected((before) => {
            if (!before) void queries.invalidateQueries()
            return true
          })
        },
      },
    )
    return () => {
      clearTimeout(timer)
      clearTimeout(lost)
      stream[Symbol.dispose]()
    }
  }, [queries])
  return connected
}

function keysOf(topics: ReadonlySet<string>): readonly (readonly unknown[])[] {
  const keys: (readonly unknown[])[] = [api.system.health.key()]
  if (topics.has('run') || topics.has('approval')) {
    for (const route of [
      api.runs.list,
      api.runs.get,
      api.runs.steps,
      api.runs.outputs,
      api.runs.journal,
      api.approvals,
      api.system.trash,
      api.plans.statistics,
    ])
      keys.push(route.key())
  }
  if (topics.has('plugin')) keys.push(api.plugins.key(), api.tools.key())
  if (topics.has('plan')) keys.push(api.plans.key())
  if (topics.has('grant')) keys.push(api.grants.key())
  if (topics.has('secret')) keys.push(api.secrets.key())
  if (topics.has('label')) keys.push(api.labels.key())
  if (topics.has('thread')) keys.push(api.threads.list.key(), api.threads.get.key(), api.threads.messages.key())
  if (topics.has('model')) keys.push(api.models.key())
  if (topics.has('agent') || topics.has('preference')) keys.push(api.agents.key())
  if (topics.has('mcp')) keys.push(api.mcp.key())
  if (topics.size > 0) keys.push(api.audit.list.key())
  if (topics.has('settings') || topics.has('setting')) keys.push(api.settings.key())
  return keys
}

import { homeMark } from './http/mark.ts'

/** What answers on a port of this machine. */
export type OnPort = 'this' | 'another' | 'foreign' | 'nothing'

/** Whether the port is held by Life-OS on this folder, by one on another, or by a stranger. */
export async function whoIsOn(port: number, home: string): Promise<OnPort> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(1500), redirect: 'error' })
    if (!response.headers.has('x-life-os')) return 'foreign'
    const answer: unknown = await response.json()
    const mark = typeof answer === 'object' && answer !== null && 'home' in answer ? answer.home : undefined
    return mark === homeMark(home) ? 'this' : 'another'
  } catch (error) {
    const refused = error instanceof TypeError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED' // fetch wraps the system's error
    return refused ? 'nothing' : 'foreign'
  }
}

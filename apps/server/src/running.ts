import { get } from 'node:http'
import { homeMark } from './http/mark.ts'

/** What answers on a port of this machine. */
export type OnPort = 'this' | 'another' | 'foreign' | 'nothing'

const PATIENCE = 1500 // ms

/** Whether the port is held by Life-OS on this folder, by one on another, or by a stranger. */
export function whoIsOn(port: number, home: string): Promise<OnPort> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/health/live', agent: false, timeout: PATIENCE }, (answer) => {
      if (!answer.headers['x-life-os']) {
        answer.destroy()
        return resolve('foreign')
      }
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve(text.includes(`"${homeMark(home)}"`) ? 'this' : 'another'))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'nothing' : 'foreign'))
  })
}

import { accessSync, constants, realpathSync } from 'node:fs'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'

/** Programs themselves before the shell scripts that start them: a box has no use for the scripts' settings. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/lib/chromium/chromium',
    '/usr/lib/chromium-browser/chromium-browser',
    '/usr/lib64/chromium-browser/chromium-browser',
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
    '/opt/chromium.org/chromium/chromium-browser',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}
const INSTALL: Readonly<Record<string, string>> = {
  linux: 'install it, for example with: apt-get install chromium',
  darwin: 'install it, for example with: brew install --cask chromium',
  win32: 'install Chromium, Chrome or Edge',
}

export interface FindOptions {
  /** A path that a person set. */
  chosen?: string | undefined
  platform?: string
  places?: readonly string[]
}

/** The Chromium (or Chrome, Edge) of this machine, all links resolved. Error: `browser-missing`. */
export function findProgram({ chosen, platform = process.platform, places = PLACES[platform] ?? [] }: FindOptions = {}): string {
  if (chosen) {
    const found = path.isAbsolute(chosen) ? runnable(chosen) : null
    if (found !== null) return found
    throw missing(`The browser set in the settings, ${chosen}, is not there or cannot be run; correct the path, or leave it empty`)
  }
  for (const place of places) {
    const found = runnable(place)
    if (found !== null) return found
  }
  throw missing(
    `No Chromium was found on this machine; ${INSTALL[platform] ?? 'install Chromium'}. Or set its path in the settings of the browser plugin`,
  )
}

const missing = (message: string) => new LifeOsError('browser-missing', `${message}.`, { class: 'operational', applied: 'no' })

function runnable(file: string): string | null {
  try {
    accessSync(file, constants.X_OK)
    return realpathSync(file)
  } catch {
    return null
  }
}

import type { DomainLevel, Level, LevelDomain } from '@life-os/contract'

export const LEVELS: readonly Level[] = ['none', 'view', 'suggest', 'safe', 'all']

interface DomainWords {
  name: string
  about: string
  levels: Record<Level, string>
}
const common: Record<Level, string> = {
  none: 'Denied, whatever asks.',
  view: 'Looks freely; every change is denied.',
  suggest: 'Looks freely; asks before every change.',
  safe: 'Also does by itself what can be undone exactly; asks before the rest.',
  all: 'Does it by itself, without asking.',
}

/** What each level means where it is set, in one sentence. */
export const DOMAINS: Record<LevelDomain, DomainWords> = {
  files: {
    name: 'Files',
    about: 'Your folders and what is in them',
    levels: {
      ...common,
      none: 'No file is read or changed.',
      view: 'Reads any file; changes none.',
      suggest: 'Reads any file; asks before it changes one.',
      safe: 'Reads any file and makes changes that can be undone exactly.',
      all: 'Reads and changes any file without asking.',
    },
  },
  web: {
    name: 'Web',
    about: 'Sites and services that it talks to',
    levels: {
      ...common,
      none: 'No site is reached.',
      view: 'Fetches pages; sends nothing.',
      suggest: 'Fetches pages; asks before it sends something.',
      safe: 'Fetches pages and asks before it sends what cannot be taken back.',
      all: 'Fetches and sends without asking.',
    },
  },
  commands: {
    name: 'Commands',
    about: 'Programs and scripts, each in a box of its own',
    levels: {
      ...common,
      none: 'No program is started.',
      view: 'Starts programs that only look; denies the rest.',
      suggest: 'Starts programs that only look; asks before the rest.',
      safe: 'Also starts those whose changes can be undone exactly.',
      all: 'Starts any program in its box without asking.',
    },
  },
  secrets: {
    name: 'Secrets',
    about: 'Keys and passwords that Life-OS adds to requests',
    levels: {
      none: 'No secret is used.',
      view: 'Uses a secret to look something up; for nothing else.',
      suggest: 'Uses a secret to look something up; asks before anything else.',
      safe: 'Also uses it for what can be undone exactly; asks before one is read in the clear.',
      all: 'Uses any secret without asking.',
    },
  },
  data: {
    name: 'Records',
    about: 'Notes, characters, tasks and the rest that Life-OS keeps',
    levels: {
      ...common,
      none: 'No record is read or changed.',
      view: 'Reads every record; changes none.',
      suggest: 'Reads every record; asks before it changes one.',
      safe: 'Reads every record and makes changes that can be undone exactly.',
      all: 'Reads and changes every record without asking.',
    },
  },
  home: {
    name: 'Home',
    about: 'Lights, locks and other devices',
    levels: {
      ...common,
      none: 'No device is read or steered.',
      view: 'Reads what devices say; steers none.',
      suggest: 'Reads what devices say; asks before it steers one.',
      all: 'Steers every device without asking.',
    },
  },
  models: {
    name: 'Models',
    about: 'Local and cloud models that it thinks with',
    levels: {
      ...common,
      none: 'No model is used.',
      view: 'Uses models to read and answer; for nothing that changes something.',
      all: 'Uses any model without asking.',
    },
  },
  spending: {
    name: 'Spending',
    about: 'Money, within the budget of each run',
    levels: {
      none: 'No money is spent.',
      view: 'No money is spent on anything that changes something.',
      suggest: 'Asks before any money is spent.',
      safe: 'Asks before money is spent on what cannot be undone exactly.',
      all: 'Spends within the budget without asking.',
    },
  },
}

/** Levels that are asked about before they are set: they let out what cannot be taken back. */
export const isGrave = (domain: LevelDomain, level: Level): boolean =>
  level === 'all' && (domain === 'commands' || domain === 'secrets' || domain === 'spending' || domain === 'home')

export const subjectWords = (subject: DomainLevel['subject']): string =>
  subject.kind === 'any' ? 'for everything' : `for the ${subject.kind} ${subject.id}`

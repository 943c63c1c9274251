import { Link, useSearch } from '@tanstack/react-router'
import { useCrumbs } from '../../lib/crumbs.ts'
import { AppearanceSection } from './appearance-section.tsx'
import { DataSection } from './data-section.tsx'
import { GeneralSection } from './general-section.tsx'
import { LabelsSection } from './labels-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { SecretsSection } from './secrets-section.tsx'
import { TokensSection } from './tokens-section.tsx'

const SECTIONS = [
  { id: 'general', name: 'General', of: GeneralSection },
  { id: 'secrets', name: 'Secrets', of: SecretsSection },
  { id: 'labels', name: 'Labels', of: LabelsSection },
  { id: 'people', name: 'People', of: PeopleSection },
  { id: 'tokens', name: 'API tokens', of: TokensSection },
  { id: 'appearance', name: 'Appearance', of: AppearanceSection },
  { id: 'data', name: 'Where is my data', of: DataSection },
] as const

/** Settings by subject, one at a time. */
export function SettingsPage() {
  const { section } = useSearch({ from: '/settings' })
  const current = SECTIONS.find((each) => each.id === section) ?? SECTIONS[0]
  useCrumbs({ label: 'Settings', to: '/settings' }, { label: current.name })
  const Section = current.of
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-[960px] gap-10 px-8 pb-16 pt-7 phone:flex-col phone:gap-5 phone:px-3 phone:pt-4">
        <nav aria-label="Settings" className="w-40 shrink-0 phone:w-full">
          <h1 className="mb-3 text-20 font-semibold tracking-tight phone:sr-only">Settings</h1>
          <ul className="flex flex-col gap-px phone:flex-row phone:gap-1 phone:overflow-x-auto">
            {SECTIONS.map((each) => (
              <li key={each.id}>
                <Link
                  to="/settings"
                  search={{ section: each.id }}
                  replace
                  aria-current={each === current ? 'page' : undefined}
                  className="flex h-8 items-center whitespace-nowrap rounded-control px-2 font-medium text-ink-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-pressed aria-[current=page]:text-ink phone:h-11 phone:px-3"
                >
                  {each.name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex min-w-0 flex-1 flex-col gap-8">
          <Section />
        </div>
      </div>
    </div>
  )
}

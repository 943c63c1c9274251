import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Failure } from '../components/states.tsx'
import { api, client, requestError } from '../lib/api.ts'
import { rememberHome } from '../lib/format.ts'
import { rememberCsrf } from '../lib/session.ts'

const SignIn = lazy(() => import('../features/sign-in/sign-in-page.tsx'))

/** Takes the one-time link out of the address at once, so that it is neither bookmarked nor shared. */
function takeLink(): string | null {
  const url = new URL(location.href)
  const link = url.searchParams.get('link')
  if (link === null) return null
  url.searchParams.delete('link')
  if (url.pathname === '/sign-in') url.pathname = '/'
  history.replaceState(null, '', url)
  return link
}
const firstLink = takeLink()

/** Shows the app to whoever is signed in and the sign-in page to anyone else. */
export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [link, setLink] = useState(firstLink)
  const [linkError, setLinkError] = useState<string | null>(null)
  const me = useQuery({
    ...api.people.me.queryOptions({ select: (answer) => answer }),
    enabled: link === null,
    staleTime: 5 * 60_000,
    retry: 0,
  })
  useEffect(() => {
    if (link === null) return
    client.people
      .signIn({ link })
      .then(
        (answer) => {
          rememberCsrf(answer.csrf)
          queries.setQueryData(api.people.me.queryKey(), answer)
        },
        (thrown: unknown) => setLinkError(requestError(thrown).message),
      )
      .finally(() => setLink(null))
  }, [link, queries])
  const places = useQuery({
    ...api.system.folders.queryOptions({ input: {} }),
    enabled: me.data !== undefined,
    staleTime: Infinity,
    retry: 0,
  })
  const home = places.data?.places.find((place) => place.name.toLowerCase() === 'home')?.path
  if (home !== undefined) rememberHome(home)
  if (me.data) {
    if (places.isPending) return <Opening />
    rememberCsrf(me.data.csrf)
    return children
  }
  if (link !== null || me.isPending) return <Opening />
  const error = requestError(me.error)
  if (error.status === 401 || error.status === 403) {
    return (
      <Suspense fallback={<Opening />}>
        <SignIn
          linkError={linkError}
          onSignedIn={(answer) => (rememberCsrf(answer.csrf), queries.setQueryData(api.people.me.queryKey(), answer))}
        />
      </Suspense>
    )
  }
  return (
    <main className="flex h-full items-center justify-center">
      <Failure error={error} onRetry={() => void me.refetch()} />
    </main>
  )
}

/** The shell's outline while the first answer is on its way. */
function Opening() {
  return (
    <div role="status" aria-label="Opening Life-OS" className="flex h-full">
      <div className="flex w-52 flex-col gap-3 border-r border-line bg-canvas p-4 phone:hidden">
        <span className="skeleton mb-3 h-5 w-24" />
        {[28, 24, 20, 28, 20, 24].map((width, index) => (
          <span key={index} className="skeleton h-4" style={{ width: width * 4 }} />
        ))}
      </div>
      <div className="flex flex-1 flex-col gap-4 p-8">
        <span className="skeleton h-6 w-56" />
        <span className="skeleton h-32 w-full max-w-[760px]" />
      </div>
    </div>
  )
}

import type { Person } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { client, requestError } from '../../lib/api.ts'

/** For whoever is not signed in: name and passphrase, or where to find the one-time link. */
export default function SignInPage({
  linkError,
  onSignedIn,
}: {
  linkError: string | null
  onSignedIn: (answer: { person: Person; csrf: string }) => void
}) {
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const signIn = useMutation({
    mutationFn: () => client.people.signIn({ name: name.trim(), passphrase }),
    onSuccess: onSignedIn,
    meta: { quiet: true },
  })
  const error = signIn.error ? requestError(signIn.error).message : undefined
  return (
    <main className="flex h-full items-center justify-center overflow-auto p-4">
      <div className="flex w-full max-w-[360px] flex-col gap-6">
        <header className="flex flex-col gap-3">
          <img src="/favicon.svg" alt="" className="size-9" />
          <div>
            <h1 className="text-20 font-semibold tracking-tight">Sign in to Life-OS</h1>
            <p className="text-ink-faint">Everything stays on this machine.</p>
          </div>
        </header>
        {linkError ? (
          <p role="alert" className="rounded-control bg-remove-soft p-3 text-remove">
            {linkError}
          </p>
        ) : null}
        <form
          className="flex flex-col gap-4 rounded-card border border-line bg-surface p-4"
          onSubmit={(event) => {
            event.preventDefault()
            signIn.mutate()
          }}
        >
          <Field label="Name">
            {(ids) => (
              <TextInput
                {...ids}
                autoFocus
                required
                autoComplete="username"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Passphrase" error={error}>
            {(ids) => (
              <TextInput
                {...ids}
                type="password"
                required
                autoComplete="current-password"
                value={passphrase}
                onChange={(event) => setPassphrase(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" tone="accent" large busy={signIn.isPending} disabled={!name.trim() || !passphrase}>
            Sign in
          </Button>
        </form>
        <section className="text-ink-soft">
          <h2 className="font-medium text-ink">First time, or no passphrase yet?</h2>
          <p>Life-OS prints a one-time link in the terminal where it was started. For a new one, start it again:</p>
          <p className="mono mt-1.5 w-fit rounded-control border border-line bg-sunken px-2 py-1 text-12">npm start</p>
        </section>
      </div>
    </main>
  )
}

import type { Kernel } from '../kernel.ts'
import { clearedCookie, sessionCookie } from '../http/cookie.ts'
import { guarded } from './context.ts'

export function peopleRouter({ auth, home }: Kernel) {
  const area = guarded.people
  const ok = { ok: true as const }
  return {
    me: area.me.handler(({ context: { identity } }) => ({ person: identity.person, csrf: identity.csrf ?? '' })),
    signIn: area.signIn.handler(async ({ input, context }) => {
      const { person, secret, csrf, expiresAt } = await auth.signIn(input, context.address)
      context.answer.append('set-cookie', sessionCookie(home, secret, expiresAt - Date.now()))
      return { person, csrf }
    }),
    signOut: area.signOut.handler(async ({ context }) => {
      if (context.session) await auth.signOut(context.session)
      context.answer.append('set-cookie', clearedCookie(home))
      return ok
    }),
    setPassphrase: area.setPassphrase.handler(async ({ input, context }) => {
      await auth.setPassphrase(context.identity, input.passphrase, input.current)
      return ok
    }),
    list: area.list.handler(() => auth.people()),
    add: area.add.handler(({ input }) => auth.add(input.name, input.role)),
    link: area.link.handler(async ({ input }) => ({ link: await auth.link(input.id) })),
    remove: area.remove.handler(async ({ input, context }) => {
      await auth.remove(input.id, context.identity)
      return ok
    }),
    tokens: area.tokens.handler(({ context }) => auth.tokens(context.identity)),
    addToken: area.addToken.handler(({ input, context }) => auth.addToken(context.identity, input.name, input.scopes, input.days)),
    removeToken: area.removeToken.handler(async ({ input, context }) => {
      await auth.removeToken(context.identity, input.id)
      return ok
    }),
  }
}

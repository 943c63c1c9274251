/** The token that proves a request comes from this page; the server answers it with `me` and asks for it on every mutation. */
let csrf = ''

export const csrfToken = (): string => csrf
export function rememberCsrf(token: string): void {
  csrf = token
}

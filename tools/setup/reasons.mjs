// From what npm printed to one sentence that says what to do. Pure, so that a table tests it.
import { SetupError } from './say.mjs'

/** The first pattern that matches wins: the disk before the network, because a full disk also breaks downloads. */
const reasons = [
  [/ENOSPC|EDQUOT|no space left/i, ({ root }) => `The disk is full: free about 1 GB for ${root}, then run the command again.`],
  [
    /EROFS|EACCES|EPERM|permission denied/i,
    ({ root }) => `Life-OS cannot write to ${root}: make it writable for you, or clone the repository into a folder of your own.`,
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_HAS_EXPIRED|DEPTH_ZERO/,
    () =>
      'The npm registry showed a certificate that this machine does not trust: set NODE_EXTRA_CA_CERTS to the file of your certificates, then run the command again.',
  ],
  [
    /EINTEGRITY/,
    () =>
      'A downloaded package differs from the one that package-lock.json names: run `npm cache clean --force`, then run the command again.',
  ],
  [/E401|E403|ENEEDAUTH/, () => 'The npm registry refused this machine: look at the registry in your .npmrc, then run the command again.'],
  [
    /E404|ETARGET|notarget/i,
    ({ logFile }) =>
      `The npm registry lacks a package that Life-OS needs (${logFile} names it): set the registry with \`npm config set registry https://registry.npmjs.org/\`, then run the command again.`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|network/i,
    () =>
      'The npm registry cannot be reached: connect to the internet (behind a proxy: `npm config set proxy`), then run the command again; once set up, Life-OS starts without a network.',
  ],
  [
    /EUSAGE|can only install packages when/,
    () => 'package.json and package-lock.json do not agree: run `npm install` once, then run the command again.',
  ],
]

/**
 * @param {string} output everything npm printed
 * @param {{ logFile: string, root: string }} places
 */
export function npmFailure(output, places) {
  const code = /npm (?:ERR!|error) code (\S+)/.exec(output)?.[1]
  const reason = reasons.find(([pattern]) => pattern.test(code ?? output))
  const message =
    reason === undefined ? `npm could not install the libraries: read ${places.logFile}, then run the command again.` : reason[1](places)
  return new SetupError(message, { output })
}
